"""Merging a proposal."""

from typing import Any

from gateway.engine.sentences import sentence
from history.permissions import require
from history.services import NO_AUTHORITY, Authority, moves_heads
from merging.exceptions import ProposalIsDraft
from merging.models import Proposal, ProposalState
from merging.services.authority import ProposalAuthority
from merging.services.merges import Merged, branch_merge
from merging.services.proposed import MERGE, heads_there, proposal_hold, proposals_land, require_source_head
from merging.services.resolutions import resolutions_settle
from merging.services.ways import Way


@moves_heads
def proposal_merge(
    *,
    actor: Any,
    proposal: Proposal,
    way: Way = Way.MERGE,
    message: str = "",
    expected_head: str | None = None,
    expected_source_head: str | None = None,
    authority: Authority = NO_AUTHORITY,
) -> Merged:
    """Merge a proposal's source into its target, its conflicts resolved as was said.

    ``way`` is a merge commit, which is then always made, a squash or a rebase. Where the target has everything
    by now the proposal is merged as the target stands. Raises StaleHead where the target is not at
    ``expected_head`` or the source not at ``expected_source_head``, ProposalIsDraft, ProposalIsMerged,
    ProposalIsClosed, ProposalChanged, ProposalBranchGone, and what :func:`branch_merge` does.
    """
    require(actor, MERGE, proposal.repository)
    proposal = _locked(proposal)
    source, target = heads_there(proposal)
    require_source_head(proposal, source, expected_source_head)
    merged = branch_merge(
        actor=actor,
        repository=proposal.repository,
        source=proposal.source,
        target=proposal.target,
        message=message or _message(proposal, way),
        expected_head=expected_head,
        way=way,
        decisions=resolutions_settle(actor=actor, proposal=proposal, way=way),
        authority=ProposalAuthority(
            bypass_reason=authority.bypass_reason,
            lock_token=authority.lock_token,
            proposal=proposal,
            source_head=source,
        ),
    )
    proposal.resolutions.filter(conflict__in=[each.conflict.id for each in merged.decided]).update(has_landed=True)
    proposals_land(
        actor=actor, sources={proposal: source}, before=target, after=merged.commit, method=merged.method.value
    )
    return merged


def _locked(proposal: Proposal) -> Proposal:
    """The proposal, which can be merged, locked with its branches."""
    locked = proposal_hold(proposal)
    if locked.state == ProposalState.DRAFT:
        raise ProposalIsDraft(sentence("Proposal {number} is a draft.", number=locked.number))
    return locked


def _message(proposal: Proposal, way: Way) -> str:
    if way is Way.SQUASH:
        return f"{proposal.title} (#{proposal.number})"
    return f"Merge proposal #{proposal.number} from {proposal.source}\n\n{proposal.title}"
