"""Proposals over GraphQL: what they are, what is said about them, and moving them along."""

from datetime import datetime
from typing import Any, Self

import strawberry

from gateway.graphql import Info, Limit, Offset, page
from gateway.http.translation import translated
from history.graphql import Commit
from history.http.authority import authority_of
from history.selectors import repository_get
from merging import models, selectors, services
from merging.engine import protection
from merging.graphql.conflicts import ProposalDifference
from merging.graphql.discussions import Review, Thread, TimelineEntry
from merging.graphql.merges import Merged, MergeWay
from merging.graphql.queue import QueueEntry

strawberry.enum(models.ProposalState, description="Where a proposal stands.")


@strawberry.type(description="That a branch be merged into another.")
class ProposalSummary:
    row: strawberry.Private[models.Proposal]
    number: int
    title: str
    description: str
    source: str
    target: str
    state: models.ProposalState
    author: str
    created_at: datetime
    updated_at: datetime
    revision: int
    comment_count: int
    unresolved_count: int
    merged_commit: str | None
    method: str
    ended_by: str | None
    ended_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> Self:
        """A proposal with its counts (:meth:`ProposalQuerySet.with_counts`)."""
        return cls(
            row=row,
            number=row.number,
            title=row.title,
            description=row.description,
            source=row.source,
            target=row.target,
            state=models.ProposalState(row.state),
            author=row.author.get_username(),
            created_at=row.created_at,
            updated_at=row.updated_at,
            revision=row.revision,
            comment_count=row.comment_count,
            unresolved_count=row.unresolved_count,
            merged_commit=row.merged_commit_id,
            method=row.method,
            ended_by=row.ended_by.get_username() if row.ended_by else None,
            ended_at=row.ended_at,
        )


@strawberry.type(description="What a proposal's branches point to; null where a branch is gone.")
class ProposalHeads:
    source: str | None
    target: str | None
    merge_base: str | None

    @classmethod
    def of(cls, heads: selectors.ProposalHeads) -> Self:
        return cls(
            source=heads.source.digest if heads.source else None,
            target=heads.target.digest if heads.target else None,
            merge_base=heads.merge_bases[0].digest if heads.merge_bases else None,
        )


@strawberry.type(description="Somebody who was asked for a review or gave a verdict that counts.")
class Reviewer:
    user: str
    awaited: bool
    verdict: models.Verdict | None
    review: int | None
    stale: bool

    @classmethod
    def of(cls, reviewer: selectors.Reviewer) -> Self:
        review = reviewer.review
        return cls(
            user=reviewer.user.get_username(),
            awaited=reviewer.is_awaited,
            verdict=models.Verdict(review.verdict) if review else None,
            review=review.pk if review else None,
            stale=reviewer.is_stale,
        )


@strawberry.type(description="One thing that the protection of a target asks for.")
class Requirement:
    name: str
    subject: str
    satisfied: bool
    detail: str
    pattern: str
    may_be_bypassed: bool

    @classmethod
    def of(cls, row: protection.Requirement) -> Self:
        return cls(
            name=row.name.value,
            subject=row.subject,
            satisfied=row.satisfied,
            detail=translated(row.detail),
            pattern=row.rule.pattern,
            may_be_bypassed=row.may_be_bypassed,
        )


@strawberry.type(description="That a branch be merged into another, and everything about it.")
class Proposal(ProposalSummary):
    @strawberry.field
    def heads(self) -> ProposalHeads:
        """What its branches point to, or pointed to at its end."""
        return ProposalHeads.of(selectors.heads_of(self.row))

    @strawberry.field
    def reviewers(self) -> list[Reviewer]:
        """Who was asked for a review or gave a verdict that counts."""
        found = selectors.reviewers_of(self.row, selectors.heads_of(self.row))
        return [Reviewer.of(each) for each in found]

    @strawberry.field
    def requirements(self, info: Info, method: MergeWay = MergeWay.MERGE) -> list[Requirement]:
        """What the protection of the target asks of merging it in this way, and whether it is so."""
        way = services.Way(method.value)
        found = services.proposal_requirements(actor=info.context.user, proposal=self.row, way=way)
        return [Requirement.of(each) for each in found]

    @strawberry.field
    def difference(self, info: Info, method: MergeWay = MergeWay.MERGE) -> ProposalDifference:
        """What merging it would do as its branches are; of one that has ended, what it would have done then."""
        found = services.proposal_preview(actor=info.context.user, proposal=self.row, way=services.Way(method.value))
        return ProposalDifference.of(found)

    @strawberry.field
    def source_commits(self, limit: Limit = 50, offset: Offset = 0) -> list[Commit]:
        """The commits that the source has and the target has not, the later ones first."""
        return [Commit.of(row) for row in selectors.proposal_commits(self.row)[page(limit, offset)]]

    @strawberry.field
    def reviews(self, limit: Limit = 50, offset: Offset = 0) -> list[Review]:
        """What reviewers said, the oldest first."""
        return [Review.of(row) for row in selectors.reviews_of(self.row)[page(limit, offset)]]

    @strawberry.field
    def threads(self, limit: Limit = 50, offset: Offset = 0) -> list[Thread]:
        """The comments, by thread, the oldest first."""
        return [Thread.of(row) for row in selectors.threads_of(self.row)[page(limit, offset)]]

    @strawberry.field
    def queue_entry(self) -> QueueEntry | None:
        """Where it stands in the merge queue, or how it last left it."""
        entry = selectors.queue_entry_of(self.row)
        return QueueEntry.of(entry) if entry else None

    @strawberry.field
    def timeline(self, limit: Limit = 50, offset: Offset = 0) -> list[TimelineEntry]:
        """The events of the proposal and of its source while it was pending, the oldest first."""
        events = list(selectors.timeline_events(self.row)[page(limit, offset)])
        return [TimelineEntry.of(entry) for entry in selectors.timeline_entries(events)]


@strawberry.type(description="What a repository decides about merging.")
class MergeSettings:
    apply_remembered_resolutions: bool


@strawberry.type
class Query:
    @strawberry.field
    def proposals(  # noqa: PLR0913  (a filter each)
        self,
        info: Info,
        repository: str,
        *,
        states: list[models.ProposalState] | None = None,
        author: str = "",
        reviewer: str = "",
        source: str = "",
        target: str = "",
        search: str = "",
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> list[ProposalSummary]:
        """The proposals of a repository, the newest first."""
        rows = selectors.proposals_of(
            repository_get(info.context.user, repository),
            states=states or (),
            author=author,
            reviewer=reviewer,
            source=source,
            target=target,
            search=search,
        )
        return [ProposalSummary.of(row) for row in rows[page(limit, offset)]]

    @strawberry.field
    def proposal(self, info: Info, repository: str, number: int) -> Proposal:
        """One proposal."""
        return Proposal.of(found(info, repository, number))

    @strawberry.field
    def merge_settings(self, info: Info, repository: str) -> MergeSettings:
        """What a repository decides about merging."""
        settings = selectors.merge_settings_of(repository_get(info.context.user, repository))
        return MergeSettings(apply_remembered_resolutions=settings.apply_remembered_resolutions)


@strawberry.type
class Mutation:
    @strawberry.mutation
    def proposal_open(
        self,
        info: Info,
        repository: str,
        title: str,
        source: str,
        *,
        target: str = "",
        description: str = "",
        draft: bool = False,
        reviewers: list[str] | None = None,
    ) -> Proposal:
        """Propose that one branch be merged into another, the default branch where it is left out."""
        proposal = services.proposal_open(
            actor=info.context.user,
            repository=repository_get(info.context.user, repository),
            title=title,
            source=source,
            target=target,
            description=description,
            draft=draft,
            reviewers=reviewers or (),
        )
        return again(proposal)

    @strawberry.mutation
    def proposal_update(
        self,
        info: Info,
        repository: str,
        number: int,
        *,
        title: str | None = None,
        description: str | None = None,
        target: str | None = None,
    ) -> Proposal:
        """Change what is given of a proposal."""
        proposal = services.proposal_update(
            actor=info.context.user,
            proposal=found(info, repository, number),
            title=title,
            description=description,
            target=target,
        )
        return again(proposal)

    @strawberry.mutation
    def proposal_ready(self, info: Info, repository: str, number: int) -> Proposal:
        """Make a draft one that can be merged."""
        proposal = found(info, repository, number)
        return again(services.proposal_ready(actor=info.context.user, proposal=proposal))

    @strawberry.mutation
    def proposal_draft(self, info: Info, repository: str, number: int) -> Proposal:
        """Make a proposal a draft."""
        proposal = found(info, repository, number)
        return again(services.proposal_draft(actor=info.context.user, proposal=proposal))

    @strawberry.mutation
    def proposal_close(self, info: Info, repository: str, number: int) -> Proposal:
        """End a proposal without a merge."""
        proposal = found(info, repository, number)
        return again(services.proposal_close(actor=info.context.user, proposal=proposal))

    @strawberry.mutation
    def proposal_reopen(self, info: Info, repository: str, number: int) -> Proposal:
        """Go on with a closed proposal."""
        proposal = found(info, repository, number)
        return again(services.proposal_reopen(actor=info.context.user, proposal=proposal))

    @strawberry.mutation
    def proposal_merge(
        self,
        info: Info,
        repository: str,
        number: int,
        *,
        method: MergeWay = MergeWay.MERGE,
        message: str = "",
        expected_head: str | None = None,
        expected_source_head: str | None = None,
    ) -> Merged:
        """Merge a proposal; an error with the conflicts that are open where there are any."""
        merged = services.proposal_merge(
            actor=info.context.user,
            proposal=found(info, repository, number),
            way=services.Way(method.value),
            message=message,
            expected_head=expected_head,
            expected_source_head=expected_source_head,
            authority=authority_of(info.context.request.headers),
        )
        return Merged.of(merged)

    @strawberry.mutation
    def reviewer_request(self, info: Info, repository: str, number: int, username: str) -> Proposal:
        """Ask somebody for a review."""
        proposal = found(info, repository, number)
        return again(services.reviewer_request(actor=info.context.user, proposal=proposal, username=username))

    @strawberry.mutation
    def reviewer_withdraw(self, info: Info, repository: str, number: int, username: str) -> Proposal:
        """Ask somebody for a review no longer."""
        proposal = found(info, repository, number)
        return again(services.reviewer_withdraw(actor=info.context.user, proposal=proposal, username=username))

    @strawberry.mutation
    def merge_settings_set(self, info: Info, repository: str, apply_remembered_resolutions: bool) -> MergeSettings:  # noqa: FBT001  (GraphQL passes arguments by name)
        """Decide about merging in a repository."""
        settings = services.merge_settings_set(
            actor=info.context.user,
            repository=repository_get(info.context.user, repository),
            apply_remembered_resolutions=apply_remembered_resolutions,
        )
        return MergeSettings(apply_remembered_resolutions=settings.apply_remembered_resolutions)


def found(info: Info, repository: str, number: int) -> models.Proposal:
    """The proposal that arguments name, if the caller may see it."""
    return selectors.proposal_get(repository_get(info.context.user, repository), number)


def again(proposal: models.Proposal) -> Proposal:
    """A proposal as it is now."""
    return Proposal.of(selectors.proposal_get(proposal.repository, proposal.number))
