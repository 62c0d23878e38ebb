"""What everything has: names, descriptions, mappings, a status, and annotations, which are kept as metadata."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, BNode, Literal, URIRef

from gateway.engine.sentences import sentence
from ontology.engine.scalars import LANGUAGE
from ontology.formats.rdf.literals import json_of, text_of
from ontology.formats.rdf.source import Source
from ontology.formats.rdf.statements import Subject, Term
from ontology.formats.rdf.vocabulary import DCTERMS, OMS, ONTOLOGY, PREFIXES, TERM_REPLACED_BY, curie, schema_org

LABELS: Final = (RDFS.label, SKOS.prefLabel, SH.name)
DESCRIPTIONS: Final = (
    RDFS.comment,
    SKOS.definition,
    DCTERMS.description,
    URIRef(f"{PREFIXES['dc']}description"),
    SH.description,
)
MAPPINGS: Final = {
    "exact": (SKOS.exactMatch, OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs),
    "close": (SKOS.closeMatch,),
    "broad": (SKOS.broadMatch,),
    "narrow": (SKOS.narrowMatch,),
    "related": (SKOS.relatedMatch,),
}
SUPERSEDED: Final = schema_org("supersededBy")
REPLACEMENTS: Final = (DCTERMS.isReplacedBy, TERM_REPLACED_BY, *SUPERSEDED)

_TRUE: Final = ("true", "1")
PLAIN: Final = frozenset(
    {
        RDFS.label,
        RDFS.comment,
        RDFS.seeAlso,
        RDFS.isDefinedBy,
        OWL.versionInfo,
        SH.order,
        SH.group,
        SH.name,
        SH.description,
    }
)
"""What of OWL, RDFS and SHACL says nothing about what holds."""
_WITH_MEANING: Final = (str(OWL), str(RDFS), str(SH))


def described(
    source: Source, subject: Subject, name_of: Callable[[URIRef], str | None], *, iri: str = "iri"
) -> dict[str, Any]:
    """The common fields of what ``subject`` is. ``name_of`` gives what a replacement is called.

    To be called when everything else about the subject has been read: what is left becomes metadata,
    the IRI under ``iri``.
    """
    content: dict[str, Any] = {}
    if label := _localised(source, subject, LABELS):
        content["display_name"] = label
    if description := _localised(source, subject, DESCRIPTIONS):
        content["description"] = description
    if aliases := _aliases(source, subject):
        content["aliases"] = aliases
    if mappings := _mappings(source, subject):
        content["mappings"] = mappings
    content |= _status(source, subject, name_of)
    metadata = _annotations(source, subject)
    if isinstance(subject, URIRef) and not subject.startswith(str(ONTOLOGY)):
        metadata[iri] = str(subject)
    if metadata:
        content["metadata"] = metadata
    return content


def no_name(_iri: URIRef) -> None:
    """Of a member nothing outside is a replacement; what is said of one stays an annotation."""


def overlaid(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """The common fields of ``below`` with those of ``above``; mappings and metadata are joined."""
    both = {**below, **above}
    for field in ("mappings", "metadata"):
        if field in below and field in above:
            both[field] = {**below[field], **above[field]}
    return both


def _localised(source: Source, subject: Subject, predicates: Iterable[URIRef]) -> Any:
    """The texts of the first predicate that has any: by language, or one without; None where there is none."""
    for predicate in predicates:
        by_language, plain = _texts(source.statements.see(subject, predicate))
        chosen = by_language or plain
        if chosen:
            texts = {str(literal) for literal in chosen.values()}
            for literal in source.statements.see(subject, predicate):
                if literal in chosen.values() or (text_of(literal) in texts and literal in plain.values()):
                    source.statements.understood(subject, predicate, literal)
            return {tag: str(text) for tag, text in by_language.items()} if by_language else str(chosen[""])
    return None


def _texts(terms: Collection[Term]) -> tuple[dict[str, Literal], dict[str, Literal]]:
    """(the first text of each language, the first without one)."""
    by_language: dict[str, Literal] = {}
    plain: dict[str, Literal] = {}
    for literal in terms:
        if isinstance(literal, Literal) and text_of(literal):
            tag = literal.language or ""
            if not tag:
                plain.setdefault("", literal)
            elif LANGUAGE.fullmatch(tag):
                by_language.setdefault(tag, literal)
    return by_language, plain


def _aliases(source: Source, subject: Subject) -> list[str]:
    found = set()
    for term in source.statements.see(subject, SKOS.altLabel):
        if text := text_of(term):
            source.statements.understood(subject, SKOS.altLabel, term)
            found.add(text)
    return sorted(found)


def _mappings(source: Source, subject: Subject) -> dict[str, list[str]]:
    found = {
        relation: sorted(map(str, source.statements.take_named(subject, *predicates)))
        for relation, predicates in MAPPINGS.items()
    }
    return {relation: iris for relation, iris in found.items() if iris}


def _status(source: Source, subject: Subject, name_of: Callable[[URIRef], str | None]) -> dict[str, Any]:
    """A status where the source says that this should not be used any more."""
    flags = [flag for flag in source.statements.see(subject, OWL.deprecated) if isinstance(flag, Literal)]
    deprecated = any(str(flag) in _TRUE for flag in flags)
    if not deprecated and not source.statements.see(subject, *SUPERSEDED):
        return {}
    for flag in flags:
        if str(flag) in _TRUE and flag.datatype in (XSD.boolean, None):
            source.statements.understood(subject, OWL.deprecated, flag)
    content: dict[str, Any] = {"status": "deprecated"}
    for predicate in REPLACEMENTS:
        for term in source.statements.see(subject, predicate):
            if "deprecation" not in content and isinstance(term, URIRef) and (name := name_of(term)):
                source.statements.understood(subject, predicate, term)
                content["deprecation"] = {"replacement": name}
    return content


def _annotations(source: Source, subject: Subject) -> dict[str, Any]:
    """What is left about ``subject``, by CURIE or IRI; blank nodes are nothing without what they stand in."""
    found: dict[str, Any] = {}
    for predicate, terms in source.statements.left(subject).items():
        if str(predicate).startswith(str(OMS)):
            continue
        source.statements.take(subject, predicate)
        values = [value for term in terms if (value := json_of(term)) is not None]
        if values:
            found[curie(str(predicate))] = values[0] if len(values) == 1 else values
        if blank := sum(isinstance(term, BNode) for term in terms):
            code = "CLASS_EXPRESSION" if str(predicate).startswith((str(OWL), str(RDFS))) else "BLANK_NODE"
            message = sentence(
                "{count} of {predicate} did not come over.", count=blank, predicate=curie(str(predicate))
            )
            source.omit(subject, code, message)
        if values and predicate != RDF.type and _has_meaning(predicate):
            message = sentence("{predicate} is kept as metadata, without its meaning.", predicate=curie(str(predicate)))
            source.omit(subject, "AXIOM", message)
    return found


def _has_meaning(predicate: URIRef) -> bool:
    told = (RDFS.domain, RDFS.range)  # as what is elsewhere
    return str(predicate).startswith(_WITH_MEANING) and predicate not in PLAIN and predicate not in told
