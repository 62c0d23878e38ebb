"""Whether a property leads to data or to things, and which classes have it."""

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import URIRef

from gateway.engine.sentences import sentence
from ontology.formats.rdf.datatypes import Values
from ontology.formats.rdf.members import is_several
from ontology.formats.rdf.property_axioms import Property
from ontology.formats.rdf.shapes import is_own_property
from ontology.formats.rdf.source import Source
from ontology.formats.rdf.usages import Usage
from ontology.formats.rdf.vocabulary import curie


@dataclass(frozen=True)
class PropertyUse:
    """A property with the usages that take it as data, and those that take it as a link, by class."""

    axioms: Property
    is_data: bool
    is_link: bool
    data: Mapping[URIRef, Usage]
    links: Mapping[URIRef, Usage]

    @property
    def is_shared(self) -> bool:
        """Whether it is a shared property: declared as data of no class in particular, of one sort for all."""
        declared = self.is_data and self.axioms.is_declared and not self.axioms.has_things
        said_by_classes = not self.axioms.ranges and any(usage.ranges for usage in self.data.values())
        return declared and not self.axioms.domains and not said_by_classes

    @property
    def is_several(self) -> bool:
        """Whether a thing may have several data of it."""
        return is_several(self.axioms, self.data.values())

    @property
    def holders(self) -> list[URIRef]:
        """The classes that have data of it."""
        return sorted({*self.axioms.domains, *self.data})


def property_use(source: Source, property_: Property, usages: Mapping[URIRef, Usage]) -> PropertyUse:
    """How ``property_`` is used. One that leads to data and to things is both, which is told."""
    said = [*property_.ranges, *(each for usage in usages.values() for each in usage.ranges)]
    data_said = any(isinstance(each, Values) for each in said)
    things_said = any(not isinstance(each, Values) for each in said)
    own = {holder for holder, usage in usages.items() if is_own_property(source, usage)}
    if property_.has_data:
        _tell_classes(source, property_)
        is_link, is_data = False, True
    else:
        is_link = things_said or (property_.has_things and not data_said)
        is_data = data_said or bool(own) or not (things_said or property_.has_things)
    if is_link and is_data and not own:
        message = sentence("Its values are data or things; there is a link type, and a property of the same name.")
        source.omit(property_.iri, "RANGE_MIXED", message)
    return PropertyUse(
        property_,
        is_data,
        is_link,
        {holder: usage for holder, usage in usages.items() if is_data and _may_be_data(usage, is_link, own)},
        {holder: usage for holder, usage in usages.items() if is_link and holder not in own and _may_be_link(usage)},
    )


def _may_be_data(usage: Usage, is_link: bool, own: set[URIRef]) -> bool:  # noqa: FBT001
    if not is_link or usage.holder in own:
        return True
    return not usage.ranges or any(isinstance(each, Values) for each in usage.ranges)


def _may_be_link(usage: Usage) -> bool:
    return not usage.ranges or any(not isinstance(each, Values) for each in usage.ranges)


def _tell_classes(source: Source, property_: Property) -> None:
    for each in property_.ranges:
        if not isinstance(each, Values):
            name = curie(each) if isinstance(each, URIRef) else each[1]
            message = sentence("It leads to data and has the range {range}, which is none here.", range=name)
            source.omit(property_.iri, "RANGE_MIXED", message)
