"""Django's question "may you?", answered from roles. Signing in is ``accounts.services``' own."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.backends import BaseBackend

from accounts.engine.policy import decide
from accounts.engine.roles import granted_in_app
from accounts.models import User, held_read, standing_of
from history.models import Repository, Role


class RoleBackend(BaseBackend):
    """Permissions by the role on the instance, by those on a repository, and by grants on its resources."""

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the user may do ``perm``, on the instance or on what ``obj`` belongs to.

        ``obj`` is a repository or has one. There the instance's role and those of memberships add
        up; a private repository gives nothing to who is no member, save administrators. A grant on
        some resources suffices here: where heads move, ``accounts.services.resource_guard`` looks
        at which those are. An API key gives nothing beyond its scopes.
        """
        if not user_obj.is_active or not user_obj.is_authenticated:
            return False
        repository = obj if obj is None or isinstance(obj, Repository) else obj.repository
        # Nothing in a repository takes anything from an administrator of the instance, so no row is read.
        in_repository = None if user_obj.role == Role.ADMINISTRATOR else repository
        return decide(perm, standing_of(user_obj, in_repository)).allowed

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return user_obj.is_active and user_obj.is_authenticated and granted_in_app([user_obj.role], app_label)


def roles_in(user: User, repository: Repository) -> frozenset[str]:
    """The roles by which ``user`` may go past rules in ``repository``: that on the instance and those of memberships.

    A private repository knows none of who is no member, save administrators of the instance. An API
    key brings none: it cannot show who goes past a rule.
    """
    standing = standing_of(user, repository)
    if standing.scopes is not None:
        return frozenset()
    return frozenset(held.role for held in standing.roles)


def membership_roles_read(users: Collection[User], repository: Repository) -> None:
    """Read the roles that each of ``users`` holds in ``repository``, so that asking for them costs nothing."""
    held_read(users, repository)
