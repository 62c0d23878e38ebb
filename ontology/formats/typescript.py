"""TypeScript declarations of what JSON holds of an ontology, made from its JSON Schema."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from gateway.engine.json_pointer import tokens
from history.engine.content import Content, Key
from ontology.formats.json_schema.writing import schema_of
from ontology.formats.naming import UniqueNames

Schema = Mapping[str, Any]

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_BUILT_IN: Final = frozenset(
    {
        "any", "as", "asserts", "bigint", "boolean", "declare", "infer", "intrinsic", "is", "keyof", "module",
        "namespace", "never", "number", "object", "readonly", "string", "symbol", "type", "undefined", "unique",
        "unknown", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete",
        "do", "else", "enum", "export", "extends", "false", "finally", "for", "function", "if", "implements", "import",
        "in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public", "return",
        "static", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with", "yield",
    }
)  # fmt: skip
"""Words that cannot be names of types."""

_SCALARS: Final = {"string": "string", "boolean": "boolean", "integer": "number", "number": "number", "null": "null"}
_HEAD: Final = "// Made from an ontology by OMS; do not edit."


def write(contents: Mapping[Key, Content]) -> bytes:
    """One exported type for each definition of the JSON Schema; equal contents have equal bytes."""
    definitions = schema_of(contents)["$defs"]
    names = _names(definitions)
    blocks = [_declaration(names, name, schema) for name, schema in definitions.items()]
    return "\n\n".join([_HEAD, *blocks, *([] if blocks else ["export {};"])]).encode() + b"\n"


def _names(definitions: Mapping[str, Schema]) -> dict[str, str]:
    """What the type of each definition is called: as the definition, unless no type may be called so."""
    taken = UniqueNames()
    names = {}
    for name in definitions:
        is_free = _IDENTIFIER.fullmatch(name) and name not in _BUILT_IN
        names[name] = taken.give(name if is_free else f"_{name}")
    return names


def _declaration(names: Mapping[str, str], name: str, schema: Schema) -> str:
    head = "".join(_comment(schema, ""))
    if "properties" in schema:
        return f"{head}export interface {names[name]} {_members(names, schema, '')}"
    return f"{head}export type {names[name]} = {_type(names, schema, '')};"


def _members(names: Mapping[str, str], schema: Schema, indent: str) -> str:
    """The properties of an object, in braces."""
    inner, required = indent + "  ", schema.get("required", ())
    lines = []
    for name, part in schema["properties"].items():
        mark = "" if name in required else "?"
        lines += [*_comment(part, inner), f"{inner}{_property(name)}{mark}: {_type(names, part, inner)};\n"]
    return "{\n" + "".join(lines) + indent + "}" if lines else "{}"


def _property(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else json.dumps(name)


def _type(names: Mapping[str, str], schema: Schema, indent: str) -> str:
    if "$ref" in schema:
        return names[tokens(schema["$ref"])[-1]]
    if "anyOf" in schema:
        return _union(_type(names, part, indent) for part in schema["anyOf"])
    if "enum" in schema:
        return _union(map(_literal, schema["enum"])) or "never"
    given = schema.get("type", "")
    return _typed(names, schema, indent) if given in ("array", "object") else _scalar(given)


def _typed(names: Mapping[str, str], schema: Schema, indent: str) -> str:
    if schema["type"] == "array":
        items = _type(names, schema.get("items", {}), indent)
        return f"({items})[]" if " | " in items else f"{items}[]"
    if "properties" in schema:
        return _members(names, schema, indent)
    return f"{{ [key: string]: {_type(names, schema.get('additionalProperties', {}), indent)} }}"


def _scalar(given: str | list[str]) -> str:
    return _union(_SCALARS.get(name, "unknown") for name in (given if isinstance(given, list) else [given]))


def _literal(value: Any) -> str:
    """A value as TypeScript writes it, where some line breaks end a text that JSON lets stand."""
    return json.dumps(value, ensure_ascii=False).replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")


def _union(types: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(types))


def _comment(schema: Schema, indent: str) -> Iterator[str]:
    """What people read of it, as documentation."""
    text = "\n\n".join(schema[word] for word in ("title", "description") if word in schema)
    lines = [line.replace("*/", "*\\/") for line in text.splitlines()]
    lines += ["@deprecated"] if schema.get("deprecated") else []
    if len(lines) == 1:
        yield f"{indent}/** {lines[0]} */\n"
    elif lines:
        yield f"{indent}/**\n"
        yield from (f"{indent} * {line}".rstrip() + "\n" for line in lines)
        yield f"{indent} */\n"
