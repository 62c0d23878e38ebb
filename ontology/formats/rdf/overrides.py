"""OMS's own words: fields that OWL and SHACL say nothing of, or not the same, as annotations under their names.

A text is a literal, a text by language one of each language, a set of texts one of each; what is more than
that is a literal of JSON. ``oms:without`` names fields that there are not, though the rest would say so.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from rdflib import RDF, XSD, Literal

from history.engine.canonical import canonical_bytes
from history.engine.content import Content
from ontology.engine.kinds import KINDS
from ontology.engine.shapes import (
    Boolean,
    Choice,
    Date,
    Integer,
    LocalisedText,
    MapOf,
    MemberReference,
    Name,
    Record,
    Reference,
    Rid,
    SetOf,
    Shape,
    Text,
)
from ontology.formats.rdf.literals import is_language
from ontology.formats.rdf.statements import Statements, Subject, Term
from ontology.formats.rdf.vocabulary import OMS

Absent: Final = None
_TEXTS: Final = (Text, Choice, Date, Rid, Name, Reference, MemberReference)


def _members(kind: str, field: str) -> Record:
    shape = KINDS[kind].fields[field]
    if isinstance(shape, MapOf) and isinstance(shape.value, Record):
        return shape.value
    raise TypeError(f"{kind}/{field} holds no members")


MEMBER_FIELDS: Final = {"object_type": "properties", "interface": "properties", "struct_type": "fields"}
"""The field of each kind of class that holds what its shape is of."""

MEMBERS: Final = {kind: _members(kind, field) for kind, field in MEMBER_FIELDS.items()}


def members_of(kind: str, content: Content) -> Mapping[str, Content]:
    """The members of ``content`` by name, where it is a class."""
    found: Mapping[str, Content] = content.get(MEMBER_FIELDS.get(kind, ""), {})
    return found


def _enum_value() -> Record:
    constraints = KINDS["value_type"].fields["constraints"]
    enum = constraints.fields["enum"] if isinstance(constraints, Record) else None
    if isinstance(enum, MapOf) and isinstance(enum.value, Record):
        return enum.value
    raise TypeError("value types have no enums")


ENUM_VALUE: Final = _enum_value()


# --- Reading --------------------------------------------------------------------------------------


def overridden(statements: Statements, node: Subject, record: Record, content: Content) -> dict[str, Any]:
    """``content`` with what OMS's words about ``node`` say of the fields of ``record``."""
    found = dict(content)
    for term in statements.take(node, OMS.without):
        found.pop(str(term), None)
    for field, shape in record.fields.items():
        terms = [term for term in statements.take(node, OMS[field]) if isinstance(term, Literal)]
        if terms:
            found[field] = _decoded(shape, terms)
    return found


def _decoded(shape: Shape, literals: list[Literal]) -> Any:
    first = literals[0]
    if first.datatype == RDF.JSON:
        return _json(str(first))
    if isinstance(shape, SetOf):
        return [str(literal) for literal in literals]
    if isinstance(shape, LocalisedText) and first.language:
        return {str(literal.language): str(literal) for literal in literals}
    if first.datatype in (XSD.boolean, XSD.integer):
        return _json(str(first))
    return str(first)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


# --- Writing --------------------------------------------------------------------------------------


def override(record: Record, field: str, value: Any) -> list[tuple[str, Term]]:
    """(word, literal) of what says that ``field`` has ``value``, None where it is not there."""
    if value is Absent:
        return [("without", Literal(field))]
    return [(field, literal) for literal in _encoded(record.fields[field], value)]


def _encoded(shape: Shape, value: Any) -> list[Literal]:
    if isinstance(shape, SetOf) and value:
        return [Literal(item) for item in value]
    if isinstance(shape, LocalisedText) and _has_languages(value):
        return [Literal(text, lang=tag) for tag, text in value.items()]
    if isinstance(shape, (*_TEXTS, LocalisedText)) and isinstance(value, str):
        return [Literal(value)]
    if isinstance(shape, Boolean | Integer):
        return [Literal(value)]
    return [Literal(canonical_bytes(value).decode(), datatype=RDF.JSON)]


def _has_languages(value: Any) -> bool:
    """Whether RDF takes the keys of ``value`` for languages, and for different ones."""
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(is_language(tag) for tag in value)
        and len({tag.lower() for tag in value}) == len(value)
    )
