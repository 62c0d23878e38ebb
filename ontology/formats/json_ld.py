"""OWL and RDFS with SHACL as JSON-LD."""

from collections.abc import Mapping
from typing import Any

from history.engine.content import Content, Key
from ontology.formats.rdf import serialising
from ontology.formats.rdf.exporting import graph_of
from ontology.formats.rdf.parsing import json_ld_statements
from ontology.formats.rdf.reading import ontology_read
from ontology.formats.reading import Reading


def read(document: Any) -> Reading:
    """The ontology in a JSON-LD document, a text or the JSON value. Raises DocumentMalformed where it is none."""
    return ontology_read(json_ld_statements(document))


def write(contents: Mapping[Key, Content]) -> bytes:
    """The ontology and its shapes."""
    return serialising.json_ld(graph_of(contents))
