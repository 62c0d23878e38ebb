"""GraphQL of an account's life: one's own account, its log, and what administrators do to others."""

import uuid
from datetime import datetime
from typing import Self

import strawberry

from accounts import models, selectors, services
from accounts.graphql.users import User
from gateway.exceptions import NotFound
from gateway.graphql import Info, Limit, Offset, page
from gateway.http.translation import translated


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
    def security_log(self, info: Info, limit: Limit = 50, offset: Offset = 0) -> list[SecurityLogEntry]:
        """What happened to the caller's account, newest first."""
        user = info.context.user
        events = selectors.security_log(user)[page(limit, offset)]
        return [SecurityLogEntry.of(entry) for entry in selectors.log_entries(user, events)]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def profile_update(self, info: Info, display_name: str | None = None, language: str | None = None) -> User:
        """Change one's display name, or the language that mails are written in."""
        changed = services.user_profile_update(actor=info.context.user, display_name=display_name, language=language)
        return User.of(changed)

    @strawberry.mutation
    def email_change(self, info: Info, email: str) -> bool:
        """Have a link sent to another address, which becomes the account's once it is followed."""
        services.email_change(actor=info.context.user, email=email)
        return True

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
        services.user_delete(actor=info.context.user, user=_user(info, id))
        return id


def _user(info: Info, key: uuid.UUID) -> models.User:
    """An account that the caller sees. Raises :class:`NotFound`."""
    user = models.User.objects.visible_to(info.context.user).filter(pk=key).first()
    if user is None:
        raise NotFound
    return user
