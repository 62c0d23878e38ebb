"""Properties that come and go by inheritance: pulled up, pushed down, or had from a new parent."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from history.engine.content import Content
from ontology.engine.breaking.difference import Difference, Fate, Sort
from ontology.engine.breaking.known import Known
from ontology.engine.kinds import KINDS
from ontology.engine.shapes import Record

_PROPERTIES = frozenset({Sort.PROPERTY, Sort.INTERFACE_PROPERTY})
_VALUE = ("type", "constraints", "required", "default", "unique")


def with_inheritance(difference: Difference, members: list[Difference], known: Known) -> Iterator[Difference]:
    """``members``, with what its inheritance makes of those of a type.

    A property that the type loses as its own and inherits, or the other way round, is there still: what
    it takes may differ. One that a new parent demands is new.
    """
    had, has = known.had(difference.key), known.has(difference.key)
    for member in members:
        other = {Fate.REMOVED: has, Fate.ADDED: had}.get(member.fate, {})
        if member.sort in _PROPERTIES and member.name in other:
            yield replace(member, inherited=True)
            yield _continued(member, had[member.name].property, has[member.name].property)
        else:
            yield member
    yield from _demanded(difference, known)


def _continued(member: Difference, was: Content, now: Content) -> Difference:
    """What the values were and are, whoever declares them."""
    common = {"status": was["status"]} if "status" in was else {}
    before, after = ({**common, **{field: each[field] for field in _VALUE if field in each}} for each in (was, now))
    return replace(member, fate=Fate.KEPT, before=before, after=after)


def _demanded(difference: Difference, known: Known) -> Iterator[Difference]:
    """The properties that a parent which is new to the type demands of it."""
    if difference.fate is not Fate.KEPT or difference.sort not in {Sort.OBJECT_TYPE, Sort.INTERFACE}:
        return
    had = known.had(difference.key)
    gained = known.gained_line(difference)
    for name, effective in known.has(difference.key).items():
        if effective.origin in gained and name not in had and effective.property.get("required"):
            sort = Sort.PROPERTY if difference.sort is Sort.OBJECT_TYPE else Sort.INTERFACE_PROPERTY
            path = (*difference.path, "properties", name)
            yield Difference(sort, Fate.ADDED, path, name, None, effective.property, _record(), difference)


def _record() -> Record:
    shape: Any = KINDS["object_type"].fields["properties"]
    record: Record = shape.value
    return record
