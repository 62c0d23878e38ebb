"""The merge queue: the page of what waits, and the way into it and out of it."""

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gateway.exceptions import OMSError
from gateway.http.translation import translated
from history.views.base import RepositoryView, address
from merging.models import Proposal, QueueEntry
from merging.selectors import merge_queue_of, proposal_get
from merging.services import queue_enter, queue_leave
from merging.views.discussions import NumberForm, ProposalActionView
from merging.views.presentation import Turn
from merging.views.proposal_page import MergeForm

PAGE: Final = 50


class MergeQueueView(RepositoryView):
    """What waits to be merged, target by target, the first one first; a post takes a proposal out."""

    tab = "proposals"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        waiting = merge_queue_of(self.repository).order_by("target", "pk")
        page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
        return self.page("merging/queue.html", page_obj=page, turns=[Turn(entry) for entry in page])

    def post(self, request: HttpRequest, repository: str) -> HttpResponse:
        form = NumberForm(request.POST)
        form.attempt(lambda: self._leave(form.cleaned_data["id"]))
        form.tell(request)
        return redirect(address("merge-queue", self.repository.name))

    def _leave(self, number: int) -> None:
        proposal = proposal_get(self.repository, number)
        queue_leave(actor=self.request.user, proposal=proposal)
        _say_that_it_left(self.request, proposal)


class ProposalQueueView(ProposalActionView):
    """A turn in the queue for what the page has shown; what is refused is shown there."""

    def post(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        form = MergeForm(request.POST)
        entry = form.attempt(lambda: self._enter(form.cleaned_data))
        if entry is None:
            return self.shown(merge=form)
        messages.success(request, _("It waits for its turn to be merged into {target}.").format(target=entry.target))
        return self.back()

    def _enter(self, given: dict[str, str]) -> QueueEntry:
        return queue_enter(
            actor=self.request.user,
            proposal=self.proposal,
            way=self.way,
            message=given["message"],
            expected_source_head=given["expected_source_head"],
        )


class ProposalQueueLeaveView(ProposalActionView):
    def post(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        try:
            queue_leave(actor=request.user, proposal=self.proposal)
        except OMSError as problem:
            messages.error(request, translated(problem.detail))
        else:
            _say_that_it_left(request, self.proposal)
        return self.back()


def _say_that_it_left(request: HttpRequest, proposal: Proposal) -> None:
    words = _("Proposal {number} is out of the merge queue.")
    messages.success(request, words.format(number=proposal.number))
