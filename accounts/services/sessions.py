"""Signing in, staying signed in and signing out."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from ipaddress import ip_address
from typing import Any, Self

import jwt
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone

from accounts.engine import tokens
from accounts.engine.sealing import derived_key
from accounts.exceptions import (
    CredentialsWrong,
    ManageUsersDenied,
    RefreshTokenInvalid,
    RefreshTokenReused,
    SessionEnded,
    TokenExpired,
    TokenInvalid,
)
from accounts.models import RefreshToken, RevokeReason, Session, SessionKind, User
from accounts.services.keys import signing_key_current, verifying_key
from gateway.exceptions import Unauthenticated
from history.services import event_record

USER_AGENT_LENGTH = 300
BROWSER_SESSION = "accounts.session"
"""Under this key a browser's cookie session names its row, and a request's environment holds the live row."""


@dataclass(frozen=True)
class Device:
    """Where a sign-in comes from, for people to recognise it in their list of sessions."""

    ip: str | None = None
    user_agent: str = ""

    @classmethod
    def of(cls, meta: Mapping[str, Any]) -> Self:
        """The device of a request, from its WSGI environment."""
        try:
            ip = str(ip_address(meta.get("REMOTE_ADDR", "")))
        except ValueError:  # a Unix socket has no address
            ip = None
        return cls(ip, meta.get("HTTP_USER_AGENT", "")[:USER_AGENT_LENGTH])


@dataclass(frozen=True)
class Tokens:
    """What continues an API session. ``expires_in`` is the access token's life in seconds."""

    access: str
    refresh: str
    expires_in: int
    session_id: uuid.UUID


def session_start(*, username: str, password: str, device: Device) -> Tokens:
    """Sign in to the API.

    Raises :class:`CredentialsWrong` alike, and after the same work, for an unknown, inactive or
    password-less account and for a wrong password.
    """
    user = authenticate(None, username=username, password=password)
    if not isinstance(user, User):
        raise CredentialsWrong
    return api_session_start(user=user, device=device)


@transaction.atomic
def api_session_start(*, user: User, device: Device) -> Tokens:
    """The session and first tokens of a user who has just been authenticated."""
    now = timezone.now()
    refresh = tokens.refresh_token()
    session = _session_open(user, SessionKind.API, device, now)
    RefreshToken.objects.create(session=session, digest=tokens.digest(refresh), generation=1, created_at=now)
    return _tokens(session, refresh, now)


@transaction.atomic
def browser_session_start(*, user: User, device: Device) -> Session:
    """The session of a browser whose user has just been authenticated in the console."""
    return _session_open(user, SessionKind.BROWSER, device, timezone.now())


def session_authenticate(*, access: str) -> Session:
    """The live session, with its active user, that an access token speaks for.

    Raises :class:`TokenInvalid`, :class:`TokenExpired` or :class:`SessionEnded`.
    """
    now = timezone.now()
    try:
        claims = tokens.access_claims(access, key_of=verifying_key, audience=_audience(), at=now)
    except jwt.ExpiredSignatureError as error:
        raise TokenExpired from error
    except (jwt.InvalidTokenError, ValueError) as error:
        raise TokenInvalid from error
    session = _session_resume(claims.session, SessionKind.API, now)
    if session is None or session.user_id != claims.user:
        raise SessionEnded
    return session


def browser_session_resume(*, session_id: str) -> Session | None:
    """The live session of a console login, with its active user; None where it has ended."""
    return _session_resume(uuid.UUID(session_id), SessionKind.BROWSER, timezone.now())


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
    if _session_close(session, RevokeReason.LOGOUT):
        event_record(
            type="io.oms.accounts.session.ended",
            subject=f"sessions/{session.pk}",
            actor=session.user,
            data={"session": str(session.pk), "user": str(session.user_id)},
        )


@transaction.atomic
def session_revoke(*, actor: User | None, session: Session, reason: RevokeReason = RevokeReason.REVOKED) -> None:
    """End a session from outside it: one's own, or anybody's for an administrator. Again, it does nothing.

    ``actor`` is None where the system itself ends it.
    """
    if actor is not None and actor.pk != session.user_id and not actor.has_perm("accounts.manage_users"):
        raise ManageUsersDenied
    if _session_close(session, reason):
        event_record(
            type="io.oms.accounts.session.revoked",
            subject=f"sessions/{session.pk}",
            actor=actor,
            data={"session": str(session.pk), "user": str(session.user_id), "reason": reason},
        )


def expired_sessions_purge() -> None:
    """Forget sessions past their absolute expiry with their tokens, and the cookie sessions that have expired."""
    Session.objects.filter(expires_at__lte=timezone.now()).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def _session_open(user: User, kind: SessionKind, device: Device, now: datetime) -> Session:
    session = Session.objects.create(
        user=user,
        kind=kind,
        created_at=now,
        auth_time=now,
        amr=["pwd"],
        last_used_at=now,
        expires_at=now + settings.SESSION_ABSOLUTE_LIFETIME,
        ip=device.ip,
        user_agent=device.user_agent,
    )
    User.objects.filter(pk=user.pk).update(last_login=now)
    event_record(
        type="io.oms.accounts.session.started",
        subject=f"sessions/{session.pk}",
        actor=user,
        data={"session": str(session.pk), "user": str(user.pk), "kind": session.kind, "amr": session.amr},
    )
    return session


def _session_resume(session_id: uuid.UUID, kind: SessionKind, now: datetime) -> Session | None:
    live = Session.objects.live(now).filter(pk=session_id, kind=kind, user__is_active=True)
    session: Session | None = live.select_related("user").first()
    if session and now - session.last_used_at >= settings.SESSION_TOUCH_INTERVAL:
        Session.objects.filter(pk=session_id, last_used_at__lt=now).update(last_used_at=now)
    return session


def _session_close(session: Session, reason: RevokeReason) -> bool:
    """Whether this call was the one that ended it."""
    open_row = Session.objects.filter(pk=session.pk, revoked_at__isnull=True)
    return open_row.update(revoked_at=timezone.now(), revoke_reason=reason) == 1


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
