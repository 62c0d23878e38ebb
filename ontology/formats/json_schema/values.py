"""What a schema says of a single value: its type and constraints, or the objects that it refers to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import joined, phrase, sentence
from ontology.engine import patterns
from ontology.engine.findings import shown
from ontology.engine.kinds import FIELD_TYPES, ITEM_TYPES
from ontology.engine.normalisation import normal_form
from ontology.engine.types import Type
from ontology.formats.json_schema.keywords import (
    ANNOTATIONS,
    CONSTRAINTS,
    enum_key,
    is_type_format,
    labelled_enum,
    limits,
    plain_type,
    sizes,
    type_of,
    types_of,
)
from ontology.formats.json_schema.source import (
    DEEPEST,
    Schema,
    Source,
    mark_of,
    parts_of,
)
from ontology.formats.json_schema.words import TIME_PATTERN

Json = Any

JSON: Final[Type] = {"type": "json"}
TIME: Final[Type] = {"type": "time"}


@dataclass(frozen=True)
class Value:
    """What a property takes: values of a type, of a value type or of a shared property; or else ``objects``.

    These are the names of types; ``many`` says that there is a list of them.
    """

    type: Type | None = None
    constraints: Mapping[str, Any] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    objects: tuple[str, ...] = ()
    many: bool = False
    nullable: bool = False

    @property
    def content(self) -> dict[str, Any]:
        """The fields of a member that takes this."""
        own = {"type": self.type} if self.type else {}
        constraints = {"constraints": dict(self.constraints)} if self.constraints else {}
        return {**own, **self.named, **constraints}


ANYTHING: Final = Value(JSON)
COMES_BACK: Final = Value()
"""What has no end."""

Nest = Callable[[str, Schema], Value]
"""Makes a type of its own of an object that is described where it is used."""

_VALUE_WORDS: Final = ANNOTATIONS | CONSTRAINTS | {"type", "$ref", "allOf", "anyOf", "oneOf"}


@dataclass(frozen=True)
class ValueReader:
    """Reads values out of ``source``. ``nest`` is asked for what to make of objects inside."""

    source: Source
    nest: Nest

    def read(self, at: str, schema: Json, path: tuple[str, ...] = ()) -> Value:
        """What the schema at ``at`` says; ``path`` are the schemas on the way to it, which it does not lead back to."""
        if at in path or len(path) > DEEPEST:
            self.source.leave_out(
                at, "REFERENCE_CYCLE", sentence("The schema comes back to itself, or goes on for too long.")
            )
            return ANYTHING
        if not isinstance(schema, dict):
            if schema is False:
                self.source.leave_out(at, "KEYWORD", sentence("There is no word for what has no value at all."))
            return ANYTHING
        if of := _marked_type(schema):
            return Value(of)
        path = (*path, at)
        if "$ref" in schema:
            self.source.leave_out_rest(at, schema, but=_VALUE_WORDS - {"allOf", "anyOf", "oneOf"})
            return self._constrained(at, schema, self._referred(at, schema["$ref"], path))
        for keyword in ("allOf", "anyOf", "oneOf"):
            if schema.get(keyword):
                return self._composed(at, schema, keyword, path)
        return self._plain(at, schema, path)

    # --- References and alternatives ----------------------------------------------------------------

    def _referred(self, at: str, reference: str, path: tuple[str, ...]) -> Value:
        place = self.source.target(at, reference)
        if place is None:
            return ANYTHING
        kind, name = self.source.definitions.get(place, ("", ""))
        match kind:
            case "object_type" | "interface":
                return Value(objects=(name,))
            case "struct_type":
                return Value({"type": "struct", "struct_type": name})
            case "value_type" | "shared_property":
                target = self.source.index.at(place)
                nullable = isinstance(target, dict) and "null" in types_of(target)
                return Value(named={kind: name}, nullable=nullable)
        return self.read(place, self.source.index.at(place), path)

    def _composed(self, at: str, schema: Schema, keyword: str, path: tuple[str, ...]) -> Value:
        """Schemas that all hold, or of which one does."""
        others = {"allOf", "anyOf", "oneOf"} - {keyword}
        self.source.leave_out_rest(at, schema, but=_VALUE_WORDS - others)
        parts = parts_of(at, schema, keyword)
        if keyword == "allOf":
            for place, _ in parts[1:]:
                self.source.leave_out(place, "ALL_OF", sentence("Of several schemas that all hold the first is taken."))
            return self._constrained(at, schema, self.read(*parts[0], path))
        enum = labelled_enum([part for _, part in parts])
        if enum:
            return Value({"type": "string"}, {"enum": enum})
        return self._constrained(at, schema, self._union(at, parts, path))

    def _union(self, at: str, parts: list[tuple[str, Json]], path: tuple[str, ...]) -> Value:
        """What takes the values of all ``parts``; null among them says that there may be none."""
        there = [(place, part) for place, part in parts if not _is_null(part)]
        values = [self.read(place, part, path) for place, part in there]
        nullable = len(there) < len(parts) or any(value.nullable for value in values)
        if not values:
            return replace(ANYTHING, nullable=True)
        bare = [replace(value, nullable=False) for value in values]
        if all(value == bare[0] for value in bare):
            return replace(bare[0], nullable=nullable)
        if any(value.objects for value in values):
            return self._any_object(at, values, nullable=nullable)
        of = values[0].type if all(value.type == values[0].type and not value.named for value in values) else None
        kept = phrase("{type} without constraints", type=of["type"]) if of else phrase("any JSON")
        message = sentence("There is no type for several alternatives; this is {kept}.", kept=kept)
        self.source.leave_out(at, "UNION", message)
        return Value(of or JSON, nullable=nullable)

    def _any_object(self, at: str, values: list[Value], *, nullable: bool) -> Value:
        """One of several objects, or a list of them where one of the alternatives is one."""
        objects = dict.fromkeys(name for value in values for name in value.objects)
        if not all(value.objects for value in values):
            self.source.leave_out(at, "UNION", sentence("Of objects and values the objects are taken."))
        elif len({value.many for value in values}) > 1:
            self.source.leave_out(at, "UNION", sentence("One object or a list of them is a list here."))
        return Value(objects=tuple(objects), many=any(value.many for value in values), nullable=nullable)

    # --- Plain schemas ------------------------------------------------------------------------------

    def _plain(self, at: str, schema: Schema, path: tuple[str, ...]) -> Value:
        names = types_of(schema)
        nullable = "null" in names or None in schema.get("enum", ())
        names = [name for name in names if name != "null"]
        if len(names) > 1:
            return replace(self._several(at, schema, names), nullable=nullable)
        match names:
            case ["object"]:
                value = self._object(at, schema, path)
            case ["array"]:
                value = self._array(at, schema, path)
            case [name]:
                self.source.leave_out_rest(at, schema, but=_VALUE_WORDS)
                value = self._constrained(at, schema, Value(plain_type(name, schema)))
            case _:
                self.source.leave_out_rest(at, schema, but=ANNOTATIONS | {"type", "enum"})
                value = ANYTHING
        return replace(value, nullable=nullable)

    def _several(self, at: str, schema: Schema, names: list[str]) -> Value:
        if set(names) == {"integer", "number"}:
            return self._constrained(at, schema, Value({"type": "double"}))
        self.source.leave_out_rest(at, schema, but=ANNOTATIONS | {"type"})
        types = joined("{first} and {second}", names)
        message = sentence("There is no type for {types} alike; this is any JSON.", types=types)
        self.source.leave_out(pointer(at, "type"), "UNION", message)
        return ANYTHING

    def _object(self, at: str, schema: Schema, path: tuple[str, ...]) -> Value:
        if schema.get("properties"):
            return self.nest(at, schema)
        self.source.leave_out_rest(at, schema, but=_VALUE_WORDS | {"additionalProperties", "patternProperties"})
        members = [(pointer(at, "patternProperties", key), part) for key, part in _patterned(schema)]
        for place, _ in members:
            self.source.leave_out(place, "KEYWORD", sentence("There is no word for what the keys of a map match."))
        if isinstance(schema.get("additionalProperties"), dict):
            members.append((pointer(at, "additionalProperties"), schema["additionalProperties"]))
        if not members:
            return self._constrained(at, schema, _map_of(JSON))
        value = self._union(at, members, path)
        if value.objects:
            message = sentence("Of objects by key the objects are linked to, without the keys.")
            self.source.leave_out(at, "KEYED_OBJECTS", message)
            return replace(value, many=True)
        value = self._inside(at, value, FIELD_TYPES | {"struct", "array"}, path)
        if value.constraints or value.named:
            self.source.leave_out(
                at, "MAP_VALUES", sentence("There is no word for constraints of the values of a map.")
            )
        return self._constrained(at, schema, _map_of(value.type or JSON))

    def _array(self, at: str, schema: Schema, path: tuple[str, ...]) -> Value:
        self.source.leave_out_rest(at, schema, but=_VALUE_WORDS | {"items"})
        items = schema.get("items", True)
        if isinstance(items, list):
            self.source.leave_out(
                pointer(at, "items"), "KEYWORD", sentence("There is no word for items by their places.")
            )
            items = True
        value = self.read(pointer(at, "items"), items, path)
        if value.objects:
            self.source.leave_out_rest(at, schema, but=_VALUE_WORDS - {"maxItems"} | {"items"})
            return replace(value, many=True, constraints=sizes(schema))
        value = self._inside(at, value, ITEM_TYPES, path)
        return self._constrained(at, schema, replace(value, type={"type": "array", "items": value.type}))

    def _inside(self, at: str, value: Value, allowed: frozenset[str], path: tuple[str, ...]) -> Value:
        """``value`` as what a list or a map may hold, with its type."""
        meant = value if value.type else self.unnamed(value, path)
        if meant == COMES_BACK:
            return ANYTHING
        if meant.type and meant.type["type"] in allowed and "shared_property" not in value.named:
            return replace(value, type=meant.type)
        self.source.leave_out(
            at, "NESTED", sentence("There is no type for a list or map of these; it is one of any JSON.")
        )
        return ANYTHING

    def unnamed(self, value: Value, path: tuple[str, ...] = ()) -> Value:
        """``value`` with what it names written out."""
        places = (self.source.places.get(key) for key in value.named.items())
        place = next(filter(None, places), None)
        if place is None:
            return value
        if place in path:
            self.source.leave_out(path[-1], "REFERENCE_CYCLE", sentence("The schema comes back to itself."))
            return COMES_BACK
        quiet = replace(self, source=replace(self.source, omissions=[]))
        meant = quiet.read(place, self.source.index.at(place), path)
        return replace(meant, constraints={**meant.constraints, **value.constraints})

    # --- Constraints --------------------------------------------------------------------------------

    def _constrained(self, at: str, schema: Schema, value: Value) -> Value:
        """``value`` with the constraints beside what it was read from."""
        found = limits(schema, value.type) | sizes(schema)
        for word, name in (("minLength", "min_length"), ("maxLength", "max_length"), ("format", "format")):
            if word in schema and not (word == "format" and is_type_format(schema, value.type)):
                found[name] = schema[word]
        if "pattern" in schema and (value.type != TIME or schema["pattern"] != TIME_PATTERN):
            found |= self._pattern(at, schema["pattern"])
        if "enum" in schema or "const" in schema:
            found |= self._enum(at, schema)
        return replace(value, constraints={**value.constraints, **found}) if found else value

    def _pattern(self, at: str, pattern: str) -> dict[str, str]:
        problem = patterns.problem(pattern) if pattern else None
        if problem:
            message = sentence("RE2 has no such pattern: {problem}.", problem=problem)
            self.source.leave_out(pointer(at, "pattern"), "REGEX_INVALID", message)
            return {}
        return {"pattern": pattern} if pattern else {}

    def _enum(self, at: str, schema: Schema) -> dict[str, Any]:
        values = schema["enum"] if "enum" in schema else [schema["const"]]
        wanted = types_of(schema)
        enum: dict[str, Any] = {}
        for value in values:
            name = type_of(value)
            key = "" if name in ("object", "array") else enum_key(value)
            if name == "null" or (key and (name in wanted or (name == "integer" and "number" in wanted))):
                enum |= {} if name == "null" else {key: {}}
            else:
                message = sentence("{value} cannot be a value of this enum.", value=shown(value))
                self.source.leave_out(at, "ENUM_VALUE", message)
        return {"enum": enum}


def _marked_type(schema: Schema) -> Type | None:
    given = mark_of(schema).get("type")
    content, violations = normal_form("value_type", "Any", {"type": given})
    of: Type | None = None if given is None or violations else content["type"]
    return of


def _is_null(schema: Json) -> bool:
    return isinstance(schema, dict) and (schema.get("type") == "null" or schema.get("const", "") is None)


def _patterned(schema: Schema) -> list[tuple[str, Json]]:
    return list(schema.get("patternProperties", {}).items())


def _map_of(values: Type) -> Value:
    return Value({"type": "map", "keys": {"type": "string"}, "values": values})
