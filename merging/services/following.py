"""What becomes of proposals when their branches move or what is merged changes otherwise."""

from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from history.models import Branch, Commit
from history.selectors import commits_only_in
from history.services import HeadChange
from merging.engine.rules import strictest
from merging.models import Proposal, RuleMode, Verdict
from merging.models.proposals import ProposalQuerySet
from merging.selectors import heads_of, protection_of, reviews_of, rules_in
from merging.services.authority import ProposalAuthority
from merging.services.proposed import proposal_land, proposal_lock, proposal_save, state_follow, tell
from merging.services.ways import Method

ARRIVALS_LIMIT: Final = 1_000
"""So many of the commits that come at once are looked at; beyond, a proposal is found merged by who merges it."""

STALE_REASON: Final = "What would be merged has changed since."


def proposals_follow(change: HeadChange) -> None:
    """Listen to the moves of heads: approvals of what a source held go stale, and what arrived at its target is merged.

    The proposal for whose sake the branch moves is left to who merges it.
    """
    name = change.branch.name
    pending = Proposal.objects.pending().filter(repository=change.branch.repository_id)
    if isinstance(change.authority, ProposalAuthority):
        pending = pending.exclude(pk=change.authority.proposal.pk)
    if not pending.filter(Q(source=name) | Q(target=name)).exists():
        return
    arrived = _arrived(change, pending.filter(target=name))
    # In one order, whichever branches move: two that are proposed for one another do not wait for each other.
    for proposal in pending.filter(Q(source=name) | Q(pk__in=arrived)).order_by("number"):
        locked = proposal_lock(proposal)
        if not locked.is_pending:
            continue
        if change.after and proposal.pk in arrived and locked.target == name:
            proposal_land(
                actor=change.actor,
                proposal=locked,
                source=arrived[proposal.pk],
                before=change.before,
                after=change.after,
                method=Method.UP_TO_DATE.value,
            )
        else:
            approvals_dismiss(actor=change.actor, proposal=locked)


def approvals_dismiss(*, actor: Any, proposal: Proposal) -> None:
    """Dismiss the approvals of another result than what is proposed now, where the target's rules say so.

    The caller holds the lock of the pending proposal, and has saved it.
    """
    rules = rules_in(protection_of(proposal.repository_id, proposal.target), RuleMode.ACTIVE)
    if not rules or not strictest(rules).dismisses_stale_approvals:
        return
    source = heads_of(proposal).source
    head = source.digest if source else None
    approvals = reviews_of(proposal).standing().filter(verdict=Verdict.APPROVE)
    stale = [review for review in approvals if review.is_stale(head)]
    for review in stale:
        review.dismissed_at, review.dismissal_reason = timezone.now(), STALE_REASON
        review.save(update_fields=["dismissed_at", "dismissal_reason"])
    if stale:
        state_follow(proposal)
        proposal_save(proposal)
    for review in stale:
        tell("io.oms.merging.review.dismissed", actor, proposal, review=review.pk, state=proposal.state)


def _arrived(change: HeadChange, pending: ProposalQuerySet) -> dict[int, Commit]:
    """Those of ``pending``, which are for the branch, whose source has come with its move, with that head."""
    if change.after is None or not pending.exists():
        return {}
    commits = {each.digest: each for each in commits_only_in(change.after, change.before, ARRIVALS_LIMIT)}
    sources = Branch.objects.filter(repository=change.branch.repository_id, head__in=commits)
    heads = dict(sources.values_list("name", "head_id"))
    found = pending.filter(source__in=heads).values_list("pk", "source")
    return {proposal: commits[heads[source]] for proposal, source in found}
