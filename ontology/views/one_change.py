"""What changes a resource as a whole: its end, and another name. Before the commit it is shown what that would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gateway.exceptions import OMSError
from gateway.http.translation import translated
from history.engine.changes import Change, Delete, Rename
from history.engine.content import Key
from history.services import commit_create
from history.views.base import address
from history.views.forms import HeadForm
from ontology.services import CommitPreview, commit_preview
from ontology.views.difference import DifferenceView, ShownResource
from ontology.views.places import Place, place_of
from ontology.views.report import Foreseen, foreseen
from ontology.views.resources import REFERRERS, ResourceView

PREVIEW: Final = "preview"
"""The name of the button that asks what a commit would do and makes none."""


@dataclass(frozen=True)
class ShownPreview:
    """What the commit would do, beside changing the resource itself."""

    rewritten: Sequence[ShownResource]
    """What refers to it, with the fields that follow; the first of them."""
    rewritten_count: int
    errors: Sequence[tuple[Place, str]]
    """What the commit would be refused for; the first of it."""
    error_count: int
    warnings: Sequence[tuple[Place, str]]
    foreseen: Foreseen


class OneChangeForm(HeadForm):
    """A message and the head that was looked at, for a commit of one change."""

    expected_head = forms.CharField(widget=forms.HiddenInput)
    message = forms.CharField(label=gettext_lazy("Message"), required=False)


class RenameForm(OneChangeForm):
    places = {"/changes/0/to": "to", "/changes/0/name": "to"}
    to = forms.CharField(
        label=gettext_lazy("New name"), widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    field_order = ["expected_head", "to", "message"]


class OneChangeView(DifferenceView, ResourceView):
    """A form whose commit changes this resource as a whole."""

    form_class: type[OneChangeForm] = OneChangeForm
    template = ""
    previews_at_once = False
    """Whether nothing need be typed to know what the commit would do."""

    def change(self, form: OneChangeForm) -> Change:
        raise NotImplementedError

    def default_message(self, form: OneChangeForm) -> str:
        raise NotImplementedError

    def landing(self, form: OneChangeForm) -> str:
        raise NotImplementedError

    def get(self, request: HttpRequest, repository: str, kind: str, api_name: str) -> HttpResponse:
        branch = self.working_branch
        return self._page(self.form_class(initial={"expected_head": branch.head_id, "to": api_name}))

    def post(self, request: HttpRequest, repository: str, kind: str, api_name: str) -> HttpResponse:
        form = self.form_class(request.POST)
        if PREVIEW in request.POST:
            return self._page(form, form.attempt(lambda: self._preview(self.change(form))))
        commit = form.attempt(
            lambda: commit_create(
                actor=request.user,
                branch=self.working_branch,
                changes=[self.change(form)],
                message=form.cleaned_data["message"] or self.default_message(form),
                expected_head=form.cleaned_data["expected_head"],
                authority=self.authority(self.working_branch.name, form.reason),
            )
        )
        if commit is None:
            return self._page(form)
        messages.success(request, _("Committed as {digest}.").format(digest=commit.digest[:8]))
        return redirect(self.landing(form))

    def _preview(self, change: Change) -> ShownPreview:
        branch = self.working_branch
        found = commit_preview(
            actor=self.request.user, branch=branch, changes=[change], authority=self.authority(branch.name)
        )
        return shown_preview(found, self.key, self.repository.name, self.ref)

    def _page(self, form: OneChangeForm, preview: ShownPreview | None = None) -> HttpResponse:
        problem = ""
        if self.previews_at_once:
            try:
                preview = self._preview(self.change(form))
            except OMSError as refused:
                problem = translated(refused.detail)
        referrers = sorted(self.tree.referrers([self.key]).get(self.key, ()))
        return self.resource_page(
            self.template,
            status=form.status,
            form=form,
            head=self.working_branch.head_id,
            preview=preview,
            problem=problem,
            referrers=referrers[:REFERRERS],
            referrer_count=len(referrers),
        )


class ResourceDeleteView(OneChangeView):
    template = "ontology/resource_delete.html"
    previews_at_once = True

    def change(self, form: OneChangeForm) -> Change:
        return Delete(*self.key)

    def default_message(self, form: OneChangeForm) -> str:
        return f"Delete {' '.join(self.key)}"

    def landing(self, form: OneChangeForm) -> str:
        return address("repository", self.repository.name, ref=self.ref, kind=self.key[0])


class ResourceRenameView(OneChangeView):
    form_class = RenameForm
    template = "ontology/resource_rename.html"

    def change(self, form: OneChangeForm) -> Change:
        return Rename(*self.key, form.cleaned_data["to"])

    def default_message(self, form: OneChangeForm) -> str:
        return f"Rename {' '.join(self.key)} to {form.cleaned_data['to']}"

    def landing(self, form: OneChangeForm) -> str:
        return address("resource", self.repository.name, self.key[0], form.cleaned_data["to"], ref=self.ref)


def shown_preview(preview: CommitPreview, key: Key, repository: str, ref: str) -> ShownPreview:
    """``preview`` of a change of the resource ``key``."""
    others = [ShownResource(change) for change in preview.changes if (change.kind, change.former_name) != key]
    return ShownPreview(
        rewritten=others[:REFERRERS],
        rewritten_count=len(others),
        errors=[(place_of(error.field), translated(error.message)) for error in preview.errors[:REFERRERS]],
        error_count=len(preview.errors),
        warnings=[(place_of(warning.path), translated(warning.message)) for warning in preview.warnings],
        foreseen=foreseen(preview.findings, preview.changes, repository, ref),
    )
