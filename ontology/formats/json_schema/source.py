"""A schema while it is read: what its definitions become, and what was left out so far."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final

from gateway.engine.json_pointer import pointer, tokens
from gateway.engine.sentences import Sentence, sentence
from history.engine.content import Key
from ontology.formats.json_schema.index import Index
from ontology.formats.json_schema.names import DEFINED, pascal_case
from ontology.formats.json_schema.words import MARK
from ontology.formats.naming import UniqueNames
from ontology.formats.reading import Omission

Json = Any
Schema = Mapping[str, Json]


class Sort(Enum):
    """What a schema stands for: objects, values, or neither by itself, such as a list of objects."""

    OBJECTS = auto()
    VALUES = auto()
    NEITHER = auto()


STRUCTURAL: Final = frozenset({"$schema", "$id", "$anchor", "$dynamicAnchor", "$vocabulary", "$defs", "definitions"})
"""Keywords that say how a schema is put together, and nothing of what it describes."""

DEEPEST: Final = 40
"""How many schemas are followed from one to the next, as references and lists do."""


@dataclass
class Source:
    """``definitions`` are the resources that schemas become, by pointer; ``pending`` those not read yet."""

    index: Index
    contents: dict[Key, Any] = field(default_factory=dict)
    omissions: list[Omission] = field(default_factory=list)
    definitions: dict[str, Key] = field(default_factory=dict)
    places: dict[Key, str] = field(default_factory=dict)
    pending: deque[str] = field(default_factory=deque)
    taken: dict[str, UniqueNames] = field(default_factory=dict)
    _sorts: dict[str, Sort] = field(default_factory=dict)

    def leave_out(self, at: str, code: str, message: Sentence) -> None:
        self.omissions.append(Omission(at, code, message))

    def leave_out_rest(self, at: str, schema: Schema, *, but: frozenset[str]) -> None:
        """Name what a schema says in other words than ``but``."""
        for keyword in sorted(schema.keys() - but - STRUCTURAL - {MARK}):
            message = sentence("There is no word for what {keyword} says here.", keyword=repr(keyword))
            self.leave_out(pointer(at, keyword), "KEYWORD", message)

    def define(self, at: str, kind: str, name: str) -> Key:
        """The schema at ``at`` becomes a resource of this kind, by ``name`` where nothing else has it."""
        key = self.name(kind, name)
        self._add(at, key)
        return key

    def define_as(self, at: str, key: Key) -> None:
        """The schema at ``at`` becomes the very resource ``key``, unless another one does."""
        self.name(*key)
        if key in self.places:
            self.define(at, *key)
        else:
            self._add(at, key)

    def _add(self, at: str, key: Key) -> None:
        self.definitions[at], self.places[key] = key, at
        self.pending.append(at)

    def name(self, kind: str, name: str) -> Key:
        """A key of this kind that is not taken, by ``name`` where nothing else has it."""
        names = self.taken.setdefault("object_type" if kind == "interface" else kind, UniqueNames())
        return kind, names.give(name)

    def target(self, at: str, reference: str) -> str | None:
        """The pointer to the schema that a reference is to; None, and said, where there is none here."""
        address, place = self.index.resolve(at, reference)
        if place is None and self.index.is_known(address):
            message = sentence("There is no schema {reference}.", reference=repr(reference))
            self.leave_out(at, "REFERENCE_UNRESOLVED", message)
        elif place is None:
            message = sentence("{reference} is in another document, which is not fetched.", reference=repr(reference))
            self.leave_out(at, "REFERENCE_EXTERNAL", message)
        return place

    # --- Sorts ------------------------------------------------------------------------------------

    def sort_of(self, at: str, schema: Json) -> Sort:
        """What the schema at ``at`` stands for. Every schema that it comes down to is looked at once."""
        if at not in self._sorts:
            self._sorts[at] = self._sort(at, schema, set(), 0)
        return self._sorts[at]

    def _sort(self, at: str, schema: Json, seen: set[str], depth: int) -> Sort:
        if at in seen or depth > DEEPEST or not isinstance(schema, dict) or "type" in mark_of(schema):
            return Sort.VALUES
        seen.add(at)
        if "$ref" in schema:
            _, place = self.index.resolve(at, schema["$ref"])
            return Sort.VALUES if place is None else self._sort(place, self.index.at(place), seen, depth + 1)
        parts = (self._sort(place, part, seen, depth + 1) for place, part in parts_of(at, schema, "allOf"))
        if schema.get("properties") or Sort.OBJECTS in parts:
            return Sort.OBJECTS
        inner = [*_items(at, schema), *alternatives(at, schema)]
        sorts = {self._sort(place, part, seen, depth + 1) for place, part in inner}
        return Sort.NEITHER if sorts - {Sort.VALUES} else Sort.VALUES


def mark_of(schema: Json) -> Mapping[str, Json]:
    """What ``x-oms`` says in a schema."""
    mark = schema.get(MARK) if isinstance(schema, dict) else None
    return mark if isinstance(mark, dict) else {}


def marked_key(at: str, schema: Json) -> Key | None:
    """The resource as which a definition is marked."""
    mark = mark_of(schema)
    if mark.get("kind") not in DEFINED:
        return None
    name = mark.get("name", tokens(at)[-1] if at else "")
    return (mark["kind"], name) if isinstance(name, str) else None


def alternatives(at: str, schema: Schema) -> list[tuple[str, Json]]:
    """(pointer, schema) of what ``anyOf`` and ``oneOf`` offer."""
    return [each for keyword in ("anyOf", "oneOf") for each in parts_of(at, schema, keyword)]


def definition_name(at: str, schema: Schema) -> str:
    """What a definition is called: as where it stands; the document itself by its title or its address."""
    if at:
        return tokens(at)[-1]
    address = str(schema.get("$id", schema.get("id", "")))
    return str(schema.get("title") or address.rstrip("#/").rpartition("/")[2].partition(".")[0])


def resource_name(at: str, schema: Schema) -> str:
    return pascal_case(definition_name(at, schema), "Unnamed")


def parts_of(at: str, schema: Schema, keyword: str) -> list[tuple[str, Json]]:
    """(pointer, schema) of a list of schemas."""
    return [(pointer(at, keyword, place), part) for place, part in enumerate(schema.get(keyword, ()))]


def _items(at: str, schema: Schema) -> Iterator[tuple[str, Json]]:
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield pointer(at, keyword), schema[keyword]
    for name, part in schema.get("patternProperties", {}).items():
        yield pointer(at, "patternProperties", name), part
