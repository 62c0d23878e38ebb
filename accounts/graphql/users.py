"""GraphQL of accounts: oneself, and everybody for administrators."""

import uuid
from datetime import datetime
from typing import Self

import strawberry

from accounts import models
from accounts.selectors import users_visible_to
from gateway.graphql import Info, Limit, Offset, page


@strawberry.type(description="A person or a service that acts here.")
class User:
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
    def me(self, info: Info) -> User:
        """The caller's own account."""
        return User.of(info.context.user)

    @strawberry.field
    def users(self, info: Info, limit: Limit = 50, offset: Offset = 0) -> list[User]:
        """All accounts, by name. For administrators."""
        return [User.of(row) for row in users_visible_to(info.context.user)[page(limit, offset)]]
