"""JSON Schema in: definitions of objects become object types, named values value types."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.engine.content import Content, ContentInvalid, Key
from ontology.engine.content import OntologyContent
from ontology.engine.document import FORMAT, contents_of
from ontology.exceptions import OntologyInvalid
from ontology.formats import notation
from ontology.formats.json_schema.definitions import DIALECT, document_words
from ontology.formats.json_schema.index import Index, indexed
from ontology.formats.json_schema.names import definition_names
from ontology.formats.json_schema.objects import DefinitionReader
from ontology.formats.json_schema.source import (
    STRUCTURAL,
    Schema,
    Sort,
    Source,
    mark_of,
    marked_key,
    resource_name,
)
from ontology.formats.json_schema.words import MARK
from ontology.formats.reading import Omission, Reading

Json = Any

_EMPTY_WORDS: Final = frozenset({"properties", "required", "additionalProperties"})
"""What says nothing of a document without properties."""

DIALECTS: Final = frozenset(
    {
        "http://json-schema.org/draft-04/schema",
        "http://json-schema.org/draft-06/schema",
        "http://json-schema.org/draft-07/schema",
        "https://json-schema.org/draft/2019-09/schema",
        DIALECT,
    }
)
"""What documents are read as that say so; drafts 4 and 6 as far as they are like draft 7."""


def read(document: Any) -> Reading:
    """The ontology in a JSON Schema: a JSON value, or a text of JSON or YAML. Nothing outside it is read.

    Raises DocumentMalformed for what is no such text or no object, OntologyInvalid for what is no schema.
    """
    source = source_read(notation.read(document) if isinstance(document, str) else document)
    return Reading(source.contents, [*source.omissions, *differences(source)])


def source_read(document: Json) -> Source:
    """A schema when all of it is read, as its words and its marks say it."""
    index = indexed(document)
    source = Source(index)
    wordless = mark_of(index.document)
    if wordless.get("format") == FORMAT:
        source.contents |= _wordless(wordless)
    for kind, name in source.contents:
        source.name(kind, name)
    _define(source)
    reader = DefinitionReader(source)
    while source.pending:
        reader.read(source.pending.popleft())
    _leave_out_root(source)
    return source


def _wordless(document: Schema) -> dict[Key, Any]:
    contents, violations = contents_of(document)
    if violations:
        raise OntologyInvalid(
            errors=[FieldError(f"/document/{MARK}{found.path}", found.rule, found.message) for found in violations]
        )
    return contents


def _define(source: Source) -> None:
    """Say what every definition becomes: first those that are marked, which keep their names."""
    places = list(_definitions(source.index))
    marked = {at: key for at, schema in places if (key := marked_key(at, schema))}
    for at, key in marked.items():
        source.define_as(at, key)
    for at, schema in places:
        if at not in marked and not _is_key(source, schema):
            _define_foreign(source, at, schema)


def _is_key(source: Source, schema: Json) -> bool:
    """Whether a definition only repeats what a type that is here is identified by."""
    key_of = mark_of(schema).get("key_of")
    return isinstance(key_of, str) and key_of[1:] in source.definitions


def _definitions(index: Index) -> Iterator[tuple[str, Json]]:
    """(pointer, schema) of everything with a name, the document among it where it has properties."""
    if index.document.get("properties") or index.document.get("allOf"):
        yield "", index.document
    for at, schema in index.schemas.items():
        if at in index.defined:
            yield at, schema


def _define_foreign(source: Source, at: str, schema: Json) -> None:
    sort = source.sort_of(at, schema)
    words = schema if isinstance(schema, dict) else {}
    is_bare = words.get("type") == "object" and not words.keys() & {"additionalProperties", "patternProperties"}
    is_composed = not words.get("properties") and not words.keys().isdisjoint(("$ref", "anyOf", "oneOf"))
    if (sort is Sort.OBJECTS and not is_composed) or (is_bare and at):
        source.define(at, "object_type", resource_name(at, words))
    elif sort is Sort.VALUES and "$ref" not in words and at:
        source.define(at, "value_type", resource_name(at, words))
    elif at:
        message = sentence("What is no type by itself stands only where it is referred to.")
        source.leave_out(at, "DEFINITION_INLINED", message)


def _leave_out_root(source: Source) -> None:
    """Name what the document says of itself, where it is no object."""
    root = source.index.document
    is_own = mark_of(root).get("format") == FORMAT
    if root.get("$schema", DIALECT).rstrip("#") not in DIALECTS:
        message = sentence("The words are read as those of {dialect}.", dialect=DIALECT)
        source.leave_out("/$schema", "DIALECT_UNKNOWN", message)
    if "" not in source.definitions:
        is_object = root.get("type") == "object"
        words = _EMPTY_WORDS | ({"type"} if is_object else set()) | ({"anyOf"} if is_own else set())
        source.leave_out_rest("", root, but=words)
        if "$id" in root and not is_own:
            source.leave_out("/$id", "KEYWORD", sentence("An ontology has no address."))


# --- What is said twice -------------------------------------------------------------------------


def differences(source: Source) -> Iterator[Omission]:
    """Where the words of a marked definition were changed, and what its mark says is kept."""
    marked = {key: at for at, key in source.definitions.items() if marked_key(at, source.index.at(at))}
    if marked:
        contents = dict(_normal(source.contents))
        words, names = document_words(contents)["$defs"], definition_names(contents)
        for key, at in marked.items():
            if key in names:
                yield from _differences(at, source.index.at(at), words[names[key]])


def _normal(contents: Mapping[Key, Any]) -> Iterator[tuple[Key, Content]]:
    for key, content in contents.items():
        with suppress(ContentInvalid):  # told when it is imported
            yield key, OntologyContent().normalise(*key, content, None, lambda _rid: False)


def _differences(at: str, given: Schema, meant: Schema) -> Iterator[Omission]:
    for word in sorted((given.keys() | meant.keys()) - {MARK} - STRUCTURAL):
        here: Json = given.get(word)
        there: Json = meant.get(word)
        if word == "properties":
            for name in sorted(here or ()):
                if mark_of(here[name]):
                    yield from _differences(pointer(at, word, name), here[name], (there or {}).get(name, {}))
        elif here != there and not _is_one(word, here, there):
            message = sentence("{mark} says otherwise here, and is kept.", mark=repr(MARK))
            yield Omission(pointer(at, word), "MARK_DIFFERS", message)


def _is_one(word: str, here: Json, there: Json) -> bool:
    """Whether two values of a word mean the same, where a format may be missing."""
    return (word == "format" and here is None) or (word == "required" and sorted(here or ()) == sorted(there or ()))
