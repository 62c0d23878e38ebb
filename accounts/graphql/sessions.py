"""GraphQL of one's sessions."""

import uuid
from datetime import datetime
from typing import Self

import strawberry

from accounts import models, services
from accounts.exceptions import SessionNotFound
from accounts.selectors import sessions_visible_to
from gateway.graphql import Info, Limit, Offset, page


@strawberry.type(description="One sign-in that is still good.")
class Session:
    id: uuid.UUID
    kind: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    auth_time: datetime
    amr: list[str]
    ip: str | None
    user_agent: str
    current: bool = strawberry.field(description="Whether this request belongs to it.")

    @classmethod
    def of(cls, row: models.Session, *, here: models.Session) -> Self:
        return cls(
            id=row.pk,
            kind=row.kind,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            auth_time=row.auth_time,
            amr=row.amr,
            ip=row.ip,
            user_agent=row.user_agent,
            current=row == here,
        )


@strawberry.type
class Query:
    @strawberry.field
    def sessions(self, info: Info, limit: Limit = 50, offset: Offset = 0) -> list[Session]:
        """The caller's live sessions, the last used first."""
        user = info.context.user
        own = sessions_visible_to(user).filter(user=user)
        return [Session.of(row, here=user.credential) for row in own[page(limit, offset)]]


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
        session = sessions_visible_to(user).filter(pk=id).first()
        if session is None:
            raise SessionNotFound
        services.session_revoke(actor=user, session=session)
        return id
