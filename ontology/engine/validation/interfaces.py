"""Whether types are what their interfaces promise."""

from collections.abc import Iterator

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Sentence, phrase, sentence
from history.engine.content import Content, Key
from ontology.engine.effective import resolved
from ontology.engine.findings import shown
from ontology.engine.types import is_assignable
from ontology.engine.validation.neighbourhood import Neighbourhood, holders
from ontology.engine.validation.rule import Broken

Shortfall = tuple[str, str, str]
"""(interface, field, member) that a type does not have as the interface asks for it."""


def unconformed_interfaces(near: Neighbourhood, key: Key, content: Content) -> Iterator[Broken]:
    """What a type lacks of the interfaces that it implements, as far as none of its parents lacks the same.

    An abstract type may leave to its heirs what is missing; what it has must be of the right type.
    """
    told = {shortfall for parent in near.parents(key) if parent != key for shortfall in _shortfalls(near, parent)}
    for shortfall, message in _shortfalls(near, key).items():
        if shortfall not in told:
            yield Broken(_path(content, shortfall), message)


def _path(content: Content, shortfall: Shortfall) -> str:
    interface, field, member = shortfall
    if field == "properties" and member in content.get("properties", {}):
        return pointer("", "properties", member)
    if interface in content.get("implements", ()):
        return pointer("", "implements", content["implements"].index(interface))
    return ""


def _shortfalls(near: Neighbourhood, key: Key) -> dict[Shortfall, Sentence]:
    return near.once(key, _find_shortfalls)


def _find_shortfalls(near: Neighbourhood, key: Key) -> dict[Shortfall, Sentence]:
    found: dict[Shortfall, Sentence | None] = {}
    for interface in near.kin(key):
        if interface[0] == "interface":
            asked = near.contents[interface]
            for name, wanted in asked.get("properties", {}).items():
                found[interface[1], "properties", name] = _property_shortfall(near, key, interface, name, wanted)
            for name, wanted in asked.get("links", {}).items():
                found[interface[1], "links", name] = _link_shortfall(near, key, interface, name, wanted)
    return {shortfall: message for shortfall, message in found.items() if message is not None}


def _property_shortfall(near: Neighbourhood, key: Key, interface: Key, name: str, wanted: Content) -> Sentence | None:
    own = near.held(key).get(name)
    if own is None:
        return _missing(near, key, interface, wanted, phrase("property {name}", name=shown(name)))
    here, there = own.property.get("type"), resolved(wanted, near.contents).get("type")
    if here is None or there is None or is_assignable(here, there):
        return None
    return sentence(
        "{name} is {here} here and {there} in the interface {interface}.",
        name=shown(name),
        here=here["type"],
        there=there["type"],
        interface=shown(interface[1]),
    )


def _link_shortfall(near: Neighbourhood, key: Key, interface: Key, name: str, wanted: Content) -> Sentence | None:
    sides = [side for side in near.sides(key) if side.api_name == name]
    if not sides:
        return _missing(near, key, interface, wanted, phrase("link {name}", name=shown(name)))
    for side in sides:
        if wanted.get("cardinality") == "one" and not side.to_one:
            return sentence(
                "{name} leads to many here and to one in the interface {interface}.",
                name=shown(name),
                interface=shown(interface[1]),
            )
        if "target" in wanted and not all(_is_a(near, other, wanted["target"]) for other in side.others):
            return sentence(
                "{name} leads to {here} here and to {there} in the interface {interface}.",
                name=shown(name),
                here=", ".join(side.others),
                there=wanted["target"],
                interface=shown(interface[1]),
            )
    return None


def _missing(near: Neighbourhood, key: Key, interface: Key, wanted: Content, what: Sentence) -> Sentence | None:
    if not wanted.get("required") or near.contents[key].get("abstract"):
        return None
    return sentence(
        "The interface {interface} asks for the {what}, which {name} has not.",
        interface=shown(interface[1]),
        what=what,
        name=shown(key[1]),
    )


def _is_a(near: Neighbourhood, name: str, wanted: str) -> bool:
    return any(not holders([wanted]).isdisjoint(near.kin(key)) for key in holders([name]) & near.contents.keys())
