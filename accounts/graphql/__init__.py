"""GraphQL of accounts, a module per subject. Signing in is REST's and the console's alone, one attempt a request."""

import strawberry

from accounts.graphql import life, sessions, users


@strawberry.type
class Query(users.Query, sessions.Query, life.Query):
    """The reads of accounts."""


@strawberry.type
class Mutation(sessions.Mutation, life.Mutation):
    """The writes of accounts."""
