"""How the ontology's kinds merge."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from merging.engine import schema as rules
from merging.engine.schema import Field, MergeSchema
from merging.engine.values import ABSENT
from ontology.engine import types
from ontology.engine.kinds import CARDINALITIES, KINDS, LINK_CARDINALITIES, STATUSES
from ontology.engine.members import rewrite_members
from ontology.engine.references import rewrite
from ontology.engine.shapes import (
    Choice,
    ListOf,
    LocalisedText,
    MapOf,
    MemberReference,
    Record,
    SetOf,
    Shape,
    TypeExpression,
)


@cache
def merge_schema() -> MergeSchema:
    """The merge rules of the seven kinds, read off their shapes."""
    return MergeSchema({kind: _record(shape) for kind, shape in KINDS.items()}, rewrite, rewrite_members)


@cache
def _record(shape: Record) -> rules.Record:
    fields = {name: _field(name, part, required=name in shape.required) for name, part in shape.fields.items()}
    return rules.Record(fields, shape.coupled, whole=shape.whole)


def _field(name: str, shape: Shape, *, required: bool) -> Field:
    """A required field is written out even where it holds its default."""
    default = ABSENT if required or shape.default is None else _json(shape.default)
    return Field(_LIMITS.get(name) or _rule(shape), default)


def _json(default: object) -> object:
    """A shape's default as JSON; the shapes are immutable, so it is a tuple where JSON has a list."""
    match default:
        case tuple():
            return list(default)
        case Mapping():
            return dict(default)
    return default


def _rule(shape: Shape) -> rules.Rule:
    match shape:
        case Record():
            return _record(shape)
        case MapOf(value=Record() as member):
            return rules.KeyedMap(_record(member))
        case ListOf(item=item):
            # A list of members is a key, which means something as a whole only.
            return rules.OrderedList(atomic=isinstance(item, MemberReference))
        case Choice(values=values) if values in _ORDERS:
            return _ORDERS[values]
        case LocalisedText(prose=True):
            return rules.Text()
    return _PLAIN.get(type(shape), rules.Scalar())


def _join_cardinalities(left: str, right: str) -> str:
    """Each end is one where both say one. An interface's link has one end only."""
    ends = zip(left.split("_to_"), right.split("_to_"), strict=True)
    return "_to_".join("many" if "many" in end else "one" for end in ends)


_ORDERS: Final[Mapping[tuple[str, ...], rules.Rule]] = {
    STATUSES: rules.Ranked(("experimental", "active", "deprecated")),
    CARDINALITIES: rules.Joined(_join_cardinalities),
    LINK_CARDINALITIES: rules.Joined(_join_cardinalities),
}
"""How choices merge whose values have an order."""

_PLAIN: Final[Mapping[type[Shape], rules.Rule]] = {
    SetOf: rules.SetOf(),
    MapOf: rules.FreeJson(),
    LocalisedText: rules.FreeJson(),
    TypeExpression: rules.Joined(types.join),
}
"""Free JSON and labels by language just have keys."""

_LIMITS: Final[Mapping[str, rules.Rule]] = {
    **dict.fromkeys(("min", "exclusive_min", "min_length", "min_items"), rules.Limit(lower=True)),
    **dict.fromkeys(("max", "exclusive_max", "max_length", "max_items"), rules.Limit()),
}
