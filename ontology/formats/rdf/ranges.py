"""What values a property takes: datatypes and their restrictions, classes, and what is elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from rdflib import OWL, RDF, RDFS, SH, BNode, Literal, URIRef

from gateway.engine.sentences import sentence
from history.engine.content import Key
from ontology.engine.types import Type
from ontology.formats.rdf.catalogue import Catalogue
from ontology.formats.rdf.datatypes import DATATYPES, FACETS, Values, anchored, bound
from ontology.formats.rdf.literals import whole
from ontology.formats.rdf.source import MAX_NESTING, Source
from ontology.formats.rdf.statements import Subject, Term

Range = Values | Key | URIRef
"""Values, a class by its kind and name, or a class that is not in the document."""


def distinct(ranges: Iterable[Range]) -> list[Range]:
    """``ranges``, each once, in order."""
    return list({repr(each): each for each in ranges}.values())


STRING: Final = Values({"type": "string"})
_ANYTHING: Final = frozenset({OWL.Thing, RDFS.Resource, *(RDFS[name] for name in ("Class",)), OWL.Class})


@dataclass
class Ranges:
    """Reads the terms that say what a property's values are."""

    source: Source
    catalogue: Catalogue

    def read(self, subject: Subject, terms: Iterable[Term]) -> list[Range]:
        """What ``terms``, said of ``subject``, come to, each once. Expressions that are none of it are omitted."""
        parts = (part for term in terms for part in self.source.union(term))
        return distinct(each for part in parts for each in self._range(subject, part, 0))

    def _range(self, subject: Subject, term: Term, depth: int) -> list[Range]:
        if isinstance(term, URIRef):
            return [] if term in _ANYTHING else [self._named(term)]
        if isinstance(term, BNode) and depth < MAX_NESTING:
            if (data := self.data_range(term)) is not None:
                return [data]
            alternatives = self._alternatives(term)
            if alternatives:
                return [each for part in alternatives for each in self._range(subject, part, depth + 1)]
        message = sentence("A range that is a class expression did not come over.")
        self.source.omit(subject, "CLASS_EXPRESSION", message)
        return []

    def _named(self, iri: URIRef) -> Range:
        if iri in self.catalogue.value_types:
            name = self.catalogue.value_types[iri]
            return Values({"type": "string"}, {}, name)
        if iri in self.catalogue.classes:
            kind, name = self.catalogue.classes[iri]
            return Values({"type": "struct", "struct_type": name}) if kind == "struct_type" else (kind, name)
        return DATATYPES.get(iri, iri)

    def _alternatives(self, node: BNode) -> list[Term]:
        """What a shape without any other constraint says that values are."""
        found = self.source.statements.take(node, SH.datatype, SH["class"])
        if found and not self.source.statements.take(node, SH.node):
            self.source.statements.take(node, SH.nodeKind, RDF.type)
        return found

    def data_range(self, node: Subject) -> Values | None:
        """The values of a restricted datatype or of a list of literals; None where it is neither."""
        statements = self.source.statements
        base = self._base(node)
        constraints: dict[str, Any] = dict(base.constraints) if base else {}
        for head in statements.see(node, OWL.withRestrictions):
            for item in statements.items(head) or ():
                if isinstance(item, Subject):
                    constraints |= self.facets(item, base)
            statements.take(node, OWL.withRestrictions)
        literals = self.literals(node)
        if literals is not None:
            constraints["enum"] = {str(literal): {} for literal in literals}
            base = base or type_of_literals(literals)
        if base is None:
            return None
        statements.take(node, RDF.type)
        return Values(base.type, constraints, base.value_type)

    def _base(self, node: Subject) -> Values | None:
        for datatype in self.source.statements.take_named(node, OWL.onDatatype, SH.datatype):
            found = self._named(datatype)
            if isinstance(found, Values):
                return found
        return None

    def literals(self, node: Subject) -> list[Literal] | None:
        """The literals that ``node`` lists as the only values; None where it lists none."""
        for predicate in (OWL.oneOf, SH["in"]):
            for head in self.source.statements.see(node, predicate):
                items = self.source.statements.items(head)
                if items and all(isinstance(item, Literal) for item in items):
                    self.source.statements.take(node, predicate)
                    return [item for item in items if isinstance(item, Literal)]
        return None

    def facets(self, node: Subject, values: Values | None) -> dict[str, Any]:
        """The facets that are said of ``node`` as constraints on ``values``."""
        found: dict[str, Any] = {}
        type_ = values.type if values else None
        for predicate, constraint in FACETS.items():
            for term in self.source.statements.see(node, predicate):
                if isinstance(term, Literal) and not (constraint.endswith("length") and whole(term) is None):
                    self.source.statements.understood(node, predicate, term)
                    found[constraint] = self._facet(node, predicate, constraint, str(term), type_)
        return found

    def _facet(self, node: Subject, predicate: URIRef, constraint: str, lexical: str, type_: Type | None) -> Any:
        if constraint == "pattern":
            flags = "".join(map(str, self.source.statements.take(node, SH.flags)))
            pattern = anchored(lexical) if not predicate.startswith(str(SH)) else lexical
            return f"(?{flags}){pattern}" if flags else pattern
        if constraint.endswith("length"):
            return int(lexical)
        return bound(lexical, type_)


def type_of_literals(literals: Iterable[Literal]) -> Values:
    """The type that all ``literals`` have, else string."""
    datatypes = {literal.datatype for literal in literals}
    found = DATATYPES.get(datatypes.pop() or RDF.nil) if len(datatypes) == 1 else None
    return Values(found.type) if found and not found.constraints else STRING
