"""A picture of commits in rows: the lane that each has, and the lines between them.

Every row holds one commit, children above their parents. Between two rows, a lane holds at most one line, which leads
down to the one commit that it waits for. The line to a first parent goes straight on in its child's lane; one to a
further parent joins a line that leads there already, or takes the first lane that is free. Lanes do not shift: what
leads on keeps its lane, and what ends frees it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from history.engine.dag import Digest


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane that leads to ``commit``; where it has not ``begun``, it is kept for it and nothing is drawn yet."""

    commit: Digest
    begun: bool = True


Lanes = tuple[Lane | None, ...]
"""The lanes between two rows from the left; None is a free one, which the last never is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One commit and the lines through its row, by their lanes."""

    commit: Digest
    lane: int
    passing: tuple[int, ...]
    """Lines from the row above to the one below."""
    joining: tuple[int, ...]
    """Lines from above that end in the commit."""
    leaving: tuple[int, ...]
    """For each parent, in order, the lane below in which a line leads to it."""


def lanes_laid(commits: Iterable[tuple[Digest, Sequence[Digest]]], above: Lanes = ()) -> tuple[list[Row], Lanes]:
    """Rows for ``commits`` with their parents, and the lanes below the last of them.

    Children come before their parents. ``above`` are the lanes above the first row, so the rows of one history are
    the same however it is cut into pages.
    """
    rows, lanes = list[Row](), list(above)
    for commit, parents in commits:
        rows.append(_row(commit, list(dict.fromkeys(parents)), lanes))
        while lanes and lanes[-1] is None:
            lanes.pop()
    return rows, tuple(lanes)


def _row(commit: Digest, parents: Sequence[Digest], lanes: list[Lane | None]) -> Row:
    """The row of ``commit``; ``lanes`` are those above it and become those below."""
    waiting = [number for number, lane in enumerate(lanes) if lane and lane.commit == commit]
    joining = tuple(number for number in waiting if _has_begun(lanes[number]))
    passing = tuple(number for number, lane in enumerate(lanes) if _has_begun(lane) and number not in joining)
    for number in waiting:
        lanes[number] = None
    own = waiting[0] if waiting else _free(lanes)
    leaving = list[int]()
    for parent in parents:
        number = own if not leaving else _lane_to(parent, lanes)
        lanes[number : number + 1] = [Lane(parent)]
        leaving.append(number)
    return Row(commit, own, passing, joining, tuple(leaving))


def _has_begun(lane: Lane | None) -> bool:
    return lane is not None and lane.begun


def _lane_to(commit: Digest, lanes: Sequence[Lane | None]) -> int:
    """The first lane that leads to ``commit``, else the first that is free."""
    leading = (number for number, lane in enumerate(lanes) if lane and lane.commit == commit)
    return next(leading, _free(lanes))


def _free(lanes: Sequence[Lane | None]) -> int:
    """The first free lane; the one behind the last where all are taken."""
    return next((number for number, lane in enumerate(lanes) if lane is None), len(lanes))
