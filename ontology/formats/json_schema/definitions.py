"""The definitions that a state has in JSON Schema, with marks that say which is which."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from history.engine.content import Content, Key
from ontology.engine.document import document_of
from ontology.engine.effective import Effective, effective_properties, interfaces, lineage, meaning_of
from ontology.engine.members import HOLDERS
from ontology.engine.state import Documents
from ontology.engine.types import Type
from ontology.engine.values import Constraints
from ontology.formats.json_schema.names import DEFINED, definition_names
from ontology.formats.json_schema.words import (
    MARK,
    Schema,
    annotation_words,
    constrained,
    is_read_back,
    scalar_words,
    type_words,
)
from ontology.formats.naming import UniqueNames
from ontology.formats.ways import INTERFACE_LINKS, Way, key_of, ways_of

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
DEFINITIONS: Final = "/$defs"
ANY_KEY: Final[Mapping[str, Any]] = {"type": ["string", "integer"]}
"""What identifies an object of which nobody says what does."""


def document_words(contents: Mapping[Key, Content]) -> Schema:
    """The whole document but for its ``$id`` and for what its words do not say of what is marked."""
    state = _State(contents)
    document: Schema = {"$schema": DIALECT, MARK: document_of(state.wordless)}
    if state.concrete:
        document["anyOf"] = [{"$ref": state.reference(key)} for key in state.concrete]
    definitions = {name: _definition(state, key) for key, name in state.names.items()}
    keys = {name: _key_definition(state, key) for key, name in state.key_names.items()}
    return {**document, "$defs": definitions | keys}


@dataclass(frozen=True)
class _State:
    """A state, as its definitions are written."""

    contents: Mapping[Key, Content]

    @cached_property
    def names(self) -> dict[Key, str]:
        return definition_names(self.contents)

    @cached_property
    def key_names(self) -> dict[Key, str]:
        """The definitions of what identifies the objects of the types that have something that does."""
        taken = UniqueNames(self.names.values())
        return {key: taken.give(f"{self.names[key]}Key") for key in self.names if self.key_of(key)}

    @cached_property
    def wordless(self) -> dict[Key, Content]:
        """What has no definition."""
        return {key: content for key, content in self.contents.items() if key[0] not in DEFINED}

    @cached_property
    def concrete(self) -> list[Key]:
        """The types that there are objects of."""
        return [key for key in self.names if key[0] == "object_type" and not self.contents[key].get("abstract")]

    @cached_property
    def properties(self) -> dict[Key, dict[str, Effective]]:
        return effective_properties(Documents(self.contents), self.names)

    @cached_property
    def ways(self) -> dict[Key, dict[str, Way]]:
        return ways_of(self.contents, self.properties)

    @cached_property
    def heirs(self) -> dict[Key, list[Key]]:
        """For every type the concrete types whose objects are its objects, itself among them."""
        found: dict[Key, list[Key]] = {}
        for key in self.concrete:
            for near in (*lineage(key, self.contents), *interfaces(key, self.contents)):
                found.setdefault(near, []).append(key)
        return found

    def key_of(self, key: Key) -> list[str]:
        """The properties that identify the objects of a type, its own key or the nearest inherited one."""
        return key_of(key, self.contents, self.properties.get(key, ()))

    def reference(self, key: Key) -> str:
        """The reference to a definition that there is."""
        return "#" + pointer(DEFINITIONS, self.names[key])

    def refer(self, kind: str, name: str) -> str | None:
        return self.reference((kind, name)) if (kind, name) in self.names else None


def _definition(state: _State, key: Key) -> Schema:
    kind, name = key
    content = state.contents[key]
    named = {} if state.names[key] == name else {"name": name}
    mark = {MARK: {"kind": kind, **named}}
    if kind in HOLDERS:
        words = _object_words(state, key, content)
    elif kind == "struct_type":
        words = _struct_words(state, content)
    else:
        words = _value_words(state, content)
        mark[MARK] |= words.pop(MARK, {})
    return {**annotation_words(content), **words, **mark}


def _struct_words(state: _State, content: Content) -> Schema:
    fields = {name: _member_words(state, field) for name, field in sorted(content["fields"].items())}
    required = [name for name in fields if content["fields"][name].get("required")]
    return _object(fields, required) | {"additionalProperties": False}


def _object(properties: Schema, required: list[str]) -> Schema:
    once = list(dict.fromkeys(required))  # a key may name a property twice in a state that is not valid
    return {"type": "object", "properties": properties, **({"required": once} if once else {})}


def _object_words(state: _State, key: Key, content: Content) -> Schema:
    """The properties of a type and the ways from it. What only heirs or implementers have objects of is open."""
    held, ways = state.properties[key], state.ways[key]
    properties = {name: _property_words(state, key, each) for name, each in held.items()}
    properties |= {name: _way_words(state, way) for name, way in ways.items()}
    key_parts = content.get("primary_key", ())
    required = {name for name, each in held.items() if each.property.get("required") or name in key_parts}
    required |= {name for name, way in ways.items() if way.required and way.to_one}
    words = _object(dict(sorted(properties.items())), sorted(required))
    is_open = key[0] == "interface" or content.get("abstract")
    return words if is_open else words | {"additionalProperties": False}


def _property_words(state: _State, key: Key, held: Effective) -> Schema:
    member = state.contents[held.origin]["properties"][held.name]
    words = _member_words(state, member)
    if held.origin != key:
        words[MARK] = {"inherited": state.reference(held.origin)}
    return words


def _member_words(state: _State, member: Content) -> Schema:
    default = {"default": member["default"]} if "default" in member else {}
    return {**annotation_words(member), **_value_words(state, member), **default}


# --- Values -------------------------------------------------------------------------------------


def _value_words(state: _State, member: Content) -> Schema:
    """The values that a member, a shared property or a value type takes; its type where no words say it."""
    sources = [key for kind in ("value_type", "shared_property") if (key := (kind, member.get(kind))) in state.names]
    meaning = meaning_of(member, state.contents)
    if meaning.type is None:
        return {}
    if len(sources) == 1 and "type" not in member:
        own = constrained({"items": {}} if meaning.type["type"] == "array" else {}, meaning.type, _own(member))
        own = {word: value for word, value in own.items() if (word, value) != ("items", {})}
        return {"$ref": state.reference(sources[0]), **own}
    if len(sources) == 1 and _is_of_items(state, meaning.type, sources[0]):
        words: Schema = {"type": "array", "items": {"$ref": state.reference(sources[0])}}
        return constrained(words, meaning.type, _own(member))
    words = constrained(type_words(meaning.type, state.refer), meaning.type, meaning.constraints)
    return words if is_read_back(meaning.type) else words | {MARK: {"type": meaning.type}}


def _own(member: Content) -> Constraints:
    constraints: Constraints = member.get("constraints", {})
    return constraints


def _is_of_items(state: _State, of: Type, source: Key) -> bool:
    """Whether the items of an array are the values of a value type."""
    return of["type"] == "array" and bool(of["items"] == meaning_of(state.contents[source], state.contents).type)


# --- Ways ---------------------------------------------------------------------------------------


def _way_words(state: _State, way: Way) -> Schema:
    """The keys of the objects on the other side: one, or a list of them."""
    keyed = dict.fromkeys(
        each
        for target in way.targets
        for each in ([target] if target in state.key_names else state.heirs.get(target, [target]))
    )
    keys: list[Schema] = [
        {"$ref": "#" + pointer(DEFINITIONS, state.key_names[each])} for each in keyed if each in state.key_names
    ]
    if len(keys) < len(keyed) or not keyed:
        keys.append(dict(ANY_KEY))
    one = keys[0] if len(keys) == 1 else {"anyOf": keys}
    least = {"minItems": 1} if way.required else {}
    words = one if way.to_one else {"type": "array", "items": one, "uniqueItems": True, **least}
    mark = {"interface": way.origin[1]} if way.side == INTERFACE_LINKS else {"link": way.origin[1], "side": way.side}
    said = annotation_words({**way.content, **_display_name(way)})
    return {**said, **words, MARK: mark}


def _display_name(way: Way) -> Content:
    """What people call the way: as its side says, and from its source on as the link is called."""
    side = way.content.get(way.side, {})
    if "display_name" in side or way.side == "target":
        return {"display_name": side.get("display_name")}
    return {}


def _key_definition(state: _State, target: Key) -> Schema:
    """What identifies an object of a type: its primary key, of several parts an object of them."""
    held, parts = state.properties[target], state.key_of(target)
    words = {name: _part_words(state, held[name].property) for name in parts}
    key = words[parts[0]] if len(parts) == 1 else _object(words, parts) | {"additionalProperties": False}
    return {**key, MARK: {"key_of": state.reference(target)}}


def _part_words(state: _State, member: Content) -> Schema:
    """The values of a part of a key, without what people read of it."""
    if "type" not in member:
        return dict(ANY_KEY)
    of = member["type"]
    words = type_words(of, state.refer)
    return {**words, **scalar_words(of, member.get("constraints", {}))} if of["type"] != "array" else words
