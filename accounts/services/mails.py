"""Mails: written in the transaction of what they tell of."""

from typing import Any

from accounts.models import AccountLink, OutgoingMail, User


def mail_write(*, user: User, template: str, to: str = "", link: AccountLink | None = None, **context: Any) -> None:
    """Tell ``user`` something by mail, where they have an address, once the caller's transaction is committed.

    ``template`` names ``templates/accounts/mail/<template>.txt``; ``context`` is JSON and holds nothing secret.
    """
    address = to or user.email
    if address:
        OutgoingMail.objects.create(
            user=user, to=address, template=template, context=context, link=link, language=user.language
        )
