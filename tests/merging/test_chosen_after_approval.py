"""Strategies that a repository chooses after a proposal was approved, or after a conflict of it was resolved."""

import pytest

from history.selectors import TreeView
from merging.exceptions import BranchProtected
from merging.models import MergeStrategy, Proposal
from merging.services import (
    Way,
    conflict_resolve,
    merge_strategy_remove,
    merge_strategy_set,
    proposal_preview,
    proposal_requirements,
)
from tests.merging.protected import World, thing

pytestmark = pytest.mark.django_db

WAYS = [Way.MERGE, Way.SQUASH, Way.REBASE]


@pytest.fixture
def proposal(protected: World) -> Proposal:
    """Both sides gave Person another icon, theirs has something new too, and only approvals of what lands count."""
    proposal = protected.proposal(thing("Person", status="active", icon="theirs"), thing("New"))
    protected.commit(thing("Person", status="active", icon="ours"))
    protected.rule(required_approvals=1, dismisses_stale_approvals=True)
    return proposal


def choose(world: World, strategy: str) -> MergeStrategy:
    chosen, _ = merge_strategy_set(
        actor=world.alice, repository=world.repository, kind="*", pattern="icon", strategy=strategy
    )
    return chosen


def resolve(world: World, proposal: Proposal, resolution: str) -> None:
    (conflict,) = proposal_preview(actor=world.dan, proposal=proposal).conflicts
    conflict_resolve(actor=world.dan, proposal=proposal, conflict=conflict.conflict.id, resolution=resolution)
    proposal.refresh_from_db()


def is_refused(world: World, proposal: Proposal, way: Way) -> bool:
    """Whether its merge is, as was foreseen."""
    foreseen = proposal_requirements(actor=world.dan, proposal=proposal, way=way)
    needed = [each.name.value for each in foreseen if not each.satisfied]
    if not needed:
        world.land(proposal, way=way)
        return False
    with pytest.raises(BranchProtected) as refused:
        world.land(proposal, way=way)
    assert [error.rule for error in refused.value.errors] == needed == ["APPROVALS_REQUIRED"]
    return True


def icon(world: World) -> str:
    key = "object_type", "Person"
    return str(TreeView(world.head.root).contents([key])[key]["icon"])


@pytest.mark.parametrize("way", WAYS)
def test_an_approval_of_a_conflict_is_none_of_what_a_strategy_makes_of_it(
    protected: World, proposal: Proposal, way: Way
) -> None:
    protected.review(proposal, protected.bob)
    choose(protected, "ours")
    assert is_refused(protected, proposal, way)
    protected.review(proposal, protected.bob)
    assert not is_refused(protected, proposal, way)


@pytest.mark.parametrize("way", WAYS)
def test_an_approval_is_of_the_strategy_that_was_chosen_then(protected: World, proposal: Proposal, way: Way) -> None:
    chosen = choose(protected, "theirs")
    protected.review(proposal, protected.bob)
    choose(protected, "ours")
    assert is_refused(protected, proposal, way)
    merge_strategy_remove(actor=protected.alice, chosen=chosen)
    choose(protected, "theirs")
    assert not is_refused(protected, proposal, way)


@pytest.mark.parametrize("way", WAYS)
def test_what_somebody_resolved_goes_before_what_the_repository_chooses(
    protected: World, proposal: Proposal, way: Way
) -> None:
    resolve(protected, proposal, "theirs")
    protected.review(proposal, protected.bob)
    choose(protected, "ours")
    assert not is_refused(protected, proposal, way)
    assert icon(protected) == "theirs"
