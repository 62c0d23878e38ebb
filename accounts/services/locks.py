"""Telling of locked accounts, and unlocking them."""

from django.conf import settings
from django.db import transaction

from accounts.models import KnownDevice, LinkPurpose, User
from accounts.permissions import require_manager
from accounts.services.events import user_event
from accounts.services.links import link_create, link_use
from accounts.services.mails import mail_write
from accounts.services.throttling import account_unlock, factors_unlock


@transaction.atomic
def account_locked(user: User) -> None:
    """Record that wrong passwords have locked the account, and send its owner a link that unlocks it."""
    user = User.objects.locked(user.pk)
    user_event("io.oms.accounts.user.locked", user, actor=None)
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
    user_event("io.oms.accounts.user.unlocked", user, actor=user)
    return user


@transaction.atomic
def user_unlock(*, actor: User | None, user: User) -> None:
    """Let password and codes be guessed at again. Raises :class:`ManageUsersDenied`."""
    require_manager(actor)
    account_unlock(user.username)
    factors_unlock(user.pk, KnownDevice.objects.filter(user=user))
    user_event("io.oms.accounts.user.unlocked", user, actor=actor)
