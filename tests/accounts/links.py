"""What somebody finds in a mailbox."""

import re

from django.core import mail

from accounts.models import OutgoingMail
from accounts.services import mails_send

TOKEN = re.compile(r"\?token=([A-Za-z0-9_-]{64})")


def delivered():
    """The mails that were written since the last call, sent by the worker."""
    mail.outbox.clear()
    mails_send()
    return list(mail.outbox)


def token_in(message):
    """The token in the link of a mail."""
    return TOKEN.search(message.body).group(1)


def link_token(to):
    """The token in the one mail to ``to`` that has a link."""
    (token,) = [token_in(message) for message in delivered() if message.to == [to] and "?token=" in message.body]
    return token


def written():
    """The templates of all mails, in order."""
    return list(OutgoingMail.objects.order_by("created_at").values_list("template", flat=True))
