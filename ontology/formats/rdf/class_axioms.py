"""What classes are subclasses of: other classes, and restrictions of their properties."""

from dataclasses import dataclass
from typing import Final

from rdflib import OWL, RDF, RDFS, BNode, URIRef

from gateway.engine.sentences import Sentence, sentence
from ontology.formats.rdf.catalogue import Catalogue
from ontology.formats.rdf.literals import whole
from ontology.formats.rdf.ranges import Ranges
from ontology.formats.rdf.source import MAX_NESTING, Source
from ontology.formats.rdf.statements import Term
from ontology.formats.rdf.usages import Usage, Usages

_LEAST: Final = (OWL.minCardinality, OWL.minQualifiedCardinality, OWL.cardinality, OWL.qualifiedCardinality)
_MOST: Final = (OWL.maxCardinality, OWL.maxQualifiedCardinality, OWL.cardinality, OWL.qualifiedCardinality)
_KNOWN: Final = frozenset(
    {RDF.type, OWL.onProperty, OWL.someValuesFrom, OWL.allValuesFrom, OWL.onClass, OWL.onDataRange, *_LEAST, *_MOST}
)
_SAYS_NOTHING: Final = frozenset({OWL.Thing, RDFS.Resource})


@dataclass
class ClassAxioms:
    """Reads the axioms of classes. Restrictions become usages."""

    source: Source
    catalogue: Catalogue
    ranges: Ranges
    usages: Usages

    def parents(self, iri: URIRef) -> tuple[list[URIRef], list[URIRef]]:
        """(the classes of the document that ``iri`` is a subclass of, those that are elsewhere)."""
        named: list[URIRef] = []
        for term in self.source.statements.take(iri, RDFS.subClassOf):
            named += self._superclass(iri, term, 0)
        others = [parent for parent in dict.fromkeys(named) if parent not in _SAYS_NOTHING and parent != iri]
        known = [parent for parent in others if parent in self.catalogue.classes]
        return known, [parent for parent in others if parent not in self.catalogue.classes]

    def _superclass(self, iri: URIRef, term: Term, depth: int) -> list[URIRef]:
        """The named classes in a superclass; restrictions in it become usages."""
        if isinstance(term, URIRef):
            return [term]
        if isinstance(term, BNode) and depth < MAX_NESTING:
            if self.source.statements.see(term, OWL.onProperty):
                self._restriction(iri, term)
                return []
            for head in self.source.statements.see(term, OWL.intersectionOf):
                parts = self.source.statements.items(head)
                if parts:
                    self.source.statements.take(term, OWL.intersectionOf, RDF.type)
                    return [parent for part in parts for parent in self._superclass(iri, part, depth + 1)]
        self._omit(iri, sentence("A superclass that is a class expression did not come over."))
        return []

    def _restriction(self, iri: URIRef, node: BNode) -> None:
        statements = self.source.statements
        properties = statements.see(node, OWL.onProperty)
        unknown = statements.predicates(node) - _KNOWN
        if len(properties) != 1 or not isinstance(properties[0], URIRef) or unknown:
            message = sentence("A restriction of another sort than by values or by their number did not come over.")
            self._omit(iri, message)
            return
        usage = self.usages.of(iri, properties[0])
        usage.counts = True
        statements.take(node, RDF.type, OWL.onProperty)
        self._values(iri, node, usage)
        for least in filter(None, map(whole, statements.take(node, *_LEAST))):
            usage.at_least(least)
        for most in map(whole, statements.take(node, *_MOST)):
            if most is not None:
                usage.at_most(most)

    def _values(self, iri: URIRef, node: BNode, usage: Usage) -> None:
        some = self.source.statements.take(node, OWL.someValuesFrom)
        if some:
            usage.at_least(1)
        every = self.source.statements.take(node, OWL.allValuesFrom, OWL.onClass, OWL.onDataRange)
        usage.takes(self.ranges.read(iri, [*some, *every]))

    def _omit(self, iri: URIRef, message: Sentence) -> None:
        self.source.omit(iri, "CLASS_EXPRESSION", message)
