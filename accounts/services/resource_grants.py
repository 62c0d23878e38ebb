"""Roles on some of a repository's resources, and the guard that holds those who have no other to them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from accounts.engine.policy import PATTERN_LENGTH, decide, granting, is_pattern, matches, readings
from accounts.engine.roles import granted
from accounts.exceptions import ResourceGrantExists, ResourceGrantInvalid, ResourceGrantNotFound, ResourceRefused
from accounts.models import ResourceGrant, User, standing_of
from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.models import Repository, Role
from history.permissions import ADMINISTER, require
from history.selectors import TreeView, content_model, tree_diff
from history.services import HeadChange, event_record

WRITE: Final = "history.commit"
"""The permission by which contents change. Every role that moves heads has it, whatever the move is."""
SHOWN: Final = 20
"""So many refused resources are named at once."""


@transaction.atomic
def resource_grant_create(
    *,
    actor: Any,
    repository: Repository,
    role: str,
    pattern: str,
    user: User | None = None,
    group: Group | None = None,
) -> ResourceGrant:
    """Give a user or a group ``role`` on the resources of ``repository`` that ``pattern`` describes.

    Raises :class:`ResourceGrantInvalid` with every value that breaks a rule, and :class:`ResourceGrantExists`.
    """
    require(actor, ADMINISTER, repository)
    if errors := list(_errors(role, pattern, user, group)):
        raise ResourceGrantInvalid(errors=errors)
    try:
        with transaction.atomic():
            grant = ResourceGrant.objects.create(
                repository=repository, user=user, group=group, role=role, pattern=pattern, created_by=actor
            )
    except IntegrityError as error:
        raise ResourceGrantExists from error
    _tell("io.oms.accounts.resource_grant.created", actor, grant)
    return grant


@transaction.atomic
def resource_grant_delete(*, actor: Any, grant: ResourceGrant) -> None:
    """Take a grant back. Raises :class:`ResourceGrantNotFound` where somebody else has done so meanwhile."""
    require(actor, ADMINISTER, grant.repository)
    deleted, _ = ResourceGrant.objects.filter(pk=grant.pk).delete()
    if not deleted:
        raise ResourceGrantNotFound
    _tell("io.oms.accounts.resource_grant.deleted", actor, grant)


def resource_guard(change: HeadChange) -> None:
    """Raise :class:`ResourceRefused` where the actor has a role on some resources alone and others would change.

    It is asked of every move of a head, whatever makes it. Who has a role on all of the repository
    costs nothing here, since the roles have been read and no difference is looked at.
    """
    if change.actor.role == Role.ADMINISTRATOR:
        return
    standing = standing_of(change.actor, change.branch.repository)
    if granted((held.role for held in standing.roles), WRITE) or change.is_creation:
        return
    if change.after is None:
        _refuse_deletion(change)
        return
    differences = tree_diff(TreeView(change.before.root), TreeView(change.after.root))
    changed = ["/".join(each.key) for each in differences]
    _refuse([path for path in changed if not granting(WRITE, standing.grants, path)])


def require_on_resources(actor: User, permission: str, repository: Repository, resources: Iterable[str]) -> None:
    """Raise :class:`ResourceRefused` unless ``actor`` has ``permission`` on each of ``resources`` (``kind/api_name``).

    For what comes to change them without moving a head itself, of which :func:`resource_guard` does not hear.
    """
    standing = standing_of(actor, repository)
    _refuse([path for path in resources if not decide(permission, standing, path).allowed])


def _refuse(paths: Sequence[str]) -> None:
    if paths:
        message = sentence("Your role here is for some resources alone, {path} is none of them.", path=paths[0])
        raise ResourceRefused(message, errors=[_refusal(path) for path in paths[:SHOWN]])


def _refuse_deletion(change: HeadChange) -> None:
    """A branch may hold anybody's work; who has a role on some resources alone deletes their own branches."""
    if change.branch.created_by_id != change.actor.pk:
        message = sentence("With a role for some resources alone you may delete your own branches only.")
        raise ResourceRefused(message, errors=[FieldError("", "BRANCH_NOT_OWN", message)])


def _refusal(path: str) -> FieldError:
    message = sentence("You have no role on {path} that lets you change it.", path=path)
    return FieldError("", "RESOURCE_NOT_GRANTED", message)


def _errors(role: str, pattern: str, user: User | None, group: Group | None) -> Iterator[FieldError]:
    if (user is None) == (group is None):
        yield FieldError("/user", "ONE_OF", sentence("A grant is for a user or for a group."))
    if role not in Role.values:
        message = sentence("The role is one of {values}.", values=", ".join(Role.values))
        yield FieldError("/role", "VALUE_UNKNOWN", message)
    if not is_pattern(pattern):
        message = sentence(
            "A pattern is a kind/name of at most {limit} characters without blanks; * is a part of one, ** anything.",
            limit=PATTERN_LENGTH,
        )
        yield FieldError("/pattern", "PATTERN_INVALID", message)
    elif not _can_describe(pattern):
        message = sentence("No resource can be called like {pattern}.", pattern=repr(pattern))
        yield FieldError("/pattern", "PATTERN_INVALID", message)


def _can_describe(pattern: str) -> bool:
    """Whether a resource of some kind can have a name that ``pattern`` describes."""
    model = content_model()
    return any(
        matches(kinds, kind) and not model.name_violations(kind, name.replace("*", "") or "a")
        for kinds, name in readings(pattern)
        for kind in model.kinds
    )


def _tell(event: str, actor: Any, grant: ResourceGrant) -> None:
    event_record(
        type=event,
        subject=f"repositories/{grant.repository.name}",
        actor=actor,
        repository=grant.repository,
        data={
            "repository": grant.repository.name,
            "grant": str(grant.pk),
            "user": str(grant.user_id or ""),
            "group": str(grant.group_id or ""),
            "role": grant.role,
            "pattern": grant.pattern,
        },
    )
