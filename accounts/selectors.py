"""Reads of accounts that may be refused."""

from typing import Any

from django.db.models import QuerySet

from accounts.exceptions import ViewUsersDenied
from accounts.models import User


def users_visible_to(viewer: Any) -> QuerySet[User]:
    """All accounts, by name. Raises :class:`ViewUsersDenied` where ``viewer`` may see none but their own."""
    if not viewer.has_perm("accounts.view_users"):
        raise ViewUsersDenied
    return User.objects.visible_to(viewer)
