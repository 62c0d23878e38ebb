"""What lands on a branch, or would, as rules of protection have to know it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from history.engine import dag
from history.engine.content import Key
from history.models import Commit, Repository
from history.selectors import DatabaseGraph, ResourceChange, TreeView, merge_bases, resource_changes, tree_diff
from merging.engine.protection import Move
from merging.models import NOTHING_DECIDED, Proposal, Resolution
from merging.selectors.proposals import is_decidable
from ontology.engine.breaking import Finding
from ontology.selectors import findings_of


class Landing(ABC):
    """A new head for a branch, by the merge of a proposal or without one. What is asked for is read then."""

    repository: Repository
    proposal: Proposal | None
    source: Commit | None
    """The head of the proposal's source; None where it has none, or what lands is not it."""
    before: Commit
    """The head that is there."""

    @property
    @abstractmethod
    def brought(self) -> Commit:
        """What comes into the branch, with all that it holds."""

    @property
    @abstractmethod
    def move(self) -> Move:
        """What becomes of the head."""

    @property
    @abstractmethod
    def decided(self) -> Mapping[str, str]:
        """The decisions that settle conflicts of the merge: by the id of each the decision's digest."""

    @property
    @abstractmethod
    def remembered_by(self) -> set[UUID]:
        """Who gave those of them in other proposals that are no resolutions of the proposal's own yet."""

    @property
    @abstractmethod
    def checked(self) -> str | None:
        """The digest of the commit whose checks count."""

    @property
    @abstractmethod
    def is_up_to_date(self) -> bool:
        """Whether all that is merged in holds the old head."""

    @property
    @abstractmethod
    def is_linear(self) -> bool:
        """Whether the commits that are added are one line without merges."""

    @property
    @abstractmethod
    def touched(self) -> set[Key]:
        """The resources that differ, under the old name and the new one."""

    @property
    @abstractmethod
    def findings(self) -> Sequence[Finding]:
        """What differs breaks."""


@dataclass(frozen=True)
class MadeLanding(Landing):
    """A head that is about to move from ``before`` to ``after``; None where the branch is deleted."""

    repository: Repository
    proposal: Proposal | None
    source: Commit | None
    before: Commit
    after: Commit | None
    decisions: Mapping[str, str]
    """What is told as ``decided``."""

    @property
    def decided(self) -> Mapping[str, str]:
        return self.decisions

    @property
    def remembered_by(self) -> set[UUID]:
        return set()

    @cached_property
    def move(self) -> Move:
        if self.after is None:
            return Move.DELETION
        is_next = self.after.first_parent_id == self.before.digest
        is_held = is_next or dag.is_ancestor(DatabaseGraph(), self.before.digest, self._head.digest)
        return Move.ADVANCE if is_held else Move.RESET

    @property
    def brought(self) -> Commit:
        return self.source or self._head

    @property
    def checked(self) -> str | None:
        commit = self.after if self.proposal is None else self.source
        return commit.digest if commit else None

    @cached_property
    def is_up_to_date(self) -> bool:
        if self.proposal is None:
            merged = list(self._head.parent_edges.filter(position__gt=0).values_list("parent_id", flat=True))
        elif self.source:
            merged = [self.source.digest]
        else:
            return False
        graph = DatabaseGraph()
        return all(dag.is_ancestor(graph, self.before.digest, digest) for digest in merged)

    @cached_property
    def is_linear(self) -> bool:
        return dag.is_line(DatabaseGraph(), self._head.digest, self.before.digest)

    @cached_property
    def touched(self) -> set[Key]:
        return {difference.key for difference in tree_diff(*self._trees)}

    @cached_property
    def findings(self) -> Sequence[Finding]:
        return findings_of(self.repository.pk, *self._trees, resource_changes(*self._trees))

    @property
    def _head(self) -> Commit:
        if self.after is None:
            raise ValueError("A branch that is deleted has no new head.")
        return self.after

    @property
    def _trees(self) -> tuple[TreeView, TreeView]:
        return TreeView(self.before.root), TreeView(self._head.root)


@dataclass(frozen=True)
class Outcome:
    """What a merge would change in its target, and what that breaks."""

    changes: Sequence[ResourceChange]
    findings: Sequence[Finding]
    resolutions: Sequence[Resolution] = ()
    """By which its conflicts are settled."""
    decided: Mapping[str, str] = field(default_factory=dict)
    """How these and strategies of the repository settle them, as reviews keep it."""


Foresight = Callable[[], Outcome | None]
"""Tells what a merge would do; None where that cannot be found out."""


@dataclass(frozen=True)
class ForeseenLanding(Landing):
    """The merge of ``proposal`` into its target as it stands at ``before``, before anybody merges.

    ``foresee`` tells what the merge would do, and is asked only where that matters. Where it cannot, what the source
    alone did since it parted counts; of several merge bases the first.
    """

    repository: Repository
    proposal: Proposal
    source: Commit
    before: Commit
    foresee: Foresight
    makes_merge_commit: bool

    @property
    def move(self) -> Move:
        return Move.ADVANCE

    @property
    def brought(self) -> Commit:
        return self.source

    @property
    def decided(self) -> Mapping[str, str]:
        return self._outcome.decided if self._is_decidable else NOTHING_DECIDED

    @property
    def remembered_by(self) -> set[UUID]:
        resolutions = self._outcome.resolutions if self._is_decidable else ()
        elsewhere = [row for row in resolutions if row.proposal_id != self.proposal.pk]
        return {(row.remembered or row).resolved_by_id for row in elsewhere}

    @property
    def checked(self) -> str | None:
        return self.source.digest

    @cached_property
    def is_up_to_date(self) -> bool:
        return dag.is_ancestor(DatabaseGraph(), self.before.digest, self.source.digest)

    @cached_property
    def is_linear(self) -> bool:
        is_there = dag.is_ancestor(DatabaseGraph(), self.source.digest, self.before.digest)
        return is_there or not self.makes_merge_commit

    @property
    def touched(self) -> set[Key]:
        changes = self._outcome.changes
        return {(change.kind, name) for change in changes for name in (change.api_name, change.former_name)}

    @property
    def findings(self) -> Sequence[Finding]:
        return self._outcome.findings

    @cached_property
    def _is_decidable(self) -> bool:
        return is_decidable(self.proposal)

    @cached_property
    def _outcome(self) -> Outcome:
        if foreseen := self.foresee():
            return foreseen
        start = next(iter(merge_bases(self.before, self.source)), self.before)
        before, after = TreeView(start.root), TreeView(self.source.root)
        changes = resource_changes(before, after)
        return Outcome(changes, findings_of(self.repository.pk, before, after, changes))
