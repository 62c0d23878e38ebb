"""What is said of properties themselves, apart from the classes that use them."""

from dataclasses import dataclass
from typing import Final

from rdflib import OWL, RDF, RDFS, URIRef

from gateway.engine.sentences import sentence
from ontology.formats.rdf.catalogue import OBJECT_PROPERTY_TYPES, PROPERTY_TYPES, Catalogue
from ontology.formats.rdf.ranges import Range, Ranges
from ontology.formats.rdf.source import Source
from ontology.formats.rdf.statements import Term
from ontology.formats.rdf.vocabulary import OMS, curie, schema_org

DOMAINS: Final = (RDFS.domain, *schema_org("domainIncludes"))
RANGES: Final = (RDFS.range, *schema_org("rangeIncludes"))
_INVERSES: Final = (OWL.inverseOf, *schema_org("inverseOf"))
_UNIVERSAL: Final = frozenset({OWL.Thing, RDFS.Resource})


@dataclass(frozen=True)
class Property:
    """A property: which classes have it, what it leads to, and how often."""

    iri: URIRef
    types: frozenset[URIRef]
    domains: tuple[URIRef, ...]
    ranges: tuple[Range, ...]
    parents: tuple[URIRef, ...]
    inverse: URIRef | None

    @property
    def is_functional(self) -> bool:
        """Whether nothing has two values of it."""
        return OWL.FunctionalProperty in self.types

    @property
    def is_declared(self) -> bool:
        """Whether the document says that there is such a property, and does not only use it."""
        return bool(self.types)

    @property
    def has_data(self) -> bool:
        """Whether it is declared to lead to data."""
        return bool(self.types & {OWL.DatatypeProperty, OMS.SharedProperty})

    @property
    def has_things(self) -> bool:
        """Whether it is declared to lead to things."""
        return bool(self.types.intersection(OBJECT_PROPERTY_TYPES)) and not self.has_data


def properties_read(source: Source, catalogue: Catalogue, ranges: Ranges) -> dict[URIRef, Property]:
    """The properties that the document declares, in order."""
    found = {}
    for iri in source.statements.typed(*PROPERTY_TYPES):
        if iri not in catalogue.classes:
            found[iri] = _property(source, catalogue, ranges, iri)
    for iri in source.statements.typed(OWL.AnnotationProperty):
        if iri not in found and iri not in catalogue.classes:
            source.statements.take(iri, RDF.type)
            source.omit(iri, "ANNOTATION_PROPERTY", sentence("Properties of annotations did not come over."))
    return found


def undeclared(iri: URIRef) -> Property:
    """A property of which only its use is known."""
    return Property(iri, frozenset(), (), (), (), None)


def _property(source: Source, catalogue: Catalogue, ranges: Ranges, iri: URIRef) -> Property:
    statements = source.statements
    types = frozenset(type_ for type_ in statements.see(iri, RDF.type) if isinstance(type_, URIRef))
    for type_ in types.intersection((*PROPERTY_TYPES, OWL.AnnotationProperty, OWL.NamedIndividual)):
        statements.understood(iri, RDF.type, type_)
    for type_ in sorted(types & {OWL.AsymmetricProperty, OWL.IrreflexiveProperty, OWL.ReflexiveProperty}):
        source.omit(iri, "AXIOM", sentence("That it is an {type} did not come over.", type=curie(str(type_))))
    inverses = statements.take_named(iri, *_INVERSES)
    if len(inverses) > 1:
        source.omit(iri, "AXIOM", sentence("Of several inverses one came over."))
    return Property(
        iri,
        types,
        _domains(source, catalogue, iri),
        _ranges(source, ranges, iri),
        tuple(parent for parent in statements.take_named(iri, RDFS.subPropertyOf) if parent != iri),
        inverses[0] if inverses else None,
    )


def _ranges(source: Source, ranges: Ranges, iri: URIRef) -> tuple[Range, ...]:
    """What it leads to. A class that is elsewhere is not taken, so that it becomes metadata."""
    found = ranges.read(iri, source.statements.see(iri, *RANGES))
    elsewhere = {each for each in found if isinstance(each, URIRef)}
    for predicate in RANGES:
        for term in source.statements.see(iri, predicate):
            if term not in elsewhere:
                source.statements.understood(iri, predicate, term)
    return tuple(found)


def _domains(source: Source, catalogue: Catalogue, iri: URIRef) -> tuple[URIRef, ...]:
    if len(source.statements.see(iri, RDFS.domain)) > 1:
        message = sentence("Several rdfs:domain mean all of them at once; here they mean any of them.")
        source.omit(iri, "DOMAIN_SEVERAL", message)
    found: dict[URIRef, bool] = {}
    for predicate in DOMAINS:
        for term in source.statements.see(iri, predicate):
            elsewhere = _add_domains(source, catalogue, iri, term, found)
            if term not in elsewhere:
                source.statements.understood(iri, predicate, term)
    return tuple(found)


def _add_domains(
    source: Source, catalogue: Catalogue, iri: URIRef, term: Term, found: dict[URIRef, bool]
) -> list[URIRef]:
    """Add the classes of a domain to ``found``; those that are elsewhere."""
    elsewhere = []
    for part in source.union(term):
        if not isinstance(part, URIRef):
            message = sentence("A domain that is a class expression did not come over.")
            source.omit(iri, "CLASS_EXPRESSION", message)
        elif part in catalogue.classes:
            found[part] = True
        elif part not in _UNIVERSAL:
            message = sentence("The domain {class_} is not in the document.", class_=curie(part))
            source.omit(iri, "CLASS_ELSEWHERE", message)
            elsewhere.append(part)
    return elsewhere
