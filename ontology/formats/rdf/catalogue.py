"""Which IRIs of a document are which resources, and what they are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Literal, URIRef

from gateway.engine.sentences import sentence
from history.engine.content import Key
from ontology.formats.rdf.datatypes import DATATYPES, SCHEMA_ORG
from ontology.formats.rdf.naming import names
from ontology.formats.rdf.source import Source
from ontology.formats.rdf.statements import Subject, Term
from ontology.formats.rdf.vocabulary import OMS, schema_org

CLASS_TYPES: Final = (OWL.Class, RDFS.Class)
OBJECT_PROPERTY_TYPES: Final = (
    OWL.ObjectProperty,
    OWL.InverseFunctionalProperty,
    OWL.SymmetricProperty,
    OWL.TransitiveProperty,
    OWL.AsymmetricProperty,
    OWL.IrreflexiveProperty,
    OWL.ReflexiveProperty,
)
PROPERTY_TYPES: Final = (
    OWL.DatatypeProperty,
    RDF.Property,
    OWL.FunctionalProperty,
    OMS.SharedProperty,
    *OBJECT_PROPERTY_TYPES,
)
DATA_RANGE_TYPES: Final = (RDFS.Datatype, OWL.DataRange)

_ENUMERATION: Final = schema_org("Enumeration")
_ROOTS: Final = frozenset({OWL.Thing, OWL.Nothing, RDFS.Resource, RDFS.Literal, *DATATYPES})


@dataclass(frozen=True)
class Catalogue:
    """The resources of a document by IRI.

    A class that lists its individuals is a value type as well. ``individuals`` are what such a class, a
    concept scheme or a datatype lists, in order.
    """

    classes: Mapping[URIRef, Key]
    value_types: Mapping[URIRef, str]
    action_types: Mapping[URIRef, str]
    individuals: Mapping[URIRef, list[Term]]

    @cached_property
    def by_key(self) -> Mapping[Key, URIRef]:
        """The IRIs of classes."""
        return {key: iri for iri, key in self.classes.items()}


def catalogued(source: Source) -> Catalogue:
    """The catalogue of what is in ``source``, but for properties."""
    classes = _classes(source)
    individuals = _listed(source, classes) | _instances(source, classes) | _concepts(source)
    datatypes = {*source.statements.typed(*DATA_RANGE_TYPES), *individuals} - _ROOTS
    actions = source.statements.typed(OMS.ActionType)
    class_names = given_names(source, classes, pascal=True)
    return Catalogue(
        {iri: (_kind(source, iri), name) for iri, name in class_names.items()},
        given_names(source, datatypes, pascal=True),
        given_names(source, actions, pascal=False),
        individuals,
    )


def given_names(source: Source, iris: Iterable[URIRef], *, pascal: bool) -> dict[URIRef, str]:
    """What ``iris`` are called: as the document says in OMS's words, else by their local parts."""
    known = {str(iri): iri for iri in iris}
    given = {text: name for text, iri in known.items() if (name := explicit_name(source, iri))}
    return {known[text]: name for text, name in sorted(names(known, given, pascal=pascal).items())}


def explicit_name(source: Source, iri: URIRef | BNode) -> str | None:
    """The name that OMS wrote down for ``iri``."""
    return next((str(name) for name in source.statements.take(iri, OMS.name) if isinstance(name, Literal)), None)


def _classes(source: Source) -> list[URIRef]:
    statements = source.statements
    found = set(statements.typed(*CLASS_TYPES)) - set(statements.typed(*DATA_RANGE_TYPES))
    for shape in statements:
        found |= {target for target in statements.see(shape, SH.targetClass) if isinstance(target, URIRef)}
    for iri in sorted(found & SCHEMA_ORG.keys()):
        source.omit(iri, "DATA_TYPE_BUILT_IN", sentence("OMS has a type of its own for this data type."))
    return sorted(found - _ROOTS)


def _kind(source: Source, iri: URIRef) -> str:
    types = source.statements.see(iri, RDF.type)
    for type_ in (*CLASS_TYPES, OWL.NamedIndividual, OMS.Interface, OMS.StructType, SH.NodeShape):
        source.statements.understood(iri, RDF.type, type_)
    if OMS.StructType in types:
        return "struct_type"
    return "interface" if OMS.Interface in types else "object_type"


# --- Individuals ----------------------------------------------------------------------------------


def _listed(source: Source, classes: Iterable[URIRef]) -> dict[URIRef, list[Term]]:
    """What classes are said to consist of by owl:oneOf, directly or as what they are equivalent to."""
    found = {}
    for iri in classes:
        blank = [node for node in source.statements.see(iri, OWL.equivalentClass) if isinstance(node, BNode)]
        nodes: list[Subject] = [iri, *blank]
        for node in nodes:
            for head in source.statements.see(node, OWL.oneOf):
                items = source.statements.items(head)
                if items:
                    source.statements.take(node, OWL.oneOf)
                    source.statements.understood(iri, OWL.equivalentClass, node)
                    found[iri] = items
    return found


def _instances(source: Source, classes: Iterable[URIRef]) -> dict[URIRef, list[Term]]:
    """The members of the enumerations of schema.org: what is of such a class and is nothing else."""
    below: dict[Term, list[URIRef]] = {}
    known = set(classes)
    for iri in known:
        for parent in source.statements.see(iri, RDFS.subClassOf):
            below.setdefault(parent, []).append(iri)
    pending: list[URIRef] = list(_ENUMERATION)
    seen = set(pending)
    for parent in pending:  # grows as it is walked
        near = set(below.get(parent, ())) - seen
        seen |= near
        pending.extend(sorted(near))
    others = known | set(source.statements.typed(*PROPERTY_TYPES))
    found: dict[URIRef, list[Term]] = {}
    for iri in sorted(seen & known):
        members: list[Term] = [member for member in source.statements.typed(iri) if member not in others]
        if members:
            found[iri] = members
            for member in members:
                if isinstance(member, URIRef):
                    source.statements.understood(member, RDF.type, iri)
    return found


def _concepts(source: Source) -> dict[URIRef, list[Term]]:
    """The concepts of concept schemes."""
    statements = source.statements
    found: dict[URIRef, list[Term]] = {iri: [] for iri in statements.typed(SKOS.ConceptScheme)}
    for concept in statements.typed(SKOS.Concept):
        for scheme in statements.take_named(concept, SKOS.inScheme, SKOS.topConceptOf):
            found.setdefault(scheme, []).append(concept)
    for scheme, concepts in found.items():
        concepts.extend(statements.take_named(scheme, SKOS.hasTopConcept))
    return {scheme: sorted(set(concepts)) for scheme, concepts in found.items() if concepts}
