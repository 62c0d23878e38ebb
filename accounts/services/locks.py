"""Telling of locked accounts, and unlocking them."""

from django.conf import settings
from django.db import transaction

from accounts.exceptions import ManageUsersDenied
from accounts.models import KnownDevice, LinkPurpose, User
from accounts.services.links import link_create, link_use
from accounts.services.mails import mail_write
from accounts.services.throttling import account_unlock, factors_unlock
from history.services import event_record


@transaction.atomic
def account_locked(user: User) -> None:
    """Record that wrong passwords have locked the account, and send its owner a link that unlocks it."""
    _record("io.oms.accounts.user.locked", user, actor=None)
    if user.email and user.is_active:
        link = link_create(
            user=user, purpose=LinkPurpose.UNLOCK, email=user.email, lifetime=settings.UNLOCK_LINK_LIFETIME
        )
        mail_write(user=user, template="account_locked", link=link)


@transaction.atomic
def account_unlock_by_link(*, token: str) -> User:
    """Let the account be guessed at again, codes of its second factor excepted. Raises :class:`LinkInvalid`."""
    user = link_use(token, LinkPurpose.UNLOCK).user
    account_unlock(user.username)
    _record("io.oms.accounts.user.unlocked", user, actor=user)
    return user


@transaction.atomic
def user_unlock(*, actor: User | None, user: User) -> None:
    """Let password and codes be guessed at again. Raises :class:`ManageUsersDenied`."""
    if actor is not None and not actor.has_perm("accounts.manage_users"):
        raise ManageUsersDenied
    account_unlock(user.username)
    factors_unlock(user.pk, KnownDevice.objects.filter(user=user))
    _record("io.oms.accounts.user.unlocked", user, actor=actor)


def _record(type_: str, user: User, actor: User | None) -> None:
    event_record(type=type_, subject=f"users/{user.pk}", actor=actor, data={"user": str(user.pk)})
