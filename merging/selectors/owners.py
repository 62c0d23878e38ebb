"""Who owns what, and who may answer for what a proposal breaks."""

from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from accounts.backends import membership_roles_read
from gateway.engine.json_pointer import tokens
from gateway.engine.sentences import sentence
from history.models import Repository
from history.permissions import VIEW
from merging.engine.globs import last_match
from merging.exceptions import OwnersNotFound
from merging.models import FindingOverride, Ownership, Proposal
from merging.selectors.authors import authors_of

OVERRIDE: Final = "merging.override_finding"

Authors = Callable[[], set[UUID]]
"""Tells who made what a proposal brings."""


def ownerships_of(repository: Repository) -> "QuerySet[Ownership]":
    """Who owns what in a repository, in order: of several that describe a resource the last counts."""
    rows: QuerySet[Ownership] = repository.ownerships.prefetch_related("users", "groups")
    return rows.select_related("repository").order_by("position", "id")


def ownership_get(repository: Repository, identifier: int) -> Ownership:
    """The owners under one pattern. Raises OwnersNotFound."""
    found = ownerships_of(repository).filter(pk=identifier).first()
    if found is None:
        message = sentence("{repository} has no owners {id}.", repository=repository.name, id=identifier)
        raise OwnersNotFound(message)
    return found


def paths_overridable(actor: Any, proposal: Proposal, paths: Collection[str]) -> set[str]:
    """Those of ``paths`` at which ``actor`` may answer for findings of a proposal.

    All, for who has the permission; else what they own, unless they made some of what it brings or do not see it.
    """
    return _Answering(proposal, lambda: authors_of(proposal)).paths(actor, paths)


def overrides_counting(proposal: Proposal, authors: Authors | None = None) -> list[FindingOverride]:
    """The overrides of a proposal by people who may answer for what they are about now.

    ``authors`` tells who made what it brings, where that is not what its branches hold.
    """
    found = proposal.finding_overrides.select_related("overridden_by").prefetch_related("overridden_by__groups")
    given: dict[Any, list[FindingOverride]] = {}
    for row in found:
        given.setdefault(row.overridden_by, []).append(row)
    membership_roles_read(list(given), proposal.repository)
    answering = _Answering(proposal, authors or (lambda: authors_of(proposal)))
    counting = []
    for giver, rows in given.items():
        allowed = answering.paths(giver, [row.path for row in rows])
        counting += [row for row in rows if row.path in allowed]
    return counting


class _Answering:
    """Who may answer for what a proposal breaks; what is asked for is read then, and once."""

    def __init__(self, proposal: Proposal, authors: Authors) -> None:
        self.proposal = proposal
        self.tell_authors = authors

    @cached_property
    def authors(self) -> set[UUID]:
        return self.tell_authors()

    @cached_property
    def owning(self) -> list[Ownership]:
        return list(ownerships_of(self.proposal.repository))

    def paths(self, actor: Any, paths: Collection[str]) -> set[str]:
        """Those of ``paths`` at which ``actor`` may."""
        if not actor.has_perm(VIEW, self.proposal.repository):
            return set()
        if actor.has_perm(OVERRIDE, self.proposal.repository):
            return set(paths)
        if actor.pk in self.authors:
            return set()
        groups = set(actor.groups.all())
        patterns = [row.pattern for row in self.owning]
        owned = [actor in row.users.all() or not groups.isdisjoint(row.groups.all()) for row in self.owning]
        places = {path: last_match(patterns, resource) for path in paths if (resource := _resource_at(path))}
        return {path for path, place in places.items() if place is not None and owned[place]}


def _resource_at(path: str) -> str:
    """The kind and name of what a pointer leads to, as patterns of owners describe it; empty where it is nothing."""
    match tokens(path):
        case ["resources", kind, name, *_]:
            return f"{kind}/{name}"
    return ""
