"""Exchanges with authenticators: a challenge that serves one purpose of one party once, and the check of the answer."""

import json
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from accounts.models import CeremonyPurpose, LoginChallenge, Passkey, Session, User, WebAuthnCeremony

CHALLENGE_BYTES = 64
TAKE = """
DELETE FROM accounts_webauthnceremony
WHERE id = %(id)s AND purpose = %(purpose)s AND expires_at > %(now)s
    AND user_id IS NOT DISTINCT FROM %(user)s
    AND session_id IS NOT DISTINCT FROM %(session)s
    AND login_id IS NOT DISTINCT FROM %(login)s
RETURNING challenge
"""
"""Of parallel takers one gets the row; who is not its party leaves it where it is."""
UNREADABLE = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What the library raises for answers that do not hold, and for those that are no answers at all."""


@dataclass(frozen=True)
class Party:
    """Whose ceremony it is. Nobody's, where the passkey itself is to say who signs in."""

    user: User | None = None
    session: Session | None = None
    login: LoginChallenge | None = None

    @property
    def keys(self) -> dict[str, uuid.UUID | None]:
        rows = {"user": self.user, "session": self.session, "login": self.login}
        return {name: row.pk if row is not None else None for name, row in rows.items()}


@dataclass(frozen=True)
class Ceremony:
    """What a browser is told: ``options`` are WebAuthn's in its own JSON, ``id`` comes back with the answer."""

    id: uuid.UUID
    options: dict[str, Any]


def registration_begin(user: User, party: Party) -> Ceremony:
    """Ask for a new passkey of ``user`` on an authenticator that has none of theirs yet."""
    row = _begun(CeremonyPurpose.REGISTER, party)
    options = generate_registration_options(
        rp_id=settings.WEBAUTHN_RP_ID,
        rp_name=settings.WEBAUTHN_RP_NAME,
        user_id=user.pk.bytes,
        user_name=user.username,
        user_display_name=user.display_name or user.username,
        challenge=bytes(row.challenge),
        timeout=_timeout(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_descriptors(Passkey.objects.filter(user=user)),
    )
    return Ceremony(row.pk, json.loads(options_to_json(options)))


def assertion_begin(purpose: CeremonyPurpose, party: Party) -> Ceremony:
    """Ask for a signature by a passkey of the party's user, or by any where there is none."""
    row = _begun(purpose, party)
    allowed = Passkey.objects.filter(user=party.user) if party.user is not None else Passkey.objects.none()
    options = generate_authentication_options(
        rp_id=settings.WEBAUTHN_RP_ID,
        challenge=bytes(row.challenge),
        timeout=_timeout(),
        allow_credentials=_descriptors(allowed),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Ceremony(row.pk, json.loads(options_to_json(options)))


def ceremony_take(purpose: CeremonyPurpose, party: Party, ceremony: uuid.UUID) -> bytes | None:
    """The challenge of a ceremony, which is thereby used up whatever the answer is; None where it does not serve.

    Must not run in a transaction that a failure undoes.
    """
    values = {"id": ceremony, "purpose": purpose.value, "now": timezone.now(), **party.keys}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        row = cursor.fetchone()
    return None if row is None else bytes(row[0])


def registration_read(credential: dict[str, Any]) -> RegistrationCredential | None:
    """The answer of an authenticator as the library reads it; None where it is none."""
    try:
        return parse_registration_credential_json(credential)
    except UNREADABLE:
        return None


def registration_checked(credential: RegistrationCredential, challenge: bytes) -> VerifiedRegistration | None:
    """What was registered; None where the answer does not hold."""
    try:
        return verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=settings.WEBAUTHN_RP_ID,
            expected_origin=settings.WEBAUTHN_ORIGINS,
            require_user_verification=True,
        )
    except UNREADABLE:
        return None


def assertion_read(credential: dict[str, Any]) -> AuthenticationCredential | None:
    """As :func:`registration_read`, for a signature."""
    try:
        return parse_authentication_credential_json(credential)
    except UNREADABLE:
        return None


def assertion_checked(
    credential: AuthenticationCredential, passkey: Passkey, challenge: bytes
) -> VerifiedAuthentication | None:
    """What the authenticator says beside a signature that is right; None where it is not.

    The counter is not looked at: the library would before the signature, of which it is a part.
    """
    try:
        return verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=settings.WEBAUTHN_RP_ID,
            expected_origin=settings.WEBAUTHN_ORIGINS,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except UNREADABLE:
        return None


def _begun(purpose: CeremonyPurpose, party: Party) -> WebAuthnCeremony:
    return WebAuthnCeremony.objects.create(
        purpose=purpose,
        challenge=secrets.token_bytes(CHALLENGE_BYTES),
        user=party.user,
        session=party.session,
        login=party.login,
        expires_at=timezone.now() + settings.WEBAUTHN_CEREMONY_LIFETIME,
    )


def _descriptors(passkeys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=bytes(passkey.credential_id), transports=[AuthenticatorTransport(name) for name in passkey.transports]
        )
        for passkey in passkeys
    ]


def _timeout() -> int:
    """Milliseconds."""
    return int(settings.WEBAUTHN_CEREMONY_LIFETIME.total_seconds() * 1000)
