"""What SHACL's shapes say of the properties of classes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from rdflib import RDF, SH, XSD, BNode, Literal, URIRef

from gateway.engine.sentences import phrase, sentence
from ontology.engine.constraints import joined
from ontology.formats.rdf.catalogue import OBJECT_PROPERTY_TYPES, Catalogue
from ontology.formats.rdf.datatypes import DATATYPES, SCHEMA_ORG, Values
from ontology.formats.rdf.literals import whole
from ontology.formats.rdf.ranges import Range, Ranges, distinct
from ontology.formats.rdf.source import Source
from ontology.formats.rdf.statements import Subject, Term
from ontology.formats.rdf.usages import Usage, Usages
from ontology.formats.rdf.vocabulary import OMS, curie

_TARGETS: Final = (SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_CONSTRAINTS: Final = (
    SH["not"],
    SH["and"],
    SH["or"],
    SH.xone,
    SH.node,
    SH.sparql,
    SH.rule,
    SH.closed,
    SH.ignoredProperties,
    SH.hasValue,
    SH.nodeKind,
    SH["class"],
    SH.datatype,
    SH["in"],
    SH.equals,
    SH.disjoint,
    SH.lessThan,
    SH.lessThanOrEquals,
    SH.uniqueLang,
    SH.languageIn,
    SH.qualifiedValueShape,
    SH.qualifiedMinCount,
    SH.qualifiedMaxCount,
    SH.qualifiedValueShapesDisjoint,
    SH.property,
)
_NO_MATTER: Final = (SH.message, SH.severity)
"""How a breach is told, which is no part of what holds."""


@dataclass
class Shapes:
    """Reads node shapes. Their property shapes become usages."""

    source: Source
    catalogue: Catalogue
    ranges: Ranges
    usages: Usages

    def read(self) -> None:
        """Read all shapes of the document."""
        for shape in self._node_shapes():
            targets = self._targets(shape)
            nodes = [node for node in self.source.statements.see(shape, SH.property) if not isinstance(node, Literal)]
            if not targets:
                if shape not in self.catalogue.classes and shape not in SCHEMA_ORG:
                    message = sentence("A shape without a class that it is of did not come over.")
                    self.source.omit(shape, "SHAPE_TARGET", message)
                continue
            self.source.statements.take(shape, SH.property, SH.targetClass)
            self.source.statements.understood(shape, RDF.type, SH.NodeShape)
            for target in targets:
                for node in nodes:
                    self._property_shape(target, node)
            self._omit_constraints(shape, shape)

    def _node_shapes(self) -> Iterator[Subject]:
        statements = self.source.statements
        for subject in statements:
            is_part = isinstance(subject, BNode) and subject in statements.referenced
            is_shape = SH.NodeShape in statements.see(subject, RDF.type)
            if not is_part and (is_shape or statements.see(subject, SH.property, SH.targetClass, *_TARGETS)):
                yield subject

    def _targets(self, shape: Subject) -> list[URIRef]:
        """The classes that ``shape`` is of: those it targets, and itself where it is one."""
        named = [shape] if isinstance(shape, URIRef) else []
        said = [target for target in self.source.statements.see(shape, SH.targetClass) if isinstance(target, URIRef)]
        for predicate in _TARGETS:
            if self.source.statements.take(shape, predicate):
                message = sentence(
                    "{predicate} did not come over; shapes are of classes here.", predicate=curie(str(predicate))
                )
                self.source.omit(shape, "SHAPE_TARGET", message)
        return [iri for iri in dict.fromkeys([*named, *said]) if iri in self.catalogue.classes]

    def _property_shape(self, target: URIRef, node: Subject) -> None:
        statements = self.source.statements
        path = statements.see(node, SH.path)
        if len(path) != 1 or not isinstance(path[0], URIRef):
            message = sentence("A shape of a path that is no single property did not come over.")
            self.source.omit(target, "SHAPE_PATH", message)
            return
        if any(str(flag) == "true" for flag in statements.see(node, SH.deactivated)):
            message = sentence("The shape of {property} is not in use.", property=curie(path[0]))
            self.source.omit(target, "SHAPE_DEACTIVATED", message)
            return
        statements.take(node, SH.path)
        statements.take(node, *_NO_MATTER)
        statements.understood(node, RDF.type, SH.PropertyShape)
        usage = self.usages.of(target, path[0])
        usage.nodes.append(node)
        usage.counts = True
        self._numbers(node, usage)
        self._values(target, node, usage)
        self._omit_constraints(target, node, path[0])

    def _numbers(self, node: Subject, usage: Usage) -> None:
        for least in filter(None, map(whole, self.source.statements.take(node, SH.minCount))):
            usage.at_least(least)
        for most in map(whole, self.source.statements.take(node, SH.maxCount)):
            if most is not None:
                usage.at_most(most)
        for default in self.source.statements.take(node, SH.defaultValue):
            usage.default = _default(default)

    def _values(self, target: URIRef, node: Subject, usage: Usage) -> None:
        statements = self.source.statements
        literals = self.ranges.literals(node)
        terms = statements.take(node, SH.datatype, SH["class"])
        terms += [shape for shape in statements.see(node, SH.node) if self._is_class(node, shape)]
        found = self.ranges.read(target, terms) + self._alternatives(node)
        values = next((each for each in found if isinstance(each, Values)), None)
        constraints = self.ranges.facets(node, values)
        if literals is not None:
            constraints["enum"] = {str(literal): {} for literal in literals}
        elif (iris := self._iris(node)) is not None:
            constraints["enum"] = {iri: {} for iri in iris}
        usage.takes(found)
        usage.constraints = joined(values.type if values else None, usage.constraints, constraints)
        if found:
            statements.take(node, SH.nodeKind)
        else:
            usage.takes(self._of_kind(node, usage.path))

    def _of_kind(self, node: Subject, path: URIRef) -> list[Range]:
        """What the kind of node says alone: literals are texts; IRIs as well, unless they are those of things."""
        kinds = self.source.statements.see(node, SH.nodeKind)
        if kinds not in ([SH.Literal], [SH.IRI]):
            return []
        self.source.statements.take(node, SH.nodeKind)
        types = self.source.statements.see(path, RDF.type)
        if kinds == [SH.IRI] and any(type_ in OBJECT_PROPERTY_TYPES for type_ in types):
            return []
        return [DATATYPES[XSD.anyURI if kinds == [SH.IRI] else XSD.string]]

    def _is_class(self, node: Subject, shape: Term) -> bool:
        """Whether ``shape``, which values of ``node`` keep to, stands for a class."""
        if not isinstance(shape, URIRef) or shape not in self.catalogue.classes:
            return False
        self.source.statements.understood(node, SH.node, shape)
        return True

    def _alternatives(self, node: Subject) -> list[Range]:
        """The datatypes and classes between which sh:or lets choose, where it holds nothing else."""
        found: list[Range] = []
        for head in self.source.statements.see(node, SH["or"]):
            parts = self.source.statements.items(head) or []
            readable = [part for part in parts if isinstance(part, BNode) and self._is_choice(part)]
            if parts and len(readable) == len(parts):
                self.source.statements.understood(node, SH["or"], head)
                for part in readable:
                    chosen = self.source.statements.take(part, SH.datatype, SH["class"])
                    self.source.statements.take(part, SH.nodeKind, RDF.type)
                    found += self.ranges.read(node, chosen) if chosen else [DATATYPES[XSD.anyURI]]
        return distinct(found)

    def _is_choice(self, part: BNode) -> bool:
        statements = self.source.statements
        predicates = statements.predicates(part) - {RDF.type}
        if predicates == {SH.nodeKind}:
            return statements.see(part, SH.nodeKind) == [SH.IRI]
        return bool(predicates) and predicates - {SH.nodeKind} <= {SH.datatype, SH["class"]}

    def _iris(self, node: Subject) -> list[str] | None:
        """The IRIs that ``node`` lists as the only values."""
        for head in self.source.statements.see(node, SH["in"]):
            items = self.source.statements.items(head)
            if items and all(isinstance(item, URIRef) for item in items):
                self.source.statements.take(node, SH["in"])
                return [str(item) for item in items]
        return None

    def _omit_constraints(self, place: Subject, node: Subject, path: URIRef | None = None) -> None:
        """Name the constraints of ``node`` that nobody has understood."""
        left = self.source.statements.left(node)
        for predicate in _CONSTRAINTS:
            if predicate in left:
                self.source.statements.take(node, predicate)
                message = sentence(
                    "{count} of {predicate}{of} did not come over.",
                    count=len(left[predicate]),
                    predicate=curie(str(predicate)),
                    of=phrase(" of {property}", property=curie(str(path))) if path else "",
                )
                self.source.omit(place, "SHAPE_CONSTRAINT", message)


def _default(term: Term) -> Any:
    """A default as JSON."""
    if not isinstance(term, Literal):
        return str(term)
    value = term.toPython()
    return value if isinstance(value, bool | int | float | str) else str(term)


def is_own_property(source: Source, usage: Usage) -> bool:
    """Whether OMS wrote that this is a property of the class, whatever else its path is."""
    return any(source.statements.take(node, OMS.property) for node in usage.nodes)
