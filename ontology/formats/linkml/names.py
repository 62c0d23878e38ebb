"""What the elements of a schema are in OMS, and what they are called there."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import sentence
from ontology.formats.linkml.elements import flag
from ontology.formats.linkml.patches import KIND, NAME, patch_of
from ontology.formats.linkml.ranges import Ranges
from ontology.formats.linkml.schema import Body, Schema
from ontology.formats.naming import UniqueNames, camel_case, pascal_case

CONVENTIONS: Final[Mapping[str, Callable[[str], str]]] = {
    "object_type": pascal_case,
    "interface": pascal_case,
    "struct_type": pascal_case,
    "value_type": pascal_case,
    "link_type": camel_case,
    "shared_property": camel_case,
}
"""How the names of each kind are written."""

Slot = tuple[str, str]
"""(class, slot): a slot as one class has it."""


@dataclass
class Source:
    """A schema, with the kind and the name that each class and slot has in OMS."""

    schema: Schema
    ranges: Ranges
    kinds: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    slot_kinds: dict[str, str] = field(default_factory=dict)
    slots: dict[str, str] = field(default_factory=dict)

    def named(self, kind: str) -> Callable[[str], str | None]:
        """The name in OMS of an element that is of ``kind`` there."""
        if kind in ("link_type", "shared_property"):
            return lambda name: self.slots.get(name) if self.slot_kinds.get(name) == kind else None
        if kind == "value_type":
            return self.ranges.value_types.get
        return lambda name: self.classes.get(name) if self.kinds.get(name) == kind else None


def source_of(schema: Schema) -> Source:
    """The schema with names for its classes, slots, types and enums."""
    source = Source(schema, Ranges(schema))
    known = {name: body for name, body in schema.classes.items() if name not in schema.any_classes}
    source.kinds = {name: _class_kind(body) for name, body in known.items()}
    structs = {name: body for name, body in known.items() if source.kinds[name] == "struct_type"}
    others = {name: body for name, body in known.items() if name not in structs}
    source.ranges.structs = names_of(schema, structs, "/classes", pascal_case)
    source.classes = names_of(schema, others, "/classes", pascal_case) | source.ranges.structs
    source.ranges.value_types = names_of(schema, {**schema.types, **schema.enums}, "/enums", pascal_case)
    source.slot_kinds = {name: _slot_kind(source, name) for name in schema.slots}
    for kind in ("link_type", "shared_property"):
        alike = {name: body for name, body in schema.slots.items() if source.slot_kinds[name] == kind}
        source.slots |= names_of(schema, alike, "/slots", camel_case)
    return source


def _class_kind(body: Body) -> str:
    if patch_of(body).get(KIND) == "struct_type":
        return "struct_type"
    return "interface" if flag(body.get("mixin")) else "object_type"


def _slot_kind(source: Source, name: str) -> str:
    said = patch_of(source.schema.slots[name]).get(KIND)
    leads = source.ranges.targets(source.schema.slot_facets(name))
    return "link_type" if leads or said == "link_type" else "shared_property"


def names_of(
    schema: Schema,
    elements: Mapping[str, Body],
    place: str,
    convention: Callable[[str], str],
    taken: Iterable[str] = (),
) -> dict[str, str]:
    """A name for each of ``elements``, none twice nor one of ``taken``, regardless of case.

    Those that say their own get it; the others are named by their names in order, and told of where
    they need a number.
    """
    given = {name: str(patch_of(body)[NAME]) for name, body in elements.items() if NAME in patch_of(body)}
    free = UniqueNames([*taken, *given.values()])
    for name in sorted(elements.keys() - given.keys()):
        wanted = convention(name)
        given[name] = free.give(wanted)
        if given[name] != wanted:
            message = sentence(
                "{name} is called {given}, since something else is called {wanted} already.",
                name=repr(name),
                given=repr(given[name]),
                wanted=repr(wanted),
            )
            schema.tell(pointer(place, name), "NAME_COLLISION", message)
    return given


def with_alias(content: dict[str, Any], body: Body, original: str, name: str) -> dict[str, Any]:
    """``content`` with its original name among the aliases where it is another than ``name``."""
    if original == name or NAME in patch_of(body):
        return content
    return {**content, "aliases": [*content.get("aliases", ()), original]}


def slot_in_class(owner: str, slot: str) -> str:
    """The name of the link type that a slot is in one class alone."""
    return camel_case(f"{owner} {slot}")


def crowded(names: Iterable[str]) -> frozenset[str]:
    """The names, in lower case, that are there more than once."""
    return frozenset(name for name, times in Counter(name.lower() for name in names).items() if times > 1)
