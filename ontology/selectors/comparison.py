"""What differs between two states, and what that breaks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from history.models import Commit
from history.selectors import ChangeKind, ResourceChange, TreeView, merge_bases, resource_changes
from ontology.engine.breaking import Change, Finding, findings
from ontology.selectors.consumers import with_consumers
from ontology.selectors.states import TreeState


@dataclass(frozen=True)
class Comparison:
    """What leads from the state of one commit to that of another."""

    merge_base: Commit | None
    changes: Sequence[ResourceChange]
    findings: Sequence[Finding]
    """What the step breaks, the gravest first."""


def compare(base: Commit, head: Commit) -> Comparison:
    """The resources in which the states at ``base`` and ``head`` differ, what breaks, and where their histories part.

    The states themselves are compared, so swapping the two gives the inverse; what ``head``
    alone did is the comparison of the merge base with it.
    """
    bases = merge_bases(base, head)
    before, after = TreeView(base.root), TreeView(head.root)
    changes = resource_changes(before, after)
    found = findings_of(base.repository_id, before, after, changes)
    return Comparison(bases[0] if bases else None, changes, found)


def findings_of(
    repository_id: UUID, before: TreeView, after: TreeView, changes: Iterable[ResourceChange]
) -> list[Finding]:
    """What ``changes``, which lead from one tree to the other, break, and which consumers of the repository."""
    steps = [step for change in changes for step in _steps(change)]
    state = TreeState(before)
    return with_consumers(repository_id, state, findings(state, TreeState(after), steps, today=timezone.now().date()))


def _steps(change: ResourceChange) -> list[Change]:
    """The keys that differ: what is renamed is gone under one and there under the other."""
    now, former = (change.kind, change.api_name), (change.kind, change.former_name)
    match change.change:
        case ChangeKind.ADDED:
            return [(None, now)]
        case ChangeKind.REMOVED:
            return [(now, None)]
        case ChangeKind.RENAMED:
            return [(former, None), (None, now)]
    return [(now, now)]
