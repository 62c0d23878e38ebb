"""The types of GraphQL that an ontology's resources become, and their text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    is_input_type,
    print_schema,
    specified_scalar_types,
)

from history.engine.content import Content, Key
from ontology.engine.effective import meaning_of
from ontology.formats.graphql_sdl.fields import (
    GEO_POINT,
    NOTHING,
    SCALARS,
    Fields,
    FieldSpec,
    deprecation_of,
    description_of,
)
from ontology.formats.graphql_sdl.names import ROOT, graphql_name

_POINT: Final = {name: FieldSpec("Float", required=True) for name in ("latitude", "longitude")}


def write(contents: Mapping[Key, Content]) -> bytes:
    """A schema with a type for everything that objects are made of; equal contents have equal bytes.

    There is a type for each object type that has objects, an interface for what others inherit from, for an
    object type that has both under ``Any`` and its name. The root asks for an object by its primary key.
    """
    return print_schema(_Types(Fields(contents)).schema()).encode() + b"\n"


@dataclass
class _Types:
    """The types while they are made, by their names."""

    fields: Fields
    types: dict[str, GraphQLNamedType] = field(default_factory=lambda: dict(specified_scalar_types))

    def schema(self) -> GraphQLSchema:
        made = [type_ for key, content in sorted(self.fields.contents.items()) for type_ in self._made(key, content)]
        made += [GraphQLUnionType(name, partial(self._objects, keys)) for name, keys in self.fields.unions.items()]
        made += [
            GraphQLScalarType(self.fields.names.other(name), specified_by_url=url) for name, url in SCALARS.items()
        ]
        made.append(GraphQLObjectType(self.fields.names.other(GEO_POINT), partial(self._fields, _POINT)))
        self.types |= {type_.name: type_ for type_ in made}
        return GraphQLSchema(GraphQLObjectType(ROOT, self._root_fields), types=sorted(made, key=lambda each: each.name))

    def _made(self, key: Key, content: Content) -> Iterator[GraphQLNamedType]:
        """The types that a resource becomes."""
        names, said = self.fields.names, _description(content)
        match key[0]:
            case "object_type" | "interface":
                yield from self._holder(key, said)
            case "struct_type":
                specs = self.fields.of_struct(content)
                yield GraphQLObjectType(names[key], partial(self._fields, specs), description=said)
            case "value_type" if key in names:
                yield GraphQLEnumType(names[key], _enum_values(content, self.fields.contents), description=said)
            case "link_type" if content.get("properties"):
                specs = self.fields.of_link(key, content)
                name = names.other(key[1], "link")
                yield GraphQLObjectType(name, partial(self._fields, specs), description=said)

    def _holder(self, key: Key, said: str | None) -> Iterator[GraphQLNamedType]:
        """An interface for all that is of the type, and a type for what is of it and of none of its heirs."""
        asked = self.fields.implemented(key)
        specs = self._undeprecated(self.fields.of_holders[key], asked)
        interface = self.fields.interface_name(key)
        if interface:
            interfaces = partial(self._interfaces, asked)
            yield GraphQLInterfaceType(interface, partial(self._fields, specs), interfaces=interfaces, description=said)
        if self.fields.is_concrete(key):
            interfaces = partial(self._interfaces, [key, *asked] if interface else asked)
            name = self.fields.names[key]
            yield GraphQLObjectType(name, partial(self._fields, specs), interfaces=interfaces, description=said)

    def _undeprecated(self, specs: Mapping[str, FieldSpec], asked: list[Key]) -> dict[str, FieldSpec]:
        """A field is not deprecated here where an interface asks for it and does not say so."""
        needed = {
            name for each in asked for name, spec in self.fields.of_holders[each].items() if spec.deprecation is None
        }
        return {name: replace(spec, deprecation=None) if name in needed else spec for name, spec in specs.items()}

    # --- What is looked up when all types are there -----------------------------------------------

    def _interfaces(self, keys: list[Key]) -> list[GraphQLInterfaceType]:
        names = dict.fromkeys(self.fields.interface_name(key) for key in keys)
        return [each for name in names if isinstance(each := self.types[name or ""], GraphQLInterfaceType)]

    def _objects(self, keys: list[Key]) -> list[GraphQLObjectType]:
        return [each for key in keys if isinstance(each := self.types[self.fields.names[key]], GraphQLObjectType)]

    def _fields(self, specs: Mapping[str, FieldSpec]) -> dict[str, GraphQLField]:
        return {name: self._field(spec) for name, spec in sorted(specs.items())}

    def _field(self, spec: FieldSpec) -> GraphQLField:
        return GraphQLField(self._type(spec), description=spec.description or None, deprecation_reason=spec.deprecation)

    def _type(self, spec: FieldSpec) -> Any:
        of: Any = self.types[spec.of]
        one = GraphQLList(GraphQLNonNull(of)) if spec.many else of
        return GraphQLNonNull(one) if spec.required else one

    def _root_fields(self) -> dict[str, GraphQLField]:
        keys = [key for key in sorted(self.fields.of_holders) if self.fields.is_concrete(key)]
        fields = {self._root_name(key): self._root_field(key) for key in keys}
        return fields or {NOTHING: GraphQLField(GraphQLBoolean, description="There are no objects.")}

    def _root_name(self, key: Key) -> str:
        name = self.fields.names[key]
        return name[:1].lower() + name[1:]

    def _root_field(self, key: Key) -> GraphQLField:
        """One object by its primary key; where nobody says what identifies them, all of them."""
        of: Any = self.types[self.fields.names[key]]
        specs = {name: self.fields.of_holders[key][name] for name in map(graphql_name, self.fields.key_of(key))}
        arguments = {name: self._type(spec) for name, spec in specs.items()}
        if arguments and all(map(is_input_type, arguments.values())):
            return GraphQLField(of, {name: GraphQLArgument(each) for name, each in arguments.items()})
        return GraphQLField(GraphQLNonNull(GraphQLList(GraphQLNonNull(of))))


def _enum_values(content: Content, contents: Mapping[Key, Content]) -> dict[str, GraphQLEnumValue]:
    enum = meaning_of(content, contents).constraints["enum"]
    return {
        value: GraphQLEnumValue(value, _description(entry), deprecation_of(entry))
        for value, entry in sorted(enum.items())
    }


def _description(content: Content) -> str | None:
    """What a type says of itself; that it is deprecated too, of which GraphQL has no other word."""
    reason = deprecation_of(content)
    parts = (description_of(content), f"Deprecated: {reason}" if reason else "")
    return "\n\n".join(part for part in parts if part) or None
