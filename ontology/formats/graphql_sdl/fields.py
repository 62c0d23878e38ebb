"""The fields of types before there are types: what each is called, takes and says."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from history.engine.content import Content, Key
from ontology.engine.effective import Effective, effective_properties, interfaces, lineage, resolved
from ontology.engine.members import HOLDERS
from ontology.engine.state import Documents
from ontology.engine.types import Type
from ontology.engine.values import scalar_type
from ontology.formats.graphql_sdl.names import TypeNames, graphql_name
from ontology.formats.json_schema.words import label
from ontology.formats.ways import INTERFACE_LINKS, Way, key_of, ways_of

SCALARS: Final[Mapping[str, str | None]] = {
    "Date": "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
    "DateTime": "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
    "Decimal": None,
    "GeoJSON": "https://www.rfc-editor.org/rfc/rfc7946",
    "JSON": "https://www.rfc-editor.org/rfc/rfc8259",
    "LocalTime": None,
    "Long": None,
}
"""The scalars beside GraphQL's own, and what specifies them."""

GEO_POINT: Final = "GeoPoint"

_BUILT_IN: Final[Mapping[str, str]] = {
    "boolean": "Boolean", "byte": "Int", "short": "Int", "integer": "Int", "float": "Float", "double": "Float",
    "string": "String", "attachment": "String", "media_reference": "String", "time_series": "String",
    "marking": "String", "cipher": "String",
}  # fmt: skip
_CUSTOM: Final[Mapping[str, str]] = {
    "long": "Long", "decimal": "Decimal", "date": "Date", "time": "LocalTime", "timestamp": "DateTime",
    "json": "JSON", "map": "JSON", "geoshape": "GeoJSON",
}  # fmt: skip

NOTHING: Final = "_"
"""The field of a type without fields, which GraphQL does not know."""

_MOST_SHOWN: Final = 20
_OTHER: Final[Mapping[str, str]] = {"source": "target", "target": "source", INTERFACE_LINKS: INTERFACE_LINKS}
"""Where a way leads, by where it starts."""


@dataclass(frozen=True)
class FieldSpec:
    """A field: of the type called ``of``, or a list of these. ``is_way`` tells ways from properties."""

    of: str
    many: bool = False
    required: bool = False
    description: str = ""
    deprecation: str | None = None
    is_way: bool = False

    def fits(self, asked: "FieldSpec") -> bool:
        """Whether an interface may ask for ``asked`` where there is this."""
        return (self.of, self.many) == (asked.of, asked.many) and self.required >= asked.required


@dataclass(frozen=True)
class Fields:
    """The fields of everything in a state."""

    contents: Mapping[Key, Content]
    unions: dict[str, list[Key]] = field(default_factory=dict)

    @cached_property
    def names(self) -> TypeNames:
        return TypeNames(self.contents)

    @cached_property
    def properties(self) -> dict[Key, dict[str, Effective]]:
        return effective_properties(Documents(self.contents), sorted(self.contents))

    @cached_property
    def ancestors(self) -> dict[Key, list[Key]]:
        """For every object type and interface what its objects are beside it, the nearest first."""
        return {
            key: [near for near in (*lineage(key, self.contents), *interfaces(key, self.contents)) if near != key]
            for key in sorted(self.properties)
        }

    @cached_property
    def heirs(self) -> dict[Key, list[Key]]:
        """For every type what inherits from it, by name."""
        found: dict[Key, list[Key]] = {}
        for key, ancestors in self.ancestors.items():
            for near in ancestors:
                found.setdefault(near, []).append(key)
        return found

    def is_concrete(self, key: Key) -> bool:
        """Whether there are objects of this very type."""
        return key[0] == "object_type" and not self.contents[key].get("abstract")

    def interface_name(self, key: Key) -> str | None:
        """The interface for a type and its heirs; None where it has none and is one type."""
        if not self.is_concrete(key):
            return self.names[key]
        return self.names.other("Any", key[1]) if key in self.heirs else None

    # --- Holders ------------------------------------------------------------------------------------

    @cached_property
    def of_holders(self) -> dict[Key, dict[str, FieldSpec]]:
        """The fields of object types and interfaces, those first that others inherit from."""
        ways = ways_of(self.contents, self.properties)
        found: dict[Key, dict[str, FieldSpec]] = {}
        for key in sorted(self.properties, key=lambda key: (len(self.ancestors[key]), key)):
            own = {graphql_name(name): self._property(each) for name, each in self.properties[key].items()}
            own |= {graphql_name(name): self._way(way) for name, way in ways[key].items()}
            for part in self.key_of(key):
                own[graphql_name(part)] = replace(own[graphql_name(part)], required=True)
            found[key] = self._inherited(own, [found[near] for near in self.ancestors[key] if near in found])
        return found

    def key_of(self, key: Key) -> list[str]:
        """The properties that identify the objects of a type."""
        return key_of(key, self.contents, self.properties[key])

    def _inherited(self, own: dict[str, FieldSpec], ancestors: list[dict[str, FieldSpec]]) -> dict[str, FieldSpec]:
        """A field is as all ancestors have it, who may be less exact, and there where it is there in one of them."""
        fields = own or ({} if any(ancestors) else {NOTHING: FieldSpec("Boolean", description="There is nothing.")})
        for asked in ancestors:
            fields |= {name: spec for name, spec in asked.items() if name not in fields}
        return {
            name: _as_asked(spec, [each[name] for each in ancestors if name in each]) for name, spec in fields.items()
        }

    def implemented(self, key: Key) -> list[Key]:
        """The ancestors of a type that can be interfaces of it: whatever these ask for is there as they ask for it."""
        here, place = self.of_holders[key], self._order[key]
        return [
            near
            for near in self.ancestors[key]
            if self._order[near] < place and all(here[name].fits(spec) for name, spec in self.of_holders[near].items())
        ]

    @cached_property
    def _order(self) -> dict[Key, int]:
        """The places of types; in a circle of inheritance there is a first one."""
        return {key: place for place, key in enumerate(self.of_holders)}

    # --- Others -------------------------------------------------------------------------------------

    def of_struct(self, content: Content) -> dict[str, FieldSpec]:
        """The fields of a struct type."""
        return self._members(content["fields"]) or {NOTHING: FieldSpec("Boolean", description="There is nothing.")}

    def of_link(self, key: Key, content: Content) -> dict[str, FieldSpec]:
        """What is known of a single link, and what it connects."""
        ends = {side: Way(side, key, side, (), to_one=True, required=True, content={}) for side in ("source", "target")}
        fields = {
            side: self._way(replace(way, targets=self._existing(content[side].get("types", ())), side=_OTHER[side]))
            for side, way in ends.items()
        }
        return fields | self._members(content["properties"])

    def _existing(self, names: list[str]) -> tuple[Key, ...]:
        return tuple(sorted((kind, name) for name in names for kind in HOLDERS if (kind, name) in self.contents))

    def _members(self, members: Mapping[str, Content]) -> dict[str, FieldSpec]:
        return {
            graphql_name(name): self._member(resolved(each, self.contents)) for name, each in sorted(members.items())
        }

    # --- Members ------------------------------------------------------------------------------------

    def _property(self, held: Effective) -> FieldSpec:
        return self._member(held.property)

    def _member(self, member: Content) -> FieldSpec:
        """A property or field, with the type and constraints that it comes to have."""
        of, many = self._type(member.get("type", {"type": "json"}))
        enum, note = self._enum(member)
        said = [text for text in (description_of(member), note) if text]
        return FieldSpec(enum or of, many, bool(member.get("required")), "\n\n".join(said), deprecation_of(member))

    def _type(self, of: Type) -> tuple[str, bool]:
        """(the name of a type, whether it is a list of these)."""
        match of["type"]:
            case "array":
                return self._type(of["items"])[0], True
            case "vector":
                return "Float", True
            case "struct" if (key := ("struct_type", of["struct_type"])) in self.names:
                return self.names[key], False
            case "geopoint":
                return self.names.other(GEO_POINT), False
            case name:
                custom = _CUSTOM.get(name, "JSON")
                return _BUILT_IN[name] if name in _BUILT_IN else self.names.other(custom), False

    def _enum(self, member: Content) -> tuple[str | None, str]:
        """(the enum whose values a member takes, or why there is none where it takes only some texts)."""
        values = member.get("constraints", {}).get("enum")
        if values is None or "type" not in member or scalar_type(member["type"])["type"] != "string":
            return None, ""
        shared = self.contents.get(("shared_property", member.get("shared_property", "")), {})
        key: Key = ("value_type", member.get("value_type") or shared.get("value_type") or "")
        if key in self.names:
            return self.names[key], ""
        shown = ", ".join(repr(value) for value in sorted(values)[:_MOST_SHOWN])
        more = ", …" if len(values) > _MOST_SHOWN else ""
        return None, f"A text and no enum, since not all of its values are names or they have none: {shown}{more}."

    def _way(self, way: Way) -> FieldSpec:
        said = way.content if way.side == INTERFACE_LINKS else {**way.content, **way.content.get(way.side, {})}
        of = self._target(way)
        return FieldSpec(
            of,
            not way.to_one,
            way.required and way.to_one,
            description_of(said),
            deprecation_of(way.content),
            is_way=True,
        )

    def _target(self, way: Way) -> str:
        """The type of what a way leads to; where nobody knows what that is, the type of its key."""
        if len(way.targets) == 1:
            [key] = way.targets
            return self.interface_name(key) or self.names[key]
        every = {key for target in way.targets for key in (target, *self.heirs.get(target, ()))}
        members = sorted(key for key in every if self.is_concrete(key))
        if not members:
            return "ID"
        name = self.names.other(way.origin[1], _OTHER[way.side])
        self.unions[name] = members
        return name


def _as_asked(spec: FieldSpec, asked: list[FieldSpec]) -> FieldSpec:
    """``spec`` as all of ``asked`` have it, where they are of one mind."""
    required = spec.required or any(each.required for each in asked)
    minds = {(each.of, each.many) for each in asked if each.is_way == spec.is_way}
    of, many = minds.pop() if len(minds) == 1 else (spec.of, spec.many)
    return replace(spec, of=of, many=many, required=required)


def description_of(content: Content) -> str:
    """What people read of something: what it means, else what it is called."""
    return label(content.get("description")) or label(content.get("display_name"))


def deprecation_of(content: Content) -> str | None:
    """Why something is not to be used any more; None where it is."""
    if content.get("status") != "deprecated":
        return None
    return label(content.get("deprecation", {}).get("reason")) or "No longer supported"
