"""What becomes of a definition: an object type with links to others, a struct type, or a named value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import sentence
from history.engine.content import Content
from ontology.engine.findings import shown
from ontology.engine.kinds import FIELD_TYPES
from ontology.formats.json_schema.keywords import annotations
from ontology.formats.json_schema.names import camel_case, pascal_case
from ontology.formats.json_schema.source import (
    Schema,
    Sort,
    Source,
    definition_name,
    mark_of,
    marked_key,
    parts_of,
)
from ontology.formats.json_schema.values import ANYTHING, Nest, Value, ValueReader
from ontology.formats.naming import UniqueNames

Json = Any

_OBJECT_WORDS: Final = frozenset({"type", "title", "description", "deprecated", "properties", "required", "allOf"})
_SCALARS: Final = frozenset({"string", "integer", "number", "boolean", "null"})
_PLACES: Final = frozenset({"kind", "name", "inherited", "link", "side", "interface"})
"""What a mark says of where a definition or property comes from; all else in it are fields of the content."""


@dataclass
class _Members:
    """The properties of a type while they are read, from one schema or several that all hold."""

    owner: str
    verbatim: bool
    required: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    taken: UniqueNames = field(default_factory=UniqueNames)
    contents: dict[str, Content] = field(default_factory=dict)

    def take(self, original: str, part: Json, value: Value) -> tuple[str, Content]:
        """(what the property is called here, what is said of it beside its values). What may be null may be missing."""
        called = original if self.verbatim else self.taken.give(camel_case(original, "unnamed"))
        self.names[original] = called
        said = annotations(part)
        aliases = {"aliases": [original]} if called != original else {}
        required = {"required": True} if original in self.required and not value.nullable else {}
        return called, {**said, **aliases, **required}


@dataclass(frozen=True)
class DefinitionReader:
    """Reads definitions into the contents of ``source``."""

    source: Source

    def read(self, at: str) -> None:
        """Put the resource that the definition at ``at`` becomes into the contents."""
        kind, name = self.source.definitions[at]
        schema = self.source.index.at(at)
        if kind in ("object_type", "interface"):
            content = self._object(at, schema, name)
        elif kind == "struct_type":
            content = {"fields": self._struct_fields(at, schema, name)}
        else:
            content = self._value(at, schema, kind, name)
        said = {**content, **annotations(schema), **self._identity(at, schema, name)}
        self.source.contents[kind, name] = _overlaid(said, mark_of(schema))

    def _identity(self, at: str, schema: Json, name: str) -> Content:
        """The original name and the address of what was not written here."""
        if marked_key(at, schema):
            return {}
        words = schema if isinstance(schema, dict) else {}
        original = definition_name(at, words) if not at or at in self.source.index.defined else ""
        aliases = {"aliases": [original]} if original not in ("", name) else {}
        address = words.get("$id")
        is_address = isinstance(address, str) and ":" in address
        return aliases | ({"mappings": {"exact": [address]}} if is_address else {})

    def _value(self, at: str, schema: Schema, kind: str, name: str) -> Content:
        reader = ValueReader(self.source, self._nest(name, "value"))
        value = reader.read(at, schema)
        return (reader.unnamed(value) if kind == "value_type" else value).content

    # --- Objects ------------------------------------------------------------------------------------

    def _object(self, at: str, schema: Schema, name: str) -> Content:
        """An object type: what its schema and those in ``allOf`` describe, extending those that these refer to."""
        self._leave_out_rest(at, schema)
        members = _Members(name, verbatim=marked_key(at, schema) is not None)
        self._add(members, at, schema)
        extends = []
        for place, part in parts_of(at, schema, "allOf"):
            parent = self._parent(place, part)
            if parent:
                extends.append(parent)
            elif isinstance(part, dict) and "$ref" not in part and self._is_of_objects(place, part):
                self._leave_out_rest(place, part, "allOf")
                self._add(members, place, part)
            else:
                self.source.leave_out(
                    place, "ALL_OF", sentence("Of schemas that all hold only those of objects are taken.")
                )
        for unknown in sorted(members.required - members.names.keys()):
            message = sentence("{name} is required and is no property here.", name=shown(unknown))
            self.source.leave_out(pointer(at, "required"), "REQUIRED_UNKNOWN", message)
        return {"properties": members.contents, **({"extends": extends} if extends else {})}

    def _leave_out_rest(self, at: str, schema: Schema, *others: str) -> None:
        """Name the words of a schema of objects that are not carried over; whether it is closed is none of them."""
        is_flag = isinstance(schema.get("additionalProperties", True), bool)
        words = _OBJECT_WORDS | ({"additionalProperties"} if is_flag else set())
        self.source.leave_out_rest(at, schema, but=words - {*others})
        if isinstance(schema.get("required", []), bool):
            message = sentence("That a schema is required says who uses it.")
            self.source.leave_out(pointer(at, "required"), "KEYWORD", message)

    def _parent(self, at: str, part: Json) -> str | None:
        if not isinstance(part, dict) or "$ref" not in part:
            return None
        self.source.leave_out_rest(at, part, but=frozenset({"$ref"}))
        kind, name = self.source.definitions.get(self.source.target(at, part["$ref"]) or "-", ("", ""))
        return name if kind == "object_type" else None

    def _is_of_objects(self, at: str, part: Schema) -> bool:
        return self.source.sort_of(at, part) is Sort.OBJECTS or part.keys() <= {"type", "required"}

    def _add(self, members: _Members, at: str, schema: Schema) -> None:
        """Add the properties and links that a schema describes to those of its owner."""
        members.required |= _required(schema)
        for original, part in schema.get("properties", {}).items():
            place = pointer(at, "properties", original)
            if self._is_elsewhere(mark_of(part)):
                members.names[original] = original
            elif original in members.names:
                message = sentence("{name} is described more than once.", name=shown(original))
                self.source.leave_out(place, "ALL_OF", message)
            else:
                self._add_property(members, place, original, part)

    def _is_elsewhere(self, mark: Mapping[str, Json]) -> bool:
        """Whether a property is there because of another type, or of a link, that is here as well."""
        link, interface, inherited = (str(mark.get(word, "")) for word in ("link", "interface", "inherited"))
        return (
            ("link_type", link) in self.source.contents
            or ("interface", interface) in self.source.places
            or (inherited.startswith("#/") and inherited[1:] in self.source.definitions)
        )

    def _add_property(self, members: _Members, at: str, original: str, part: Json) -> None:
        value = ValueReader(self.source, self._nest(members.owner, original)).read(at, part)
        name, said = members.take(original, part, value)
        if value.objects:
            self._add_link(members.owner, name, at, value, said)
        else:
            members.contents[name] = _member(value, part, said)

    def _add_link(self, owner: str, name: str, at: str, value: Value, said: Content) -> None:
        """A link type from the owner; with many on the other side these may have many on this."""
        if "default" in self.source.index.at(at):
            self.source.leave_out(pointer(at, "default"), "KEYWORD", sentence("A link has no default."))
        key = self.source.name("link_type", camel_case(owner, "") + pascal_case(name, ""))
        self.source.contents[key] = {
            **said,
            **({"required": True} if value.constraints.get("min_items") else {}),
            "source": {"types": [owner], "api_name": name},
            "target": {"types": sorted(value.objects)},
            "cardinality": "many_to_many" if value.many else "many_to_one",
        }

    # --- Structs ------------------------------------------------------------------------------------

    def _nest(self, owner: str, name: str) -> Nest:
        """What an object is that is described where it is used: a struct where it is flat, else a type of its own."""

        def nest(at: str, schema: Schema) -> Value:
            if at not in self.source.definitions:
                kind = "struct_type" if self._is_flat(at, schema) else "object_type"
                self.source.define(at, kind, pascal_case(owner, "") + pascal_case(name, "Part"))
            kind, called = self.source.definitions[at]
            return Value(objects=(called,)) if kind != "struct_type" else Value({"type": kind[:6], kind: called})

        return nest

    def _is_flat(self, at: str, schema: Schema) -> bool:
        properties = schema["properties"].items()
        return all(self._is_field(pointer(at, "properties", name), part) for name, part in properties)

    def _is_field(self, at: str, part: Json) -> bool:
        """Whether a schema is of one value without parts."""
        if not isinstance(part, dict) or "type" in mark_of(part):
            return True
        if "$ref" in part:
            _, place = self.source.index.resolve(at, part["$ref"])
            kind = self.source.definitions.get(place or "-", ("",))[0]
            return kind == "value_type" and self._is_field(place or "", self.source.index.at(place or ""))
        names = part.get("type", "string" if part.keys() & {"enum", "const"} else "")
        return set(names if isinstance(names, list) else [names]) <= _SCALARS

    def _struct_fields(self, at: str, schema: Schema, name: str) -> dict[str, Content]:
        self._leave_out_rest(at, schema, "allOf")
        members = _Members(name, marked_key(at, schema) is not None, _required(schema))
        for original, part in schema.get("properties", {}).items():
            place = pointer(at, "properties", original)
            value = ValueReader(self.source, self._nothing_nested).read(place, part)
            if value.objects or (value.type or {"type": "string"})["type"] not in FIELD_TYPES:
                self.source.leave_out(place, "NESTED", sentence("A field of a struct holds no object, struct or list."))
                value = ANYTHING
            called, said = members.take(original, part, value)
            members.contents[called] = _member(value, part, said)
        return members.contents

    def _nothing_nested(self, at: str, schema: Schema) -> Value:
        self.source.leave_out(at, "NESTED", sentence("A field of a struct holds no object; this is any JSON."))
        return ANYTHING


def _required(schema: Schema) -> set[str]:
    required = schema.get("required")
    return set(required) if isinstance(required, list) else set()


def _member(value: Value, part: Json, said: Content) -> Content:
    content = {**value.content, **said}
    if isinstance(part, dict) and part.get("default") is not None:
        content["default"] = part["default"]
    return _overlaid(content, mark_of(part))


def _overlaid(content: Content, mark: Mapping[str, Json]) -> Content:
    """``content`` with the fields that a mark gives, and without those of which it says that there is none."""
    given = {name: value for name, value in mark.items() if name not in _PLACES}
    return {name: value for name, value in {**content, **given}.items() if value is not None}
