"""Second factors: authenticator applications and recovery codes."""

import base64
import io
import secrets
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP

from accounts.engine.methods import Method, Shown
from accounts.engine.sealing import derived_key, opened, sealed
from accounts.engine.tokens import keyed_digest
from accounts.exceptions import (
    CodeWrong,
    FactorExists,
    FactorNotFound,
    FactorRequired,
    LastWayIn,
    NotForServices,
    TooManyAttempts,
)
from accounts.models import (
    ExternalIdentity,
    KnownDevice,
    LoginChallenge,
    Passkey,
    RecoveryCode,
    RevokeReason,
    Session,
    TOTPFactor,
    User,
    UserKind,
)
from accounts.permissions import require_manager
from accounts.selectors.factors import factor_is_required, factor_methods
from accounts.services.devices import devices_forget
from accounts.services.events import user_event
from accounts.services.mails import mail_write
from accounts.services.revocation import sessions_revoke
from accounts.services.rows import active_user_locked
from accounts.services.step_up import fresh_authentication
from accounts.services.throttling import attempt_begin, attempt_succeeded, counted_factor

STEP_SECONDS = 30
DIGITS = 6
SEED_BYTES = 20
"""RFC 4226, 4 recommends 160 bits."""
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without what people read as something else."""
RECOVERY_GROUPS = 4


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator application is told: shown once, on the way to a confirmation."""

    secret: str
    """Base32."""
    uri: str
    qr_svg: str
    """The URI as a picture, drawn here."""


@fresh_authentication
def totp_enrol(*, actor: User) -> Enrolment:
    """Begin with an authenticator application. It counts once a code of it is confirmed; beginning again replaces it.

    Raises :class:`FactorExists` where there is one, and :class:`NotForServices`.
    """
    return totp_begin(actor)


def require_person(user: User) -> None:
    """Raises :class:`NotForServices` where ``user`` is none who could hold a second factor in their hand."""
    if user.kind != UserKind.HUMAN:
        raise NotForServices


@transaction.atomic
def totp_begin(user: User) -> Enrolment:
    """As :func:`totp_enrol`, also in the middle of a sign-in that asks for it."""
    require_person(user)
    active_user_locked(user)
    if TOTPFactor.objects.confirmed(user).exists():
        raise FactorExists
    seed = secrets.token_bytes(SEED_BYTES)
    TOTPFactor.objects.filter(user=user).delete()
    factor = TOTPFactor(user=user)
    factor.sealed_seed = sealed(_seed_key(), seed, factor.pk.bytes)
    factor.save(force_insert=True)
    secret = base64.b32encode(seed).decode()
    label = quote(f"OMS:{user.username}")
    uri = f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': 'OMS'})}"
    return Enrolment(secret, uri, _picture(uri))


@fresh_authentication
def totp_confirm(*, actor: User, code: str) -> list[str]:
    """Have the application count from now on; its user's other sessions end.

    The recovery codes that come with it, where none came with another factor. Raises :class:`CodeWrong` and
    :class:`TooManyAttempts`.
    """
    return totp_finish(actor, code, kept=actor.credential)


def totp_finish(user: User, code: str, *, kept: Session | LoginChallenge | None) -> list[str]:
    """As :func:`totp_confirm`; ``kept`` is the session, or the sign-in, that goes on."""
    if not TOTPFactor.objects.unconfirmed(user).exists():
        raise FactorNotFound  # nothing to guess at, so nothing to count
    attempt = attempt_begin(counted_factor(user.pk, None))
    if not attempt.is_allowed:
        raise TooManyAttempts
    with transaction.atomic():
        active_user_locked(user, since=kept.created_at if isinstance(kept, LoginChallenge) else None)
        factor = TOTPFactor.objects.unconfirmed(user).select_for_update().first()
        if factor is None:
            raise FactorNotFound
        if not _accepts(factor, code, timezone.now()):
            raise CodeWrong
        is_first = not factor_methods(user)
        factor.confirmed_at = timezone.now()
        factor.save(update_fields=["confirmed_at"])
        codes = recovery_codes_new(user) if is_first else []
        factor_changed(user, "io.oms.accounts.factor.added", Method.TOTP, kept=kept, actor=user)
    attempt_succeeded(attempt)
    return codes


@fresh_authentication
@transaction.atomic
def totp_remove(*, actor: User) -> None:
    """Sign in without the application from now on; its user's other sessions end.

    Raises :class:`FactorNotFound`, and :class:`FactorRequired` where it is the last and the role asks for one.
    """
    active_user_locked(actor)
    if not TOTPFactor.objects.confirmed(actor).exists():
        raise FactorNotFound
    TOTPFactor.objects.filter(user=actor).delete()
    require_factor(actor)
    factor_changed(actor, "io.oms.accounts.factor.removed", Method.TOTP, kept=actor.credential, actor=actor)


def require_factor(user: User) -> None:
    """Raises :class:`FactorRequired` where the role asks for a factor and none is left; codes go with the last one."""
    if factor_methods(user):
        return
    if factor_is_required(user):
        raise FactorRequired
    RecoveryCode.objects.filter(user=user).delete()


def require_way_in(user: User) -> None:
    """Raises :class:`LastWayIn` where nothing is left by which ``user`` could sign in."""
    ways = (Passkey.objects.filter(user=user), ExternalIdentity.objects.filter(user=user))
    if not user.has_usable_password() and not any(way.exists() for way in ways):
        raise LastWayIn


@fresh_authentication
@transaction.atomic
def recovery_codes_replace(*, actor: User) -> list[str]:
    """New recovery codes in place of all earlier ones, shown this once.

    Raises :class:`FactorNotFound` for who has no factor.
    """
    active_user_locked(actor)
    if not factor_methods(actor):
        raise FactorNotFound
    codes = recovery_codes_new(actor)
    factor_changed(
        actor, "io.oms.accounts.recovery_codes.replaced", Method.RECOVERY_CODE, kept=actor.credential, actor=actor
    )
    return codes


@fresh_authentication
@transaction.atomic
def factors_reset(*, actor: User | None, user: User) -> None:
    """Take every second factor from somebody who has lost them; all their sessions end and a mail tells them.

    For administrators, who must know otherwise that it is the account's owner who asks. Raises
    :class:`ManageUsersDenied`, and :class:`FactorNotFound` where there is none.
    """
    require_manager(actor)
    User.objects.locked(user.pk)
    if not factor_methods(user):
        raise FactorNotFound
    for rows in (TOTPFactor.objects, Passkey.objects, RecoveryCode.objects):
        rows.filter(user=user).delete()
    factor_changed(user, "io.oms.accounts.factors.reset", "all", kept=None, actor=actor)


def code_verify(user: User, code: str, device: KnownDevice | None) -> Shown:
    """Use up a code of the application or a recovery code; which it was.

    Must not run in a transaction that a failure undoes: the guess is counted first. Raises
    :class:`CodeWrong` and :class:`TooManyAttempts`.
    """
    attempt = attempt_begin(counted_factor(user.pk, device))
    if not attempt.is_allowed:
        raise TooManyAttempts
    written = "".join(code.split()).replace("-", "").lower()
    if _totp_use(user, written):
        shown = Shown.CODE
    elif _recovery_code_use(user, written):
        shown = Shown.RECOVERY_CODE
    else:
        user_event("io.oms.accounts.factor.refused", user, actor=None, locked=attempt.is_last)
        raise CodeWrong
    attempt_succeeded(attempt)
    return shown


def factor_changed(
    user: User, event: str, method: str, *, kept: Session | LoginChallenge | None, actor: User | None
) -> None:
    """What a change of factors by ``actor`` entails: an event, a mail, the end of every session but ``kept`` and of
    every other sign-in that is under way. The user's row is locked.
    """
    user_event(event, user, actor=actor, method=method)
    session = kept if isinstance(kept, Session) else None
    sessions_revoke(user=user, reason=RevokeReason.FACTOR, actor=actor, kept=session)
    devices_forget(user, kept.device_id if kept is not None else None)
    user.factors_changed_at = timezone.now()
    user.save(update_fields=["factors_changed_at"])
    mail_write(user=user, template="factor_changed", method=method)


@transaction.atomic
def _totp_use(user: User, code: str) -> bool:
    factor = TOTPFactor.objects.confirmed(user).select_for_update().first()
    return factor is not None and _accepts(factor, code, timezone.now())


def _accepts(factor: TOTPFactor, code: str, at: datetime) -> bool:
    """Whether ``code`` is of a step that none was accepted of yet; the step is then used. The row must be locked."""
    if len(code) != DIGITS or not code.isascii() or not code.isdecimal():
        return False
    seed = opened(_seed_key(), bytes(factor.sealed_seed), factor.pk.bytes)
    present = int(at.timestamp()) // STEP_SECONDS
    for step in range(present - settings.TOTP_TOLERANCE, present + settings.TOTP_TOLERANCE + 1):
        generator = TOTP(seed, step=STEP_SECONDS, digits=DIGITS)
        generator.time = step * STEP_SECONDS
        if compare_digest(f"{generator.token():0{DIGITS}}", code) and step > factor.last_step:
            factor.last_step, factor.last_used_at = step, at
            factor.save(update_fields=["last_step", "last_used_at"])
            return True
    return False


def _recovery_code_use(user: User, code: str) -> bool:
    left = RecoveryCode.objects.filter(user=user, digest=_recovery_digest(user, code), used_at__isnull=True)
    return left.update(used_at=timezone.now()) == 1


def recovery_codes_new(user: User) -> list[str]:
    """New codes in place of all earlier ones. The user's row is locked."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["-".join(_recovery_group() for _ in range(RECOVERY_GROUPS)) for _ in range(settings.RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_recovery_digest(user, code.replace("-", ""))) for code in codes
    )
    return codes


def _recovery_group() -> str:
    return "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(4))


def _recovery_digest(user: User, code: str) -> str:
    """About 79 random bits, under a key that no copy of the database holds."""
    return keyed_digest(derived_key(settings.SECRET_KEY, "oms accounts recovery codes"), str(user.pk), code)


def _seed_key() -> bytes:
    return derived_key(settings.SECRET_KEY, "oms accounts totp seeds")


def _picture(uri: str) -> str:
    out = io.BytesIO()
    segno.make(uri, error="m").save(out, kind="svg", scale=5, xmldecl=False, svgns=True, title="QR", omitsize=False)
    return out.getvalue().decode()
