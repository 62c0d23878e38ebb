"""Classes of LinkML as object types, interfaces and struct types, with what their slots are in them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import sentence
from ontology.engine.types import is_assignable
from ontology.formats.linkml import vocabulary as words
from ontology.formats.linkml.elements import common, flag
from ontology.formats.linkml.names import Slot, Source, names_of, slot_in_class, with_alias
from ontology.formats.linkml.patches import KIND, NAME, patch_of, patched
from ontology.formats.linkml.schema import NOTHING, Body, parents
from ontology.formats.linkml.slots import keyed, link_content, meaning, property_facets
from ontology.formats.linkml.values import replaced
from ontology.formats.naming import camel_case

_TOLD = frozenset({"slots", "slot_usage", "attributes", "is_a", "mixins", "mixin"})


class Classes:
    """Reads all classes. Afterwards ``users`` says which types have each global link."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._schema = source.schema
        self.users: dict[str, set[str]] = defaultdict(set)
        self.contents: dict[tuple[str, str], Any] = {}
        self._links: dict[Slot, Body] = {}
        self._members: dict[str, dict[str, str]] = defaultdict(dict)

    def read(self) -> None:
        """Fill in ``contents`` and ``users``."""
        for name in self._source.kinds:
            self._class(name)
        object_types = [name for name, kind in self._source.kinds.items() if kind == "object_type"]
        for name in sorted(object_types, key=lambda each: len(self._schema.lineage(each))):
            self._from_interfaces(name)
        for name in object_types:
            self._key(name)
        self._link_types()
        for name, kind in self._source.kinds.items():
            body, key = self._schema.classes[name], (kind, self._source.classes[name])
            self.contents[key] = patched(self.contents[key], patch_of(body))

    # --- Classes ------------------------------------------------------------------------------------

    def _class(self, name: str) -> None:
        kind, body, place = self._source.kinds[name], self._schema.classes[name], pointer("/classes", name)
        told = _TOLD | ({"abstract", "id_prefixes"} if kind == "object_type" else set())
        content = common(self._schema, body, place, words.CLASS, told)
        if kind == "object_type":
            content |= {"abstract": flag(body.get("abstract")) or False, "id_prefixes": body.get("id_prefixes", [])}
        content |= self._ancestors(name, body, place)
        content = replaced(content, body, self._source.named(kind))
        members, links = self._members_of(name, body, place)
        if kind == "interface":
            content["links"] = links
        content["fields" if kind == "struct_type" else "properties"] = members
        own = self._source.classes[name]
        self.contents[kind, own] = with_alias(content, body, name, own)

    def _ancestors(self, name: str, body: Body, place: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        mine = self._source.kinds[name]
        for parent in parents(body):
            kind = self._source.kinds.get(parent)
            if kind is None:
                self._schema.tell(
                    place, "PARENT_UNKNOWN", sentence("The parent {parent} is no class here.", parent=repr(parent))
                )
            elif kind == mine != "struct_type":
                found["extends"].append(self._source.classes[parent])
            elif mine == "object_type" and kind == "interface":
                found["implements"].append(self._source.classes[parent])
            else:
                message = sentence(
                    "A mixin is an interface, which cannot extend {parent}, as that is none.", parent=repr(parent)
                )
                self._schema.tell(place, "PARENT_NOT_INTERFACE", message)
        return found

    def _from_interfaces(self, name: str) -> None:
        """Give an object type what its interfaces demand, or identify by: it has to have that itself."""
        held = {slot for near in self._held(name) for slot in self._members[near]}
        above = [near for near in self._schema.lineage(name) if self._source.kinds.get(near) == "interface"]
        demanded = [slot for near in above for slot in self._members[near]]
        content = self.contents["object_type", self._source.classes[name]]
        for slot in dict.fromkeys(demanded):
            facets = self._schema.induced(name, slot)
            if slot not in held and (keyed(facets) or flag(facets.get("required"))):
                where = pointer("/classes", name, "mixins")
                own = self._source.slots.get(slot, camel_case(slot))
                shared = self._shared(name, slot, NOTHING, where)
                content["properties"].setdefault(own, shared or self._property(name, slot, NOTHING, where))
                self._members[name][slot] = own

    def _held(self, name: str) -> list[str]:
        """The class and the object types that it extends."""
        kinds = self._source.kinds
        return [near for near in self._schema.lineage(name) if kinds.get(near) == "object_type"]

    def _key(self, name: str) -> None:
        """An object is identified by the nearest slot that identifies, also where that is inherited."""
        for near in self._held(name):
            for slot, own in self._members[near].items():
                if keyed(self._schema.induced(name, slot)):
                    self.contents["object_type", self._source.classes[name]]["primary_key"] = [own]
                    return

    # --- Members ------------------------------------------------------------------------------------

    def _members_of(self, name: str, body: Body, place: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The properties or fields of a class, and the links of an interface."""
        members, links = {}, {}
        alone: dict[str, Body] = {}
        for slot, said, where in self._mentions(name, body, place):
            if patch_of(said).get(KIND) == "link":
                links[str(patch_of(said).get(NAME, camel_case(slot)))] = self._interface_link(name, slot, said, where)
            elif not self._is_value(name, slot, said, where):
                continue
            elif (shared := self._shared(name, slot, said, where)) is not None:
                own = self._source.slots[slot]
                self._members[name][slot] = own
                members[own] = shared
            else:
                alone[slot] = said
        names = names_of(self._schema, alone, place, camel_case, members)
        for slot, said in alone.items():
            member = self._property(name, slot, said, self._place(slot, body, place))
            self._members[name][slot] = names[slot]
            member = with_alias(replaced(member, said, camel_case), said, slot, names[slot])
            members[names[slot]] = patched(member, patch_of(said))
        return members, links

    def _place(self, slot: str, body: Body, place: str) -> str:
        return pointer(place, "attributes" if slot in body["attributes"] else "slot_usage", slot)

    def _mentions(self, name: str, body: Body, place: str) -> Iterator[tuple[str, Body, str]]:
        """(slot, what is said of it, where) for all that a class says of slots; unknown ones are told."""
        for slot in dict.fromkeys((*sorted(body["slots"]), *body["slot_usage"])):
            if slot in body["attributes"]:
                continue
            where = pointer(place, "slot_usage" if slot in body["slot_usage"] else "slots", slot)
            if slot in self._schema.slots or self._schema.attribute(name, slot):
                yield slot, body["slot_usage"].get(slot, NOTHING), where
            else:
                self._schema.tell(where, "SLOT_UNKNOWN", sentence("There is no slot {slot} here.", slot=repr(slot)))
        for slot, said in body["attributes"].items():
            if slot in body["slots"] and self._source.slot_kinds.get(slot) == "link_type":
                self.users[slot].add(self._source.classes[name])
            yield slot, {**said, **body["slot_usage"].get(slot, NOTHING)}, pointer(place, "attributes", slot)

    def _is_value(self, name: str, slot: str, said: Body, where: str) -> bool:
        """Whether the slot takes values in this class. Where it leads to objects the link is noted."""
        leads = bool(self._source.ranges.targets(self._schema.induced(name, slot)))
        is_link = self._is_global(name, slot) and self._source.slot_kinds[slot] == "link_type"
        if is_link and slot in self._schema.classes[name]["slots"] and (leads or not said):
            self.users[slot].add(self._source.classes[name])
        if is_link and not leads and said:
            message = sentence("Only here {slot} takes values; it is a property by itself.", slot=repr(slot))
            self._schema.tell(where, "SLOT_DETACHED", message)
        if leads and (said or not is_link):
            self._links[name, slot] = said
        return not leads and (bool(said) or not is_link)

    def _is_global(self, name: str, slot: str) -> bool:
        return self._schema.attribute(name, slot) is None and slot in self._schema.slots

    def _shared(self, name: str, slot: str, said: Body, where: str) -> dict[str, Any] | None:
        """The property that is a shared property with what the class adds; None where it is one by itself."""
        if not self._is_global(name, slot) or self._source.slot_kinds[slot] != "shared_property":
            return None
        omissions = len(self._schema.omissions)
        general = meaning(self._source, self._schema.slot_facets(slot), where)
        special = meaning(self._source, self._schema.induced(name, slot), where)
        del self._schema.omissions[omissions:]  # what is told of the slot, or below of the property
        if self._is_strange(general, special):
            message = sentence(
                "The values here are none of those of the slot {slot}; it is a property by itself.", slot=repr(slot)
            )
            self._schema.tell(where, "SLOT_DETACHED", message)
            return None
        member = self._property(name, slot, said, where)
        for part in ("type", "value_type"):
            if all(general.get(each) == special.get(each) for each in ("type", "value_type")):
                member.pop(part, None)
        kept = general.get("constraints", NOTHING)
        narrowed = {
            each: limit for each, limit in member.pop("constraints", NOTHING).items() if kept.get(each) != limit
        }
        member |= {"shared_property": self._source.slots[slot], **({"constraints": narrowed} if narrowed else {})}
        return patched(replaced(member, said, camel_case), patch_of(said))

    def _is_strange(self, general: Body, special: Body) -> bool:
        """Whether no value is of both, or may be of both value types."""
        both = [content.get("value_type") for content in (general, special)]
        if None not in both and both[0] != both[1]:
            return True
        wide, narrow = (self._type(content) for content in (general, special))
        return not any(is_assignable(*pair) for pair in ((wide, narrow), (narrow, wide)))

    def _type(self, content: Body) -> Body:
        names = self._source.ranges.value_types
        bases = {names[name]: base for name, base in self._source.ranges.bases.items()}
        found: Body = content["type"] if "type" in content else bases[content["value_type"]]
        return found

    def _property(self, name: str, slot: str, said: Body, where: str) -> dict[str, Any]:
        facets = self._schema.induced(name, slot)
        default = self._source.ranges.default(facets)
        member = common(self._schema, said, where, words.SLOT, property_facets(facets, default))
        member |= meaning(self._source, facets, where)
        if flag(facets.get("required")):
            member["required"] = True
        return member | ({} if default is None else {"default": default})

    def _interface_link(self, name: str, slot: str, said: Body, where: str) -> dict[str, Any]:
        facets = self._schema.induced(name, slot)
        targets = self._source.ranges.targets(facets)
        member = common(self._schema, said, where, words.SLOT, {"range", "multivalued", "required"})
        member |= {"target": self._source.classes[targets[0]]} if targets else {}
        member |= {"required": True} if flag(facets.get("required")) else {}
        member |= {} if flag(facets.get("multivalued")) else {"cardinality": "one"}
        member = with_alias(member, said, slot, str(patch_of(said).get(NAME, camel_case(slot))))
        return patched(member, patch_of(said))

    # --- Links of one class -------------------------------------------------------------------------

    def _link_types(self) -> None:
        """What classes say of links for themselves: each a link type that extends what it narrows."""
        kinds = self._source.slot_kinds
        taken = [own for name, own in self._source.slots.items() if kinds[name] == "link_type"]
        keyed_bodies = {f"{owner}\0{slot}": said for (owner, slot), said in self._links.items()}
        names = names_of(self._schema, keyed_bodies, "/classes", self._named_in_class, taken)
        own = {(owner, slot): names[f"{owner}\0{slot}"] for owner, slot in self._links}
        for (owner, slot), said in self._links.items():
            place = self._place(slot, self._schema.classes[owner], pointer("/classes", owner))
            content = link_content(self._source, said, self._schema.induced(owner, slot), place, ())
            content["source"] = {"types": [self._source.classes[owner]]}
            content["extends"] = self._narrowed(owner, slot, own)
            content = replaced(content, said, self._source.named("link_type"))
            content = with_alias(content, said, slot, "")
            self.contents["link_type", own[owner, slot]] = patched(content, patch_of(said))

    def _named_in_class(self, key: str) -> str:
        owner, slot = key.split("\0")
        return slot_in_class(self._source.classes[owner], slot)

    def _narrowed(self, owner: str, slot: str, own: dict[Slot, str]) -> list[str]:
        """The link types of the nearest classes that say something of the slot, else that of the slot."""
        found: dict[str, None] = {}
        pending = [parent for parent in parents(self._schema.classes[owner]) if parent in self._source.kinds]
        for near in pending:  # grows as it is walked
            if (near, slot) in own:
                found[own[near, slot]] = None
            else:
                further = parents(self._schema.classes[near])
                pending += [each for each in further if each in self._source.kinds and each not in pending]
        if not found and self._is_global(owner, slot) and self._source.slot_kinds[slot] == "link_type":
            found[self._source.slots[slot]] = None
        return list(found)
