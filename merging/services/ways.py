"""The ways in which two heads can be merged, each as the commits that it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from gateway.engine.sentences import sentence
from history.engine.tree import EMPTY_ROOT
from history.models import Commit
from history.selectors import TreeDraft, TreeView, commits_only_in
from history.services import drafts_write
from merging.engine.policy import Decided
from merging.engine.result import Settled
from merging.exceptions import RebaseTooLong
from merging.models import Revert
from merging.selectors import Merger
from merging.services.steps import Outcome, Step, errors_in, outcome_of

REBASE_LIMIT: Final = 500
"""The most commits that are applied one by one in one transaction."""
SQUASH_LIMIT: Final = 100
"""The most commits that the message of a squash lists."""
LINE_LENGTH: Final = 80
"""The most characters of a commit's message in it."""


class Way(StrEnum):
    """How a merge is asked for."""

    AUTOMATIC = "automatic"
    """By fast-forward where it is one, else by a merge commit."""
    MERGE = "merge"
    """By a commit with both heads as parents, always."""
    SQUASH = "squash"
    """By one commit on the target that does what all commits of the source do."""
    REBASE = "rebase"
    """By the source's commits, applied one by one on the target."""


class Method(StrEnum):
    """How a merge moves the target."""

    FAST_FORWARD = "fast_forward"
    """The target has nothing of its own: it moves to the source's head."""
    MERGE = "merge"
    """A commit with both heads as parents."""
    SQUASH = "squash"
    """One commit on the target."""
    REBASE = "rebase"
    """Commits of the source, made anew on the target."""
    UP_TO_DATE = "up_to_date"
    """The target has everything already: it stays."""


@dataclass(frozen=True)
class Heads:
    """Two commits that are to be merged, and where they parted."""

    ours: Commit
    theirs: Commit
    bases: Sequence[Commit]
    source: str
    """What who asks calls theirs, and ours."""
    target: str

    def method(self, way: Way) -> Method:
        """How merging in this way moves the target, unless there is nothing to move it for."""
        if self.theirs in self.bases:
            return Method.UP_TO_DATE
        if self.ours in self.bases and (way is Way.AUTOMATIC or (way is Way.REBASE and self.is_linear())):
            return Method.FAST_FORWARD
        return Method.MERGE if way is Way.AUTOMATIC else Method(way.value)

    def is_linear(self) -> bool:
        """Whether none of the source's latest commits, as many as a rebase takes, is a merge."""
        return not any(map(is_merge, commits_only_in(self.theirs, self.ours, REBASE_LIMIT)))


def heads_merge(heads: Heads, method: Method, *, merger: Merger, actor: Any, message: str) -> Outcome:
    """The commits that merging ``heads`` by ``method`` comes to, with their states written.

    None where the target has everything already. Raises RebaseTooLong.
    """
    if method is Method.REBASE:
        return _rebased(heads, merger)
    merged = merger.heads(heads.ours, heads.theirs, heads.bases)
    if method is Method.MERGE:
        text = message or f"Merge {heads.source} into {heads.target}"
        return outcome_of(merged, heads.ours.root, lambda root: Step(root, actor, text, further=[heads.theirs]))
    if not merged.conflicts and merged.draft.tree.root == heads.ours.root:
        return Outcome([], merged.strategies, decided=merged.decided, chosen=merged.chosen)
    commits = commits_only_in(heads.theirs, heads.ours, REBASE_LIMIT)
    text = message or _squash_message(heads, commits)
    reverts = _reverts_left(commits)
    return outcome_of(
        merged, heads.ours.root, lambda root: Step(root, actor, text, origins=[heads.theirs], reverts=reverts)
    )


def is_merge(commit: Commit) -> bool:
    """Whether it has several parents."""
    return len(commit.parent_edges.all()) > 1


# --- Squash ---------------------------------------------------------------------------------------


def _squash_message(heads: Heads, commits: Sequence[Commit]) -> str:
    """What it is, and the first lines of what the commits say, the earliest first."""
    told = [commit for commit in reversed(commits) if not is_merge(commit)]
    lines = [f"* {first_line(commit.message)}" for commit in told[:SQUASH_LIMIT]]
    if len(told) > SQUASH_LIMIT:
        lines.append("* …")
    return "\n".join([f"Squash {heads.source} into {heads.target}", "", *lines])


def first_line(message: str) -> str:
    """What a commit's message begins with."""
    line = message.strip().splitlines()[0]
    return line if len(line) <= LINE_LENGTH else f"{line[: LINE_LENGTH - 1]}…"


def _reverts_left(commits: Sequence[Commit]) -> list[tuple[Commit, int]]:
    """What ``commits`` take back of others than themselves."""
    found = {reverted: mainline for taken in reverts_by(commits).values() for reverted, mainline in taken}
    return [(reverted, mainline) for reverted, mainline in found.items() if reverted not in commits]


def reverts_by(commits: Sequence[Commit]) -> dict[str, list[tuple[Commit, int]]]:
    """What each of ``commits`` takes back, by its digest."""
    found: dict[str, list[tuple[Commit, int]]] = {}
    for row in Revert.objects.filter(commit__in=commits).select_related("reverted").order_by("id"):
        found.setdefault(row.commit_id, []).append((row.reverted, row.mainline))
    return found


# --- Rebase ---------------------------------------------------------------------------------------


def _rebased(heads: Heads, merger: Merger) -> Outcome:
    """The source's commits on the target.

    As in git a merge on the way is left out, its commits being there one by one, and so is what changes nothing.
    """
    commits = commits_only_in(heads.theirs, heads.ours, REBASE_LIMIT + 1)
    if len(commits) > REBASE_LIMIT:
        problem = sentence("{source} has more than {limit} commits.", source=heads.source, limit=REBASE_LIMIT)
        raise RebaseTooLong(problem)
    applied = [commit for commit in reversed(commits) if not is_merge(commit)]
    reverts = reverts_by(commits)
    tree = TreeView(heads.ours.root)
    merger.read_ahead(tree, [(base_root(commit), commit.root) for commit in applied])
    drafts: list[TreeDraft] = []
    steps: list[Step] = []
    strategies: list[Settled] = []
    decided: list[Decided] = []
    chosen: list[Decided] = []
    outcome: Outcome | None = None
    for commit in applied:
        merged = merger.change(tree, base_root(commit), commit.root)
        strategies += merged.strategies
        decided += merged.decided
        chosen += merged.chosen
        broken = errors_in(merged.violations)
        root = merged.draft.tree.root
        if not merged.malformed and root != tree.root:
            drafts.append(merged.draft)
        if merged.conflicts or broken:
            step = Step(tree.root if merged.malformed else root, commit.author, commit.message)
            outcome = Outcome([*steps, step], strategies, merged.conflicts, decided, chosen, broken, stopped_at=commit)
            break
        if root != tree.root:
            taken_back = reverts.get(commit.digest, ())
            steps.append(Step(root, commit.author, commit.message, origins=[commit], reverts=taken_back))
            tree = merged.draft.held()
    drafts_write(drafts)
    return outcome or Outcome(steps, strategies, decided=decided, chosen=chosen)


def base_root(commit: Commit, mainline: int = 1) -> str:
    """The tree that a commit's change started from: that of its parent of this number, or nothing."""
    roots: list[str] = [edge.parent.root for edge in commit.parent_edges.all()]
    return roots[mainline - 1] if roots else EMPTY_ROOT
