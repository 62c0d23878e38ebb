"""Opening proposals and changing what they say and where they stand."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.models import Branch, Repository
from history.permissions import require
from history.selectors import branch_get, merge_bases
from merging.exceptions import NothingToPropose, ProposalExists, ProposalInvalid, ProposalIsMerged
from merging.models import Proposal, ProposalState
from merging.selectors import heads_of
from merging.services.following import approvals_dismiss
from merging.services.naming import named_in
from merging.services.proposed import (
    PROPOSE,
    branch_of,
    proposal_lock,
    proposal_save,
    queue_exit,
    require_pending,
    state_follow,
    tell,
    text_errors,
)
from merging.services.reviewers import reviewers_ask, reviewers_named

TITLE_LENGTH: Final = 200


@transaction.atomic
def proposal_open(
    *,
    actor: Any,
    repository: Repository,
    title: str,
    source: str,
    target: str = "",
    description: str = "",
    draft: bool = False,
    reviewers: Sequence[str] = (),
) -> Proposal:
    """Propose that the branch ``source`` be merged into ``target``, the default branch where it is empty.

    ``reviewers`` are usernames, at most 50. Raises ProposalInvalid with all that is wrong, BranchNotFound,
    NothingToPropose where the target has everything already, and ProposalExists, which carries the number.
    """
    require(actor, PROPOSE, repository)
    proposal = Proposal(
        repository=repository,
        title=title,
        description=description,
        source=source,
        target=target or repository.default_branch,
        state=ProposalState.DRAFT if draft else ProposalState.OPEN,
        author=actor,
    )
    people, unknown = reviewers_named(repository, reviewers)
    if errors := [*_errors(proposal), *unknown]:
        raise ProposalInvalid(errors=errors)
    _require_difference(_named(proposal, "source"), _named(proposal, "target"))
    _number(proposal)
    tell("io.oms.merging.proposal.opened", actor, proposal, source=source, target=proposal.target, draft=draft)
    reviewers_ask(actor, proposal, people)
    return proposal


@transaction.atomic
def proposal_update(
    *,
    actor: Any,
    proposal: Proposal,
    title: str | None = None,
    description: str | None = None,
    target: str | None = None,
) -> Proposal:
    """Set what is given; nothing happens where that is what the proposal says already.

    Raises what opening it so would, and where it is no longer pending ProposalIsMerged or ProposalIsClosed.
    """
    require(actor, PROPOSE, proposal.repository)
    proposal = proposal_lock(proposal)
    require_pending(proposal)
    given = {"title": title, "description": description, "target": target}
    changed = sorted(name for name, text in given.items() if text not in (None, getattr(proposal, name)))
    if not changed:
        return proposal
    for name in changed:
        setattr(proposal, name, given[name])
    if errors := list(_errors(proposal)):
        raise ProposalInvalid(errors=errors)
    data: dict[str, Any] = {"fields": changed}
    if "target" in changed:
        _require_difference(branch_of(proposal, proposal.source), _named(proposal, "target"))
        _require_only(proposal)
        proposal.revision += 1
        proposal.retargeted_by = actor
        data["target"] = proposal.target
    proposal_save(proposal, *changed, "revision", "retargeted_by")
    tell("io.oms.merging.proposal.updated", actor, proposal, **data)
    if "target" in changed:
        queue_exit(actor=actor, proposals=[proposal], reason=sentence("It got another target."))
        approvals_dismiss(actor=actor, proposals=[proposal])
    return proposal


@transaction.atomic
def proposal_ready(*, actor: Any, proposal: Proposal) -> Proposal:
    """Make a draft one that can be merged; it stands where its reviews have it. Nothing happens where it is none."""
    require(actor, PROPOSE, proposal.repository)
    proposal = proposal_lock(proposal)
    require_pending(proposal)
    if proposal.state == ProposalState.DRAFT:
        proposal.state = ProposalState.OPEN
        state_follow(proposal, proposal.reviews.standing())
        proposal_save(proposal)
        tell("io.oms.merging.proposal.readied", actor, proposal, state=proposal.state)
    return proposal


@transaction.atomic
def proposal_draft(*, actor: Any, proposal: Proposal) -> Proposal:
    """Make it a draft, which is not merged. Nothing happens where it is one."""
    require(actor, PROPOSE, proposal.repository)
    proposal = proposal_lock(proposal)
    require_pending(proposal)
    if proposal.state != ProposalState.DRAFT:
        proposal.state = ProposalState.DRAFT
        proposal_save(proposal)
        tell("io.oms.merging.proposal.drafted", actor, proposal)
        queue_exit(actor=actor, proposals=[proposal], reason=sentence("It became a draft."))
    return proposal


@transaction.atomic
def proposal_close(*, actor: Any, proposal: Proposal) -> Proposal:
    """End it without a merge; its heads stay as they are now. Raises ProposalIsMerged or ProposalIsClosed."""
    require(actor, PROPOSE, proposal.repository)
    proposal = proposal_lock(proposal)
    require_pending(proposal)
    heads = heads_of(proposal)
    proposal.state = ProposalState.CLOSED
    proposal.source_head, proposal.target_head = heads.source, heads.target
    proposal.ended_by, proposal.ended_at = actor, timezone.now()
    proposal_save(proposal, "source_head", "target_head", "ended_by", "ended_at")
    tell("io.oms.merging.proposal.closed", actor, proposal)
    queue_exit(actor=actor, proposals=[proposal], reason=sentence("It was closed."))
    return proposal


@transaction.atomic
def proposal_reopen(*, actor: Any, proposal: Proposal) -> Proposal:
    """Go on with a closed one, which then stands where its reviews have it. Nothing happens where it is pending.

    Raises ProposalIsMerged, ProposalBranchGone, NothingToPropose and ProposalExists.
    """
    require(actor, PROPOSE, proposal.repository)
    proposal = proposal_lock(proposal)
    if proposal.state == ProposalState.MERGED:
        raise ProposalIsMerged(sentence("Proposal {number} is merged.", number=proposal.number))
    if proposal.is_pending:
        return proposal
    _require_difference(branch_of(proposal, proposal.source), branch_of(proposal, proposal.target))
    _require_only(proposal)
    proposal.state = ProposalState.OPEN
    state_follow(proposal, proposal.reviews.standing())
    proposal.source_head = proposal.target_head = proposal.ended_by = proposal.ended_at = None
    proposal_save(proposal, "source_head", "target_head", "ended_by", "ended_at")
    tell("io.oms.merging.proposal.reopened", actor, proposal, state=proposal.state)
    approvals_dismiss(actor=actor, proposals=[proposal])
    return proposal


# --- Rules --------------------------------------------------------------------------------------------


def _errors(proposal: Proposal) -> Iterator[FieldError]:
    yield from text_errors("title", proposal.title, TITLE_LENGTH, is_needed=True)
    yield from text_errors("description", proposal.description)
    if proposal.source == proposal.target:
        yield FieldError("/target", "SAME_BRANCH", sentence("A branch is not merged into itself."))


def _named(proposal: Proposal, field: str) -> Branch:
    """The branch that a request names as the source or the target."""
    with named_in(field):
        return branch_get(proposal.repository, getattr(proposal, field))


def _require_difference(source: Branch, target: Branch) -> None:
    if source.head in merge_bases(target.head, source.head):
        message = sentence("{target} has everything of {source} already.", target=target.name, source=source.name)
        raise NothingToPropose(message, errors=[FieldError("/source", "NOTHING_TO_MERGE", message)])


def _require_only(proposal: Proposal) -> None:
    """Raise ProposalExists where another pending one is about the same branches.

    The proposals of a repository come to their branches one at a time, until the transaction ends.
    """
    Repository.objects.select_for_update(no_key=True).get(pk=proposal.repository_id)
    rows = Proposal.objects.pending().filter(
        repository=proposal.repository, source=proposal.source, target=proposal.target
    )
    number = rows.exclude(pk=proposal.pk).values_list("number", flat=True).first()
    if number is not None:
        message = sentence(
            "Proposal {number} is about merging {source} into {target} already.",
            number=number,
            source=proposal.source,
            target=proposal.target,
        )
        raise ProposalExists(message, number=number)


def _number(proposal: Proposal) -> None:
    """Save a new proposal under the next number, while no other is opened; a refusal gives it back."""
    _require_only(proposal)
    highest = Proposal.objects.filter(repository=proposal.repository).aggregate(highest=Max("number"))["highest"]
    proposal.number = (highest or 0) + 1
    proposal.save()
