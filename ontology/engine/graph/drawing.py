"""Where boxes and lines of a network are drawn. Lengths are in pixels at full size; y grows downwards."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from history.engine.content import Key
from ontology.engine.graph.forces import settled_places
from ontology.engine.graph.network import Edge, Network, Node, Tie
from ontology.engine.graph.packing import Sized, packed, separated
from ontology.engine.graph.start import Point

HEIGHT: Final = 34
NARROWEST: Final = 72
WIDEST: Final = 236
PADDING: Final = 28
CHARACTER: Final = 7.3
"""How wide a character of a box's name is, on average."""
ACROSS: Final = 176
"""How far apart neighbours are side by side."""
DOWN: Final = 104
"""How far apart they are one above the other."""
BEND: Final = 30
"""How far lines between the same two boxes are apart."""
LOOP: Final = 44
MARGIN: Final = 24


@dataclass(frozen=True)
class Box:
    """A node, by its upper left corner."""

    node: Node
    x: float
    y: float
    width: float
    height: float = HEIGHT

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def label(self) -> str:
        """The node's name, or as much of it as fits."""
        fitting = int((WIDEST - PADDING) / CHARACTER)
        return self.node.name if len(self.node.name) <= fitting else f"{self.node.name[: fitting - 1]}…"


@dataclass(frozen=True)
class Curve:
    """An edge as a Bézier curve: three points, or four where it comes back to its box."""

    edge: Edge
    points: tuple[Point, ...]

    @property
    def middle(self) -> Point:
        """The point halfway along."""
        weights = (0.25, 0.5, 0.25) if len(self.points) == 3 else (0.125, 0.375, 0.375, 0.125)
        x, y = (sum(w * p[axis] for w, p in zip(weights, self.points, strict=True)) for axis in (0, 1))
        return round(x, 1), round(y, 1)


@dataclass(frozen=True)
class Drawing:
    """Boxes that do not overlap, in the order of the network, the lines between them, and the frame of it all."""

    left: float
    top: float
    width: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]


def drawing_of(network: Network) -> Drawing:
    """The picture of a network: the same for the same network, wherever and whenever it is made."""
    sizes = {node.key: (_width(node), float(HEIGHT)) for node in network.nodes}
    corners = packed([_placed(part, sizes) for part in _parts(network)])
    boxes = tuple(
        Box(node, round(x, 1), round(y, 1), sizes[node.key][0])
        for node in network.nodes
        for x, y in [corners[node.key]]
    )
    curves = tuple(_curves(network.edges, {box.node.key: box for box in boxes}))
    return Drawing(*_frame(boxes, curves), boxes, curves)


def _frame(boxes: Sequence[Box], curves: Sequence[Curve]) -> tuple[float, float, float, float]:
    """(left, top, width, height) around everything."""
    places = [curve.middle for curve in curves]
    places += [(x, y) for box in boxes for x, y in ((box.x, box.y), (box.x + box.width, box.y + box.height))]
    xs, ys = zip(*places or [(0.0, 0.0)], strict=True)
    (left, right), (top, bottom) = ((min(values) - MARGIN, max(values) + MARGIN) for values in (xs, ys))
    return round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1)


def _width(node: Node) -> float:
    return float(min(max(round(len(node.name) * CHARACTER + PADDING), NARROWEST), WIDEST))


# --- Boxes ----------------------------------------------------------------------------------------


def _parts(network: Network) -> Iterator[tuple[list[Key], list[Edge]]]:
    """The nodes that hang together, with their edges."""
    part_of: dict[Key, int] = {}
    parts: list[tuple[list[Key], list[Edge]]] = []
    for node in network.nodes:
        if node.key in part_of:
            continue
        part_of[node.key], reached = len(parts), [node.key]
        for key in reached:  # grows while it is walked
            beyond = sorted(network.neighbours[key] - part_of.keys())
            part_of.update(dict.fromkeys(beyond, len(parts)))
            reached += beyond
        parts.append((sorted(reached), []))
    for edge in network.edges:
        parts[part_of[edge.source]][1].append(edge)
    yield from parts


def _placed(part: tuple[list[Key], list[Edge]], sizes: dict[Key, tuple[float, float]]) -> dict[Key, Sized]:
    keys, edges = part
    number = {key: place for place, key in enumerate(keys)}
    ties = [(number[edge.source], number[edge.target], edge.tie is not Tie.LINK) for edge in edges]
    places = settled_places(len(keys), ties) if len(keys) > 1 else [(0.0, 0.0)]
    wanted = [(x * ACROSS, y * DOWN) for x, y in _turned(places, is_free=not any(rises for *_, rises in ties))]
    return dict(zip(keys, separated(wanted, [sizes[key] for key in keys]), strict=True))


def _turned(places: Sequence[Point], *, is_free: bool) -> list[Point]:
    """``places`` lying on their longer side, where nothing says what is above."""
    tall, wide = (max(values) - min(values) for values in ([y for _, y in places], [x for x, _ in places]))
    return [(y, x) for x, y in places] if is_free and tall > wide else list(places)


# --- Lines ----------------------------------------------------------------------------------------


def _curves(edges: Sequence[Edge], boxes: dict[Key, Box]) -> Iterator[Curve]:
    together: dict[tuple[Key, ...], list[Edge]] = {}
    for edge in edges:
        together.setdefault(tuple(sorted((edge.source, edge.target))), []).append(edge)
    for edge in edges:
        pair = tuple(sorted((edge.source, edge.target)))
        beside = together[pair]
        place = beside.index(edge)
        if edge.source == edge.target:
            yield Curve(edge, _loop(boxes[edge.source], place))
        else:
            bend = (place - (len(beside) - 1) / 2) * BEND * (1 if edge.source == pair[0] else -1)
            yield Curve(edge, _line(boxes[edge.source], boxes[edge.target], bend))


def _line(source: Box, target: Box, bend: float) -> tuple[Point, ...]:
    (x, y), (end_x, end_y) = source.centre, target.centre
    length = math.dist((x, y), (end_x, end_y)) or 1.0
    aside_x, aside_y = (end_y - y) / length * bend, (x - end_x) / length * bend
    control = (x + end_x) / 2 + aside_x * 2, (y + end_y) / 2 + aside_y * 2
    return _rounded(_border(source, control), control, _border(target, control))


def _loop(box: Box, place: int) -> tuple[Point, ...]:
    """From the upper side of a box back to it; the next one is larger."""
    x, y, reach = box.x + box.width - 30, box.y, LOOP + place * 18
    return _rounded((x, y), (x - 12, y - reach), (x + 32 + place * 8, y - reach), (x + 20, y))


def _border(box: Box, towards: Point) -> Point:
    """Where the line from a box's centre leaves it."""
    (x, y), (to_x, to_y) = box.centre, towards
    dx, dy = to_x - x, to_y - y
    share = min(
        box.width / 2 / abs(dx) if dx else math.inf,
        box.height / 2 / abs(dy) if dy else math.inf,
        1.0,
    )
    return x + dx * share, y + dy * share


def _rounded(*points: Point) -> tuple[Point, ...]:
    return tuple((round(x, 1), round(y, 1)) for x, y in points)
