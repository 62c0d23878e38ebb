"""E-mail addresses: showing that one is read, and changing it."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.exceptions import AddressVerified, TooManyMails, UserInvalid
from accounts.models import LinkPurpose, RevokeReason, User
from accounts.permissions import require_no_key
from accounts.services.events import user_event
from accounts.services.links import link_create, link_use
from accounts.services.mails import mail_write
from accounts.services.revocation import sessions_revoke
from accounts.services.step_up import fresh_authentication
from accounts.services.throttling import attempt_begin, counted_mail
from accounts.services.users import address_set
from accounts.services.validation import address_errors
from gateway.engine.sentences import sentence
from gateway.engine.text import folded
from gateway.exceptions import FieldError


def verification_send(*, actor: User) -> None:
    """Send a link to the user's own address, by which they show that they read it.

    Raises :class:`AddressVerified`, :class:`TooManyMails` and :class:`NotForAPIKeys`.
    """
    require_no_key(actor)
    if not actor.email or actor.email_verified_at is not None:
        raise AddressVerified
    if not attempt_begin(counted_mail(actor.pk, actor.email)).is_allowed:
        raise TooManyMails
    with transaction.atomic():
        link = link_create(
            user=actor,
            purpose=LinkPurpose.VERIFICATION,
            email=actor.email,
            lifetime=settings.ADDRESS_LINK_LIFETIME,
        )
        mail_write(user=actor, template="verification", link=link)


@transaction.atomic
def email_verify(*, token: str) -> User:
    """Who follows the link reads the address. Raises :class:`LinkInvalid`."""
    user = link_use(token, LinkPurpose.VERIFICATION).user
    user.email_verified_at = timezone.now()
    user.save(update_fields=["email_verified_at"])
    user_event("io.oms.accounts.email.verified", user, actor=user)
    return user


@fresh_authentication
def email_change(*, actor: User, email: str) -> None:
    """Send a link to another address, which becomes the user's when it is followed; the present one is told.

    Nothing says whether another account has the address: only who reads it may learn that, by the link.
    Raises :class:`UserInvalid` and :class:`TooManyMails`.
    """
    errors = address_errors(email)
    if folded(email) == actor.email_key:
        errors = [FieldError("/email", "UNCHANGED", sentence("This is your address already."))]
    if errors:
        raise UserInvalid(errors=errors)
    if not attempt_begin(counted_mail(actor.pk, email)).is_allowed:
        raise TooManyMails
    with transaction.atomic():
        link = link_create(
            user=actor, purpose=LinkPurpose.EMAIL_CHANGE, email=email, lifetime=settings.ADDRESS_LINK_LIFETIME
        )
        mail_write(user=actor, template="email_change", to=email, link=link)
        mail_write(user=actor, template="email_change_asked")
        user_event("io.oms.accounts.email_change.requested", actor, actor=actor)


@transaction.atomic
def email_confirm(*, token: str, actor: User | None = None) -> User:
    """Have the address of the link be its user's from now on, verified; the sessions end, but for ``actor``'s own.

    Links that were sent to the old address are void. Raises :class:`LinkInvalid` and :class:`NameTaken`.
    """
    link = link_use(token, LinkPurpose.EMAIL_CHANGE)
    user, former = link.user, link.user.email
    is_own = actor is not None and actor.pk == user.pk
    kept = actor.credential if actor is not None and is_own else None
    # Before the row gets another key: who holds a session may wait to refer to the row.
    sessions_revoke(user=user, reason=RevokeReason.EMAIL, actor=user, kept=kept)
    address_set(user, link.email)
    if former:
        mail_write(user=user, template="email_changed", to=former)
    user_event("io.oms.accounts.email.changed", user, actor=user)
    return user
