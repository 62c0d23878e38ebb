"""Proposals as services: numbers, states, what they say, and what becomes of them when branches move or go."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from history.exceptions import BranchNotFound, NotAllowed, RepositoryNotFound, StaleHead
from history.models import Event, Role
from history.selectors import branch_get
from history.services import branch_delete, branch_reset, membership_set, repository_create
from merging.exceptions import (
    NothingToPropose,
    ProposalBranchGone,
    ProposalExists,
    ProposalInvalid,
    ProposalIsClosed,
    ProposalIsDraft,
    ProposalIsMerged,
)
from merging.models import Proposal, ProposalState, Verdict
from merging.selectors import (
    heads_of,
    proposal_commits,
    proposal_get,
    proposals_of,
    timeline_entries,
    timeline_events,
)
from merging.services import (
    Method,
    Way,
    branch_merge,
    proposal_close,
    proposal_draft,
    proposal_merge,
    proposal_preview,
    proposal_ready,
    proposal_reopen,
    proposal_update,
    review_submit,
)
from tests.factories import UserFactory
from tests.merging.branches import branch, contents, edit, put
from tests.merging.proposing import World, propose, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(here: World) -> Proposal:
    return propose(here.crm)


def test_many_reviewers_cost_what_few_do(here: World) -> None:
    counts = []
    for size in (1, 50):
        names = [f"r{size}x{number}" for number in range(size)]
        for name in names:
            reviewer = UserFactory(username=name, role=Role.VIEWER)
            membership_set(actor=here.alice, repository=here.crm, user=reviewer, role=Role.REVIEWER)
        branch(here.crm, f"for-{size}", "topic")
        with CaptureQueriesContext(connection) as queries:
            opened = propose(here.crm, f"for-{size}", reviewers=[*names, names[0]] if size == 1 else names)
        counts.append(len(queries))
        assert opened.review_requests.count() == size
        assert told(opened) == ["proposal.opened", *["reviewer.requested"] * size]
    assert counts[0] == counts[1]


def invalid(here: World, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(ProposalInvalid) as caught:
        propose(here.crm, **more)
    return [(error.field, error.rule) for error in caught.value.errors]


# --- Opening ------------------------------------------------------------------------------------------


def test_numbers_count_within_a_repository_and_a_refusal_leaves_no_gap(here: World) -> None:
    for name in ("second", "third"):
        branch(here.crm, name, "topic")
    assert propose(here.crm).number == 1
    with pytest.raises(ProposalExists) as caught:
        propose(here.crm)
    assert caught.value.extensions["number"] == 1
    assert propose(here.crm, "second").number == 2
    other = repository_create(actor=here.alice, name="other")
    branch(other, "topic")
    edit(other, "topic", put("Pet"))
    assert propose(other).number == 1
    assert propose(here.crm, "third").number == 3


def test_the_target_is_the_default_branch_unless_another_is_named(here: World) -> None:
    branch(here.crm, "release")
    assert propose(here.crm).target == "main"
    assert propose(here.crm, target="release").target == "release"


def test_what_is_wrong_with_a_proposal_is_told_all_at_once(here: World) -> None:
    unknown = [("/reviewers/1", "REVIEWER_UNKNOWN"), ("/reviewers/2", "REVIEWER_UNKNOWN")]
    for more, errors in (
        ({"title": " "}, [("/title", "REQUIRED")]),
        ({"title": "x" * 201, "description": "a\0b"}, [("/title", "LENGTH"), ("/description", "NULL_CHARACTER")]),
        ({"source": "main"}, [("/target", "SAME_BRANCH")]),
        ({"reviewers": ["carol", "nobody", "dave"]}, unknown),
    ):
        assert invalid(here, **more) == errors
    assert not Proposal.objects.exists()


def test_a_branch_that_is_not_there_is_named(here: World) -> None:
    for field, more in (("/source", {"source": "nothing"}), ("/target", {"target": "nothing"})):
        with pytest.raises(BranchNotFound) as caught:
            propose(here.crm, **more)
        assert [error.field for error in caught.value.errors] == [field]


def test_what_the_target_has_already_is_not_proposed(here: World) -> None:
    branch(here.crm, "same")
    with pytest.raises(NothingToPropose):
        propose(here.crm, "same")


def test_developers_and_services_propose_and_strangers_find_nothing(here: World) -> None:
    for actor in (here.carol, here.dave):
        with pytest.raises(NotAllowed):
            propose(here.crm, actor=actor)
    with pytest.raises(RepositoryNotFound):
        propose(here.crm, actor=here.charlie)
    membership_set(actor=here.alice, repository=here.crm, user=here.dave, role=Role.SERVICE)
    service = User.objects.get(username="dave")
    assert propose(here.crm, actor=service).author == service
    assert not Proposal.objects.visible_to(here.charlie).exists()
    assert Proposal.objects.visible_to(here.carol).count() == 1


# --- States -------------------------------------------------------------------------------------------


def test_a_draft_is_not_merged_before_it_is_ready(here: World) -> None:
    proposal = propose(here.crm, draft=True)
    review_submit(actor=here.carol, proposal=proposal, verdict=Verdict.APPROVE)
    with pytest.raises(ProposalIsDraft):
        proposal_merge(actor=here.bob, proposal=proposal)
    assert proposal_ready(actor=here.bob, proposal=proposal).state == ProposalState.APPROVED
    assert proposal_draft(actor=here.bob, proposal=proposal).state == ProposalState.DRAFT
    assert told(proposal) == ["proposal.opened", "review.submitted", "proposal.readied", "proposal.drafted"]


def test_asking_for_what_is_so_is_no_event(here: World, proposal: Proposal) -> None:
    proposal_ready(actor=here.bob, proposal=proposal)
    proposal_reopen(actor=here.bob, proposal=proposal)
    proposal_update(actor=here.bob, proposal=proposal, title=proposal.title, target="main")
    assert told(proposal) == ["proposal.opened"]


def test_a_closed_one_keeps_the_heads_of_its_end_until_it_is_opened_again(here: World, proposal: Proposal) -> None:
    before = heads_of(proposal)
    proposal_close(actor=here.dora, proposal=proposal)
    edit(here.crm, "topic", put("Toy"))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.ended_by) == (ProposalState.CLOSED, here.dora)
    assert heads_of(proposal) == before
    assert [change.api_name for change in proposal_preview(actor=here.dave, proposal=proposal).preview.changes] == [
        "Pet"
    ]
    again = proposal_reopen(actor=here.bob, proposal=proposal)
    assert (again.state, again.ended_by, again.ended_at) == (ProposalState.OPEN, None, None)
    assert heads_of(again).source == branch_get(here.crm, "topic").head


def test_nothing_is_done_about_a_closed_or_merged_one(here: World, proposal: Proposal) -> None:
    proposal_close(actor=here.bob, proposal=proposal)
    for service in (proposal_close, proposal_ready, proposal_draft, proposal_merge):
        with pytest.raises(ProposalIsClosed):
            service(actor=here.bob, proposal=proposal)
    proposal_merge(actor=here.bob, proposal=proposal_reopen(actor=here.bob, proposal=proposal))
    for service in (proposal_close, proposal_reopen, proposal_ready, proposal_draft, proposal_merge):
        with pytest.raises(ProposalIsMerged):
            service(actor=here.bob, proposal=proposal)
    with pytest.raises(ProposalIsMerged):
        proposal_update(actor=here.bob, proposal=proposal, title="Other")


def test_the_same_may_be_proposed_once_the_first_has_ended_which_then_stays_ended(
    here: World, proposal: Proposal
) -> None:
    proposal_close(actor=here.bob, proposal=proposal)
    assert propose(here.crm).number == 2
    with pytest.raises(ProposalExists):
        proposal_reopen(actor=here.bob, proposal=proposal)


def test_title_description_and_target_change_and_the_event_says_which(here: World, proposal: Proposal) -> None:
    branch(here.crm, "release")
    proposal_update(actor=here.dora, proposal=proposal, title="Pets", description="All of them", target="release")
    found = proposal_get(here.crm, 1)
    assert (found.title, found.description, found.target) == ("Pets", "All of them", "release")
    (entry,) = timeline_entries(timeline_events(proposal).filter(type__endswith="updated"))
    assert (entry.actor, entry.data["fields"]) == ("dora", ["description", "target", "title"])
    for more, error in (
        ({"title": ""}, ProposalInvalid),
        ({"target": "topic"}, ProposalInvalid),
        ({"target": "nothing"}, BranchNotFound),
    ):
        with pytest.raises(error):
            proposal_update(actor=here.bob, proposal=proposal, **more)
    with pytest.raises(NotAllowed):
        proposal_update(actor=here.carol, proposal=proposal, title="Mine")


def test_the_same_is_not_proposed_twice_by_changing_the_target_either(here: World, proposal: Proposal) -> None:
    branch(here.crm, "release")
    second = propose(here.crm, target="release")
    with pytest.raises(ProposalExists):
        proposal_update(actor=here.bob, proposal=second, target="main")


# --- Merging ------------------------------------------------------------------------------------------


def test_a_merge_always_makes_a_merge_commit_and_ends_the_proposal(here: World, proposal: Proposal) -> None:
    ours, theirs = branch_get(here.crm, "main").head, branch_get(here.crm, "topic").head
    merged = proposal_merge(actor=here.bob, proposal=proposal)
    assert (merged.method, merged.commit.message) == (Method.MERGE, "Merge proposal #1 from topic\n\nMerge topic")
    assert [edge.parent for edge in merged.commit.parent_edges.order_by("position")] == [ours, theirs]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.merged_commit, proposal.method) == ("merged", merged.commit, "merge")
    assert (proposal.source_head, proposal.target_head, proposal.ended_by) == (theirs, ours, here.bob)
    event = Event.objects.latest("id")
    assert (event.type, event.subject) == ("io.oms.merging.proposal.merged", "repositories/crm/proposals/1")
    assert "Pet" in contents(here.crm)


def test_a_squash_is_one_commit_named_after_the_proposal(here: World, proposal: Proposal) -> None:
    ours = branch_get(here.crm, "main").head
    edit(here.crm, "topic", put("Toy"))
    merged = proposal_merge(actor=here.bob, proposal=proposal, way=Way.SQUASH)
    assert (merged.method, merged.commit.message) == (Method.SQUASH, "Merge topic (#1)")
    assert [edge.parent for edge in merged.commit.parent_edges.all()] == [ours]


def test_a_rebase_repeats_the_commits_on_the_target(here: World, proposal: Proposal) -> None:
    edit(here.crm, "topic", put("Toy"))
    edit(here.crm, "main", put("Place"))
    merged = proposal_merge(actor=here.bob, proposal=proposal, way=Way.REBASE)
    assert (merged.method, merged.commit.depth) == (Method.REBASE, branch_get(here.crm, "main").head.depth)
    assert contents(here.crm).keys() >= {"Pet", "Toy", "Place"}
    assert [commit.message for commit in proposal_commits(proposal_get(here.crm, 1))] == ["Edit topic", "Edit topic"]


def test_who_expects_another_head_merges_nothing(here: World, proposal: Proposal) -> None:
    seen = branch_get(here.crm, "topic").head_id
    edit(here.crm, "topic", put("Toy"))
    for more in ({"expected_source_head": seen}, {"expected_head": seen}):
        with pytest.raises(StaleHead):
            proposal_merge(actor=here.bob, proposal=proposal, **more)
    proposal_merge(
        actor=here.bob,
        proposal=proposal,
        expected_source_head=branch_get(here.crm, "topic").head_id,
        expected_head=branch_get(here.crm, "main").head_id,
    )


def test_who_may_not_merge_does_not_merge_proposals(here: World, proposal: Proposal) -> None:
    for actor in (here.carol, here.dave):
        with pytest.raises(NotAllowed):
            proposal_merge(actor=actor, proposal=proposal)


# --- Branches that move or go -------------------------------------------------------------------------


@pytest.mark.parametrize("deleted", ["topic", "release"])
def test_a_branch_that_is_gone_is_said_so(here: World, deleted: str) -> None:
    branch(here.crm, "release")
    proposal = propose(here.crm, target="release")
    branch_delete(actor=here.alice, branch=branch_get(here.crm, deleted))
    heads = heads_of(proposal)
    assert (heads.source is None, heads.target is None) == (deleted == "topic", deleted == "release")
    assert heads.merge_bases == ()
    assert proposal_commits(proposal) == []
    for service in (proposal_merge, proposal_preview):
        with pytest.raises(ProposalBranchGone) as caught:
            service(actor=here.bob, proposal=proposal)
        assert caught.value.extensions["branch"] == deleted
    closed = proposal_close(actor=here.bob, proposal=proposal)
    with pytest.raises(ProposalBranchGone):
        proposal_reopen(actor=here.bob, proposal=closed)


def test_what_arrives_at_the_target_otherwise_is_merged(here: World, proposal: Proposal) -> None:
    branch(here.crm, "further", "topic")
    edit(here.crm, "further", put("Toy"))
    branch(here.crm, "release")
    elsewhere = propose(here.crm, target="release")
    further = propose(here.crm, "further")
    edit(here.crm, "main", put("Place"))
    before = branch_get(here.crm, "main").head
    merged = branch_merge(actor=here.dora, repository=here.crm, source="further", target="main")
    for each in (proposal, further):
        each.refresh_from_db()
        assert (each.state, each.merged_commit, each.method) == ("merged", merged.commit, "up_to_date")
        assert (each.target_head, each.ended_by) == (before, here.dora)
        assert told(each) == ["proposal.opened", "proposal.merged"]
    elsewhere.refresh_from_db()
    assert elsewhere.state == ProposalState.OPEN


def test_a_proposal_that_has_arrived_unseen_is_merged_by_who_merges_it(
    here: World, proposal: Proposal, settings: Any
) -> None:
    settings.HISTORY_HEAD_LISTENERS = []
    branch_merge(actor=here.dora, repository=here.crm, source="topic", target="main")
    head = branch_get(here.crm, "main").head
    merged = proposal_merge(actor=here.bob, proposal=proposal)
    assert (merged.method, merged.commit) == (Method.UP_TO_DATE, head)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.merged_commit) == (ProposalState.MERGED, head)


def test_a_target_that_is_set_to_the_source_has_it(here: World, proposal: Proposal) -> None:
    branch_reset(actor=here.alice, branch=branch_get(here.crm, "main"), to="topic")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.MERGED


# --- Reads --------------------------------------------------------------------------------------------


def test_lists_are_chosen_by_state_people_branches_and_words(here: World) -> None:
    for name in ("second", "third"):
        branch(here.crm, name, "topic")
    propose(here.crm, reviewers=["carol"], description="about pets")
    propose(here.crm, "second", actor=here.bob, draft=True)
    third = propose(here.crm, "third")
    review_submit(actor=here.dora, proposal=third, verdict=Verdict.APPROVE)

    def numbers(**wanted: Any) -> list[int]:
        return [each.number for each in proposals_of(here.crm, **wanted)]

    assert numbers() == [3, 2, 1]
    assert numbers(states=["draft", "approved"]) == [3, 2]
    assert numbers(author="bob") == [2]
    assert numbers(reviewer="carol") == [1]
    assert numbers(reviewer="dora") == [3]
    assert numbers(source="third", target="main") == [3]
    assert numbers(target="topic") == []
    assert numbers(search="PETS") == [1]


def test_the_timeline_tells_in_order_what_happened_and_what_was_pushed(here: World, proposal: Proposal) -> None:
    edit(here.crm, "main", put("Place"))
    edit(here.crm, "topic", put("Toy"))
    review_submit(actor=here.carol, proposal=proposal, verdict=Verdict.APPROVE)
    proposal_merge(actor=here.bob, proposal=proposal)
    edit(here.crm, "topic", put("Later"))
    proposal.refresh_from_db()
    entries = timeline_entries(list(timeline_events(proposal)))
    assert [(entry.type.removeprefix("io.oms."), entry.actor) for entry in entries] == [
        ("merging.proposal.opened", "alice"),
        ("history.commit.created", "alice"),
        ("merging.review.submitted", "carol"),
        ("merging.proposal.merged", "bob"),
    ]
