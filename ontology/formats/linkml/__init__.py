"""LinkML schemas in and out: https://linkml.io, metamodel 1.x."""

from ontology.formats.linkml.reading import read
from ontology.formats.linkml.writing import write

__all__ = ["read", "write"]
