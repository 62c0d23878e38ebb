"""The vocabularies that are understood here, and IRIs in short."""

import re
from collections.abc import Mapping
from typing import Final

from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Namespace, URIRef

OMS: Final = Namespace("urn:oms:vocabulary#")
"""OMS's own words, for what OWL, RDFS, SHACL and SKOS have none for."""

ONTOLOGY: Final = Namespace("urn:oms:ontology#")
"""Where resources are that have no IRI of their own; such an IRI is made of the name and not kept."""

SCHEMA: Final = Namespace("http://schema.org/")
SCHEMA_SECURE: Final = Namespace("https://schema.org/")
DCTERMS: Final = Namespace("http://purl.org/dc/terms/")
TERM_REPLACED_BY: Final = URIRef("http://purl.obolibrary.org/obo/IAO_0100001")

PREFIXES: Final[Mapping[str, str]] = {
    "dash": "http://datashapes.org/dash#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": str(DCTERMS),
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "oms": str(OMS),
    "owl": str(OWL),
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SCHEMA),
    "sdo": str(SCHEMA_SECURE),
    "sh": str(SH),
    "skos": str(SKOS),
    "vann": "http://purl.org/vocab/vann/",
    "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#",
    "xsd": str(XSD),
}
"""What shortens IRIs in metadata, whatever prefixes a document uses itself."""

_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_CURIE = re.compile(rf"([a-z]+):({_LOCAL.pattern})")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_SPLIT = re.compile(r"(.*[#/:])([^#/:]*)", re.DOTALL)


def schema_org(*names: str) -> tuple[URIRef, ...]:
    """The terms of schema.org called so, of its older and its newer address."""
    return tuple(namespace[name] for name in names for namespace in (SCHEMA, SCHEMA_SECURE))


def curie(iri: str) -> str:
    """``iri`` with a prefix where it has one of :data:`PREFIXES`, else itself."""
    namespace, local = split(iri)
    prefix = _BY_NAMESPACE.get(namespace)
    return f"{prefix}:{local}" if prefix and _LOCAL.fullmatch(local) else iri


def expand(text: str) -> URIRef | None:
    """The IRI that :func:`curie` made ``text`` of; None where it is none."""
    match = _CURIE.fullmatch(text)
    if match and match[1] in PREFIXES:
        return URIRef(PREFIXES[match[1]] + match[2])
    return URIRef(text) if is_iri(text) else None


def is_iri(text: object) -> bool:
    """Whether ``text`` is an absolute IRI that can be written down."""
    return isinstance(text, str) and bool(_IRI.fullmatch(text))


def split(iri: str) -> tuple[str, str]:
    """(namespace, local part): what stands up to the last ``#``, ``/`` or ``:``, and behind it."""
    match = _SPLIT.fullmatch(iri)
    return (match[1], match[2]) if match else ("", iri)


_BY_NAMESPACE: Final = {namespace: prefix for prefix, namespace in PREFIXES.items()}


def word_of(namespace: str) -> str:
    """The last word in a namespace, in lower case: what a prefix is named after."""
    words = re.findall(r"[a-z][a-z0-9]*", namespace.lower())
    return words[-1] if words else ""
