"""Accounts, and the rules that they follow: reads that may be refused."""

from typing import Any

from django.db.models import QuerySet

from accounts.exceptions import ViewUsersDenied
from accounts.models import PasswordPolicy, RoleSettings, User
from accounts.permissions import require_manager


def users_visible_to(viewer: Any) -> QuerySet[User]:
    """All accounts, by name. Raises :class:`ViewUsersDenied` where ``viewer`` may see none but their own."""
    if not viewer.has_perm("accounts.view_users"):
        raise ViewUsersDenied
    return User.objects.visible_to(viewer)


def policies_visible_to(viewer: Any) -> QuerySet[PasswordPolicy]:
    """The rules of passwords, by name. Raises :class:`ManageUsersDenied`."""
    require_manager(viewer)
    return PasswordPolicy.objects.all()


def role_settings_visible_to(viewer: Any) -> QuerySet[RoleSettings]:
    """What each role asks. Raises :class:`ManageUsersDenied`."""
    require_manager(viewer)
    return RoleSettings.objects.all()
