"""The vocabulary in which the meta-model is written down as data.

A shape says what a value looks like, what it means (a set, a reference, prose ...) and what
it is when it is left out. Everything that treats contents field by field walks the shapes:
normalisation, identities, references, renames, and the merge of two versions. ``default`` is
the value that a field left out stands for; ``None`` means that it then stands for nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from gateway.engine.sentences import Sentence

Json = Any
"""A JSON value: None, a boolean, a number, a text, a list or a mapping with text keys."""


@dataclass(frozen=True, eq=False)
class Text:
    """A string of ``min_length`` to ``max_length`` characters."""

    default: str | None = None
    min_length: int = 0
    max_length: int = 1_000


@dataclass(frozen=True, eq=False)
class LocalisedText:
    """A string, or one per language: ``{"en": ..., "ko": ...}``.

    ``prose`` is text of sentences and lines, which merges word by word.
    """

    prose: bool = False
    max_length: int = 1_000
    default: str | None = ""


@dataclass(frozen=True, eq=False)
class Name:
    """An api_name: 1 to 100 characters of ``[A-Za-z0-9_]``, and ``-`` where ``hyphens`` says so."""

    hyphens: bool = False
    default: None = None


@dataclass(frozen=True, eq=False)
class Rid:
    """A UUID in lower case: who a resource or a member is, whatever it is called."""

    default: None = None


@dataclass(frozen=True, eq=False)
class Date:
    """A calendar date, ``YYYY-MM-DD``."""

    default: None = None


@dataclass(frozen=True, eq=False)
class Boolean:
    default: bool | None = False


@dataclass(frozen=True, eq=False)
class Integer:
    """An integer from ``minimum`` to ``maximum``, both included."""

    minimum: int = 0
    maximum: int = 2**53 - 1
    default: int | None = None


@dataclass(frozen=True, eq=False)
class Bound:
    """A limit of an ordered type: a number, or a string for decimals, dates and times."""

    default: None = None


@dataclass(frozen=True, eq=False)
class Choice:
    """One of a closed set of strings."""

    values: tuple[str, ...]
    default: str | None = None


@dataclass(frozen=True, eq=False)
class Reference:
    """The name of a resource of one of ``kinds``."""

    kinds: tuple[str, ...]
    default: None = None


@dataclass(frozen=True, eq=False)
class MemberReference:
    """The name of a member of this resource, or of one that it inherits from or joins.

    ``of`` is the map that holds the member: ``properties`` or ``parameters``.
    """

    of: str
    default: None = None


@dataclass(frozen=True, eq=False)
class FreeJson:
    """Any JSON value, of no meaning to the meta-model; null is the same as nothing."""

    default: None = None


@dataclass(frozen=True, eq=False)
class TypeExpression:
    """A type, ``{"type": NAME, ...parameters}``, of the names in ``allowed``.

    A bare string is accepted for a type without parameters. Each type's parameters are
    :data:`ontology.engine.kinds.TYPES`. ``refusal`` is the rule that a known type outside
    ``allowed`` breaks.
    """

    allowed: frozenset[str]
    refusal: str = "TYPE_PARAMETER"
    default: None = None


@dataclass(frozen=True, eq=False)
class SetOf:
    """A list without order and repetition; stored sorted by code point."""

    item: "Text | Reference"
    default: tuple[()] = ()


@dataclass(frozen=True, eq=False)
class ListOf:
    """A list whose order means something."""

    item: "Shape"
    default: tuple[()] | None = ()


@dataclass(frozen=True, eq=False)
class MapOf:
    """Members by their key. ``default`` is ``None`` where an empty map says more than none."""

    value: "Record | FreeJson"
    key: "Name | Text" = field(default_factory=Name)
    default: Mapping[str, Json] | None = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Record:
    """An object with known fields.

    ``required`` fields are always there; of ``one_of`` at least one is. An ``identified``
    record stands for a resource or a member: it has a ``rid``, and accepts its own name as
    ``api_name``. The fields of a ``coupled`` group mean something together only, so that two
    people who change different ones of them have to agree. One that is ``whole`` comes and goes
    as one thing: who takes it away disagrees with who changes it.
    """

    noun: Sentence
    fields: Mapping[str, "Shape"]
    required: frozenset[str] = frozenset()
    one_of: tuple[str, ...] = ()
    identified: bool = False
    coupled: tuple[tuple[str, ...], ...] = ()
    whole: bool = False
    default: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Tagged:
    """An object whose field ``tag`` says which of ``cases`` it is."""

    noun: Sentence
    tag: str
    cases: Mapping[str, Record]
    default: None = None


Shape = (
    Text
    | LocalisedText
    | Name
    | Rid
    | Date
    | Boolean
    | Integer
    | Bound
    | Choice
    | Reference
    | MemberReference
    | FreeJson
    | TypeExpression
    | SetOf
    | ListOf
    | MapOf
    | Record
    | Tagged
)


@cache
def member_maps(record: Record) -> tuple[tuple[tuple[str, ...], Record], ...]:
    """The maps of identified members in ``record``: (path of fields to the map, the members' record)."""
    return tuple(_member_maps(record))


def _member_maps(record: Record) -> Iterator[tuple[tuple[str, ...], Record]]:
    for name, shape in record.fields.items():
        if isinstance(shape, MapOf) and isinstance(shape.value, Record) and shape.value.identified:
            yield (name,), shape.value
        elif isinstance(shape, Record):
            for path, members in member_maps(shape):
                yield (name, *path), members


def blank(record: Record) -> dict[str, Json]:
    """The least that a new value of ``record`` starts from: its required fields, each at its simplest."""
    needed = [name for name in record.fields if name in record.required]
    if record.one_of and not record.required:
        needed.append(record.one_of[0])
    return {name: _blank(record.fields[name]) for name in needed}


def _blank(shape: Shape) -> Json:
    match shape:
        case Record():
            return blank(shape)
        case TypeExpression():
            return {"type": "string"}
        case MapOf():
            return {}
        case SetOf() | ListOf():
            return []
        case Choice(values=values):
            return values[0]
    return ""
