"""A graph that is being written. Blank nodes are numbered, so that equal contents give equal graphs."""

from collections.abc import Iterable, Sequence

from rdflib import OWL, RDF, BNode, Graph, Literal, URIRef

from ontology.formats.rdf.literals import is_language
from ontology.formats.rdf.statements import Subject, Term


class Draft:
    """Statements, in the order in which they are written."""

    def __init__(self) -> None:
        self.graph = Graph(bind_namespaces="none")
        self._blank = 0

    def add(self, subject: Subject, predicate: URIRef, *values: Term) -> None:
        """State that ``predicate`` of ``subject`` is each of ``values``."""
        for value in values:
            self.graph.add((subject, predicate, value))

    def blank(self, type_: URIRef | None = None) -> BNode:
        """A new blank node."""
        self._blank += 1
        node = BNode(f"b{self._blank:08d}")
        if type_ is not None:
            self.add(node, RDF.type, type_)
        return node

    def listed(self, items: Sequence[Term]) -> Subject:
        """The head of an RDF list of ``items``."""
        nodes = [self.blank() for _ in items]
        rests: list[Subject] = [*nodes[1:], RDF.nil]
        for node, item, rest in zip(nodes, items, rests, strict=True):
            self.add(node, RDF.first, item)
            self.add(node, RDF.rest, rest)
        return nodes[0] if nodes else RDF.nil

    def union(self, classes: Sequence[URIRef]) -> Subject:
        """The one class, or the union of ``classes``."""
        if len(classes) == 1:
            return classes[0]
        node = self.blank(OWL.Class)
        self.add(node, OWL.unionOf, self.listed(classes))
        return node

    def text(self, subject: Subject, predicate: URIRef, value: object) -> None:
        """A text, or one for each language; of what is neither nothing."""
        self.add(subject, predicate, *_texts(value))


def _texts(value: object) -> Iterable[Literal]:
    if isinstance(value, str):
        yield Literal(value)
    elif isinstance(value, dict):
        yield from (Literal(text, lang=tag) for tag, text in sorted(value.items()) if is_language(tag))
