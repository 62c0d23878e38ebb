"""Where walks along the types of an ontology begin."""

from typing import Any, Final, Generic, Self, TypeVar

import strawberry

from gateway.graphql import LONG_PAGE, WHOLE_STATE, Info, Limit, Offset, page
from history.models import Commit
from history.selectors import TreeView, ref_resolve, repository_get
from ontology.graphql.definitions import Interface, LinkType, ObjectType, nodes
from ontology.graphql.generation import Allowance, Generation
from ontology.selectors import TreeState

COSTS: Final = {"ontology": WHOLE_STATE, "objectTypes": LONG_PAGE, "interfaces": LONG_PAGE, "linkTypes": LONG_PAGE}

MAX_ROWS: Final = 10_000
"""How many types, properties and links a walk may come by; what it comes by twice counts twice."""

T = TypeVar("T")


@strawberry.type(description="A page of resources of a kind, by name, and how many there are in all.")
class Page(Generic[T]):
    total: int
    items: list[T]


@strawberry.type(description="The ontology of a repository at a commit.")
class Ontology:
    commit: str
    tree: strawberry.Private[TreeView]
    state: strawberry.Private[TreeState]
    allowance: strawberry.Private[Allowance]

    @classmethod
    def of(cls, commit: Commit) -> Self:
        tree = TreeView(commit.root)
        return cls(commit=commit.digest, tree=tree, state=TreeState(tree), allowance=Allowance(MAX_ROWS))

    @strawberry.field
    def object_types(self, search: str = "", limit: Limit = 50, offset: Offset = 0) -> Page[ObjectType]:
        """The object types whose name holds ``search``."""
        return self._page("object_type", search, page(limit, offset))

    @strawberry.field
    def object_type(self, name: str) -> ObjectType | None:
        found: ObjectType | None = self._one("object_type", name)
        return found

    @strawberry.field
    def interfaces(self, search: str = "", limit: Limit = 50, offset: Offset = 0) -> Page[Interface]:
        """The interfaces whose name holds ``search``."""
        return self._page("interface", search, page(limit, offset))

    @strawberry.field
    def interface(self, name: str) -> Interface | None:
        found: Interface | None = self._one("interface", name)
        return found

    @strawberry.field
    def link_types(self, search: str = "", limit: Limit = 50, offset: Offset = 0) -> Page[LinkType]:
        """The link types whose name holds ``search``."""
        return self._page("link_type", search, page(limit, offset))

    @strawberry.field
    def link_type(self, name: str) -> LinkType | None:
        found: LinkType | None = self._one("link_type", name)
        return found

    def _page(self, kind: str, search: str, part: slice) -> Page[Any]:
        total, entries = self.tree.page(kind=kind, search=search, offset=part.start, limit=part.stop - part.start)
        keys = [entry.key for entry in entries]
        return Page(total=total, items=nodes(keys, Generation(self.state, keys, self.allowance)))

    def _one(self, kind: str, name: str) -> Any:
        generation = Generation(self.state, [(kind, name)], self.allowance)
        return next(iter(nodes(generation.contents, generation)), None)


@strawberry.type
class Query:
    @strawberry.field
    def ontology(self, info: Info, repository: str, ref: str = "") -> Ontology:
        """The types of a repository at a ref, to walk along inheritance, properties and links."""
        row = repository_get(info.context.user, repository)
        return Ontology.of(ref_resolve(row, ref or row.default_branch))
