"""What it costs to see to the proposals of a branch that moves."""

import pytest

from merging.models import Proposal, ProposalState, Verdict
from merging.selectors import proposal_get
from merging.services import protection_rule_create, queue_enter, review_submit
from tests.merging.branches import branch, edit, merged, put
from tests.merging.costs import reads, statements
from tests.merging.proposing import World, propose

pytestmark = pytest.mark.django_db


def proposals_from(here: World, source: str, many: int) -> list[Proposal]:
    """Approved proposals to merge a new branch into as many others."""
    branch(here.crm, source, "topic")
    for number in range(many):
        branch(here.crm, f"{source}-{number}")
    found = [propose(here.crm, source, target=f"{source}-{number}") for number in range(many)]
    for proposal in found:
        review_submit(actor=here.carol, proposal=proposal, verdict=Verdict.APPROVE)
    return found


def states(proposals: list[Proposal]) -> set[str]:
    return {proposal_get(each.repository, each.number).state for each in proposals}


@pytest.mark.parametrize("dismisses", [True, False])
def test_a_push_asks_as_much_for_many_proposals_of_its_branch_as_for_one(here: World, dismisses: bool) -> None:
    rule = {"pattern": "**", "requires_proposal": False, "dismisses_stale_approvals": dismisses}
    protection_rule_create(actor=here.alice, repository=here.crm, fields=rule)
    counts = []
    for many in (1, 8):
        proposals = proposals_from(here, f"source{many}", many)
        counts.append(len(reads(lambda name=f"source{many}": edit(here.crm, name, put(name.title())))))
        assert states(proposals) == {ProposalState.OPEN if dismisses else ProposalState.APPROVED}
    assert counts[0] == counts[1]


def test_a_push_to_a_branch_whose_targets_keep_stale_approvals_writes_nothing_more(here: World) -> None:
    counts = []
    for many in (1, 8):
        proposals_from(here, f"source{many}", many)
        counts.append(len(statements(lambda name=f"source{many}": edit(here.crm, name, put(name.title())))))
    assert counts[0] == counts[1]


def test_a_merge_with_which_many_proposals_arrive_asks_as_much_as_one_with_which_one_does(here: World) -> None:
    counts = []
    for many in (1, 8):
        branch(here.crm, f"all{many}")
        names = [f"part{many}-{number}" for number in range(many)]
        for name in names:
            branch(here.crm, name, f"all{many}")
            edit(here.crm, name, put(name.replace("-", "x").title()))
            merged(here.crm, name, f"all{many}")
        proposals = [propose(here.crm, name) for name in names]
        for proposal in proposals:
            queue_enter(actor=here.bob, proposal=proposal)
        counts.append(len(reads(lambda name=f"all{many}": merged(here.crm, name))))
        assert states(proposals) == {ProposalState.MERGED}
    assert abs(counts[0] - counts[1]) <= 4
