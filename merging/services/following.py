"""What becomes of proposals when their branches move or what is merged changes otherwise."""

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from history.models import Branch, Commit
from history.selectors import commits_only_in
from history.services import HeadChange
from merging.engine.rules import strictest
from merging.models import Proposal, Review, RuleMode, Verdict
from merging.models.proposals import ProposalQuerySet
from merging.selectors import protection_in, rules_in
from merging.services.authority import ProposalAuthority
from merging.services.proposed import proposal_save, proposals_land, proposals_lock, state_follow, tell
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
    locked = proposals_lock(pending.filter(Q(source=name) | Q(pk__in=arrived)))
    landing = {each: arrived[each.pk] for each in locked if each.pk in arrived and each.target == name}
    if change.after and landing:
        method = Method.UP_TO_DATE.value
        proposals_land(actor=change.actor, sources=landing, before=change.before, after=change.after, method=method)
    approvals_dismiss(actor=change.actor, proposals=[each for each in locked if each not in landing])


def approvals_dismiss(*, actor: Any, proposals: Sequence[Proposal]) -> None:
    """Dismiss the approvals of another result than what is proposed now, where the rules of the target say so.

    The caller holds the locks of the pending proposals, which are of one repository, and has saved them.
    """
    strict = _with_strict_targets(proposals)
    if not strict:
        return
    sources = Branch.objects.filter(repository=strict[0].repository_id, name__in={each.source for each in strict})
    heads = dict(sources.values_list("name", "head_id"))
    standing: dict[int, list[Review]] = {proposal.pk: [] for proposal in strict}
    for review in Review.objects.filter(proposal__in=strict).standing().select_related("proposal"):
        standing[review.proposal_id].append(review)
    for proposal in strict:
        reviews, head = standing[proposal.pk], heads.get(proposal.source)
        stale = [each for each in reviews if each.verdict == Verdict.APPROVE and each.is_stale(head)]
        if stale:
            _dismiss(actor, proposal, stale, [each for each in reviews if each not in stale])


def _with_strict_targets(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Those of ``proposals`` whose target's rules dismiss stale approvals."""
    if not proposals:
        return []
    protection = protection_in(proposals[0].repository_id, {each.target for each in proposals})
    rules = {target: rules_in(rows, RuleMode.ACTIVE) for target, rows in protection.items()}
    strict = {target for target, held in rules.items() if held and strictest(held).dismisses_stale_approvals}
    return [each for each in proposals if each.target in strict]


def _dismiss(actor: Any, proposal: Proposal, stale: Sequence[Review], left: Sequence[Review]) -> None:
    """Dismiss the approvals ``stale``, so that of the proposal's standing reviews these are left."""
    rows = Review.objects.filter(pk__in=[review.pk for review in stale])
    rows.update(dismissed_at=timezone.now(), dismissal_reason=STALE_REASON)
    state_follow(proposal, left)
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
