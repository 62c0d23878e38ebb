"""Which side of a merge was changed last at a place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from gateway.engine.json_pointer import tokens
from history.engine import tree
from history.engine.content import Content, Key
from history.engine.tree import EMPTY_ROOT, Digest
from history.models import Commit
from history.selectors import DatabaseNodes, commits_only_in
from history.selectors.rows import contents_of
from merging.engine.values import ABSENT, Value, same

WINDOW: Final = 500
"""So many commits of a side are looked at, from the latest back."""


@dataclass(frozen=True)
class _Version:
    """What a commit made of a resource, and what its parents have of it; None where it is not there."""

    made_at: datetime
    blob: Digest | None
    before: tuple[Digest | None, ...]


_Versions = Mapping[Key, Sequence[_Version]]
"""By resource those of the commits that have another one than all their parents, the latest first."""


class Recency:
    """Tells of two heads which one was changed last at a place: by the time of its last commit that changed it there.

    Only commits count that the other side does not have. A value is followed by its names, so what was renamed
    since then is not found, and nothing is said about it.
    """

    def __init__(self, ours: Commit, theirs: Commit) -> None:
        self._heads = (ours, theirs)

    def newer(self, path: str) -> str | None:
        """``ours`` or ``theirs``; None where that is not known or both were changed at the same moment."""
        _, kind, name, *names = tokens(path)
        ours, theirs = (self._changed_at(side.get((kind, name), ()), names) for side in self._sides)
        if ours is None or theirs is None or ours == theirs:
            return None
        return "ours" if ours > theirs else "theirs"

    @cached_property
    def _sides(self) -> tuple[_Versions, _Versions]:
        """What either side has versions of, as far as the other one has some too: nothing else is asked about."""
        ours, theirs = self._heads
        left, right = (_versions(commits_only_in(*heads, WINDOW)) for heads in ((ours, theirs), (theirs, ours)))
        return {key: left[key] for key in left if key in right}, {key: right[key] for key in right if key in left}

    @cached_property
    def _contents(self) -> Mapping[Digest, Content]:
        """What is in all versions: who asks about one place asks about others as well."""
        versions = (each for side in self._sides for found in side.values() for each in found)
        return contents_of(blob for each in versions for blob in (each.blob, *each.before) if blob)

    def _changed_at(self, versions: Sequence[_Version], names: Sequence[str]) -> datetime | None:
        """When the latest of ``versions`` was made that has another value than all those before it."""
        for version in versions:
            if version.blob is None:
                return None
            value, *before = (self._value_at(blob, names) for blob in (version.blob, *version.before))
            if not any(same(value, each) for each in before):
                return version.made_at
        return None

    def _value_at(self, blob: Digest | None, names: Sequence[str]) -> Value:
        content: Value = self._contents[blob] if blob else ABSENT
        for name in names:
            content = content.get(name, ABSENT) if isinstance(content, dict) else ABSENT
        return content


def _versions(commits: Iterable[Commit]) -> _Versions:
    found: dict[Key, list[_Version]] = {}
    latest = sorted(commits, key=lambda commit: commit.created_at, reverse=True)
    parents = [_parent_roots(commit) for commit in latest]
    steps = [(parent, commit.root) for commit, roots in zip(latest, parents, strict=True) for parent in roots]
    changes = iter(tree.diffs(DatabaseNodes(), steps))
    for commit, roots in zip(latest, parents, strict=True):
        first, *others = ({change.key: change for change in next(changes)} for _ in roots)
        for key, change in first.items():
            if all(key in other for other in others):
                before = (change.before, *(other[key].before for other in others))
                found.setdefault(key, []).append(_Version(commit.created_at, change.after, before))
    return found


def _parent_roots(commit: Commit) -> list[Digest]:
    return [edge.parent.root for edge in commit.parent_edges.all()] or [EMPTY_ROOT]
