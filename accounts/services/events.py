"""What happens to an account, in the history of it."""

from typing import Any

from accounts.models import Session, User
from history.services import event_record


def user_event(type_: str, user: User, *, actor: User | None, **data: Any) -> None:
    """Record that an event of this type happened to ``user``. ``data`` is JSON and names nobody but by key."""
    event_record(
        type=type_,
        subject=f"users/{user.pk}",
        actor=actor,
        data={"user": str(user.pk), **data},
    )


def session_event(type_: str, session: Session, *, actor: User | None, **data: Any) -> None:
    """Record that an event of this type happened to ``session``, as :func:`user_event` does."""
    event_record(
        type=type_,
        subject=f"sessions/{session.pk}",
        actor=actor,
        data={"session": str(session.pk), "user": str(session.user_id), **data},
    )
