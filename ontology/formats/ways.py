"""How objects lead to others, under what names, and by what they are known there."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from history.engine.content import Content, Key
from ontology.engine.effective import interfaces, lineage
from ontology.engine.members import HOLDERS
from ontology.engine.validation.neighbourhood import SIDES, Side, holders

INTERFACE_LINKS = "links"


@dataclass(frozen=True)
class Way:
    """A way from the objects of a type to others.

    ``origin`` and ``side`` say what asks for it: a link type and one of its sides, or an interface and
    its ``links``. ``targets`` are types that exist. ``content`` is that of the link.
    """

    name: str
    origin: Key
    side: str
    targets: tuple[Key, ...]
    to_one: bool
    required: bool
    content: Content


def ways_of(contents: Mapping[Key, Content], taken: Mapping[Key, Collection[str]]) -> dict[Key, dict[str, Way]]:
    """The ways from every object type and interface, its own and inherited ones, by name.

    A way is called as the side is where it starts; at its source without a name as the link type is. It
    gives way to a property, of which ``taken`` are the names, and to a nearer way of the same name.
    """
    here: dict[Key, list[Way]] = {}
    for key, content in sorted(contents.items()):
        for holder, way in _ways(key, content, contents):
            here.setdefault(holder, []).append(way)
    found: dict[Key, dict[str, Way]] = {}
    for key in sorted(contents):
        if key[0] in HOLDERS:
            line = dict.fromkeys([*lineage(key, contents), *interfaces(key, contents)])
            ways = [way for near in line for way in here.get(near, ()) if way.name not in taken.get(key, ())]
            found[key] = {way.name: way for way in reversed(ways)}
    return found


def _ways(key: Key, content: Content, contents: Mapping[Key, Content]) -> Iterator[tuple[Key, Way]]:
    """(where it starts, the way) of all that a link type or an interface asks for."""
    if key[0] == "interface":
        for name, link in sorted(content.get("links", {}).items()):
            targets = _existing([link["target"]] if "target" in link else [], contents)
            to_one, required = link.get("cardinality") == "one", bool(link.get("required"))
            yield key, Way(name, key, INTERFACE_LINKS, targets, to_one, required, link)
    elif key[0] == "link_type":
        for name in SIDES:
            side = Side(key, content, name)
            called = side.api_name or (key[1] if name == "source" else "")
            required = name == "source" and bool(content.get("required"))
            way = Way(called, key, name, _existing(side.others, contents), side.to_one, required, content)
            for start in _existing(content[name].get("types", ()), contents) if called else ():
                yield start, way


def _existing(names: Collection[str], contents: Mapping[Key, Content]) -> tuple[Key, ...]:
    return tuple(sorted(holders(names) & contents.keys()))


def key_of(key: Key, contents: Mapping[Key, Content], held: Collection[str]) -> list[str]:
    """The properties among ``held`` that identify the objects of a type: its own key, or the nearest inherited one."""
    keys = (contents[near].get("primary_key") for near in lineage(key, contents))
    return [name for name in next(filter(None, keys), ()) if name in held]
