"""An ontology out of the statements of a document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rdflib import RDF, URIRef

from gateway.engine.sentences import sentence
from history.engine.content import Key
from ontology.engine.kinds import KIND_NOUNS, KINDS
from ontology.engine.types import Type
from ontology.formats.rdf.catalogue import Catalogue, catalogued, given_names
from ontology.formats.rdf.class_axioms import ClassAxioms
from ontology.formats.rdf.describing import described
from ontology.formats.rdf.links import Links
from ontology.formats.rdf.members import Members
from ontology.formats.rdf.overrides import MEMBER_FIELDS, overridden
from ontology.formats.rdf.property_axioms import Property, properties_read, undeclared
from ontology.formats.rdf.property_use import PropertyUse, property_use
from ontology.formats.rdf.ranges import Ranges
from ontology.formats.rdf.remains import remains_tell
from ontology.formats.rdf.shapes import Shapes
from ontology.formats.rdf.source import Source
from ontology.formats.rdf.statements import Statements
from ontology.formats.rdf.usages import Usages
from ontology.formats.rdf.value_types import ValueTypes
from ontology.formats.rdf.vocabulary import OMS
from ontology.formats.reading import Reading


def ontology_read(statements: Statements) -> Reading:
    """The ontology that ``statements`` hold, and what of them OMS cannot."""
    source = Source(statements)
    catalogue = catalogued(source)
    ranges, usages = Ranges(source, catalogue), Usages()
    axioms = ClassAxioms(source, catalogue, ranges, usages)
    parents = {iri: axioms.parents(iri) for iri in catalogue.classes}
    Shapes(source, catalogue, ranges, usages).read()
    properties = properties_read(source, catalogue, ranges)
    used = usages.by_property()
    properties |= {iri: undeclared(iri) for iri in used if iri not in properties}
    names = given_names(source, properties, pascal=False)
    uses = [property_use(source, each, used.get(each.iri, {})) for each in properties.values()]
    builder = _Builder(source, catalogue, names, _resources(catalogue, names, uses))
    builder.value_types(ValueTypes(source, catalogue, ranges))
    for iri, (known, elsewhere) in parents.items():
        builder.class_(iri, known, elsewhere)
    known_parents = {iri: known for iri, (known, _) in parents.items()}
    builder.properties(properties, uses, known_parents)
    builder.action_types()
    remains_tell(source, {*catalogue.classes, *properties, *catalogue.value_types, *catalogue.action_types})
    return Reading(builder.contents, source.omissions)


def _resources(
    catalogue: Catalogue, names: Mapping[URIRef, str], uses: Iterable[PropertyUse]
) -> dict[tuple[str, URIRef], str]:
    """What each resource is called, by its kind and IRI."""
    found = {(kind, iri): name for iri, (kind, name) in catalogue.classes.items()}
    found |= {("value_type", iri): name for iri, name in catalogue.value_types.items()}
    found |= {("action_type", iri): name for iri, name in catalogue.action_types.items()}
    for use in uses:
        iri = use.axioms.iri
        found |= {("link_type", iri): names[iri]} if use.is_link else {}
        found |= {("shared_property", iri): names[iri]} if use.is_shared else {}
    return found


@dataclass
class _Builder:
    """Puts contents together, when all structure has been read."""

    source: Source
    catalogue: Catalogue
    names: Mapping[URIRef, str]
    resources: Mapping[tuple[str, URIRef], str]
    contents: dict[Key, dict[str, Any]] = field(default_factory=dict)

    def value_types(self, reader: ValueTypes) -> None:
        """The value types."""
        for iri, name in self.catalogue.value_types.items():
            self._add(iri, ("value_type", name), reader.content(iri))

    def class_(self, iri: URIRef, parents: Iterable[URIRef], elsewhere: Iterable[URIRef]) -> None:
        """An object type, interface or struct type, without members so far."""
        key = self.catalogue.classes[iri]
        content: dict[str, Any] = {MEMBER_FIELDS[key[0]]: {}}
        for parent in parents:
            kind, name = self.catalogue.classes[parent]
            inherits = "extends" if kind == key[0] else "implements"
            if inherits in KINDS[key[0]].fields and kind != "struct_type":
                content.setdefault(inherits, []).append(name)
            else:
                message = sentence(
                    "That it is a subclass of the {noun} {name} did not come over.", noun=KIND_NOUNS[kind], name=name
                )
                self.source.omit(iri, "CLASS_EXPRESSION", message)
        self._add(iri, key, content, broader=elsewhere)

    def properties(
        self, properties: Mapping[URIRef, Property], uses: list[PropertyUse], parents: Mapping[URIRef, list[URIRef]]
    ) -> None:
        """Link types, shared properties and members."""
        links = Links(self.source, self.catalogue, parents, self.names)
        members = Members(self.source, self.names, self._base_types())
        linked = {use.axioms.iri for use in uses if use.is_link}
        inverses = {use.axioms.inverse: use.axioms for use in uses if use.axioms.inverse}
        for use in uses:
            property_ = use.axioms
            if use.is_link:
                inverse = properties.get(property_.inverse) if property_.inverse else inverses.get(property_.iri)
                content = links.content(property_, use.links, inverse, linked)
                elsewhere = [parent for parent in property_.parents if parent not in linked]
                self._add(property_.iri, ("link_type", self.names[property_.iri]), content, broader=elsewhere)
            if use.is_data:
                self._data(use, members)

    def _data(self, use: PropertyUse, members: Members) -> None:
        property_, name = use.axioms, self.names[use.axioms.iri]
        if use.is_shared:
            content = members.typing(property_, None, several=use.is_several)
            self._add(property_.iri, ("shared_property", name), content, broader=property_.parents)
        common = self._described(property_.iri, "property", property_.parents)
        for holder in use.holders:
            kind, class_name = self.catalogue.classes[holder]
            usage = use.data.get(holder)
            if use.is_shared and usage:
                named = members.shared_member(kind, property_, usage, name, several=use.is_several)
            else:
                named = members.member(kind, property_, usage, common, several=use.is_several)
            self.contents[kind, class_name][MEMBER_FIELDS[kind]][named[0]] = named[1]

    def action_types(self) -> None:
        """The action types, of which all is said in OMS's own words."""
        for iri, name in self.catalogue.action_types.items():
            self.source.statements.understood(iri, RDF.type, OMS.ActionType)
            self._add(iri, ("action_type", name), {})

    def _base_types(self) -> dict[str, Type]:
        return {name: content["type"] for (kind, name), content in self.contents.items() if kind == "value_type"}

    def _add(self, iri: URIRef, key: Key, content: Mapping[str, Any], broader: Iterable[URIRef] = ()) -> None:
        described_ = {**content, **self._described(iri, key[0], broader)}
        self.contents[key] = overridden(self.source.statements, iri, KINDS[key[0]], described_)

    def _described(self, iri: URIRef, kind: str, broader: Iterable[URIRef]) -> dict[str, Any]:
        """The common fields, with what is ``broader`` and is not in the document, or can be no parent here."""
        content = described(self.source, iri, lambda other: self.resources.get((kind, other)))
        for parent in broader:
            mappings = content.setdefault("mappings", {})
            mappings["broad"] = sorted({*mappings.get("broad", ()), str(parent)})
        return content
