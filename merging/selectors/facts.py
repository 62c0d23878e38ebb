"""What is true of what lands on a branch, as far as rules of protection ask."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from accounts.backends import membership_roles_read
from accounts.models import User
from history.engine.content import Key
from history.models import Repository
from merging.engine.globs import last_match
from merging.engine.protection import Approval, Break, Facts, Move, Ownership
from merging.engine.rules import Rule
from merging.models import Check, Review, Verdict
from merging.models import Ownership as OwnershipRow
from merging.selectors.authors import authors_between
from merging.selectors.landings import Landing
from merging.selectors.owners import overrides_counting
from ontology.engine.breaking import SEVERITIES

NOTHING_KNOWN: Final = Facts(
    move=Move.ADVANCE,
    has_proposal=False,
    approvals=(),
    objectors=(),
    ownerships=(),
    unresolved_comments=0,
    is_up_to_date=False,
    findings=(),
    checks={},
    is_linear=False,
    starts=(),
)


def facts_of(wanted: Rule, landing: Landing) -> Facts:
    """What ``wanted`` has to know of ``landing``; what it does not ask for is not looked at."""
    if landing.move is Move.DELETION:
        return replace(NOTHING_KNOWN, move=landing.move)
    asks_people = wanted.required_approvals > 0 or wanted.requires_owner_approval
    reviews = _reviews(landing) if asks_people else []
    approving = [review for review in reviews if review.verdict == Verdict.APPROVE]
    return Facts(
        move=landing.move,
        has_proposal=landing.proposal is not None,
        approvals=_approvals(landing, approving),
        objectors=tuple(
            review.reviewer.get_full_name() for review in reviews if review.verdict == Verdict.REQUEST_CHANGES
        ),
        ownerships=_ownerships(landing, reviews) if wanted.requires_owner_approval else (),
        unresolved_comments=_unresolved(landing) if wanted.requires_resolved_comments else 0,
        is_up_to_date=wanted.requires_up_to_date and landing.is_up_to_date,
        findings=_breaks(landing, wanted.forbids_findings_from),
        checks=_checks(landing, wanted.required_checks),
        is_linear=wanted.requires_linear_history and landing.is_linear,
        starts=(),
    )


def _reviews(landing: Landing) -> list[Review]:
    """The reviews that count, of people who may review now."""
    if landing.proposal is None:
        return []
    reviews = list(landing.proposal.reviews.standing().select_related("reviewer"))
    membership_roles_read([review.reviewer for review in reviews], landing.repository)
    return [review for review in reviews if review.reviewer.has_perm("merging.review", landing.repository)]


def _approvals(landing: Landing, reviews: Sequence[Review]) -> tuple[Approval, ...]:
    """What approving ``reviews`` are worth: whether each is of one's own work, or of something else."""
    if not reviews:
        return ()
    authors = _authors(landing)
    head = landing.source.digest if landing.source else None
    return tuple(
        Approval(
            str(review.reviewer_id),
            by_author=review.reviewer_id in authors,
            is_stale=review.is_stale(head, landing.decided),
        )
        for review in reviews
    )


def _authors(landing: Landing) -> set[UUID]:
    """Who made what the proposal brings, who gave what memory settles among them."""
    if landing.proposal is None:
        return set()
    return authors_between(landing.proposal, landing.brought, landing.before) | landing.remembered_by


def _unresolved(landing: Landing) -> int:
    return landing.proposal.comments.filter(parent=None, resolved_at=None).count() if landing.proposal else 0


def _ownerships(landing: Landing, reviews: Sequence[Review]) -> tuple[Ownership, ...]:
    """The ownerships that count for what is touched, and which of those who approved are among the owners."""
    owning = _owning_rows(landing.repository, landing.touched)
    approvers = {review.reviewer_id for review in reviews if review.verdict == Verdict.APPROVE}
    grouped = User.groups.through.objects.filter(user__in=approvers).values_list("user_id", "group_id")
    in_group: dict[int, set[UUID]] = {}
    for user, group in grouped:
        in_group.setdefault(group, set()).add(user)
    found = []
    for row in owning:
        owners = {user.pk for user in row.users.all()}
        owners.update(*(in_group.get(group.pk, ()) for group in row.groups.all()))
        if names := row.owners:
            found.append(Ownership(row.pattern, tuple(names), frozenset(map(str, owners & approvers))))
    return tuple(found)


def _owning_rows(repository: Repository, touched: Collection[Key]) -> list[OwnershipRow]:
    """The ownerships that count for any of ``touched``, in order."""
    rows = list(repository.ownerships.order_by("position", "id").prefetch_related("users", "groups"))
    patterns = [row.pattern for row in rows]
    places = {last_match(patterns, "/".join(key)) for key in touched}
    return [row for place, row in enumerate(rows) if place in places]


def _breaks(landing: Landing, limit: int | None) -> tuple[Break, ...]:
    """The findings from ``limit`` on, each by its own severity, that nobody has overridden."""
    if limit is None:
        return ()
    grave = [found for found in landing.findings if SEVERITIES.index(found.own_severity) >= limit]
    overrides = overrides_counting(landing.proposal, lambda: _authors(landing)) if landing.proposal and grave else []
    return tuple(
        Break(found.rule, found.path, found.own_severity.value, SEVERITIES.index(found.own_severity))
        for found in grave
        if not any(each.covers(found, landing.findings) for each in overrides)
    )


def _checks(landing: Landing, names: Collection[str]) -> dict[str, str]:
    """The last state of those of ``names`` that were posted."""
    if not names or landing.checked is None:
        return {}
    posted = Check.objects.filter(commit=landing.checked, name__in=names).counting()
    return dict(posted.values_list("name", "state"))
