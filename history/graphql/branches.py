"""States and locks of branches over GraphQL."""

import strawberry
from django.utils.translation import gettext as _

from gateway.exceptions import FieldError, Malformed
from gateway.graphql import Info
from history import models, services
from history.graphql.types import Branch, BranchLock
from history.http.authority import authority_of
from history.selectors import branch_get, repository_get


@strawberry.type
class Mutation:
    @strawberry.mutation
    def branch_archive(self, info: Info, repository: str, name: str) -> Branch:
        """Have nothing be written to a branch any more."""
        branch, authority = _branch(info, repository, name), authority_of(info.context.request.headers)
        return Branch.of(services.branch_archive(actor=info.context.user, branch=branch, authority=authority))

    @strawberry.mutation
    def branch_restore(self, info: Info, repository: str, name: str) -> Branch:
        """Let work go on on a branch that is archived."""
        return Branch.of(services.branch_restore(actor=info.context.user, branch=_branch(info, repository, name)))

    @strawberry.mutation
    def branch_reset(self, info: Info, repository: str, name: str, to: str, expected_head: str | None = None) -> Branch:
        """Let a branch stand at the commit that the ref ``to`` names, whatever it held."""
        branch = services.branch_reset(
            actor=info.context.user,
            branch=_branch(info, repository, name),
            to=to,
            expected_head=expected_head,
            authority=authority_of(info.context.request.headers),
        )
        return Branch.of(branch)

    @strawberry.mutation
    def lock_take(self, info: Info, repository: str, branch: str, reason: str, duration: int) -> BranchLock:
        """Lock a branch for oneself for so many seconds; writes to it then need the token."""
        row = _branch(info, repository, branch)
        return BranchLock.of(services.lock_take(actor=info.context.user, branch=row, reason=reason, duration=duration))

    @strawberry.mutation
    def lock_renew(self, info: Info, repository: str, branch: str, token: int, duration: int) -> BranchLock:
        """A heartbeat of who holds the lock: it expires so many seconds from now."""
        row = _branch(info, repository, branch)
        return BranchLock.of(services.lock_renew(actor=info.context.user, branch=row, token=token, duration=duration))

    @strawberry.mutation
    def lock_release(
        self, info: Info, repository: str, branch: str, token: int | None = None, *, force: bool = False
    ) -> str:
        """End the lock that one holds, by its token; or anybody's by force, for administrators."""
        if token is None and not force:
            raise Malformed(errors=[FieldError("/token", "REQUIRED", _("This field is required."))])
        row = _branch(info, repository, branch)
        services.lock_release(actor=info.context.user, branch=row, token=token, force=force)
        return branch


def _branch(info: Info, repository: str, name: str) -> models.Branch:
    return branch_get(repository_get(info.context.user, repository), name)
