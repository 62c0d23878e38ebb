"""GraphQL of one's sessions."""

import uuid
from datetime import datetime
from typing import Self

import strawberry
from django.utils import timezone

from accounts import models, services
from accounts.exceptions import SessionNotFound
from accounts.permissions import require_session
from gateway.graphql import Info, Limit, Offset, page


@strawberry.type(description="One sign-in that is still good.")
class Session:
    id: uuid.UUID
    kind: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    ip: str | None
    user_agent: str

    @classmethod
    def of(cls, row: models.Session) -> Self:
        return cls(
            id=row.pk,
            kind=row.kind,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            ip=row.ip,
            user_agent=row.user_agent,
        )


@strawberry.type
class Query:
    @strawberry.field
    def sessions(self, info: Info, limit: Limit = 50, offset: Offset = 0) -> list[Session]:
        """The caller's live sessions, the last used first."""
        user = info.context.user
        require_session(user)
        live = models.Session.objects.visible_to(user).live(timezone.now()).filter(user=user)
        return [Session.of(row) for row in live[page(limit, offset)]]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def sessions_revoke_others(self, info: Info) -> bool:
        """End all of one's sessions but this one."""
        services.sessions_revoke_others(actor=info.context.user)
        return True

    @strawberry.mutation
    def session_revoke(self, info: Info, id: uuid.UUID) -> uuid.UUID:  # noqa: A002 - the argument's name for clients
        """End a session: one's own, or anybody's for an administrator."""
        user = info.context.user
        require_session(user)
        session = models.Session.objects.visible_to(user).live(timezone.now()).filter(pk=id).first()
        if session is None:
            raise SessionNotFound
        services.session_revoke(actor=user, session=session)
        return id
