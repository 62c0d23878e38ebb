"""Forgetting who somebody was, of whom events and commits go on to tell by their key alone."""

import secrets
from typing import Final

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from accounts.models import (
    AccountLink,
    APIKey,
    ExternalIdentity,
    FormerPassword,
    KnownDevice,
    LoginChallenge,
    OutgoingMail,
    Passkey,
    RecoveryCode,
    ResourceGrant,
    Session,
    TOTPFactor,
    User,
    WebAuthnCeremony,
)
from accounts.services.throttling import account_unlock, factors_unlock
from history.models import Membership, Role

OWNED: Final[tuple[type[Model], ...]] = (
    WebAuthnCeremony,
    LoginChallenge,
    TOTPFactor,
    RecoveryCode,
    Passkey,
    APIKey,
    ExternalIdentity,
    FormerPassword,
    OutgoingMail,
    AccountLink,
    ResourceGrant,
    Membership,
    KnownDevice,
)
"""What an account has beside its row, each with a ``user``."""


def person_forget(user: User) -> None:
    """Leave nothing of whom the account was but its key. The row must be locked and is changed, not saved."""
    account_unlock(user.username)
    factors_unlock(user.pk, KnownDevice.objects.filter(user=user))
    _sign_ins_forget(user)
    LogEntry.objects.filter(content_type__app_label="accounts", object_id=str(user.pk)).update(object_repr="")
    for model in OWNED:
        QuerySet(model).filter(user=user).delete()
    user.groups.clear()
    Session.objects.filter(user=user).update(ip=None, user_agent="")
    user.username = f"deleted-{secrets.token_hex(6)}"
    user.email = user.display_name = ""
    user.email_verified_at = user.last_login = user.password_changed_at = user.password_policy = None
    user.set_unusable_password()
    user.role, user.is_active, user.deleted_at = Role.VIEWER, False, timezone.now()


def _sign_ins_forget(user: User) -> None:
    """What axes has kept under the account's names, as they were typed."""
    typed = Q(username__iexact=user.username)
    if user.email:
        typed |= Q(username__iexact=user.email)
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        model.objects.filter(typed).delete()
