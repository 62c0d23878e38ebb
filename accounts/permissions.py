"""The questions that the services of accounts ask before they act."""

from typing import Any, Final

from accounts.exceptions import ManageUsersDenied, NotForAPIKeys
from accounts.models import APIKey, Session

MANAGE_USERS: Final = "accounts.manage_users"


def require_manager(actor: Any) -> None:
    """Raises :class:`ManageUsersDenied` unless ``actor`` administers accounts, as the system itself does (None)."""
    if actor is not None and not actor.has_perm(MANAGE_USERS):
        raise ManageUsersDenied


def require_no_key(actor: Any) -> None:
    """Raises :class:`NotForAPIKeys` where an API key let ``actor`` in."""
    if isinstance(actor.credential, APIKey):
        raise NotForAPIKeys


def require_session(actor: Any) -> Session:
    """The session in which ``actor`` acts. Raises :class:`NotForAPIKeys` where it is none that let them in."""
    if not isinstance(actor.credential, Session):
        raise NotForAPIKeys
    return actor.credential
