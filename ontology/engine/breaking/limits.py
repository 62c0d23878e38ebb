"""Constraints that became tighter or looser, one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ontology.engine.types import Type
from ontology.engine.values import Constraints, is_ordered, limit, scalar_type

Json = Any


class Aspect(StrEnum):
    """What a constraint is about."""

    LOWER = "min"
    UPPER = "max"
    LENGTH = "length"
    PATTERN = "pattern"
    FORMAT = "format"
    ENUM = "enum"
    UNIQUE_ITEMS = "unique_items"


@dataclass(frozen=True)
class Limit:
    """A constraint that is not what it was.

    ``path`` leads to it below the constraints. ``before`` and ``after`` are what it says, ``{KEY: VALUE}``
    where another key says it afterwards; for a single value of an enumeration, the value itself on the
    side that has it. Of a value that goes by another name now ``after`` is that name.
    """

    aspect: Aspect
    path: tuple[str, ...]
    before: Json
    after: Json
    tightened: bool


def limits(of: Type | None, before: Constraints, after: Constraints) -> Iterator[Limit]:
    """The differences of two constraints that some value tells apart. ``of`` is the type that they limit."""
    yield from _bound(Aspect.LOWER, of, before, after)
    yield from _bound(Aspect.UPPER, of, before, after)
    for key, grows in (("min_length", True), ("max_length", False), ("min_items", True), ("max_items", False)):
        yield from _length(key, before, after, tightens_as_it_grows=grows)
    for aspect in (Aspect.PATTERN, Aspect.FORMAT):
        was, now = before.get(aspect), after.get(aspect)
        if was != now:
            yield Limit(aspect, (aspect,), was, now, tightened=now is not None)
    was, now = before.get("unique_items", False), after.get("unique_items", False)
    if was != now:
        yield Limit(Aspect.UNIQUE_ITEMS, ("unique_items",), was, now, tightened=now)
    yield from _enum(before.get("enum"), after.get("enum"))


# --- Bounds ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Bound:
    """The limit that decides; ``place`` is where it lies, None where that cannot be told."""

    key: str
    value: Json
    place: Any

    def admits(self, other: "_Bound", aspect: Aspect) -> bool:
        """Whether all that ``other`` admits is admitted; False where the two cannot be compared."""
        if self.place is None or other.place is None:
            return False
        if self.place == other.place:
            return self.key == other.key or other.key.startswith("exclusive")
        return bool((self.place < other.place) == (aspect is Aspect.LOWER))


def _bound(aspect: Aspect, of: Type | None, before: Constraints, after: Constraints) -> Iterator[Limit]:
    was, now = _strictest(aspect, of, before), _strictest(aspect, of, after)
    if was == now:
        return
    tightened = was is None or (now is not None and not now.admits(was, aspect))
    key = now.key if now else was.key if was else aspect
    other = was is not None and now is not None and was.key != now.key
    said = [({each.key: each.value} if other else each.value) if each else None for each in (was, now)]
    yield Limit(aspect, (key,), said[0], said[1], tightened)


def _strictest(aspect: Aspect, of: Type | None, constraints: Constraints) -> _Bound | None:
    scalar = scalar_type(of) if of else None
    exclusive, inclusive = (
        _Bound(key, constraints[key], limit(scalar, constraints, key) if scalar and is_ordered(scalar) else None)
        if key in constraints
        else None
        for key in (f"exclusive_{aspect}", str(aspect))
    )
    if exclusive and inclusive:
        return exclusive if inclusive.admits(exclusive, aspect) else inclusive
    return exclusive or inclusive


# --- Lengths and enumerations ---------------------------------------------------------------------


def _length(key: str, before: Constraints, after: Constraints, *, tightens_as_it_grows: bool) -> Iterator[Limit]:
    was, now = before.get(key), after.get(key)
    if tightens_as_it_grows:
        low, high = was or 0, now or 0
    else:
        low, high = _reach(now), _reach(was)
    if low != high:
        yield Limit(Aspect.LENGTH, (key,), was, now, tightened=low < high)


def _reach(longest: int | None) -> float:
    return float("inf") if longest is None else longest


def _enum(before: Mapping[str, Json] | None, after: Mapping[str, Json] | None) -> Iterator[Limit]:
    if before is None or after is None:
        if before is not after:
            was, now = before and sorted(before), after and sorted(after)
            yield Limit(Aspect.ENUM, ("enum",), was, now, tightened=before is None)
        return
    new_names = {entry["rid"]: name for name, entry in after.items() if "rid" in entry and name not in before}
    for name in sorted(before.keys() - after.keys()):
        yield Limit(Aspect.ENUM, ("enum", name), name, new_names.get(before[name].get("rid")), tightened=True)
    for name in sorted(after.keys() - before.keys()):
        yield Limit(Aspect.ENUM, ("enum", name), None, name, tightened=False)
