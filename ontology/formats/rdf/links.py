"""Properties that lead to things: link types."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rdflib import OWL, URIRef

from gateway.engine.sentences import sentence
from history.engine.content import Key
from ontology.formats.rdf.catalogue import Catalogue
from ontology.formats.rdf.datatypes import Values
from ontology.formats.rdf.describing import described, no_name
from ontology.formats.rdf.property_axioms import Property
from ontology.formats.rdf.ranges import Range
from ontology.formats.rdf.source import Source
from ontology.formats.rdf.usages import Usage
from ontology.formats.rdf.vocabulary import curie

_FARTHEST: Final = 100
"""How many generations up a class is looked for among what another descends from."""


@dataclass
class Links:
    """Makes link types out of properties and their usages. ``parents`` are the superclasses of each class."""

    source: Source
    catalogue: Catalogue
    parents: Mapping[URIRef, Iterable[URIRef]]
    names: Mapping[URIRef, str]

    def content(
        self, property_: Property, usages: Mapping[URIRef, Usage], inverse: Property | None, linked: set[URIRef]
    ) -> dict[str, Any]:
        """The link type that ``property_`` is. ``linked`` are all properties that are link types."""
        domains = frozenset(property_.domains)
        own = [holder for holder in usages if not self._is_below(holder, domains)]
        sources = [*property_.domains, *own]
        targets = self._targets(property_, usages.values())
        if inverse:
            iris = self.catalogue.by_key
            sources = sources or [iris[each] for each in inverse.ranges if isinstance(each, tuple)]
            targets = targets or [self.catalogue.classes[iri] for iri in inverse.domains]
        one, required = self._numbers(property_, usages, sources)
        content: dict[str, Any] = {
            "source": {"types": sorted({self.catalogue.classes[iri][1] for iri in sources})},
            "target": {"types": sorted({name for _, name in targets})},
            "cardinality": f"{'one' if OWL.InverseFunctionalProperty in property_.types else 'many'}_to_"
            + ("one" if one else "many"),
        }
        if required:
            content["required"] = True
        if parents := sorted(self.names[iri] for iri in property_.parents if iri in linked):
            content["extends"] = parents
        if property_.inverse in linked:
            content["inverse_of"] = self.names[property_.inverse]
        for word, type_ in (("symmetric", OWL.SymmetricProperty), ("transitive", OWL.TransitiveProperty)):
            if type_ in property_.types:
                content[word] = True
        self._tell_ends(property_, content)
        return {**self._texts(property_, usages.values()), **content}

    def _texts(self, property_: Property, usages: Iterable[Usage]) -> dict[str, Any]:
        """What the shapes call it, where they agree; what they say beside is told."""
        found: dict[str, Any] = {}
        for usage in usages:
            for node in usage.nodes:
                said = described(self.source, node, no_name, iri="shape")
                texts = {field: said.pop(field) for field in ("display_name", "description") if field in said}
                said.get("metadata", {}).pop("shape", None)
                if any(said.values()) or any(found.setdefault(field, text) != text for field, text in texts.items()):
                    message = sentence(
                        "What the shape of {property} says beside its values did not come over.",
                        property=curie(property_.iri),
                    )
                    self.source.omit(usage.holder, "SHAPE_TEXT", message)
        return found

    def _targets(self, property_: Property, usages: Iterable[Usage]) -> list[Key]:
        found = self._classes(property_.iri, property_.ranges)
        said = {usage.holder: self._classes(property_.iri, usage.ranges) for usage in usages}
        if found:
            known = set(found)
            for holder, keys in said.items():
                for name in sorted(name for kind, name in keys if (kind, name) not in known):
                    message = sentence(
                        "That it leads to {name} from {holder} did not come over.", name=name, holder=curie(holder)
                    )
                    self.source.omit(property_.iri, "LINK_NARROWED", message)
            return found
        if len({frozenset(keys) for keys in said.values()}) > 1:
            message = sentence("Which of its ends go together did not come over.")
            self.source.omit(property_.iri, "LINK_WIDENED", message)
        return list(dict.fromkeys(key for keys in said.values() for key in keys))

    def _classes(self, iri: URIRef, ranges: Iterable[Range]) -> list[Key]:
        found = []
        for each in ranges:
            if isinstance(each, URIRef):
                message = sentence("The range {class_} is not in the document.", class_=curie(each))
                self.source.omit(iri, "CLASS_ELSEWHERE", message)
            elif not isinstance(each, Values):
                found.append(each)
        return found

    def _numbers(self, property_: Property, usages: Mapping[URIRef, Usage], sources: list[URIRef]) -> tuple[bool, bool]:
        """(whether it leads to one thing at most, whether to one at least): what all sources say alike."""
        saying = [usages[source] for source in sources if source in usages]
        complete = bool(sources) and len(saying) == len(sources)
        one = complete and all(usage.most == 1 for usage in saying)
        required = complete and all(usage.least > 0 for usage in saying)
        for holder, usage in usages.items():
            if (usage.most is not None and not (usage.most == 1 and (one or property_.is_functional))) or (
                usage.least and not (usage.least == 1 and required)
            ):
                message = sentence("How many of it {holder} may have did not come over.", holder=curie(holder))
                self.source.omit(property_.iri, "LINK_NARROWED", message)
        return one or property_.is_functional, required

    def _is_below(self, iri: URIRef, others: frozenset[URIRef]) -> bool:
        """Whether ``iri`` is one of ``others`` or descends from one."""
        near, seen = {iri}, {iri}
        for _ in range(_FARTHEST):
            if near & others:
                return True
            near = {parent for child in near for parent in self.parents.get(child, ())} - seen
            if not near:
                return False
            seen |= near
        return False

    def _tell_ends(self, property_: Property, content: Mapping[str, Any]) -> None:
        if not content["source"]["types"]:
            message = sentence("Nothing says what it starts from; its source is empty.")
            self.source.omit(property_.iri, "DOMAIN_MISSING", message)
        if not content["target"]["types"]:
            message = sentence("Nothing says what it leads to; its target is empty.")
            self.source.omit(property_.iri, "RANGE_MISSING", message)
