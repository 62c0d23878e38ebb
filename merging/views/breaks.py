"""What merging a proposal breaks, and who answers for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from gateway.http.forms import ServiceForm
from history.views.base import address
from merging.models import FindingOverride
from merging.selectors import finding_override_get, finding_overrides_of, overrides_counting, paths_overridable
from merging.services import ProposalPreview, finding_override, finding_override_withdraw
from merging.views.proposal_page import ProposalScopedView
from ontology.engine.breaking import Finding


class OverrideForm(ServiceForm):
    rule = forms.CharField(strip=False, widget=forms.HiddenInput)
    path = forms.CharField(strip=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Why it may land"), widget=forms.Textarea(attrs={"rows": 2}))


class WithdrawForm(ServiceForm):
    withdraw = forms.IntegerField()


@dataclass(frozen=True)
class Answer:
    """What is said of a finding so that it may land, and the form to say it, for who may."""

    place: int
    """Where the finding stands on the page."""
    override: FindingOverride | None
    holds: bool
    """Whether the override lets it land: not where it is another by now, or its giver may not any more."""
    form: ServiceForm | None


class ProposalBreaksView(ProposalScopedView):
    """What merging it breaks, for whom, how to migrate, and who answers for what."""

    part = "breaks"
    refused: ServiceForm | None = None

    def get(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        return self.page("merging/proposal_breaks.html")

    def post(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        form = WithdrawForm(request.POST) if "withdraw" in request.POST else OverrideForm(request.POST)
        form.attempt(lambda: self._write(**form.cleaned_data))
        if form.errors:
            self.refused = form
            return self.page("merging/proposal_breaks.html", status=form.status)
        query = {name: request.GET.get(name) for name in ("method", "severity", "breaks", "page")}
        return redirect(address("proposal-breaks", self.repository.name, self.proposal.number, **query))

    def more(self, found: ProposalPreview) -> dict[str, Any]:
        report = replace(self.report(found), beside=lambda shown: self._answers(shown, found.preview.findings))
        is_placed = any(row.beside.form is self.refused for row in report.rows)
        return {"report": report, "refused": None if is_placed else self.refused}

    def _write(self, *, withdraw: int | None = None, **given: str) -> None:
        if withdraw is None:
            finding_override(actor=self.request.user, proposal=self.proposal, **given)
        else:
            override = finding_override_get(self.proposal, withdraw)
            finding_override_withdraw(actor=self.request.user, override=override)

    def _answers(self, shown: Sequence[Finding], findings: Sequence[Finding]) -> list[Answer]:
        overrides = {(each.rule, each.path): each for each in finding_overrides_of(self.proposal)}
        counting = overrides_counting(self.proposal)
        allowed = set[str]()
        if self.proposal.is_pending:
            allowed = paths_overridable(self.request.user, self.proposal, {each.path for each in shown})
        answers = []
        for place, finding in enumerate(shown, start=1):
            override = overrides.get((finding.rule, finding.path))
            form = self._form(place, finding) if finding.path in allowed else None
            holds = any(each.covers(finding, findings) for each in counting)
            answers.append(Answer(place, override, holds, form))
        return answers

    def _form(self, place: int, finding: Finding) -> ServiceForm:
        """The form that was refused, where it is about this finding; else a fresh one."""
        named = {"rule": finding.rule, "path": finding.path}
        if self.refused and all(self.refused.data.get(name) == value for name, value in named.items()):
            return self.refused
        return OverrideForm(initial=named, auto_id=f"override-{place}-%s")
