"""GraphQL of accounts, a module per subject. Signing in is REST's and the console's alone, one attempt a request."""

import strawberry

from accounts.graphql import api_keys, authorization, factors, life, passkeys, passwords, sessions, users


@strawberry.type
class Query(
    users.Query, sessions.Query, factors.Query, passkeys.Query, life.Query, api_keys.Query, authorization.Query
):
    """The reads of accounts."""


@strawberry.type
class Mutation(
    sessions.Mutation,
    factors.Mutation,
    passkeys.Mutation,
    passwords.Mutation,
    life.Mutation,
    api_keys.Mutation,
    authorization.Mutation,
):
    """The writes of accounts."""
