"""What everything has, as statements."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Literal, URIRef

from history.engine.content import Content
from ontology.formats.rdf.datatypes import DATATYPES
from ontology.formats.rdf.describing import PLAIN, REPLACEMENTS
from ontology.formats.rdf.draft import Draft
from ontology.formats.rdf.literals import term_of
from ontology.formats.rdf.property_axioms import DOMAINS, RANGES
from ontology.formats.rdf.statements import Subject
from ontology.formats.rdf.vocabulary import DCTERMS, OMS, curie, expand, is_iri, schema_org

_MAPPINGS: Final = {
    "exact": SKOS.exactMatch,
    "close": SKOS.closeMatch,
    "broad": SKOS.broadMatch,
    "narrow": SKOS.narrowMatch,
    "related": SKOS.relatedMatch,
}
_STRUCTURE: Final = (str(OWL), str(RDF), str(RDFS), str(SH), str(OMS), str(XSD))
_NO_STRUCTURE: Final = PLAIN | {OWL.disjointWith}
_OTHER_STRUCTURE: Final = frozenset(
    {
        SKOS.topConceptOf,
        SKOS.hasTopConcept,
        SKOS.notation,
        *DOMAINS,
        *RANGES,
        *REPLACEMENTS,
        *schema_org("inverseOf"),
    }
)
_STRUCTURAL_TYPES: Final = (*_STRUCTURE, str(SKOS))


@dataclass(frozen=True)
class Words:
    """The predicates that say how something is called and what it means."""

    label: URIRef
    description: URIRef


RESOURCE: Final = Words(RDFS.label, RDFS.comment)
CONCEPT: Final = Words(SKOS.prefLabel, SKOS.definition)
SHAPE: Final = Words(SH.name, SH.description)


@dataclass
class Descriptions:
    """Writes the common fields. ``resources`` are the IRIs to which the reader gives a meaning of their own."""

    draft: Draft
    resources: Collection[URIRef]

    def write(self, subject: Subject, content: Content, words: Words, replacement: URIRef | None = None) -> None:
        """Labels, descriptions, mappings, deprecation and annotations of ``subject``."""
        self.draft.text(subject, words.label, content.get("display_name"))
        self.draft.text(subject, words.description, content.get("description"))
        self.draft.add(subject, SKOS.altLabel, *map(Literal, content.get("aliases", ())))
        for relation, iris in content.get("mappings", {}).items():
            self.draft.add(subject, _MAPPINGS[relation], *(URIRef(iri) for iri in iris if is_iri(iri)))
        if content.get("status") == "deprecated":
            self.draft.add(subject, OWL.deprecated, Literal(True))
        if replacement is not None:
            self.draft.add(subject, DCTERMS.isReplacedBy, replacement)
        structure = {SKOS.inScheme} if words is CONCEPT else set()
        self._annotations(subject, content.get("metadata", {}), structure)

    def _annotations(self, subject: Subject, metadata: Content, structure: Collection[URIRef]) -> None:
        """What of the metadata came of statements, or could have, and changes nothing but itself."""
        for key, value in sorted(metadata.items()):
            predicate = expand(key)
            if predicate is None or predicate in structure or not (_is_annotation(predicate) or predicate == RDF.type):
                continue
            for item in value if isinstance(value, list) else [value]:
                term = term_of(item)
                if term is not None and (predicate != RDF.type or self._is_plain_type(term)):
                    self.draft.add(subject, predicate, term)

    def elsewhere(self, content: Content, predicate: URIRef) -> list[URIRef]:
        """The classes that are not among the contents, which a link type leads to or starts from."""
        value = content.get("metadata", {}).get(curie(str(predicate)))
        terms = map(term_of, value if isinstance(value, list) else [value])
        iris = [term for term in terms if isinstance(term, URIRef)]
        return [iri for iri in iris if iri not in self.resources and iri not in DATATYPES]

    def _is_plain_type(self, term: Any) -> bool:
        """Whether a type says nothing about what a thing is in OMS."""
        return isinstance(term, URIRef) and not str(term).startswith(_STRUCTURAL_TYPES) and term not in self.resources


def _is_annotation(predicate: URIRef) -> bool:
    if predicate in _NO_STRUCTURE:
        return True
    return not str(predicate).startswith(_STRUCTURE) and predicate not in _OTHER_STRUCTURE
