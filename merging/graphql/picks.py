"""Picking and reverting commits."""

from collections.abc import Callable
from typing import Any, Self

import strawberry

from gateway.graphql import Info
from history.http.authority import authority_of
from history.models import Branch
from history.selectors import branch_get, repository_get
from merging import services
from merging.graphql.merges import DecisionInput, Settled, decisions_of


@strawberry.type(description="The commit in which another one was picked or reverted.")
class Applied:
    commit: str
    strategies: list[Settled]

    @classmethod
    def of(cls, applied: services.Applied) -> Self:
        return cls(commit=applied.commit.digest, strategies=[Settled.of(each) for each in applied.strategies])


@strawberry.type
class Mutation:
    @strawberry.mutation
    def commit_pick(
        self,
        info: Info,
        repository: str,
        branch: str,
        commit: str,
        *,
        message: str = "",
        mainline: int | None = None,
        expected_head: str | None = None,
        decisions: list[DecisionInput] | None = None,
    ) -> Applied:
        """Do on a branch what a commit did; an error with the conflicts where there are any."""
        return _applied(
            services.commit_pick,
            info,
            branch_get(repository_get(info.context.user, repository), branch),
            commit=commit,
            message=message,
            mainline=mainline,
            expected_head=expected_head,
            decisions=decisions_of(decisions),
        )

    @strawberry.mutation
    def commit_revert(
        self,
        info: Info,
        repository: str,
        branch: str,
        commit: str,
        *,
        message: str = "",
        mainline: int | None = None,
        expected_head: str | None = None,
        decisions: list[DecisionInput] | None = None,
    ) -> Applied:
        """Take back on a branch what a commit did; an error with the conflicts where there are any."""
        return _applied(
            services.commit_revert,
            info,
            branch_get(repository_get(info.context.user, repository), branch),
            commit=commit,
            message=message,
            mainline=mainline,
            expected_head=expected_head,
            decisions=decisions_of(decisions),
        )


def _applied(service: Callable[..., services.Applied], info: Info, branch: Branch, **given: Any) -> Applied:
    authority = authority_of(info.context.request.headers)
    return Applied.of(service(actor=info.context.user, branch=branch, authority=authority, **given))
