"""Merging one branch into another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gateway.exceptions import OMSError
from gateway.http.translation import translated
from history.views.base import address
from history.views.forms import HeadForm
from merging.services import Merged, MergePreview, Method, branch_merge, merge_preview
from merging.views.presentation import shown_conflict, shown_strategies
from ontology.views.difference import DifferenceView, difference
from ontology.views.places import place_of
from ontology.views.report import links, report

REF_WIDGET = {"autocomplete": "off", "spellcheck": "false", "list": "branch-names"}


class MergeForm(HeadForm):
    source = forms.CharField(label=gettext_lazy("Merge"), widget=forms.TextInput(attrs=REF_WIDGET))
    target = forms.CharField(label=gettext_lazy("Into the branch"), widget=forms.TextInput(attrs=REF_WIDGET))
    message = forms.CharField(
        label=gettext_lazy("Commit message"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    expected_head = forms.CharField(required=False, widget=forms.HiddenInput)


class MergeView(DifferenceView):
    """Two branches to choose, what merging them would do, and the merge."""

    tab = "merge"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        source = request.GET.get("source", "")
        target = request.GET.get("target") or self.repository.default_branch
        return self._page(MergeForm(initial={"source": source, "target": target}), source, target)

    def post(self, request: HttpRequest, repository: str) -> HttpResponse:
        form = MergeForm(request.POST)
        merged = form.attempt(
            lambda: branch_merge(
                actor=request.user,
                repository=self.repository,
                source=form.cleaned_data["source"],
                target=form.cleaned_data["target"],
                message=form.cleaned_data["message"],
                expected_head=form.cleaned_data["expected_head"] or None,
                authority=self.authority(form.cleaned_data["target"], form.reason),
            )
        )
        source, target = request.POST.get("source", ""), request.POST.get("target", "")
        if merged is None:
            return self._page(form, source, target)
        messages.success(request, _done(merged, source, target))
        return redirect(address("repository", self.repository.name, ref=target))

    def _page(self, form: MergeForm, source: str, target: str) -> HttpResponse:
        status, context = form.status, {"source": source, "target": target}
        if source:
            try:
                context |= self._preview(source, target)
            except OMSError as problem:
                status = problem.status
                context["problem"] = translated(problem.detail)
        branches = self.repository.branches.order_by("-head__created_at")[:50]
        return self.page("merging/merge.html", status=status, form=form, branches=branches, **context)

    def _preview(self, source: str, target: str) -> dict[str, Any]:
        found: MergePreview = merge_preview(
            actor=self.request.user, repository=self.repository, source=source, target=target
        )
        return {
            "preview": found,
            "is_up_to_date": found.method is Method.UP_TO_DATE,
            "is_fast_forward": found.method is Method.FAST_FORWARD,
            "conflicts": [shown_conflict(conflict) for conflict in found.conflicts],
            "strategies": shown_strategies(found.strategies),
            "violations": [(place_of(error.field), translated(error.message)) for error in found.violations],
            "difference": difference(found.changes, self.request.GET.dict()),
            "report": report(
                found.findings,
                self.request.GET.dict(),
                links(found.changes, self.repository.name, found.target.digest, found.source.digest),
            ),
            "base": found.target.digest,
            "head": found.source.digest,
            "target_branch": self.repository.branches.select_related("lock__owner").filter(name=target).first(),
        }


def _done(merged: Merged, source: str, target: str) -> str:
    match merged.method:
        case Method.UP_TO_DATE:
            sentence = _("{target} has everything of {source} already.")
        case Method.FAST_FORWARD:
            sentence = _("{target} moved forward to {digest}.")
        case _:
            sentence = _("{source} is merged into {target} as {digest}.")
    return sentence.format(source=source, target=target, digest=merged.commit.digest[:8])
