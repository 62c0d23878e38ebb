"""Reads of accounts that may be refused, and the answer to why somebody may do something."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import Group
from django.db.models import QuerySet

from accounts.engine.policy import Decision, Denial, Held, Origin, decide
from accounts.engine.roles import PERMISSIONS, granted
from accounts.exceptions import (
    APIKeyDenied,
    APIKeyNotFound,
    ExplainDenied,
    GroupNotFound,
    PermissionUnknown,
    ResourceGrantNotFound,
    ViewUsersDenied,
)
from accounts.models import APIKey, ResourceGrant, User, held_in, standing_of
from accounts.permissions import MANAGE_USERS, require_no_key
from gateway.engine.sentences import Sentence, sentence
from gateway.exceptions import FieldError
from history.models import Repository, Role
from history.permissions import ADMINISTER, require
from history.selectors import user_get

WITHHELD: Final[Mapping[Denial, str]] = {
    Denial.INACTIVE: sentence("The account is not active."),
    Denial.SCOPE: sentence("The API key does not have this in its scopes."),
    Denial.NOT_A_MEMBER: sentence("The repository is private and the account is no member of it."),
}


@dataclass(frozen=True)
class Explanation:
    """Whether an account may do something, and why, in sentences."""

    user: User
    permission: str
    repository: Repository | None
    resource: str | None
    allowed: bool
    reasons: tuple[str, ...]


def api_keys_of(viewer: User, username: str | None = None) -> QuerySet[APIKey]:
    """The keys of ``viewer``, or for administrators those of another account, the newest first.

    Raises :class:`NotForAPIKeys`: a key learns nothing of others.
    """
    require_no_key(viewer)
    keys: QuerySet[APIKey] = APIKey.objects.visible_to(viewer).select_related("user", "replaces")
    if username is None:
        return keys.filter(user=viewer)
    if username == viewer.username or viewer.has_perm(MANAGE_USERS):
        return keys.filter(user=user_get(username))
    raise ViewUsersDenied


def api_key_owner(viewer: User, username: str | None) -> User:
    """Whom ``viewer`` makes a key for: oneself, or another account.

    Raises :class:`APIKeyDenied` where they may make none for others, before anything is said about who has an account.
    """
    if username is None or username == viewer.username:
        return viewer
    if not viewer.has_perm(MANAGE_USERS):
        raise APIKeyDenied
    owner: User = user_get(username)
    return owner


def api_key_get(viewer: User, identifier: Any) -> APIKey:
    """A key that ``viewer`` may do something to. Raises :class:`APIKeyNotFound`."""
    key: APIKey | None = APIKey.objects.visible_to(viewer).select_related("user").filter(pk=identifier).first()
    if key is None:
        raise APIKeyNotFound
    return key


def resource_grants_of(viewer: User, repository: Repository) -> QuerySet[ResourceGrant]:
    """The grants on resources of ``repository``, for who administers it."""
    require(viewer, ADMINISTER, repository)
    return ResourceGrant.objects.filter(repository=repository).select_related("repository", "user", "group")


def resource_grant_get(viewer: User, repository: Repository, identifier: Any) -> ResourceGrant:
    """One of them. Raises :class:`ResourceGrantNotFound`."""
    grant = resource_grants_of(viewer, repository).filter(pk=identifier).first()
    if grant is None:
        raise ResourceGrantNotFound
    return grant


def group_get(name: str) -> Group:
    """The group of that name. Raises :class:`GroupNotFound`."""
    group = Group.objects.filter(name=name).first()
    if group is None:
        raise GroupNotFound
    return group


def explain(
    user: User, permission: str, repository: Repository | None = None, resource: str | None = None
) -> Explanation:
    """Whether ``user`` may do ``permission``, by the very rules that are asked when they do it, and why.

    Without a ``resource`` (``kind/api_name``) the answer is that of ``user.has_perm``; with one it is
    what ``accounts.services.resource_guard`` holds them to. Raises :class:`PermissionUnknown`.
    """
    if permission not in PERMISSIONS:
        message = sentence("There is no such permission.")
        raise PermissionUnknown(errors=[FieldError("/permission", "VALUE_UNKNOWN", message)])
    decision = decide(permission, standing_of(user, repository), resource)
    return Explanation(user, permission, repository, resource, decision.allowed, _reasons(permission, decision))


def user_asked_about(viewer: User, username: str | None, repository: Repository | None) -> User:
    """Whom a question is about: oneself, anybody for administrators, who has a role there for those of ``repository``.

    Raises :class:`ExplainDenied`, before anything is said about who has an account.
    """
    if username is None or username == viewer.username:
        return viewer
    if viewer.has_perm(MANAGE_USERS):
        user: User = user_get(username)
        return user
    if repository is None or not viewer.has_perm(ADMINISTER, repository):
        raise ExplainDenied
    known = User.objects.named(username).first()
    if known is None or not held_in(known, repository):
        raise ExplainDenied
    return known


def _reasons(permission: str, decision: Decision) -> tuple[str, ...]:
    if decision.allowed:
        return tuple(_gives(held) for held in decision.held)
    if decision.denial is not None and decision.denial in WITHHELD:
        return (WITHHELD[decision.denial],)
    giving = ", ".join(role for role in Role.values if granted([role], permission))
    needed = sentence("{permission} needs one of these roles: {roles}.", permission=permission, roles=giving)
    return (*(_does_not_give(held) for held in decision.held), needed)


def _gives(held: Held) -> Sentence:
    words = {"role": held.role, "group": held.group, "pattern": held.pattern}
    match held.origin, bool(held.group):
        case Origin.INSTANCE, _:
            return sentence("The account has the role {role} on the instance, which gives it.", **words)
        case Origin.MEMBERSHIP, False:
            return sentence("The account is a member of the repository as {role}, which gives it.", **words)
        case Origin.MEMBERSHIP, True:
            return sentence("The group {group} is a member of the repository as {role}, which gives it.", **words)
        case Origin.GRANT, False:
            return sentence(
                "The account has the role {role} on resources like {pattern}, which gives it there.", **words
            )
    return sentence("The group {group} has the role {role} on resources like {pattern}, which gives it there.", **words)


def _does_not_give(held: Held) -> Sentence:
    words = {"role": held.role, "group": held.group, "pattern": held.pattern}
    match held.origin, bool(held.group):
        case Origin.INSTANCE, _:
            return sentence("The role {role} on the instance does not give it.", **words)
        case Origin.MEMBERSHIP, False:
            return sentence("The account's membership in the repository as {role} does not give it.", **words)
        case Origin.MEMBERSHIP, True:
            return sentence("The membership of the group {group} as {role} does not give it.", **words)
        case Origin.GRANT, False:
            return sentence("The role {role} on resources like {pattern} does not give it here.", **words)
    return sentence("The role {role} of the group {group} on resources like {pattern} does not give it here.", **words)
