"""Setting a password by a link: for who has forgotten theirs, and for who is invited."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.exceptions import LinkInvalid
from accounts.models import LinkPurpose, User, UserKind
from accounts.services.events import user_event
from accounts.services.hashing import password_hashed
from accounts.services.links import link_create, link_use
from accounts.services.mails import mail_write
from accounts.services.passwords import password_check, password_replace
from accounts.services.throttling import account_unlock, attempt_begin, counted_reset
from gateway.engine.text import folded
from gateway.services import enqueue


def password_reset_request(*, email: str, ip: str | None) -> None:
    """Have a link sent to ``email`` if it is the address of an account whose password may be forgotten.

    The same work and the same silence whether it is: a worker looks. Over the limit nothing is sent. A message
    that the broker loses is lost; who waits in vain asks again. Must not run in a transaction.
    """
    if attempt_begin(counted_reset(email, ip)).is_allowed:
        enqueue("accounts.tasks.begin_password_reset", email)


@transaction.atomic
def password_reset_begin(*, email: str) -> None:
    """Write the link and its mail, where there is a person to send them to who signs in by password."""
    people = User.objects.filter(email_key=folded(email), is_active=True, kind=UserKind.HUMAN)
    user = people.select_for_update(no_key=True).first()
    if user is None or not user.has_usable_password():
        return
    link = link_create(
        user=user, purpose=LinkPurpose.PASSWORD_RESET, email=user.email, lifetime=settings.RESET_LINK_LIFETIME
    )
    mail_write(user=user, template="password_reset", link=link)
    user_event("io.oms.accounts.password_reset.requested", user, actor=None)


@transaction.atomic
def password_reset_confirm(*, token: str, password: str) -> User:
    """Set another password by a link. Every session ends and a lock is lifted; the second factor stays.

    Nobody is signed in by it. Raises :class:`LinkInvalid`, what ``password_check`` raises, and
    :class:`HashingBusy`; the link is then as good as before.
    """
    user = link_use(token, LinkPurpose.PASSWORD_RESET).user
    _password_set(user, password)
    account_unlock(user.username)
    user_event("io.oms.accounts.password.reset", user, actor=user)
    return user


@transaction.atomic
def invitation_accept(*, token: str, password: str) -> User:
    """Set the first password of an account that one was invited to; the address that the link came to is verified.

    Raises :class:`LinkInvalid`, also where the account has a password by now, and as :func:`password_reset_confirm`.
    """
    user = link_use(token, LinkPurpose.INVITATION).user
    if user.has_usable_password():
        raise LinkInvalid
    _password_set(user, password)
    user_event("io.oms.accounts.invitation.accepted", user, actor=user)
    return user


def _password_set(user: User, password: str) -> None:
    """Check and set the password of a locked row; who followed a link to its address reads that."""
    password_check(user, password)
    password_replace(user, was=user.password, encoded=password_hashed(password), actor=user)
    if user.email_verified_at is None:
        user.email_verified_at = timezone.now()
        user.save(update_fields=["email_verified_at"])
