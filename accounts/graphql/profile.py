"""GraphQL of one's own account, and of the log of what happened to it."""

import uuid
from datetime import datetime
from typing import Self

import strawberry

from accounts import selectors, services
from accounts.graphql.users import User
from gateway.graphql import Info, Limit, Offset, page
from gateway.http.translation import translated


@strawberry.type(description="One's own account, with what is nobody else's business.")
class OwnUser(User):
    @strawberry.field
    def language(self) -> str:
        """That mails are written in."""
        return self.row.language

    @strawberry.field
    def email_verified_at(self) -> datetime | None:
        """When the user has shown to read the address."""
        return self.row.email_verified_at

    @strawberry.field
    def password_expires_at(self) -> datetime | None:
        """When another password is asked for; null where it does not expire."""
        return services.password_expires_at(self.row)


@strawberry.type(description="Something that happened to an account, or was done by its user.")
class SecurityLogEntry:
    id: uuid.UUID
    time: datetime
    type: str
    message: str
    by: str
    about_other: bool

    @classmethod
    def of(cls, entry: selectors.LogEntry) -> Self:
        return cls(
            id=entry.id,
            time=entry.time,
            type=entry.type,
            message=translated(entry.message),
            by=entry.by,
            about_other=entry.about_other,
        )


@strawberry.type
class Query:
    @strawberry.field
    def me(self, info: Info) -> OwnUser:
        """The caller's own account."""
        return OwnUser.of(info.context.user)

    @strawberry.field
    def security_log(self, info: Info, limit: Limit = 50, offset: Offset = 0) -> list[SecurityLogEntry]:
        """What happened to the caller's account, newest first."""
        user = info.context.user
        events = selectors.security_log(user)[page(limit, offset)]
        return [SecurityLogEntry.of(entry) for entry in selectors.log_entries(user, events)]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def profile_update(self, info: Info, display_name: str | None = None, language: str | None = None) -> OwnUser:
        """Change one's display name, or the language that mails are written in."""
        changed = services.user_profile_update(actor=info.context.user, display_name=display_name, language=language)
        return OwnUser.of(changed)

    @strawberry.mutation
    def email_change(self, info: Info, email: str) -> bool:
        """Have a link sent to another address, which becomes the account's once it is followed."""
        services.email_change(actor=info.context.user, email=email)
        return True
