"""OWL and RDFS with SHACL as Turtle."""

from collections.abc import Mapping
from typing import Any

from history.engine.content import Content, Key
from ontology.formats.rdf import serialising
from ontology.formats.rdf.exporting import graph_of
from ontology.formats.rdf.parsing import turtle_statements
from ontology.formats.rdf.reading import ontology_read
from ontology.formats.reading import Reading


def read(document: Any) -> Reading:
    """The ontology in a Turtle text. Raises DocumentMalformed where it is none."""
    return ontology_read(turtle_statements(document))


def write(contents: Mapping[Key, Content]) -> bytes:
    """The ontology and its shapes."""
    return serialising.turtle(graph_of(contents))
