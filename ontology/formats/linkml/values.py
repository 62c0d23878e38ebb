"""Types and enums of LinkML as value types."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import sentence
from ontology.formats.linkml import vocabulary as words
from ontology.formats.linkml.elements import common
from ontology.formats.linkml.names import Source, with_alias
from ontology.formats.linkml.patches import patch_of, patched
from ontology.formats.linkml.ranges import STRING, builtin, limits
from ontology.formats.linkml.schema import NOTHING, Body, Schema, named

REPLACEMENT: Final = "deprecated_element_has_exact_replacement"
_LIMITS: Final = frozenset({"pattern", "minimum_value", "maximum_value"})


def value_types(source: Source) -> dict[str, Any]:
    """The contents of all value types by name. Gives the source's ranges the base type of each."""
    schema, names = source.schema, source.ranges.value_types
    contents = {}
    for section, elements, reader in (("types", schema.types, _type), ("enums", schema.enums, _enum)):
        for name, body in elements.items():
            place = pointer("", section, name)
            if section == "types" and name in schema.enums:
                message = sentence("{name} is an enum as well, which is what is kept.", name=repr(name))
                schema.tell(place, "NAME_COLLISION", message)
                continue
            content = reader(schema, body, place)
            content = replaced(content, body, source.named("value_type"))
            content = patched(with_alias(content, body, name, names[name]), patch_of(body))
            contents[names[name]] = content
            source.ranges.bases[name] = _typed(content["type"])
    return contents


def replaced(content: dict[str, Any], body: Body, lookup: Callable[[str], str | None]) -> dict[str, Any]:
    """``content`` with what replaces it; where ``lookup`` does not know that, it stays in the metadata."""
    if REPLACEMENT not in body:
        return content
    replacement = lookup(str(body[REPLACEMENT]))
    if replacement is None:
        return {**content, "metadata": {**content.get("metadata", NOTHING), REPLACEMENT: str(body[REPLACEMENT])}}
    return {**content, "deprecation": {**content.get("deprecation", NOTHING), "replacement": replacement}}


def _typed(of: Any) -> Mapping[str, Any]:
    return of if isinstance(of, dict) else {"type": of}


def _type(schema: Schema, body: Body, place: str) -> dict[str, Any]:
    """A type with the limits of its own and of those that it is of."""
    chain = _chain(schema, body)
    root = chain[-1]
    named_base = root.get("typeof") or words.BASES.get(str(root.get("base"))) or _by_uri(schema, root.get("uri"))
    if "typeof" in root and named_base not in words.TYPES:
        message = sentence("There is no type {name} here; any text is taken.", name=repr(named_base))
        schema.tell(f"{place}/typeof", "RANGE_UNKNOWN", message)
    content, _ = builtin(named_base)
    constraints = dict(content.get("constraints", NOTHING))
    for each in reversed(chain):
        constraints |= limits(each)
    told = {*_LIMITS, *(["typeof"] if body.get("typeof") in words.TYPES else [])}
    fields = {"type": content["type"], **({"constraints": constraints} if constraints else {})}
    return common(schema, body, place, words.TYPE, told) | fields


def _chain(schema: Schema, body: Body) -> list[Body]:
    """The type and what it is a type of, up to the last that the schema defines."""
    chain, seen = [body], set[str]()
    while (name := chain[-1].get("typeof")) in schema.types and name not in seen:
        seen.add(name)
        chain.append(schema.types[name])
    return chain


def _by_uri(schema: Schema, uri: Any) -> str:
    """The builtin type of a type that says no more than a URI."""
    wanted = schema.expanded(str(uri)).removeprefix("http://www.w3.org/2001/XMLSchema#").removeprefix("xsd:")
    return next((name for name, known in words.TYPES.items() if known == f"xsd:{wanted}"), "string")


def _enum(schema: Schema, body: Body, place: str) -> dict[str, Any]:
    content = common(schema, body, place, words.ENUM, {"permissible_values"})
    values = enum_of(schema, body, place)
    return content | {"type": STRING, **({"constraints": {"enum": values}} if values else {})}


def enum_of(schema: Schema, body: Body, place: str) -> dict[str, Any]:
    """The permissible values, each with what is said of it."""
    here = f"{place}/permissible_values"
    given = named(body.get("permissible_values"), "text", here, schema.omissions, scalar="description")

    def known(text: str) -> str | None:
        return text if text in given else None

    return {
        text: patched(replaced(common(schema, value, pointer(here, text), words.VALUE), value, known), patch_of(value))
        for text, value in given.items()
    }
