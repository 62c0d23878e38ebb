"""What a merge brings to the move of a head, beside who merges."""

from dataclasses import dataclass

from history.models import Commit
from history.services import Authority
from merging.models import Proposal


@dataclass(frozen=True, kw_only=True)
class ProposalAuthority(Authority):
    """That the target's head moves because ``proposal`` is merged: guards ask it for its reviews."""

    proposal: Proposal
    source_head: Commit
    """The head of the proposal's source that is merged: what reviews and checks have to be about."""
