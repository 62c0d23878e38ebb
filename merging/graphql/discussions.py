"""What is said about proposals and what happened to them, over GraphQL."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from gateway.graphql import JSON, Info
from history.selectors import repository_get
from merging import models, selectors, services
from merging.graphql.merges import MergeWay

strawberry.enum(models.Verdict, name="ReviewVerdict", description="What a reviewer says of a proposal.")


@strawberry.type(description="What a reviewer said of a proposal as its source stood at a commit.")
class Review:
    id: int
    reviewer: str
    verdict: models.Verdict
    body: str
    commit: str
    created_at: datetime
    dismissed_at: datetime | None
    dismissed_by: str | None
    dismissal_reason: str

    @classmethod
    def of(cls, row: models.Review) -> Self:
        return cls(
            id=row.pk,
            reviewer=row.reviewer.get_username(),
            verdict=models.Verdict(row.verdict),
            body=row.body,
            commit=row.commit_id,
            created_at=row.created_at,
            dismissed_at=row.dismissed_at,
            dismissed_by=row.dismissed_by.get_username() if row.dismissed_by else None,
            dismissal_reason=row.dismissal_reason,
        )


@strawberry.type(description="A remark on a proposal.")
class Comment:
    id: int
    author: str
    body: str
    created_at: datetime
    edited_at: datetime | None

    @classmethod
    def of(cls, row: models.Comment) -> Self:
        return cls(
            id=row.pk,
            author=row.author.get_username(),
            body=row.body,
            created_at=row.created_at,
            edited_at=row.edited_at,
        )


@strawberry.type(description="The first comment of a thread, the place that it is about, and its replies.")
class Thread:
    comment: Comment
    path: str
    resolved_at: datetime | None
    resolved_by: str | None
    replies: list[Comment]

    @classmethod
    def of(cls, row: models.Comment) -> Self:
        return cls(
            comment=Comment.of(row),
            path=row.path,
            resolved_at=row.resolved_at,
            resolved_by=row.resolved_by.get_username() if row.resolved_by else None,
            replies=[Comment.of(reply) for reply in row.replies.all()],
        )


@strawberry.type(description="Something that happened to a proposal or its source.")
class TimelineEntry:
    event: UUID
    type: str
    time: datetime
    actor: str | None
    data: JSON

    @classmethod
    def of(cls, entry: selectors.TimelineEntry) -> Self:
        return cls(event=entry.event, type=entry.type, time=entry.time, actor=entry.actor, data=JSON(dict(entry.data)))


@strawberry.type
class Mutation:
    @strawberry.mutation
    def review_submit(
        self,
        info: Info,
        repository: str,
        number: int,
        verdict: models.Verdict,
        body: str = "",
        expected_head: str | None = None,
        expected_revision: int | None = None,
        method: MergeWay = MergeWay.MERGE,
    ) -> Review:
        """Approve a proposal's source as it stands, request changes, or comment."""
        review = services.review_submit(
            actor=info.context.user,
            proposal=_found(info, repository, number),
            verdict=verdict,
            body=body,
            expected_head=expected_head,
            expected_revision=expected_revision,
            way=services.Way(method.value),
        )
        return Review.of(review)

    @strawberry.mutation
    def review_dismiss(self, info: Info, repository: str, number: int, review: int, reason: str) -> Review:
        """Let a verdict count no longer."""
        row = selectors.review_get(_found(info, repository, number), review)
        return Review.of(services.review_dismiss(actor=info.context.user, review=row, reason=reason))

    @strawberry.mutation
    def comment_create(
        self, info: Info, repository: str, number: int, body: str, path: str = "", reply_to: int | None = None
    ) -> Thread:
        """Remark something on a proposal or a place in it, or reply; the thread."""
        proposal = _found(info, repository, number)
        parent = None if reply_to is None else selectors.comment_get(proposal, reply_to)
        comment = services.comment_create(
            actor=info.context.user, proposal=proposal, body=body, path=path, parent=parent
        )
        return Thread.of(selectors.thread_get(proposal, comment))

    @strawberry.mutation
    def comment_edit(self, info: Info, repository: str, number: int, comment: int, body: str) -> Thread:
        """Say something else in a comment of one's own; the thread."""
        proposal = _found(info, repository, number)
        row = selectors.comment_get(proposal, comment)
        edited = services.comment_edit(actor=info.context.user, comment=row, body=body)
        return Thread.of(selectors.thread_get(proposal, edited))

    @strawberry.mutation
    def thread_resolve(self, info: Info, repository: str, number: int, comment: int) -> Thread:
        """Resolve the thread of a comment."""
        proposal = _found(info, repository, number)
        row = selectors.comment_get(proposal, comment)
        first = services.thread_resolve(actor=info.context.user, comment=row)
        return Thread.of(selectors.thread_get(proposal, first))

    @strawberry.mutation
    def thread_reopen(self, info: Info, repository: str, number: int, comment: int) -> Thread:
        """Take back that the thread of a comment is resolved."""
        proposal = _found(info, repository, number)
        row = selectors.comment_get(proposal, comment)
        first = services.thread_reopen(actor=info.context.user, comment=row)
        return Thread.of(selectors.thread_get(proposal, first))


def _found(info: Info, repository: str, number: int) -> models.Proposal:
    return selectors.proposal_get(repository_get(info.context.user, repository), number)
