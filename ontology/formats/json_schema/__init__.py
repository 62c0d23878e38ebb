"""JSON Schema: 2020-12 is written; that, 2019-09 and draft 7 are read."""

from ontology.formats.json_schema.reading import read
from ontology.formats.json_schema.writing import write

__all__ = ["read", "write"]
