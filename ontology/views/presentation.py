"""Contents, and what differs between them, as templates show them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ontology.engine.comparison import FieldChange, Segment, aligned, words_aligned
from ontology.engine.places import steps_along
from ontology.engine.shapes import (
    Bound,
    Choice,
    Date,
    FreeJson,
    Integer,
    ListOf,
    LocalisedText,
    MapOf,
    MemberReference,
    Name,
    Record,
    Reference,
    Rid,
    SetOf,
    Shape,
    TypeExpression,
)
from ontology.views.labels import choice_label, field_label, language_label, yes_or_no

Json = Any
Link = Callable[[Sequence[str], str], str]
"""The address of the resource of one of these kinds and this name; empty where it has none."""

Form = Literal["nothing", "text", "code", "chips", "steps", "facts", "json"]
Sort = Literal["added", "removed", "modified", "renamed"]


@dataclass(frozen=True)
class Piece:
    """A part of what is shown. ``changed``: the other side has not got it; ``label``: what it is."""

    text: str
    changed: bool = False
    href: str = ""
    label: str = ""


@dataclass(frozen=True)
class Shown:
    """A value for the template ``console/shown.html``."""

    form: Form
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Word:
    """A step of a path: a field's label, or a name, which is code."""

    text: str
    is_name: bool = False


@dataclass(frozen=True)
class ShownChange:
    """One row of a difference."""

    path: tuple[Word, ...]
    sort: Sort
    before: Shown
    after: Shown
    follows: bool = False
    """Whether all that changed in it is what another resource is called."""


NOTHING = Shown("nothing")


def no_link(kinds: Sequence[str], name: str) -> str:
    return ""


def shown(shape: Shape, value: Json, link: Link = no_link) -> Shown:
    """``value``, of ``shape``, as it is read; references with their addresses."""
    if value is None or value in ("", [], (), {}):
        return NOTHING
    return Shown(_form(shape, value), tuple(_pieces_of(shape, value, link)))


def shown_change(kind: str, change: FieldChange, *, follows: bool = False) -> ShownChange:
    """A row of a difference, with what only one side has marked."""
    path = path_words(kind, change.path)
    before, after = _both(change)
    sort: Sort = "modified"
    if isinstance(change.shape, Name):
        sort = "renamed"
    elif change.before is None:
        sort = "added"
    elif change.after is None:
        sort = "removed"
    return ShownChange(path, sort, before, after, follows)


def path_words(kind: str, path: Iterable[str]) -> tuple[Word, ...]:
    """A path into a content in words."""
    return tuple(_word(holder, token) for token, holder, _shape in steps_along(kind, path))


def _word(holder: Shape | None, token: str) -> Word:
    match holder:
        case Record():
            return Word(field_label(token))
        case LocalisedText():
            return Word(language_label(token))
    return Word(token, is_name=True)


def type_text(value: Json) -> str:
    """A type as a programmer would write it: ``array<string>``, ``decimal(10, 2)``."""
    match value:
        case {"type": "array", "items": items}:
            text = f"array<{type_text(items)}>"
        case {"type": "map", "keys": keys, "values": values}:
            text = f"map<{type_text(keys)}, {type_text(values)}>"
        case {"type": "decimal", "precision": precision, "scale": scale}:
            text = f"decimal({precision}, {scale})"
        case {"type": "vector", "dimension": dimension}:
            text = f"vector({dimension})"
        case {"type": "struct", "struct_type": name}:
            text = f"struct {name}"
        case {"type": str(text)}:
            pass
        case _:
            text = item_text(value)
    return text


def record_facts(record: Record, value: Mapping[str, Json], link: Link = no_link) -> Iterator[Piece]:
    """What a member or another record says: its type first, then fact by fact."""
    for name, shape in sorted(record.fields.items(), key=lambda field: not isinstance(field[1], TypeExpression)):
        part = value.get(name)
        if part is False or part in (None, "", [], {}) or isinstance(shape, Rid):
            continue
        if isinstance(shape, TypeExpression):
            yield from _pieces_of(shape, part, link)
        elif part is True:
            yield Piece(field_label(name).lower())
        elif isinstance(shape, Record):
            yield from record_facts(shape, part, link)
        else:
            yield Piece(_fact_text(shape, part), label=field_label(name))


def _fact_text(shape: Shape, value: Json) -> str:
    match shape:
        case MapOf():
            return ", ".join(value)
        case SetOf() | ListOf():
            return ", ".join(item_text(item) for item in value)
    return scalar_text(shape, value)


def scalar_text(shape: Shape, value: Json) -> str:
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(shape, Choice):
        return choice_label(value)
    if isinstance(shape, LocalisedText) and isinstance(value, dict):
        return " · ".join(value[language] for language in sorted(value))
    return value if isinstance(value, str) else item_text(value)


def item_text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def json_text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _form(shape: Shape, value: Json) -> Form:
    match shape:
        case Reference() | SetOf() | ListOf(item=MemberReference()):
            form: Form = "chips"
        case Record():
            form = "facts"
        case ListOf():
            form = "steps"
        case FreeJson() if isinstance(value, dict | list):
            form = "json"
        case TypeExpression() | Rid() | Name() | MemberReference() | Bound() | Integer() | Date() | FreeJson():
            form = "code"
        case _:
            form = "text"
    return form


def _pieces_of(shape: Shape, value: Json, link: Link) -> Iterator[Piece]:
    match shape:
        case Reference(kinds=kinds):
            yield Piece(value, href=link(kinds, value))
        case SetOf(item=Reference(kinds=kinds)):
            yield from (Piece(name, href=link(kinds, name)) for name in value)
        case SetOf() | ListOf():
            yield from (Piece(item_text(item)) for item in value)
        case TypeExpression():
            yield Piece(type_text(value), href=_type_link(value, link))
        case Record():
            yield from record_facts(shape, value, link)
        case FreeJson() if isinstance(value, dict | list):
            yield Piece(json_text(value))
        case _:
            yield Piece(scalar_text(shape, value))


def _type_link(value: Json, link: Link) -> str:
    match value:
        case {"type": "struct", "struct_type": name}:
            return link(("struct_type",), name)
        case {"items": inner} | {"values": inner}:
            return _type_link(inner, link)
    return ""


def _both(change: FieldChange) -> tuple[Shown, Shown]:
    """Both sides of a change, aligned with one another where that says more."""
    if change.before is None or change.after is None:
        return shown(change.shape, change.before), shown(change.shape, change.after)
    match change.shape:
        case SetOf():
            return _set_sides(change)
        case ListOf():
            left, right = aligned(
                [item_text(item) for item in change.before], [item_text(item) for item in change.after]
            )
            form = _form(change.shape, change.after)
            return Shown(form, _pieces(left)), Shown(form, _pieces(right))
    sides = shown(change.shape, change.before), shown(change.shape, change.after)
    if {side.form for side in sides} == {"json"}:
        left, right = aligned(*(side.pieces[0].text.splitlines(keepends=True) for side in sides))
        return Shown("json", _pieces(left)), Shown("json", _pieces(right))
    if {side.form for side in sides} == {"text"} and not isinstance(change.shape, Choice):
        left, right = words_aligned(sides[0].pieces[0].text, sides[1].pieces[0].text)
        return Shown("text", _pieces(left)), Shown("text", _pieces(right))
    return sides


def _set_sides(change: FieldChange) -> tuple[Shown, Shown]:
    def side(items: Sequence[str], others: Sequence[str]) -> Shown:
        return Shown("chips", tuple(Piece(item, changed=item not in others) for item in items)) if items else NOTHING

    return side(change.before, change.after), side(change.after, change.before)


def _pieces(segments: Iterable[Segment]) -> tuple[Piece, ...]:
    return tuple(Piece(segment.value, segment.changed) for segment in segments)
