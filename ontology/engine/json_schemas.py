"""The kinds as JSON Schema (draft 2020-12), for whoever writes contents: forms, editors, generators.

What normalisation accepts, a schema accepts. It says no more than JSON Schema has words for: what
a value means beyond its form, the annotation ``x-oms`` says, which validators pass over.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Final

from ontology.engine.kinds import FIELD_TYPES, ITEM_TYPES, KEY_TYPES, KINDS, NAMES, PARAMETER_TYPES, TYPES, VALUE_TYPES
from ontology.engine.shapes import (
    Boolean,
    Bound,
    Choice,
    Date,
    FreeJson,
    Integer,
    Json,
    ListOf,
    LocalisedText,
    MapOf,
    MemberReference,
    Name,
    Record,
    Reference,
    Rid,
    SetOf,
    Shape,
    Tagged,
    Text,
    TypeExpression,
)

Schema = dict[str, Json]

MEDIA_TYPE: Final = "application/schema+json"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ANNOTATION: Final = "x-oms"

_NAME: Final = "^[A-Za-z0-9_]{1,100}$"
_HYPHENATED_NAME: Final = "^[A-Za-z0-9_-]{1,100}$"
_RID: Final = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
_LANGUAGE: Final = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_DATE: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

_TYPE_NAMES: Final[Mapping[frozenset[str], str]] = {
    VALUE_TYPES: "type",
    KEY_TYPES: "key_type",
    ITEM_TYPES: "item_type",
    FIELD_TYPES: "field_type",
    PARAMETER_TYPES: "parameter_type",
}
"""What the types that may stand somewhere are called among the definitions."""


def schema_id(kind: str) -> str:
    """The ``$id`` of a kind's schema."""
    return f"urn:oms:schema:1:{kind}"


@cache
def schema_of(kind: str) -> Schema:
    """The schema of the contents of ``kind``; not to be changed."""
    schemas = _Schemas()
    body = schemas.record(KINDS[kind], own_name=NAMES[kind])
    definitions = dict(sorted(schemas.definitions.items()))
    return {"$schema": DIALECT, "$id": schema_id(kind), **body, "$defs": definitions}


class _Schemas:
    """Schemas of shapes. Members, types and tagged objects are written once, among ``definitions``."""

    def __init__(self) -> None:
        self.definitions: Schema = {}

    def of(self, shape: Shape) -> Schema:
        """What values of ``shape`` look like."""
        match shape:
            case SetOf(item=item) | ListOf(item=item):
                return {
                    "type": "array",
                    "items": self.of(item),
                    **(_meaning(set=True) if isinstance(shape, SetOf) else {}),
                }
            case MapOf():
                return self._map(shape)
            case Record():
                return self.record(shape)
            case Tagged():
                return self._defined(_title(shape.noun), lambda: self._tagged(shape))
            case TypeExpression(allowed=allowed):
                return self._defined(_TYPE_NAMES[allowed], lambda: self._type(allowed))
        return _SCALARS[type(shape)](shape)

    def record(self, record: Record, own_name: Name | Text | None = None) -> Schema:
        """An object of known fields; an identified one may hold its name, which looks like ``own_name``."""
        own = {"api_name": {**self.of(own_name), **_meaning(identity=True)}} if own_name else {}
        fields = {name: self.of(shape) for name, shape in record.fields.items()}
        for name in record.fields.keys() - record.required:
            fields[name] |= _default(record.fields[name])
        one_of = {"anyOf": [{"required": [name]} for name in record.one_of]} if record.one_of else {}
        return {**_object(_title(record.noun), {**own, **fields}, record.required), **one_of}

    def _map(self, shape: MapOf) -> Schema:
        value = shape.value
        if isinstance(value, Record):
            own_name = shape.key if value.identified else None
            values = self._defined(_title(value.noun), lambda: self.record(value, own_name))
        else:
            values = self.of(value)
        return {"type": "object", "propertyNames": self.of(shape.key), "additionalProperties": values}

    def _tagged(self, shape: Tagged) -> Schema:
        cases = [self._case(shape.tag, name, record) for name, record in shape.cases.items()]
        return {"title": _title(shape.noun), "oneOf": cases, **_meaning(tag=shape.tag)}

    def _type(self, allowed: frozenset[str]) -> Schema:
        """An object of a type's name and parameters; where there are none, the bare name too."""
        plain = sorted(name for name in allowed if not TYPES[name].fields)
        cases = [
            {"type": "string", "enum": plain},
            _object("type", {"type": {"enum": plain}}, ["type"]),
            *(self._parameterised(name) for name in sorted(allowed.difference(plain))),
        ]
        return {"title": "type", "oneOf": cases, **_meaning(tag="type")}

    def _parameterised(self, name: str) -> Schema:
        record = TYPES[name]
        return self._defined(_title(record.noun), lambda: self._case("type", name, record))

    def _case(self, tag: str, name: str, record: Record) -> Schema:
        """An object with the fields of ``record`` whose field ``tag`` is ``name``."""
        case = self.record(record)
        return _object(case["title"], {tag: {"const": name}, **case["properties"]}, [tag, *case.get("required", [])])

    def _defined(self, title: str, write: Callable[[], Schema]) -> Schema:
        name = title.replace(" ", "_")
        if name not in self.definitions:
            self.definitions[name] = {}  # taken, since what is written may refer to itself
            self.definitions[name] = write()
        return {"$ref": f"#/$defs/{name}"}


def _object(title: str, properties: Schema, required: Collection[str]) -> Schema:
    needed = {"required": sorted(required)} if required else {}
    return {"title": title, "type": "object", "properties": properties, **needed, "additionalProperties": False}


def _default(shape: Shape) -> Schema:
    """What the field stands for where it is left out."""
    if shape.default is None:
        return {}
    return {"default": list(shape.default) if isinstance(shape.default, tuple) else shape.default}


def _title(noun: str) -> str:
    """A noun without its article."""
    return noun.partition(" ")[2]


def _meaning(**words: Json) -> Schema:
    return {ANNOTATION: words}


# --- Values without fields and items -------------------------------------------------------------


def _pattern(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _text(shape: Text) -> Schema:
    shortest = {"minLength": shape.min_length} if shape.min_length else {}
    return {"type": "string", **shortest, "maxLength": shape.max_length}


def _name(shape: Name) -> Schema:
    return _pattern(_HYPHENATED_NAME if shape.hyphens else _NAME)


def _reference(shape: Reference) -> Schema:
    return _name(Name(hyphens="action_type" in shape.kinds)) | _meaning(reference=list(shape.kinds))


def _localised(shape: LocalisedText) -> Schema:
    text = {"type": "string", "maxLength": shape.max_length}
    by_language = {"type": "object", "propertyNames": {"pattern": _LANGUAGE}, "additionalProperties": text}
    return {"anyOf": [text, by_language], **_meaning(localised="prose" if shape.prose else "label")}


_SCALARS: Final[Mapping[type, Callable[[Any], Schema]]] = {
    Text: _text,
    LocalisedText: _localised,
    Name: _name,
    Rid: lambda _: {**_pattern(_RID), "format": "uuid", **_meaning(identity=True)},
    Date: lambda _: {**_pattern(_DATE), "format": "date"},
    Boolean: lambda _: {"type": "boolean"},
    Integer: lambda shape: {"type": "integer", "minimum": shape.minimum, "maximum": shape.maximum},
    Bound: lambda _: {"type": ["number", "string"], "minLength": 1, "maxLength": Text.max_length},
    Choice: lambda shape: {"type": "string", "enum": list(shape.values)},
    Reference: _reference,
    MemberReference: lambda shape: _name(Name()) | _meaning(member_of=shape.of),
    FreeJson: lambda _: {},
}
