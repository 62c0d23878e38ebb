"""Places within a resource that merge as one, what each side has there, and putting something else there."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from history.engine.content import Content, Key
from merging.engine.schema import FreeJson, KeyedMap, MergeSchema, Record, Rule
from merging.engine.values import ABSENT, Sides, Value


class Place(NamedTuple):
    """A value within a resource by the names on the way to it; the resource itself where there are none."""

    key: Key
    names: tuple[str, ...]


def place_of(schema: MergeSchema, key: Key, names: Iterable[str]) -> Place:
    """The place at which ``names`` lead, or the last on the way that is only looked at as a whole."""
    rule: Rule = schema.record(key[0])
    way: list[str] = []
    for name in names:
        match rule:
            case Record():
                rule = rule.field(name).rule
            case KeyedMap():
                rule = rule.entry
            case _ if not isinstance(rule, FreeJson):
                break
        way.append(name)
    return Place(key, tuple(way))


def sides_at(schema: MergeSchema, place: Place, sides: Sides, merged: Content) -> Sides:
    """What the three contents have at ``place``, which goes by the names of ``merged``.

    An entry is found by the identity that the merged one has, else by its name.
    """
    rule: Rule = schema.record(place.key[0])
    here: Value = merged
    for name in place.names:
        here = here.get(name, ABSENT) if isinstance(here, dict) else ABSENT
        who = here.get(schema.identity) if isinstance(rule, KeyedMap) and isinstance(here, dict) else None
        sides = Sides(*(_member(side, name, schema.identity, who) for side in sides))
        match rule:
            case Record():
                rule = rule.field(name).rule
            case KeyedMap():
                rule = rule.entry
    return sides


def _member(side: Value, name: str, identity: str, who: str | None) -> Value:
    if not isinstance(side, dict):
        return ABSENT
    entries = (entry for entry in side.values() if who and isinstance(entry, dict) and entry.get(identity) == who)
    return next(entries, side.get(name, ABSENT))


def replaced(content: Any, names: tuple[str, ...], value: Value) -> Any:
    """``content`` with ``value`` where ``names`` lead, through objects and lists; what is on the way is made.

    An item of a list that is to be :data:`ABSENT` stays as that, so that those behind it keep their places.
    """
    if not names:
        return value
    name, *rest = names
    if isinstance(content, list):
        return [replaced(item, tuple(rest), value) if str(at) == name else item for at, item in enumerate(content)]
    held = content if isinstance(content, dict) else {}
    new = replaced(held.get(name, ABSENT), tuple(rest), value)
    return {**{key: item for key, item in held.items() if key != name}, **({} if new is ABSENT else {name: new})}


def compact(content: Any) -> Any:
    """``content`` without the items of lists that are :data:`ABSENT`."""
    if isinstance(content, dict):
        return {name: compact(value) for name, value in content.items()}
    if isinstance(content, list):
        return [compact(item) for item in content if item is not ABSENT]
    return content
