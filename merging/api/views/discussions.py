"""REST of what is said about proposals and what happened to them."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from gateway.api.pagination import CursorPagination
from merging import services
from merging.api.serializers.discussions import (
    CommentCreateSerializer,
    CommentEditSerializer,
    ReviewDismissSerializer,
    ReviewSerializer,
    ReviewSubmitSerializer,
    ThreadSerializer,
    TimelineEntrySerializer,
)
from merging.api.serializers.proposals import ProposalDetailSerializer
from merging.api.views.proposals import ProposalScopedViewSet
from merging.models import Comment, Review
from merging.selectors import (
    comment_get,
    review_get,
    reviews_of,
    thread_get,
    threads_of,
    timeline_entries,
    timeline_events,
)


class ReviewViewSet(ListModelMixin, ProposalScopedViewSet):
    """What reviewers say of a proposal."""

    queryset = Review.objects.none()
    serializer_class = ReviewSerializer

    def get_queryset(self) -> QuerySet[Review]:
        return reviews_of(self.proposal)

    @extend_schema(responses=ReviewSerializer)
    def retrieve(self, request: Request, repository: str, number: int, identifier: int) -> Response:
        """One review."""
        return Response(ReviewSerializer(review_get(self.proposal, identifier)).data)

    @extend_schema(request=ReviewSubmitSerializer, responses={201: ReviewSerializer})
    def create(self, request: Request, repository: str, number: int) -> Response:
        """Approve the source as it stands, request changes, or comment. Of a reviewer the last verdict counts."""
        data = self.body(ReviewSubmitSerializer)
        review = services.review_submit(actor=request.user, proposal=self.proposal, **data)
        return Response(ReviewSerializer(review).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReviewDismissSerializer, responses=ReviewSerializer)
    def dismiss(self, request: Request, repository: str, number: int, identifier: int) -> Response:
        """Let a verdict count no longer, with a reason."""
        data = self.body(ReviewDismissSerializer)
        review = services.review_dismiss(actor=request.user, review=review_get(self.proposal, identifier), **data)
        return Response(ReviewSerializer(review).data)


class ReviewerViewSet(ProposalScopedViewSet):
    """Whom a proposal waits for."""

    @extend_schema(request=None, responses=ProposalDetailSerializer)
    def update(self, request: Request, repository: str, number: int, username: str) -> Response:
        """Ask somebody for a review."""
        services.reviewer_request(actor=request.user, proposal=self.proposal, username=username)
        return self.shown()

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, repository: str, number: int, username: str) -> Response:
        """Ask somebody for a review no longer."""
        services.reviewer_withdraw(actor=request.user, proposal=self.proposal, username=username)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CommentViewSet(ListModelMixin, ProposalScopedViewSet):
    """Threads of comments on a proposal."""

    queryset = Comment.objects.none()
    serializer_class = ThreadSerializer

    def get_queryset(self) -> QuerySet[Comment]:
        return threads_of(self.proposal)

    @extend_schema(request=CommentCreateSerializer, responses={201: ThreadSerializer})
    def create(self, request: Request, repository: str, number: int) -> Response:
        """Remark something on a proposal or a place in it, or reply; answers with the thread."""
        data = self.body(CommentCreateSerializer)
        replied = data.pop("reply_to", None)
        parent = None if replied is None else comment_get(self.proposal, replied)
        comment = services.comment_create(actor=request.user, proposal=self.proposal, parent=parent, **data)
        return self._thread(comment, status.HTTP_201_CREATED)

    @extend_schema(request=CommentEditSerializer, responses=ThreadSerializer)
    def partial_update(self, request: Request, repository: str, number: int, identifier: int) -> Response:
        """Say something else in a comment of one's own; answers with the thread."""
        comment = comment_get(self.proposal, identifier)
        return self._thread(
            services.comment_edit(actor=request.user, comment=comment, **self.body(CommentEditSerializer))
        )

    @extend_schema(request=None, responses=ThreadSerializer)
    def resolve(self, request: Request, repository: str, number: int, identifier: int) -> Response:
        """Resolve the thread of a comment."""
        comment = comment_get(self.proposal, identifier)
        return self._thread(services.thread_resolve(actor=request.user, comment=comment))

    @extend_schema(request=None, responses=ThreadSerializer)
    def reopen(self, request: Request, repository: str, number: int, identifier: int) -> Response:
        """Take back that the thread of a comment is resolved."""
        comment = comment_get(self.proposal, identifier)
        return self._thread(services.thread_reopen(actor=request.user, comment=comment))

    def _thread(self, comment: Comment, code: int = status.HTTP_200_OK) -> Response:
        return Response(ThreadSerializer(thread_get(self.proposal, comment)).data, status=code)


class TimelinePagination(CursorPagination):
    ordering = "id"


class TimelineViewSet(ProposalScopedViewSet):
    """What happened to a proposal."""

    pagination_class = TimelinePagination
    serializer_class = TimelineEntrySerializer

    @extend_schema(responses=TimelineEntrySerializer(many=True))
    def list(self, request: Request, repository: str, number: int) -> Response:
        """The events of a proposal and of its source while it was pending, the oldest first."""
        page: Any = self.paginate_queryset(cast("Any", timeline_events(self.proposal)))
        entries: Any = timeline_entries(page)
        return self.get_paginated_response(TimelineEntrySerializer(entries, many=True).data)
