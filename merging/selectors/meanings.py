"""References whose names came to be those of other members than whoever wrote them meant."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from gateway.engine.json_pointer import pointer, tokens
from gateway.engine.sentences import sentence
from history.engine.content import Content, Key, Violation
from merging.engine.identity import changes_hands
from merging.engine.merge import Renames
from merging.engine.places import Place, place_of
from merging.engine.result import Conflict
from merging.engine.values import ABSENT, Sides, Value, same
from merging.selectors.schema import merge_schema
from ontology.engine.effective import effective_properties
from ontology.engine.findings import shown
from ontology.engine.members import HOLDERS, bearers
from ontology.engine.places import shape_at
from ontology.engine.references import Site, sites
from ontology.engine.relations import heirs, implementers
from ontology.engine.shapes import ListOf, MemberReference
from ontology.engine.state import State
from ontology.engine.validation import Found, in_document

RULE: Final = "MEANING_LOST"

_MAPS: Final = {**dict.fromkeys(HOLDERS, "properties"), "action_type": "parameters"}
"""Where the kinds have the members that references name."""


class Mistaken(NamedTuple):
    """A reference of the merged state that leads to another member than the one that was meant.

    ``name`` is what that one is called now; None where it is gone, or where several were meant.
    """

    key: Key
    site: Site
    name: str | None

    @property
    def place(self) -> Place:
        """Where it stands, or the place around it that merges as a whole."""
        return place_of(merge_schema(), self.key, tokens(self.site.path))

    @property
    def violation(self) -> Found:
        """It as a rule that is broken."""
        message = sentence("{name} is the name of another one than was meant here.", name=shown(self.site.name))
        return self.key, Violation(RULE, self.site.path, message)


def mistaken(
    merged: State, sides: Sides, renames: Sides, changed: Collection[Key], former: Mapping[tuple[Key, str], str]
) -> Iterator[Mistaken]:
    """The references to members in the merged state that lead to another than was meant, in order of key and path.

    ``sides`` are the states of base, ours and theirs, ``renames`` the merged names of their resources, and
    ``changed`` the keys at which a side differs from the base. References at the keys and paths ``former`` had these
    names before they were followed. What is meant is what the name leads to on a side
    that has it at the place; where that is another member than in the base, that side alone is asked. What
    a side does not have at all is no other member to it, but what stands for the one that it had.
    """
    contents = _naming(merged, {*_handed_over(sides, renames, changed), *(key for key, _ in former)})
    named = [
        (key, site, bearers(key, content))
        for key, content in sorted(contents.items())
        for site in _member_sites(key[0], content)
    ]
    asked = {bearer for _, _, each in named for bearer in each}
    here = _view(merged, {}, contents, asked)
    views = Sides(*(_view(side, given, contents, asked) for side, given in zip(sides, renames, strict=True)))
    for key, site, bearing in named:
        said = former.get((key, site.path), site.name)
        names = {name for bearer in bearing for name in _names(key, site, said, bearer, here, views)}
        if not names <= {site.name}:
            yield Mistaken(key, site, names.pop() if len(names) == 1 else None)
    yield from _taken_over(merged, sides, renames)


def meant_alike(
    conflicts: Iterable[Conflict], merged: State, sides: Sides, renames: Sides
) -> Iterator[tuple[Conflict, Value]]:
    """The conflicts over references to members whose meaning not both sides changed, and what comes there.

    That is the name that what is meant has in the merged state. ``sides`` and ``renames`` are as for :func:`mistaken`.
    """
    found = [(conflict, _place(conflict, renames.ours)) for conflict in conflicts if _is_over_members(conflict)]
    contents = merged.contents(place.key for _, place in found)
    bearing = {key: bearers(key, content) for key, content in contents.items()}
    asked = {bearer for each in bearing.values() for bearer in each}
    here = _view(merged, {}, contents, asked)
    views = [_view(side, given, contents, asked) for side, given in zip(sides, renames, strict=True)]
    for conflict, place in found:
        meant = Sides(*(view.meaning(place, bearing.get(place.key, ())) for view in views))
        if None in meant or not (same(meant.base, meant.ours) or same(meant.base, meant.theirs)):
            continue
        names = here.names(meant.theirs if same(meant.base, meant.ours) else meant.ours)
        if names:
            yield conflict, names if isinstance(conflict.ours, list) else names[0]


def called_now(found: Iterable[Found], merged: State, sides: Sides, renames: Sides) -> dict[str, tuple[Site, str]]:
    """By the paths of references to members that lead nowhere: what is called now what a side meant that has them so.

    Left out are those for which no one name says it. ``sides`` and ``renames`` are as for :func:`mistaken`.
    """
    contents = merged.contents(key for key, _ in found)
    told = {(key, violation.path): in_document((key, violation)).path for key, violation in found}
    loose = [
        (key, site)
        for key, content in contents.items()
        for site in _member_sites(key[0], content)
        if (key, site.path) in told
    ]
    bearing = {key: bearers(key, contents[key]) for key, _ in loose}
    asked = {bearer for each in bearing.values() for bearer in each}
    here = _view(merged, {}, bearing, asked)
    views = [_view(side, given, bearing, asked) for side, given in zip(sides[1:], renames[1:], strict=True)]
    called = {}
    for key, site in loose:
        place, item = here.item(key, site)
        for view in views:
            meant = {
                who: view.members[who][site.name] for who in bearing[key] if site.name in view.members.get(who, {})
            }
            if meant and view.says(key, place, item) and (names := here.names([meant])):
                called[told[key, site.path]] = site, names[0]
                break
    return called


def _is_over_members(conflict: Conflict) -> bool:
    _resources, kind, _name, *path = tokens(conflict.path)
    shape = shape_at(kind, path)
    return (
        isinstance(shape.item if isinstance(shape, ListOf) else shape, MemberReference) and ABSENT not in conflict.sides
    )


def _place(conflict: Conflict, renames: Renames) -> Place:
    """Where a conflict stands, whose path goes by our names, in the merged state."""
    _resources, kind, name, *path = tokens(conflict.path)
    return Place((kind, renames.get((kind, name), name)), tuple(path))


# --- What is looked at ----------------------------------------------------------------------------


def _handed_over(sides: Sides, renames: Sides, changed: Collection[Key]) -> set[Key]:
    """The resources, by their merged keys, of which a name is that of one member here and of another there."""
    members: dict[Key, list[Mapping[str, Content]]] = {}
    for side, given in zip(sides, renames, strict=True):
        for key, content in side.contents(key for key in changed if key[0] in _MAPS).items():
            members.setdefault((key[0], given.get(key, key[1])), []).append(content.get(_MAPS[key[0]], {}))
    return {key for key, versions in members.items() if changes_hands(versions, merge_schema().identity)}


def _naming(state: State, holders: Collection[Key]) -> Mapping[Key, Content]:
    """``holders``, what inherits from them, and the link types at all these: whoever may name a member of theirs."""
    found = near = state.contents(holders)
    while near:
        inheriting = (*heirs(state, near).values(), *implementers(state, near).values())
        near = state.contents({heir for each in inheriting for heir in each} - found.keys())
        found = found | near
    links = state.referrers(found, ["link_type"]) if found else {}
    return found | state.contents({link for each in links.values() for link in each})


def _member_sites(kind: str, content: Content) -> Iterator[Site]:
    """The places that name a member, those among them that name what replaces another one."""
    yield from (site for site in sites(kind, content) if site.of)
    of = _MAPS.get(kind, "")
    for name, member in content.get(of, {}).items():
        if replacement := member.get("deprecation", {}).get("replacement"):
            yield Site(pointer("", of, name, "deprecation", "replacement"), replacement, of=of)


@dataclass(frozen=True)
class _View:
    """What a state has of some resources, by their merged keys, its references to resources by merged names."""

    contents: Mapping[Key, Content]
    members: Mapping[Key, Mapping[str, str]]
    """The identities of members by name."""

    def says(self, key: Key, names: tuple[str, ...], item: Value) -> bool:
        """Whether it has ``item`` at a place, or in the list that stands there."""
        held = _at(self.contents.get(key, ABSENT), names)
        return any(same(each, item) for each in held) if isinstance(held, list) else same(held, item)

    def item(self, key: Key, site: Site) -> tuple[tuple[str, ...], Value]:
        """The place that merges as a whole and holds ``site``, and what stands there; of a list the item of it."""
        names = tuple(tokens(site.path))
        place = place_of(merge_schema(), key, names).names
        held = _at(self.contents[key], place)
        return place, held[int(names[len(place)])] if isinstance(held, list) else held

    def meaning(self, place: Place, bearing: Collection[Key]) -> list[dict[Key, str]] | None:
        """Of each member that is named at a place what it is to those who have it; None where one is nobody's."""
        held = _at(self.contents.get(place.key, ABSENT), place.names)
        meant = [
            {bearer: self.members[bearer][name] for bearer in bearing if name in self.members.get(bearer, {})}
            for name in (held if isinstance(held, list) else [held])
        ]
        return meant if all(meant) else None

    def names(self, meant: Collection[Mapping[Key, str]]) -> list[str] | None:
        """The names by which members are what is meant to all who have them; None where one has no such name."""
        names = []
        for each in meant:
            called = [{name for name, who in self.members[bearer].items() if who == each[bearer]} for bearer in each]
            common = set.intersection(*called)
            if not common:
                return None
            names.append(min(common))
        return names


def _view(state: State, renames: Renames, contents: Iterable[Key], bearing: Collection[Key]) -> _View:
    """What ``state`` has of ``contents``, and of the members of ``bearing``."""
    keys = _own(renames, bearing)
    members = _members(state, keys.values())
    rewrite, written = merge_schema().rewrite, _as_written(state, renames, contents)
    return _View(
        {key: rewrite(key[0], content, renames) for key, content in written.contents.items()},
        {key: members[mine] for key, mine in keys.items() if mine in members},
    )


def _as_written(state: State, renames: Renames, contents: Iterable[Key]) -> _View:
    """What ``state`` has of ``contents``, with the names that it uses itself."""
    keys = _own(renames, contents)
    held = state.contents(keys.values())
    return _View({key: held[mine] for key, mine in keys.items() if mine in held}, {})


def _own(renames: Renames, keys: Iterable[Key]) -> dict[Key, Key]:
    """The keys by which a side has what is merged under ``keys``, as far as the names tell."""
    former = {(key[0], name): key for key, name in renames.items()}
    return {key: former.get(key, key) for key in keys if key in former or key not in renames}


def _members(state: State, keys: Collection[Key]) -> dict[Key, dict[str, str]]:
    """The members of those of ``keys`` that exist, inherited ones among them: their identities by name."""
    identity = merge_schema().identity
    effective = effective_properties(state, keys)
    members = {key: {name: each.property for name, each in found.items()} for key, found in effective.items()}
    members |= {
        key: content.get("parameters", {}) for key, content in state.contents(keys).items() if key not in members
    }
    return {
        key: {name: member[identity] for name, member in found.items() if identity in member}
        for key, found in members.items()
    }


# --- Resources whose names were taken over --------------------------------------------------------


def _taken_over(merged: State, sides: Sides, renames: Sides) -> Iterator[Mistaken]:
    """The references to resources that a side made to what is gone, whose name another one got that the side has."""
    for side, given in zip(sides[1:], renames[1:], strict=True):
        names = {(kind, name) for (kind, _), name in given.items()}
        gone = side.existing(names - given.keys())
        referrers = {each for found in merged.referrers(gone).values() for each in found} if gone else set()
        here = _as_written(merged, {}, referrers)
        own, base = _as_written(side, given, referrers), _as_written(sides.base, renames.base, referrers)
        for key, content in sorted(here.contents.items()):
            for site in sites(key[0], content):
                if not site.targets.isdisjoint(gone):
                    place, item = here.item(key, site)
                    if own.says(key, place, item) and not base.says(key, place, item):
                        yield Mistaken(key, site, None)


# --- What was meant -------------------------------------------------------------------------------


def _names(key: Key, site: Site, said: str, bearer: Key, merged: _View, views: Sides) -> set[str | None]:
    """What is called now what ``site``, which said ``said``, was meant to name of ``bearer``; None is not there."""
    members = merged.members.get(bearer, {})
    now = members.get(site.name)
    if now is None:
        return set()
    meant = {
        who
        for view, who in _meant(key, site, said, bearer, merged, views)
        if who == now or now in view.members[bearer].values()
    }
    called = {who: name for name, who in members.items()}
    return {called.get(who) for who in meant}


def _meant(key: Key, site: Site, said: str, bearer: Key, merged: _View, views: Sides) -> list[tuple[_View, str]]:
    """The members that ``site`` led to on the sides that have it so; on those only that changed it, where one did."""
    place, item = merged.item(key, site)
    item = said if isinstance(item, str) else item
    base, *sides = (view.members.get(bearer, {}).get(said) if view.says(key, place, item) else None for view in views)
    found = [(view, who) for view, who in zip(views[1:], sides, strict=True) if who is not None]
    return [each for each in found if each[1] != base] or found


def _at(value: Value, names: Iterable[str]) -> Value:
    for name in names:
        value = value.get(name, ABSENT) if isinstance(value, dict) else ABSENT
    return value
