"""Django's question "may you?", answered from roles. Signing in is ``accounts.services``' own."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.backends import BaseBackend

from accounts.engine.roles import granted, granted_in_app
from accounts.models import User
from history.models import Membership, Repository, Role, Visibility


class RoleBackend(BaseBackend):
    """Permissions by the role on the instance and on a repository."""

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the user may do ``perm``, on the instance or on what ``obj`` belongs to.

        ``obj`` is a repository or has one. There the instance's role and those of memberships add
        up; a private repository gives nothing to who is no member, save administrators.
        """
        if not user_obj.is_active or not user_obj.is_authenticated:
            return False
        if obj is None or user_obj.role == Role.ADMINISTRATOR:
            return granted([user_obj.role], perm)
        repository = obj if isinstance(obj, Repository) else obj.repository
        return granted(roles_in(user_obj, repository), perm)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return user_obj.is_active and user_obj.is_authenticated and granted_in_app([user_obj.role], app_label)


def roles_in(user: User, repository: Repository) -> frozenset[str]:
    """The roles that ``user`` has in ``repository``: that on the instance and those of memberships.

    A private repository knows none of who is no member, save administrators of the instance.
    """
    roles = membership_roles(user, repository)
    is_stranger = not roles and user.role != Role.ADMINISTRATOR
    if is_stranger and repository.visibility == Visibility.PRIVATE:
        return frozenset()
    return roles | {user.role}


def membership_roles(user: User, repository: Repository) -> frozenset[str]:
    """The roles that ``user`` holds in ``repository``, in person or by group; read once per user object."""
    known: dict[Any, frozenset[str]] = user.__dict__.setdefault("_membership_roles", {})
    if repository.pk not in known:
        memberships = Membership.objects.of(user).filter(repository=repository)
        known[repository.pk] = frozenset(memberships.values_list("role", flat=True))
    return known[repository.pk]


def membership_roles_read(users: Collection[User], repository: Repository) -> None:
    """Read the roles that each of ``users`` holds in ``repository``, so that asking for them costs nothing."""
    found: dict[Any, set[str]] = {user.pk: set() for user in users}
    memberships = Membership.objects.filter(repository=repository)
    for user, role in memberships.filter(user__in=found).values_list("user", "role"):
        found[user].add(role)
    for user, role in memberships.filter(group__users__in=found).values_list("group__users", "role"):
        found[user].add(role)
    for each in users:
        each.__dict__.setdefault("_membership_roles", {})[repository.pk] = frozenset(found[each.pk])
