"""Saying who owns which resources."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Max

from gateway.engine.sentences import sentence
from gateway.engine.text import is_storable
from gateway.exceptions import FieldError
from history.models import Repository
from history.permissions import ADMINISTER, require
from history.selectors import content_model
from history.services import event_record
from merging.engine.globs import ANY_DEPTH, example, matches
from merging.exceptions import OwnersInvalid, OwnersNotFound
from merging.models import LAST_POSITION, PATTERN_LENGTH, Ownership


@transaction.atomic
def owners_set(
    *,
    actor: Any,
    repository: Repository,
    pattern: str,
    users: Sequence[str] = (),
    groups: Sequence[str] = (),
    position: int | None = None,
) -> Ownership:
    """Have exactly ``users`` (usernames) and ``groups`` (names) own what ``pattern`` describes; none: nobody.

    A new pattern comes behind all others, and so counts before them, unless a ``position`` is given. Nothing happens
    where all that is so. Raises OwnersInvalid with all that is wrong.
    """
    require(actor, ADMINISTER, repository)
    people, unknown_people = _users(users)
    teams, unknown_teams = _groups(groups)
    if errors := [*_pattern_errors(pattern), *unknown_people, *unknown_teams, *_position_errors(position)]:
        raise OwnersInvalid(errors=errors)
    # The ownerships of a repository are written one at a time.
    Repository.objects.select_for_update(no_key=True).get(pk=repository.pk)
    row = repository.ownerships.filter(pattern=pattern).first() or Ownership(repository=repository, pattern=pattern)
    if row.pk and _says(row, people, teams, position):
        return row
    if position is not None or not row.pk:
        row.position = _next_position(repository) if position is None else position
    row.save()
    row.users.set(people)
    row.groups.set(teams)
    people_ids = sorted(str(user.pk) for user in people)
    names = sorted(group.name for group in teams)
    _tell("io.oms.merging.owners.set", actor, row, position=row.position, users=people_ids, groups=names)
    return row


@transaction.atomic
def owners_remove(*, actor: Any, ownership: Ownership) -> None:
    """Have a pattern say nothing of owners any more. Raises OwnersNotFound where somebody else has done so."""
    require(actor, ADMINISTER, ownership.repository)
    deleted, _ = Ownership.objects.filter(pk=ownership.pk).delete()
    if not deleted:
        raise OwnersNotFound(sentence("The owners of {pattern} are gone already.", pattern=ownership.pattern))
    _tell("io.oms.merging.owners.removed", actor, ownership)


def _says(row: Ownership, people: Sequence[Any], teams: Sequence[Group], position: int | None) -> bool:
    is_there = position is None or position == row.position
    return is_there and set(row.users.all()) == set(people) and set(row.groups.all()) == set(teams)


def _next_position(repository: Repository) -> int:
    last: int | None = repository.ownerships.aggregate(last=Max("position"))["last"]
    # Of one position the pattern that was made last counts, so that there is always a place behind all others.
    return 0 if last is None else min(last + 1, LAST_POSITION)


def _users(names: Sequence[str]) -> tuple[list[Any], list[FieldError]]:
    users = get_user_model()._default_manager  # noqa: SLF001  (Django's documented name for it)
    asked = [name for name in names if is_storable(name)]
    found = {user.get_username(): user for user in users.filter(username__in=asked)}
    unknown = (
        FieldError(f"/users/{place}", "OWNER_UNKNOWN", sentence("There is no user {name}.", name=name))
        for place, name in enumerate(names)
        if name not in found
    )
    return list(found.values()), list(unknown)


def _groups(names: Sequence[str]) -> tuple[list[Group], list[FieldError]]:
    found = {group.name: group for group in Group.objects.filter(name__in=filter(is_storable, names))}
    unknown = (
        FieldError(f"/groups/{place}", "OWNER_UNKNOWN", sentence("There is no group {name}.", name=name))
        for place, name in enumerate(names)
        if name not in found
    )
    return list(found.values()), list(unknown)


def _pattern_errors(pattern: str) -> Iterator[FieldError]:
    *kinds, name = pattern.split("/")
    if len(pattern) > PATTERN_LENGTH or not is_storable(pattern):
        message = sentence("A pattern has at most {limit} characters and no NUL.", limit=PATTERN_LENGTH)
        yield FieldError("/pattern", "PATTERN_INVALID", message)
    elif not name or len(kinds) > 1:
        message = sentence("A pattern is a name, or a kind, a slash and a name, such as object_type/Order*.")
        yield FieldError("/pattern", "PATTERN_INVALID", message)
    elif not (described := _kinds_like(kinds)):
        message = sentence("There is no kind {kind}.", kind=kinds[0])
        yield FieldError("/pattern", "KIND_UNKNOWN", message)
    elif all(content_model().name_violations(kind, example(name)) for kind in described):
        message = sentence("No resource can be called like {pattern}.", pattern=repr(pattern))
        yield FieldError("/pattern", "PATTERN_INVALID", message)


def _kinds_like(globs: Sequence[str]) -> list[str]:
    """The kinds that the part of a pattern before its slash describes; without such a part all of them."""
    return [kind for kind in content_model().kinds if globs in ([], [ANY_DEPTH]) or matches(globs[0], kind)]


def _position_errors(position: int | None) -> Iterator[FieldError]:
    if position is not None and not 0 <= position <= LAST_POSITION:
        message = sentence("A position is between 0 and {limit}.", limit=LAST_POSITION)
        yield FieldError("/position", "OUT_OF_RANGE", message)


def _tell(event: str, actor: Any, ownership: Ownership, **data: Any) -> None:
    repository = ownership.repository
    event_record(
        type=event,
        subject=f"repositories/{repository.name}",
        actor=actor,
        repository=repository,
        data={"repository": repository.name, "pattern": ownership.pattern, **data},
    )
