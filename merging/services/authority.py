"""What a merge brings to the move of a head, beside who merges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from history.models import Commit
from history.services import Authority
from merging.engine.policy import Decided
from merging.models import Proposal, decided_digests


@dataclass(frozen=True, kw_only=True)
class ProposalAuthority(Authority):
    """That the target's head moves because ``proposal`` is merged: guards ask it for its reviews."""

    proposal: Proposal
    source_head: Commit
    """The head of the proposal's source that is merged: what reviews and checks have to be about."""
    decided: Mapping[str, str] = field(default_factory=dict)
    """The decisions that settled conflicts of the merge, as reviews keep them: what approvals have to be about."""


def authority_deciding(authority: Authority, decided: Iterable[Decided]) -> Authority:
    """``authority`` for a merge in which people and strategies have ``decided`` conflicts."""
    if not isinstance(authority, ProposalAuthority):
        return authority
    return replace(authority, decided=decided_digests(decided))
