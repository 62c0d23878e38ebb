"""GraphQL of ontology: whole states, walks along the types of one, the rules of validation, and consumers."""

from typing import Final

import strawberry

from gateway.graphql import LONG_PAGE, WHOLE_STATE
from ontology.graphql import consumers, states, walks
from ontology.graphql.states import ResourceChange

COSTS: Final = {
    **states.COSTS,
    **walks.COSTS,
    "compatibility": WHOLE_STATE,
    "consumerRegister": WHOLE_STATE,
    "consumers": LONG_PAGE,
}


@strawberry.type
class Query(states.Query, walks.Query, consumers.Query):
    """The reads of ontology."""


@strawberry.type
class Mutation(states.Mutation, consumers.Mutation):
    """The writes of ontology."""


__all__ = ["COSTS", "Mutation", "Query", "ResourceChange"]
