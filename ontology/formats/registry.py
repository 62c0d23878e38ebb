"""The table of formats. The module of one is loaded when it is asked for, since some bring large libraries."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.utils.translation import gettext_noop as _

from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.engine.content import Content, Key
from ontology.exceptions import FormatUnknown
from ontology.formats.reading import Reading


@dataclass(frozen=True)
class Format:
    """A notation of ontologies.

    ``module`` holds ``read(document) -> Reading`` where the format is read, which raises DocumentMalformed
    for what is none of its documents, and ``write(contents) -> bytes`` where it is written, which gives
    equal contents equal bytes.
    """

    name: str
    title: str
    media_type: str
    extension: str
    module: str
    reads: bool = False
    writes: bool = False
    names_source: bool = False
    """Whether a document is the name of a source that the operator configured, not the text of one."""

    def read(self, document: Any) -> Reading:
        """The ontology in ``document``, the text or the name of one. What it leaves out is among the omissions."""
        reader: Callable[[Any], Reading] = import_module(self.module).read
        return reader(document)

    def write(self, contents: Mapping[Key, Content]) -> bytes:
        """``contents``, a whole state in normal form, in this notation."""
        writer: Callable[[Mapping[Key, Content]], bytes] = import_module(self.module).write
        return writer(contents)


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("oms", _("OMS document (JSON)"), "application/json", "json", "ontology.formats.oms", True, True),
        Format(
            "oms-yaml", _("OMS document (YAML)"), "application/yaml", "yaml", "ontology.formats.oms_yaml", True, True
        ),
        Format("linkml", _("LinkML schema (YAML)"), "application/yaml", "yaml", "ontology.formats.linkml", True, True),
        Format(
            "turtle", _("OWL and RDFS with SHACL (Turtle)"), "text/turtle", "ttl", "ontology.formats.turtle", True, True
        ),
        Format(
            "json-ld",
            _("OWL and RDFS (JSON-LD)"),
            "application/ld+json",
            "jsonld",
            "ontology.formats.json_ld",
            True,
            True,
        ),
        Format(
            "json-schema",
            _("JSON Schema 2020-12"),
            "application/schema+json",
            "json",
            "ontology.formats.json_schema",
            True,
            True,
        ),
        Format("sql", _("SQL database"), "text/plain", "", "ontology.formats.sql", reads=True, names_source=True),
        Format(
            "graphql", _("GraphQL SDL"), "application/graphql", "graphql", "ontology.formats.graphql_sdl", writes=True
        ),
        Format(
            "typescript",
            _("TypeScript declarations"),
            "text/x-typescript",
            "ts",
            "ontology.formats.typescript",
            writes=True,
        ),
        Format(
            "pydantic", _("Pydantic models"), "text/x-python", "py", "ontology.formats.pydantic_models", writes=True
        ),
    )
}
"""All formats by name."""

READABLE = tuple(name for name, each in FORMATS.items() if each.reads)
WRITABLE = tuple(name for name, each in FORMATS.items() if each.writes)


def format_get(name: str, names: Collection[str]) -> Format:
    """The format ``name``; raises FormatUnknown where it is none of ``names``."""
    if name in names:
        return FORMATS[name]
    message = sentence("{name} is not a format here; it is one of {names}.", name=repr(name), names=", ".join(names))
    raise FormatUnknown(message, errors=[FieldError("/format", "FORMAT_UNKNOWN", message)])
