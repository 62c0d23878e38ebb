"""What of an ontology a schema does not say yet, put into its annotations."""

import copy
from collections.abc import Mapping
from typing import Any, Final

from history.engine.content import Content, Key
from ontology.engine.identity import give_identities
from ontology.engine.kinds import KINDS
from ontology.engine.normalisation import normal_form
from ontology.engine.shapes import Record, member_maps
from ontology.formats.linkml.members import Body, Place, noted
from ontology.formats.linkml.patches import difference
from ontology.formats.linkml.reading import contents_of
from ontology.formats.linkml.schema import schema_of

_NOTHING: Final[Content] = {}


def annotate(schema: Body, contents: Mapping[Key, Content], places: Mapping[Place, Body]) -> None:
    """Add to the elements at ``places`` what the schema does not give back of ``contents``."""
    read = contents_of(schema_of(schema))
    apart: dict[str, dict[str, Content]] = {}
    for key, content in contents.items():
        kind, name = key
        if key in read and (key, ()) in places:
            given, _ = normal_form(kind, name, read[key])
            _Remainder(key, places, _told_rids(key, content)).tell(KINDS[kind], (), given, content)
        else:
            apart.setdefault(kind, {})[name] = content
    if apart:
        noted(schema, {"resources": apart})


class _Remainder:
    """What is missing of one resource."""

    def __init__(self, key: Key, places: Mapping[Place, Body], rids: frozenset[str]) -> None:
        self._key = key
        self._places = places
        self._rids = rids

    def tell(self, record: Record, path: tuple[str, ...], given: Content, wanted: Content) -> None:
        """Note at the resource or member at ``path`` what it lacks, and at its members what they lack."""
        patch = difference(_bare(record, given), _bare(record, wanted), {"rid"})
        if wanted.get("rid") in self._rids:
            patch["rid"] = wanted["rid"]
        for field, members in member_maps(record):
            if lacking := self._members(members, (*path, *field), _dig(given, field), _dig(wanted, field)):
                _put(patch, field, lacking if len(field) == 1 else _dig(wanted, field))
            elif _is_there(given, field) != _is_there(wanted, field) and len(field) > 1:
                _put(patch, field, _dig(wanted, field) if _is_there(wanted, field) else None)
        noted(self._places[self._key, path], patch)

    def _members(self, record: Record, path: tuple[str, ...], given: Content, wanted: Content) -> dict[str, Any]:
        """Tell of each member at its own place; those that have none, and null for those that must go."""
        placed = {name for name in wanted.keys() & given.keys() if (self._key, (*path, name)) in self._places}
        for name in sorted(placed):
            self.tell(record, (*path, name), given[name], wanted[name])
        lacking = {name: member for name, member in wanted.items() if name not in placed}
        return {**dict.fromkeys(sorted(given.keys() - wanted.keys())), **lacking}


def _put(patch: dict[str, Any], field: tuple[str, ...], members: Any) -> None:
    for name in field[:-1]:
        patch = patch.setdefault(name, {})
    patch[field[-1]] = members


def _is_there(content: Content, field: tuple[str, ...]) -> bool:
    return field[-1] in _dig(content, field[:-1])


def _bare(record: Record, content: Content) -> Content:
    """``content`` without its members."""
    bare = dict(content)
    for field, _ in member_maps(record):
        if len(field) == 1:
            bare.pop(field[0], None)
        elif field[0] in bare:
            bare[field[0]] = {key: part for key, part in bare[field[0]].items() if key != field[1]}
    return bare


def _dig(content: Content, field: tuple[str, ...]) -> Content:
    for name in field:
        content = content.get(name, _NOTHING)
    return content


# --- Identities -------------------------------------------------------------------------------------


def _told_rids(key: Key, content: Content) -> frozenset[str]:
    """The rids that would be others if they were not said: none, the resource's, or all."""
    kind, name = key
    bare = _without_rids(KINDS[kind], content)
    for said in ({}, {"rid": content["rid"]}):
        derived = {**copy.deepcopy(bare), **said}
        give_identities(kind, name, derived, None, lambda _rid: False)
        if derived == content:
            return frozenset(said.values())
    return frozenset(_rids(KINDS[kind], content))


def _without_rids(record: Record, content: Content) -> dict[str, Any]:
    bare = {field: value for field, value in copy.deepcopy(content).items() if field != "rid"}
    for field, members in member_maps(record):
        holder: Any = _dig(bare, field[:-1])
        if field[-1] in holder:
            holder[field[-1]] = {name: _without_rids(members, member) for name, member in holder[field[-1]].items()}
    return bare


def _rids(record: Record, content: Content) -> list[str]:
    found = [content["rid"]]
    for field, members in member_maps(record):
        for member in _dig(content, field).values():
            found += _rids(members, member)
    return found
