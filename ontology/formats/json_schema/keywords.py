"""What the words of a schema say by themselves: its types, its constraints, and what people read of it."""

from typing import Any, Final

from ontology.engine.types import Type
from ontology.engine.values import WHOLE_RANGES
from ontology.formats.json_schema.source import Schema
from ontology.formats.json_schema.words import INTEGER_FORMATS

Json = Any

ANNOTATIONS: Final = frozenset({"title", "description", "deprecated", "default"})
CONSTRAINTS: Final = frozenset(
    {
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern", "format",
        "enum", "const", "uniqueItems", "minItems", "maxItems", "minProperties", "maxProperties",
    }
)  # fmt: skip

_IMPLIED: Final = (
    ("object", ("properties", "additionalProperties", "patternProperties")),
    ("array", ("items", "uniqueItems", "minItems", "maxItems")),
    ("string", ("minLength", "maxLength", "pattern", "format")),
    ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")),
)
"""The types of which schemas are that say none, by the words in them."""


def types_of(schema: Schema) -> list[str]:
    """The types that a schema says its values have, or whose words it uses."""
    given = schema.get("type")
    if isinstance(given, str):
        return [given]
    if given is not None:
        return [name for name in given if isinstance(name, str)]
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return list(dict.fromkeys(map(type_of, values)))
    return [name for name, words in _IMPLIED if not schema.keys().isdisjoint(words)][:1]


def type_of(value: Json) -> str:
    """What JSON Schema calls the type of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
    return "array" if isinstance(value, list) else "object"


def enum_key(value: Json) -> str:
    """A value as the key of an enum."""
    return value if isinstance(value, str) else str(value).lower()


_TEXT_TYPES: Final = {"date": "date", "time": "time", "time-local": "time", "date-time": "timestamp"}
_INTEGER_TYPES: Final = {form: name for name, form in INTEGER_FORMATS.items()}


def plain_type(name: str, schema: Schema) -> Type:
    """The type that one of JSON Schema stands for, with its format."""
    form = schema.get("format")
    match name:
        case "string":
            return {"type": _TEXT_TYPES.get(form or "", "string")}
        case "integer":
            return {"type": _INTEGER_TYPES.get(form or "", "long")}
        case "number":
            return {"type": "float" if form == "float" else "double"}
    return {"type": name}


def is_type_format(schema: Schema, of: Type | None) -> bool:
    """Whether the format says which type it is, or nothing of numbers."""
    name = (of or {}).get("type", "string")
    return name not in ("string", "array") or schema.get("format") in _TEXT_TYPES


def limits(schema: Schema, of: Type | None) -> dict[str, Any]:
    """The limits of numbers, without those that are the type's own."""
    found: dict[str, Any] = {}
    range_ = WHOLE_RANGES.get((of or {}).get("type", ""), (None, None))
    for word, exclusive, name, edge in (
        ("minimum", "exclusiveMinimum", "min", range_[0]),
        ("maximum", "exclusiveMaximum", "max", range_[1]),
    ):
        if schema.get(exclusive) is True and word in schema:  # as before draft 6
            found[f"exclusive_{name}"] = schema[word]
        elif word in schema and schema[word] != edge:
            found[name] = schema[word]
        if not isinstance(schema.get(exclusive, True), bool):
            found[f"exclusive_{name}"] = schema[exclusive]
    return found


def sizes(schema: Schema) -> dict[str, Any]:
    """How many items there may be."""
    words = {
        "minItems": "min_items",
        "maxItems": "max_items",
        "minProperties": "min_items",
        "maxProperties": "max_items",
    }
    found = {name: schema[word] for word, name in words.items() if word in schema}
    return found | ({"unique_items": True} if schema.get("uniqueItems") else {})


def labelled_enum(parts: list[Json]) -> dict[str, Any]:
    """Texts with a title each, as they are written where an enum alone does not do; nothing where it is none."""
    words = {"const", "title", "description", "type", "deprecated"}
    enum = {}
    for part in parts:
        if not isinstance(part, dict) or not isinstance(part.get("const"), str) or part.keys() - words:
            return {}
        enum[part["const"]] = annotations(part)
    return enum


def annotations(schema: Json) -> dict[str, Any]:
    """What people read of what a schema describes, which may be a mere yes or no."""
    if not isinstance(schema, dict):
        return {}
    words = {"display_name": schema.get("title"), "description": schema.get("description")}
    deprecated = {"status": "deprecated"} if schema.get("deprecated") is True else {}
    return {name: text for name, text in words.items() if text} | deprecated
