"""What resources and members are called."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Sentence, phrase, sentence
from history.engine.content import Content, Key
from ontology.engine.findings import shown
from ontology.engine.kinds import KINDS
from ontology.engine.members import HOLDERS
from ontology.engine.types import Type, is_assignable
from ontology.engine.validation.neighbourhood import SIDES, Neighbourhood, Side
from ontology.engine.validation.places import VALUED_FIELDS, members
from ontology.engine.validation.rule import Broken

RESERVED: Final = frozenset(
    {"ontology", "object", "property", "link", "relation", "rid", "primarykey", "typeid", "ontologyobject"}
)
"""Names that tools give a meaning of their own, in lower case."""

Convention = tuple[re.Pattern[str], Sentence]
"""How names of a sort are written: as a pattern and in words."""

_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*"), phrase("PascalCase, such as 'PurchaseOrder'")
_CAMEL = re.compile(r"[a-z][A-Za-z0-9]*"), phrase("camelCase, such as 'orderedAt'")
_ACTION = (
    re.compile(r"[a-z][A-Za-z0-9]*|[a-z][a-z0-9]*(?:-[a-z0-9]+)+"),
    phrase("camelCase or kebab-case, such as 'placeOrder' or 'place-order'"),
)
_CONVENTIONS: Final[Mapping[str, Convention]] = {
    "object_type": _PASCAL,
    "interface": _PASCAL,
    "struct_type": _PASCAL,
    "value_type": _PASCAL,
    "link_type": _CAMEL,
    "shared_property": _CAMEL,
    "action_type": _ACTION,
}


def named(key: Key, content: Content) -> Iterator[tuple[str, str, Convention]]:
    """(path, name, convention) of a resource, its members and the sides of a link."""
    yield "", key[1], _CONVENTIONS[key[0]]
    for path, name, _ in members(content, *VALUED_FIELDS, "links"):
        yield path, name, _CAMEL
    for side in SIDES:
        if "api_name" in content.get(side, {}):
            yield pointer("", side, "api_name"), content[side]["api_name"], _CAMEL


def unconventional_names(_near: Neighbourhood, key: Key, content: Content) -> Iterator[Broken]:
    """Names that are not written as names of their sort are."""
    for path, name, (form, words) in named(key, content):
        if not form.fullmatch(name):
            message = sentence("The name {name} is not in {convention}.", name=shown(name), convention=words)
            yield Broken(path, message)


def reserved_names(_near: Neighbourhood, key: Key, content: Content) -> Iterator[Broken]:
    """Names that tools give a meaning of their own."""
    for path, name, _ in named(key, content):
        if name.lower() in RESERVED:
            yield Broken(path, sentence("The name {name} is reserved.", name=shown(name)))


# --- Duplicates ---------------------------------------------------------------------------------


def duplicate_names(near: Neighbourhood, key: Key, content: Content) -> Iterator[Broken]:
    """One name for two things, where a program could have only one of them."""
    for kind, name in sorted(near.namesakes.get(key, ())):
        message = sentence("There is {kind} {name} as well.", kind=KINDS[kind].noun, name=shown(name))
        yield Broken("", message)
    if key[0] in HOLDERS:
        yield from _redefinitions(near, key)
        known = {clash for parent in near.bequeathers(key) for clash in near.once(parent, _clashes)}
        for clash, message in near.once(key, _clashes).items():
            if clash not in known:
                own = clash[0] in content.get("properties", {})
                yield Broken(pointer("", "properties", clash[0]) if own else "", message)


def _redefinitions(near: Neighbourhood, key: Key) -> Iterator[Broken]:
    """Properties whose type is not one that the parents promise, or that two parents promise differently."""
    promised: dict[str, dict[Key, Type]] = {}
    for parent in near.parents(key):
        for name, found in near.held(parent).items():
            if "type" in found.property and found.origin != key:
                promised.setdefault(name, {})[found.origin] = found.property["type"]
    for name, types in promised.items():
        own = near.held(key)[name]
        if own.via != "own":
            yield from _disagreements(name, types)
        elif "type" in own.property:
            yield from _departures(name, own.property["type"], types)


def _departures(name: str, own: Type, promised: Mapping[Key, Type]) -> Iterator[Broken]:
    for (_, holder), wanted in promised.items():
        if not is_assignable(own, wanted):
            message = sentence(
                "{name} is {here} here and {there} in {holder}.",
                name=shown(name),
                here=own["type"],
                there=wanted["type"],
                holder=shown(holder),
            )
            yield Broken(pointer("", "properties", name), message)


def _disagreements(name: str, promised: Mapping[Key, Type]) -> Iterator[Broken]:
    for ((_, one), its), ((_, two), other) in combinations(sorted(promised.items(), key=lambda each: each[0]), 2):
        if not is_assignable(its, other) and not is_assignable(other, its):
            message = sentence(
                "The inherited property {name} is {type} in {holder} and {other_type} in {other}.",
                name=shown(name),
                type=its["type"],
                holder=shown(one),
                other_type=other["type"],
                other=shown(two),
            )
            yield Broken("/extends", message)


Clash = tuple[str, str, str]
"""(name, one thing, another thing) that a type has under one name."""

_A_PROPERTY: Final = phrase("a property")
_A_LINK: Final = phrase("a link")


def _clashes(near: Neighbourhood, key: Key) -> dict[Clash, Sentence]:
    """What a type has twice: properties, links that an interface asks for, and ways along link types."""
    found: dict[Clash, Sentence] = {}
    properties = near.held(key)
    sides: dict[str, list[Side]] = {}
    for side in near.sides(key):
        sides.setdefault(side.api_name, []).append(side)
    for name, here in sides.items():
        if name in properties:
            for side in here:
                found[name, "property", _identity(side)] = _both(name, _A_PROPERTY, _words(side))
        for one, other in combinations(here, 2):
            if not _is_one(near, one, other):
                found[name, _identity(one), _identity(other)] = _both(name, _words(one), _words(other))
    for name in _asked_links(near, key) & properties.keys():
        found[name, "property", "link"] = _both(name, _A_PROPERTY, _A_LINK)
    return found


def _both(name: str, one: Sentence, other: Sentence) -> Sentence:
    return sentence("{name} is {one} and {other}.", name=shown(name), one=one, other=other)


def _asked_links(near: Neighbourhood, key: Key) -> set[str]:
    return {name for each in near.kin(key) if each[0] == "interface" for name in near.contents[each].get("links", ())}


def _identity(side: Side) -> str:
    return f"{side.link[1]}/{side.side}"


def _words(side: Side) -> Sentence:
    return phrase("a way along the link type {name}", name=shown(side.link[1]))


def _is_one(near: Neighbourhood, one: Side, other: Side) -> bool:
    """Whether two sides are ways along the same links: of a special case, of an inverse, of a symmetric link."""
    for special, general in ((one, other), (other, one)):
        if general.link in near.kin(special.link):
            return one.side == other.side or bool(general.content.get("symmetric"))
    inverses = other.link[1] == one.content.get("inverse_of") or one.link[1] == other.content.get("inverse_of")
    return one.side != other.side and inverses
