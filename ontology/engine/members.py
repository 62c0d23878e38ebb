"""The properties that a resource has, its own and inherited, and the places that name one."""

from collections.abc import Callable, Collection, Iterator, Mapping

from gateway.engine.sentences import Sentence, phrase, sentence
from history.engine.content import Content, Key
from ontology.engine.findings import shown
from ontology.engine.references import Site, rewrite, sites

HOLDERS = ("object_type", "interface")
"""The kinds that have properties and inherit those of the resources that they extend."""

Names = Callable[[Key], Collection[str] | None]
"""The names of the properties of a type, inherited ones among them; None where there is no such type."""

_NOUNS = {"properties": phrase("property"), "parameters": phrase("parameter")}

# Which side's objects hold the foreign key: each of these is enough.
_FOREIGN_KEY_SIDES = {
    "many_to_one": ("source",),
    "one_to_many": ("target",),
    "one_to_one": ("source", "target"),
    "many_to_many": ("source", "target"),
}


def unknown_members(key: Key, content: Content, names: Names) -> Iterator[tuple[str, Sentence]]:
    """(path, sentence) of the places in ``content`` that name a property or parameter which is not there."""
    for site in sites(key[0], content):
        if site.of and not _is_there(key, content, site, names):
            yield site.path, sentence("There is no {kind} {name}.", kind=_NOUNS[site.of], name=shown(site.name))


def bearers(key: Key, content: Content) -> list[Key]:
    """The resources, of which some need not exist, whose members ``content`` names: itself, or the ends of a link."""
    if key[0] != "link_type":
        return [key]
    sides = _FOREIGN_KEY_SIDES[content["cardinality"]]
    return [holder for side in sides for name in content[side].get("types", ()) for holder in _holders(name)]


def rewrite_members(kind: str, content: Content, of: str, renames: Mapping[str, str]) -> Content:
    """``content`` with every reference to its own members in the map ``of`` given the new name."""
    # What a link type names in this way is a property of the types at its ends.
    rewritten = content if kind == "link_type" else rewrite(kind, content, {(of, old): renames[old] for old in renames})
    if of not in content:
        return rewritten
    return {**rewritten, of: {name: _replaced(member, renames) for name, member in rewritten[of].items()}}


def _replaced(member: Content, renames: Mapping[str, str]) -> Content:
    deprecation = member.get("deprecation", {})
    if deprecation.get("replacement") not in renames:
        return member
    return {**member, "deprecation": {**deprecation, "replacement": renames[deprecation["replacement"]]}}


def _is_there(key: Key, content: Content, site: Site, names: Names) -> bool:
    if site.of == "parameters":
        return site.name in content.get("parameters", {})
    if key[0] == "link_type":
        sides = _FOREIGN_KEY_SIDES[content["cardinality"]]
        return any(_all_have(content[side].get("types", ()), site.name, names) for side in sides)
    return site.name in (names(key) or ())


def _all_have(types: Collection[str], member: str, names: Names) -> bool:
    """Whether each of ``types`` that exists has ``member``."""
    known = [found for name in types for key in _holders(name) if (found := names(key)) is not None]
    return all(member in found for found in known)


def _holders(name: str) -> list[Key]:
    return [(kind, name) for kind in HOLDERS]
