"""Consumers and whom branches break, over GraphQL."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from gateway.graphql import JSON, Info, Offset, page
from gateway.http.pages import MAX_SHORT_LIMIT, SHORT_LIMIT, in_range
from history.engine.content import Key
from history.selectors import ref_resolve, repository_get
from ontology import selectors, services
from ontology.engine.breaking import Mode, Severity
from ontology.engine.usages import Standing

strawberry.enum(Mode, name="UsageMode", description="What a consumer does with what it uses.")

ShortLimit = Annotated[int, strawberry.argument(description=f"At most this many, up to {MAX_SHORT_LIMIT}.")]


@strawberry.input(description="A resource that is read or written, and the member of it; all where that is empty.")
class UsageInput:
    kind: str
    type: str
    property: str = ""


@strawberry.input(description="A JSON Schema of the things of a type that a consumer reads or writes.")
class SchemaInput:
    type: str
    mode: Mode
    schema: JSON


@strawberry.type(description="What is used as the default branch calls it now; stale is what it has no longer.")
class Usage:
    kind: str
    type: str
    property: str
    stale: bool

    @classmethod
    def of(cls, standing: Standing) -> Self:
        usage = standing.usage
        return cls(kind=usage.kind, type=usage.type, property=usage.property, stale=standing.stale)


@strawberry.type(description="What uses an ontology from outside.")
class Consumer:
    name: str
    contact: str
    description: str
    registered_by: str
    created_at: datetime
    updated_at: datetime
    reads: list[Usage]
    writes: list[Usage]

    @classmethod
    def of(cls, row: selectors.ConsumerUsages) -> Self:
        return cls(
            name=row.consumer.name,
            contact=row.consumer.contact,
            description=row.consumer.description,
            registered_by=row.consumer.registered_by.username,
            created_at=row.consumer.created_at,
            updated_at=row.consumer.updated_at,
            reads=[Usage.of(standing) for standing in row.reads],
            writes=[Usage.of(standing) for standing in row.writes],
        )


@strawberry.type(description="How many findings there are of each severity.")
class SeverityCounts:
    low: int
    medium: int
    high: int
    critical: int

    @classmethod
    def of(cls, counts: selectors.Counts) -> Self:
        return cls(**{severity.value: counts[severity] for severity in Severity})


@strawberry.type(description="What a branch means for one consumer; severity is that of the gravest that breaks it.")
class Verdict:
    consumer: str
    compatible: bool
    severity: str | None
    counts: SeverityCounts
    rules: list[str]

    @classmethod
    def of(cls, row: selectors.Verdict) -> Self:
        return cls(
            consumer=row.consumer,
            compatible=row.compatible,
            severity=row.severity,
            counts=SeverityCounts.of(row.counts),
            rules=list(row.rules),
        )


@strawberry.type(
    description="What a branch alone did since it parted from the base, and what that means for consumers."
)
class BranchCompatibility:
    branch: str
    head: str
    merge_base: str
    compatible: bool
    counts: SeverityCounts
    consumers: list[Verdict]

    @classmethod
    def of(cls, row: selectors.BranchCompatibility) -> Self:
        return cls(
            branch=row.branch.name,
            head=row.branch.head_id,
            merge_base=row.merge_base.digest,
            compatible=row.compatible,
            counts=SeverityCounts.of(row.counts),
            consumers=[Verdict.of(verdict) for verdict in row.consumers],
        )


@strawberry.type
class Query:
    @strawberry.field
    def consumers(
        self, info: Info, repository: str, limit: ShortLimit = SHORT_LIMIT, offset: Offset = 0
    ) -> list[Consumer]:
        """The consumers of a repository, by name."""
        row = repository_get(info.context.user, repository)
        found = selectors.consumers_of(row)[_short_page(limit, offset)]
        return [Consumer.of(each) for each in selectors.standings_of(row, found)]

    @strawberry.field
    def consumer(self, info: Info, repository: str, name: str) -> Consumer:
        """One consumer; the case of its name does not matter."""
        row = repository_get(info.context.user, repository)
        [found] = selectors.standings_of(row, [selectors.consumer_get(row, name)])
        return Consumer.of(found)

    @strawberry.field
    def compatibility(
        self,
        info: Info,
        repository: str,
        *,
        base: str = "",
        branches: list[str] | None = None,
        limit: ShortLimit = SHORT_LIMIT,
        offset: Offset = 0,
    ) -> list[BranchCompatibility]:
        """For each branch, all open ones where none are named, what it alone did and whom that breaks."""
        row = repository_get(info.context.user, repository)
        base = base or row.default_branch
        asked = selectors.branches_asked(row, base, branches or ())[_short_page(limit, offset)]
        found = selectors.compatibility_of(row, ref_resolve(row, base), asked)
        return [BranchCompatibility.of(each) for each in found]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def consumer_register(  # noqa: PLR0913  (what a consumer declares)
        self,
        info: Info,
        repository: str,
        name: str,
        *,
        contact: str = "",
        description: str = "",
        reads: list[UsageInput] | None = None,
        writes: list[UsageInput] | None = None,
        queries: list[str] | None = None,
        schemas: list[SchemaInput] | None = None,
        ref: str = "",
    ) -> Consumer:
        """Register a consumer of exactly what is given, whatever it was before."""
        row = repository_get(info.context.user, repository)
        declared = services.Declared(
            reads=_uses(reads),
            writes=_uses(writes),
            queries=queries or (),
            schemas=[services.Schema(each.type, each.mode, each.schema) for each in schemas or ()],
            ref=ref,
        )
        registration = services.consumer_register(
            actor=info.context.user,
            repository=row,
            name=name,
            declared=declared,
            contact=contact,
            description=description,
        )
        [found] = selectors.standings_of(row, [registration.consumer])
        return Consumer.of(found)

    @strawberry.mutation
    def consumer_remove(self, info: Info, repository: str, name: str) -> str:
        """Forget a consumer and what it uses."""
        row = repository_get(info.context.user, repository)
        services.consumer_delete(actor=info.context.user, consumer=selectors.consumer_get(row, name))
        return name


def _uses(given: list[UsageInput] | None) -> list[tuple[Key, str]]:
    return [((usage.kind, usage.type), usage.property) for usage in given or ()]


def _short_page(limit: int, offset: int) -> slice:
    return page(in_range(limit, "/limit", minimum=0, maximum=MAX_SHORT_LIMIT), offset)
