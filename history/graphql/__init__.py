"""GraphQL of history: repositories, branches, commits, resources and events."""

from typing import Final

import strawberry

from gateway.graphql import LONG_PAGE
from history.graphql import branches, mutations
from history.graphql.queries import Query
from history.graphql.types import Commit

COSTS: Final = {
    "commitGraph": LONG_PAGE,
    "commits": LONG_PAGE,
    "events": LONG_PAGE,
    "resourceHistory": LONG_PAGE,
    "resources": LONG_PAGE,
}


@strawberry.type
class Mutation(mutations.Mutation, branches.Mutation):
    """The writes of history."""


__all__ = ["COSTS", "Commit", "Mutation", "Query"]
