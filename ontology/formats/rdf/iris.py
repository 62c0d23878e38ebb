"""The IRIs that resources, their members and the values of enums have in a document."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from rdflib import OWL, RDF, RDFS, SKOS, XSD, URIRef

from history.engine.content import Content, Key
from ontology.engine.kinds import KINDS
from ontology.formats.rdf.datatypes import DATATYPES
from ontology.formats.rdf.naming import derived_name
from ontology.formats.rdf.overrides import members_of
from ontology.formats.rdf.vocabulary import OMS, ONTOLOGY, is_iri

_RESERVED: Final = frozenset({OWL.Thing, OWL.Nothing, RDFS.Resource, RDFS.Literal, RDF.nil, *DATATYPES})
_PASCAL: Final = frozenset({"object_type", "interface", "struct_type", "value_type"})


@dataclass
class Iris:
    """What everything is called. Each resource has an IRI of its own; members of one name may share theirs."""

    resources: dict[Key, URIRef] = field(default_factory=dict)
    paths: dict[tuple[Key, str], URIRef] = field(default_factory=dict)
    values: dict[tuple[Key, str], URIRef] = field(default_factory=dict)

    def of(self, kind: str) -> set[URIRef]:
        """The IRIs of the resources of ``kind``."""
        return {iri for (found, _), iri in self.resources.items() if found == kind}

    def __post_init__(self) -> None:
        self._taken: set[URIRef] = set(_RESERVED)

    def give(self, contents: Mapping[Key, Content]) -> None:
        """Give everything in ``contents`` an IRI, its own where it has one."""
        keys = sorted(contents, key=lambda key: (list(KINDS).index(key[0]), key[1]))
        for key in keys:
            wanted = _own(contents[key])
            if wanted is not None and wanted not in self._taken:
                self.resources[key] = wanted
                self._taken.add(wanted)
        for kind, name in keys:
            if (kind, name) not in self.resources:
                self.resources[kind, name] = self._minted(name, f"{kind}.{name}")
        links = self.of("link_type")
        for key in keys:
            self._give_paths(key, contents[key], links)
            for value, entry in contents[key].get("constraints", {}).get("enum", {}).items():
                if key[0] == "value_type":
                    self._give_value(key, value, entry)

    def _give_paths(self, key: Key, content: Content, links: set[URIRef]) -> None:
        used: set[URIRef] = set()
        for name, member in sorted(members_of(key[0], content).items()):
            path = self._path(name, member, links)
            if path is None or path in used:
                path = ONTOLOGY[f"{key[1]}.{name}"]
                while path in used or path in self._taken:
                    path = URIRef(f"{path}_")
            used.add(path)
            self.paths[key, name] = path

    def _path(self, name: str, member: Content, links: set[URIRef]) -> URIRef | None:
        """The IRI of a property that is called so in other classes as well; None where it must be another."""
        shared = self.resources.get(("shared_property", member.get("shared_property", "")))
        wanted = _own(member) or shared or ONTOLOGY[name]
        is_free = wanted not in self._taken or wanted == shared or (wanted in links and _own(member) == wanted)
        return wanted if is_free else None

    def _give_value(self, key: Key, value: str, entry: Content) -> None:
        wanted = _own(entry)
        if wanted is None or wanted in self._taken:
            local = f"{key[1]}.{quote(value, safe='')}"
            wanted = self._minted(local, f"value_type.{local}")
        self.values[key, value] = wanted
        self._taken.add(wanted)

    def _minted(self, *locals_: str) -> URIRef:
        candidates = [ONTOLOGY[local] for local in locals_]
        found = next((iri for iri in candidates if iri not in self._taken), candidates[-1])
        while found in self._taken:
            found = URIRef(f"{found}_")
        self._taken.add(found)
        return found

    # --- Names ------------------------------------------------------------------------------------

    def unspoken(self) -> set[tuple[URIRef, str]]:
        """(IRI, name) where the IRI alone says the name: its local part is that, and nobody else's."""
        found = set()
        properties = dict.fromkeys(self.paths.values(), "") | self._named("link_type", "shared_property")
        for names, pascal in (
            (self._named("object_type", "interface", "struct_type"), True),
            (self._named("value_type"), True),
            (self._named("action_type"), False),
            (properties, False),
        ):
            derived = {iri: derived_name(iri, pascal=pascal) for iri in names}
            said = [name for iri, name in names.items() if name and name != derived[iri]]
            alike = Counter(name.lower() for name in (*derived.values(), *said))
            found |= {(iri, name) for iri, name in derived.items() if alike[name.lower()] == 1}
        return found

    def _named(self, *kinds: str) -> dict[URIRef, str]:
        """The names of the resources of ``kinds`` by IRI."""
        return {iri: name for (kind, name), iri in self.resources.items() if kind in kinds}


def _own(content: Mapping[str, Any]) -> URIRef | None:
    """The IRI that a content came with."""
    iri = content.get("metadata", {}).get("iri")
    return URIRef(iri) if is_iri(iri) and not _is_vocabulary(iri) else None


def _is_vocabulary(iri: str) -> bool:
    """Whether ``iri`` means something to the reader itself."""
    return iri.startswith((str(OMS), str(ONTOLOGY), str(XSD))) or URIRef(iri) in (SKOS.Concept, SKOS.ConceptScheme)
