"""A first place for every node of a connected graph, by how far apart nodes are in it.

Pivot MDS (Brandes and Pich, "Eigensolver methods for progressive multidimensional scaling of large data",
Graph Drawing 2006): distances to a few pivots, centred twice, and the two directions in which they spread most.
Its cost is that of a few breadth-first searches.
"""

import math
from collections.abc import Sequence
from typing import Final

Adjacency = Sequence[Sequence[int]]
Point = tuple[float, float]

PIVOTS: Final = 10
ROUNDS: Final = 40
"""Steps of the power iteration; the picture needs no more exactness."""
GOLDEN_ANGLE: Final = math.pi * (3 - math.sqrt(5))
ASIDE: Final = 0.35
"""How far, in edges, nodes are put beside where they would fall together."""


def first_places(adjacent: Adjacency) -> list[Point]:
    """Places at which neighbours are about 1 apart; no two nodes have the same."""
    rows = _centred(_pivot_distances(adjacent))
    first = _direction(rows, ())
    second = _direction(rows, (first,))
    places = [(_dot(row, first), _dot(row, second)) for row in rows]
    lengths = [math.dist(places[node], places[other]) for node, others in enumerate(adjacent) for other in others]
    scale = len(lengths) / sum(lengths) if sum(lengths) else 1.0
    return [
        (x * scale + aside * math.cos(angle), y * scale + aside * math.sin(angle))
        for number, (x, y) in enumerate(places)
        for angle, aside in [(number * GOLDEN_ANGLE, ASIDE * math.sqrt((number + 1) / len(places)))]
    ]


def _pivot_distances(adjacent: Adjacency) -> list[list[int]]:
    """Of each pivot the distances to all nodes. Each pivot is the node that is furthest from those before."""
    count = len(adjacent)
    pivot = max(range(count), key=lambda node: (len(adjacent[node]), -node))
    nearest = [count] * count
    found = []
    for _ in range(min(PIVOTS, count)):
        distances = _distances(adjacent, pivot)
        found.append(distances)
        nearest = [min(both) for both in zip(nearest, distances, strict=True)]
        pivot = max(range(count), key=lambda node: (nearest[node], -node))
    return found


def _distances(adjacent: Adjacency, start: int) -> list[int]:
    distances = [-1] * len(adjacent)
    distances[start], rim = 0, [start]
    while rim:
        beyond = []
        for node in rim:
            for other in adjacent[node]:
                if distances[other] < 0:
                    distances[other] = distances[node] + 1
                    beyond.append(other)
        rim = beyond
    return distances


def _centred(columns: Sequence[Sequence[int]]) -> list[list[float]]:
    """A row for each node: its squared distances to the pivots, with the means of rows and columns taken out."""
    squares = [[distance * distance for distance in column] for column in columns]
    of_column = [sum(column) / len(column) for column in squares]
    mean = sum(of_column) / len(of_column)
    rows = []
    for row in zip(*squares, strict=True):
        of_row = sum(row) / len(row)
        rows.append([(of_row + its - mean - value) / 2 for value, its in zip(row, of_column, strict=True)])
    return rows


def _direction(rows: Sequence[Sequence[float]], others: Sequence[Sequence[float]]) -> list[float]:
    """The unit vector along which ``rows`` spread most, at right angles to ``others``; zero where they do not."""
    size = len(rows[0])
    products = [[sum(row[i] * row[j] for row in rows) for j in range(size)] for i in range(size)]
    vector = [1.0 + place / size for place in range(size)]
    for _ in range(ROUNDS):
        vector = [_dot(row, vector) for row in products]
        for other in others:
            share = _dot(vector, other)
            vector = [value - share * its for value, its in zip(vector, other, strict=True)]
        length = math.hypot(*vector)
        if length < 1e-9:
            return [0.0] * size
        vector = [value / length for value in vector]
    return vector


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(map(float.__mul__, left, right))
