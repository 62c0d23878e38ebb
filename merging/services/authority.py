"""What a merge brings to the move of a head, beside who merges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from history.models import Commit
from history.services import Authority
from merging.engine.policy import Decided, Decision
from merging.engine.result import Chosen
from merging.models import Proposal, decision_digest


@dataclass(frozen=True, kw_only=True)
class ProposalAuthority(Authority):
    """That the target's head moves because ``proposal`` is merged: guards ask it for its reviews."""

    proposal: Proposal
    source_head: Commit
    """The head of the proposal's source that is merged: what reviews and checks have to be about."""
    decided: Mapping[str, str] = field(default_factory=dict)
    """The decisions that settled conflicts of the merge, as reviews keep them: what approvals have to be about."""


def authority_deciding(authority: Authority, decided: Iterable[Decided], chosen: Iterable[Chosen]) -> Authority:
    """``authority`` for a merge in which conflicts were ``decided``, and settled as the repository has ``chosen``."""
    if not isinstance(authority, ProposalAuthority):
        return authority
    digests = {each.conflict.id: decision_digest(each.decision) for each in decided}
    return replace(authority, decided={**digests, **digests_of(chosen)})


def digests_of(chosen: Iterable[Chosen]) -> dict[str, str]:
    """What the repository chose as reviews keep it: by the ids of the conflicts the decisions' digests."""
    return {each.conflict.id: decision_digest(Decision(each.strategy)) for each in chosen}
