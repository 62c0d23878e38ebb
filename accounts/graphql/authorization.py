"""GraphQL of roles on resources, and of why somebody may do something."""

import uuid
from datetime import datetime
from typing import Self

import strawberry

from accounts import models, selectors, services
from gateway.graphql import Info, Limit, Offset, page
from gateway.http.translation import translated
from history.permissions import ADMINISTER, require
from history.selectors import repository_get, user_get


@strawberry.type(description="A role on the resources that a pattern describes.")
class ResourceGrant:
    id: uuid.UUID
    user: str | None
    group: str | None
    role: str
    pattern: str
    created_at: datetime

    @classmethod
    def of(cls, row: models.ResourceGrant) -> Self:
        return cls(
            id=row.pk,
            user=row.user.username if row.user else None,
            group=row.group.name if row.group else None,
            role=row.role,
            pattern=row.pattern,
            created_at=row.created_at,
        )


@strawberry.type(description="Whether somebody may do something, and why.")
class Explanation:
    user: str
    permission: str
    repository: str | None
    resource: str | None
    allowed: bool
    reasons: list[str]


@strawberry.type
class Query:
    @strawberry.field
    def resource_grants(
        self, info: Info, repository: str, limit: Limit = 50, offset: Offset = 0
    ) -> list[ResourceGrant]:
        """The roles on some of a repository's resources, for who administers it."""
        viewer = info.context.user
        rows = selectors.resource_grants_of(viewer, repository_get(viewer, repository))
        return [ResourceGrant.of(row) for row in rows[page(limit, offset)]]

    @strawberry.field
    def authorization_explain(
        self,
        info: Info,
        permission: str,
        user: str | None = None,
        repository: str | None = None,
        resource: str | None = None,
    ) -> Explanation:
        """Whether somebody may do something, and why. For administrators, also of the repository, and oneself."""
        viewer = info.context.user
        where = repository_get(viewer, repository) if repository is not None else None
        about = selectors.user_asked_about(viewer, user, where)
        found = selectors.explain(about, permission, where, resource)
        return Explanation(
            user=about.username,
            permission=permission,
            repository=where.name if where else None,
            resource=resource,
            allowed=found.allowed,
            reasons=[translated(reason) for reason in found.reasons],
        )


@strawberry.type
class Mutation:
    @strawberry.mutation
    def resource_grant_create(
        self,
        info: Info,
        repository: str,
        role: str,
        pattern: str,
        user: str | None = None,
        group: str | None = None,
    ) -> ResourceGrant:
        """Give a user or a group a role on the resources that a pattern describes."""
        actor = info.context.user
        where = repository_get(actor, repository)
        require(actor, ADMINISTER, where)  # first, or anybody could ask who has an account
        grant = services.resource_grant_create(
            actor=actor,
            repository=where,
            role=role,
            pattern=pattern,
            user=user_get(user) if user is not None else None,
            group=selectors.group_get(group) if group is not None else None,
        )
        return ResourceGrant.of(grant)

    @strawberry.mutation
    def resource_grant_delete(self, info: Info, repository: str, id: uuid.UUID) -> uuid.UUID:  # noqa: A002 - the argument's name for clients
        """Take a grant back."""
        actor = info.context.user
        grant = selectors.resource_grant_get(actor, repository_get(actor, repository), id)
        services.resource_grant_delete(actor=actor, grant=grant)
        return id
