"""Passkeys: made, used, renamed and removed. Every one verifies its user, so it is two factors at once."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers.structs import AuthenticationCredential
from webauthn.registration.verify_registration_response import VerifiedRegistration

from accounts.engine.methods import Method
from accounts.exceptions import FactorNotFound, PasskeyInvalid, PasskeyLimitReached, PasskeyRefused
from accounts.models import CeremonyPurpose, Passkey, Session, User
from accounts.permissions import require_no_key
from accounts.selectors.factors import factor_methods
from accounts.services.ceremonies import (
    Ceremony,
    Party,
    assertion_checked,
    assertion_read,
    ceremony_take,
    registration_begin,
    registration_checked,
    registration_read,
)
from accounts.services.events import user_event
from accounts.services.factors import (
    factor_changed,
    recovery_codes_new,
    require_factor,
    require_person,
    require_way_in,
)
from accounts.services.rows import active_user_locked
from accounts.services.step_up import fresh_authentication
from gateway.engine.sentences import Sentence, sentence
from gateway.exceptions import FieldError

CREDENTIAL_ID_BYTES = 1023
"""WebAuthn Level 3, 7.1."""


@dataclass(frozen=True)
class Registered:
    """A new passkey, and recovery codes where it is the account's first factor."""

    passkey: Passkey
    recovery_codes: list[str]


@fresh_authentication
def passkey_register_begin(*, actor: User) -> Ceremony:
    """Begin with one more passkey. Raises :class:`PasskeyLimitReached`."""
    return passkey_begin(actor, _party(actor))


def passkey_begin(user: User, party: Party) -> Ceremony:
    """As :func:`passkey_register_begin`, also in the middle of a sign-in that asks for it."""
    require_person(user)
    _check_room(user)
    return registration_begin(user, party)


@fresh_authentication
def passkey_register_finish(*, actor: User, ceremony: uuid.UUID, credential: dict[str, Any], name: str) -> Registered:
    """Have a passkey count from now on; its user's other sessions end.

    Raises :class:`PasskeyInvalid` with what is wrong, and :class:`PasskeyLimitReached`. Uses the
    ceremony up whatever comes of it, so it must not run in a transaction that a failure undoes.
    """
    return passkey_finish(actor, _party(actor), ceremony, credential, name)


def passkey_finish(
    user: User,
    party: Party,
    ceremony: uuid.UUID,
    credential: dict[str, Any],
    name: str,
) -> Registered:
    """As :func:`passkey_register_finish`, also in the middle of the party's sign-in."""
    called = _checked_name(name)
    challenge = ceremony_take(CeremonyPurpose.REGISTER, party, ceremony)
    if challenge is None:
        raise _invalid("/ceremony", "EXPIRED", sentence("This took too long or was done already; begin again."))
    given = registration_read(credential)
    verified = registration_checked(given, challenge) if given is not None else None
    if given is None or verified is None or len(verified.credential_id) > CREDENTIAL_ID_BYTES:
        raise _invalid("/credential", "NOT_VERIFIED", sentence("The answer of the authenticator does not hold."))
    transports = [transport.value for transport in given.response.transports or []]
    return _registered(user, party, called, verified, transports)


@fresh_authentication
@transaction.atomic
def passkey_remove(*, actor: User, passkey: uuid.UUID) -> None:
    """Sign in without this passkey from now on; its user's other sessions end.

    Raises :class:`FactorNotFound`, :class:`FactorRequired` where it is the last factor and the role asks for one,
    and :class:`LastWayIn` where nothing else signs them in.
    """
    user = active_user_locked(actor)
    _own(actor, passkey).delete()
    require_factor(user)
    require_way_in(user)
    factor_changed(actor, "io.oms.accounts.factor.removed", Method.WEBAUTHN, kept=_party(actor).session, actor=actor)


@transaction.atomic
def passkey_rename(*, actor: User, passkey: uuid.UUID, name: str) -> Passkey:
    """Call it something else. Raises :class:`FactorNotFound`, :class:`PasskeyInvalid` and :class:`NotForAPIKeys`."""
    require_no_key(actor)
    row = _own(actor, passkey)
    row.name = _checked_name(name)
    row.save(update_fields=["name"])
    user_event("io.oms.accounts.passkey.renamed", actor, actor=actor, passkey=str(row.pk))
    return row


def passkey_use(purpose: CeremonyPurpose, party: Party, ceremony: uuid.UUID, credential: dict[str, Any]) -> Passkey:
    """The passkey that has signed the ceremony's challenge, with its user.

    Raises :class:`PasskeyRefused` alike for whatever is wrong; where a passkey is known, its history has an
    event. A signature cannot be guessed, so nothing is counted and nothing locked. Must not run in
    a transaction that a failure undoes.
    """
    challenge = ceremony_take(purpose, party, ceremony)
    given = assertion_read(credential)
    if challenge is None or given is None:
        raise PasskeyRefused
    with transaction.atomic():
        named = Passkey.objects.filter(credential_id=given.raw_id).select_related("user")
        passkey = named.select_for_update(of=("self",), no_key=True).first()
        if passkey is None:
            raise PasskeyRefused
        refusal = _used(passkey, party, given, challenge)
        if refusal:
            user_event(
                "io.oms.accounts.passkey.refused", passkey.user, actor=None, passkey=str(passkey.pk), reason=refusal
            )
    if refusal:
        raise PasskeyRefused
    return passkey


def _used(passkey: Passkey, party: Party, given: AuthenticationCredential, challenge: bytes) -> str:
    """Why the passkey, whose row is locked, does not serve; empty where it does, and its use is then kept."""
    if not _is_of(passkey, party, given):
        return "user"
    verified = assertion_checked(given, passkey, challenge)
    if verified is None:
        return "signature"
    if _goes_back(passkey, verified):
        return "counter"
    passkey.sign_count = verified.new_sign_count
    passkey.is_backed_up = verified.credential_backed_up
    passkey.last_used_at = timezone.now()
    passkey.save(update_fields=["sign_count", "is_backed_up", "last_used_at"])
    return ""


def _is_of(passkey: Passkey, party: Party, given: AuthenticationCredential) -> bool:
    """Whether it is the party's; where there is none, the authenticator must say whose it is (WebAuthn, 7.2)."""
    handle = given.response.user_handle
    if party.user is None:
        return handle == passkey.user_id.bytes
    return passkey.user_id == party.user.pk and handle in (None, b"", passkey.user_id.bytes)


def _goes_back(passkey: Passkey, verified: VerifiedAuthentication) -> bool:
    """Whether two authenticators hold this key: one that counts never tells a number twice."""
    return 0 < verified.new_sign_count <= passkey.sign_count


@transaction.atomic
def _registered(
    user: User, party: Party, name: str, verified: VerifiedRegistration, transports: list[str]
) -> Registered:
    """The user's row is the lock at which parallel registrations meet."""
    active_user_locked(user, since=party.login.created_at if party.login is not None else None)
    _check_room(user)
    is_first = not factor_methods(user)
    passkey, is_new = Passkey.objects.get_or_create(
        credential_id=verified.credential_id,
        defaults={
            "user": user,
            "name": name,
            "public_key": verified.credential_public_key,
            "sign_count": verified.sign_count,
            "transports": transports,
            "is_backed_up": verified.credential_backed_up,
        },
    )
    if not is_new:
        raise _invalid("/credential", "EXISTS", sentence("This passkey is registered already."))
    codes = recovery_codes_new(user) if is_first else []
    factor_changed(user, "io.oms.accounts.factor.added", Method.WEBAUTHN, kept=party.session or party.login, actor=user)
    return Registered(passkey, codes)


def _check_room(user: User) -> None:
    if Passkey.objects.filter(user=user).count() >= settings.PASSKEYS:
        raise PasskeyLimitReached


def _checked_name(name: str) -> str:
    name = name.strip()
    limit = Passkey._meta.get_field("name").max_length or 0  # noqa: SLF001 - Django's documented interface
    if not name:
        raise _invalid("/name", "REQUIRED", sentence("A passkey needs a name."))
    if len(name) > limit or not name.isprintable():
        message = sentence("A name has at most {limit} characters, all of which can be seen.", limit=limit)
        raise _invalid("/name", "NAME_INVALID", message)
    return name


def _own(actor: User, passkey: uuid.UUID) -> Passkey:
    row = Passkey.objects.select_for_update(no_key=True).filter(pk=passkey, user=actor).first()
    if row is None:
        raise FactorNotFound
    return row


def _party(actor: User) -> Party:
    credential = actor.credential
    return Party(user=actor, session=credential if isinstance(credential, Session) else None)


def _invalid(field: str, rule: str, message: Sentence) -> PasskeyInvalid:
    return PasskeyInvalid(errors=[FieldError(field, rule, message)])
