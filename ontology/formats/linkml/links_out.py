"""Link types as slots of LinkML, global ones or what one class says of a slot."""

from collections.abc import Mapping
from typing import Any, Final

from history.engine.content import Content, Key
from ontology.formats.linkml import vocabulary as words
from ontology.formats.linkml.members import Body, Members, noted
from ontology.formats.linkml.names import slot_in_class
from ontology.formats.linkml.patches import KIND, NAME
from ontology.formats.linkml.wording import common_of

_TYPES: Final = ("object_type", "interface")
_SAID_OTHERWISE: Final = frozenset(
    {"range", "any_of", "multivalued", "required", "inverse", "symmetric", "transitive", "is_a", "mixins", "domain"}
)


def in_one_class(contents: Mapping[Key, Content]) -> dict[Key, tuple[Key, str]]:
    """(type, slot) of the link types that are called as a slot of one type alone."""
    found = {}
    for key, content in contents.items():
        starts: list[str] = content["source"].get("types", []) if key[0] == "link_type" else []
        owners = [(kind, name) for name in starts for kind in _TYPES if (kind, name) in contents]
        if len(starts) == 1 and len(owners) == 1:
            slots = [each for each in content.get("aliases", ()) if slot_in_class(starts[0], each) == key[1]]
            if slots:
                found[key] = (owners[0], slots[0])
    return found


class LinksOut:
    """Writes link types. ``narrow`` are those that may be said in one class alone."""

    def __init__(self, members: Members, narrow: Mapping[Key, tuple[Key, str]]) -> None:
        self._members = members
        self._contents = members.contents
        self._narrow = narrow
        self._names = members.spelling.names

    def write(self, schema: Body) -> None:
        """Add all link types to the schema, which has its classes."""
        left = []
        for key, (owner, slot) in self._narrow.items():
            body = schema["classes"][self._names[owner]]
            section = self._section(key, slot, schema)
            if section is None or any(slot in body[each] for each in ("slot_usage", "attributes")):
                left.append(key)
            else:
                said = self._link(key, slot) | _domain(self._contents[key])
                said = self._without_repetition(key, said) if section == "slot_usage" else said
                body[section][slot] = self._members.places[key, ()] = said
                if slot in schema["slots"]:  # which takes values elsewhere
                    body["slots"].append(slot)
        self._members.spelling.give(left, self._contents, set(schema["slots"]) | self._given())
        for key, content in self._contents.items():
            if key[0] == "link_type" and key in self._names:
                schema["slots"][self._names[key]] = self._global(key, content, schema)

    def _given(self) -> set[str]:
        return {name for (kind, _), name in self._names.items() if kind == "link_type"}

    def _section(self, key: Key, slot: str, schema: Body) -> str | None:
        """Where a class says something of the slot: for itself alone, or of one that there is for all."""
        if key in self._members.spelling.explicit or not self._targets(self._contents[key]):
            return None
        roots = {self._names[root] for root in self._roots(key) if root in self._names}
        if slot in roots or slot in schema["slots"]:
            return "slot_usage"
        return None if slot in self._given() else "attributes"

    def _roots(self, key: Key) -> set[Key]:
        """What the link type extends, directly or not."""
        seen, pending = {key}, [key]
        for near in pending:  # grows as it is walked
            further = [("link_type", each) for each in self._contents[near].get("extends", ())]
            further = [each for each in further if each in self._contents and each not in seen]
            seen.update(further)
            pending += further
        return seen - {key}

    def _targets(self, content: Content) -> list[str]:
        return [name for kind in _TYPES for name in self._members.names(kind, content["target"].get("types", ()))]

    def _link(self, key: Key, original: str | None) -> Body:
        """What a link type says wherever it stands."""
        content = self._contents[key]
        body = common_of(content, words.SLOT, original, _SAID_OTHERWISE)
        targets = self._targets(content)
        if len(targets) == 1:
            body["range"] = targets[0]
        elif targets:
            body |= {"range": "Any", "any_of": [{"range": each} for each in targets]}
        many = content["cardinality"].endswith("to_many")
        parents = self._members.names("link_type", content.get("extends", ()))
        if many or parents:
            body["multivalued"] = many
        body |= {each: True for each in ("symmetric", "transitive") if content.get(each)}
        if content.get("required") or parents:
            body["required"] = bool(content.get("required"))
        inverse = self._members.name("link_type", content.get("inverse_of"))
        if inverse:
            body["inverse"] = inverse
        replacement = self._members.name("link_type", content.get("deprecation", {}).get("replacement"))
        return body | ({"deprecated_element_has_exact_replacement": replacement} if replacement else {})

    def _without_repetition(self, key: Key, body: Body) -> Body:
        """What a class says of a slot, without what the one link that it narrows says already.

        Said again it would hold against what other parents of an heir say.
        """
        parents = [("link_type", each) for each in self._contents[key].get("extends", ())]
        if len(parents) != 1 or parents[0] not in self._contents:
            return body
        general = self._link(parents[0], None)
        repeated = {each for each in ("range", "any_of") if body.get(each) == general.get(each)}
        repeated |= {each for each in ("multivalued", "required") if bool(body.get(each)) == bool(general.get(each))}
        return {each: value for each, value in body.items() if each not in repeated} or body

    def _global(self, key: Key, content: Content, schema: Body) -> Body:
        spelling = self._members.spelling
        body = self._link(key, spelling.original(key))
        metadata: dict[str, Any] = content.get("metadata", {})
        starts = content["source"].get("types", ())
        classes = [name for kind in _TYPES for name in self._members.names(kind, starts)]
        if len(classes) == 1 and metadata.get("domain_of") == []:
            body["domain"] = classes[0]
        else:
            for each in classes:
                schema["classes"][each]["slots"].append(self._names[key])
            if classes:
                body |= _domain(content)
        parents = self._members.names("link_type", content.get("extends", ()))
        body |= _inheriting(parents, self._mixins()) if parents else {}
        if not parents:
            body |= {
                each: metadata[each] for each in ("is_a", "mixins") if words.fits(words.SLOT[each], metadata.get(each))
            }
        if isinstance(metadata.get("inverse"), str) and "inverse" not in body:
            body["inverse"] = metadata["inverse"]
        said = {NAME: key[1]} if key in spelling.explicit else {}
        if not self._targets(content):
            said[KIND] = "link_type"
        self._members.places[key, ()] = noted(body, said)
        return body

    def _mixins(self) -> set[str]:
        """The slots that are mixins."""
        return {
            self._names[key]
            for key, content in self._contents.items()
            if key in self._names and key[0] == "link_type" and content.get("metadata", {}).get("mixin") is True
        }


def _domain(content: Content) -> Body:
    """The domain that a slot names beside the classes that have it."""
    domain = content.get("metadata", {}).get("domain")
    return {"domain": domain} if isinstance(domain, str) else {}


def _inheriting(parents: list[str], mixins: set[str]) -> Body:
    first = next((each for each in parents if each not in mixins), parents[0])
    others = [each for each in parents if each != first]
    return {"is_a": first, **({"mixins": others} if others else {})}
