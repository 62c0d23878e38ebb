"""Applying a commit that was made elsewhere, and taking one back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from gateway.engine.sentences import Sentence, counted, sentence
from gateway.exceptions import FieldError
from history.exceptions import NothingChanged
from history.models import Branch, Commit
from history.permissions import require
from history.selectors import TreeView, ref_resolve
from history.services import MESSAGE_LENGTH, NO_AUTHORITY, Authority, branch_lock, moves_heads
from merging.engine.policy import NO_DECISIONS, Decisions
from merging.engine.result import Settled
from merging.exceptions import MainlineInvalid
from merging.selectors import Merger, TreeMerge
from merging.services.steps import Step, check_decisions, check_outcome, outcome_of, steps_land
from merging.services.ways import base_root, first_line, reverts_by

PICKED: Final = "io.oms.merging.commit.picked"
REVERTED: Final = "io.oms.merging.commit.reverted"


@dataclass(frozen=True)
class Applied:
    """The commit in which another one was picked or reverted, and what settled what the branch had changed too."""

    commit: Commit
    strategies: tuple[Settled, ...] = ()


@moves_heads
def commit_pick(
    *,
    actor: Any,
    branch: Branch,
    commit: str,
    message: str = "",
    mainline: int | None = None,
    expected_head: str | None = None,
    decisions: Decisions = NO_DECISIONS,
    authority: Authority = NO_AUTHORITY,
) -> Applied:
    """Do on ``branch`` what the commit that the ref ``commit`` names did, as one commit by the same author.

    A merge is taken as what it changed of its parent ``mainline`` (1 is the first). Raises MergeConflicted with the
    conflicts that ``decisions`` leave open, NothingChanged where the branch has it all, MainlineInvalid,
    DecisionInvalid, StaleHead and what hooks refuse with.
    """
    require(actor, "merging.merge", branch.repository)
    check_decisions(decisions)
    head = branch_lock(branch, actor=actor, expected_head=expected_head, authority=authority)
    picked, side = _named(branch, commit, mainline)
    merged = Merger(branch.repository, decisions).change(TreeView(head.root), base_root(picked, side), picked.root)
    reverts = reverts_by([picked]).get(picked.digest, ())
    text = message or _with_trailer(picked)
    return _landed(
        merged,
        lambda root: Step(root, picked.author, text, origins=[picked], reverts=reverts),
        lambda count: counted(
            "{commit} and {branch} disagree in {count} place.",
            "{commit} and {branch} disagree in {count} places.",
            count=count,
            commit=picked.digest[:12],
            branch=branch.name,
        ),
        actor=actor,
        branch=branch,
        head=head,
        event=PICKED,
        data={"picked": picked.digest},
        authority=authority,
    )


@moves_heads
def commit_revert(
    *,
    actor: Any,
    branch: Branch,
    commit: str,
    message: str = "",
    mainline: int | None = None,
    expected_head: str | None = None,
    decisions: Decisions = NO_DECISIONS,
    authority: Authority = NO_AUTHORITY,
) -> Applied:
    """Take back on ``branch`` what the commit that the ref ``commit`` names did; what came later stays.

    Of a merge that is what it changed of its parent ``mainline`` (1 is the first). Raises what
    :func:`commit_pick` does.
    """
    require(actor, "merging.merge", branch.repository)
    check_decisions(decisions)
    head = branch_lock(branch, actor=actor, expected_head=expected_head, authority=authority)
    reverted, side = _named(branch, commit, mainline)
    merged = Merger(branch.repository, decisions).change(TreeView(head.root), reverted.root, base_root(reverted, side))
    text = message or f'Revert "{first_line(reverted.message)}"\n\nThis reverts commit {reverted.digest}.'
    return _landed(
        merged,
        lambda root: Step(root, actor, text, reverts=[(reverted, side)]),
        lambda count: counted(
            "What {commit} did has been changed on {branch} in {count} place.",
            "What {commit} did has been changed on {branch} in {count} places.",
            count=count,
            commit=reverted.digest[:12],
            branch=branch.name,
        ),
        actor=actor,
        branch=branch,
        head=head,
        event=REVERTED,
        data={"reverted": reverted.digest},
        authority=authority,
    )


def _landed(
    merged: TreeMerge, step: Callable[[str], Step], problem: Callable[[int], Sentence], *, head: Commit, **landing: Any
) -> Applied:
    """The commit of a change that was merged into ``head``, where nothing speaks against it."""
    outcome = outcome_of(merged, head.root, step)
    check_outcome(outcome, problem)
    if outcome.steps[-1].root == head.root:
        raise NothingChanged
    return Applied(steps_land(head=head, outcome=outcome, **landing), tuple(outcome.strategies))


def _named(branch: Branch, ref: str, mainline: int | None) -> tuple[Commit, int]:
    """The commit that ``ref`` names, and the number of the parent against which it is taken."""
    commit = ref_resolve(branch.repository, ref)
    return commit, _mainline(commit, mainline)


def _mainline(commit: Commit, mainline: int | None) -> int:
    """Against which parent ``commit`` is taken: of a merge that is to be said, of anything else it is the first."""
    parents = commit.parent_edges.count()
    if mainline is None and parents <= 1:
        return 1
    if mainline is None:
        problem = sentence("{commit} is a merge; say against which parent it is taken.", commit=commit.digest[:12])
        raise MainlineInvalid(problem, errors=[FieldError("/mainline", "REQUIRED", problem)])
    if not 1 <= mainline <= max(parents, 1):
        problem = sentence("{commit} has no parent {number}.", commit=commit.digest[:12], number=mainline)
        raise MainlineInvalid(problem, errors=[FieldError("/mainline", "VALUE_RANGE", problem)])
    return mainline


def _with_trailer(picked: Commit) -> str:
    """The message of ``picked`` with a line that names it, where there is room for one."""
    message = f"{picked.message.rstrip()}\n\n(cherry picked from commit {picked.digest})"
    return message if len(message) <= MESSAGE_LENGTH else picked.message
