"""Types and constraints as datatypes, facets of OWL and constraints of SHACL."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rdflib import OWL, RDFS, SH, Literal, URIRef

from history.engine.content import Content, Key
from ontology.engine.types import Type
from ontology.engine.values import FORMATS, is_ordered, scalar_type, type_problem
from ontology.formats.rdf.datatypes import OWL_FACETS, SHACL_FACETS, datatype_of, unanchored
from ontology.formats.rdf.draft import Draft
from ontology.formats.rdf.statements import Subject

_LIMITS: Final = ("min", "max", "exclusive_min", "exclusive_max")
_LENGTHS: Final = ("min_length", "max_length")


@dataclass
class ValueWriter:
    """Writes what values are taken."""

    draft: Draft
    resources: Mapping[Key, URIRef]

    def shape(self, node: Subject, meaning: Content) -> None:
        """State in the property shape ``node`` which values ``meaning``, a resolved member, takes, and how many."""
        type_, constraints = meaning.get("type"), meaning.get("constraints", {})
        if type_ is not None:
            scalar = scalar_type(type_)
            self._sort(node, scalar, constraints)
            for predicate, literal in facets(scalar, constraints, SHACL_FACETS, str):
                self.draft.add(node, predicate, literal)
            self._enum(node, scalar, constraints)
            if "default" in meaning and type_ == scalar and is_plain(meaning["default"]):
                self.draft.add(node, SH.defaultValue, Literal(meaning["default"]))
        several = type_ is None or type_["type"] == "array"
        if meaning.get("required"):
            self.draft.add(node, SH.minCount, Literal(max(1, constraints.get("min_items", 1) if several else 1)))
        most = constraints.get("max_items") if several else 1
        if most is not None:
            self.draft.add(node, SH.maxCount, Literal(most))

    def _sort(self, node: Subject, scalar: Type, constraints: Mapping[str, Any]) -> None:
        if scalar["type"] == "struct":
            struct = self.resources.get(("struct_type", scalar["struct_type"]))
            if struct is not None:
                self.draft.add(node, SH["class"], struct)
            return
        datatype = datatype_of(scalar, constraints)
        if datatype == RDFS.Literal:
            self.draft.add(node, SH.nodeKind, SH.Literal)
        elif datatype is not None:
            self.draft.add(node, SH.datatype, datatype)

    def _enum(self, node: Subject, scalar: Type, constraints: Mapping[str, Any]) -> None:
        if literals := enum_literals(scalar, constraints):
            self.draft.add(node, SH["in"], self.draft.listed(literals))

    def range(self, meaning: Content) -> URIRef | None:
        """The datatype or struct that all values are of."""
        type_ = meaning.get("type")
        if type_ is None:
            return None
        scalar = scalar_type(type_)
        if scalar["type"] == "struct":
            return self.resources.get(("struct_type", scalar["struct_type"]))
        return datatype_of(scalar, meaning.get("constraints", {}))

    def datatype(self, subject: URIRef, content: Content) -> None:
        """Define the datatype ``subject`` by the type and constraints of a value type."""
        scalar, constraints = scalar_type(content["type"]), content.get("constraints", {})
        base = datatype_of(scalar, constraints)
        if literals := enum_literals(scalar, constraints):
            node = self.draft.blank(RDFS.Datatype)
            self.draft.add(node, OWL.oneOf, self.draft.listed(literals))
            self.draft.add(subject, OWL.equivalentClass, node)
            return
        found = list(facets(scalar, constraints, OWL_FACETS, unanchored))
        if found and base is not None:
            node = self.draft.blank(RDFS.Datatype)
            self.draft.add(node, OWL.onDatatype, base)
            self.draft.add(node, OWL.withRestrictions, self.draft.listed([self._facet(*facet) for facet in found]))
            self.draft.add(subject, OWL.equivalentClass, node)
        elif base is not None:
            self.draft.add(subject, RDFS.subClassOf, base)

    def _facet(self, predicate: URIRef, literal: Literal) -> Subject:
        node = self.draft.blank()
        self.draft.add(node, predicate, literal)
        return node


def facets(
    scalar: Type, constraints: Mapping[str, Any], words: Mapping[str, URIRef], pattern_of: Callable[[str], str]
) -> Iterator[tuple[URIRef, Literal]]:
    """(predicate, literal) of the constraints that the type's values can be held to."""
    datatype = datatype_of(scalar, {})
    if is_ordered(scalar):
        for name in _LIMITS:
            if name in constraints and type_problem(scalar, constraints[name]) is None:
                yield words[name], Literal(str(constraints[name]), datatype=datatype)
    if scalar["type"] == "string":
        for name in _LENGTHS:
            if name in constraints:
                yield words[name], Literal(constraints[name])
        pattern = constraints.get("pattern")
        if pattern is None and words is SHACL_FACETS and constraints.get("format") in FORMATS:
            pattern = f"^({FORMATS[constraints['format']].pattern})$"
        if pattern is not None and _is_common(pattern):
            yield words["pattern"], Literal(pattern_of(pattern))


def enum_literals(scalar: Type, constraints: Mapping[str, Any]) -> list[Literal]:
    """The values of an enum as literals of its type; none where some are no values of it."""
    datatype = None if scalar["type"] == "string" else datatype_of(scalar, constraints)
    found = [Literal(value, datatype=datatype) for value in sorted(constraints.get("enum", ()))]
    return [] if any(literal.ill_typed for literal in found) else found


def is_plain(value: Any) -> bool:
    """Whether a default is written as a literal."""
    return isinstance(value, bool | int | str)


def _is_common(pattern: str) -> bool:
    """Whether a pattern means the same in RE2 and elsewhere: what Python reads too, and has no flags."""
    if "(?" in pattern.replace("(?:", ""):
        return False
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True
