"""What every write on a proposal does: it locks it, sees that it is still pending, and tells what happened."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils import timezone

from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.exceptions import StaleHead
from history.models import Branch, Commit
from history.services import event_record
from merging.exceptions import ProposalBranchGone, ProposalChanged, ProposalIsClosed, ProposalIsMerged
from merging.models import Proposal, ProposalState, QueueEntry, QueueState, Review, Verdict
from merging.models.proposals import ProposalQuerySet
from merging.selectors import heads_of

PROPOSE: Final = "merging.propose"
REVIEW: Final = "merging.review"
COMMENT: Final = "merging.comment"
MERGE: Final = "merging.merge"

QUEUE_EVENTS: Final[Mapping[str, str]] = {
    QueueState.QUEUED: "io.oms.merging.queue_entry.created",
    QueueState.MERGED: "io.oms.merging.queue_entry.merged",
    QueueState.FAILED: "io.oms.merging.queue_entry.failed",
    QueueState.WITHDRAWN: "io.oms.merging.queue_entry.withdrawn",
}

TEXT_LENGTH: Final = 65_536
"""The most characters of a description, a comment or what a review says."""


def proposal_lock(proposal: Proposal) -> Proposal:
    """The row as it is now, locked until the transaction ends.

    Who locks the target's branch as well does so before.
    """
    (locked,) = proposals_lock(Proposal.objects.filter(pk=proposal.pk))
    return locked


def proposals_lock(proposals: ProposalQuerySet) -> list[Proposal]:
    """Rows of one repository as they are now, locked until the transaction ends.

    That is in order of their numbers, so that two who lock several do not wait for each other.
    """
    rows = proposals.select_for_update(of=("self",)).select_related("repository", "author")
    return list(rows.order_by("number"))


def proposal_hold(proposal: Proposal) -> Proposal:
    """A pending proposal, locked after its branches, so that none of the three changes meanwhile.

    Branches are locked in order of their names: two that are merged into one another do not wait for each other.
    Raises ProposalIsMerged, ProposalIsClosed, and ProposalChanged where it got another target just now.
    """
    names = (proposal.source, proposal.target)
    branches = Branch.objects.filter(repository=proposal.repository_id, name__in=names).order_by("name")
    list(branches.select_for_update())
    locked = proposal_lock(proposal)
    require_pending(locked)
    if locked.target != proposal.target:
        raise ProposalChanged
    return locked


def require_pending(proposal: Proposal) -> None:
    """Raise ProposalIsMerged or ProposalIsClosed where there is nothing to be done about it any more."""
    if proposal.state == ProposalState.MERGED:
        raise ProposalIsMerged(sentence("Proposal {number} is merged.", number=proposal.number))
    if proposal.state == ProposalState.CLOSED:
        raise ProposalIsClosed(sentence("Proposal {number} is closed.", number=proposal.number))


def branch_of(proposal: Proposal, name: str) -> Branch:
    """The branch ``name``, the source or the target of a proposal, with its head. Raises ProposalBranchGone."""
    branch = proposal.repository.branches.select_related("head").filter(name=name).first()
    if branch is None:
        raise branch_gone(proposal, name)
    return branch


def heads_there(proposal: Proposal) -> tuple[Commit, Commit]:
    """The heads of the source and the target (:func:`heads_of`). Raises ProposalBranchGone."""
    heads = heads_of(proposal)
    if heads.source is None or heads.target is None:
        raise branch_gone(proposal, proposal.target if heads.source else proposal.source)
    return heads.source, heads.target


def require_source_head(proposal: Proposal, head: Commit, expected: str | None) -> None:
    """Raise StaleHead, which carries ``head``, where the source is to be at another commit."""
    if expected not in (None, head.digest):
        message = sentence("{name} has moved to {head}.", name=proposal.source, head=head.digest)
        raise StaleHead(message, head=head.digest)


def branch_gone(proposal: Proposal, name: str) -> ProposalBranchGone:
    """That the branch ``name`` of a proposal is not there any more."""
    message = sentence("The branch {name} of proposal {number} is gone.", name=name, number=proposal.number)
    return ProposalBranchGone(message, branch=name)


def state_follow(proposal: Proposal, standing: Iterable[Review]) -> None:
    """Put a pending proposal that is no draft where its ``standing`` reviews have it. The caller saves it."""
    if not proposal.is_pending or proposal.state == ProposalState.DRAFT:
        return
    verdicts = {review.verdict for review in standing}
    if Verdict.REQUEST_CHANGES in verdicts:
        proposal.state = ProposalState.CHANGES_REQUESTED
    else:
        proposal.state = ProposalState.APPROVED if Verdict.APPROVE in verdicts else ProposalState.OPEN


def proposals_land(
    *, actor: Any, sources: Mapping[Proposal, Commit], before: Commit, after: Commit, method: str
) -> None:
    """End proposals as merged: their sources came into the target, which went from ``before`` to ``after``."""
    queue_exit(actor=actor, proposals=sources, reason=sentence("It was merged without the queue."))
    for proposal, source in sources.items():
        proposal.state, proposal.method = ProposalState.MERGED, method
        proposal.source_head, proposal.target_head, proposal.merged_commit = source, before, after
        proposal.ended_by, proposal.ended_at = actor, timezone.now()
        proposal_save(proposal, "method", "source_head", "target_head", "merged_commit", "ended_by", "ended_at")
        tell(
            "io.oms.merging.proposal.merged",
            actor,
            proposal,
            branch=proposal.target,
            commit=after.digest,
            source=proposal.source,
            target=proposal.target,
            before=before.digest,
            after=after.digest,
            method=method,
        )


def queue_exit(*, actor: Any, proposals: Iterable[Proposal], reason: str = "") -> bool:
    """Take proposals, whose locks the caller holds, out of the queue; whether any was in it."""
    held = {proposal.pk: proposal for proposal in proposals}
    entries = QueueEntry.objects.queued().filter(proposal__in=held)
    for entry in entries:
        proposal = held[entry.proposal_id]
        queue_entry_end(actor=actor, entry=entry, proposal=proposal, state=QueueState.WITHDRAWN, reason=reason)
    return bool(entries)


def queue_entry_end(
    *,
    actor: Any,
    entry: QueueEntry,
    proposal: Proposal,
    state: QueueState,
    code: str = "",
    reason: str = "",
    errors: Sequence[FieldError] = (),
) -> None:
    """Have an entry of the queue, which waits, end as ``state``, and tell of it."""
    entry.state, entry.ended_at = state, timezone.now()
    entry.code, entry.reason, entry.errors = code, reason, [error.to_json() for error in errors]
    entry.save(update_fields=["state", "ended_at", "code", "reason", "errors"])
    queue_tell(actor, entry, proposal)


def queue_tell(actor: Any, entry: QueueEntry, proposal: Proposal) -> None:
    """Record where an entry of the queue has come to."""
    told = {"code": entry.code, "reason": str(entry.reason)}
    given = {name: text for name, text in told.items() if text}
    tell(QUEUE_EVENTS[entry.state], actor, proposal, entry=entry.pk, target=entry.target, **given)


def proposal_save(proposal: Proposal, *fields: str) -> None:
    """Save ``fields`` and the state, and that it was changed now."""
    proposal.updated_at = timezone.now()
    proposal.save(update_fields=["state", "updated_at", *fields])


def tell(event: str, actor: Any, proposal: Proposal, *, branch: str = "", commit: str = "", **data: Any) -> None:
    """Record an event of this type about a proposal. Texts that people wrote are not in it."""
    event_record(
        type=event,
        subject=proposal.subject,
        actor=actor,
        repository=proposal.repository,
        branch=branch,
        commit=commit,
        data={"repository": proposal.repository.name, "proposal": proposal.number, **data},
    )


def text_errors(field: str, text: str, limit: int = TEXT_LENGTH, *, is_needed: bool = False) -> Iterable[FieldError]:
    """What is wrong with a text that somebody wrote."""
    if is_needed and not text.strip():
        yield FieldError(f"/{field}", "REQUIRED", sentence("This must not be empty."))
    if len(text) > limit:
        yield FieldError(f"/{field}", "LENGTH", sentence("This has at most {limit} characters.", limit=limit))
    if "\0" in text:
        yield FieldError(f"/{field}", "NULL_CHARACTER", sentence("This holds no NUL character."))
