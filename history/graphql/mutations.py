"""Writes of history over GraphQL."""

from collections.abc import Callable
from enum import StrEnum

import strawberry
from django.utils.translation import gettext as _

from gateway.exceptions import FieldError, Malformed
from gateway.graphql import JSON, Info
from history import models, selectors, services
from history.engine.changes import Change, Delete, Put, Rename
from history.exceptions import ResourceChanged
from history.graphql.types import Branch, Commit, Member, Repository, Resource
from history.http.authority import authority_of
from history.permissions import ADMINISTER, require


@strawberry.enum(description="What a change does to a resource.")
class ChangeOperation(StrEnum):
    PUT = "put"
    DELETE = "delete"
    RENAME = "rename"


@strawberry.input(description="One change of a commit: content goes with put, to with rename.")
class ChangeInput:
    op: ChangeOperation
    kind: str
    name: str
    content: JSON | None = strawberry.UNSET
    to: str | None = None

    def change(self, number: int) -> Change:
        """Raises :class:`Malformed` where what the operation needs is missing."""
        if self.op is ChangeOperation.DELETE:
            return Delete(self.kind, self.name)
        if self.op is ChangeOperation.PUT and self.content is not strawberry.UNSET:
            return Put(self.kind, self.name, self.content)
        if self.op is ChangeOperation.RENAME and self.to is not None:
            return Rename(self.kind, self.name, self.to)
        missing = "content" if self.op is ChangeOperation.PUT else "to"
        error = FieldError(f"/changes/{number}/{missing}", "REQUIRED", _("This field is required."))
        raise Malformed(errors=[error])


@strawberry.type
class Mutation:
    @strawberry.mutation
    def repository_create(
        self, info: Info, name: str, title: str = "", description: str = "", visibility: str = "private"
    ) -> Repository:
        """Make a repository; its default branch stands at an empty commit and the caller administers it."""
        row = services.repository_create(
            actor=info.context.user, name=name, title=title, description=description, visibility=visibility
        )
        return Repository.of(row)

    @strawberry.mutation
    def repository_update(
        self,
        info: Info,
        name: str,
        title: str | None = None,
        description: str | None = None,
        visibility: str | None = None,
    ) -> Repository:
        """Set what is given of a repository."""
        row = selectors.repository_get(info.context.user, name)
        services.repository_update(
            actor=info.context.user, repository=row, title=title, description=description, visibility=visibility
        )
        return Repository.of(row)

    @strawberry.mutation
    def membership_set(self, info: Info, repository: str, username: str, role: str) -> Member:
        """Give somebody a role in a repository."""
        row = selectors.repository_get(info.context.user, repository)
        require(info.context.user, ADMINISTER, row)  # first, or anybody could ask who has an account
        user = selectors.user_get(username)
        return Member.of(services.membership_set(actor=info.context.user, repository=row, user=user, role=role))

    @strawberry.mutation
    def membership_remove(self, info: Info, repository: str, username: str) -> str:
        """End somebody's membership."""
        row = selectors.repository_get(info.context.user, repository)
        services.membership_remove(actor=info.context.user, membership=selectors.membership_get(row, username))
        return username

    @strawberry.mutation
    def branch_create(self, info: Info, repository: str, name: str, start: str = "") -> Branch:
        """Make a branch at the commit that the ref ``start`` names, by default the default branch's head."""
        row = selectors.repository_get(info.context.user, repository)
        authority = authority_of(info.context.request.headers)
        made = services.branch_create(
            actor=info.context.user, repository=row, name=name, start=start, authority=authority
        )
        return Branch.of(made)

    @strawberry.mutation
    def branch_delete(self, info: Info, repository: str, name: str) -> str:
        """Delete a branch; its commits stay."""
        row = selectors.repository_get(info.context.user, repository)
        services.branch_delete(
            actor=info.context.user,
            branch=selectors.branch_get(row, name),
            authority=authority_of(info.context.request.headers),
        )
        return name

    @strawberry.mutation
    def commit_create(
        self,
        info: Info,
        repository: str,
        branch: str,
        message: str,
        changes: list[ChangeInput],
        expected_head: str | None = None,
    ) -> Commit:
        """Apply changes to a branch as one commit, all or nothing."""
        row = selectors.repository_get(info.context.user, repository)
        commit = services.commit_create(
            actor=info.context.user,
            branch=selectors.branch_get(row, branch),
            changes=[change.change(number) for number, change in enumerate(changes)],
            message=message,
            expected_head=expected_head,
            authority=authority_of(info.context.request.headers),
        )
        return Commit.of(commit)

    @strawberry.mutation
    def resource_put(
        self,
        info: Info,
        repository: str,
        kind: str,
        api_name: str,
        content: JSON,
        branch: str = "",
        message: str = "",
        etag: str | None = None,
    ) -> Resource | None:
        """Give a resource its content as one commit, unless its etag is another than the one given."""
        commit, _ = services.resource_put(
            actor=info.context.user,
            branch=_branch(info, repository, branch),
            key=(kind, api_name),
            content=content,
            message=message,
            precondition=_unchanged(etag),
            authority=authority_of(info.context.request.headers),
        )
        return Resource.at(commit, (kind, api_name))

    @strawberry.mutation
    def resource_patch(
        self,
        info: Info,
        repository: str,
        kind: str,
        api_name: str,
        patch: JSON,
        branch: str = "",
        message: str = "",
        etag: str | None = None,
    ) -> Resource | None:
        """Change a resource by a JSON merge patch (RFC 7396) as one commit, unless its etag is another."""
        commit = services.resource_patch(
            actor=info.context.user,
            branch=_branch(info, repository, branch),
            key=(kind, api_name),
            patch=patch,
            message=message,
            precondition=_unchanged(etag),
            authority=authority_of(info.context.request.headers),
        )
        return Resource.at(commit, (kind, api_name))

    @strawberry.mutation
    def resource_delete(
        self,
        info: Info,
        repository: str,
        kind: str,
        api_name: str,
        branch: str = "",
        message: str = "",
        etag: str | None = None,
    ) -> Commit:
        """Delete a resource as one commit, unless its etag is another than the one given."""
        commit = services.resource_delete(
            actor=info.context.user,
            branch=_branch(info, repository, branch),
            key=(kind, api_name),
            message=message,
            precondition=_unchanged(etag),
            authority=authority_of(info.context.request.headers),
        )
        return Commit.of(commit)


def _branch(info: Info, repository: str, name: str) -> models.Branch:
    """The branch of that name, by default the default branch."""
    row = selectors.repository_get(info.context.user, repository)
    return selectors.branch_get(row, name or row.default_branch)


def _unchanged(etag: str | None) -> Callable[[str | None], None]:
    """Holds where a resource has the digest ``etag``, or where none is asked for."""

    def hold(digest: str | None) -> None:
        if etag is not None and etag != digest:
            raise ResourceChanged(etag=digest)

    return hold
