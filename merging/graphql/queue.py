"""The merge queue over GraphQL."""

from datetime import datetime
from typing import Any, Self

import strawberry

from gateway.graphql import JSON, Info, Limit, Offset, page
from gateway.http.translation import translated, translated_json
from history.selectors import repository_get
from merging import models, selectors, services
from merging.graphql.merges import MergeWay

strawberry.enum(models.QueueState, description="What became of a proposal's turn in the merge queue.")


@strawberry.type(description="A proposal's turn in the merge queue.")
class QueueEntry:
    id: int
    proposal: int
    title: str
    target: str
    state: models.QueueState
    position: int | None
    method: MergeWay
    message: str
    source_head: str
    enqueued_by: str
    enqueued_at: datetime
    ended_at: datetime | None
    code: str
    reason: str
    errors: list[JSON]

    @classmethod
    def of(cls, row: Any) -> Self:
        """An entry with its position (:meth:`QueueEntryQuerySet.with_position`)."""
        return cls(
            id=row.pk,
            proposal=row.proposal.number,
            title=row.proposal.title,
            target=row.target,
            state=models.QueueState(row.state),
            position=row.position,
            method=MergeWay(row.method),
            message=row.message,
            source_head=row.source_head_id,
            enqueued_by=row.enqueued_by.get_username(),
            enqueued_at=row.enqueued_at,
            ended_at=row.ended_at,
            code=row.code,
            reason=translated(row.reason),
            errors=[JSON(translated_json(error)) for error in row.errors],
        )


@strawberry.type
class Query:
    @strawberry.field
    def merge_queue(
        self, info: Info, repository: str, target: str = "", limit: Limit = 50, offset: Offset = 0
    ) -> list[QueueEntry]:
        """What waits to be merged, into one target or any, the first one first."""
        rows = selectors.merge_queue_of(repository_get(info.context.user, repository), target)
        return [QueueEntry.of(row) for row in rows[page(limit, offset)]]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def queue_enter(
        self,
        info: Info,
        repository: str,
        number: int,
        *,
        method: MergeWay = MergeWay.MERGE,
        message: str = "",
        expected_source_head: str | None = None,
    ) -> QueueEntry:
        """Have a proposal merged in its turn, by what the caller may do then, as its source is now."""
        proposal = _found(info, repository, number)
        services.queue_enter(
            actor=info.context.user,
            proposal=proposal,
            way=services.Way(method.value),
            message=message,
            expected_source_head=expected_source_head,
        )
        return QueueEntry.of(selectors.queue_entry_get(proposal))

    @strawberry.mutation
    def queue_leave(self, info: Info, repository: str, number: int) -> QueueEntry:
        """Take a proposal out of the queue."""
        proposal = _found(info, repository, number)
        services.queue_leave(actor=info.context.user, proposal=proposal)
        return QueueEntry.of(selectors.queue_entry_get(proposal))


def _found(info: Info, repository: str, number: int) -> models.Proposal:
    return selectors.proposal_get(repository_get(info.context.user, repository), number)
