"""Ending sessions from outside them."""

from django.db import transaction
from django.utils import timezone

from accounts.exceptions import ManageUsersDenied, NotForAPIKeys
from accounts.models import APIKey, KnownDevice, RevokeReason, Session, User
from history.services import event_record


@transaction.atomic
def session_revoke(*, actor: User | None, session: Session, reason: RevokeReason = RevokeReason.REVOKED) -> None:
    """End a session from outside it: one's own, or anybody's for an administrator. Again, it does nothing.

    ``actor`` is None where the system itself ends it. Raises :class:`ManageUsersDenied` and :class:`NotForAPIKeys`.
    """
    if actor is not None and isinstance(actor.credential, APIKey):
        raise NotForAPIKeys
    if actor is not None and actor.pk != session.user_id and not actor.has_perm("accounts.manage_users"):
        raise ManageUsersDenied
    if session_close(session, reason):
        event_record(
            type="io.oms.accounts.session.revoked",
            subject=f"sessions/{session.pk}",
            actor=actor,
            data={"session": str(session.pk), "user": str(session.user_id), "reason": reason},
        )


@transaction.atomic
def sessions_revoke(*, user: User, reason: RevokeReason, actor: User | None, kept: object = None) -> int:
    """End all sessions of ``user`` but the one that is ``kept``; how many those were."""
    live = Session.objects.live(timezone.now()).filter(user=user)
    others = live.exclude(pk=kept.pk) if isinstance(kept, Session) else live
    ended = list(others.order_by("pk"))
    for session in ended:
        session_revoke(actor=actor, session=session, reason=reason)
    return len(ended)


def session_close(session: Session, reason: RevokeReason) -> bool:
    """Whether this call was the one that ended it. The trust that was given in it ends with it."""
    open_row = Session.objects.filter(pk=session.pk, revoked_at__isnull=True)
    if open_row.update(revoked_at=timezone.now(), revoke_reason=reason) == 0:
        return False
    KnownDevice.objects.filter(trusted_by=session).update(trusted_until=None, trusted_by=None)
    return True
