"""What the rules look at: some resources, and whatever of a state their validity depends on."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar

from history.engine.content import Content, Key
from ontology.engine.effective import Effective, ancestry, interfaces, lineage, own_properties, properties_of, reached
from ontology.engine.members import HOLDERS
from ontology.engine.references import references
from ontology.engine.state import State

T = TypeVar("T")

SIDES: Final = ("source", "target")
LINKS: Final = ("link_type",)
_TYPING: Final = frozenset({"shared_property", "value_type", "struct_type"})


@dataclass(frozen=True)
class Side:
    """A side of a link type, as the types see it that stand there."""

    link: Key
    content: Content = field(compare=False)
    side: str

    @property
    def api_name(self) -> str:
        """What the way to the other side is called; empty where it has no name."""
        name: str = self.content[self.side].get("api_name", "")
        return name

    @property
    def to_one(self) -> bool:
        """Whether an object here has at most one on the other side."""
        cardinality: str = self.content["cardinality"]
        return cardinality.endswith("_to_one") if self.side == "source" else cardinality.startswith("one_to_")

    @property
    def others(self) -> list[str]:
        """The names of the types on the other side."""
        other = "target" if self.side == "source" else "source"
        return list(self.content[other].get("types", ()))


@dataclass
class Neighbourhood:
    """The ``subjects``, which are to be judged, and what that takes, read beforehand; what is not here does not exist.

    ``links`` are the link types that name a type, ``namesakes`` the resources whose names differ from
    one by case alone.
    """

    subjects: Collection[Key]
    contents: Mapping[Key, Content]
    links: Mapping[Key, Collection[Key]]
    namesakes: Mapping[Key, Collection[Key]]
    _found: dict[Any, Any] = field(default_factory=dict)

    def held(self, key: Key) -> Mapping[str, Effective]:
        """The properties that objects of a type really have: its own and inherited ones."""
        return self.once(key, _held)

    def kin(self, key: Key) -> Collection[Key]:
        """The type itself, what it extends, and the interfaces that it implements: all that its objects are."""
        return self.once(key, _kin).keys()

    def parents(self, key: Key) -> list[Key]:
        """The types that it extends directly."""
        return [near for name in self.contents[key].get("extends", ()) if (near := (key[0], name)) in self.contents]

    def bequeathers(self, key: Key) -> list[Key]:
        """The types that it extends directly, and the interfaces that it implements directly."""
        interfaces = [("interface", name) for name in self.contents[key].get("implements", ())]
        return [*self.parents(key), *(near for near in interfaces if near in self.contents)]

    def sides(self, key: Key) -> list[Side]:
        """The sides with a name of link types that stand at the type, its own and inherited ones."""
        return list(dict.fromkeys(side for near in self.kin(key) for side in self.once(near, _named_sides)))

    def once(self, key: Key, find: "Callable[[Neighbourhood, Key], T]") -> T:
        """What ``find`` finds for the key; it is asked once."""
        if (find, key) not in self._found:
            self._found[find, key] = find(self, key)
        found: T = self._found[find, key]
        return found

    @cached_property
    def inverses(self) -> Mapping[Key, list[Key]]:
        """The link types that name a link type as their inverse."""
        found: dict[Key, list[Key]] = {}
        for key, content in sorted(self.contents.items()):
            if key[0] == "link_type" and "inverse_of" in content:
                found.setdefault(("link_type", content["inverse_of"]), []).append(key)
        return found


def _held(near: Neighbourhood, key: Key) -> Mapping[str, Effective]:
    found = properties_of(key, near.contents, lambda origin: near.once(origin, _own))
    return {name: each for name, each in found.items() if each.via != "implements"}


def _own(near: Neighbourhood, key: Key) -> Mapping[str, Content]:
    return own_properties(key, near.contents)


def _kin(near: Neighbourhood, key: Key) -> dict[Key, None]:
    return dict.fromkeys([*lineage(key, near.contents), *interfaces(key, near.contents)])


def _named_sides(near: Neighbourhood, key: Key) -> list[Side]:
    """The sides with a name that stand at this very type, in order of their links."""
    return [
        Side(link, content, side)
        for link in sorted(near.links.get(key, ()))
        for content in [near.contents[link]]
        for side in SIDES
        if "api_name" in content[side] and key in ends(content, side)
    ]


def holders(names: Iterable[str]) -> set[Key]:
    """The keys that the end of a link may mean by its ``names``."""
    return {(kind, name) for name in names for kind in HOLDERS}


def ends(link: Content, *sides: str) -> set[Key]:
    """The keys that the sides of a link may mean, by default those of both."""
    return {key for side in sides or SIDES for key in holders(link[side].get("types", ()))}


def demands(link: Content) -> bool:
    """Whether an object at the link's source needs one object at its target before it can be."""
    return bool(link.get("required")) and Side(("link_type", ""), link, "source").to_one


def gather(state: State, subjects: Iterable[Key]) -> Neighbourhood:
    """The neighbourhood of those of ``subjects`` that exist. Reads generation by generation, for all together."""
    return _Gathering(state, state.contents(subjects)).neighbourhood()


def _following(key: Key, content: Content) -> set[Key]:
    """What a resource inherits from and what says which values its members take."""
    return ancestry(key, content) | {named for named in references(key[0], content) if named[0] in _TYPING}


@dataclass
class _Gathering:
    """A neighbourhood while it is read."""

    state: State
    subjects: Mapping[Key, Content]
    read: dict[Key, Content] = field(default_factory=dict)
    followed: set[Key] = field(default_factory=set)
    links: dict[Key, set[Key]] = field(default_factory=dict)

    def neighbourhood(self) -> Neighbourhood:
        links = {key: content for key, content in self.subjects.items() if key[0] == "link_type"}
        types = [key for key in self.subjects if key[0] in HOLDERS]
        self._add({named for key, content in self.subjects.items() for named in references(key[0], content)})
        self._add(self.subjects)
        self._add_inverses(links.values())
        self._add_links(types)
        self._add_demands(links.values())
        return Neighbourhood(self.subjects.keys(), self.read, self.links, self._namesakes(types))

    def _add(self, keys: Iterable[Key]) -> None:
        """Read ``keys`` and what says what they are."""
        start = self.state.contents(set(keys) - self.followed)
        found = reached(self.state, start, lambda key, content: _following(key, content) - self.followed)
        self.followed |= found.keys()
        self.read |= found

    def _add_links_at(self, types: Iterable[Key]) -> dict[Key, Content]:
        """Read the link types that end at ``types``; those that had not been looked for there before."""
        wanted = set(types) - self.links.keys()
        found = self.state.referrers(wanted, LINKS) if wanted else {}
        self.links |= {key: found.get(key, set()) for key in wanted}
        links = self.state.contents({link for near in found.values() for link in near})
        self.read |= links
        return links

    def _add_inverses(self, links: Iterable[Content]) -> None:
        """What else names the inverses of ``links``, and the ends of these."""
        inverses = {("link_type", link["inverse_of"]) for link in links if "inverse_of" in link}
        if inverses:
            rivals = self.state.referrers(inverses, LINKS).values()
            self.read |= self.state.contents({rival for found in rivals for rival in found})
            self._add({end for key in inverses & self.read.keys() for end in ends(self.read[key])})

    def _add_links(self, types: Iterable[Key]) -> None:
        """The link types that end at ``types`` or what these inherit from, as far as they name a side."""
        view = Neighbourhood((), self.read, {}, {})
        found = self._add_links_at({near for key in types for near in view.kin(key)})
        named = {key: link for key, link in found.items() if any("api_name" in link[side] for side in SIDES)}
        self._add({near for key, link in named.items() for near in ancestry(key, link)})
        asked = {name for key in types for near in view.kin(key) for name in self.read[near].get("links", ())}
        answering = (link for link in named.values() if any(link[side].get("api_name") in asked for side in SIDES))
        self._add({end for link in answering for end in ends(link)})

    def _add_demands(self, links: Iterable[Content]) -> None:
        """The link types that an object needs before it can be, from the targets of ``links`` on."""
        frontier = {end for link in links if demands(link) for end in ends(link, "target")}
        seen: set[Key] = set()
        while frontier:
            seen |= frontier
            self._add(frontier)
            view = Neighbourhood((), self.read, {}, {})
            kin = {near for key in frontier for near in view.kin(key)}
            self._add_links_at(kin)
            at_source = [
                self.read[link]
                for near in kin
                for link in self.links[near]
                if demands(self.read[link]) and near in ends(self.read[link], "source")
            ]
            frontier = {end for link in at_source for end in ends(link, "target")} - seen

    def _namesakes(self, types: Iterable[Key]) -> Mapping[Key, Collection[Key]]:
        """Of every subject; types of objects and interfaces share their names."""
        found = self.state.namesakes({*self.subjects, *holders(name for _, name in types)})
        twins = self.state.existing(holders(name for _, name in types))
        return {key: {*found.get(key, ()), *_twins(key, found, twins)} for key in self.subjects}


def _twins(key: Key, namesakes: Mapping[Key, Collection[Key]], twins: Collection[Key]) -> set[Key]:
    if key[0] not in HOLDERS:
        return set()
    others = {(kind, key[1]) for kind in HOLDERS if kind != key[0]}
    return {twin for twin in others if twin in twins} | {near for other in others for near in namesakes.get(other, ())}
