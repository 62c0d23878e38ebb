"""Boxes side by side without overlap: those of one part near where they want to be, then part beside part."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count
from typing import Final, NamedTuple

from history.engine.content import Key
from ontology.engine.graph.start import GOLDEN_ANGLE, Point

GAP_ACROSS: Final = 26.0
GAP_DOWN: Final = 22.0
ROOM: Final = 3.2
"""How much more room than their own boxes are given."""
STEP_ACROSS: Final = 16.0
STEP_DOWN: Final = 9.0
SPREAD: Final = 0.9
"""How room is looked for around where a box wants to be."""
CELL_ACROSS: Final = 264.0
CELL_DOWN: Final = 60.0
"""Cells of a grid; a box and its gap touch four of them at most."""
PART_GAP: Final = 48.0
SHAPE: Final = 1.7
"""How much wider than high the whole should be."""


Cell = tuple[int, int]


class Sized(NamedTuple):
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float


def separated(centres: Sequence[Point], sizes: Sequence[tuple[float, float]]) -> list[Sized]:
    """A rectangle of each size near its centre, with a gap to all others. The inner ones stay where they are."""
    centres = _with_room(centres, sizes)
    middle = [sum(values) / len(centres) for values in zip(*centres, strict=True)]
    grid: dict[Cell, list[Sized]] = {}
    searched: dict[Cell, int] = {}  # how far around a cell all is taken, so that nobody need look there again
    found: dict[int, Sized] = {}
    for node in sorted(range(len(centres)), key=lambda node: (math.dist(centres[node], middle), node)):
        (x, y), (width, height) = centres[node], sizes[node]
        cell = _cell(x, y)
        for turn in chain((0,), count(searched.get(cell, 1))):
            dx, dy = _aside(turn)
            place = Sized(x - width / 2 + dx, y - height / 2 + dy, width, height)
            if not _is_taken(grid, place):
                break
        searched[cell] = max(searched.get(cell, 1), turn)
        found[node] = place
        for touched in _cells(place):
            grid.setdefault(touched, []).append(place)
    return [found[node] for node in range(len(centres))]


def packed(parts: Sequence[Mapping[Key, Sized]]) -> dict[Key, Point]:
    """The corners of all rectangles when the parts stand in rows, the highest first."""
    bounds = [_bounds(part) for part in parts]
    area = sum((bound.width + PART_GAP) * (bound.height + PART_GAP) for bound in bounds)
    widest = max([math.sqrt(area * SHAPE), *(bound.width for bound in bounds)])
    corners: dict[Key, Point] = {}
    x = y = row = 0.0
    for number in sorted(range(len(parts)), key=lambda part: (-bounds[part].height, -bounds[part].width, part)):
        bound = bounds[number]
        if x and x + bound.width > widest:
            x, y, row = 0.0, y + row + _gap(row), 0.0
        corners.update({key: (each.x - bound.x + x, each.y - bound.y + y) for key, each in parts[number].items()})
        x, row = x + bound.width + _gap(bound.height), max(row, bound.height)
    return corners


def _gap(height: float) -> float:
    """Single boxes stand closer to one another than whole parts do."""
    return GAP_DOWN if height < PART_GAP else PART_GAP


def _with_room(centres: Sequence[Point], sizes: Sequence[tuple[float, float]]) -> list[Point]:
    """``centres`` drawn apart where they have less room than their rectangles need."""
    xs, ys = zip(*centres, strict=True)
    wide, high = (max(values) - min(values) or 1.0 for values in (xs, ys))
    needed = sum((width + GAP_ACROSS) * (height + GAP_DOWN) for width, height in sizes) * ROOM
    factor = max(1.0, math.sqrt(needed / (wide * high))) if len(sizes) > 2 else 1.0
    return [(x * factor, y * factor) for x, y in centres]


def _aside(turn: int) -> Point:
    """Offsets along a spiral, the first of which is none; the further out, the wider apart."""
    reach, angle = turn**SPREAD, turn * GOLDEN_ANGLE
    return reach * STEP_ACROSS * math.cos(angle), reach * STEP_DOWN * math.sin(angle)


def _is_taken(grid: Mapping[Cell, Sequence[Sized]], place: Sized) -> bool:
    return any(
        abs(place.x + place.width / 2 - other.x - other.width / 2) < (place.width + other.width) / 2 + GAP_ACROSS
        and abs(place.y + place.height / 2 - other.y - other.height / 2) < (place.height + other.height) / 2 + GAP_DOWN
        for cell in _cells(place)
        for other in grid.get(cell, ())
    )


def _cells(place: Sized) -> Iterator[Cell]:
    """The cells that a rectangle and half the gap around it lie in."""
    left, right = place.x - GAP_ACROSS / 2, place.x + place.width + GAP_ACROSS / 2
    top, bottom = place.y - GAP_DOWN / 2, place.y + place.height + GAP_DOWN / 2
    (first_column, first_row), (last_column, last_row) = _cell(left, top), _cell(right, bottom)
    for column in range(first_column, last_column + 1):
        for row in range(first_row, last_row + 1):
            yield column, row


def _cell(x: float, y: float) -> Cell:
    return math.floor(x / CELL_ACROSS), math.floor(y / CELL_DOWN)


def _bounds(part: Mapping[Key, Sized]) -> Sized:
    left, top = min(each.x for each in part.values()), min(each.y for each in part.values())
    right = max(each.x + each.width for each in part.values())
    bottom = max(each.y + each.height for each in part.values())
    return Sized(left, top, right - left, bottom - top)
