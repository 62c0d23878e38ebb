"""Signing in, staying signed in and signing out."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.engine import tokens
from accounts.engine.sealing import derived_key
from accounts.exceptions import (
    CredentialsWrong,
    RefreshTokenInvalid,
    RefreshTokenReused,
    SessionEnded,
    SessionLimitReached,
    TokenExpired,
    TokenInvalid,
)
from accounts.models import (
    KnownDevice,
    RefreshToken,
    RevokeReason,
    RoleSettings,
    Session,
    SessionKind,
    SessionLimitAction,
    SigningKey,
    User,
)
from accounts.selectors.sessions import session_named
from accounts.services.devices import Device, device_remember, device_trust
from accounts.services.events import session_event
from accounts.services.keys import signing_key_current
from accounts.services.mails import mail_write
from accounts.services.revocation import session_close, session_revoke
from gateway.exceptions import Unauthenticated

BROWSER_SESSION = "accounts.session"
"""Under this key a browser's cookie session names its row, and a request's environment holds the live row."""


@dataclass(frozen=True)
class SignedIn:
    """A session that has begun. ``device_secret`` is for the device to keep, empty where it has one;
    ``refresh`` continues an API session.
    """

    session: Session
    refresh: str = ""
    device_secret: str = ""


@dataclass(frozen=True)
class Tokens:
    """What continues an API session. ``expires_in`` is the access token's life in seconds."""

    access: str
    refresh: str
    expires_in: int
    session_id: uuid.UUID


@transaction.atomic
def session_open(
    *,
    user: User,
    kind: SessionKind,
    device: Device,
    amr: list[str],
    since: datetime,
    known: KnownDevice | None = None,
    trust_device: bool = False,
) -> SignedIn:
    """The session of a user who has shown ``amr``, beginning ``since`` then.

    The user's row is the lock at which parallel sign-ins, disabling and changes of password and factors meet.
    Raises :class:`CredentialsWrong` where one of the latter came first, and
    :class:`SessionLimitReached` where the role refuses more sessions than it allows.
    """
    now = timezone.now()
    locked = User.objects.locked(user.pk)
    if not locked.is_active or locked.has_changed_since(since):
        raise CredentialsWrong
    _make_room(locked, now)
    is_first = locked.last_login is None
    row, secret = device_remember(locked, device, known, now)
    session = _session_create(locked, kind, device, row, amr, now)
    if trust_device:
        device_trust(row, session)
    if secret and not is_first:
        mail_write(
            user=locked, template="new_device", ip=device.ip or "", user_agent=device.user_agent, at=now.isoformat()
        )
    refresh = _family_start(session, now) if kind == SessionKind.API else ""
    return SignedIn(session, refresh, secret)


def tokens_of(signed_in: SignedIn) -> Tokens:
    """The tokens of an API session that has just begun."""
    return _tokens(signed_in.session, signed_in.refresh, timezone.now())


def access_token_renew(session: Session) -> Tokens:
    """Another access token for the session, whose refresh token stays."""
    return _tokens(session, "", timezone.now())


def session_authenticate(*, access: str) -> Session:
    """The live session, with its active user, that an access token speaks for.

    Raises :class:`TokenInvalid`, :class:`TokenExpired` or :class:`SessionEnded`.
    """
    now = timezone.now()
    try:
        hints = tokens.access_hints(access)
        session, key = _session_and_key(hints, now)
        claims = tokens.access_claims(access, key=key, audience=_audience(), at=now)
    except jwt.ExpiredSignatureError as error:
        raise TokenExpired from error
    except (jwt.InvalidTokenError, ValueError) as error:
        raise TokenInvalid from error
    if session is None or session.user_id != claims.user:
        raise SessionEnded
    _touch(session, now)
    return session


def _session_and_key(hints: tokens.Hints, now: datetime) -> tuple[Session | None, Ed25519PublicKey]:
    """The live session and the key that a token names.

    Raises ``jwt.InvalidTokenError`` where the key is none of ours.
    """
    session, of_session = session_named(hints.session, hints.kid, now)
    verifying = SigningKey.objects.verifying(now).filter(kid=hints.kid).values_list("public_key", flat=True)
    public_key = verifying.first() if session is None else of_session
    if public_key is None:
        raise jwt.InvalidTokenError("signed by a key that is not ours")
    return session, Ed25519PublicKey.from_public_bytes(bytes(public_key))


def browser_session_resume(*, session_id: str) -> Session | None:
    """The live session of a console login, with its active user; None where it has ended."""
    now = timezone.now()
    live = Session.objects.live(now).filter(pk=session_id, kind=SessionKind.BROWSER, user__is_active=True)
    session: Session | None = live.select_related("user").first()
    if session is not None:
        _touch(session, now)
    return session


def session_refresh(*, refresh: str) -> Tokens:
    """New tokens for a refresh token, which is thereby used up.

    Its use again within ``settings.REFRESH_GRACE`` gives the same successor, so that a client
    that asked twice is not thrown out; any later use ends the session, since two parties hold the
    token. Raises :class:`RefreshTokenInvalid`, :class:`RefreshTokenReused` or :class:`SessionEnded`.
    """
    now = timezone.now()
    with transaction.atomic(durable=True):  # what a refusal has revoked must stay revoked
        outcome = _refresh_token_rotate(refresh, now)
    if isinstance(outcome, Unauthenticated):
        raise outcome
    return _tokens(outcome, tokens.successor(refresh, _successor_key()), now)


@transaction.atomic
def session_end(*, session: Session) -> None:
    """Sign out: the session's tokens are refused from the next request on. Ending it again does nothing."""
    if session_close(session, RevokeReason.LOGOUT):
        session_event("io.oms.accounts.session.ended", session, actor=session.user)


def _make_room(user: User, now: datetime) -> None:
    """Room for one more session within the limit of the user's role, whose row is locked."""
    rules = RoleSettings.objects.filter(role=user.role).first()
    if rules is None or rules.session_limit is None:
        return
    live = list(Session.objects.live(now).filter(user=user).order_by("created_at", "pk"))
    surplus = len(live) - rules.session_limit + 1
    if surplus > 0 and rules.session_limit_action == SessionLimitAction.REFUSE:
        raise SessionLimitReached
    for session in live[: max(surplus, 0)]:
        session_revoke(actor=None, session=session, reason=RevokeReason.LIMIT)


def _session_create(
    user: User, kind: SessionKind, device: Device, row: KnownDevice, amr: list[str], now: datetime
) -> Session:
    session = Session.objects.create(
        user=user,
        kind=kind,
        created_at=now,
        auth_time=now,
        amr=amr,
        last_used_at=now,
        expires_at=now + settings.SESSION_ABSOLUTE_LIFETIME,
        ip=device.ip,
        user_agent=device.user_agent,
        device=row,
    )
    User.objects.filter(pk=user.pk).update(last_login=now)
    session_event("io.oms.accounts.session.started", session, actor=user, kind=session.kind, amr=session.amr)
    return session


def _family_start(session: Session, now: datetime) -> str:
    """The first refresh token of a session."""
    refresh = tokens.opaque_token()
    RefreshToken.objects.create(session=session, digest=tokens.digest(refresh), generation=1, created_at=now)
    return refresh


def _touch(session: Session, now: datetime) -> None:
    if now - session.last_used_at >= settings.SESSION_TOUCH_INTERVAL:
        Session.objects.filter(pk=session.pk, last_used_at__lt=now).update(last_used_at=now)


def _refresh_token_rotate(refresh: str, now: datetime) -> Session | Unauthenticated:
    """The session that goes on with the successor of ``refresh``, or why none does.

    The session's row is the family's lock: rotations, reuse and logout meet there in turn.
    """
    digest = tokens.digest(refresh)
    family = Session.objects.filter(refresh_tokens__digest=digest).values("pk")
    session = Session.objects.filter(pk__in=family).select_related("user").select_for_update(of=("self",)).first()
    if session is None:
        return RefreshTokenInvalid()
    if not session.is_live(now) or not session.user.is_active:
        return SessionEnded()
    token = RefreshToken.objects.get(digest=digest)
    if token.used_at is None:
        _refresh_token_use(token, refresh, now)
        Session.objects.filter(pk=session.pk).update(last_used_at=now)
    elif now - token.used_at > settings.REFRESH_GRACE:
        session_revoke(actor=None, session=session, reason=RevokeReason.REUSE)
        mail_write(user=session.user, template="token_reused", ip=session.ip or "", user_agent=session.user_agent)
        return RefreshTokenReused()
    return session


def _refresh_token_use(token: RefreshToken, refresh: str, now: datetime) -> None:
    token.used_at = now
    token.save(update_fields=["used_at"])
    RefreshToken.objects.create(
        session_id=token.session_id,
        digest=tokens.digest(tokens.successor(refresh, _successor_key())),
        generation=token.generation + 1,
        created_at=now,
    )


def _tokens(session: Session, refresh: str, now: datetime) -> Tokens:
    expires_at = min(now + settings.ACCESS_TOKEN_LIFETIME, session.expires_at)
    claims = tokens.AccessClaims(session.user_id, session.pk, session.auth_time, tuple(session.amr), expires_at)
    kid, key = signing_key_current()
    access = tokens.access_token(claims, key=key, kid=kid, audience=_audience(), issued_at=now)
    return Tokens(access, refresh, int((expires_at - now).total_seconds()), session.pk)


def _audience() -> tokens.Audience:
    return tokens.Audience(settings.TOKEN_ISSUER, settings.TOKEN_AUDIENCE)


def _successor_key() -> bytes:
    return derived_key(settings.SECRET_KEY, "oms accounts refresh token successor")
