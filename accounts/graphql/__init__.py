"""GraphQL of accounts, a module per subject. Signing in is REST's and the console's alone, one attempt a request."""

import strawberry

from accounts.graphql import passwords, sessions, users


@strawberry.type
class Query(users.Query, sessions.Query):
    """The reads of accounts."""


@strawberry.type
class Mutation(sessions.Mutation, passwords.Mutation):
    """The writes of accounts."""
