"""Whom a change reaches: what inherits it, uses it or has a value of it, through any number of others."""

from collections.abc import Iterable, Iterator, Mapping

from history.engine.content import Content, Key
from ontology.engine.breaking.difference import Place
from ontology.engine.kinds import KINDS
from ontology.engine.members import HOLDERS
from ontology.engine.references import sites
from ontology.engine.state import State

_USED = ("shared_property", "value_type", "struct_type")


class Dependants:
    """Who depends on what in a state, as far as it was read for some places."""

    def __init__(self, state: State, places: Iterable[Place]) -> None:
        """Read what depends on ``places``, generation by generation for all of them together."""
        self._state = state
        self._following: dict[Place, set[Place]] = {}
        frontier = {_subject(place) for place in places}
        while frontier:
            contents, referrers = self._read(frontier)
            for place in frontier:
                named = referrers.get(place[:2], set())  # type: ignore[arg-type]  # the first two of a place are a key
                self._following[place] = {found for key in named for found in _following(place, key, contents[key])}
            frontier = {near for place in frontier for near in self._following[place]} - self._following.keys()

    def of(self, place: Place) -> set[Place]:
        """The places that depend on ``place``, the ends of all chains and what is between."""
        start = _subject(place)
        found, pending = {start}, [start]
        while pending:
            near = self._following[pending.pop()] - found
            found |= near
            pending += near
        return found - {start}

    def _read(self, places: set[Place]) -> tuple[Mapping[Key, Content], Mapping[Key, set[Key]]]:
        referrers: dict[Key, set[Key]] = {}
        for kinds, sources in ((HOLDERS, HOLDERS), (_USED, tuple(KINDS))):
            keys = {(place[0], place[1]) for place in places if place[0] in kinds}
            referrers |= self._state.referrers(keys, sources) if keys else {}
        return self._state.contents(key for found in referrers.values() for key in found), referrers


def _subject(place: Place) -> Place:
    """What others depend on: of a value type or shared property the whole, of anything else a member too."""
    return place[:2] if place[0] in {"shared_property", "value_type"} else place[:4]


def _following(place: Place, key: Key, content: Content) -> Iterator[Place]:
    """What of the resource at ``key``, which names the one of ``place``, depends on that."""
    if place[0] in _USED:
        yield from _users(place, key, content)
    elif place[0] in HOLDERS and _inherits(place, key, content):
        yield from _heirs(place, key, content)


def _users(place: Place, key: Key, content: Content) -> Iterator[Place]:
    for site in sites(key[0], content):
        field, *rest = site.path[1:].split("/")
        if (place[0], place[1]) in site.targets and field != "deprecation":
            is_member = field in {"properties", "fields", "parameters"}
            yield _subject((*key, field, rest[0]) if is_member else key)


def _inherits(place: Place, key: Key, content: Content) -> bool:
    field = "implements" if (place[0], key[0]) == ("interface", "object_type") else "extends"
    return place[1] in content.get(field, ()) and (place[0] == key[0] or field == "implements")


def _heirs(place: Place, key: Key, content: Content) -> Iterator[Place]:
    """The type that inherits what ``place`` is; one that declares the property itself depends on interfaces only."""
    if len(place) == 2 or place[2] == "links":
        yield key
    elif place[0] == "interface" or place[3] not in content.get("properties", {}):
        yield (*key, *place[2:4])
