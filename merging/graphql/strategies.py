"""The strategies that a repository has chosen."""

from typing import Self

import strawberry

from gateway.graphql import Info, Limit, Offset, page
from history.selectors import repository_get
from merging import models, selectors, services
from merging.models.strategies import ANY_KIND


@strawberry.type(description="What settles disagreements at some places of a repository's resources.")
class MergeStrategy:
    id: int
    kind: str
    pattern: str
    strategy: str

    @classmethod
    def of(cls, row: models.MergeStrategy) -> Self:
        return cls(id=row.pk, kind=row.kind, pattern=row.pattern, strategy=row.strategy)


@strawberry.type
class Query:
    @strawberry.field
    def merge_strategies(
        self, info: Info, repository: str, limit: Limit = 50, offset: Offset = 0
    ) -> list[MergeStrategy]:
        """The strategies that a repository has chosen, by kind and pattern."""
        row = repository_get(info.context.user, repository)
        return [MergeStrategy.of(each) for each in selectors.strategies_of(row)[page(limit, offset)]]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def merge_strategy_set(
        self, info: Info, repository: str, pattern: str, strategy: str, kind: str = ANY_KIND
    ) -> MergeStrategy:
        """Choose a strategy for a kind and pattern, whatever was chosen there before."""
        row = repository_get(info.context.user, repository)
        chosen, _ = services.merge_strategy_set(
            actor=info.context.user, repository=row, kind=kind, pattern=pattern, strategy=strategy
        )
        return MergeStrategy.of(chosen)

    @strawberry.mutation
    def merge_strategy_remove(self, info: Info, repository: str, id: int) -> int:  # noqa: A002  (the field's name)
        """Let disagreements there be conflicts again."""
        row = repository_get(info.context.user, repository)
        services.merge_strategy_remove(actor=info.context.user, chosen=selectors.strategy_get(row, id))
        return id
