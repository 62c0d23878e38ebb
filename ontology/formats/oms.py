"""The OMS document as JSON: same content, same bytes."""

from collections.abc import Mapping
from typing import Any

from gateway.exceptions import FieldError
from history.engine.canonical import canonical_bytes
from history.engine.content import Content, Key
from ontology.engine.document import contents_of, document_of
from ontology.exceptions import OntologyInvalid
from ontology.formats import notation
from ontology.formats.reading import Reading


def read(document: Any) -> Reading:
    """The contents of an OMS document: a JSON value, or a text of JSON or YAML.

    Raises DocumentMalformed for a text that is neither, OntologyInvalid for another value.
    """
    contents, violations = contents_of(notation.read(document) if isinstance(document, str) else document)
    if violations:
        raise OntologyInvalid(
            errors=[FieldError(f"/document{found.path}", found.rule, found.message) for found in violations]
        )
    return Reading(contents)


def write(contents: Mapping[Key, Content]) -> bytes:
    """The canonical document, rids included."""
    return canonical_bytes(document_of(contents))
