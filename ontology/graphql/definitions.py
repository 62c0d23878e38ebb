"""The resources that a walk comes by, and where it may go from them: inheritance, properties and links."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final, Self

import strawberry

from gateway.graphql import JSON
from history.engine.content import Content, Key
from ontology.engine import relations
from ontology.engine.effective import Effective, declared_properties, effective_types
from ontology.engine.relations import LinkEnd, Relation
from ontology.engine.texts import text_in
from ontology.graphql.generation import Generation


@strawberry.enum(description="How a property comes to a type from the one that declares it.")
class Via(Enum):
    OWN = "own"
    EXTENDS = "extends"
    IMPLEMENTS = "implements"


@strawberry.enum(description="A side of a link type.")
class Side(Enum):
    SOURCE = "source"
    TARGET = "target"


@strawberry.type(description="What a resource is called.")
class ResourceKey:
    kind: str
    api_name: str

    @classmethod
    def of(cls, key: Key) -> Self:
        return cls(kind=key[0], api_name=key[1])


@strawberry.type(description="A property of a type, with the type and constraints that it comes to have.")
class Property:
    name: str
    type: JSON | None
    required: bool
    content: JSON
    origin: ResourceKey
    via: Via

    @classmethod
    def of(cls, found: Effective) -> Self:
        kind = found.property.get("type")
        return cls(
            name=found.name,
            type=None if kind is None else JSON(kind),
            required=found.property.get("required", False),
            content=JSON(found.property),
            origin=ResourceKey.of(found.origin),
            via=Via(found.via),
        )


@strawberry.interface(description="A resource of an ontology.")
class Definition:
    key: strawberry.Private[Key]
    generation: strawberry.Private[Generation]

    @strawberry.field
    def kind(self) -> str:
        return self.key[0]

    @strawberry.field
    def api_name(self) -> str:
        return self.key[1]

    @strawberry.field
    def rid(self) -> str:
        rid: str = self.held["rid"]
        return rid

    @strawberry.field
    def display_name(self, language: str = "en") -> str:
        """In a language, else in English, else in any; empty where there is none."""
        return text_in(language, self.held.get("display_name"))

    @strawberry.field
    def description(self, language: str = "en") -> str:
        """In a language, else in English, else in any; empty where there is none."""
        return text_in(language, self.held.get("description"))

    @strawberry.field
    def status(self) -> str:
        status: str = self.held.get("status", "experimental")
        return status

    @strawberry.field
    def content(self) -> JSON:
        """All that it says, in its stored form."""
        return JSON(self.held)

    @property
    def held(self) -> Content:
        return self.generation.contents[self.key]

    def related(self, relation: Relation) -> list[Any]:
        """Where ``relation`` leads from here; found out for the whole generation."""
        found = self.generation.answer(relation)
        following = self.generation.following(relation, (key for keys in found.values() for key in keys))
        return nodes(found.get(self.key, []), following)

    def properties_among(self, found: Mapping[str, Effective]) -> list[Property]:
        return [Property.of(found[name]) for name in self.generation.allowance.take(sorted(found))]


@strawberry.interface(description="An object type or an interface.")
class Type(Definition):
    @strawberry.field
    def lineage(self) -> list["Type"]:
        """All that it extends, the nearest first."""
        return self.related(relations.lineage)

    @strawberry.field
    def properties(self, *, inherited: bool = True) -> list[Property]:
        """Its own properties and, unless that is not wanted, those that come to it, by name."""
        found = self.generation.answer(effective_types)[self.key].properties
        return self.properties_among({name: each for name, each in found.items() if inherited or each.via == "own"})

    @strawberry.field
    def links(self, *, inherited: bool = True) -> list["Link"]:
        """Its own links and, unless that is not wanted, those of what it extends and implements."""
        ends = self.generation.answer(relations.links)
        every = [end for found in ends.values() for end in found]
        link_types = self.generation.following("link types", (end.link for end in every))
        others = self.generation.following("others", (key for end in every for key in end.others))
        own = [end for end in ends[self.key] if inherited or end.origin == self.key]
        return [Link(end=end, link_types=link_types, others=others) for end in self.generation.allowance.take(own)]


@strawberry.type(description="An object type.")
class ObjectType(Type):
    @strawberry.field
    def extends(self) -> list["ObjectType"]:
        return self.related(relations.extended)

    @strawberry.field
    def heirs(self) -> list["ObjectType"]:
        """The object types that name it as extended."""
        return self.related(relations.heirs)

    @strawberry.field
    def implements(self) -> list["Interface"]:
        return self.related(relations.implemented)

    @strawberry.field
    def interfaces(self) -> list["Interface"]:
        """All that it implements, itself or through what it extends, the nearest first."""
        return self.related(relations.interfaces)


@strawberry.type(description="An interface.")
class Interface(Type):
    @strawberry.field
    def extends(self) -> list["Interface"]:
        return self.related(relations.extended)

    @strawberry.field
    def heirs(self) -> list["Interface"]:
        """The interfaces that name it as extended."""
        return self.related(relations.heirs)

    @strawberry.field
    def implementers(self) -> list[ObjectType]:
        """The object types that name it as implemented."""
        return self.related(relations.implementers)


@strawberry.type(
    description="One side of a link type: the types that stand there, and what their objects call the link."
)
class LinkSide:
    api_name: str | None
    types: list[Type]


@strawberry.type(description="A link type.")
class LinkType(Definition):
    @strawberry.field
    def cardinality(self) -> str:
        """From source to target."""
        cardinality: str = self.held["cardinality"]
        return cardinality

    @strawberry.field
    def extends(self) -> list["LinkType"]:
        return self.related(relations.extended)

    @strawberry.field
    def heirs(self) -> list["LinkType"]:
        """The link types that name it as extended."""
        return self.related(relations.heirs)

    @strawberry.field
    def source(self) -> LinkSide:
        return self._side(Side.SOURCE)

    @strawberry.field
    def target(self) -> LinkSide:
        return self._side(Side.TARGET)

    @strawberry.field
    def properties(self) -> list[Property]:
        """Its properties, by name."""
        return self.properties_among(self.generation.answer(declared_properties)[self.key])

    def _side(self, side: Side) -> LinkSide:
        sides = self.generation.answer(relations.link_sides)
        following = self.generation.following("sides", (key for keys in sides.values() for key in keys))
        types = nodes(sides[self.key, side.value], following)
        return LinkSide(api_name=self.held[side.value].get("api_name"), types=types)


@strawberry.type(description="A link type as a type has it that stands at one of its sides.")
class Link:
    end: strawberry.Private[LinkEnd]
    link_types: strawberry.Private[Generation]
    others: strawberry.Private[Generation]

    @strawberry.field
    def api_name(self) -> str | None:
        """What objects of the type call it."""
        return self.end.name

    @strawberry.field
    def side(self) -> Side:
        """Where the type stands."""
        return Side(self.end.side)

    @strawberry.field
    def cardinality(self) -> str:
        """From source to target."""
        cardinality: str = self.end.content["cardinality"]
        return cardinality

    @strawberry.field
    def origin(self) -> ResourceKey:
        """The type that the link type names there."""
        return ResourceKey.of(self.end.origin)

    @strawberry.field
    def target(self) -> list[Type]:
        """The types on the other side."""
        return nodes(self.end.others, self.others)

    @strawberry.field
    def link_type(self) -> LinkType:
        link_type: LinkType = nodes([self.end.link], self.link_types)[0]
        return link_type


NODES: Final[Mapping[str, type[Definition]]] = {
    "object_type": ObjectType,
    "interface": Interface,
    "link_type": LinkType,
}


def nodes(keys: Iterable[Key], generation: Generation) -> list[Any]:
    """The resources of ``keys``, all of which are in ``generation``."""
    return [NODES[key[0]](key=key, generation=generation) for key in generation.allowance.take(list(keys))]
