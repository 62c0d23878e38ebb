"""Proposals in the hands of many at once: numbers, merges of one, and merges of fifty into one branch."""

from collections import Counter
from itertools import count
from threading import Event as Signal
from time import sleep
from typing import Any

import pytest

from history.engine.changes import Delete
from history.models import Commit, Event, HeadMove
from history.selectors import branch_get
from merging.exceptions import MergeConflicted, ProposalExists, ProposalIsMerged
from merging.models import Proposal, ProposalState, Review, Verdict
from merging.selectors import Merger
from merging.services import (
    Merged,
    Method,
    Resolved,
    Way,
    conflict_resolve,
    following,
    proposal_close,
    proposal_merge,
    proposal_preview,
    proposal_reopen,
    review_submit,
    reviews,
)
from ontology.exceptions import OntologyInvalid
from tests.merging.branches import branch, contents, decide, edit, merged, preview, put
from tests.merging.proposing import World, propose
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PROPOSALS = 50


def test_of_many_opened_at_once_each_has_a_number_of_its_own_and_no_number_is_left_out(here: World) -> None:
    for number in range(8):
        branch(here.crm, f"b{number}", "topic")

    def opened(number: int) -> Any:
        # Every other one is refused after others have taken numbers.
        return propose(here.crm, f"b{number // 2}").number

    found = at_once(16, opened)
    assert sorted(each for each in found if isinstance(each, int)) == list(range(1, 9))
    assert list(Proposal.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 9))


def test_of_many_merges_of_one_proposal_exactly_one_is_made(here: World) -> None:
    proposal = propose(here.crm)
    found = at_once(8, lambda _number: proposal_merge(actor=here.bob, proposal=proposal))
    assert Counter(type(each) for each in found) == {Merged: 1, ProposalIsMerged: 7}
    assert HeadMove.objects.filter(branch="main", after=branch_get(here.crm, "main").head).count() == 1
    assert Event.objects.filter(type="io.oms.merging.proposal.merged").count() == 1


def test_of_two_ended_ones_about_the_same_one_is_opened_again(here: World) -> None:
    ended = [propose(here.crm), None]
    proposal_close(actor=here.bob, proposal=ended[0])
    ended[1] = propose(here.crm)
    proposal_close(actor=here.bob, proposal=ended[1])
    found = at_once(2, lambda number: proposal_reopen(actor=here.bob, proposal=ended[number]))
    assert Counter(type(each) for each in found) == {Proposal: 1, ProposalExists: 1}


def test_many_resolve_conflicts_while_others_push_and_nothing_is_lost(here: World) -> None:
    names = [f"Type{number}" for number in range(4)]
    edit(here.crm, "main", *(put(name, icon="ours") for name in names))
    edit(here.crm, "topic", *(put(name, icon="theirs") for name in names))
    proposal = propose(here.crm)
    ids = [each.conflict.id for each in proposal_preview(actor=here.bob, proposal=proposal).conflicts]

    def work(number: int) -> Any:
        if number < 4:
            return conflict_resolve(actor=here.bob, proposal=proposal, conflict=ids[number], resolution="theirs")
        return edit(here.crm, ("main", "topic")[number % 2], put(f"Pushed{number}", icon="theirs"))

    found = at_once(8, work)
    assert Counter(type(each) for each in found) == {Resolved: 4, Commit: 4}
    preview = proposal_preview(actor=here.bob, proposal=proposal)
    assert [each.resolution is not None for each in preview.conflicts] == [True] * 4
    assert preview.preview.conflicts == ()


def test_proposals_to_merge_two_branches_into_one_another_do_not_wait_for_each_other(here: World) -> None:
    branch(here.crm, "other")
    edit(here.crm, "other", put("Toy"))
    pairs = [propose(here.crm, "topic", target="other"), propose(here.crm, "other", target="topic")]
    found = at_once(2, lambda number: proposal_merge(actor=here.bob, proposal=pairs[number]))
    assert [type(each) for each in found] == [Merged, Merged]
    assert contents(here.crm, "topic").keys() == contents(here.crm, "other").keys()


def test_an_approval_and_who_brings_the_source_up_to_date_do_not_wait_for_each_other(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both write the contents of the merge: a merge into the source, and a preview of what is approved."""
    edit(here.crm, "main", put("Person", icon="ours"), put("Company", icon="ours"))
    edit(here.crm, "topic", put("Person", icon="theirs"), put("Company", color="red"))
    proposal = propose(here.crm)
    (conflict,) = (each.conflict for each in proposal_preview(actor=here.bob, proposal=proposal).conflicts)
    conflict_resolve(actor=here.bob, proposal=proposal, conflict=conflict.id, resolution="theirs")
    wrote, previews = Signal(), Signal()
    lock, decisions = following.proposals_lock, reviews.decisions_in_effect

    def lock_after_writing(rows: Any) -> list[Proposal]:
        wrote.set()
        previews.wait(1)
        return lock(rows)

    def preview_slowly(**arguments: Any) -> Any:
        previews.set()
        sleep(0.3)
        return decisions(**arguments)

    monkeypatch.setattr(following, "proposals_lock", lock_after_writing)
    monkeypatch.setattr(reviews, "decisions_in_effect", preview_slowly)
    resolved = decide(preview(here.crm, "main", "topic").conflicts, "ours")

    def work(number: int) -> Any:
        if number == 0:
            return merged(here.crm, "main", "topic", decisions=resolved)
        wrote.wait(5)
        return review_submit(actor=here.carol, proposal=proposal, verdict=Verdict.APPROVE)

    assert [type(each) for each in at_once(2, work)] == [Merged, Review]


@pytest.mark.slow
def test_of_fifty_merged_in_parallel_none_is_lost_and_each_is_valid_with_what_came_before(here: World) -> None:
    """Two of them are valid each by itself and not together: whichever comes second is refused."""
    edits = {f"b{number}": put(f"Type{number}") for number in range(PROPOSALS - 2)}
    edits |= {"deletes": Delete("object_type", "Company"), "extends": put("Store", extends=["Company"])}
    for name, change in edits.items():
        branch(here.crm, name)
        edit(here.crm, name, change)
    names = list(edits)

    def merged(thread: int) -> dict[str, Any]:
        """What became of this thread's proposals."""
        outcomes: dict[str, Any] = {}
        for name in names[thread::25]:
            proposal = propose(here.crm, name)
            try:
                outcomes[name] = proposal_merge(actor=here.bob, proposal=proposal)
            except (MergeConflicted, OntologyInvalid) as refused:
                outcomes[name] = refused
        return outcomes

    start = branch_get(here.crm, "main").head
    found = {name: outcome for outcomes in at_once(25, merged) for name, outcome in outcomes.items()}
    landed = {name: outcome.commit for name, outcome in found.items() if isinstance(outcome, Merged)}
    (refused,) = found.keys() - landed.keys()
    assert refused in ("deletes", "extends")

    line, commit = [], branch_get(here.crm, "main").head
    while commit != start:
        line.append(commit)
        commit = commit.first_parent
    assert set(line) == set(landed.values())
    assert len(line) == PROPOSALS - 1
    assert contents(here.crm).keys() >= {f"Type{number}" for number in range(PROPOSALS - 2)}
    assert ("Company" in contents(here.crm)) == (refused == "deletes")
    states = Counter(Proposal.objects.values_list("state", flat=True))
    assert states == {ProposalState.MERGED: PROPOSALS - 1, ProposalState.OPEN: 1}
    assert sorted(Proposal.objects.values_list("number", flat=True)) == list(range(1, PROPOSALS + 1))


@pytest.mark.parametrize("names", [("Person", "Company"), ("Company", "Person")])
def test_readers_of_a_rebase_and_of_a_merge_do_not_wait_for_each_other(
    here: World, monkeypatch: pytest.MonkeyPatch, names: tuple[str, str]
) -> None:
    """Whatever the order in which the steps of the rebase come to what both write."""
    edit(here.crm, "main", *(put(name) for name in names))
    branch(here.crm, "both")
    for name in names:
        edit(here.crm, "both", put(name, plural_name="Many"))
    edit(here.crm, "main", *(put(name, icon="user") for name in names))
    proposal = propose(here.crm, "both")
    stepped, steps, change = Signal(), count(), Merger.change

    def slow(*arguments: Any) -> Any:
        if next(steps) == 1:
            stepped.set()
            sleep(0.7)
        return change(*arguments)

    monkeypatch.setattr(Merger, "change", slow)

    def work(number: int) -> Any:
        if number:
            assert stepped.wait(10)
        way = (Way.REBASE, Way.MERGE)[number]
        return proposal_preview(actor=here.bob, proposal=proposal, way=way).preview.method

    assert at_once(2, work) == [Method.REBASE, Method.MERGE]
