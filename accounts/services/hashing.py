"""How many passwords a process checks at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from accounts.exceptions import HashingBusy
from accounts.models import User
from gateway.engine.bulkhead import Bulkhead, BulkheadFull

hashing = Bulkhead(limit=settings.PASSWORD_HASHING_LIMIT, wait=settings.PASSWORD_HASHING_WAIT)


@contextmanager
def hashing_slot() -> Iterator[None]:
    """A turn at hashing. Raises :class:`HashingBusy` where none comes in time."""
    try:
        with hashing.slot():
            yield
    except BulkheadFull as error:
        raise HashingBusy from error


def password_matches(user: User, password: str) -> bool:
    """Whether it is the account's password; a hash of other costs is made anew if it is."""
    with hashing_slot():
        return user.check_password(password)


def password_was(password: str, encoded: str) -> bool:
    """Whether ``encoded`` is a hash of it."""
    with hashing_slot():
        return check_password(password, encoded)


def password_hashed(password: str) -> str:
    """The password as it is kept: of exactly what was typed."""
    with hashing_slot():
        return make_password(password)
