"""Merging one branch into another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from gateway.engine.sentences import Sentence, counted
from gateway.exceptions import FieldError
from history.models import Commit, Repository
from history.permissions import require
from history.selectors import (
    ResourceChange,
    TreeView,
    branch_get,
    merge_bases,
    ref_resolve,
    resource_changes,
)
from history.services import (
    NO_AUTHORITY,
    Authority,
    Transition,
    branch_lock,
    head_move,
    hooks_ask,
    moves_heads,
)
from merging.engine.policy import NO_DECISIONS, Decided, Decisions
from merging.engine.result import Conflict, Settled
from merging.selectors import Merger, Recall, Reverted, nothing_remembered, reverts_met
from merging.services.authority import authority_deciding
from merging.services.naming import named_in
from merging.services.steps import check_decisions, check_outcome, steps_land
from merging.services.ways import Heads, Method, Way, heads_merge
from ontology.engine.breaking import Finding
from ontology.selectors import findings_of

MERGED = "io.oms.merging.branch.merged"


@dataclass(frozen=True)
class MergePreview:
    """What merging would do to the target; nothing is written."""

    method: Method
    source: Commit
    target: Commit
    bases: Sequence[Commit]
    changes: Sequence[ResourceChange] = ()
    conflicts: Sequence[Conflict] = ()
    """What is open after the decisions. Where commits are applied one by one, those of the first that has any."""
    strategies: Sequence[Settled] = ()
    violations: Sequence[FieldError] = ()
    """What refuses the merge: rules that the merged state breaks. Conflicted places hold the base's value in it."""
    findings: Sequence[Finding] = ()
    """What the changes break for those who use the target."""
    decided: Sequence[Decided] = ()
    """What decisions have settled."""
    chosen: Sequence[Decided] = ()
    """What strategies have settled that the repository chose."""
    reverted: Sequence[Reverted] = ()
    """What the source has and the target has taken back."""
    stopped_at: Commit | None = None
    """The commit whose conflicts or violations these are, where commits are applied one by one."""

    @property
    def fast_forward(self) -> bool:
        return self.method is Method.FAST_FORWARD


@dataclass(frozen=True)
class Merged:
    """The target's head after a merge."""

    commit: Commit
    method: Method
    strategies: Sequence[Settled] = ()
    reverted: Sequence[Reverted] = ()
    """What the source has and the target had taken back."""
    decided: Sequence[Decided] = ()
    """What decisions have settled."""


def merge_preview(
    *,
    actor: Any,
    repository: Repository,
    source: str,
    target: str,
    way: Way = Way.AUTOMATIC,
    decisions: Decisions = NO_DECISIONS,
    recall: Recall = nothing_remembered,
) -> MergePreview:
    """What merging the ref ``source`` into the ref ``target`` would do with conflicts resolved by ``decisions``.

    Those that these leave open are resolved by ``recall``, as they are met. Raises DecisionInvalid and RebaseTooLong.
    """
    require(actor, "merging.preview", repository)
    check_decisions(decisions)
    with named_in("target"):
        ours = ref_resolve(repository, target)
    heads = _heads(ours, _source(repository, source), source, target)
    method = heads.method(way)
    found = MergePreview(method, heads.theirs, heads.ours, heads.bases, reverted=_reverted(heads, method))
    if method is Method.UP_TO_DATE:
        return found
    if method is Method.FAST_FORWARD:
        return replace(found, **_looked_at(repository, heads.ours.root, heads.theirs.root))
    # The states are written, looked at and taken back: hooks read them as they read any other.
    with transaction.atomic():
        merger = Merger(repository, decisions, recall)
        outcome = heads_merge(heads, method, merger=merger, actor=actor, message="")
        after = outcome.steps[-1].root if outcome.steps else heads.ours.root
        found = replace(found, **_looked_at(repository, heads.ours.root, after))
        transaction.set_rollback(True)
    return replace(
        found,
        method=method if outcome.steps else Method.UP_TO_DATE,
        conflicts=outcome.conflicts,
        strategies=outcome.strategies,
        decided=outcome.decided,
        chosen=outcome.chosen,
        violations=outcome.violations or found.violations,
        stopped_at=outcome.stopped_at,
    )


def _looked_at(repository: Repository, before: str, after: str) -> dict[str, Any]:
    """What differs between two trees, whom that breaks, and what hooks would refuse when the target moves."""
    views = TreeView(before), TreeView(after)
    changes = resource_changes(*views)
    return {
        "changes": changes,
        "findings": findings_of(repository.pk, *views, changes),
        "violations": hooks_ask(Transition(repository, *views)),
    }


@moves_heads
def branch_merge(  # noqa: PLR0913  (all by keyword; each says something about the one merge)
    *,
    actor: Any,
    repository: Repository,
    source: str,
    target: str,
    message: str = "",
    expected_head: str | None = None,
    way: Way = Way.AUTOMATIC,
    decisions: Decisions = NO_DECISIONS,
    authority: Authority = NO_AUTHORITY,
) -> Merged:
    """Merge the ref ``source`` into the branch ``target``.

    Raises StaleHead where the target's head is not ``expected_head``, MergeConflicted with the conflicts that
    ``decisions`` leave open where there are any, DecisionInvalid, RebaseTooLong, and what hooks refuse with. A
    rebase keeps the messages and authors of the commits.
    """
    require(actor, "merging.merge", repository)
    check_decisions(decisions)
    with named_in("target"):
        branch = branch_get(repository, target)
    ours = branch_lock(branch, actor=actor, expected_head=expected_head, authority=authority)
    heads = _heads(ours, _source(repository, source), source, target)
    method = heads.method(way)
    reverted = _reverted(heads, method)
    data = {"source": source, "method": method.value}
    if method is Method.UP_TO_DATE:
        return Merged(ours, method, reverted=reverted)
    if method is Method.FAST_FORWARD:
        theirs = heads.theirs
        head_move(actor=actor, branch=branch, before=ours, after=theirs, event=MERGED, data=data, authority=authority)
        return Merged(theirs, method)
    merger = Merger(repository, decisions)
    outcome = heads_merge(heads, method, merger=merger, actor=actor, message=message)
    check_outcome(outcome, lambda count: _disagreement(source, target, count))
    if not outcome.steps:
        return Merged(ours, Method.UP_TO_DATE, outcome.strategies, reverted, outcome.decided)
    authority = authority_deciding(authority, [*outcome.chosen, *outcome.decided])
    commit = steps_land(
        actor=actor, branch=branch, head=ours, outcome=outcome, event=MERGED, data=data, authority=authority
    )
    return Merged(commit, method, outcome.strategies, reverted, outcome.decided)


def _source(repository: Repository, ref: str) -> Commit:
    with named_in("source"):
        return ref_resolve(repository, ref)


def _heads(ours: Commit, theirs: Commit, source: str, target: str) -> Heads:
    return Heads(ours, theirs, merge_bases(ours, theirs), source, target)


def _reverted(heads: Heads, method: Method) -> list[Reverted]:
    return [] if method is Method.FAST_FORWARD else reverts_met(heads.ours, heads.theirs)


def _disagreement(source: str, target: str, count: int) -> Sentence:
    return counted(
        "{source} and {target} disagree in {count} place.",
        "{source} and {target} disagree in {count} places.",
        count=count,
        source=source,
        target=target,
    )
