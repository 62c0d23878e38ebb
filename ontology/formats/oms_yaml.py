"""The OMS document as YAML."""

from collections.abc import Mapping

from history.engine.content import Content, Key
from ontology.engine.document import document_of
from ontology.formats.notation import write_yaml
from ontology.formats.oms import read

__all__ = ["read", "write"]


def write(contents: Mapping[Key, Content]) -> bytes:
    """The canonical document, rids included."""
    return write_yaml(document_of(contents))
