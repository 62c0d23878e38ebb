"""Ending sessions from outside them."""

from django.db import transaction
from django.utils import timezone

from accounts.models import KnownDevice, RevokeReason, Session, User
from accounts.permissions import require_manager, require_no_key, require_session
from accounts.services.events import session_event


@transaction.atomic
def session_revoke(*, actor: User | None, session: Session, reason: RevokeReason = RevokeReason.REVOKED) -> None:
    """End a session from outside it: one's own, or anybody's for an administrator. Again, it does nothing.

    ``actor`` is None where the system itself ends it. Raises :class:`ManageUsersDenied` and :class:`NotForAPIKeys`.
    """
    if actor is not None:
        require_no_key(actor)
    if actor is None or actor.pk != session.user_id:
        require_manager(actor)
    if session_close(session, reason):
        session_event("io.oms.accounts.session.revoked", session, actor=actor, reason=reason)


@transaction.atomic
def sessions_revoke(*, user: User, reason: RevokeReason, actor: User | None, kept: Session | None = None) -> None:
    """End all sessions of ``user`` but the one that is ``kept``."""
    live = Session.objects.live(timezone.now()).filter(user=user).order_by("pk")
    for session in live if kept is None else live.exclude(pk=kept.pk):
        session_revoke(actor=actor, session=session, reason=reason)


def sessions_revoke_others(*, actor: User) -> None:
    """End all of one's sessions but that in which one acts. Raises :class:`NotForAPIKeys`."""
    sessions_revoke(user=actor, reason=RevokeReason.REVOKED, actor=actor, kept=require_session(actor))


def session_close(session: Session, reason: RevokeReason) -> bool:
    """Whether this call was the one that ended it. The trust that was given in it ends with it."""
    open_row = Session.objects.filter(pk=session.pk, revoked_at__isnull=True)
    if open_row.update(revoked_at=timezone.now(), revoke_reason=reason) == 0:
        return False
    KnownDevice.objects.filter(trusted_by=session).update(trusted_by=None)
    return True
