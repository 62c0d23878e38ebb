"""The proposals of a repository: the list, and a new one."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gateway.exceptions import OMSError
from gateway.http.forms import LinesField, ServiceForm
from history.views.base import RepositoryView, address
from merging.models import ProposalState
from merging.models.proposals import ENDED
from merging.selectors import proposals_of, proposals_tally
from merging.services import proposal_open
from merging.views.protection import PLAIN, AskedForm

PAGE: Final = 50
BRANCHES: Final = 50
"""How many branches are offered where one is typed."""

PENDING: Final = tuple(state for state in ProposalState.values if state not in ENDED)
EVERY: Final = "all"


class ProposalListView(RepositoryView):
    """The proposals that match, by default those that are pending, the newest first."""

    tab = "proposals"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        wanted: dict[str, Any] = {name: request.GET.get(name, "").strip() for name in ("search", "author", "reviewer")}
        state = request.GET.get("state", "")
        counts = proposals_tally(self.repository, **wanted)
        rows = proposals_of(self.repository, states=_states(state), **wanted)
        return self.page(
            "merging/proposals.html",
            page_obj=Paginator(rows, PAGE).get_page(request.GET.get("page")),
            state=state,
            tallies=[(name, label, counts[name]) for name, label in ProposalState.choices if counts.get(name)],
            pending=sum(counts.get(name, 0) for name in PENDING),
            total=sum(counts.values()),
            **wanted,
        )


def _states(chosen: str) -> list[str]:
    if chosen == EVERY:
        return []
    return [chosen] if chosen in ProposalState.values else list(PENDING)


class ProposalForm(ServiceForm):
    """What a proposal says, and of which branches."""

    title = forms.CharField(label=gettext_lazy("Title"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    target = forms.CharField(
        label=gettext_lazy("Into the branch"), widget=forms.TextInput(attrs={**PLAIN, "list": "branch-names"})
    )


class NewProposalForm(AskedForm, ProposalForm):
    source = forms.CharField(
        label=gettext_lazy("Merge"), widget=forms.TextInput(attrs={**PLAIN, "list": "branch-names"})
    )
    reviewers = LinesField(
        label=gettext_lazy("Reviewers"), required=False, help_text=gettext_lazy("One username a line.")
    )
    draft = forms.BooleanField(
        label=gettext_lazy("It is a draft"), required=False, help_text=gettext_lazy("A draft is not merged.")
    )
    field_order = ("source", "target", "title", "description", "reviewers", "draft")

    existing: int | None = None
    """The number of the pending proposal of the same, where there is one."""

    def refuse(self, problem: OMSError) -> None:
        self.existing = problem.extensions.get("number")
        super().refuse(problem)


class ProposalNewView(RepositoryView):
    """The form of a new proposal."""

    tab = "proposals"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        initial = {"target": self.repository.default_branch, **request.GET.dict()}
        return self._page(NewProposalForm(initial=initial))

    def post(self, request: HttpRequest, repository: str) -> HttpResponse:
        form = NewProposalForm(request.POST)
        proposal = form.attempt(
            lambda: proposal_open(actor=request.user, repository=self.repository, **form.cleaned_data)
        )
        if proposal is None:
            return self._page(form)
        messages.success(request, _("Proposal {number} is open.").format(number=proposal.number))
        return redirect(address("proposal", self.repository.name, proposal.number))

    def _page(self, form: NewProposalForm) -> HttpResponse:
        return self.page(
            "merging/proposal_new.html", status=form.status, form=form, branches=branches_offered(self.repository)
        )


def branches_offered(repository: Any) -> Any:
    """The branches with the newest work."""
    return repository.branches.order_by("-head__created_at", "name")[:BRANCHES]
