"""Inviting people to accounts that they give the first password themselves."""

from django.conf import settings
from django.db import transaction

from accounts.exceptions import InvitationOver, TooManyMails, UserInvalid
from accounts.models import LinkPurpose, User
from accounts.permissions import require_manager
from accounts.services.events import user_event
from accounts.services.links import link_create
from accounts.services.mails import mail_write
from accounts.services.step_up import fresh_authentication
from accounts.services.throttling import attempt_begin, counted_invitation
from accounts.services.users import user_create
from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.models import Role


@fresh_authentication
@transaction.atomic
def user_invite(
    *, actor: User | None, username: str, email: str, display_name: str = "", role: str = Role.VIEWER
) -> User:
    """A new account without a password, and a mail to ``email`` with the link by which its owner sets one.

    Raises as :func:`user_create`, and :class:`UserInvalid` where there is no address.
    """
    if not email:
        message = sentence("An invitation needs an e-mail address.")
        raise UserInvalid(errors=[FieldError("/email", "REQUIRED", message)])
    user = user_create(actor=actor, username=username, email=email, display_name=display_name, role=role)
    _send(actor, user)
    return user


def invitation_renew(*, actor: User | None, user: User) -> None:
    """Send the link anew; the earlier one is void.

    Raises :class:`ManageUsersDenied`, :class:`InvitationOver` and :class:`TooManyMails`.
    """
    require_manager(actor)
    with transaction.atomic():
        locked = User.objects.locked(user.pk)
        if locked.has_usable_password() or not locked.is_active or not locked.email or not locked.is_staff:
            raise InvitationOver
        if not attempt_begin(counted_invitation(locked.email)).is_allowed:
            raise TooManyMails
        _send(actor, locked)


def _send(actor: User | None, user: User) -> None:
    link = link_create(
        user=user, purpose=LinkPurpose.INVITATION, email=user.email, lifetime=settings.INVITATION_LIFETIME
    )
    mail_write(user=user, template="invitation", link=link, username=user.username)
    user_event("io.oms.accounts.user.invited", user, actor=actor, role=user.role)
