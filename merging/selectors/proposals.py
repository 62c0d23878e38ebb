"""Proposals as they are read: found, held against their branches, and what happened to them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Count, Prefetch, Q, QuerySet

from gateway.engine.sentences import sentence
from history.models import Commit, Event, Repository
from history.selectors import commits_only_in, merge_bases
from merging.exceptions import CommentNotFound, ProposalNotFound, ReviewNotFound
from merging.models import Comment, MergeSettings, MergeStrategy, Proposal, Review
from merging.models.proposals import ReviewQuerySet

LARGEST_NUMBER: Final = 2**31 - 1
COMMITS_LIMIT: Final = 500
"""The most commits of a proposal that are listed."""


def proposals_of(repository: Repository, **wanted: Any) -> "QuerySet[Proposal]":
    """The proposals of a repository that match what is wanted (:meth:`ProposalQuerySet.matching`), the newest first."""
    rows = Proposal.objects.filter(repository=repository).matching(**wanted).with_counts()
    related: QuerySet[Proposal] = rows.select_related("repository", "author", "ended_by")
    return related


def proposals_tally(repository: Repository, **wanted: Any) -> dict[str, int]:
    """How many proposals of a repository that match what is wanted there are, by state."""
    rows = Proposal.objects.filter(repository=repository).matching(**wanted)
    return dict(rows.order_by().values_list("state").annotate(count=Count("pk")))


def proposal_get(repository: Repository, number: int) -> Proposal:
    """The proposal of that number. Raises ProposalNotFound."""
    found = proposals_of(repository).filter(number=number).first() if 0 < number <= LARGEST_NUMBER else None
    if found is None:
        message = sentence("{repository} has no proposal {number}.", repository=repository.name, number=number)
        raise ProposalNotFound(message)
    return found


def review_get(proposal: Proposal, identifier: int) -> Review:
    """One review of a proposal. Raises ReviewNotFound."""
    found = reviews_of(proposal).filter(pk=identifier).first()
    if found is None:
        raise ReviewNotFound
    return found


def reviews_of(proposal: Proposal) -> ReviewQuerySet:
    """The reviews of a proposal, the oldest first."""
    rows: ReviewQuerySet = Review.objects.filter(proposal=proposal)
    return rows.select_related("proposal", "reviewer", "dismissed_by")


def threads_of(proposal: Proposal) -> "QuerySet[Comment]":
    """The comments that begin a thread, the oldest first, each with its replies."""
    replies = Prefetch("replies", Comment.objects.select_related("author").order_by("id"))
    first = proposal.comments.filter(parent=None)
    return first.select_related("author", "resolved_by").prefetch_related(replies).order_by("id")


def thread_get(proposal: Proposal, comment: Comment) -> Comment:
    """The first comment of the thread of ``comment``, with its replies."""
    return threads_of(proposal).get(pk=comment.parent_id or comment.pk)


def comment_get(proposal: Proposal, identifier: int) -> Comment:
    """One comment of a proposal. Raises CommentNotFound."""
    found = proposal.comments.select_related("author", "parent", "resolved_by").filter(pk=identifier).first()
    if found is None:
        raise CommentNotFound
    return found


# --- Heads --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProposalHeads:
    """What a proposal's branches point to, or pointed to at its end; None where a branch is gone."""

    source: Commit | None
    target: Commit | None

    @cached_property
    def merge_bases(self) -> Sequence[Commit]:
        """Where the branches parted."""
        return merge_bases(self.target, self.source) if self.source and self.target else ()


def heads_of(proposal: Proposal) -> ProposalHeads:
    """The heads of a proposal: those of now while it is pending."""
    if proposal.is_pending:
        names = (proposal.source, proposal.target)
        rows = proposal.repository.branches.select_related("head").filter(name__in=names)
        found = {row.name: row.head for row in rows}
        return ProposalHeads(found.get(proposal.source), found.get(proposal.target))
    commits = Commit.objects.in_bulk([each for each in (proposal.source_head_id, proposal.target_head_id) if each])
    return ProposalHeads(commits.get(proposal.source_head_id or ""), commits.get(proposal.target_head_id or ""))


def proposal_commits(proposal: Proposal) -> list[Commit]:
    """The commits that the source has and the target has not, the later ones first; none where a branch is gone."""
    heads = heads_of(proposal)
    return commits_only_in(heads.source, heads.target, COMMITS_LIMIT) if heads.source and heads.target else []


# --- Reviewers ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reviewer:
    """Somebody who was asked to review, or did: the review that counts, and whether one is awaited."""

    user: Any
    is_awaited: bool
    review: Review | None
    is_stale: bool
    """Whether the review is of another result than the proposal has now."""


def reviewers_of(proposal: Proposal, heads: ProposalHeads) -> list[Reviewer]:
    """Who was asked to review a proposal or gave a verdict that counts, by username."""
    standing = {review.reviewer_id: review for review in reviews_of(proposal).standing()}
    awaited = {row.reviewer_id: row.reviewer for row in proposal.review_requests.select_related("reviewer")}
    people = awaited | {review.reviewer_id: review.reviewer for review in standing.values()}
    head = heads.source.digest if heads.source else None
    found = [
        Reviewer(user, who in awaited, review := standing.get(who), bool(review and review.is_stale(head)))
        for who, user in people.items()
    ]
    return sorted(found, key=lambda each: each.user.username)


# --- Timeline -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened to a proposal or its source."""

    event: UUID
    type: str
    time: datetime
    user: Any
    """Who caused it; None for the system and for who is not there any more."""
    data: Mapping[str, Any]

    @property
    def actor(self) -> str | None:
        """The username."""
        return self.user.username if self.user else None


def timeline_events(proposal: Proposal) -> "QuerySet[Event]":
    """The events of a proposal, and those of its source while it was pending, the oldest first."""
    moved = Q(subject=f"repositories/{proposal.repository.name}/branches/{proposal.source}")
    moved &= Q(time__gte=proposal.created_at)
    if proposal.ended_at:
        moved &= Q(time__lte=proposal.ended_at)
    events = Event.objects.filter(repository=proposal.repository_id)
    return events.filter(Q(subject=proposal.subject) | moved).order_by("id")


def timeline_entries(events: Sequence[Event]) -> list[TimelineEntry]:
    """Events as entries of a timeline, with who caused them."""
    users = get_user_model()._default_manager  # noqa: SLF001  (Django's documented name for it)
    people = users.in_bulk({event.actor for event in events if event.actor})
    return [
        TimelineEntry(
            event.uuid,
            event.type,
            event.time,
            people.get(event.actor) if event.actor else None,
            json.loads(bytes(event.body)).get("data", {}),
        )
        for event in events
    ]


# --- Settings -----------------------------------------------------------------------------------------


def merge_settings_of(repository: Repository) -> MergeSettings:
    """What a repository decides about merging; a row that is not saved where it decided nothing."""
    return MergeSettings.objects.filter(repository=repository).first() or MergeSettings(repository=repository)


def is_decidable(proposal: Proposal) -> bool:
    """Whether any decision can settle a conflict of it: a resolution, what the repository chose, or memory."""
    chosen = MergeStrategy.objects.filter(repository=proposal.repository_id)
    return proposal.resolutions.exclude(option="").exists() or chosen.exists() or memory_applies(proposal)


def memory_applies(proposal: Proposal) -> bool:
    """Whether conflicts of it are resolved from memory: what has ended stays as it was."""
    settings = MergeSettings.objects.filter(repository=proposal.repository_id, apply_remembered_resolutions=True)
    return proposal.is_pending and settings.exists()
