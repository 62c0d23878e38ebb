"""Rows that a service locks before it decides."""

from datetime import datetime

from accounts.exceptions import ChallengeInvalid, SessionEnded
from accounts.models import User


def active_user_locked(user: User, *, since: datetime | None = None) -> User:
    """The account as it is now, locked: what is begun for it while it ends, or after that, does not outlive it.

    Raises :class:`SessionEnded` where it is not active any more, and :class:`ChallengeInvalid` where what it signs
    in with has changed ``since`` a sign-in began.
    """
    row = User.objects.locked(user.pk)
    if not row.is_active:
        raise SessionEnded
    if since is not None and row.has_changed_since(since):
        raise ChallengeInvalid
    return row
