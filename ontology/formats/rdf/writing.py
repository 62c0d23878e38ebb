"""An ontology as statements: OWL for what there is, SHACL for what holds, OMS's own words for the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from rdflib import OWL, RDF, RDFS, SH, SKOS, Literal, URIRef

from history.engine.content import Content, Key
from ontology.engine.effective import resolved
from ontology.formats.rdf.description_writing import CONCEPT, RESOURCE, SHAPE, Descriptions
from ontology.formats.rdf.draft import Draft
from ontology.formats.rdf.iris import Iris
from ontology.formats.rdf.overrides import members_of
from ontology.formats.rdf.statements import Subject
from ontology.formats.rdf.value_writing import ValueWriter
from ontology.formats.rdf.vocabulary import OMS, is_iri

_CLASS_TYPES: Final = {
    "object_type": (OWL.Class, SH.NodeShape),
    "interface": (OWL.Class, SH.NodeShape, OMS.Interface),
    "struct_type": (OWL.Class, SH.NodeShape, OMS.StructType),
}
_COMMON: Final = ("display_name", "description", "aliases", "mappings", "status", "metadata")


@dataclass
class Written:
    """A graph, and the node that stands for each resource, member and value of an enum in it."""

    draft: Draft
    resources: dict[Key, URIRef]
    members: dict[tuple[Key, str], Subject]
    values: dict[tuple[Key, str], URIRef]


def ontology_written(contents: Mapping[Key, Content]) -> Written:
    """``contents`` in the words of OWL, SHACL and SKOS."""
    iris = Iris()
    iris.give(contents)
    writer = _Writer(contents, iris)
    for key in sorted(contents):
        writer.resource(key)
    writer.properties()
    return writer.written


class _Writer:
    def __init__(self, contents: Mapping[Key, Content], iris: Iris) -> None:
        draft = Draft()
        self.contents, self.iris, self.draft = contents, iris, draft
        self.written = Written(draft, dict(iris.resources), {}, {})
        self.values = ValueWriter(draft, iris.resources)
        self.descriptions = Descriptions(draft, frozenset(iris.resources.values()))
        self.unspoken = iris.unspoken()
        self.alike = _common_of_paths(contents, iris)
        self.structs = iris.of("struct_type")
        self.mixed = iris.of("link_type").intersection(iris.paths.values())
        self.shape_nodes = set(iris.resources.values()) | set(iris.values.values()) | set(iris.paths.values())

    def resource(self, key: Key) -> None:
        """The statements about one resource, but for what several of them say together."""
        kind, name = key
        subject, content = self.iris.resources[key], self.contents[key]
        if (subject, name) not in self.unspoken:
            self.draft.add(subject, OMS.name, Literal(name))
        replacement = content.get("deprecation", {}).get("replacement", "")
        self.descriptions.write(subject, content, RESOURCE, self.iris.resources.get((kind, replacement)))
        match kind:
            case "link_type":
                self._link(subject, content)
            case "shared_property":
                self._shared(subject, content)
            case "value_type":
                self._value_type(key, subject, content)
            case "action_type":
                self.draft.add(subject, RDF.type, OMS.ActionType)
            case _:
                self._class(key, subject, content)

    # --- Classes ----------------------------------------------------------------------------------

    def _class(self, key: Key, subject: URIRef, content: Content) -> None:
        kind, _ = key
        self.draft.add(subject, RDF.type, *_CLASS_TYPES[kind])
        self.draft.add(subject, SH.targetClass, subject)
        parents = [(kind, name) for name in content.get("extends", ())]
        parents += [("interface", name) for name in content.get("implements", ())]
        known = [self.iris.resources[parent] for parent in parents if parent in self.iris.resources]
        self.draft.add(subject, RDFS.subClassOf, *known)
        for name, member in sorted(members_of(kind, content).items()):
            self._member(key, subject, name, member)

    def _member(self, key: Key, subject: URIRef, name: str, member: Content) -> None:
        path = self.iris.paths[key, name]
        node = self._shape_node(member)
        self.written.members[key, name] = node
        self.draft.add(subject, SH.property, node)
        self.draft.add(node, RDF.type, SH.PropertyShape)
        self.draft.add(node, SH.path, path)
        if (path, name) not in self.unspoken:
            self.draft.add(node, OMS.name, Literal(name))
        for field in ("value_type", "shared_property"):
            if field in member:
                self.draft.add(node, OMS[field], Literal(member[field]))
        if path not in self.alike:
            self.descriptions.write(node, member, SHAPE)
        if path in self.mixed:
            self.draft.add(node, OMS.property, Literal(True))
        else:
            self.values.shape(node, resolved(member, self.contents))

    def _shape_node(self, member: Content) -> Subject:
        """The node of a property shape: the IRI that it came with, else a blank one."""
        iri = member.get("metadata", {}).get("shape")
        if is_iri(iri) and URIRef(iri) not in self.shape_nodes:
            self.shape_nodes.add(URIRef(iri))
            return URIRef(iri)
        return self.draft.blank()

    # --- Other kinds ------------------------------------------------------------------------------

    def _link(self, subject: URIRef, content: Content) -> None:
        self.draft.add(subject, RDF.type, OWL.ObjectProperty)
        source, target = content["cardinality"].split("_to_")
        for holds, type_ in (
            (target == "one", OWL.FunctionalProperty),
            (source == "one", OWL.InverseFunctionalProperty),
            (content.get("symmetric"), OWL.SymmetricProperty),
            (content.get("transitive"), OWL.TransitiveProperty),
        ):
            if holds:
                self.draft.add(subject, RDF.type, type_)
        sources, targets = (self._ends(content[side].get("types", ())) for side in ("source", "target"))
        for predicate, ends in ((RDFS.domain, sources), (RDFS.range, targets)):
            if ends:
                self.draft.add(subject, predicate, self.draft.union(ends))
            else:
                self.draft.add(subject, predicate, *self.descriptions.elsewhere(content, predicate))
        parents = [self.iris.resources.get(("link_type", name)) for name in content.get("extends", ())]
        self.draft.add(subject, RDFS.subPropertyOf, *filter(None, parents))
        inverse = self.iris.resources.get(("link_type", content.get("inverse_of", "")))
        if inverse is not None:
            self.draft.add(subject, OWL.inverseOf, inverse)
        if subject not in self.mixed:
            for end in sources:
                self._link_shape(subject, end, targets, content)

    def _link_shape(self, subject: URIRef, source: URIRef, targets: list[URIRef], content: Content) -> None:
        node = self.draft.blank(SH.PropertyShape)
        self.draft.add(source, SH.property, node)
        self.draft.add(node, SH.path, subject)
        if len(targets) == 1:
            self.draft.add(node, SH["class"], targets[0])
        elif targets:
            choices = [self.draft.blank() for _ in targets]
            for choice, target in zip(choices, targets, strict=True):
                self.draft.add(choice, SH["class"], target)
            self.draft.add(node, SH["or"], self.draft.listed(choices))
        if content.get("required"):
            self.draft.add(node, SH.minCount, Literal(1))
        if content["cardinality"].endswith("_to_one"):
            self.draft.add(node, SH.maxCount, Literal(1))

    def _ends(self, names: list[str]) -> list[URIRef]:
        keys = [(kind, name) for name in names for kind in ("object_type", "interface")]
        return [self.iris.resources[key] for key in keys if key in self.iris.resources]

    def _shared(self, subject: URIRef, content: Content) -> None:
        self.draft.add(subject, RDF.type, OWL.DatatypeProperty, OMS.SharedProperty)
        named = self.iris.resources.get(("value_type", content.get("value_type", "")))
        range_ = named or self.values.range(resolved(content, self.contents))
        if range_ is not None:
            self.draft.add(subject, RDFS.range, range_)

    def _value_type(self, key: Key, subject: URIRef, content: Content) -> None:
        self.draft.add(subject, RDF.type, RDFS.Datatype)
        self.values.datatype(subject, content)
        described = {
            value: entry
            for value, entry in sorted(content.get("constraints", {}).get("enum", {}).items())
            if entry.keys() - {"rid"}
        }
        for value, entry in described.items():
            concept = self.iris.values[key, value]
            self.written.values[key, value] = concept
            self.draft.add(concept, RDF.type, SKOS.Concept)
            self.draft.add(concept, SKOS.inScheme, subject)
            self.draft.add(concept, SKOS.notation, Literal(value))
            self.descriptions.write(concept, entry, CONCEPT)
        if described:
            self.draft.add(subject, RDF.type, SKOS.ConceptScheme)

    # --- Properties of several classes --------------------------------------------------------------

    def properties(self) -> None:
        """What holds of a property in every class that has it."""
        shared = self.iris.of("shared_property")
        holders: dict[URIRef, list[tuple[Key, str]]] = {}
        for place, path in self.iris.paths.items():
            if path not in shared:
                holders.setdefault(path, []).append(place)
        for path, places in sorted(holders.items()):
            members = [self._member_of(place) for place in places]
            if path in self.alike:
                self.descriptions.write(path, self.alike[path], RESOURCE)
            if path not in self.mixed:
                self._property(path, [self.iris.resources[key] for key, _ in sorted(places)], members)

    def _property(self, path: URIRef, holders: list[URIRef], members: list[Content]) -> None:
        meanings = [resolved(member, self.contents) for member in members]
        ranges = {self.values.range(meaning) for meaning in meanings}
        has_things = bool(ranges) and all(range_ in self.structs for range_ in ranges)
        self.draft.add(path, RDF.type, RDF.Property if has_things else OWL.DatatypeProperty)
        self.draft.add(path, RDFS.domain, self.draft.union(holders))
        if len(ranges) == 1 and None not in ranges:
            self.draft.add(path, RDFS.range, *filter(None, ranges))

    def _member_of(self, place: tuple[Key, str]) -> Content:
        (kind, name), member = place
        return members_of(kind, self.contents[kind, name])[member]


def _common_of_paths(contents: Mapping[Key, Content], iris: Iris) -> dict[URIRef, dict[str, Any]]:
    """The common fields of each property that all classes describe alike, and that is no resource itself."""
    found: dict[URIRef, list[dict[str, Any]]] = {}
    for ((kind, name), member), path in iris.paths.items():
        content = members_of(kind, contents[kind, name])[member]
        common: dict[str, Any] = {field: content[field] for field in _COMMON if field in content}
        found.setdefault(path, []).append(common)
    resources = set(iris.resources.values())
    return {
        path: commons[0]
        for path, commons in found.items()
        if path not in resources and all(common == commons[0] for common in commons)
    }
