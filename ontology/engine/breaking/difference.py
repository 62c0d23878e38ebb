"""What differs, as rules look at it: a resource or a member, on both sides, and what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

from gateway.engine.sentences import Sentence, phrase
from history.engine.content import Content, Key
from ontology.engine.breaking.sides import Pair, plain
from ontology.engine.comparison import former_names
from ontology.engine.findings import shown
from ontology.engine.kinds import KIND_NOUNS, KINDS
from ontology.engine.shapes import MapOf, Record, Rid, Shape, member_maps

Json = Any
Place = tuple[str, ...]
"""The way to a resource or a member: ``("object_type", "Person", "properties", "email")``."""

_NOTHING: Mapping[str, Json] = {}


class Sort(StrEnum):
    """What a difference is of. Members differ by what holds them, since they break other things."""

    OBJECT_TYPE = "object_type"
    LINK_TYPE = "link_type"
    INTERFACE = "interface"
    SHARED_PROPERTY = "shared_property"
    VALUE_TYPE = "value_type"
    STRUCT_TYPE = "struct_type"
    ACTION_TYPE = "action_type"
    PROPERTY = "property"
    INTERFACE_PROPERTY = "interface_property"
    INTERFACE_LINK = "interface_link"
    FIELD = "field"
    PARAMETER = "parameter"
    ENUM_VALUE = "enum_value"


MEMBERS = frozenset(sort for sort in Sort if sort not in KINDS)
RESOURCES = frozenset(Sort) - MEMBERS

_NOUNS: Mapping[str, Sentence] = {
    **KIND_NOUNS,
    Sort.PROPERTY: phrase("property"),
    Sort.INTERFACE_PROPERTY: phrase("property"),
    Sort.INTERFACE_LINK: phrase("link"),
    Sort.FIELD: phrase("field"),
    Sort.PARAMETER: phrase("parameter"),
    Sort.ENUM_VALUE: phrase("value"),
}
_SORTS: Mapping[tuple[str, str], Sort] = {
    ("object_type", "properties"): Sort.PROPERTY,
    ("link_type", "properties"): Sort.PROPERTY,
    ("interface", "properties"): Sort.INTERFACE_PROPERTY,
    ("interface", "links"): Sort.INTERFACE_LINK,
    ("struct_type", "fields"): Sort.FIELD,
    ("action_type", "parameters"): Sort.PARAMETER,
}


class Fate(StrEnum):
    """What became of it."""

    ADDED = "added"
    REMOVED = "removed"
    KEPT = "kept"
    REUSED = "reused"
    """Its name went over to something else: ``before`` is what had it, ``after`` what has it."""
    CONVERTED = "converted"
    """It is a resource of another kind now: ``after`` is that."""


@dataclass(frozen=True, eq=False)
class Difference:
    """A resource or member that differs.

    ``became`` is the kind of what it was converted to. ``inherited`` is one that went from a type's own
    properties and that it inherits from then on, or became its own and was inherited before. ``told`` are
    fields of which no more needs saying.
    """

    sort: Sort
    fate: Fate
    path: Place
    name: str
    before: Content | None
    after: Content | None
    record: Record
    holder: "Difference | None" = None
    became: str = ""
    inherited: bool = False
    told: frozenset[str] = frozenset()

    @property
    def former_name(self) -> str:
        return str(plain(self.path[-1]))

    @property
    def key(self) -> tuple[str, str]:
        """The resource that it is, or is in."""
        return self.path[0], self.path[1]

    @property
    def status(self) -> str:
        """Where it stood in its life: its own status, or its holder's where it says none."""
        own = (self.before or _NOTHING).get("status")
        return str(own) if own else self.holder.status if self.holder else "experimental"

    @property
    def in_words(self) -> Sentence:
        """What it is and of what, by its former name."""
        itself = phrase("the {noun} {name}", noun=_NOUNS[self.sort], name=shown(self.former_name))
        return phrase("{member} of {holder}", member=itself, holder=self.holder.in_words) if self.holder else itself

    def both(self, *field: str) -> tuple[Json, Json]:
        """What stands in a field on both sides, its default where it is left out."""
        default = _default(self.record, field)
        return _held(self.before, field, default), _held(self.after, field, default)

    def differs(self, *field: str) -> bool:
        was, now = self.both(*field)
        return bool(was != now)

    def changed_fields(self) -> list[str]:
        """The fields that differ and are not yet told, those of its parts by ``part/field``.

        Members are differences of their own and none of these; another name is the field ``api_name``.
        """
        found = ["api_name"] if self.former_name != self.name else []
        before, after = self.before or _NOTHING, self.after or _NOTHING
        touched = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        leaves = (field for field in _leaves(self.record) if field[0] in touched)
        found += ["/".join(field) for field in leaves if self.differs(*field)]
        return [field for field in found if not any(_is_below(field, told) for told in self.told)]


def resource_differences(pairs: Sequence[Pair]) -> Iterator[Difference]:
    """What became of each resource that differs."""
    converted = dict(_conversions(pairs))
    follow = {pair.key for pair in converted.values()}
    reuses = {reuse.path: reuse for reuse in _reuses([pair for pair in pairs if pair.key not in follow])}
    yield from reuses.values()
    for pair in pairs:
        if pair.before is not None and pair.after is not None:
            if pair.before != pair.after or pair.key[1] != pair.name:
                yield _resource(pair.key, Fate.KEPT, pair)
        elif pair.key in converted:
            other = converted[pair.key]
            difference = _resource(pair.key, Fate.CONVERTED, replace(pair, after=other.after))
            yield replace(difference, became=other.key[0])
        elif pair.after is None and pair.key not in reuses:
            yield _resource(pair.key, Fate.REMOVED, pair)
        elif pair.before is None and pair.key not in follow and (pair.key[0], pair.name) not in reuses:
            yield _resource(pair.key, Fate.ADDED, pair)


def member_differences(difference: Difference) -> Iterator[Difference]:
    """What became of each member of what is there on both sides, and of members of members."""
    if difference.fate is not Fate.KEPT:
        return
    for place, record in member_maps(difference.record):
        before, after = _dig(difference.before, place), _dig(difference.after, place)
        if before == after:
            continue
        if place[-1] == "enum":
            found = _enum_values(difference, place, record, before, after)
        else:
            found = _members(difference, place, record, before, after)
        for member in found:
            yield member
            yield from member_differences(member)


# --- Resources ------------------------------------------------------------------------------------


def _resource(path: Place, fate: Fate, pair: Pair) -> Difference:
    return Difference(Sort(path[0]), fate, path, pair.name, pair.before, pair.after, KINDS[path[0]])


def _conversions(pairs: Sequence[Pair]) -> Iterator[tuple[Key, Pair]]:
    """The object types that became something else, by rid or name."""
    added = [pair for pair in pairs if pair.before is None and pair.key[0] != "object_type"]
    for pair in pairs:
        if pair.key[0] == "object_type" and pair.after is None:
            found = next((other for other in added if _is_same(pair, other)), None)
            if found:
                yield pair.key, found


def _reuses(pairs: Sequence[Pair]) -> Iterator[Difference]:
    """The names of object types that something else has now than before."""
    held = {pair.key: pair for pair in pairs if pair.before is not None}
    for pair in pairs:
        path = (pair.key[0], pair.name)
        holder = held.get(path)
        if pair.after is not None and holder and holder is not pair and path[0] == "object_type":
            yield _resource(path, Fate.REUSED, replace(pair, before=holder.before))


def _is_same(pair: Pair, other: Pair) -> bool:
    rids = {(each or _NOTHING).get("rid") for each in (pair.before, other.after)}
    return pair.name == other.name or (len(rids) == 1 and rids != {None})


# --- Members --------------------------------------------------------------------------------------


def _members(
    holder: Difference, place: Place, record: Record, before: Mapping[str, Content], after: Mapping[str, Content]
) -> Iterator[Difference]:
    former = former_names(before, after)
    sort = _SORTS[holder.path[0], place[-1]]

    def member(fate: Fate, was: str | None, name: str) -> Difference:
        path = (*holder.path, *place, was or name)
        return Difference(sort, fate, path, name, before.get(was or ""), after.get(name), record, holder)

    for name in sorted(before.keys() - set(former.values()) - after.keys()):
        yield member(Fate.REMOVED, name, name)
    for name in sorted(after):
        was = former.get(name)
        if name in before and was != name:
            yield member(Fate.REUSED, name, name)
        elif was is None:
            yield member(Fate.ADDED, None, name)
        if was is not None and (was != name or before[was] != after[name]):
            yield member(Fate.KEPT, was, name)


def _enum_values(
    holder: Difference, place: Place, record: Record, before: Mapping[str, Content], after: Mapping[str, Content]
) -> Iterator[Difference]:
    """What people read of the values that stay; those that come and go are limits of what holds them."""
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name]:
            path = (*holder.path, *place, name)
            yield Difference(Sort.ENUM_VALUE, Fate.KEPT, path, name, before[name], after[name], record, holder)


# --- Fields ---------------------------------------------------------------------------------------


@cache
def _leaves(record: Record) -> tuple[Place, ...]:
    """The fields of ``record`` and of its parts, but for identities and members."""
    found: list[Place] = []
    for name, shape in record.fields.items():
        if isinstance(shape, Record):
            found += [(name, *place) for place in _leaves(shape)]
        elif not isinstance(shape, Rid) and not _holds_members(shape):
            found.append((name,))
    return tuple(found)


def _holds_members(shape: Shape) -> bool:
    return isinstance(shape, MapOf) and isinstance(shape.value, Record) and shape.value.identified


@cache
def _default(record: Record, field: Place) -> Json:
    shape: Shape = record
    for name in field:
        if not isinstance(shape, Record):
            raise TypeError(f"There are no fields in {name!r}.")
        shape = shape.fields[name]
    return list(shape.default) if isinstance(shape.default, tuple) else shape.default


def _held(content: Content | None, field: Place, default: Json) -> Json:
    if content is None:
        return None
    return _dig(content, field[:-1]).get(field[-1], default)


def _dig(content: Content | None, place: Place) -> Mapping[str, Json]:
    found = content or _NOTHING
    for name in place:
        found = found.get(name, _NOTHING)
    return found


def _is_below(field: str, told: str) -> bool:
    return field == told or field.startswith(told + "/")
