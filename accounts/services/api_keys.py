"""API keys, by which programs act for an account."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.engine import api_keys
from accounts.engine.tokens import digest
from accounts.exceptions import (
    APIKeyDenied,
    APIKeyInvalid,
    APIKeyNotFound,
    APIKeyReplaced,
    NotForAPIKeys,
    TokenExpired,
    TokenInvalid,
)
from accounts.models import APIKey, User, UserKind
from accounts.permissions import MANAGE_USERS
from accounts.services.mails import mail_write
from accounts.services.step_up import fresh_authentication
from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.services import event_record

NAME_LENGTH: Final = 100


@fresh_authentication
@transaction.atomic
def api_key_create(
    *, actor: User, user: User, name: str, scopes: list[str], expires_at: datetime | None = None
) -> tuple[APIKey, str]:
    """A key for ``user``, and its secret, which is kept nowhere: it is shown this once.

    It may be used for what both its ``scopes`` and its account allow, until ``expires_at``, by
    default for ``settings.API_KEY_LIFETIME``. Raises :class:`APIKeyDenied`, and
    :class:`APIKeyInvalid` with every value that breaks a rule.
    """
    require_may_make(actor, user)
    now = timezone.now()
    until = now + settings.API_KEY_LIFETIME if expires_at is None else expires_at
    if errors := list(_errors(name, scopes, until, now)):
        raise APIKeyInvalid(errors=errors)
    key, secret = _make(actor=actor, user=user, name=name, scopes=scopes, expires_at=until)
    _tell("io.oms.accounts.api_key.created", actor, key, expires_at=until.isoformat())
    return key, secret


@fresh_authentication
@transaction.atomic
def api_key_rotate(*, actor: User, key: APIKey, overlap: timedelta | None = None) -> tuple[APIKey, str]:
    """A key that takes the place of ``key``, as long-lived as that was made, and its secret.

    The old one goes on for the ``overlap``, by default ``settings.API_KEY_OVERLAP``, and never past
    its own expiry. Raises :class:`APIKeyDenied`, :class:`APIKeyInvalid`, :class:`APIKeyNotFound`
    where the key has ended, and :class:`APIKeyReplaced` where it was rotated before.
    """
    require_may_make(actor, key.user)
    User.objects.locked(key.user_id)  # as who ends the account does, before its keys
    now, old = timezone.now(), _locked(key)
    if not old.is_live(now):
        raise APIKeyNotFound
    if APIKey.objects.filter(replaces=old).exists():
        raise APIKeyReplaced
    going_on = settings.API_KEY_OVERLAP if overlap is None else overlap
    if not timedelta() <= going_on <= settings.API_KEY_OVERLAP_MAX:
        message = sentence(
            "A key that was rotated goes on for at most {days} days.", days=settings.API_KEY_OVERLAP_MAX.days
        )
        raise APIKeyInvalid(errors=[FieldError("/overlap", "RANGE", message)])
    lifetime = min(old.expires_at - old.created_at, settings.API_KEY_LIFETIME_MAX)
    old.expires_at = min(old.expires_at, now + going_on)
    old.save(update_fields=["expires_at"])
    made, secret = _make(
        actor=actor, user=old.user, name=old.name, scopes=old.scopes, expires_at=now + lifetime, replaces=old
    )
    _tell("io.oms.accounts.api_key.rotated", actor, made, replaces=str(old.pk), until=old.expires_at.isoformat())
    return made, secret


@transaction.atomic
def api_key_revoke(*, actor: User | None, key: APIKey) -> None:
    """End a key for good: one's own, or anybody's for an administrator. Again, it does nothing.

    A program can revoke the key that it came with, and no other. Raises :class:`APIKeyDenied` and
    :class:`NotForAPIKeys`.
    """
    if actor is not None and isinstance(actor.credential, APIKey) and actor.credential.pk != key.pk:
        raise NotForAPIKeys
    if actor is not None and actor.pk != key.user_id and not actor.has_perm(MANAGE_USERS):
        raise APIKeyDenied
    if APIKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        _tell("io.oms.accounts.api_key.revoked", actor, key)


def api_key_authenticate(*, secret: str, ip: str | None) -> APIKey:
    """The live key, with its active account, whose secret this is.

    Raises :class:`TokenInvalid` or :class:`TokenExpired`. Whether it was revoked is looked up at
    each request, by the digest alone: how long that takes says nothing about the secret.
    """
    now = timezone.now()
    if not api_keys.is_well_formed(secret):
        raise TokenInvalid
    key: APIKey | None = APIKey.objects.select_related("user").filter(digest=digest(secret)).first()
    if key is None or key.revoked_at is not None or not key.user.is_active:
        raise TokenInvalid
    if not key.is_live(now):
        raise TokenExpired
    _touch(key, ip, now)
    return key


def require_may_make(actor: User, user: User) -> None:
    """Raises :class:`APIKeyDenied` unless ``actor`` may make keys for ``user``."""
    is_service = user.kind == UserKind.SERVICE
    is_own = actor.pk == user.pk and actor.is_active and not is_service
    if not is_own and not (is_service and actor.has_perm(MANAGE_USERS)):
        raise APIKeyDenied


def _make(
    *, actor: User, user: User, name: str, scopes: list[str], expires_at: datetime, replaces: APIKey | None = None
) -> tuple[APIKey, str]:
    # Who disables the account holds its row: a key is there before and stops with it, or is not made.
    if not User.objects.locked(user.pk).is_active:
        raise APIKeyDenied
    secret = api_keys.make()
    key = APIKey.objects.create(
        user=user,
        name=name.strip(),
        prefix=api_keys.prefix(secret),
        digest=digest(secret),
        scopes=sorted(set(scopes)),
        created_by=actor,
        expires_at=expires_at,
        replaces=replaces,
    )
    mail_write(user=user, template="api_key_created", name=key.name, prefix=key.prefix, at=key.created_at.isoformat())
    return key, secret


def _errors(name: str, scopes: list[str], expires_at: datetime, now: datetime) -> Iterator[FieldError]:
    """What is wrong with the values that are given."""
    if not name.strip() or len(name) > NAME_LENGTH or "\0" in name:
        message = sentence("The name of a key has 1 to {limit} characters.", limit=NAME_LENGTH)
        yield FieldError("/name", "LENGTH", message)
    known = api_keys.known_scopes()
    for place, scope in enumerate(scopes):
        if scope not in known:
            message = sentence("A scope is a permission, all of an app's such as history.*, or * for all.")
            yield FieldError(f"/scopes/{place}", "SCOPE_UNKNOWN", message)
    if not now < expires_at <= now + settings.API_KEY_LIFETIME_MAX:
        message = sentence("A key expires within the next {days} days.", days=settings.API_KEY_LIFETIME_MAX.days)
        yield FieldError("/expires_at", "RANGE", message)


def _locked(key: APIKey) -> APIKey:
    row: APIKey | None = APIKey.objects.select_for_update(of=("self",)).select_related("user").filter(pk=key.pk).first()
    if row is None:
        raise APIKeyNotFound
    return row


def _touch(key: APIKey, ip: str | None, now: datetime) -> None:
    """Note the use, unless one was noted a moment ago: not every request writes."""
    if key.last_used_at is not None and now - key.last_used_at < settings.SESSION_TOUCH_INTERVAL:
        return
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - settings.SESSION_TOUCH_INTERVAL)
    APIKey.objects.filter(unnoted, pk=key.pk).update(last_used_at=now, last_used_ip=ip)
    key.last_used_at, key.last_used_ip = now, ip


def _tell(event: str, actor: User | None, key: APIKey, **data: str) -> None:
    event_record(
        type=event,
        subject=f"api-keys/{key.pk}",
        actor=actor,
        data={"key": str(key.pk), "user": str(key.user_id), "scopes": key.scopes, **data},
    )
