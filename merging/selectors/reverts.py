"""What a merge meets that the target has taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch

from history.models import Commit
from history.selectors import commits_reached, parents_prefetch
from merging.models import Origin, Revert

LATEST: Final = 100
"""So many reverts of a repository are looked at, from the latest back."""


@dataclass(frozen=True)
class Reverted:
    """A commit that did what the source has, and that the target has taken back."""

    commit: Commit
    by: Commit
    returns: bool
    """Whether the merge brings it back: where it came by a pick, a squash or a rebase, the source's own commits
    are still new to the target. What came by a merge stays taken back until its revert is reverted."""


def reverts_met(ours: Commit, theirs: Commit) -> list[Reverted]:
    """What of ``theirs`` was reverted in ``ours`` without that revert being reverted; the latest first.

    Reverts that the source has as well do not count: its state shows them already.
    """
    rows = _latest(ours)
    if not rows:
        return []
    anew_of: dict[str, set[str]] = {}
    for commit, origin in Origin.objects.filter(commit__in=[row.reverted_id for row in rows]).values_list(
        "commit_id", "origin_id"
    ):
        anew_of.setdefault(commit, set()).add(origin)
    sources = {row.pk: (_merged(row), anew_of.get(row.reverted_id, set())) for row in rows}
    every = {digest for merged, anew in sources.values() for digest in (*merged, *anew)}
    commits = {row.commit_id for row in rows}
    here, there = commits_reached(ours, {*every, *commits}), commits_reached(theirs, {*every, *commits})
    known = {row.reverted_id for row in rows if row.commit_id in there}
    undone: set[str] = set()
    found: list[Reverted] = []
    for row in rows:
        if row.commit_id not in here or row.commit_id in undone:
            continue
        undone.add(row.reverted_id)
        merged, anew = sources[row.pk]
        returns = bool(anew & there - known - here)
        if row.commit_id not in there and (merged | anew) & there - known:
            found.append(Reverted(row.reverted, row.commit, returns))
    return found


def _latest(commit: Commit) -> Sequence[Revert]:
    reverted = Commit.objects.select_related("author").prefetch_related(parents_prefetch())
    rows = Revert.objects.filter(commit__repository=commit.repository_id).select_related("commit__author")
    return list(rows.prefetch_related(Prefetch("reverted", reverted)).order_by("-id")[:LATEST])


def _merged(row: Revert) -> set[str]:
    """What came with what was reverted: the heads that it had merged, or itself."""
    parents = [edge.parent_id for edge in row.reverted.parent_edges.all()]
    brought = {digest for place, digest in enumerate(parents, 1) if place != row.mainline}
    return brought if len(parents) > 1 else {row.reverted_id}
