"""What people do on the page of a proposal: review it, comment on it, ask others to."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from gateway.exceptions import OMSError
from gateway.http.forms import ServiceForm
from gateway.http.translation import translated
from merging.models import Comment, Verdict
from merging.selectors import comment_get, review_get
from merging.services import (
    comment_create,
    comment_edit,
    review_dismiss,
    review_submit,
    reviewer_request,
    reviewer_withdraw,
    thread_reopen,
    thread_resolve,
)
from merging.views.proposal_page import (
    CommentEditForm,
    CommentForm,
    ProposalScopedView,
    ProposalView,
    ReviewerForm,
    ReviewForm,
)


class ProposalActionView(ProposalView):
    """Something that a form of the page does; what is refused is shown there."""

    def get(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        return self.back()


class CommentView(ProposalActionView):
    def post(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        form = CommentForm(request.POST)
        comment = form.attempt(lambda: self._comment(**form.cleaned_data))
        if comment is None:
            return self.shown(comment=form)
        return self.back(f"#thread-{comment.parent_id or comment.pk}")

    def _comment(self, *, body: str, path: str, parent: int | None) -> Comment:
        first = None if parent is None else comment_get(self.proposal, parent)
        return comment_create(actor=self.request.user, proposal=self.proposal, body=body, path=path, parent=first)


class CommentEditView(ProposalScopedView):
    """What a comment says, for its author to change it."""

    @cached_property
    def comment(self) -> Comment:
        return comment_get(self.proposal, self.kwargs["identifier"])

    def get(self, request: HttpRequest, repository: str, number: int, identifier: int) -> HttpResponse:
        if self.comment.author != request.user:
            return self._thread()
        return self._page(CommentEditForm(initial={"body": self.comment.body}))

    def post(self, request: HttpRequest, repository: str, number: int, identifier: int) -> HttpResponse:
        form = CommentEditForm(request.POST)
        edited = form.attempt(
            lambda: comment_edit(actor=request.user, comment=self.comment, body=form.cleaned_data["body"])
        )
        return self._page(form) if edited is None else self._thread()

    def _page(self, form: CommentEditForm) -> HttpResponse:
        return self.page("merging/comment_edit.html", status=form.status, form=form, anchor=self._anchor)

    def _thread(self) -> HttpResponse:
        return self.back(self._anchor)

    @property
    def _anchor(self) -> str:
        return f"#thread-{self.comment.parent_id or self.comment.pk}"


class ThreadView(ProposalActionView):
    """A thread, resolved or opened again."""

    def post(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        form = NumberForm(request.POST)
        act = thread_reopen if request.POST.get("action") == "reopen" else thread_resolve
        first = form.attempt(
            lambda: act(actor=request.user, comment=comment_get(self.proposal, form.cleaned_data["id"]))
        )
        form.tell(request)
        return self.back(f"#thread-{first.pk}" if first else "")


class ReviewView(ProposalActionView):
    """A verdict on the source as the page has shown it."""

    def post(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        form = ReviewForm(request.POST)
        review = form.attempt(
            lambda: review_submit(
                actor=request.user,
                proposal=self.proposal,
                verdict=Verdict(form.cleaned_data["verdict"]),
                body=form.cleaned_data["body"],
                expected_head=form.cleaned_data["expected_head"] or None,
                expected_revision=form.cleaned_data["expected_revision"],
                way=self.way,
            )
        )
        return self.shown(review=form) if review is None else self.back(f"#review-{review.pk}")


class NumberForm(ServiceForm):
    id = forms.IntegerField()


class DismissForm(NumberForm):
    reason = forms.CharField()


class ReviewDismissView(ProposalActionView):
    def post(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        form = DismissForm(request.POST)
        form.attempt(
            lambda: review_dismiss(
                actor=request.user,
                review=review_get(self.proposal, form.cleaned_data["id"]),
                reason=form.cleaned_data["reason"],
            )
        )
        form.tell(request)
        return self.back()


class ReviewerView(ProposalActionView):
    """Somebody is asked for a review, or no longer."""

    def post(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        if withdrawn := request.POST.get("withdraw"):
            return self._withdraw(withdrawn)
        form = ReviewerForm(request.POST)
        asked = form.attempt(lambda: reviewer_request(actor=request.user, proposal=self.proposal, **form.cleaned_data))
        return self.shown(reviewer=form) if asked is None else self.back()

    def _withdraw(self, username: str) -> HttpResponse:
        try:
            reviewer_withdraw(actor=self.request.user, proposal=self.proposal, username=username)
        except OMSError as problem:
            messages.error(self.request, translated(problem.detail))
        return self.back()
