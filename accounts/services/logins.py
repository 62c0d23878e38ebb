"""Signing in, step by step: a password, a second factor, and whatever else is asked for before a session begins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.utils import timezone

from accounts.engine import tokens
from accounts.engine.methods import Method, Shown
from accounts.exceptions import ChallengeInvalid, CredentialsWrong, HashingBusy
from accounts.models import KnownDevice, LoginChallenge, SessionKind, User
from accounts.selectors.factors import factor_is_required, factor_methods
from accounts.services.devices import Device, device_known, device_trusted
from accounts.services.events import user_event
from accounts.services.factors import (
    Enrolment,
    code_verify,
    totp_begin,
    totp_finish,
)
from accounts.services.hashing import password_hashed, password_matches, password_was
from accounts.services.locks import account_locked
from accounts.services.passwords import password_check, password_replace, password_unfit
from accounts.services.sessions import SignedIn, session_open
from accounts.services.throttling import (
    Attempt,
    account_counted,
    attempt_begin,
    attempt_succeeded,
    attempt_withdrawn,
    counted_sign_in,
)

ENROLMENT = (Method.TOTP, Method.WEBAUTHN)


@dataclass(frozen=True)
class LoginPending:
    """A sign-in that needs more. ``token`` continues it.

    ``methods`` show a second factor (``totp``, ``webauthn``, ``recovery_code``); where there is none,
    ``enrol`` are those that one must be made of; where both are empty, ``password_unfit`` is the rule
    that the password no longer meets, and another one is asked for.
    """

    token: str
    expires_in: int
    methods: tuple[Method, ...] = ()
    enrol: tuple[Method, ...] = ()
    password_unfit: str = ""


Login = SignedIn | LoginPending


def login_start(*, username: str, password: str, device: Device, kind: SessionKind) -> Login:
    """Sign in by password.

    Raises :class:`CredentialsWrong` alike, and after the same work, for an account that is unknown,
    inactive, locked or without a password and for a wrong password, and :class:`HashingBusy`.
    Counts the guess before it looks at it, so this must not run in a transaction.
    """
    since = timezone.now()  # what changes from here on is newer than what is looked at
    known = device_known(username, device.secret)
    attempt = attempt_begin(counted_sign_in(username, known, device.ip))
    if attempt.is_network_refused:
        raise CredentialsWrong  # without the work, which would cost others their turn; it tells of no account
    user = User.objects.named(username).first()
    if not _password_is_right(user, password, attempt) or user is None or not may_enter(user, kind):
        _record_refusal(user, attempt)
        raise CredentialsWrong
    attempt_succeeded(attempt)
    unfit = password_unfit(user=user, password=password)
    return login_proceed(
        user=user, amr=[Shown.PASSWORD], device=device, known=known, kind=kind, since=since, unfit=unfit
    )


def login_proceed(
    *,
    user: User,
    amr: list[Shown],
    device: Device,
    known: KnownDevice | None,
    kind: SessionKind,
    since: datetime,
    unfit: str = "",
) -> Login:
    """Begin the session of who has shown ``amr``, or say what is asked for before that.

    ``since`` is a moment before anything of ``user`` was looked at.
    """
    now = timezone.now()
    challenge = LoginChallenge(
        user=user,
        kind=kind,
        amr=[*amr, *([Shown.TRUSTED_DEVICE] if device_trusted(known, now) else [])],
        password_unfit=unfit,
        device=known,
        ip=device.ip,
        user_agent=device.user_agent,
        created_at=since,
        expires_at=now + settings.LOGIN_CHALLENGE_LIFETIME,
    )
    token = tokens.opaque_token()
    challenge.digest = tokens.digest(token)
    pending = _pending(challenge, token)
    if pending is None:
        return session_open(user=user, kind=kind, device=device, known=known, amr=challenge.amr, since=since)
    challenge.save(force_insert=True)
    return pending


def login_challenge(token: str) -> LoginChallenge:
    """The sign-in that ``token`` continues. Raises :class:`ChallengeInvalid`."""
    open_now = LoginChallenge.objects.filter(digest=tokens.digest(token), used_at__isnull=True)
    challenge = open_now.filter(expires_at__gt=timezone.now()).select_related("user", "device").first()
    if challenge is None or not challenge.user.is_active or challenge.user.has_changed_since(challenge.created_at):
        raise ChallengeInvalid
    return challenge


def login_pending(token: str) -> LoginPending:
    """What the sign-in needs next. Raises :class:`ChallengeInvalid`."""
    pending = _pending(login_challenge(token), token)
    if pending is None:
        raise ChallengeInvalid
    return pending


def login_code_verify(*, token: str, code: str, trust_device: bool = False) -> Login:
    """Show the second factor by a code of the application or a recovery code.

    ``trust_device`` asks for none on this device for a while. Raises :class:`ChallengeInvalid`,
    :class:`CodeWrong` and :class:`TooManyAttempts`; must not run in a transaction.
    """
    challenge = login_challenge(token)
    used = code_verify(challenge.user, code, challenge.device)
    return login_factor_shown(challenge, token, used, trust_device=trust_device)


def login_factor_shown(challenge: LoginChallenge, token: str, shown: Shown, *, trust_device: bool) -> Login:
    """Go on with a sign-in whose second factor was right."""
    challenge.amr = [*(each for each in challenge.amr if each != Shown.TRUSTED_DEVICE), shown, Shown.SEVERAL]
    _keep(challenge, amr=challenge.amr)
    return login_finish(challenge, token, trust_device=trust_device)


def login_factor_enrolled(challenge: LoginChallenge, token: str, shown: Shown) -> Login:
    """Go on with a sign-in in which a factor was made. It outlasts that change, and none that comes after."""
    challenge.created_at = challenge.user.factors_changed_at or challenge.created_at
    _keep(challenge, created_at=challenge.created_at)
    return login_factor_shown(challenge, token, shown, trust_device=False)


def login_totp_enrol(*, token: str) -> Enrolment:
    """Begin with an authenticator application where the sign-in asks for a factor and there is none."""
    challenge = login_challenge(token)
    require_enrolment(challenge)
    return totp_begin(challenge.user)


def login_totp_confirm(*, token: str, code: str) -> tuple[Login, list[str]]:
    """Confirm it; the sign-in goes on, and these are the first recovery codes."""
    challenge = login_challenge(token)
    require_enrolment(challenge)
    codes = totp_finish(challenge.user, code, kept=challenge)
    return login_factor_enrolled(challenge, token, Shown.CODE), codes


def login_password_change(*, token: str, new_password: str) -> Login:
    """Set a fit password where the sign-in asks for one, and go on; every session that there is ends.

    Raises :class:`ChallengeInvalid`, :class:`PasswordInvalid`, :class:`PasswordReplaced` and
    :class:`HashingBusy`.
    """
    challenge = login_challenge(token)
    pending = _pending(challenge, token)
    if pending is None or not pending.password_unfit:
        raise ChallengeInvalid
    user = challenge.user
    password_check(user, new_password)
    encoded = password_hashed(new_password)
    password_replace(user, was=user.password, encoded=encoded, actor=user, kept=challenge)
    return login_password_replaced(challenge, token)


def login_password_replaced(challenge: LoginChallenge, token: str) -> Login:
    """Go on with a sign-in for which its user has just set a fit password."""
    # No later than that: who changes the password from here on ends this sign-in too.
    since = challenge.user.password_changed_at or challenge.created_at
    challenge.password_unfit, challenge.created_at = "", since
    _keep(challenge, password_unfit="", created_at=since)
    challenge.user.refresh_from_db()
    return login_finish(challenge, token, trust_device=False)


def login_finish(challenge: LoginChallenge, token: str, *, trust_device: bool) -> Login:
    """The session, once nothing more is asked for; a challenge becomes one session."""
    if pending := _pending(challenge, token):
        return pending
    with transaction.atomic():
        # As who ends the account does, before what belongs to it.
        User.objects.locked(challenge.user_id)
        once = LoginChallenge.objects.filter(pk=challenge.pk, used_at__isnull=True)
        if not once.update(used_at=timezone.now()):
            raise ChallengeInvalid
        return session_open(
            user=challenge.user,
            kind=SessionKind(challenge.kind),
            device=Device(challenge.ip, challenge.user_agent),
            known=challenge.device,
            amr=challenge.amr,
            since=challenge.created_at,
            trust_device=trust_device,
        )


def _keep(challenge: LoginChallenge, **values: Any) -> None:
    """Note how far the sign-in has come. Raises :class:`ChallengeInvalid` where it was forgotten meanwhile."""
    if not LoginChallenge.objects.filter(pk=challenge.pk, used_at__isnull=True).update(**values):
        raise ChallengeInvalid


def _pending(challenge: LoginChallenge, token: str) -> LoginPending | None:
    """What is asked for next: a factor that there is, another password, then a factor that there must be."""
    expires_in = int((challenge.expires_at - timezone.now()).total_seconds())
    methods = factor_methods(challenge.user)
    if methods and Shown.SEVERAL not in challenge.amr and not _is_trusted(challenge):
        return LoginPending(token, expires_in, methods=tuple(methods))
    if challenge.password_unfit:
        return LoginPending(token, expires_in, password_unfit=challenge.password_unfit)
    if not methods and Shown.SEVERAL not in challenge.amr and factor_is_required(challenge.user):
        return LoginPending(token, expires_in, enrol=ENROLMENT)
    return None


def _is_trusted(challenge: LoginChallenge) -> bool:
    """Whether the sign-in came from a trusted device that is one still: trust may end while it waits."""
    return Shown.TRUSTED_DEVICE in challenge.amr and device_trusted(challenge.device, timezone.now())


def require_enrolment(challenge: LoginChallenge) -> None:
    """A token of a sign-in makes no factor but the one that this sign-in needs."""
    pending = _pending(challenge, "")
    if pending is None or not pending.enrol:
        raise ChallengeInvalid


def _password_is_right(user: User | None, password: str, attempt: Attempt) -> bool:
    """One hash in every case; that of the account only where the attempt may be made."""
    try:
        if user is None or not attempt.is_allowed:
            # Django hashes something for an unusable password too.
            return password_was(password, UNUSABLE_PASSWORD_PREFIX)
        return password_matches(user, password)
    except HashingBusy:
        attempt_withdrawn(attempt)
        raise


def may_enter(user: User, kind: SessionKind) -> bool:
    """Whether a sign-in of this kind is for ``user`` at all."""
    return user.is_active and (kind == SessionKind.API or user.is_staff)


@transaction.atomic
def _record_refusal(user: User | None, attempt: Attempt) -> None:
    """An event of the account's history, where there is one: only what was looked at can have been a guess."""
    if user is None or not attempt.is_allowed:
        return
    user_event("io.oms.accounts.login.refused", user, actor=None, locked=attempt.is_last)
    if attempt.is_last and account_counted(user.username) in attempt.counted:
        account_locked(user)
