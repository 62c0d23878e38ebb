"""Settling a connected graph: ties draw together, what is near pushes apart.

Only what is near pushes, and only a bounded part of a crowd, so a step costs in proportion to nodes and edges.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from ontology.engine.graph.start import Adjacency, Point, first_places

NEAR: Final = 2.0
"""How far nodes push, in lengths of an edge."""
CROWD: Final = 6
"""How many nodes of one cell of the grid push a node."""
PUSH: Final = 0.5
DRAG: Final = 0.6
"""How much of a movement goes on into the next step."""
LIFT: Final = 0.35
"""How strongly what is inherited from rises above its heirs."""
STEPS: Final = 120
STEPS_OF_MANY: Final = 36
MANY: Final = 250
"""From so many nodes on fewer steps have to do."""

Ties = Sequence[tuple[int, int, bool]]
"""(node, node, whether the second is inherited from) of every tie."""


def settled_places(count: int, ties: Ties) -> list[Point]:
    """Where the ``count`` nodes of a connected graph come to rest, neighbours about 1 apart. Nothing is random."""
    adjacent = adjacency(count, ties)
    places = [list(place) for place in first_places(adjacent)]
    speeds = [[0.0, 0.0] for _ in range(count)]
    steps = STEPS if count < MANY else STEPS_OF_MANY
    for step in range(steps):
        heat = 1 - step / steps
        _pull(places, speeds, ties, adjacent, heat)
        _push(places, speeds, heat)
        for place, speed in zip(places, speeds, strict=True):
            speed[0] *= DRAG
            speed[1] *= DRAG
            place[0] += speed[0]
            place[1] += speed[1]
    return [(x, y) for x, y in places]


def adjacency(count: int, ties: Ties) -> Adjacency:
    """The neighbours of every node, each once."""
    found: list[set[int]] = [set() for _ in range(count)]
    for one, other, _ in ties:
        if one != other:
            found[one].add(other)
            found[other].add(one)
    return [sorted(others) for others in found]


def near_pairs(places: Sequence[Sequence[float]]) -> Iterator[tuple[int, int]]:
    """Pairs of nodes that may be near one another, each once; of a crowd only some, so that they grow as nodes do."""
    cells: dict[tuple[int, int], list[int]] = {}
    for node, (x, y) in enumerate(places):
        cells.setdefault((math.floor(x / NEAR), math.floor(y / NEAR)), []).append(node)
    for (column, row), nodes in cells.items():
        beside = [cells.get((column + dx, row + dy), ())[:CROWD] for dx, dy in ((1, -1), (1, 0), (1, 1), (0, 1))]
        for place, node in enumerate(nodes):
            yield from ((node, other) for other in nodes[place + 1 : place + 1 + CROWD])
            for others in beside:
                yield from ((node, other) for other in others)


def _pull(places: list[list[float]], speeds: list[list[float]], ties: Ties, adjacent: Adjacency, heat: float) -> None:
    """Draw the ends of every tie to the length 1; the one with fewer ties follows the other."""
    for one, other, rises in ties:
        if one == other:
            continue
        dx, dy = places[other][0] - places[one][0], places[other][1] - places[one][1]
        degrees = len(adjacent[one]), len(adjacent[other])
        length = math.hypot(dx, dy) or 1e-6
        pull = (length - 1) / length * heat / min(degrees)
        share = degrees[0] / sum(degrees)
        rise = heat * LIFT / min(degrees) if rises and dy > -0.7 else 0.0
        speeds[other][0] -= dx * pull * share
        speeds[other][1] -= dy * pull * share + rise * share
        speeds[one][0] += dx * pull * (1 - share)
        speeds[one][1] += dy * pull * (1 - share) + rise * (1 - share)


def _push(places: list[list[float]], speeds: list[list[float]], heat: float) -> None:
    strength, reach = PUSH * heat, NEAR * NEAR
    for one, other in near_pairs(places):
        (x, y), (other_x, other_y) = places[one], places[other]
        dx, dy = other_x - x, other_y - y
        square = dx * dx + dy * dy
        if square < reach:
            push = strength / max(square, 0.04)
            dx, dy = (dx * push, dy * push) if square else (push * 0.01, push * 0.01)
            speeds[one][0] -= dx
            speeds[one][1] -= dy
            speeds[other][0] += dx
            speeds[other][1] += dy
