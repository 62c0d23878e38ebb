"""Ontologies out as LinkML schemas.

What is written is read back at once: what does not come back as it was goes into annotations. So
whatever the contents are, reading the schema gives them again.
"""

from collections.abc import Mapping
from typing import Any, Final

from history.engine.content import Content, Key
from ontology.formats.linkml import vocabulary as words
from ontology.formats.linkml.classes_out import ClassesOut
from ontology.formats.linkml.links_out import LinksOut, in_one_class
from ontology.formats.linkml.members import Body, Members, noted, without_alias
from ontology.formats.linkml.patches import NAME
from ontology.formats.linkml.remainder import annotate
from ontology.formats.linkml.spelling import spelling_of
from ontology.formats.linkml.wording import builtin_of, common_of, constraints_of
from ontology.formats.notation import write_yaml

HEADER: Final[Body] = {
    "id": "urn:oms:ontology",
    "name": "ontology",
    "prefixes": {"linkml": words.LINKML},
    "default_prefix": "urn:oms:ontology#",
    "imports": ["linkml:types"],
}
"""What a schema must say of itself, of which an ontology knows nothing."""

_ORDER: Final = (*HEADER, "annotations", "subsets", "types", "enums", "slots", "classes")


def write(contents: Mapping[Key, Content]) -> bytes:
    """A valid LinkML schema that reads as ``contents``; equal contents have equal bytes."""
    schema = schema_for(contents)
    return b"".join(write_yaml({key: schema[key]}) for key in _ORDER if schema.get(key))


def schema_for(contents: Mapping[Key, Content]) -> Body:
    """The schema as data."""
    ordered = {key: contents[key] for key in sorted(contents)}
    narrow = in_one_class(ordered)
    members = Members(ordered, spelling_of(ordered, narrow))
    classes, links = ClassesOut(members), LinksOut(members, narrow)
    schema: Body = {**HEADER, "types": {}, "enums": {}, "slots": {}, "classes": {}}
    for key, content in ordered.items():
        match key[0]:
            case "object_type" | "interface" | "struct_type":
                schema["classes"][members.spelling.names[key]] = classes.write(key, content)
            case "value_type":
                section, body = _value_type(members, key, content)
                schema[section][members.spelling.names[key]] = body
            case "shared_property":
                schema["slots"][members.spelling.names[key]] = _shared_property(members, key, content)
    links.write(schema)
    if _is_said(schema, "Any"):
        schema["classes"]["Any"] = {"class_uri": "linkml:Any"}
    annotate(schema, ordered, members.places)
    _tidy(schema)
    return schema


def _is_said(value: Any, name: str) -> bool:
    """Whether ``name`` is the range of something in ``value``."""
    if isinstance(value, dict):
        return value.get("range") == name or any(_is_said(part, name) for part in value.values())
    return isinstance(value, list) and any(_is_said(part, name) for part in value)


def _tidy(schema: Body) -> None:
    """Take away what is empty, and declare what is named."""
    for body in schema["classes"].values():
        usage = {slot: said for slot, said in body.get("slot_usage", {}).items() if said}
        for field, value in (("slot_usage", usage), ("slots", sorted(set(body.get("slots", ()))))):
            body[field] = value
        for field in ("slot_usage", "slots", "attributes"):
            if not body.get(field):
                body.pop(field, None)
    groups = sorted(_groups(schema))
    schema["subsets"] = {group: {} for group in groups}


def _groups(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = set(value.get("in_subset", ())) if isinstance(value.get("in_subset"), list) else set()
        return own.union(*(_groups(part) for key, part in value.items() if key != "annotations"))
    return set().union(*(_groups(part) for part in value)) if isinstance(value, list) else set()


# --- Value types and shared properties ----------------------------------------------------------


def _value_type(members: Members, key: Key, content: Content) -> tuple[str, Body]:
    """The section that a value type goes to, and what it says there."""
    constraints = content.get("constraints", {})
    original = members.spelling.original(key)
    said = {NAME: key[1]} if key in members.spelling.explicit else {}
    if constraints.get("enum") or words.DYNAMIC & content.get("metadata", {}).keys():
        body = common_of(content, words.ENUM, original)
        body["permissible_values"] = members.enum((key, ()), constraints.get("enum", {}))
        section = "enums"
    else:
        typeof = content.get("metadata", {}).get("typeof")
        known = typeof in members.spelling.names.values()
        withheld = {"pattern", "minimum_value", "maximum_value", *(() if known else ("typeof",))}
        body = common_of(content, words.TYPE, original, withheld) | constraints_of(constraints, many=False)
        if "typeof" not in body and not ("base" in body or "uri" in body):
            near = builtin_of(content["type"], constraints)
            body["typeof"] = "string" if near == "Any" else near
        section = "types"
    replaced(members, key, content, body)
    members.places[key, ()] = noted(body, said)
    return section, body


def _shared_property(members: Members, key: Key, content: Content) -> Body:
    said = {NAME: key[1]} if key in members.spelling.explicit else {}
    values = members.range_of(content)
    metadata = content.get("metadata", {})
    body = members.described((key, ()), content, values)
    body.pop("deprecated_element_has_exact_replacement", None)
    for each in ("required", "identifier"):
        if isinstance(metadata.get(each), bool):
            body[each] = metadata[each]
    if isinstance(metadata.get("ifabsent"), str):
        body["ifabsent"] = metadata["ifabsent"]
    if "is_a" in body and "multivalued" not in values:
        values = {**values, "multivalued": False}
    body = without_alias(body | values, members.spelling.original(key))
    replaced(members, key, content, body)
    members.places[key, ()] = noted(body, said)
    return body


def replaced(members: Members, key: Key, content: Content, body: Body) -> None:
    """Say in ``body`` what replaces the resource."""
    replacement = members.name(key[0], content.get("deprecation", {}).get("replacement"))
    if replacement:
        body["deprecated_element_has_exact_replacement"] = replacement
