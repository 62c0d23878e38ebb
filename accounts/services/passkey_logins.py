"""Signing in by a passkey, alone or after the password, and showing by one that it is still the same person."""

import uuid
from typing import Any

from django.utils import timezone

from accounts.engine.methods import Method, Shown
from accounts.exceptions import ChallengeInvalid, FactorNotFound, PasskeyRefused
from accounts.models import CeremonyPurpose, LoginChallenge, Passkey, Session, SessionKind, User
from accounts.permissions import require_session
from accounts.services.ceremonies import Ceremony, Party, assertion_begin
from accounts.services.confirmation import session_confirmed
from accounts.services.devices import Device, device_known
from accounts.services.logins import (
    Login,
    login_challenge,
    login_factor_enrolled,
    login_factor_shown,
    login_pending,
    login_proceed,
    may_enter,
    require_enrolment,
)
from accounts.services.passkeys import passkey_begin, passkey_finish, passkey_use

ANYBODY = Party()


def passkey_login_begin() -> Ceremony:
    """Begin to sign in by a passkey alone, which itself says whose it is."""
    return assertion_begin(CeremonyPurpose.SIGN_IN, ANYBODY)


def passkey_login_finish(
    *, ceremony: uuid.UUID, credential: dict[str, Any], device: Device, kind: SessionKind
) -> Login:
    """Sign in by it: the authenticator has verified its user, so that it is the second factor too.

    Raises :class:`PasskeyRefused`, also for an account that is inactive. Must not run in a transaction.
    """
    since = timezone.now()
    user = passkey_use(CeremonyPurpose.SIGN_IN, ANYBODY, ceremony, credential).user
    if not may_enter(user, kind):
        raise PasskeyRefused
    known = device_known(user.username, device.secret)
    return login_proceed(
        user=user, amr=[Shown.PASSKEY, Shown.SEVERAL], device=device, known=known, kind=kind, since=since
    )


def login_passkey_begin(*, token: str) -> Ceremony:
    """Begin to show a passkey as the second factor of a sign-in. Raises :class:`ChallengeInvalid`."""
    return assertion_begin(CeremonyPurpose.SECOND_FACTOR, _party(_challenge_for_passkey(token)))


def login_passkey_verify(
    *, token: str, ceremony: uuid.UUID, credential: dict[str, Any], trust_device: bool = False
) -> Login:
    """Show it; ``trust_device`` asks for no second factor on this device for a while.

    Raises :class:`ChallengeInvalid` and :class:`PasskeyRefused`; must not run in a transaction.
    """
    challenge = _challenge_for_passkey(token)
    passkey_use(CeremonyPurpose.SECOND_FACTOR, _party(challenge), ceremony, credential)
    return login_factor_shown(challenge, token, Shown.PASSKEY, trust_device=trust_device)


def login_passkey_enrol(*, token: str) -> Ceremony:
    """Begin with a passkey where the sign-in asks for a factor and there is none."""
    challenge = login_challenge(token)
    require_enrolment(challenge)
    return passkey_begin(challenge.user, _party(challenge))


def login_passkey_confirm(
    *, token: str, ceremony: uuid.UUID, credential: dict[str, Any], name: str
) -> tuple[Login, list[str]]:
    """Have it count; the sign-in goes on, and these are the first recovery codes."""
    challenge = login_challenge(token)
    require_enrolment(challenge)
    registered = passkey_finish(challenge.user, _party(challenge), ceremony, credential, name)
    return login_factor_enrolled(challenge, token, Shown.PASSKEY), registered.recovery_codes


def passkey_confirm_begin(*, actor: User) -> Ceremony:
    """Begin to confirm in a session who one is. Raises :class:`FactorNotFound` and :class:`NotForAPIKeys`."""
    session = require_session(actor)
    if not Passkey.objects.filter(user=actor).exists():
        raise FactorNotFound
    return assertion_begin(CeremonyPurpose.CONFIRM, Party(user=actor, session=session))


def passkey_confirm_finish(*, actor: User, ceremony: uuid.UUID, credential: dict[str, Any]) -> Session:
    """Confirm it, so that what is sensitive may be done for a while.

    Raises :class:`PasskeyRefused` and :class:`NotForAPIKeys`; must not run in a transaction.
    """
    session = require_session(actor)
    passkey_use(CeremonyPurpose.CONFIRM, Party(user=actor, session=session), ceremony, credential)
    return session_confirmed(session, Shown.PASSKEY)


def _challenge_for_passkey(token: str) -> LoginChallenge:
    """The sign-in that asks for a second factor which may be a passkey."""
    if Method.WEBAUTHN not in login_pending(token).methods:
        raise ChallengeInvalid
    return login_challenge(token)


def _party(challenge: LoginChallenge) -> Party:
    return Party(user=challenge.user, login=challenge)
