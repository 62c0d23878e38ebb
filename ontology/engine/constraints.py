"""Constraints that hold together: their union, and whether it leaves any value."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.engine.sentences import Sentence, phrase
from ontology.engine.types import Type
from ontology.engine.values import (
    WHOLE_RANGES,
    Constraints,
    constraint_problem,
    is_ordered,
    limit,
    scalar_type,
    type_problem,
)

LIMITS: Final[Mapping[str, Callable[..., Any]]] = {"min": max, "exclusive_min": max, "max": min, "exclusive_max": min}
"""The limits, and which of two is the tighter."""

_SIZES: Final[Mapping[str, Callable[[int, int], int]]] = {
    "min_length": max,
    "min_items": max,
    "max_length": min,
    "max_items": min,
}


def joined(of: Type | None, first: Constraints, second: Constraints) -> dict[str, Any]:
    """The constraints that a value of the type keeps where it keeps both, as far as one record can say so.

    Of two patterns or formats it is the ``first``, as of two limits that cannot be compared.
    """
    both = {**second, **first}
    for name in first.keys() & second.keys():
        if name in _SIZES:
            both[name] = _SIZES[name](first[name], second[name])
        elif name in LIMITS:
            both[name] = _tighter(of, name, first, second)
        elif name == "enum":
            both[name] = {value: entry for value, entry in first[name].items() if value in second[name]}
    return both


def _tighter(of: Type | None, name: str, first: Constraints, second: Constraints) -> Any:
    scalar = of and scalar_type(of)
    if scalar and is_ordered(scalar):
        places = [(limit(scalar, constraints, name), constraints[name]) for constraints in (first, second)]
        if all(place is not None for place, _ in places):
            return LIMITS[name](places, key=lambda each: each[0])[1]
    return first[name]


def misplaced(of: Type, constraints: Constraints) -> Iterator[tuple[str, Sentence]]:
    """(name, clause) of the limits that are no value of the type which they limit."""
    scalar = scalar_type(of)
    if is_ordered(scalar):
        for name in LIMITS:
            if name in constraints and (clause := type_problem(scalar, constraints[name])):
                yield name, clause


def contradiction(of: Type, constraints: Constraints) -> tuple[str, Sentence] | None:
    """(name, clause) of the first constraint that no value of the type keeps along with the others.

    An enum without values is none: it says that there are no values.
    """
    return next(_contradictions(of, constraints), None)


def _contradictions(of: Type, constraints: Constraints) -> Iterator[tuple[str, Sentence]]:
    scalar = scalar_type(of)
    for least, most in (("min_length", "max_length"), ("min_items", "max_items")):
        if least in constraints and constraints[least] > constraints.get(most, constraints[least]):
            yield least, phrase("{least} is more than {most}", least=least, most=most)
    if is_ordered(scalar):
        yield from _limit_contradictions(scalar, constraints)
    enum = constraints.get("enum")
    if enum and not any(_is_possible(scalar, key, constraints) for key in enum):
        yield "enum", phrase("none of the enum's values keeps to the type and the other constraints")


def _is_possible(of: Type, key: str, constraints: Constraints) -> bool:
    value: Any = {"true": True, "false": False}.get(key, key) if of["type"] == "boolean" else key
    others = {name: constraint for name, constraint in constraints.items() if name != "enum"}
    return type_problem(of, value) is None and constraint_problem(of, value, others) is None


@dataclass(frozen=True)
class _Edge:
    """A limit: where it is, whether values may lie on it, and what it is called."""

    place: Any
    exclusive: bool
    name: str


def _limit_contradictions(of: Type, constraints: Constraints) -> Iterator[tuple[str, Sentence]]:
    edges = {name: _edge(of, name, place) for name in LIMITS if (place := limit(of, constraints, name)) is not None}
    lowest = [edges[name] for name in ("min", "exclusive_min") if name in edges]
    highest = [edges[name] for name in ("max", "exclusive_max") if name in edges]
    for low in lowest:
        for high in highest:
            if low.place > high.place or (low.place == high.place and (low.exclusive or high.exclusive)):
                yield low.name, phrase("no value keeps both {least} and {most}", least=low.name, most=high.name)


def _edge(of: Type, name: str, place: Any) -> _Edge:
    """The limit; one of whole numbers as the last number within it."""
    exclusive = name.startswith("exclusive")
    if of["type"] in WHOLE_RANGES and exclusive:
        return _Edge(place + 1 if name == "exclusive_min" else place - 1, exclusive=False, name=name)
    return _Edge(place, exclusive, name)
