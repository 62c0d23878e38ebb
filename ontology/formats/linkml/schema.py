"""A LinkML schema as plain data: its elements by name, and what of them is inherited."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Sentence, sentence
from gateway.exceptions import FieldError
from ontology.exceptions import DocumentMalformed
from ontology.formats import notation
from ontology.formats.linkml import vocabulary as words
from ontology.formats.reading import Omission

Body = Mapping[str, Any]
"""What a schema says of an element."""

NOTHING: Final[Body] = {}
SECTIONS: Final = ("classes", "slots", "types", "enums", "subsets")

FACETS: Final = (
    "range",
    "any_of",
    "enum_range",
    "required",
    "multivalued",
    "identifier",
    "key",
    "pattern",
    "minimum_value",
    "maximum_value",
    "minimum_cardinality",
    "maximum_cardinality",
    "exact_cardinality",
    "list_elements_unique",
    "ifabsent",
)
"""The metaslots that say which values a slot takes."""

_NOT_PASSED_ON: Final = frozenset({"any_of", "enum_range"})
"""Those of them that a slot does not inherit from another slot."""

_CURIE = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*):([^/\s].*)")


@dataclass
class Schema:
    """The elements of a schema by name, and what was left out of it."""

    classes: dict[str, Body]
    slots: dict[str, Body]
    types: dict[str, Body]
    enums: dict[str, Body]
    default_range: str
    prefixes: Mapping[str, str]
    extras: Mapping[str, Any]
    omissions: list[Omission] = field(default_factory=list)

    def tell(self, place: str, code: str, message: Sentence) -> None:
        """Name something that does not come over, or not as it stands there."""
        self.omissions.append(Omission(place, code, message))

    def expanded(self, uri: str) -> str:
        """``uri`` written out, where it is a CURIE of a prefix that the schema declares."""
        found = _CURIE.fullmatch(uri)
        return self.prefixes[found[1]] + found[2] if found and found[1] in self.prefixes else uri

    @cached_property
    def any_classes(self) -> frozenset[str]:
        """The classes that stand for any value at all."""
        return frozenset(
            name for name, body in self.classes.items() if self.expanded(str(body.get("class_uri"))) == words.ANY
        )

    @cached_property
    def lineage(self) -> Callable[[str], Sequence[str]]:
        """A class and those that it inherits from, the nearest first."""
        return cache(lambda name: _lineage(name, self.classes))

    def slot_facets(self, name: str) -> dict[str, Any]:
        """What values a global slot takes, with what it inherits from other slots.

        As in LinkML what says nothing or no overrides nothing.
        """
        facets: dict[str, Any] = {}
        for near in reversed(_lineage(name, self.slots)):
            own = self.slots[near]
            passed = FACETS if near == name else [each for each in FACETS if each not in _NOT_PASSED_ON]
            facets |= {each: own[each] for each in passed if own.get(each)}
        return {**{each: value for each, value in self.slots[name].items() if each in FACETS}, **facets}

    def slot_domain(self, name: str) -> Any:
        """The class for whose objects a slot is meant, which it may inherit from another slot."""
        domains = (self.slots[near].get("domain") for near in _lineage(name, self.slots))
        return next((domain for domain in domains if domain), None)

    def attribute(self, owner: str, name: str) -> str | None:
        """The nearest class of ``owner``'s lineage that has the attribute ``name``."""
        return next((near for near in self.lineage(owner) if name in self.classes[near]["attributes"]), None)

    def induced(self, owner: str, name: str) -> dict[str, Any]:
        """What values the slot or attribute ``name`` takes in a class, by all that is said of it up to there."""
        holder = self.attribute(owner, name)
        facets = dict(self.classes[holder]["attributes"][name]) if holder else self.slot_facets(name)
        for near in reversed(self.lineage(owner)):
            facets |= self.classes[near]["slot_usage"].get(name, NOTHING)
        return {key: value for key, value in facets.items() if key in FACETS}


def _lineage(name: str, elements: Mapping[str, Body]) -> list[str]:
    found = {name: None}
    pending = [name]
    for near in pending:  # grows as it is walked
        for parent in parents(elements[near]):
            if parent in elements and parent not in found:
                found[parent] = None
                pending.append(parent)
    return list(found)


def parents(body: Body) -> list[str]:
    """What a class or slot inherits from, as it is named there."""
    return [each for each in (body.get("is_a"), *texts(body.get("mixins"))) if isinstance(each, str)]


def texts(value: Any) -> list[str]:
    """A list of texts, of which a single one may stand by itself."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [str(item) for item in items]


# --- Out of a document ------------------------------------------------------------------------------


def schema_of(document: Any) -> Schema:
    """The schema in ``document``, a text or a JSON value. Raises DocumentMalformed for what is none."""
    value = notation.read(document, foreign=True) if isinstance(document, str) else document
    if not isinstance(value, dict) or not any(key in value for key in ("id", *SECTIONS)):
        message = sentence("The document is not a LinkML schema: an object with an id, classes, slots, types or enums.")
        raise DocumentMalformed(message, errors=[FieldError("/document", "NOT_LINKML", message)])
    omissions: list[Omission] = []
    sections = {section: named(value.get(section), "name", f"/{section}", omissions) for section in SECTIONS}
    for name, body in sections["classes"].items():
        sections["classes"][name] = _class(body, pointer("/classes", name), omissions)
    prefixes = named(value.get("prefixes"), "prefix_prefix", "/prefixes", omissions, scalar="prefix_reference")
    extras = annotations(value).get("oms")
    schema = Schema(
        classes=sections["classes"],
        slots=sections["slots"],
        types={name: body for name, body in sections["types"].items() if not _is_builtin(name, body)},
        enums=sections["enums"],
        default_range=str(value.get("default_range") or "string"),
        prefixes={name: str(body.get("prefix_reference", "")) for name, body in prefixes.items()},
        extras=extras if isinstance(extras, dict) else NOTHING,
        omissions=omissions,
    )
    _tell_header(schema, value)
    _tell_subsets(schema, sections["subsets"])
    return schema


def named(value: Any, key: str, place: str, omissions: list[Omission], scalar: str | None = None) -> dict[str, Body]:
    """Elements by name, in order of their names; they may be listed with their name under ``key``.

    Where ``scalar`` is given, a value by itself stands for an object with that member.
    """
    found: dict[str, Body] = {}
    for name, body in _items(value, key, place, omissions):
        if isinstance(body, dict):
            found[name] = _sound({each: item for each, item in body.items() if each != key}, place, name, omissions)
        elif body is None:
            found[name] = NOTHING
        elif scalar:
            found[name] = {scalar: body}
        else:
            message = sentence("This is no object and was left out.")
            omissions.append(Omission(pointer(place, name), "FIELD_TYPE", message))
    return dict(sorted(found.items()))


_NAMES: Final = frozenset({"range", "is_a", "typeof", "domain", "inverse", "base", "status", "uri", *words.IDENTITIES})
"""Metaslots that name something."""


def _sound(body: Body, place: str, name: str, omissions: list[Omission]) -> Body:
    """``body`` without what is null, and without names that are no text."""
    sound = {}
    for key, value in body.items():
        if key in _NAMES and value is not None and not isinstance(value, str):
            message = sentence("{field} is no name and was left out.", field=key)
            omissions.append(Omission(pointer(place, name, key), "FIELD_TYPE", message))
        elif value is not None:
            sound[key] = value
    return sound


def _items(value: Any, key: str, place: str, omissions: list[Omission]) -> Iterable[tuple[str, Any]]:
    match value:
        case None:
            return
        case dict():
            yield from value.items()
        case list():
            for number, item in enumerate(value):
                name = item.get(key) if isinstance(item, dict) else item
                if isinstance(name, str):
                    yield name, item if isinstance(item, dict) else None
                else:
                    message = sentence("This has no {key}.", key=key)
                    omissions.append(Omission(pointer(place, number), "FIELD_TYPE", message))
        case _:
            omissions.append(Omission(place, "FIELD_TYPE", sentence("This is neither an object nor a list.")))


def annotations(body: Body) -> dict[str, Any]:
    """The values of annotations by tag; one that has more than a value stands as it is."""
    given = body.get("annotations")
    if isinstance(given, list):
        given = {each["tag"]: each for each in given if isinstance(each, dict) and isinstance(each.get("tag"), str)}
    if not isinstance(given, dict):
        return {}
    return {
        tag: each["value"] if isinstance(each, dict) and each.keys() - {"tag"} == {"value"} else each
        for tag, each in given.items()
    }


def _class(body: Body, place: str, omissions: list[Omission]) -> Body:
    return {
        **body,
        "slots": texts(body.get("slots")),
        "slot_usage": named(body.get("slot_usage"), "name", f"{place}/slot_usage", omissions),
        "attributes": named(body.get("attributes"), "name", f"{place}/attributes", omissions),
    }


def _is_builtin(name: str, body: Body) -> bool:
    """Whether a type is one of ``linkml:types``, which a merged schema spells out."""
    return name in words.TYPES and body.get("uri", words.TYPES[name]) in (words.TYPES[name], None)


_HEADER: Final = frozenset({*SECTIONS, "default_range", "imports"})


def _tell_header(schema: Schema, value: Mapping[str, Any]) -> None:
    """An ontology has no properties of its own."""
    for name in texts(value.get("imports")):
        if name != "linkml:types":
            message = sentence("The import {name} is not in the document; what it holds is missing.", name=repr(name))
            schema.tell("/imports", "IMPORT_UNRESOLVED", message)
    for key in sorted(value.keys() - _HEADER):
        if key == "prefixes":
            message = sentence("Prefixes are not kept; what they stand for was written out in URIs.")
        else:
            message = sentence("{key} is said of the schema as a whole, of which nothing is kept.", key=key)
        if not (key == "annotations" and annotations(value).keys() <= {"oms"}):
            schema.tell(pointer("", key), "SCHEMA_FIELD", message)


def _tell_subsets(schema: Schema, subsets: Mapping[str, Body]) -> None:
    for name, body in subsets.items():
        if body:
            message = sentence("Of a subset only the name is kept, not {fields}.", fields=", ".join(sorted(body)))
            schema.tell(pointer("/subsets", name), "SUBSET", message)
