"""Showing in a session once more who one is."""

from django.db import transaction
from django.utils import timezone

from accounts.engine.methods import Shown
from accounts.exceptions import CodeWrong
from accounts.models import Session, User
from accounts.permissions import require_session
from accounts.selectors.factors import factor_methods
from accounts.services.events import session_event
from accounts.services.factors import code_verify
from accounts.services.passwords import password_confirm


def session_confirm(*, actor: User, password: str = "", code: str = "") -> Session:
    """Show the factor, or the password where there is none, so that what is sensitive may be done for a while.

    Raises :class:`CodeWrong`, :class:`CredentialsWrong`, :class:`TooManyAttempts` and
    :class:`NotForAPIKeys`; must not run in a transaction, since guesses are counted.
    """
    session = require_session(actor)
    if not factor_methods(actor):
        password_confirm(session, password, field="/password")
        return session_confirmed(session, Shown.PASSWORD)
    if not code:
        raise CodeWrong
    return session_confirmed(session, code_verify(actor, code, session.device))


@transaction.atomic
def session_confirmed(session: Session, shown: Shown) -> Session:
    """The session, in which its user has just ``shown`` something."""
    session.auth_time = timezone.now()
    new = [shown] if shown == Shown.PASSWORD else [shown, Shown.SEVERAL]
    session.amr = list(dict.fromkeys([*session.amr, *new]))
    session.save(update_fields=["auth_time", "amr"])
    session_event("io.oms.accounts.session.confirmed", session, actor=session.user, amr=session.amr)
    return session
