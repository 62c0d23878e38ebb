"""JSON Schema out: what reading the words does not give back stands in ``x-oms``."""

import json
from collections.abc import Mapping
from uuid import uuid5

from history.engine.canonical import canonical_bytes
from history.engine.content import Content, Key
from ontology.engine.content import OntologyContent
from ontology.engine.identity import NAMESPACE
from ontology.formats.json_schema.definitions import document_words
from ontology.formats.json_schema.names import definition_names
from ontology.formats.json_schema.reading import source_read
from ontology.formats.json_schema.words import MARK, Schema

_MEMBERS = ("properties", "fields")


def write(contents: Mapping[Key, Content]) -> bytes:
    """The ontology as JSON Schema 2020-12; equal contents have equal bytes, and are what these are read as."""
    return json.dumps(schema_of(contents), ensure_ascii=False, indent=2).encode() + b"\n"


def schema_of(contents: Mapping[Key, Content]) -> Schema:
    """The document, named by what it holds."""
    document = document_words(contents)
    read = source_read(document).contents
    for key, name in definition_names(contents).items():
        _complete(document["$defs"][name], _known(key, read[key], contents[key]), contents[key])
    return {
        "$schema": document["$schema"],
        "$id": f"urn:uuid:{uuid5(NAMESPACE, canonical_bytes(document).decode())}",
    } | document


def _known(key: Key, read: Content, meant: Content) -> Content:
    """What is known of a resource from words: what was read, and the rids that follow from its name or its own rid."""
    model = OntologyContent()
    plain, named = (
        model.normalise(*key, {**read, **rid}, None, lambda _rid: False) for rid in ({}, {"rid": meant["rid"]})
    )
    return {**named, "rid": plain["rid"]}


def _complete(definition: Schema, read: Content, meant: Content) -> None:
    """Say in marks of a definition and its properties what was not read from their words."""
    for field in _MEMBERS:
        for name, member in meant.get(field, {}).items():
            _mark(definition["properties"][name], read.get(field, {})[name], member)
    _mark(
        definition, *({name: value for name, value in each.items() if name not in _MEMBERS} for each in (read, meant))
    )


def _mark(schema: Schema, read: Content, meant: Content) -> None:
    gone = dict.fromkeys(sorted(read.keys() - meant.keys()))
    other = {name: meant[name] for name in sorted(meant) if name not in read or read[name] != meant[name]}
    mark = {**schema.get(MARK, {}), **gone, **other}
    if mark:
        schema[MARK] = mark
