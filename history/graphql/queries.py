"""Reads of history over GraphQL."""

import json
import uuid
from datetime import datetime

import strawberry

from gateway.graphql import JSON, Info, Limit, Offset, page
from history import models, selectors
from history.graphql.types import Repository, RepositorySummary


@strawberry.type
class Query:
    @strawberry.field
    def repositories(self, info: Info, limit: Limit = 50, offset: Offset = 0) -> list[RepositorySummary]:
        """The repositories that the caller may see, by name."""
        rows = models.Repository.objects.visible_to(info.context.user)
        return [RepositorySummary.of(row) for row in rows[page(limit, offset)]]

    @strawberry.field
    def repository(self, info: Info, name: str) -> Repository:
        """One repository."""
        return Repository.of(selectors.repository_get(info.context.user, name))

    @strawberry.field
    def events(  # noqa: PLR0913  (a filter each)
        self,
        info: Info,
        *,
        type: str | None = None,  # noqa: A002 - CloudEvents' own name for it
        subject: str | None = None,
        actor: uuid.UUID | None = None,
        repository: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> list[JSON]:
        """Events as CloudEvents, newest first."""
        rows = models.Event.objects.visible_to(info.context.user).matching(
            type=type, subject=subject, actor=actor, repository=repository, since=since, until=until
        )
        return [json.loads(bytes(row.body)) for row in rows[page(limit, offset)]]

    @strawberry.field
    def event(self, info: Info, id: uuid.UUID) -> JSON | None:  # noqa: A002 - CloudEvents' own name for it
        """One event as a CloudEvent."""
        row = models.Event.objects.visible_to(info.context.user).filter(uuid=id).first()
        return JSON(json.loads(bytes(row.body))) if row else None
