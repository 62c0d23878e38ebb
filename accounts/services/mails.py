"""Mails: written in the transaction of what they tell of, sent by a worker after it."""

from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import AccountLink, OutgoingMail, User
from accounts.services.links import link_is_open, link_url
from gateway.services import enqueue

ERROR_LENGTH = 300

logger = structlog.get_logger(__name__)


def mail_write(*, user: User, template: str, to: str = "", link: AccountLink | None = None, **context: Any) -> None:
    """Tell ``user`` something by mail, where they have an address, once the caller's transaction is committed.

    ``template`` names ``templates/accounts/mail/<template>.txt``; ``context`` is JSON and holds nothing secret.
    """
    address = to or user.email
    if address:
        OutgoingMail.objects.create(
            user=user, to=address, template=template, context=context, link=link, language=user.language
        )
        enqueue("accounts.tasks.send_mails")


def mails_send() -> int:
    """Send what is due, one after the other; how many were sent.

    Any number of workers share the work. A mail is taken, and its next attempt set, before it is sent: a worker
    that dies after that may have it sent twice, but never lost.
    """
    sent = 0
    while (mail := _take()) is not None:
        sent += _attempt(mail)
    return sent


def mails_purge() -> None:
    """Forget mails older than ``settings.MAIL_KEPT``, whatever has become of them."""
    OutgoingMail.objects.filter(created_at__lte=timezone.now() - settings.MAIL_KEPT).delete()


@transaction.atomic
def _take() -> OutgoingMail | None:
    """A mail that is due, which nobody else takes until its next attempt. The transaction ends before it is sent:
    while it lasts, readers of events would wait for whatever the mail server does.
    """
    now = timezone.now()
    due = OutgoingMail.objects.filter(next_attempt_at__lte=now).order_by("next_attempt_at", "pk")
    mail = due.select_related("user", "link").select_for_update(of=("self",), skip_locked=True).first()
    if mail is not None:
        mail.next_attempt_at = now + settings.MAIL_RETRY * 2 ** min(mail.attempts, settings.MAIL_ATTEMPTS)
        mail.attempts += 1
        mail.save(update_fields=["attempts", "next_attempt_at"])
    return mail


def _attempt(mail: OutgoingMail) -> bool:
    """Whether the mail was sent now; what became of it stands in its row."""
    if mail.link is not None and not link_is_open(mail.link):
        _mark(mail, error="The link was no longer good.", next_attempt_at=None)
        return False
    try:
        subject, body = mail_text(mail)
        send_mail(subject, body, None, [mail.to])
    except Exception as error:  # whatever is wrong with one mail, the next ones are sent
        logger.warning("mail_not_sent", mail=str(mail.pk), template=mail.template, exc_info=error)
        is_over = mail.attempts >= settings.MAIL_ATTEMPTS
        told = f"{type(error).__name__}: {error}"[:ERROR_LENGTH].replace("\0", "")
        _mark(mail, error=told, **({"next_attempt_at": None} if is_over else {}))
        return False
    _mark(mail, error="", sent_at=timezone.now(), next_attempt_at=None)
    return True


def mail_text(mail: OutgoingMail) -> tuple[str, str]:
    """The subject and the text of a mail, in its own language."""
    at = mail.context.get("at")
    context = {
        **mail.context,
        "at": datetime.fromisoformat(at) if at else mail.created_at,
        "link": link_url(mail.link) if mail.link is not None else "",
        "public_url": settings.PUBLIC_URL,
        # Whoever else reads the address learns nothing that a user may have written for them.
        "greeted": mail.user.get_full_name() if mail.to == mail.user.email else mail.user.username,
        "expires_at": mail.link.expires_at if mail.link is not None else None,
    }
    with translation.override(mail.language):
        text = render_to_string(f"accounts/mail/{mail.template}.txt", context)
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), f"{body.strip()}\n"


def _mark(mail: OutgoingMail, **values: Any) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(**values)
