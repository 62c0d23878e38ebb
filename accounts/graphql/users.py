"""GraphQL of accounts, for administrators."""

import uuid
from datetime import datetime
from typing import Self

import strawberry

from accounts import models, services
from accounts.selectors import users_visible_to
from gateway.exceptions import NotFound
from gateway.graphql import Info, Limit, Offset, page


@strawberry.type(description="A person or a service that acts here.")
class User:
    row: strawberry.Private[models.User]
    id: uuid.UUID
    username: str
    email: str
    display_name: str
    kind: str
    role: str
    is_active: bool
    created_at: datetime

    @classmethod
    def of(cls, row: models.User) -> Self:
        return cls(
            row=row,
            id=row.pk,
            username=row.username,
            email=row.email,
            display_name=row.display_name,
            kind=row.kind,
            role=row.role,
            is_active=row.is_active,
            created_at=row.created_at,
        )


@strawberry.type
class Query:
    @strawberry.field
    def users(self, info: Info, limit: Limit = 50, offset: Offset = 0) -> list[User]:
        """All accounts, by name. For administrators."""
        return [User.of(row) for row in users_visible_to(info.context.user)[page(limit, offset)]]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def user_invite(self, info: Info, username: str, email: str, display_name: str = "", role: str = "viewer") -> User:
        """Make an account whose owner sets the password, by a link that is sent to them. For administrators."""
        invited = services.user_invite(
            actor=info.context.user, username=username, email=email, display_name=display_name, role=role
        )
        return User.of(invited)

    @strawberry.mutation
    def user_unlock(self, info: Info, id: uuid.UUID) -> uuid.UUID:  # noqa: A002 - the argument's name for clients
        """Let an account that wrong passwords or codes have locked be signed in to. For administrators."""
        services.user_unlock(actor=info.context.user, user=_user(info, id))
        return id

    @strawberry.mutation
    def factors_reset(self, info: Info, id: uuid.UUID) -> uuid.UUID:  # noqa: A002 - as above
        """Take every second factor from an account whose owner has lost them. For administrators."""
        services.factors_reset(actor=info.context.user, user=_user(info, id))
        return id

    @strawberry.mutation
    def user_delete(self, info: Info, id: uuid.UUID) -> uuid.UUID:  # noqa: A002 - as above
        """Delete an account: one's own, or anybody's for an administrator."""
        caller = info.context.user
        services.user_delete(actor=caller, user=caller if id == caller.pk else _user(info, id))
        return id


def _user(info: Info, key: uuid.UUID) -> models.User:
    """One of all accounts. Raises :class:`ViewUsersDenied` where the caller may not see them, and :class:`NotFound`."""
    user = users_visible_to(info.context.user).filter(pk=key).first()
    if user is None:
        raise NotFound
    return user
