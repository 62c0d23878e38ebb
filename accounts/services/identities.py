"""Signing in as who a provider of OpenID Connect says that one is, and linking that to an account."""

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.engine.methods import Shown
from accounts.engine.providers import Identity
from accounts.exceptions import (
    IdentityNameTaken,
    IdentityNotFound,
    IdentityRefused,
    IdentityTaken,
    LastAdministrator,
    NameTaken,
)
from accounts.models import ExternalIdentity, SessionKind, User
from accounts.services.devices import Device, device_known
from accounts.services.events import user_event
from accounts.services.factors import require_way_in
from accounts.services.logins import Login, login_proceed, may_enter
from accounts.services.mails import mail_write
from accounts.services.rows import active_user_locked
from accounts.services.step_up import fresh_authentication
from accounts.services.users import user_create, user_update
from accounts.services.validation import is_address
from history.models import Role


def identity_sign_in(*, identity: Identity, device: Device) -> Login:
    """Sign in to the console as the account that ``identity`` is linked to, or as a new one.

    What the role asks for beyond a provider's word is asked for as after a password. Raises
    :class:`IdentityNameTaken` where a new account would have the name or the address of another, and
    :class:`IdentityRefused` where the account is inactive: nobody is linked by name or address alone.
    """
    since = timezone.now()
    user = _user_of(identity, since)
    if not may_enter(user, SessionKind.BROWSER):
        raise IdentityRefused
    user = _role_followed(user, identity.role)
    amr = [Shown.FEDERATED, Shown.SEVERAL] if identity.has_shown_several_factors else [Shown.FEDERATED]
    known = device_known(user.username, device.secret)
    return login_proceed(user=user, amr=amr, device=device, known=known, kind=SessionKind.BROWSER, since=since)


@fresh_authentication
@transaction.atomic
def identity_link(*, actor: User, identity: Identity) -> ExternalIdentity:
    """Have ``identity`` sign in as ``actor`` from now on; a mail tells them.

    Raises :class:`IdentityTaken` where it is another's.
    """
    active_user_locked(actor)
    try:
        with transaction.atomic():
            row = _link(actor, identity)
    except IntegrityError as error:
        found = _linked(identity)
        if found is None or found.user_id != actor.pk:
            raise IdentityTaken from error
        return found
    mail_write(user=actor, template="identity_changed")
    return row


@fresh_authentication
@transaction.atomic
def identity_unlink(*, actor: User, identity: int) -> None:
    """Take back a link of ``actor``'s own; a mail tells them.

    Raises :class:`IdentityNotFound`, and :class:`LastWayIn` where nothing else signs them in.
    """
    user = active_user_locked(actor)
    row = ExternalIdentity.objects.filter(pk=identity, user=user).first()
    if row is None:
        raise IdentityNotFound
    row.delete()
    require_way_in(user)
    mail_write(user=user, template="identity_changed")
    user_event("io.oms.accounts.identity.unlinked", user, actor=user)


def _user_of(identity: Identity, now: datetime) -> User:
    """Whom ``identity`` signs in as. Of parallel first sign-ins one makes the account, the constraints see to it."""
    found = _linked(identity)
    if found is None:
        try:
            return _user_made(identity)
        except (NameTaken, IntegrityError) as error:
            found = _linked(identity)  # somebody else may just have made it
            if found is None:
                raise IdentityNameTaken from error
    ExternalIdentity.objects.filter(pk=found.pk).update(last_used_at=now)
    return found.user


def _linked(identity: Identity) -> ExternalIdentity | None:
    rows = ExternalIdentity.objects.filter(issuer=identity.issuer, subject=identity.subject)
    return rows.select_related("user").first()


@transaction.atomic
def _user_made(identity: Identity) -> User:
    """An account for who signs in for the first time; it has no password."""
    email = identity.email if is_address(identity.email) else ""
    user = user_create(
        actor=None,
        username=identity.username or _unnamed(identity),
        email=email,
        display_name=identity.display_name,
        role=identity.role or Role.VIEWER,
    )
    if email:
        user.email_verified_at = timezone.now()
        user.save(update_fields=["email_verified_at"])
    _link(user, identity)
    return user


def _link(user: User, identity: Identity) -> ExternalIdentity:
    row = ExternalIdentity.objects.create(
        user=user, issuer=identity.issuer, subject=identity.subject, last_used_at=timezone.now()
    )
    user_event("io.oms.accounts.identity.linked", user, actor=user)
    return row


def _role_followed(user: User, role: str | None) -> User:
    """The account with the role that the provider gives, where it gives roles; the last administrator stays one."""
    if role is None or role == user.role:
        return user
    try:
        return user_update(actor=None, user=user, role=role)
    except LastAdministrator:
        user_event("io.oms.accounts.role.kept", user, actor=None, role=user.role, given=role)
        return user


def _unnamed(identity: Identity) -> str:
    """A username for who has none that can be one: of the pair that identifies them, and no more than that."""
    return f"user-{hashlib.sha256(f'{identity.issuer} {identity.subject}'.encode()).hexdigest()[:16]}"
