"""Datatypes, enumerations and concept schemes: value types."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from rdflib import OWL, RDF, RDFS, SKOS, BNode, Literal, URIRef

from ontology.formats.rdf.catalogue import DATA_RANGE_TYPES, Catalogue, explicit_name
from ontology.formats.rdf.datatypes import Values
from ontology.formats.rdf.describing import described
from ontology.formats.rdf.naming import derived_name
from ontology.formats.rdf.overrides import ENUM_VALUE, overridden
from ontology.formats.rdf.ranges import STRING, Ranges
from ontology.formats.rdf.source import Source
from ontology.formats.rdf.statements import Subject, Term

_STRUCTURE: Final = (*DATA_RANGE_TYPES, OWL.NamedIndividual, SKOS.ConceptScheme)


@dataclass
class ValueTypes:
    """Reads value types."""

    source: Source
    catalogue: Catalogue
    ranges: Ranges

    def content(self, iri: URIRef) -> dict[str, Any]:
        """Type and constraints of the value type that ``iri`` is."""
        values = self._values(iri)
        constraints = dict(values.constraints)
        if iri in self.catalogue.individuals:
            constraints["enum"] = {**constraints.get("enum", {}), **self._enum(self.catalogue.individuals[iri])}
        for type_ in _STRUCTURE:
            self.source.statements.understood(iri, RDF.type, type_)
        return {"type": values.type} | ({"constraints": constraints} if constraints else {})

    def _values(self, iri: URIRef) -> Values:
        for node in self._definitions(iri):
            if (found := self.ranges.data_range(node)) is not None:
                for predicate in (OWL.equivalentClass, RDFS.subClassOf):
                    self.source.statements.understood(iri, predicate, node)
                return found
        if iri in self.catalogue.classes:
            return STRING
        for parent in self.source.statements.take_named(iri, RDFS.subClassOf):
            for each in self.ranges.read(iri, [parent]):
                if isinstance(each, Values) and not each.value_type:
                    return each
        return STRING

    def _definitions(self, iri: URIRef) -> list[Subject]:
        nodes = self.source.statements.see(iri, OWL.equivalentClass, RDFS.subClassOf)
        return [iri, *(node for node in nodes if isinstance(node, BNode))]

    def _enum(self, individuals: Iterable[Term]) -> dict[str, Any]:
        """The values that a list of individuals or literals stands for, by what they are called."""
        found: dict[str, Any] = {}
        keys: dict[Term, str] = {}
        taken: set[str] = set()
        for individual in individuals:
            key = str(individual) if isinstance(individual, Literal) else self._key(individual)
            keys[individual] = str(individual) if key in taken else key
            taken.add(key)
        for individual, key in keys.items():
            found[key] = {}
            if not isinstance(individual, Literal):
                content = described(self.source, individual, keys.get)
                found[key] = overridden(self.source.statements, individual, ENUM_VALUE, content)
        return found

    def _key(self, individual: Subject) -> str:
        """What a value is: its notation, else the name in its IRI."""
        statements = self.source.statements
        for type_ in (SKOS.Concept, OWL.NamedIndividual, OWL.Thing):
            statements.understood(individual, RDF.type, type_)
        for notation in statements.see(individual, SKOS.notation):
            if isinstance(notation, Literal):
                statements.understood(individual, SKOS.notation, notation)
                return str(notation)
        return explicit_name(self.source, individual) or derived_name(str(individual), pascal=True)
