"""The properties that types have, their own and those that come to them, with what they come to mean.

A type has its own properties, else those of the nearest type that it extends, else those of the
interfaces that it implements. Cycles are tolerated: everything is looked at once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from history.engine.content import Content, Key
from ontology.engine.constraints import joined
from ontology.engine.members import HOLDERS
from ontology.engine.state import State
from ontology.engine.types import Type
from ontology.engine.values import Constraints

Via = Literal["own", "extends", "implements"]

NO_CONSTRAINTS: Final[Constraints] = {}


@dataclass(frozen=True)
class Effective:
    """A property that a type has.

    ``property`` is the property's content with ``type`` and ``constraints`` as they hold with its
    shared property and value type; without ``type`` where these are not there. ``origin`` is the
    type that declares it, ``via`` how it comes from there.
    """

    name: str
    property: Content
    origin: Key
    via: Via


@dataclass(frozen=True)
class EffectiveType:
    """A type with all that it has and where that comes from.

    ``properties`` are by name, ``lineage`` is what it extends, ``interfaces`` what it implements,
    itself or through what it extends, each the nearest first.
    """

    properties: dict[str, Effective]
    lineage: list[Key]
    interfaces: list[Key]


@dataclass(frozen=True)
class Meaning:
    """What a property, field or parameter takes: a type, None where it cannot be told, and constraints."""

    type: Type | None
    constraints: Constraints


def effective_properties(state: State, keys: Iterable[Key]) -> dict[Key, dict[str, Effective]]:
    """The properties of those of ``keys`` that are object types or interfaces and exist, by name.

    What they inherit from is read one generation at a time for all of them together.
    """
    return {key: found.properties for key, found in effective_types(state, keys).items()}


def effective_types(state: State, keys: Iterable[Key]) -> dict[Key, EffectiveType]:
    """Those of ``keys`` that are object types or interfaces and exist, with all that they have; read likewise."""
    wanted = state.contents(key for key in keys if key[0] in HOLDERS)
    read = reached(state, wanted, ancestry)
    read |= reached(state, read, sources)
    own = cache(lambda key: own_properties(key, read))
    return {
        key: EffectiveType(properties_of(key, read, own), lineage(key, read)[1:], interfaces(key, read))
        for key in wanted
    }


def declared_properties(state: State, contents: Mapping[Key, Content]) -> dict[Key, dict[str, Effective]]:
    """The properties that each of ``contents`` declares itself, by name."""
    read = reached(state, contents, sources)
    return {
        key: {name: Effective(name, member, key, "own") for name, member in own_properties(key, read).items()}
        for key in contents
    }


# --- Reading --------------------------------------------------------------------------------------


def reached(
    state: State, start: Mapping[Key, Content], following: Callable[[Key, Content], set[Key]]
) -> dict[Key, Content]:
    """``start`` and all that exists and is reached from it by ``following``, read generation by generation."""
    found, seen = dict(start), set(start)
    frontier: Mapping[Key, Content] = start
    while frontier:
        near = {key for source, content in frontier.items() for key in following(source, content)} - seen
        seen |= near
        frontier = state.contents(near) if near else {}
        found |= frontier
    return found


def ancestry(key: Key, content: Content) -> set[Key]:
    """What properties come from: the resources that it extends, and the interfaces that it implements."""
    kind, _ = key
    return {(kind, name) for name in content.get("extends", ())} | {
        ("interface", name) for name in content.get("implements", ())
    }


def sources(_key: Key, content: Content) -> set[Key]:
    """The shared properties and value types that say what the members of a resource, or itself, take."""
    found = set()
    for holder in (content, *(member for field in _MEMBERS for member in content.get(field, {}).values())):
        found |= {(kind, holder[kind]) for kind in _SOURCES if kind in holder}
    return found


_MEMBERS: Final = ("properties", "fields", "parameters")
_SOURCES: Final = ("shared_property", "value_type")


# --- Out of what is read --------------------------------------------------------------------------


def lineage(key: Key, read: Mapping[Key, Content]) -> list[Key]:
    """``key`` and what it extends, the nearest first; within a generation by name. Only what is read."""
    return _generations([key], lambda near: [(near[0], name) for name in read.get(near, {}).get("extends", ())], read)


def interfaces(key: Key, read: Mapping[Key, Content]) -> list[Key]:
    """The interfaces that an object type implements, itself or through what these or it extends, the nearest first."""
    direct = [("interface", name) for near in lineage(key, read) for name in read[near].get("implements", ())]
    return _generations(
        direct, lambda near: [("interface", name) for name in read.get(near, {}).get("extends", ())], read
    )


def _generations(
    start: Sequence[Key], following: Callable[[Key], Sequence[Key]], read: Mapping[Key, Content]
) -> list[Key]:
    found = dict.fromkeys(key for key in start if key in read)
    pending = list(found)
    for near in pending:  # grows as it is walked
        for key in following(near):
            if key in read and key not in found:
                found[key] = None
                pending.append(key)
    return pending


def own_properties(key: Key, read: Mapping[Key, Content]) -> Mapping[str, Content]:
    """The properties that a type declares, with what they come to mean."""
    return {name: resolved(member, read) for name, member in read[key].get("properties", {}).items()}


def properties_of(
    key: Key, read: Mapping[Key, Content], own: Callable[[Key], Mapping[str, Content]]
) -> dict[str, Effective]:
    """The properties of a type by name, out of ``read``, which holds all that they come from.

    ``own`` gives what :func:`own_properties` does; who asks for many types keeps its answers.
    """
    found: dict[str, Effective] = {}
    lines: tuple[tuple[Via, list[Key]], ...] = (("extends", lineage(key, read)), ("implements", interfaces(key, read)))
    for via, line in lines:
        for origin in line:
            came = "own" if origin == key else via
            for name, member in own(origin).items():
                if name not in found:
                    found[name] = Effective(name, member, origin, came)
    return found


def resolved(member: Content, read: Mapping[Key, Content]) -> Content:
    """``member`` with the type and the constraints that it comes to have."""
    meaning = meaning_of(member, read)
    content = {name: value for name, value in member.items() if name not in ("type", "constraints")}
    if meaning.type is not None:
        content["type"] = meaning.type
    if meaning.constraints:
        content["constraints"] = meaning.constraints
    return content


def meaning_of(member: Content, read: Mapping[Key, Content]) -> Meaning:
    """What a property, field, parameter, shared property or value type takes, out of ``read``.

    Its own type goes first, then that of its value type, then that of its shared property; of
    constraints all hold together.
    """
    own = Meaning(member.get("type"), member.get("constraints", NO_CONSTRAINTS))
    if "value_type" not in member and "shared_property" not in member:
        return own
    parts = [own, *(meaning_of(source, read) for source in sources_of(member, read))]
    type_ = next((part.type for part in parts if part.type is not None), None)
    constraints: Constraints = NO_CONSTRAINTS
    for part in parts:
        constraints = joined(type_, constraints, part.constraints) if constraints else part.constraints
    return Meaning(type_, constraints)


def sources_of(member: Content, read: Mapping[Key, Content]) -> list[Content]:
    """The value type and the shared property that ``member`` names, as far as they exist."""
    named: list[tuple[str, Any]] = [(kind, member.get(kind)) for kind in ("value_type", "shared_property")]
    return [read[key] for key in named if key in read]
