"""Which parts of two sequences are the same: patience over unique items, Myers between them."""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

_MOST_EDITS = 100
"""Myers' algorithm is given up beyond this many edits; the stretch then counts as replaced."""
_DEEPEST = 40
"""Patience divides a sequence at most this many times, which bounds its time by O(n log n)."""

Pair = tuple[int, int]


@dataclass(frozen=True)
class _Stretch:
    """A part of the left and one of the right sequence that are still to be compared."""

    left: int
    left_end: int
    right: int
    right_end: int
    depth: int = 0


def matching(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[Pair]:
    """Ascending index pairs of equal items: a common subsequence, long but not always the longest.

    Deterministic. O(n log n) for n items that are mostly distinct; repetitive stretches cost
    at most the number of their items times a constant more.
    """
    found: list[Pair] = []
    open_stretches = [_Stretch(0, len(left), 0, len(right))]
    while open_stretches:
        stretch = _trimmed(left, right, open_stretches.pop(), found)
        if stretch.left == stretch.left_end or stretch.right == stretch.right_end:
            continue
        anchors = _anchors(left, right, stretch) if stretch.depth < _DEEPEST else []
        if anchors:
            found += anchors
            open_stretches += _between(stretch, anchors)
        else:
            found += _shortest_edit(left, right, stretch)
    return sorted(found)


def _trimmed(left: Sequence[Hashable], right: Sequence[Hashable], stretch: _Stretch, found: list[Pair]) -> _Stretch:
    """The stretch without its common beginning and end, which go to ``found``."""
    i, i_end, j, j_end = stretch.left, stretch.left_end, stretch.right, stretch.right_end
    while i < i_end and j < j_end and left[i] == right[j]:
        found.append((i, j))
        i, j = i + 1, j + 1
    while i < i_end and j < j_end and left[i_end - 1] == right[j_end - 1]:
        i_end, j_end = i_end - 1, j_end - 1
        found.append((i_end, j_end))
    return _Stretch(i, i_end, j, j_end, stretch.depth)


def _between(stretch: _Stretch, anchors: list[Pair]) -> Iterator[_Stretch]:
    i, j = stretch.left, stretch.right
    for anchor_i, anchor_j in anchors:
        yield _Stretch(i, anchor_i, j, anchor_j, stretch.depth + 1)
        i, j = anchor_i + 1, anchor_j + 1
    yield _Stretch(i, stretch.left_end, j, stretch.right_end, stretch.depth + 1)


def _anchors(left: Sequence[Hashable], right: Sequence[Hashable], stretch: _Stretch) -> list[Pair]:
    """The longest ascending run of items that occur once on either side (patience sorting)."""
    on_left = _once(left, stretch.left, stretch.left_end)
    on_right = _once(right, stretch.right, stretch.right_end)
    candidates = [(i, on_right[item]) for item, i in on_left.items() if item in on_right]
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for place, (_, j) in enumerate(candidates):
        length = bisect_left(tails, j)
        previous.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [j]
        ends[length : length + 1] = [place]
    chosen = []
    place = ends[-1] if ends else -1
    while place >= 0:
        chosen.append(candidates[place])
        place = previous[place]
    return chosen[::-1]


def _once(items: Sequence[Hashable], start: int, end: int) -> dict[Hashable, int]:
    """Where the items stand that occur exactly once, in their order."""
    places: dict[Hashable, int] = {}
    repeated = set()
    for place in range(start, end):
        if places.setdefault(items[place], place) != place:
            repeated.add(items[place])
    return {item: place for item, place in places.items() if item not in repeated}


def _shortest_edit(left: Sequence[Hashable], right: Sequence[Hashable], stretch: _Stretch) -> list[Pair]:
    """The matches of a shortest edit script (Myers 1986, greedy), or none if it is too long."""
    if set(left[stretch.left : stretch.left_end]).isdisjoint(right[stretch.right : stretch.right_end]):
        return []  # which takes the most edits to find out
    n, m = stretch.left_end - stretch.left, stretch.right_end - stretch.right
    furthest = {1: 0}
    history: list[dict[int, int]] = []
    for edits in range(min(n + m, _MOST_EDITS) + 1):
        history.append(dict(furthest))
        for diagonal in range(-edits, edits + 1, 2):
            x = _step(furthest, diagonal, edits)
            y = x - diagonal
            while x < n and y < m and left[stretch.left + x] == right[stretch.right + y]:
                x, y = x + 1, y + 1
            furthest[diagonal] = x
            if x >= n and y >= m:
                return [(stretch.left + i, stretch.right + j) for i, j in _backtracked(history, n, m)]
    return []


def _step(furthest: dict[int, int], diagonal: int, edits: int) -> int:
    """How far right on ``diagonal`` one more edit starts."""
    return furthest[diagonal + 1] if _inserts(furthest, diagonal, edits) else furthest[diagonal - 1] + 1


def _inserts(furthest: dict[int, int], diagonal: int, edits: int) -> bool:
    """Whether the edit onto ``diagonal`` goes down (an insertion) instead of right (a deletion)."""
    return diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])


def _backtracked(history: list[dict[int, int]], x: int, y: int) -> Iterator[Pair]:
    """The diagonal steps of the path to (x, y), last first."""
    for edits in range(len(history) - 1, -1, -1):
        furthest, diagonal = history[edits], x - y
        start = _step(furthest, diagonal, edits)
        while x > start and x > 0 and y > 0:
            x, y = x - 1, y - 1
            yield x, y
        x, y = (x, y - 1) if _inserts(furthest, diagonal, edits) else (x - 1, y)
