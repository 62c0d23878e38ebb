"""Contents as a graph that says all of them."""

from collections.abc import Mapping

from rdflib import Graph

from history.engine.content import Content, Key
from ontology.formats.rdf.completing import completed
from ontology.formats.rdf.writing import ontology_written


def graph_of(contents: Mapping[Key, Content]) -> Graph:
    """The graph of ``contents``, out of which they are read again as they are."""
    return completed(ontology_written(contents), contents).graph
