"""What a content names: other resources, and members that the check of a commit looks up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gateway.engine.json_pointer import pointer
from history.engine.content import Content, Key
from ontology.engine.kinds import KINDS, TYPES
from ontology.engine.shapes import (
    ListOf,
    MapOf,
    MemberReference,
    Record,
    Reference,
    SetOf,
    Shape,
    Tagged,
    TypeExpression,
)


@dataclass(frozen=True)
class Site:
    """A place in a content that names a resource of one of ``kinds``, or a member of the map ``of``."""

    path: str
    name: str
    kinds: tuple[str, ...] = ()
    of: str = ""

    @property
    def targets(self) -> set[Key]:
        """The keys of which one is meant."""
        return {(kind, self.name) for kind in self.kinds}


def sites(kind: str, content: Content) -> Iterator[Site]:
    """Every place in ``content``, a normal form, that names a resource or a member."""
    return _sites(KINDS[kind], content, ())


def references(kind: str, content: Content) -> frozenset[Key]:
    """The keys that ``content`` names; of a name that may be of several kinds, each of them."""
    return frozenset(target for site in sites(kind, content) for target in site.targets)


def rewrite(kind: str, content: Content, renames: Mapping[Key, str]) -> Content:
    """``content`` with every reference to a key of ``renames`` given its new name.

    A key may be a member's as well: the map that holds it, and its name.
    """
    renamed: Content = _rewritten(KINDS[kind], content, renames)
    return renamed


def _sites(shape: Shape, value: Any, path: tuple[str | int, ...]) -> Iterator[Site]:
    if isinstance(shape, Reference):
        yield Site(pointer("", *path), value, kinds=shape.kinds)
    elif isinstance(shape, MemberReference):
        yield Site(pointer("", *path), value, of=shape.of)
    else:
        for token, part_shape, part in _parts(shape, value):
            yield from _sites(part_shape, part, (*path, token))


def _rewritten(shape: Shape, value: Any, renames: Mapping[Key, str]) -> Any:
    if isinstance(shape, Reference):
        return next((renames[kind, value] for kind in shape.kinds if (kind, value) in renames), value)
    if isinstance(shape, MemberReference):
        return renames.get((shape.of, value), value)
    parts = ((token, _rewritten(part_shape, part, renames)) for token, part_shape, part in _parts(shape, value))
    if isinstance(value, dict):
        return {**value, **dict(parts)}
    if isinstance(value, list) and _may_name(shape):
        items = [part for _, part in parts]
        return sorted(set(items)) if isinstance(shape, SetOf) else items
    return value


def _parts(shape: Shape, value: Any) -> Iterator[tuple[str | int, Shape, Any]]:
    """(token, shape, value) of the parts of ``value`` that may name something."""
    match shape:
        case Record(fields=fields):
            naming = _naming_fields(shape)
            yield from ((key, fields[key], part) for key, part in value.items() if key in naming)
        case Tagged(tag=tag, cases=cases):
            yield from _parts(cases[value[tag]], {key: part for key, part in value.items() if key != tag})
        case TypeExpression() if len(value) > 1:  # the usual type has no parameters
            yield from _parts(TYPES[value["type"]], {key: part for key, part in value.items() if key != "type"})
        case MapOf(value=member) if _may_name(member):
            yield from ((key, member, part) for key, part in value.items())
        case SetOf(item=item) | ListOf(item=item) if _may_name(item):
            yield from ((place, item, part) for place, part in enumerate(value))


@cache
def _naming_fields(record: Record) -> frozenset[str]:
    return frozenset(key for key, shape in record.fields.items() if _may_name(shape))


@cache
def _may_name(shape: Shape) -> bool:
    """Whether a value of ``shape`` may name a resource or a member somewhere."""
    match shape:
        case Record():
            return bool(_naming_fields(shape))
        case MapOf(value=part) | SetOf(item=part) | ListOf(item=part):
            return _may_name(part)
    return isinstance(shape, Reference | MemberReference | TypeExpression | Tagged)
