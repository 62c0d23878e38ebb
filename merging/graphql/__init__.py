"""GraphQL of merging, a module per subject."""

from typing import Final

import strawberry

from gateway.graphql import LONG_PAGE, WHOLE_STATE
from merging.graphql import conflicts, discussions, merges, picks, proposals, protection, queue, strategies

COSTS: Final = {
    "branchMerge": WHOLE_STATE,
    "commitPick": WHOLE_STATE,
    "commitRevert": WHOLE_STATE,
    "conflictResolve": WHOLE_STATE,
    "difference": WHOLE_STATE,
    "findingOverride": WHOLE_STATE,
    "mergePreview": WHOLE_STATE,
    "mergeQueue": LONG_PAGE,
    "proposalMerge": WHOLE_STATE,
    "proposals": LONG_PAGE,
    "reviews": LONG_PAGE,
    "sourceCommits": LONG_PAGE,
    "threads": LONG_PAGE,
    "timeline": LONG_PAGE,
}


@strawberry.type
class Query(merges.Query, proposals.Query, protection.Query, queue.Query, strategies.Query):
    """The reads of merging."""


@strawberry.type
class Mutation(
    merges.Mutation,
    picks.Mutation,
    proposals.Mutation,
    discussions.Mutation,
    conflicts.Mutation,
    protection.Mutation,
    strategies.Mutation,
    queue.Mutation,
):
    """The writes of merging."""


__all__ = ["COSTS", "Mutation", "Query"]
