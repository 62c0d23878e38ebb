"""Types, constraints and annotations of OMS in the words of JSON Schema 2020-12."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from history.engine.canonical import MAX_SAFE_INTEGER
from history.engine.content import Content
from ontology.engine.types import Type
from ontology.engine.values import WHOLE_RANGES, Constraints, is_enum_value, is_ordered, scalar_type

Schema = dict[str, Any]
Refer = Callable[[str, str], str | None]
"""The reference to the definition of a kind and a name; None where there is none."""

MARK: Final = "x-oms"
"""The keyword that holds what JSON Schema has no word for."""

TEXTS: Final = frozenset({"string", "attachment", "media_reference", "time_series", "marking", "cipher"})
_NUMBERS: Final = frozenset({*WHOLE_RANGES, "float", "double"})
_READ_BACK: Final = TEXTS.intersection(("string",)) | _NUMBERS | {
    "boolean", "date", "time", "timestamp", "json", "struct",
}  # fmt: skip

INTEGER_FORMATS: Final[Mapping[str, str]] = {"byte": "int8", "short": "int16", "integer": "int32", "long": "int64"}
TIME_PATTERN: Final = r"^[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?$"
FORMATS: Final[Mapping[str, str]] = {"url": "uri"}
"""Formats that JSON Schema calls otherwise."""

_GEOMETRIES: Final = [
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
]  # fmt: skip

_PLAIN: Final[Mapping[str, Schema]] = {
    **{name: {"type": "string"} for name in TEXTS},
    "boolean": {"type": "boolean"},
    "float": {"type": "number", "format": "float"},
    "double": {"type": "number", "format": "double"},
    "long": {"type": "integer", "format": "int64"},  # its limits are beyond what readers of JSON keep exactly
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time-local", "pattern": TIME_PATTERN},
    "timestamp": {"type": "string", "format": "date-time"},
    "geopoint": {
        "type": "object",
        "properties": {
            "latitude": {"type": "number", "minimum": -90, "maximum": 90},
            "longitude": {"type": "number", "minimum": -180, "maximum": 180},
        },
        "required": ["latitude", "longitude"],
        "additionalProperties": False,
    },
    "geoshape": {"type": "object", "properties": {"type": {"enum": _GEOMETRIES}}, "required": ["type"]},
    "json": {},
}


def type_words(of: Type, refer: Refer) -> Schema:
    """The schema that the values of a type keep."""
    match of["type"]:
        case "array":
            return {"type": "array", "items": type_words(of["items"], refer)}
        case "map":
            keys = {} if of["keys"]["type"] == "string" else {"propertyNames": _key_words(of["keys"])}
            return {"type": "object", "additionalProperties": type_words(of["values"], refer), **keys}
        case "struct":
            reference = refer("struct_type", of["struct_type"])
            return {"$ref": reference} if reference else {"type": "object"}
    return _scalar_type_words(of)


def _scalar_type_words(of: Type) -> Schema:
    match of["type"]:
        case "byte" | "short" | "integer" as name:
            least, greatest = WHOLE_RANGES[name]
            return {"type": "integer", "format": INTEGER_FORMATS[name], "minimum": least, "maximum": greatest}
        case "decimal":
            return {"type": "string", "format": "decimal", "pattern": _decimal_pattern(of["precision"], of["scale"])}
        case "vector":
            size = of["dimension"]
            return {"type": "array", "items": {"type": "number"}, "minItems": size, "maxItems": size}
        case name:
            return dict(_PLAIN[name])


def is_read_back(of: Type) -> bool:
    """Whether the words of a type are read as that type again."""
    match of["type"]:
        case "array":
            return is_read_back(of["items"])
        case "map":
            return of["keys"]["type"] == "string" and is_read_back(of["values"])
        case name:
            return name in _READ_BACK


def _decimal_pattern(precision: int, scale: int) -> str:
    whole = precision - scale
    before = "0" if whole == 0 else f"(0|[1-9][0-9]{{0,{whole - 1}}})"
    behind = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    return f"^-?{before}{behind}$"


def _key_words(of: Type) -> Schema:
    """What the keys of a map are, which are text whatever they stand for."""
    match of["type"]:
        case "boolean":
            return {"enum": ["true", "false"]}
        case "byte" | "short" | "integer" | "long":
            return {"pattern": "^-?[0-9]+$"}
        case name:
            return {"format": _PLAIN[name]["format"]}


# --- Constraints --------------------------------------------------------------------------------

_TEXT_WORDS: Final = {"min_length": "minLength", "max_length": "maxLength"}
_LIMIT_WORDS: Final = {
    "min": "minimum", "max": "maximum", "exclusive_min": "exclusiveMinimum", "exclusive_max": "exclusiveMaximum",
}  # fmt: skip
_ARRAY_WORDS: Final = {"min_items": "minItems", "max_items": "maxItems", "unique_items": "uniqueItems"}
_MAP_WORDS: Final = {"min_items": "minProperties", "max_items": "maxProperties"}


def constrained(words: Schema, of: Type, constraints: Constraints) -> Schema:
    """``words`` of a type with as much of ``constraints`` as JSON Schema has words for."""
    scalar = scalar_words(scalar_type(of), constraints)
    match of["type"]:
        case "array":
            items = {**words["items"], **scalar}
            return {**words, "items": items, **_renamed(_ARRAY_WORDS, constraints)}
        case "map":
            return {**words, **_renamed(_MAP_WORDS, constraints)}
    return {**words, **scalar}


def scalar_words(of: Type, constraints: Constraints) -> Schema:
    """The words for constraints that hold for single values of a type."""
    words: Schema = {}
    if of["type"] in TEXTS:
        words |= _renamed(_TEXT_WORDS, constraints)
        if "format" in constraints:
            words["format"] = FORMATS.get(constraints["format"], constraints["format"])
        if is_portable(constraints.get("pattern", "(?i)")):
            words["pattern"] = constraints["pattern"]
    if of["type"] in _NUMBERS:
        words |= {word: value for word, value in _renamed(_LIMIT_WORDS, constraints).items() if _is_number(value)}
    if "enum" in constraints and (of["type"] in TEXTS or of["type"] == "boolean" or is_ordered(of)):
        words["enum"] = [value for key in constraints["enum"] for value in _enum_value(of, key)]
    return words


def _renamed(words: Mapping[str, str], constraints: Constraints) -> Schema:
    return {word: constraints[name] for name, word in words.items() if name in constraints}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _enum_value(of: Type, key: str) -> list[Any]:
    """What the enum's ``key`` stands for; nothing where it is no value of the type."""
    if of["type"] == "boolean":
        return [key == "true"] if key in ("true", "false") else []
    if of["type"] not in _NUMBERS:
        return [key]
    return [_number(key)] if is_enum_value(of, key, key) else []


def _number(text: str) -> int | float:
    number = Decimal(text)
    whole = number == number.to_integral_value() and abs(number) <= MAX_SAFE_INTEGER
    return int(number) if whole else float(number)


_PORTABLE = re.compile(
    r"""(?: \\[dDwWsSbBnrtfv^$\\.*+?()\[\]{}|/-]     # escapes that mean the same everywhere
          | \((?!\?) | \(\?:                         # groups
          | \[\^?(?!\^?\]|\[:) (?: \\[dDwWsSbnrtfv^$\\.*+?()\[\]{}|/-] | [^\\\[\]] )+ \]
          | [^\\(\[]
        )*""",
    re.VERBOSE | re.DOTALL,
)


def is_portable(pattern: str) -> bool:
    """Whether a pattern of RE2 is one of ECMA-262, the syntax of JSON Schema, and means the same there."""
    return _PORTABLE.fullmatch(pattern) is not None


# --- Annotations --------------------------------------------------------------------------------


def annotation_words(content: Content) -> Schema:
    """What people read of something: its title, description, and that it is deprecated."""
    words = {"title": label(content.get("display_name")), "description": label(content.get("description"))}
    deprecated = {"deprecated": True} if content.get("status") == "deprecated" else {}
    return {word: text for word, text in words.items() if text} | deprecated


def label(text: Any) -> str:
    """A text that may be one per language in one of them: English where there is one, else the first."""
    if isinstance(text, dict):
        return str(text.get("en") or text[min(text)])
    return text or ""
