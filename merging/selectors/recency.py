"""Which side of a merge was changed last at a place."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Final

from gateway.engine.json_pointer import tokens
from history.engine import tree
from history.engine.content import Key
from history.engine.tree import EMPTY_ROOT
from history.models import Commit
from history.selectors import DatabaseNodes, commits_only_in
from history.selectors.trees import contents_of
from merging.engine.values import ABSENT, Value, same

WINDOW: Final = 500
"""So many commits of a side are looked at, from the latest back."""


class Recency:
    """Tells of two heads which one was changed last at a place: by the time of its last commit that changed it there.

    Only commits count that the other side does not have. A value is followed by its names, so what was renamed
    since then is not found, and nothing is said about it.
    """

    def __init__(self, ours: Commit, theirs: Commit) -> None:
        self._heads = (ours, theirs)
        self._nodes = DatabaseNodes()

    def newer(self, path: str) -> str | None:
        """``ours`` or ``theirs``; None where that is not known or both were changed at the same moment."""
        _, kind, name, *names = tokens(path)
        ours, theirs = (self._changed_at(side, (kind, name), names) for side in self._sides)
        if ours is None or theirs is None or ours == theirs:
            return None
        return "ours" if ours > theirs else "theirs"

    @cached_property
    def _sides(self) -> tuple[list[Commit], list[Commit]]:
        """The commits that either side alone has, the latest first."""
        ours, theirs = self._heads
        found = (commits_only_in(ours, theirs, WINDOW), commits_only_in(theirs, ours, WINDOW))
        left, right = (sorted(commits, key=lambda commit: commit.created_at, reverse=True) for commits in found)
        return left, right

    def _changed_at(self, commits: Sequence[Commit], key: Key, names: Sequence[str]) -> datetime | None:
        """When the latest of ``commits`` was made that has another value than all its parents."""
        roots = {commit.digest: (commit.root, _parent_roots(commit)) for commit in commits}
        every = {root for own, parents in roots.values() for root in (own, *parents)}
        blobs = tree.lookup_in(self._nodes, every, key)
        contents = contents_of(digest for digest in blobs.values() if digest)
        for commit in commits:
            root, parents = roots[commit.digest]
            if any(blobs[parent] == blobs[root] for parent in parents):
                continue
            if blobs[root] is None:
                return None
            value, *before = (_value_at(contents.get(blobs[each] or "", ABSENT), names) for each in (root, *parents))
            if not any(same(value, each) for each in before):
                return commit.created_at
        return None


def _parent_roots(commit: Commit) -> list[str]:
    return [edge.parent.root for edge in commit.parent_edges.all()] or [EMPTY_ROOT]


def _value_at(content: Value, names: Sequence[str]) -> Value:
    for name in names:
        content = content.get(name, ABSENT) if isinstance(content, dict) else ABSENT
    return content
