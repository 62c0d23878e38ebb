"""How the resources of a state belong together, told for many of them at once.

Each relation says of every one of ``contents`` which resources it leads to, in order; what does
not exist is left out. How often the state is asked does not depend on how many there are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from history.engine.content import Content, Key
from ontology.engine import effective
from ontology.engine.members import HOLDERS
from ontology.engine.state import State

Contents = Mapping[Key, Content]
Related = dict[Key, list[Key]]
Relation = Callable[[State, Contents], Related]

Side = Literal["source", "target"]


@dataclass(frozen=True)
class LinkEnd:
    """A side of a link type at which a type stands.

    ``origin`` is the type that the link type names there: the type itself, or one of which it is a
    special case. ``others`` are the types on the other side.
    """

    link: Key
    side: Side
    origin: Key
    content: Content
    others: list[Key]

    @property
    def name(self) -> str | None:
        """What objects on this side call the link."""
        name: str | None = self.content[self.side].get("api_name")
        return name


# --- Inheritance ----------------------------------------------------------------------------------


def extended(state: State, contents: Contents) -> Related:
    """What each names as extended."""
    return _existing(state, {key: _named(key[0], "extends", content) for key, content in contents.items()})


def implemented(state: State, contents: Contents) -> Related:
    """The interfaces that each names as implemented."""
    return _existing(state, {key: _named("interface", "implements", content) for key, content in contents.items()})


def heirs(state: State, contents: Contents) -> Related:
    """The resources of its kind that name each as extended, by name."""
    named_by = state.referrers(contents, sorted({kind for kind, _ in contents}))
    return _naming(
        state, "extends", {key: {each for each in found if each[0] == key[0]} for key, found in named_by.items()}
    )


def implementers(state: State, contents: Contents) -> Related:
    """The object types that name each interface as implemented, by name."""
    return _naming(
        state, "implements", state.referrers((key for key in contents if key[0] == "interface"), ["object_type"])
    )


def lineage(state: State, contents: Contents) -> Related:
    """All that each extends, the nearest first."""
    read = effective.reached(state, contents, effective.ancestry)
    return {key: effective.lineage(key, read)[1:] for key in contents}


def interfaces(state: State, contents: Contents) -> Related:
    """All interfaces that each implements, itself or through what it extends, the nearest first."""
    read = effective.reached(state, contents, effective.ancestry)
    return {key: effective.interfaces(key, read) for key in contents}


def _named(kind: str, field: str, content: Content) -> list[Key]:
    return [(kind, name) for name in content.get(field, ())]


def _existing(state: State, related: Related) -> Related:
    there = state.contents({each for found in related.values() for each in found})
    return {key: [each for each in found if each in there] for key, found in related.items()}


def _naming(state: State, field: str, named_by: Mapping[Key, set[Key]]) -> Related:
    """Those of the resources that name a key which do so in ``field``."""
    sources = state.contents({source for found in named_by.values() for source in found})
    return {
        key: sorted(source for source in found if key[1] in sources[source].get(field, ()))
        for key, found in named_by.items()
    }


# --- Links ----------------------------------------------------------------------------------------

SIDES: Final[tuple[Side, ...]] = get_args(Side)


def links(state: State, contents: Contents) -> dict[Key, list[LinkEnd]]:
    """The link types at each object type or interface: its own, then those of what it extends and implements."""
    read = effective.reached(state, contents, effective.ancestry)
    standing = {
        key: [*effective.lineage(key, read), *effective.interfaces(key, read)] for key in contents if key[0] in HOLDERS
    }
    named_by = state.referrers({each for found in standing.values() for each in found}, ["link_type"])
    ends = _ends(state, state.contents({link for found in named_by.values() for link in found}))
    return {key: [end for origin in found for end in ends.get(origin, ())] for key, found in standing.items()}


def link_sides(state: State, contents: Contents) -> dict[tuple[Key, Side], list[Key]]:
    """The types on either side of link types; where an object type and an interface share a name, both."""
    named = {
        (link, side): [(kind, name) for name in content[side].get("types", ()) for kind in HOLDERS]
        for link, content in contents.items()
        if link[0] == "link_type"
        for side in SIDES
    }
    there = state.contents({each for found in named.values() for each in found})
    return {place: [each for each in found if each in there] for place, found in named.items()}


def _ends(state: State, link_types: Contents) -> dict[Key, list[LinkEnd]]:
    """The ends of link types by the type that stands there, in order of their names."""
    sides = link_sides(state, link_types)
    ends: dict[Key, list[LinkEnd]] = {}
    for link in sorted(link_types):
        for side, other in (SIDES, SIDES[::-1]):
            for origin in sides[link, side]:
                end = LinkEnd(link, side, origin, link_types[link], sides[link, other])
                ends.setdefault(origin, []).append(end)
    return ends
