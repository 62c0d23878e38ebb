"""Links for who reads a mail: made without keeping their secret, good once."""

import uuid
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.engine import tokens
from accounts.engine.sealing import derived_key
from accounts.exceptions import LinkInvalid
from accounts.models import AccountLink, LinkPurpose, User
from accounts.services.rows import active_user_locked
from gateway.engine.text import folded

PAGES: Final = {
    LinkPurpose.INVITATION: "invitation",
    LinkPurpose.VERIFICATION: "email-verify",
    LinkPurpose.PASSWORD_RESET: "password-reset-confirm",
    LinkPurpose.EMAIL_CHANGE: "email-confirm",
    LinkPurpose.UNLOCK: "unlock",
}
"""The console's page that each leads to."""
OF_A_PASSWORD: Final = frozenset({LinkPurpose.PASSWORD_RESET, LinkPurpose.EMAIL_CHANGE})
"""Void once the password is another: whoever asked for them may be whom it was changed against."""


@transaction.atomic
def link_create(*, user: User, purpose: LinkPurpose, email: str, lifetime: timedelta) -> AccountLink:
    """A link for who reads ``email``; earlier ones of the user for the same purpose are void from now on.

    The user's row is the lock at which links, their use and what ends them meet, always before the link's own.
    Raises :class:`SessionEnded` where the account is not active any more.
    """
    now = timezone.now()
    active_user_locked(user)
    AccountLink.objects.filter(user=user, purpose=purpose, used_at__isnull=True).update(used_at=now)
    return AccountLink.objects.create(
        user=user, purpose=purpose, email=email, created_at=now, expires_at=now + lifetime
    )


@transaction.atomic
def link_use(token: str, purpose: LinkPurpose) -> AccountLink:
    """Use a link up, with its user's row locked. What the caller's transaction takes back was not used.

    Raises :class:`LinkInvalid` alike for one that is unknown, used, void or past its time, whose user may not
    come in any more, that was sent to an address that is not the user's now, or that a newer password voids.
    """
    key = tokens.link_named(token, purpose, _key())
    user = _user_locked(key) if key is not None else None
    if key is None or user is None or not user.is_active:
        raise LinkInvalid
    now = timezone.now()
    good = AccountLink.objects.filter(pk=key, purpose=purpose, used_at__isnull=True, expires_at__gt=now)
    if good.update(used_at=now) != 1:
        raise LinkInvalid
    link = AccountLink.objects.get(pk=key)
    link.user = user
    is_elsewhere = purpose != LinkPurpose.EMAIL_CHANGE and folded(link.email) != user.email_key
    changed = user.password_changed_at
    is_outdated = purpose in OF_A_PASSWORD and changed is not None and changed >= link.created_at
    if is_elsewhere or is_outdated:
        raise LinkInvalid
    return link


def links_void(user: User) -> None:
    """Have no link of a user whose row is locked be good any more."""
    AccountLink.objects.filter(user=user, used_at__isnull=True).update(used_at=timezone.now())


def link_is_open(link: AccountLink) -> bool:
    """Whether it could still be used; a mail with one that cannot is not worth sending."""
    return link.used_at is None and link.expires_at > timezone.now()


def link_url(link: AccountLink) -> str:
    """The address that the mail tells. It begins with ``settings.PUBLIC_URL``, whatever a request said."""
    purpose = LinkPurpose(link.purpose)
    query = urlencode({"token": link_secret(link)})
    return f"{settings.PUBLIC_URL}{reverse(f'admin:{PAGES[purpose]}')}?{query}"


def link_secret(link: AccountLink) -> str:
    return tokens.link_token(link.pk, link.purpose, _key())


def _user_locked(link: uuid.UUID) -> User | None:
    owner = AccountLink.objects.filter(pk=link).values("user")
    return User.objects.filter(pk__in=owner).select_for_update(no_key=True).first()


def _key() -> bytes:
    return derived_key(settings.SECRET_KEY, "oms accounts links")
