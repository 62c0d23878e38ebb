"""Reviews: verdicts on what a proposal's source holds."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from gateway.engine.sentences import sentence
from history.exceptions import NotAllowed
from history.models import Commit
from history.permissions import ADMINISTER, require
from merging.exceptions import ProposalChanged, ReviewInvalid
from merging.models import NOTHING_DECIDED, Proposal, Review, Verdict
from merging.selectors import review_get
from merging.services.proposed import (
    REVIEW,
    branch_of,
    proposal_hold,
    proposal_lock,
    proposal_save,
    require_pending,
    require_source_head,
    state_follow,
    tell,
    text_errors,
)
from merging.services.resolutions import decisions_in_effect
from merging.services.ways import Way


@transaction.atomic
def review_submit(
    *,
    actor: Any,
    proposal: Proposal,
    verdict: Verdict,
    body: str = "",
    expected_head: str | None = None,
    expected_revision: int | None = None,
    way: Way = Way.MERGE,
) -> Review:
    """Say ``verdict`` of the source as it stands; of a reviewer the last one that is yes or no counts.

    An approval is of how conflicts are settled in this way of merging: a rebase may meet others than the rest do.
    Raises StaleHead, which carries the head that is there, where the source is not at ``expected_head``,
    ProposalChanged, which carries the revision, where the proposal is not at ``expected_revision``, and of an
    approval where it got another target just now, ReviewInvalid, ProposalBranchGone, and where it is no longer
    pending ProposalIsMerged or ProposalIsClosed.
    """
    require(actor, REVIEW, proposal.repository)
    # What an approval is of is previewed, and a preview writes, so that nobody may wait for it who has written.
    proposal = proposal_hold(proposal) if verdict == Verdict.APPROVE else proposal_lock(proposal)
    require_pending(proposal)
    head = branch_of(proposal, proposal.source).head
    _require_seen(proposal, head, expected_head, expected_revision)
    if errors := list(text_errors("body", body, is_needed=verdict == Verdict.COMMENT)):
        raise ReviewInvalid(errors=errors)
    decided: Mapping[str, str] = NOTHING_DECIDED
    if verdict == Verdict.APPROVE:
        decided = decisions_in_effect(actor=actor, proposal=proposal, way=way)
    review = Review.objects.create(
        proposal=proposal,
        reviewer=actor,
        verdict=verdict,
        body=body,
        commit=head,
        revision=proposal.revision,
        decisions=dict(decided),
    )
    proposal.review_requests.filter(reviewer=actor).delete()
    state_follow(proposal, proposal.reviews.standing())
    proposal_save(proposal)
    tell(
        "io.oms.merging.review.submitted",
        actor,
        proposal,
        commit=head.digest,
        review=review.pk,
        verdict=verdict.value,
        state=proposal.state,
    )
    return review


def _require_seen(proposal: Proposal, head: Commit, expected_head: str | None, expected_revision: int | None) -> None:
    """Raises StaleHead or ProposalChanged where the reviewer has seen another source or revision."""
    require_source_head(proposal, head, expected_head)
    if expected_revision not in (None, proposal.revision):
        raise ProposalChanged(revision=proposal.revision)


@transaction.atomic
def review_dismiss(*, actor: Any, review: Review, reason: str) -> Review:
    """Let a verdict count no longer, for its reviewer or who administers the repository.

    Nothing happens where it does not count already. Raises ReviewInvalid without a reason, and of a comment, which
    never counts.
    """
    repository = review.proposal.repository
    require(actor, REVIEW, repository)
    if actor.pk != review.reviewer_id and not actor.has_perm(ADMINISTER, repository):
        raise NotAllowed(sentence("Only who gave a review or administers the repository may dismiss it."))
    proposal = proposal_lock(review.proposal)
    require_pending(proposal)
    if review.verdict == Verdict.COMMENT:
        raise ReviewInvalid(sentence("A comment is no verdict, so there is nothing to dismiss."))
    if errors := list(text_errors("reason", reason, is_needed=True)):
        raise ReviewInvalid(errors=errors)
    dismissed = proposal.reviews.filter(pk=review.pk, dismissed_at=None).update(
        dismissed_at=timezone.now(), dismissed_by=actor, dismissal_reason=reason
    )
    if dismissed:
        state_follow(proposal, proposal.reviews.standing())
        proposal_save(proposal)
        tell("io.oms.merging.review.dismissed", actor, proposal, review=review.pk, state=proposal.state)
    return review_get(proposal, review.pk)
