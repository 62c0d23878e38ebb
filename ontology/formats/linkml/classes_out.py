"""Object types, interfaces and struct types as classes of LinkML."""

from collections.abc import Iterator
from typing import Any

from history.engine.content import Content, Key
from ontology.formats.linkml import vocabulary as words
from ontology.formats.linkml.members import Body, Members, noted
from ontology.formats.linkml.patches import KIND, NAME
from ontology.formats.linkml.wording import common_of

_SAID_OTHERWISE = frozenset({"is_a", "mixins", "mixin"})


class ClassesOut:
    """Writes classes with their own members; links are added later."""

    def __init__(self, members: Members) -> None:
        self._members = members
        self._contents = members.contents

    def write(self, key: Key, content: Content) -> Body:
        """The class that is read as ``content``."""
        kind, spelling = key[0], self._members.spelling
        withheld = _SAID_OTHERWISE | ({"abstract", "id_prefixes"} if kind == "object_type" else set())
        if content.get("metadata", {}).get("class_uri") in (words.ANY, "linkml:Any"):
            withheld |= {"class_uri"}
        body = common_of(content, words.CLASS, spelling.original(key), withheld)
        body |= self._ancestors(kind, content)
        replacement = self._members.name(kind, content.get("deprecation", {}).get("replacement"))
        if replacement:
            body["deprecated_element_has_exact_replacement"] = replacement
        said = {NAME: key[1]} if key in spelling.explicit else {}
        if kind == "struct_type":
            said[KIND] = kind
            fields = self._members.attributes(key, "fields", content["fields"])
            body |= {"slots": [], "slot_usage": {}, "attributes": fields}
        else:
            body |= self._properties(key, content)
            body["attributes"] |= {
                name: link
                for name, link in self._members.attributes(key, "links", content.get("links", {})).items()
                if name not in body["attributes"]
            }
        self._members.places[key, ()] = noted(body, said)
        return body

    def _ancestors(self, kind: str, content: Content) -> Body:
        extended = self._members.names(kind, content.get("extends", ()))
        mixins = extended[1:] + self._members.names("interface", content.get("implements", ()))
        found: Body = {"is_a": extended[0]} if extended else {}
        if mixins:
            found["mixins"] = mixins
        if kind == "interface":
            found["mixin"] = True
        elif content.get("abstract"):
            found["abstract"] = True
        prefixes = [each for each in content.get("id_prefixes", ()) if words.NCNAME.fullmatch(each)]
        return found | ({"id_prefixes": prefixes} if prefixes else {})

    # --- Properties ---------------------------------------------------------------------------------

    def _properties(self, key: Key, content: Content) -> Body:
        members: dict[str, Content] = content.get("properties", {})
        slots = {name: slot for name, member in members.items() if (slot := self._slot(name, member))}
        alone = {name: member for name, member in members.items() if name not in slots}
        body: Body = {"slots": [], "slot_usage": {}, "attributes": self._members.attributes(key, "properties", alone)}
        for name, slot in slots.items():
            usage = self._usage(key, name, members[name])
            body["slot_usage"][slot] = self._members.places[key, ("properties", name)] = usage
            if not usage or next(self._inherited(key, name), None) is None:
                body["slots"].append(slot)
        self._identify(key, content, body)
        return body

    def _slot(self, name: str, member: Content) -> str | None:
        """The slot that a property is, where it is nothing but a shared property of its own name."""
        return self._members.name("shared_property", name) if member.get("shared_property") == name else None

    def _usage(self, key: Key, name: str, member: Content) -> Body:
        """What a type says of a slot for itself."""
        place = (key, ("properties", name))
        values = self._members.range_of(member)
        body = self._members.described(place, member, values)
        metadata = self._contents["shared_property", name].get("metadata", {})
        above = next(self._inherited(key, name), None)
        if _has_range(member) or (above and _has_range(above)):
            body |= {"multivalued": False, **values} if above else values
        required = bool(member.get("required"))
        expected = bool(above.get("required")) if above else bool(metadata.get("required"))
        if required != expected:
            body["required"] = required
        if body.get("ifabsent") == metadata.get("ifabsent"):
            body.pop("ifabsent", None)
        return body

    def _inherited(self, key: Key, name: str) -> Iterator[Content]:
        """The property of that name in what the type inherits from, the nearest first."""
        seen, pending = {key}, [key]
        for near in pending:  # grows as it is walked
            content = self._contents[near]
            if near != key and name in content.get("properties", {}):
                yield content["properties"][name]
            parents = [(near[0], each) for each in content.get("extends", ())]
            parents += [("interface", each) for each in content.get("implements", ())]
            further = [each for each in parents if each in self._contents and each not in seen]
            seen.update(further)
            pending += further

    def _identify(self, key: Key, content: Content, body: Body) -> None:
        """Say of a single property that it identifies the objects."""
        parts = content.get("primary_key", ())
        own = content.get("properties", {})
        if len(parts) != 1 or parts[0] not in own:
            return
        member: dict[str, Any] = own[parts[0]]
        place = self._members.places[key, ("properties", parts[0])]
        slot = self._slot(parts[0], member)
        general = self._contents["shared_property", parts[0]].get("metadata", {}) if slot else {}
        if not (general.get("identifier") or general.get("key") or place.get("key")):
            place["identifier"] = True


def _has_range(member: Content) -> bool:
    """Whether a property says by itself which values it takes."""
    return not member.keys().isdisjoint({"type", "value_type"}) or "format" in member.get("constraints", {})
