"""Strategies that a repository chooses after a proposal was approved, or after a conflict of it was resolved."""

from typing import Any

import pytest

from history.selectors import TreeView, merge_bases
from history.services import branch_create
from merging.exceptions import BranchProtected
from merging.models import MergeStrategy, Proposal
from merging.services import (
    Way,
    conflict_resolve,
    merge_settings_set,
    merge_strategy_remove,
    merge_strategy_set,
    proposal_open,
    proposal_preview,
    proposal_requirements,
)
from tests.merging.protected import World, thing

pytestmark = pytest.mark.django_db

WAYS = [Way.MERGE, Way.SQUASH, Way.REBASE]


STRICT: dict[str, Any] = {"required_approvals": 1, "dismisses_stale_approvals": True}
"""Only approvals of what lands count."""


@pytest.fixture
def parted(protected: World) -> Proposal:
    """Both sides gave Person another icon, and theirs has something new too."""
    proposal = protected.proposal(thing("Person", status="active", icon="theirs"), thing("New"))
    protected.commit(thing("Person", status="active", icon="ours"))
    return proposal


@pytest.fixture
def proposal(protected: World, parted: Proposal) -> Proposal:
    protected.rule(**STRICT)
    return parted


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


def test_an_approval_of_a_merge_is_none_of_what_is_the_newest_in_a_rebase(protected: World, proposal: Proposal) -> None:
    """There it is always what is done anew."""
    choose(protected, "newest")
    protected.review(proposal, protected.bob)
    assert is_refused(protected, proposal, Way.REBASE)
    assert not is_refused(protected, proposal, Way.MERGE)
    assert icon(protected) == "ours"


@pytest.mark.parametrize("way", WAYS)
def test_what_somebody_resolved_goes_before_what_the_repository_chooses(
    protected: World, proposal: Proposal, way: Way
) -> None:
    resolve(protected, proposal, "theirs")
    protected.review(proposal, protected.bob)
    choose(protected, "ours")
    assert not is_refused(protected, proposal, way)
    assert icon(protected) == "theirs"


# --- Strategies that come to something else by then -------------------------------------------------------


@pytest.fixture(params=["resolved", "chosen"])
def approved(request: pytest.FixtureRequest, protected: World, parted: Proposal) -> Proposal:
    """Theirs is the newest icon and settles the conflict, which was approved."""
    protected.commit(thing("Person", status="active", icon="newest"), branch="topic")
    if request.param == "resolved":
        resolve(protected, parted, "newest")
    else:
        choose(protected, "newest")
    protected.review(parted, protected.bob)
    return parted


@pytest.mark.parametrize("way", [Way.MERGE, Way.SQUASH])
def test_an_approval_is_none_of_another_side_that_is_the_newest_since(
    protected: World, approved: Proposal, way: Way
) -> None:
    """The target has left its icon and returned to it, so that the conflict is the same and its decision as well."""
    for icon_ in ("between", "ours"):
        protected.commit(thing("Person", status="active", icon=icon_))
    protected.rule(**STRICT)
    assert is_refused(protected, approved, way)
    assert icon(protected) == "ours"
    protected.review(approved, protected.bob)
    assert not is_refused(protected, approved, way)
    assert icon(protected) == "ours"


@pytest.mark.parametrize("way", [Way.MERGE, Way.SQUASH])
def test_an_approval_stays_while_the_same_side_is_the_newest(protected: World, approved: Proposal, way: Way) -> None:
    protected.commit(thing("Person", status="active", icon="ours", color="#000001"))
    protected.rule(**STRICT)
    assert not is_refused(protected, approved, way)
    assert icon(protected) == "newest"


def test_what_memory_settles_by_the_newest_is_what_is_the_newest_there(protected: World, parted: Proposal) -> None:
    """The branch ``release`` has come to the icon of main later than the source to its own."""
    protected.commit(thing("Person", status="active", icon="newest"), branch="topic")
    resolve(protected, parted, "newest")
    before = merge_bases(protected.head, protected.branch("topic").head)[0]
    branch_create(actor=protected.dan, repository=protected.repository, name="release", start=before.digest)
    branch_create(actor=protected.dan, repository=protected.repository, name="again", start="topic")
    protected.land(parted)
    protected.commit(thing("Person", status="active", icon="ours"), branch="release")
    protected.rule("release", **STRICT)
    merge_settings_set(actor=protected.alice, repository=protected.repository, apply_remembered_resolutions=True)
    again = proposal_open(
        actor=protected.dan, repository=protected.repository, title="Again", source="again", target="release"
    )
    found = proposal_preview(actor=protected.dan, proposal=again)
    assert [(each.is_from_memory, each.conflict.offers) for each in found.conflicts] == [(True, {"newest": "ours"})]
    protected.review(again, protected.bob)
    assert not is_refused(protected, again, Way.MERGE)
    key = "object_type", "Person"
    assert TreeView(protected.branch("release").head.root).contents([key])[key]["icon"] == "ours"
