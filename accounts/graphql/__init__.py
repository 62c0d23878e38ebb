"""GraphQL of accounts, a module per subject. Signing in is REST's and the console's alone, one attempt a request."""

import strawberry

from accounts.graphql import api_keys, authorization, factors, passkeys, passwords, profile, sessions, users


@strawberry.type
class Query(
    users.Query, sessions.Query, factors.Query, passkeys.Query, profile.Query, api_keys.Query, authorization.Query
):
    """The reads of accounts."""


@strawberry.type
class Mutation(
    sessions.Mutation,
    factors.Mutation,
    passkeys.Mutation,
    passwords.Mutation,
    profile.Mutation,
    users.Mutation,
    api_keys.Mutation,
    authorization.Mutation,
):
    """The writes of accounts."""
