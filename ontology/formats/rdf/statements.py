"""The statements of a document, by what they are about, and which of them were understood."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from rdflib import RDF, BNode, Literal, URIRef
from rdflib.term import Node

Subject: TypeAlias = URIRef | BNode
Term: TypeAlias = URIRef | BNode | Literal

_NOTHING: Final[Mapping[URIRef, list[Term]]] = {}
_ORDER: Final = {URIRef: 0, Literal: 1, BNode: 2}


class Statements:
    """Statements by subject and predicate. Whoever understands one takes it; what is left nobody understood.

    Objects are in the order of their text, blank nodes behind the others in the order of the document.
    """

    def __init__(self, triples: Iterable[tuple[Node, Node, Node]]) -> None:
        self._objects: dict[Subject, dict[URIRef, list[Term]]] = {}
        self._taken: set[tuple[Subject, URIRef, Term]] = set()
        self._typed: dict[Term, list[URIRef]] = {}
        self.referenced: set[Term] = set()
        for subject, predicate, value in triples:
            if isinstance(subject, Subject) and isinstance(predicate, URIRef) and isinstance(value, Term):
                self._objects.setdefault(subject, {}).setdefault(predicate, []).append(value)
                if isinstance(value, BNode):
                    self.referenced.add(value)
        for subject, found in self._objects.items():
            for objects in found.values():
                objects.sort(key=order)
            if isinstance(subject, URIRef):
                for type_ in found.get(RDF.type, ()):
                    self._typed.setdefault(type_, []).append(subject)
        self._subjects = sorted(self._objects, key=order)

    def __iter__(self) -> Iterator[Subject]:
        """What there are statements about: IRIs in order, then blank nodes."""
        return iter(self._subjects)

    def __contains__(self, subject: object) -> bool:
        return subject in self._objects

    def typed(self, *types: URIRef) -> list[URIRef]:
        """The IRIs that are of any of ``types``."""
        return sorted({subject for type_ in types for subject in self._typed.get(type_, ())})

    def see(self, subject: Subject, *predicates: URIRef) -> list[Term]:
        """The objects of ``predicates``, in the order of these; none is taken."""
        found = self._objects.get(subject, _NOTHING)
        return [value for predicate in predicates for value in found.get(predicate, ())]

    def predicates(self, subject: Subject) -> set[URIRef]:
        """What is said about ``subject``."""
        return set(self._objects.get(subject, ()))

    def take(self, subject: Subject, *predicates: URIRef) -> list[Term]:
        """The objects of ``predicates``, which are taken with that."""
        for predicate in predicates:
            for value in self.see(subject, predicate):
                self.understood(subject, predicate, value)
        return self.see(subject, *predicates)

    def take_named(self, subject: Subject, *predicates: URIRef) -> list[URIRef]:
        """Those objects of ``predicates`` that are IRIs, each once; only they are taken."""
        found: dict[URIRef, None] = {}
        for predicate in predicates:
            for value in self.see(subject, predicate):
                if isinstance(value, URIRef):
                    self.understood(subject, predicate, value)
                    found[value] = None
        return list(found)

    def understood(self, subject: Subject, predicate: URIRef, value: Term) -> None:
        """Take one statement."""
        self._taken.add((subject, predicate, value))

    def left(self, subject: Subject) -> dict[URIRef, list[Term]]:
        """The statements about ``subject`` that nobody has taken, by predicate in order."""
        found = {
            predicate: [value for value in values if (subject, predicate, value) not in self._taken]
            for predicate, values in sorted(self._objects.get(subject, {}).items())
        }
        return {predicate: values for predicate, values in found.items() if values}

    def items(self, head: Term) -> list[Term] | None:
        """The items of the RDF list that begins at ``head``; None where it is none."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != RDF.nil:
            if head in seen or not isinstance(head, Subject):
                return None
            seen.add(head)
            first, rest = self.take(head, RDF.first), self.take(head, RDF.rest)
            if len(first) != 1 or len(rest) != 1:
                return None
            found.append(first[0])
            head = rest[0]
        return found


def order(term: Term) -> tuple[int, str]:
    """IRIs, then literals, by their text; blank nodes, whose labels mean nothing, stay as they stand."""
    text = "" if isinstance(term, BNode) else str(term)
    if isinstance(term, Literal):
        text = f"{text}\0{term.language or ''}\0{term.datatype or ''}"
    return (_ORDER[type(term)], text)
