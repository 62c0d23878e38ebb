"""GraphQL of API keys."""

import uuid
from datetime import datetime, timedelta
from typing import Self

import strawberry
from django.utils.timezone import is_naive, make_aware

from accounts import models, selectors, services
from gateway.graphql import Info, Limit, Offset, page, require_unkept


@strawberry.type(name="APIKey", description="A long-lived secret by which a program acts for an account.")
class APIKey:
    id: uuid.UUID
    user: str
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    last_used_ip: str | None
    revoked_at: datetime | None
    replaces: uuid.UUID | None

    @classmethod
    def of(cls, row: models.APIKey) -> Self:
        return cls(
            id=row.pk,
            user=row.user.username,
            name=row.name,
            prefix=row.prefix,
            scopes=row.scopes,
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
            last_used_ip=row.last_used_ip,
            revoked_at=row.revoked_at,
            replaces=row.replaces_id,
        )


@strawberry.type(name="APIKeyMade", description="A new key, and its secret, which is shown this once.")
class APIKeyMade:
    key: APIKey
    secret: str


@strawberry.type
class Query:
    @strawberry.field
    def api_keys(self, info: Info, user: str | None = None, limit: Limit = 50, offset: Offset = 0) -> list[APIKey]:
        """The caller's keys, or for administrators those of another account, the newest first."""
        return [APIKey.of(row) for row in selectors.api_keys_of(info.context.user, user)[page(limit, offset)]]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def api_key_create(
        self,
        info: Info,
        name: str,
        scopes: list[str],
        expires_at: datetime | None = None,
        user: str | None = None,
    ) -> APIKeyMade:
        """Make a key: for oneself, or for a service account where one is an administrator."""
        require_unkept(info)
        caller = info.context.user
        owner = selectors.api_key_owner(caller, user)
        if expires_at is not None and is_naive(expires_at):
            expires_at = make_aware(expires_at)  # as over REST
        key, secret = services.api_key_create(actor=caller, user=owner, name=name, scopes=scopes, expires_at=expires_at)
        return APIKeyMade(key=APIKey.of(key), secret=secret)

    @strawberry.mutation
    def api_key_rotate(self, info: Info, id: uuid.UUID, overlap: int | None = None) -> APIKeyMade:  # noqa: A002 - the argument's name for clients
        """Make a key that takes the place of another, which goes on for ``overlap`` seconds."""
        require_unkept(info)
        caller = info.context.user
        key, secret = services.api_key_rotate(
            actor=caller,
            key=selectors.api_key_get(caller, id),
            overlap=None if overlap is None else timedelta(seconds=overlap),
        )
        return APIKeyMade(key=APIKey.of(key), secret=secret)

    @strawberry.mutation
    def api_key_revoke(self, info: Info, id: uuid.UUID) -> uuid.UUID:  # noqa: A002 - the argument's name for clients
        """End a key for good: one's own, or anybody's for an administrator."""
        services.api_key_revoke(actor=info.context.user, key=selectors.api_key_get(info.context.user, id))
        return id
