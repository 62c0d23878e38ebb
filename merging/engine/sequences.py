"""Three-way merge of sequences (diff3), without regard to what the items are.

Two changes meet where their ranges of the base overlap. Where they only touch, such as one word
replaced on one side and the next on the other, they do not meet, but for two cases. Both add more
items than they replace: they may have put the same items there. One inserts and the other takes
away: what the insertion was put next to is gone. Changes that meet are settled where they are
the same, and clash otherwise.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from merging.engine.matching import matching

Item = TypeVar("Item", bound=Hashable)


@dataclass(frozen=True)
class Merged(Generic[Item]):
    """A piece that is settled."""

    items: Sequence[Item]


@dataclass(frozen=True)
class Clash(Generic[Item]):
    """A piece of the base and what either side made of it."""

    base: Sequence[Item]
    ours: Sequence[Item]
    theirs: Sequence[Item]


@dataclass(frozen=True)
class _Change(Generic[Item]):
    """One side put ``items`` in the place of ``base[start:end]``."""

    start: int
    end: int
    items: Sequence[Item]
    by_us: bool

    @property
    def inserts(self) -> bool:
        return self.start == self.end

    @property
    def growth(self) -> int:
        """How many more items there are than before."""
        return len(self.items) - (self.end - self.start)

    def meets(self, later: "_Change[Item]") -> bool:
        if later.start != self.end:
            return later.start < self.end
        both_add = self.growth > 0 and later.growth > 0
        return both_add or (self.inserts and later.growth < 0) or (later.inserts and self.growth < 0)


def merge_sequences(
    base: Sequence[Item], ours: Sequence[Item], theirs: Sequence[Item]
) -> list[Merged[Item] | Clash[Item]]:
    """The merge in pieces from beginning to end. Swapped sides give the same pieces, clashes swapped."""
    changes = [*_changes(base, ours, by_us=True), *_changes(base, theirs, by_us=False)]
    changes.sort(key=lambda change: (change.start, change.end))
    pieces: list[Merged[Item] | Clash[Item]] = []
    position = 0
    for group in _meeting(changes):
        start, end = group[0].start, max(change.end for change in group)
        pieces.append(Merged(base[position:start]))
        pieces.append(_settled(base, start, end, group))
        position = end
    pieces.append(Merged(base[position:]))
    return pieces


def _changes(base: Sequence[Item], side: Sequence[Item], *, by_us: bool) -> Iterator[_Change[Item]]:
    i = j = 0
    for match_i, match_j in [*matching(base, side), (len(base), len(side))]:
        if match_i > i or match_j > j:
            yield _Change(i, match_i, side[j:match_j], by_us)
        i, j = match_i + 1, match_j + 1


def _meeting(changes: Iterable[_Change[Item]]) -> Iterator[list[_Change[Item]]]:
    """The changes, which are sorted by their beginnings, in groups that meet one another."""
    group: list[_Change[Item]] = []
    furthest: list[_Change[Item]] = []
    for change in changes:
        if not any(earlier.meets(change) for earlier in furthest):
            if group:
                yield group
            group, furthest = [], []
        group.append(change)
        end = max(earlier.end for earlier in (change, *furthest))
        furthest = [earlier for earlier in (change, *furthest) if earlier.end == end]
    if group:
        yield group


def _settled(base: Sequence[Item], start: int, end: int, group: list[_Change[Item]]) -> Merged[Item] | Clash[Item]:
    ours = _applied(base, start, end, [change for change in group if change.by_us])
    theirs = _applied(base, start, end, [change for change in group if not change.by_us])
    original = base[start:end]
    if list(ours) == list(theirs) or list(theirs) == list(original):
        return Merged(ours)
    if list(ours) == list(original):
        return Merged(theirs)
    return Clash(original, ours, theirs)


def _applied(base: Sequence[Item], start: int, end: int, changes: list[_Change[Item]]) -> Sequence[Item]:
    """What one side made of ``base[start:end]``."""
    items: list[Item] = []
    for change in changes:
        items += base[start : change.start]
        items += change.items
        start = change.end
    return [*items, *base[start:end]]
