"""What counts of an account when it is asked what it may do, read from the rows."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, Q, QuerySet, Value

from accounts.engine.policy import Held, Origin, Standing
from accounts.models.api_keys import APIKey
from accounts.models.grants import ResourceGrant
from accounts.models.users import User
from history.models import Membership, Repository, Visibility

Row = tuple[Any, str, str, str | None, str]


def standing_of(user: User, repository: Repository | None) -> Standing:
    """What counts of ``user`` on the instance or, given one, in ``repository``; read once per user object."""
    credential = user.credential
    held = held_in(user, repository) if repository is not None else frozenset[Held]()
    return Standing(
        is_active=user.is_active,
        role=user.role,
        scopes=tuple(credential.scopes) if isinstance(credential, APIKey) else None,
        in_repository=repository is not None,
        is_private=repository is not None and repository.visibility == Visibility.PRIVATE,
        memberships=frozenset(each for each in held if each.origin == Origin.MEMBERSHIP),
        grants=frozenset(each for each in held if each.origin == Origin.GRANT),
    )


def held_in(user: User, repository: Repository) -> frozenset[Held]:
    """The roles that ``user`` has by memberships and grants in ``repository``, in one query."""
    known = _known(user)
    if repository.pk not in known:
        own = Q(user=user) | Q(group__in=user.groups.all())
        known[repository.pk] = frozenset(_held(row) for row in _rows(repository, own, F("repository")))
    return known[repository.pk]


def held_read(users: Collection[User], repository: Repository) -> None:
    """Read what each of ``users`` has in ``repository``, so that asking for it costs nothing."""
    found: dict[Any, set[Held]] = {user.pk: set() for user in users}
    by_group = _rows(repository, Q(group__users__in=found), F("group__users"))
    for row in [*_rows(repository, Q(user__in=found), F("user")), *by_group]:
        found[row[0]].add(_held(row))
    for each in users:
        _known(each)[repository.pk] = frozenset(found[each.pk])


def _rows(repository: Repository, condition: Q, whose: F) -> "QuerySet[Any, Row]":
    """Memberships and grants that meet the ``condition``, each with ``whose`` it is."""
    memberships = Membership.objects.filter(condition, repository=repository)
    grants = ResourceGrant.objects.filter(condition, repository=repository).order_by()
    rows: QuerySet[Any, Row] = memberships.annotate(
        whose=whose, origin=Value(Origin.MEMBERSHIP.value), path=Value("")
    ).values_list("whose", "role", "origin", "group__name", "path")
    return rows.union(
        grants.annotate(whose=whose, origin=Value(Origin.GRANT.value)).values_list(
            "whose", "role", "origin", "group__name", "pattern"
        ),
        all=True,
    )


def _held(row: Row) -> Held:
    _whose, role, origin, group, pattern = row
    return Held(role, Origin(origin), group or "", pattern)


def _known(user: User) -> dict[Any, frozenset[Held]]:
    known: dict[Any, frozenset[Held]] = user.__dict__.setdefault("_held", {})
    return known
