"""The merge queue in the hands of many workers, of which some die."""

import os
import signal
from collections import Counter
from threading import Event as Signal
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from gateway import services as gateway
from history.engine.changes import Delete
from history.models import Commit, Event, HeadMove, Repository
from history.selectors import branch_get
from merging import services, tasks
from merging.exceptions import ProposalIsMerged, ProposalQueued
from merging.models import Proposal, ProposalState, QueueEntry, QueueState
from merging.services import Merged, proposal_close, proposal_merge, queue, queue_advance, queue_enter
from tests.merging.branches import branch, contents, edit, put
from tests.merging.proposing import World, propose
from tests.processes import exit_code_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PROPOSALS = 50
WORKERS = 5


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...]]]:
    """The messages that were sent, instead of sending them."""
    found: list[tuple[str, tuple[Any, ...]]] = []
    monkeypatch.setattr(gateway.current_app, "send_task", lambda name, args, **_: found.append((name, args)))
    return found


def proposals(here: World, edits: dict[str, Any]) -> list[Proposal]:
    with transaction.atomic():  # one commit is faster than many
        for name, change in edits.items():
            branch(here.crm, name)
            edit(here.crm, name, change)
        return [propose(here.crm, name) for name in edits]


def work(here: World) -> None:
    """What a worker does on a message, and on those that follow from it."""
    while queue_advance(repository=here.crm, target="main"):
        pass


def line(here: World, start: Commit) -> list[Commit]:
    """The first parents of main, from ``start`` on."""
    found, commit = [], branch_get(here.crm, "main").head
    while commit != start:
        found.append(commit)
        commit = commit.first_parent
    return found[::-1]


@pytest.mark.slow
def test_fifty_go_through_the_queue_one_after_the_other_whoever_works_at_it(here: World) -> None:
    """Half wait already and half come meanwhile; two are valid each by itself and not together."""
    edits: dict[str, Any] = {f"b{number}": put(f"Type{number}") for number in range(PROPOSALS - 2)}
    edits |= {"deletes": Delete("object_type", "Company"), "extends": put("Store", extends=["Company"])}
    made = proposals(here, edits)
    start = branch_get(here.crm, "main").head
    waiting, coming = made[: PROPOSALS // 2], made[PROPOSALS // 2 :]
    for proposal in waiting:
        queue_enter(actor=here.bob, proposal=proposal)

    def worked(thread: int) -> None:
        for proposal in coming[thread::WORKERS]:
            queue_enter(actor=here.bob, proposal=proposal)
            work(here)

    assert at_once(WORKERS, worked) == [None] * WORKERS

    # Nobody is left behind, although no worker waited for another.
    states = Counter(QueueEntry.objects.values_list("state", flat=True))
    assert states == {QueueState.MERGED: PROPOSALS - 1, QueueState.FAILED: 1}
    failed = QueueEntry.objects.get(state=QueueState.FAILED)
    assert failed.proposal.source in ("deletes", "extends")
    assert failed.code == "merge-conflicted"
    landed = {each.merged_commit: each for each in Proposal.objects.filter(state=ProposalState.MERGED)}
    commits = line(here, start)
    assert set(commits) == landed.keys()
    assert len(commits) == len(landed) == PROPOSALS - 1
    assert [landed[commit] for commit in commits][: len(waiting)] == waiting
    assert [commit.first_parent for commit in commits] == [start, *commits[:-1]]
    assert contents(here.crm).keys() >= {f"Type{number}" for number in range(PROPOSALS - 2)}
    assert ("Company" in contents(here.crm)) == (failed.proposal.source == "deletes")


def test_of_many_that_put_a_proposal_into_the_queue_one_does(here: World) -> None:
    proposal = propose(here.crm)
    found = at_once(6, lambda _: queue_enter(actor=here.bob, proposal=proposal))
    assert Counter(type(each) for each in found) == {QueueEntry: 1, ProposalQueued: 5}


def test_who_finds_a_worker_at_the_queue_does_not_wait_and_the_worker_sees_who_came_meanwhile(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = proposals(here, {"one": put("One"), "two": put("Two")})
    queue_enter(actor=here.bob, proposal=first)
    is_inside, may_go_on = Signal(), Signal()

    def merge_slowly(**given: Any) -> Merged:
        is_inside.set()
        assert may_go_on.wait(10)
        return proposal_merge(**given)

    monkeypatch.setattr(queue, "proposal_merge", merge_slowly)

    def meet(thread: int) -> bool:
        if thread == 0:
            return queue_advance(repository=here.crm, target="main")
        assert is_inside.wait(10)
        queue_enter(actor=here.bob, proposal=second)
        is_more = queue_advance(repository=here.crm, target="main")
        may_go_on.set()
        return is_more

    assert at_once(2, meet) == [True, False]
    states = QueueEntry.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [QueueState.MERGED, QueueState.QUEUED]


def test_what_is_closed_or_merged_at_the_moment_of_its_turn_ends_once(here: World) -> None:
    made = proposals(here, {f"b{number}": put(f"Type{number}") for number in range(12)})
    for proposal in made:
        queue_enter(actor=here.bob, proposal=proposal)

    def ending(thread: int) -> list[Any]:
        if thread == 0:
            return [work(here)]
        act: Any = proposal_close if thread == 1 else proposal_merge
        found: list[Any] = []
        for proposal in made[::-1][thread - 1 :: 2]:
            try:
                found.append(act(actor=here.dora, proposal=proposal))
            except ProposalIsMerged as error:
                found.append(error)
        return found

    found = at_once(3, ending)
    assert {type(each) for each in found[1]} <= {Proposal, ProposalIsMerged}
    assert {type(each) for each in found[2]} <= {Merged, ProposalIsMerged}
    work(here)
    for entry in QueueEntry.objects.select_related("proposal"):
        by_queue = entry.proposal.state == ProposalState.MERGED and entry.proposal.ended_by_id == here.bob.pk
        assert entry.state == (QueueState.MERGED if by_queue else QueueState.WITHDRAWN)
    merged = Proposal.objects.filter(state=ProposalState.MERGED).count()
    assert Event.objects.filter(type="io.oms.merging.proposal.merged").count() == merged
    assert contents(here.crm).keys() >= {"Person", "Company"}


# --- Workers that die ---------------------------------------------------------------------------------


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_before_the_commit(repository: UUID) -> None:
    merge = queue.proposal_merge

    def merge_and_die(**given: Any) -> None:
        merge(**given)
        die()

    queue.proposal_merge = merge_and_die  # type: ignore[assignment]
    tasks.advance_queue(str(repository), "main")


def die_before_the_message(repository: UUID) -> None:
    services.queue_wake = die
    tasks.advance_queue(str(repository), "main")


@pytest.mark.parametrize(("death", "done"), [(die_before_the_commit, 0), (die_before_the_message, 1)])
def test_what_a_worker_leaves_when_it_is_killed_is_finished_by_the_clock(
    here: World, sent: list[Any], death: Any, done: int
) -> None:
    made = proposals(here, {"one": put("One"), "two": put("Two")})
    for proposal in made:
        queue_enter(actor=here.bob, proposal=proposal)
    start = branch_get(here.crm, "main").head
    assert exit_code_of(death, here.crm.pk) == -signal.SIGKILL
    assert len(line(here, start)) == done
    assert QueueEntry.objects.filter(state=QueueState.QUEUED).count() == 2 - done
    sent.clear()

    end = monotonic() + 30
    while QueueEntry.objects.filter(state=QueueState.QUEUED).exists():
        assert monotonic() < end
        assert tasks.advance_queues() == 1  # the server may still be clearing up after who died
        while sent:
            _, arguments = sent.pop()
            tasks.advance_queue(*arguments)
        sleep(0.02)

    assert [commit.message.partition("\n")[0] for commit in line(here, start)] == [
        "Merge proposal #1 from one",
        "Merge proposal #2 from two",
    ]
    assert HeadMove.objects.filter(branch="main", before__isnull=False).count() == 1 + 2
    types = Counter(Event.objects.filter(subject__contains="/proposals/").values_list("type", flat=True))
    assert types["io.oms.merging.queue_entry.merged"] == types["io.oms.merging.proposal.merged"] == 2
    assert Repository.objects.count() == 1
