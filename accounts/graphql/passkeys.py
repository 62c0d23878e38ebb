"""GraphQL of one's passkeys. They are made and used where a browser is: over REST and in the console."""

import uuid
from datetime import datetime
from typing import Self

import strawberry

from accounts import models, selectors, services
from gateway.graphql import Info, Limit, Offset, page


@strawberry.type(description="A passkey of the caller's.")
class Passkey:
    id: uuid.UUID
    name: str
    is_backed_up: bool
    created_at: datetime
    last_used_at: datetime | None

    @classmethod
    def of(cls, row: models.Passkey) -> Self:
        return cls(
            id=row.pk,
            name=row.name,
            is_backed_up=row.is_backed_up,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
        )


@strawberry.type
class Query:
    @strawberry.field
    def passkeys(self, info: Info, limit: Limit = 50, offset: Offset = 0) -> list[Passkey]:
        """The caller's passkeys, the oldest first."""
        return [Passkey.of(row) for row in selectors.passkeys_of(info.context.user)[page(limit, offset)]]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def passkey_rename(self, info: Info, id: uuid.UUID, name: str) -> Passkey:  # noqa: A002 - the argument's name for clients
        """Call a passkey something else."""
        return Passkey.of(services.passkey_rename(actor=info.context.user, passkey=id, name=name))

    @strawberry.mutation
    def passkey_remove(self, info: Info, id: uuid.UUID) -> uuid.UUID:  # noqa: A002 - the argument's name for clients
        """Sign in without a passkey from now on."""
        services.passkey_remove(actor=info.context.user, passkey=id)
        return id
