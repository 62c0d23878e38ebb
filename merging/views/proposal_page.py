"""The page of a proposal: everything about it as its branches are now, and what ends it."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gateway.exceptions import OMSError
from gateway.http.forms import ServiceForm
from gateway.http.translation import translated
from history.models import Branch
from history.views.base import address
from history.views.forms import BypassReasonField
from merging.engine.protection import Requirement
from merging.models import Proposal, ProposalState, Verdict
from merging.selectors import heads_of, proposal_commits, proposal_get, queue_entry_of, reviewers_of
from merging.services import (
    ProposalPreview,
    Way,
    proposal_close,
    proposal_draft,
    proposal_merge,
    proposal_preview,
    proposal_ready,
    proposal_reopen,
    proposal_requirements,
    proposal_update,
)
from merging.views.presentation import WAYS, Turn, shown_strategies
from merging.views.proposals import ProposalForm, branches_offered
from merging.views.timeline import timeline_of
from ontology.views.difference import DifferenceView, difference
from ontology.views.places import place_of
from ontology.views.report import Report, links, report

COMMITS: Final = 50
PLACES: Final = 100
"""How many of the changed resources are offered where one is commented on."""


class ProseField(forms.CharField):
    """What somebody writes, with the line ends that others read and write; browsers send CR LF."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


class CommentForm(ServiceForm):
    body = ProseField(
        label=gettext_lazy("Comment"), widget=forms.Textarea(attrs={"rows": 3, "aria-label": gettext_lazy("Comment")})
    )
    path = forms.CharField(
        label=gettext_lazy("About"),
        required=False,
        help_text=gettext_lazy("A place in the ontology; empty: the proposal as a whole."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "list": "changed-places"}),
    )
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CommentEditForm(ServiceForm):
    body = ProseField(label=gettext_lazy("Comment"), widget=forms.Textarea(attrs={"rows": 6}))


class ReviewForm(ServiceForm):
    prefix = "review"
    verdict = forms.ChoiceField(
        label=gettext_lazy("Verdict"), choices=Verdict.choices, initial=Verdict.COMMENT, widget=forms.RadioSelect
    )
    body = forms.CharField(
        label=gettext_lazy("What you have to say"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    expected_head = forms.CharField(required=False, widget=forms.HiddenInput)
    expected_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReviewerForm(ServiceForm):
    prefix = "reviewer"
    username = forms.CharField(
        label=gettext_lazy("Username"), widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )


class MergeForm(ServiceForm):
    prefix = "merge"
    message = forms.CharField(
        label=gettext_lazy("Commit message"),
        required=False,
        help_text=gettext_lazy("Left empty, it names the proposal."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    bypass_reason = BypassReasonField()
    expected_head = forms.CharField()
    expected_source_head = forms.CharField()


@dataclass(frozen=True)
class Readiness:
    """What merging a proposal in one way waits for."""

    proposal: Proposal
    found: ProposalPreview
    requirements: list[Requirement]
    target: Branch | None
    is_open: bool
    """Whether the visitor may write to the target as it is."""

    @property
    def open_conflicts(self) -> int:
        return len(self.found.preview.conflicts)

    @property
    def unmet(self) -> list[Requirement]:
        return [each for each in self.requirements if not each.satisfied]

    @property
    def is_bypass(self) -> bool:
        """Whether it can be merged with a reason only."""
        return bool(self.unmet) and all(each.may_be_bypassed for each in self.unmet)

    @property
    def may_wait(self) -> bool:
        """Whether it can wait in the queue: what else the target asks for is looked at when its turn has come."""
        is_stopped = self.open_conflicts or self.found.preview.violations or self.proposal.state == ProposalState.DRAFT
        return self.target is not None and not is_stopped

    @property
    def is_ready(self) -> bool:
        """Whether it can be merged, by who may at all."""
        return self.may_wait and self.is_open and (not self.unmet or self.is_bypass)


class ProposalScopedView(DifferenceView):
    """A page about one proposal, in the way of merging that was chosen."""

    tab = "proposals"
    part: ClassVar[str] = ""
    """Which of the proposal's tabs the page belongs to."""

    @cached_property
    def proposal(self) -> Proposal:
        return proposal_get(self.repository, self.kwargs["number"])

    @cached_property
    def way(self) -> Way:
        chosen = self.request.GET.get("method", "")
        return Way(chosen) if chosen in set(WAYS) else Way.MERGE

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """The template within the proposal's frame."""
        self.proposal = proposal_get(self.repository, self.proposal.number)
        frame: dict[str, Any] = {
            "proposal": self.proposal,
            "part": self.part,
            "way": self.way,
            "ways": WAYS.items(),
            "method": None if self.way is Way.MERGE else self.way.value,
        }
        try:
            found = self.preview()
        except OMSError as problem:
            frame["problem"] = translated(problem.detail)
        else:
            frame |= self._foreseen(found)
        return super().page(template, status=status, **frame, **context)

    def preview(self) -> ProposalPreview:
        """What merging it in this way would do as its branches are now."""
        return proposal_preview(actor=self.request.user, proposal=self.proposal, way=self.way)

    def _foreseen(self, found: ProposalPreview) -> dict[str, Any]:
        preview = found.preview
        return {
            "found": found,
            "preview": preview,
            "settled": sum(each.resolution is not None for each in found.conflicts),
            "violations": [(place_of(each.field), translated(each.message)) for each in preview.violations],
            "difference": difference(preview.changes, self.request.GET.dict()),
            "report": self.report(found),
            "base": preview.target.digest,
            "head": preview.source.digest,
        } | self.more(found)

    def report(self, found: ProposalPreview) -> Report:
        """What merging it breaks."""
        preview = found.preview
        to = links(preview.changes, self.repository.name, preview.target.digest, preview.source.digest)
        return report(preview.findings, self.request.GET.dict(), to)

    def more(self, found: ProposalPreview) -> dict[str, Any]:
        """What else the template shows of the merge as it would be."""
        return {}

    def back(self, anchor: str = "") -> HttpResponse:
        """To the proposal's page, as a write has left it."""
        way = None if self.way is Way.MERGE else self.way.value
        return redirect(address("proposal", self.repository.name, self.proposal.number, method=way) + anchor)


class ProposalView(ProposalScopedView):
    """The conversation, and whether the proposal can be merged."""

    def get(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        return self.shown()

    def shown(self, **bound: ServiceForm) -> HttpResponse:
        """The page with these forms as they were sent, all others being fresh."""
        fresh: dict[str, ServiceForm] = {
            "comment": CommentForm(initial={"path": self.request.GET.get("path", "")}),
            "review": ReviewForm(),
            "reviewer": ReviewerForm(),
            "merge": MergeForm(),
        }
        status = max((form.status for form in bound.values()), default=200)
        entry = queue_entry_of(self.proposal)
        return self.page(
            "merging/proposal.html",
            status=status,
            forms={**fresh, **bound},
            timeline=timeline_of(self.proposal, self.request.GET.get("page")),
            reviewers=reviewers_of(self.proposal, heads_of(self.proposal)),
            turn=entry and Turn(entry),
        )

    def more(self, found: ProposalPreview) -> dict[str, Any]:
        preview = found.preview
        user: Any = self.request.user
        branches = self.repository.branches.select_related("lock__owner")
        target = branches.filter(name=self.proposal.target).first()
        requirements = proposal_requirements(actor=user, proposal=self.proposal, way=self.way, preview=found)
        is_open = target is not None and target.is_open_to(user)
        return {
            "readiness": Readiness(self.proposal, found, requirements, target, is_open),
            "places": [f"/resources/{each.kind}/{each.api_name}" for each in preview.changes[:PLACES]],
            "strategies": shown_strategies(preview.strategies),
        }


class ProposalCommitsView(ProposalScopedView):
    part = "commits"

    def get(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        page = Paginator(proposal_commits(self.proposal), COMMITS).get_page(request.GET.get("page"))
        return self.page("merging/proposal_commits.html", page_obj=page)


class ProposalChangesView(ProposalScopedView):
    """What merging it changes."""

    part = "changes"

    def get(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        return self.page("merging/proposal_changes.html")


class ProposalEditView(ProposalScopedView):
    """What it says, to change it."""

    def get(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        fields = ("title", "description", "target")
        return self._page(ProposalForm(initial={name: getattr(self.proposal, name) for name in fields}))

    def post(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        form = ProposalForm(request.POST)
        changed = form.attempt(lambda: proposal_update(actor=request.user, proposal=self.proposal, **form.cleaned_data))
        return self._page(form) if changed is None else self.back()

    def _page(self, form: ProposalForm) -> HttpResponse:
        branches = branches_offered(self.repository)
        return self.page("merging/proposal_edit.html", status=form.status, form=form, branches=branches)


class ProposalStateView(ProposalScopedView):
    """Where it stands: what the button says."""

    ACTIONS: ClassVar = {
        "ready": proposal_ready,
        "draft": proposal_draft,
        "close": proposal_close,
        "reopen": proposal_reopen,
    }

    def post(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        act = self.ACTIONS.get(request.POST.get("action", ""))
        try:
            if act:
                act(actor=request.user, proposal=self.proposal)
        except OMSError as problem:
            messages.error(request, translated(problem.detail))
        return self.back()


class ProposalMergeView(ProposalView):
    """The merge of what the page has shown; what is refused is shown there, as it is by then."""

    def get(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        return self.back()

    def post(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        form = MergeForm(request.POST)
        merged = form.attempt(lambda: self._merge(**form.cleaned_data))
        if merged is None:
            return self.shown(merge=form)
        words = _("{source} is merged into {target} as {digest}.")
        messages.success(
            request,
            words.format(source=self.proposal.source, target=self.proposal.target, digest=merged.commit.digest[:8]),
        )
        return self.back()

    def _merge(self, *, bypass_reason: str, **given: str) -> Any:
        authority = self.authority(self.proposal.target, bypass_reason)
        return proposal_merge(
            actor=self.request.user, proposal=self.proposal, way=self.way, authority=authority, **given
        )
