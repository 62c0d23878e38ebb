"""Names that lead nowhere, and inheritance that leads back."""

from collections.abc import Collection, Iterator

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import joined, phrase, sentence
from history.engine.content import Content, Key
from ontology.engine.effective import lineage
from ontology.engine.findings import shown
from ontology.engine.kinds import KIND_NOUNS, KINDS
from ontology.engine.members import HOLDERS, unknown_members
from ontology.engine.references import sites
from ontology.engine.validation.neighbourhood import Neighbourhood
from ontology.engine.validation.places import groups, members
from ontology.engine.validation.rule import Broken


def dangling_references(near: Neighbourhood, key: Key, content: Content) -> Iterator[Broken]:
    """Whatever names a resource, property, parameter or other member that is not there."""
    for site in sites(key[0], content):
        if site.kinds and near.contents.keys().isdisjoint(site.targets):
            kinds = joined("{first} or {second}", (KIND_NOUNS[kind] for kind in site.kinds))
            yield Broken(site.path, sentence("There is no {kind} {name}.", kind=kinds, name=shown(site.name)))

    def names(holder: Key) -> Collection[str] | None:
        return near.held(holder).keys() if holder in near.contents else None

    for path, message in unknown_members(key, content, names):
        yield Broken(path, message)
    yield from _replacements(near, key, content)
    for path, _, parameter in members(content, "parameters"):
        if parameter.get("type") == {"type": "object"} and "object_type" not in parameter:
            message = sentence("A parameter of the type object needs an object type.")
            yield Broken(f"{path}/object_type", message)


def _replacements(near: Neighbourhood, key: Key, content: Content) -> Iterator[Broken]:
    """Deprecated members whose replacement is no member beside them."""
    for path, group in groups(KINDS[key[0]], content):
        inherited = near.held(key).keys() if path == "/properties" and key[0] in HOLDERS else frozenset[str]()
        for name, member in group.items():
            replacement = member.get("deprecation", {}).get("replacement", name)
            if replacement not in group and replacement not in inherited:
                here = pointer(path, name, "deprecation", "replacement")
                message = sentence("There is no {name} beside what it is to replace.", name=shown(replacement))
                yield Broken(here, message)


def inheritance_cycles(near: Neighbourhood, key: Key, content: Content) -> Iterator[Broken]:
    """The parents through which a resource comes to extend itself."""
    for place, name in enumerate(content.get("extends", ())):
        if key in lineage((key[0], name), near.contents):
            through = phrase(" through {names}", names=shown(name)) if name != key[1] else ""
            message = sentence("{name} extends itself{through}.", name=shown(key[1]), through=through)
            yield Broken(f"/extends/{place}", message)
