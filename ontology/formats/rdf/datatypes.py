"""The datatypes of XSD, RDF and schema.org as types with constraints, and back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rdflib import RDF, RDFS, SH, XSD, URIRef

from ontology.engine.types import Type
from ontology.formats.rdf.vocabulary import OMS, schema_org

DECIMAL: Final[Type] = {"type": "decimal", "precision": 38, "scale": 18}
"""The type of xsd:decimal, which names no digits itself."""


@dataclass(frozen=True)
class Values:
    """What values a property takes: a type and constraints, or a value type that says both."""

    type: Type
    constraints: Mapping[str, Any] = field(default_factory=dict)
    value_type: str | None = None


_PLAIN: Final[Mapping[URIRef, str]] = {
    XSD.boolean: "boolean",
    XSD.string: "string",
    XSD.byte: "byte",
    XSD.short: "short",
    XSD.integer: "integer",
    XSD.int: "integer",
    XSD.long: "long",
    XSD.float: "float",
    XSD.double: "double",
    XSD.date: "date",
    XSD.time: "time",
    XSD.dateTime: "timestamp",
    XSD.dateTimeStamp: "timestamp",
    RDF.JSON: "json",
}

_OWN: Final = ("geopoint", "geoshape", "attachment", "media_reference", "time_series", "marking", "cipher")
"""Types that no vocabulary has a datatype for; their datatypes are OMS's."""

_LIMITED: Final[Mapping[URIRef, tuple[Type, Mapping[str, Any]]]] = {
    XSD.nonNegativeInteger: ({"type": "integer"}, {"min": 0}),
    XSD.positiveInteger: ({"type": "integer"}, {"min": 1}),
    XSD.nonPositiveInteger: ({"type": "integer"}, {"max": 0}),
    XSD.negativeInteger: ({"type": "integer"}, {"max": -1}),
    XSD.unsignedByte: ({"type": "short"}, {"min": 0, "max": 255}),
    XSD.unsignedShort: ({"type": "integer"}, {"min": 0, "max": 65_535}),
    XSD.unsignedInt: ({"type": "long"}, {"min": 0, "max": 4_294_967_295}),
    XSD.unsignedLong: ({"type": "decimal", "precision": 20, "scale": 0}, {"min": 0}),
}

_TEXT_FORMATS: Final[Mapping[URIRef, str]] = {
    XSD.anyURI: "uri",
    RDF.langString: "langString",
    RDF.HTML: "HTML",
    RDF.XMLLiteral: "XMLLiteral",
    RDFS.Literal: "literal",
    **{
        iri: iri.removeprefix(str(XSD))
        for iri in (
            XSD.normalizedString,
            XSD.token,
            XSD.language,
            XSD.Name,
            XSD.NCName,
            XSD.NMTOKEN,
            XSD.QName,
            XSD.NOTATION,
            XSD.ID,
            XSD.IDREF,
            XSD.ENTITY,
            XSD.base64Binary,
            XSD.hexBinary,
            XSD.duration,
            XSD.dayTimeDuration,
            XSD.yearMonthDuration,
            XSD.gYear,
            XSD.gYearMonth,
            XSD.gMonth,
            XSD.gMonthDay,
            XSD.gDay,
        )
    },
}
"""Texts of a form that OMS does not check; its name is kept as the format."""

_SCHEMA_ORG: Final[Mapping[str, Values]] = {
    "Boolean": Values({"type": "boolean"}),
    "Text": Values({"type": "string"}),
    "CssSelectorType": Values({"type": "string"}),
    "PronounceableText": Values({"type": "string"}),
    "XPathType": Values({"type": "string"}),
    "URL": Values({"type": "string"}, {"format": "url"}),
    "Number": Values({"type": "double"}),
    "Float": Values({"type": "double"}),
    "Integer": Values({"type": "integer"}),
    "Date": Values({"type": "date"}),
    "DateTime": Values({"type": "timestamp"}),
    "Time": Values({"type": "time"}),
}

SCHEMA_ORG: Final[Mapping[URIRef, Values]] = {
    iri: values for name, values in _SCHEMA_ORG.items() for iri in schema_org(name)
}
"""The data types of schema.org, which it gives as classes."""

DATATYPES: Final[Mapping[URIRef, Values]] = {
    **SCHEMA_ORG,
    **{iri: Values({"type": name}) for iri, name in _PLAIN.items()},
    **{OMS[name]: Values({"type": name}) for name in _OWN},
    **{iri: Values(type_, constraints) for iri, (type_, constraints) in _LIMITED.items()},
    **{iri: Values({"type": "string"}, {"format": name}) for iri, name in _TEXT_FORMATS.items()},
    XSD.decimal: Values(DECIMAL),
}
"""What each datatype is here."""

_BY_TYPE: Final = {name: iri for iri, name in reversed(list(_PLAIN.items()))} | {
    **{name: OMS[name] for name in _OWN},
    "decimal": XSD.decimal,
    "map": RDF.JSON,
    "vector": RDF.JSON,
}
_BY_FORMAT: Final = {name: iri for iri, name in _TEXT_FORMATS.items()}


def datatype_of(type_: Type, constraints: Mapping[str, Any]) -> URIRef | None:
    """The datatype of the values of a type, of an array's items; None where they are no literals.

    A type without a datatype of its own has the one of the JSON that it is written as.
    """
    scalar = type_["items"] if type_["type"] == "array" else type_
    if scalar["type"] == "string" and constraints.get("format") in _BY_FORMAT:
        return _BY_FORMAT[constraints["format"]]
    return _BY_TYPE.get(scalar["type"])


FACETS: Final[Mapping[URIRef, str]] = {
    XSD.minInclusive: "min",
    XSD.maxInclusive: "max",
    XSD.minExclusive: "exclusive_min",
    XSD.maxExclusive: "exclusive_max",
    XSD.minLength: "min_length",
    XSD.maxLength: "max_length",
    XSD.pattern: "pattern",
    SH.minInclusive: "min",
    SH.maxInclusive: "max",
    SH.minExclusive: "exclusive_min",
    SH.maxExclusive: "exclusive_max",
    SH.minLength: "min_length",
    SH.maxLength: "max_length",
    SH.pattern: "pattern",
}
"""The facets of OWL's and SHACL's restrictions as constraints."""

SHACL_FACETS: Final = {constraint: iri for iri, constraint in FACETS.items() if str(iri).startswith(str(SH))}
OWL_FACETS: Final = {constraint: iri for iri, constraint in FACETS.items() if str(iri).startswith(str(XSD))}


def bound(lexical: str, type_: Type | None) -> int | float | str:
    """A limit as OMS writes it for values of ``type_``: a number where the type's are numbers, else text."""
    if type_ is None or type_["type"] in ("byte", "short", "integer", "long", "float", "double"):
        for number in _numbers(lexical):
            return number
    return lexical


def _numbers(lexical: str) -> Iterator[int | float]:
    for form in (int, float):
        try:
            yield form(lexical)
        except ValueError:
            continue


def anchored(pattern: str) -> str:
    """XSD's ``pattern``, which means the whole of a text, as one that is found in a text."""
    return f"^(?:{pattern})$" if "|" in pattern else f"^{pattern}$"


def unanchored(pattern: str) -> str:
    """A pattern that is found in a text as one that means the whole of it."""
    inner = pattern.removeprefix("^(?:").removesuffix(")$")
    if anchored(inner) == pattern:
        return inner
    inner = pattern.removeprefix("^").removesuffix("$")
    return inner if anchored(inner) == pattern and not inner.endswith("\\") else f"[\\s\\S]*({pattern})[\\s\\S]*"
