"""Rows of commits with their lines as SVG. Lengths are in pixels; a row that is higher is drawn stretched."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from history.engine.lanes import Row
from history.selectors import DrawnCommit

ACROSS: Final = 16
"""How far lanes are apart."""
MARGIN: Final = 10
HEIGHT: Final = 48
MIDDLE: Final = HEIGHT // 2
CORNER: Final = 9
COLOURS: Final = 8


@dataclass(frozen=True)
class Line:
    path: str
    colour: int


@dataclass(frozen=True)
class ShownRow:
    """A commit with the lines of its row, and the branches that point to it."""

    drawn: DrawnCommit

    @property
    def x(self) -> int:
        return _x(self.drawn.row.lane)

    @property
    def colour(self) -> int:
        return self.drawn.row.lane % COLOURS

    @property
    def lines(self) -> list[Line]:
        """What passes lies below what begins or ends here."""
        return [Line(path, lane % COLOURS) for lane, path in _paths(self.drawn.row)]

    @property
    def parents(self) -> list[str]:
        return [edge.parent_id for edge in self.drawn.commit.parent_edges.all()]

    @property
    def unnamed(self) -> int:
        """How many branches point to it beside those that are named."""
        return self.drawn.label.count - len(self.drawn.label.names)


@dataclass(frozen=True)
class Picture:
    """The rows of a page, all of one width."""

    rows: Sequence[ShownRow]
    width: int
    height: int = HEIGHT
    middle: int = MIDDLE


def picture_of(drawn: Sequence[DrawnCommit]) -> Picture:
    rows = [each.row for each in drawn]
    lanes = [lane for row in rows for lane in (row.lane, *row.passing, *row.joining, *row.leaving)]
    return Picture([ShownRow(each) for each in drawn], _x(max(lanes, default=0)) + MARGIN)


def _x(lane: int) -> int:
    return MARGIN + lane * ACROSS


def _paths(row: Row) -> Iterator[tuple[int, str]]:
    for lane in row.passing:
        yield lane, f"M{_x(lane)} 0V{HEIGHT}"
    for lane in row.joining:
        yield lane, _bent(row.lane, lane, 0)
    for lane in row.leaving:
        yield lane, _bent(row.lane, lane, HEIGHT)


def _bent(own: int, lane: int, end: int) -> str:
    """From the commit sideways to ``lane``, and there up or down to ``end``."""
    if lane == own:
        return f"M{_x(own)} {MIDDLE}V{end}"
    before = _x(lane) - (CORNER if lane > own else -CORNER)
    behind = MIDDLE + (CORNER if end > MIDDLE else -CORNER)
    return f"M{_x(own)} {MIDDLE}H{before}Q{_x(lane)} {MIDDLE} {_x(lane)} {behind}V{end}"
