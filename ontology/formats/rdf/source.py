"""A document that is being read, and what of it did not come over."""

from dataclasses import dataclass, field

from rdflib import OWL, RDF, BNode, URIRef

from gateway.engine.sentences import Sentence
from ontology.formats.rdf.statements import Statements, Subject, Term
from ontology.formats.reading import Omission

MAX_NESTING = 8
"""How deep class expressions are looked into."""


@dataclass
class Source:
    """The statements of a document, and the omissions so far."""

    statements: Statements
    _omissions: dict[Omission, None] = field(default_factory=dict)

    @property
    def omissions(self) -> tuple[Omission, ...]:
        """What did not come over so far, each thing once."""
        return tuple(self._omissions)

    def omit(self, place: Subject, code: str, message: Sentence) -> None:
        """Tell that something about ``place`` did not come over, or not as it stands there."""
        self._omissions[Omission(self.place(place), code, message)] = None

    def place(self, subject: Subject) -> str:
        """What a person finds ``subject`` by: its IRI, of a blank node what it is."""
        if isinstance(subject, URIRef):
            return str(subject)
        types = [str(type_) for type_ in self.statements.see(subject, RDF.type) if isinstance(type_, URIRef)]
        return f"[{', '.join(types)}]"

    def union(self, term: Term, depth: int = 0) -> list[Term]:
        """The parts of a union of classes, its unions among them; of anything else itself."""
        if isinstance(term, BNode) and depth < MAX_NESTING:
            for head in self.statements.see(term, OWL.unionOf):
                items = self.statements.items(head)
                if items is not None:
                    self.statements.take(term, RDF.type, OWL.unionOf)
                    return [part for item in items for part in self.union(item, depth + 1)]
        return [term]
