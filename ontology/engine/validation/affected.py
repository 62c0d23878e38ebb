"""What a change can have touched."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from history.engine.content import Content, Key
from ontology.engine.effective import ancestry, reached
from ontology.engine.members import HOLDERS
from ontology.engine.state import State
from ontology.engine.validation.neighbourhood import LINKS, SIDES, demands, ends, holders

Aspect = Callable[[Content], Any]
"""What of a content others look at; two contents of which it is equal are the same to them."""

_NOTHING: Final[Content] = {}


def affected(state: State, before: State, changed: Iterable[Key]) -> set[Key]:
    """The resources whose validity can differ between ``before`` and ``state``, which differ in ``changed``.

    Followed are reverse references of ``state``, as far as what changed of a resource is what others look
    at: who refers to what came, went or got another status; heirs and implementers of a type whose members
    or parents changed; users of a value, shared property or struct; types at the ends of a link; links that
    wait for one another. A reference that is gone is a change of what it stood in.
    """
    keys = set(changed)
    return _Change(state, before.contents(keys), state.contents(keys), before).touched()


def _typing(content: Content) -> Any:
    """Which values a property, field, parameter, shared property or value type takes."""
    constraints = {
        name: sorted(constraint) if name == "enum" else constraint
        for name, constraint in content.get("constraints", _NOTHING).items()
    }
    named = [content.get(name) for name in ("type", "value_type", "shared_property", "required")]
    return named, "default" in content, constraints


def _values(content: Content) -> Any:
    """Which values a shared property, value type or struct type takes."""
    return _typing(content), {name: _typing(member) for name, member in content.get("fields", _NOTHING).items()}


def _members(content: Content) -> Any:
    """What heirs and implementers get, and are held to."""
    properties = {
        name: (_typing(member), member.get("status") == "deprecated")
        for name, member in content.get("properties", _NOTHING).items()
    }
    links = {
        name: [link.get(part) for part in ("target", "cardinality", "required")]
        for name, link in content.get("links", _NOTHING).items()
    }
    return properties, links, content.get("abstract"), _parents(content)


def _names(content: Content) -> Any:
    return sorted(content.get("properties", _NOTHING)), _parents(content)


def _parents(content: Content) -> Any:
    return content.get("extends"), content.get("implements")


def _link(content: Content) -> Any:
    """What types and other links see of a link type."""
    sides = [[content[side].get(part) for part in ("types", "api_name")] for side in SIDES if side in content]
    return sides, [content.get(part) for part in ("cardinality", "required", "inverse_of", "symmetric", "extends")]


@dataclass
class _Change:
    """A change while it is followed. ``old`` and ``new`` are the contents of what changed, where it existed."""

    state: State
    old: Mapping[Key, Content]
    new: Mapping[Key, Content]
    before: State
    found: set[Key] = field(default_factory=set)

    def touched(self) -> set[Key]:
        self.found = {*self.old, *self.new}
        self._referrers()
        heirs = self._heirs([*self._differing(HOLDERS, _members), *self._users()])
        self.found |= heirs
        self._namers_of_properties()
        self._kinship()
        self._links()
        return self.found

    # --- Who refers directly, who uses -----------------------------------------------------------

    def _differing(self, kinds: Collection[str], aspect: Aspect) -> set[Key]:
        """The changed resources of ``kinds`` that came, went, or differ in ``aspect``."""
        keys = {key for key in self.old.keys() | self.new.keys() if key[0] in kinds}
        return {
            key
            for key in keys
            if key not in self.old or key not in self.new or aspect(self.old[key]) != aspect(self.new[key])
        }

    def _came_or_went(self) -> set[Key]:
        return self.old.keys() ^ self.new.keys()

    def _referrers(self) -> None:
        """Who names what came, went, or got another status, and who is called like it."""
        restated = {
            key
            for key in self.old.keys() & self.new.keys()
            if self.old[key].get("status") != self.new[key].get("status")
        }
        self.found |= _sources(self.state.referrers(self._came_or_went() | restated))
        names = self._came_or_went() | holders(name for kind, name in self._came_or_went() if kind in HOLDERS)
        self.found |= names
        self.found |= _sources(self.state.namesakes(names))

    def _users(self) -> set[Key]:
        """The types with properties that take other values now; all other users on the way are found."""
        users: set[Key] = set()
        frontier = self._differing(("value_type", "shared_property", "struct_type"), _values)
        seen = set(frontier)
        while frontier:
            naming = _sources(self.state.referrers(frontier))
            self.found |= naming
            users |= {key for key in naming if key[0] in HOLDERS}
            frontier = {key for key in naming if key[0] in ("shared_property", "struct_type")} - seen
            seen |= frontier
        return users

    # --- Heirs -----------------------------------------------------------------------------------

    def _heirs(self, types: Iterable[Key]) -> set[Key]:
        """``types`` and whatever extends or implements them, directly or not."""
        found = set(types)
        frontier = set(found)
        while frontier:
            kinds = sorted({heir for kind, _ in frontier for heir in _HEIRS.get(kind, ())})
            near = self.state.contents(_sources(self.state.referrers(frontier, kinds)) - found)
            frontier = {key for key, content in near.items() if not ancestry(key, content).isdisjoint(frontier)}
            found |= frontier
        return found

    def _links_at(self, types: Iterable[Key]) -> dict[Key, Content]:
        return self.state.contents(_sources(self.state.referrers(types, LINKS)))

    def _namers_of_properties(self) -> None:
        """Links whose foreign key is a property of a type that has others now."""
        links = self._links_at(self._heirs(self._differing(HOLDERS, _names)))
        self.found |= {key for key, link in links.items() if "foreign_key" in link}

    def _kinship(self) -> None:
        """Who looks at whether one type is a kind of another, where a type has other parents now."""
        moved = self._differing(HOLDERS, _parents)
        if not moved:
            return
        gained_or_lost = self._gained_or_lost(moved)
        asking = self.state.contents(_sources(self.state.referrers(gained_or_lost, ("interface",))))
        self.found |= self._heirs(
            key
            for key, content in asking.items()
            if not holders(link.get("target", "") for link in content.get("links", _NOTHING).values()).isdisjoint(
                gained_or_lost
            )
        )
        heirs = self._heirs(moved)
        links = self._links_at(heirs)
        self.found |= {key for key, link in links.items() if "inverse_of" in link}
        self._inverses(links)
        demanding = [link for link in (*self._links_at(gained_or_lost).values(), *self.old.values()) if demands(link)]
        if any(not ends(link, "source").isdisjoint(gained_or_lost) for link in demanding):
            self._waiting(heirs)

    def _gained_or_lost(self, moved: Iterable[Key]) -> set[Key]:
        """The types that ``moved`` became or ceased to be kinds of, and more that these are kinds of themselves."""
        parents: set[Key] = set()
        for key in moved:
            parents |= ancestry(key, self.old.get(key, _NOTHING)) ^ ancestry(key, self.new.get(key, _NOTHING))
        return {*parents}.union(
            *(reached(state, state.contents(parents), ancestry) for state in (self.state, self.before))
        )

    # --- Links -----------------------------------------------------------------------------------

    def _links(self) -> None:
        """The types at the ends of links that changed or have other ends now, and links that look at these."""
        came_or_went = {key for key in self._came_or_went() if key[0] in HOLDERS}
        changed = self._heirs(self._differing(LINKS, _link)) | self._links_at(came_or_went).keys()
        self.found |= changed
        now = self.state.contents(changed)
        versions = [*now.values(), *(self.old[key] for key in changed & self.old.keys())]
        named = [link for link in versions if any("api_name" in link[side] for side in SIDES)]
        self.found |= self._heirs({end for link in named for end in ends(link)})
        self._inverses(changed)
        inverses = {("link_type", link["inverse_of"]) for link in versions if "inverse_of" in link}
        self.found |= _sources(self.state.referrers(inverses, LINKS))
        self._waiting(self._heirs({end for link in versions if demands(link) for end in ends(link, "source")}))

    def _inverses(self, links: Iterable[Key]) -> None:
        """The links that name one of ``links`` as their inverse."""
        keys = set(links)
        naming = self.state.contents(_sources(self.state.referrers(keys, LINKS)))
        self.found |= {key for key, link in naming.items() if ("link_type", link.get("inverse_of")) in keys}

    def _waiting(self, types: Collection[Key]) -> None:
        """The links that demand an object of ``types``, and those that wait for these."""
        seen, frontier = set[Key](), set(types)
        while frontier:
            seen |= frontier
            waiting = {
                key: link
                for key, link in self._links_at(frontier).items()
                if demands(link) and not ends(link, "target").isdisjoint(frontier)
            }
            self.found |= waiting.keys()
            frontier = self._heirs({end for link in waiting.values() for end in ends(link, "source")}) - seen


_HEIRS: Final[Mapping[str, tuple[str, ...]]] = {
    "object_type": ("object_type",),
    "interface": ("interface", "object_type"),
    "link_type": ("link_type",),
}
"""The kinds whose resources extend or implement those of a kind."""


def _sources(referrers: Mapping[Key, set[Key]]) -> set[Key]:
    return {source for sources in referrers.values() for source in sources}
