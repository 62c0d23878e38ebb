"""What differs between two versions of a resource, field by field, for people to read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from history.engine.content import Content
from ontology.engine.kinds import KINDS
from ontology.engine.shapes import FreeJson, LocalisedText, MapOf, Name, Record, Rid, Shape, Text

Json = Any

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_NOTHING: Mapping[str, Json] = {}
_LONGEST_ALIGNED: Final = 4_000
"""Tokens of a text that are aligned one by one; aligning takes the square of their number."""


@dataclass(frozen=True)
class FieldChange:
    """A field that differs.

    ``path`` leads to it by the names of the later version, where it has them. ``None`` is a side
    on which there is nothing; a field that one version leaves out has its default. ``shape`` says how the
    two are to be read: a member that came or went whole has its record, one that was called
    something else has the shape ``Name`` and its two names.
    """

    path: tuple[str, ...]
    before: Json
    after: Json
    shape: Shape


@dataclass(frozen=True)
class Segment:
    """A piece of a text or of a list, and whether only this side has it."""

    value: Json
    changed: bool


def field_changes(kind: str, before: Content | None, after: Content | None) -> list[FieldChange]:
    """The fields in which two stored forms differ, in the order in which the kind declares them.

    ``None`` is a version that is not there. Members are known again by their rid, else by name.
    """
    return list(_record(KINDS[kind], before, after, ()))


def aligned(before: Sequence[Json], after: Sequence[Json]) -> tuple[list[Segment], list[Segment]]:
    """Both lists item by item, with what the other has not at that place marked."""
    matcher = SequenceMatcher(None, [repr(item) for item in before], [repr(item) for item in after], autojunk=False)
    left, right = list[Segment](), list[Segment]()
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        left += [Segment(item, tag != "equal") for item in before[start:end]]
        right += [Segment(item, tag != "equal") for item in after[other_start:other_end]]
    return left, right


def words_aligned(before: str, after: str) -> tuple[list[Segment], list[Segment]]:
    """Both texts in pieces, with the words marked that the other has not; the pieces make up the texts."""
    words = _WORD.findall(before), _WORD.findall(after)
    if sum(map(len, words)) > _LONGEST_ALIGNED:
        return [Segment(before, changed=True)], [Segment(after, changed=True)]
    left, right = aligned(*words)
    return _joined(left), _joined(right)


def _record(
    record: Record, before: Mapping[str, Json] | None, after: Mapping[str, Json] | None, path: tuple[str, ...]
) -> Iterator[FieldChange]:
    both = before is not None and after is not None
    for name, shape in record.fields.items():
        if not isinstance(shape, Rid):
            default = shape.default if both else None
            yield from _field(shape, _held(before, name, default), _held(after, name, default), (*path, name))


def _held(holder: Mapping[str, Json] | None, name: str, default: Json) -> Json:
    """What stands in a field; None where that is nothing."""
    value = default if holder is None else holder.get(name, default)
    return None if isinstance(value, str | tuple | Mapping) and not value else value


def _field(shape: Shape, before: Json, after: Json, path: tuple[str, ...]) -> Iterator[FieldChange]:
    if before == after:
        return
    match shape:
        case Record():
            yield from _record(shape, before, after, path)
        case MapOf(value=Record() as member):
            yield from _members(member, before or _NOTHING, after or _NOTHING, path)
        case MapOf(value=FreeJson() as value):
            yield from _entries(value, before or _NOTHING, after or _NOTHING, path)
        case LocalisedText():
            yield from _entries(Text(), _by_language(before), _by_language(after), path)
        case _:
            yield FieldChange(path, before, after, shape)


def _by_language(value: Json) -> Mapping[str, Json]:
    if isinstance(value, Mapping):
        return value
    return _NOTHING if value is None else {"": value}


def _entries(
    shape: Shape, before: Mapping[str, Json], after: Mapping[str, Json], path: tuple[str, ...]
) -> Iterator[FieldChange]:
    for key in _keys(before, after):
        if before.get(key) != after.get(key):
            yield FieldChange((*path, key) if key else path, before.get(key), after.get(key), shape)


def _members(
    record: Record, before: Mapping[str, Content], after: Mapping[str, Content], path: tuple[str, ...]
) -> Iterator[FieldChange]:
    former = former_names(before, after)
    for name in _keys(before, after):
        here = (*path, name)
        if name in before and name not in former.values():
            yield FieldChange(here, before[name], None, record)
        if name in after and name not in former:
            yield FieldChange(here, None, after[name], record)
        if name in former:
            if former[name] != name:
                yield FieldChange(here, former[name], name, Name())
            yield from _field(record, before[former[name]], after[name], here)


def former_names(before: Mapping[str, Content], after: Mapping[str, Content]) -> dict[str, str]:
    """The name that each member of ``after`` had, for those that were there."""
    by_rid = {member["rid"]: name for name, member in before.items() if "rid" in member}
    known = {name: by_rid[member["rid"]] for name, member in after.items() if member.get("rid") in by_rid}
    unnamed = {name for name in before.keys() & after.keys() if "rid" not in before[name] or "rid" not in after[name]}
    return known | {name: name for name in unnamed - known.keys() - set(known.values())}


def _keys(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[str]:
    return sorted(before.keys() | after.keys())


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Neighbours of one sort as one piece; a blank between two marked words is marked too."""
    pieces: list[Segment] = []
    for place, segment in enumerate(segments):
        between = 0 < place < len(segments) - 1 and segments[place - 1].changed and segments[place + 1].changed
        changed = segment.changed or (segment.value.isspace() and between)
        if pieces and pieces[-1].changed == changed:
            pieces[-1] = Segment(pieces[-1].value + segment.value, changed)
        else:
            pieces.append(Segment(segment.value, changed))
    return pieces
