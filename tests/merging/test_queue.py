"""The merge queue: who waits, whose turn it is, and how entries end."""

from math import inf
from typing import Any

import pytest
from django.db import OperationalError

from accounts.models import User
from accounts.services import user_update
from gateway import services as gateway
from gateway.engine.sentences import Sentence, counted, phrase, sentence
from gateway.exceptions import FieldError
from gateway.http.translation import translated
from history.exceptions import ChangesInvalid, NotAllowed, RepositoryNotFound, StaleHead
from history.models import Event
from history.selectors import branch_get
from history.services import branch_archive, branch_delete, branch_restore, lock_release, membership_remove
from merging import tasks
from merging.exceptions import MergeConflicted, ProposalIsClosed, ProposalIsDraft, ProposalQueued, QueueEntryNotFound
from merging.models import Proposal, ProposalState, QueueEntry, QueueState
from merging.selectors import merge_queue_of, queue_entry_of
from merging.services import (
    Way,
    conflict_resolve,
    proposal_close,
    proposal_draft,
    proposal_merge,
    proposal_preview,
    proposal_update,
    protection_rule_create,
    queue_advance,
    queue_enter,
    queue_leave,
    queues_wake,
)
from merging.services.proposed import queue_entry_end
from tests.factories import lock_by
from tests.merging.branches import branch, contents, edit, put
from tests.merging.proposing import World, propose, told
from tests.merging.protected import LAX, REFUSED, events

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...]]]:
    """The messages that were sent, instead of sending them."""
    found: list[tuple[str, tuple[Any, ...]]] = []
    monkeypatch.setattr(gateway.current_app, "send_task", lambda name, args, **_: found.append((name, args)))
    return found


def queued(here: World, name: str, *changes: Any, **more: Any) -> Proposal:
    """A proposal to merge a new branch, waiting for its turn."""
    branch(here.crm, name)
    edit(here.crm, name, *changes or [put(name.title())])
    proposal = propose(here.crm, name)
    queue_enter(actor=here.bob, proposal=proposal, **more)
    return proposal


def advance(here: World, target: str = "main") -> bool:
    return queue_advance(repository=here.crm, target=target)


def entry_of(proposal: Proposal) -> Any:
    entry = queue_entry_of(proposal)
    assert entry is not None
    return entry


def ended(proposal: Proposal) -> tuple[str, str, str]:
    entry = entry_of(proposal)
    assert (entry.position, entry.ended_at is None) == (None, False)
    return entry.state, entry.code, entry.reason


def test_the_first_one_is_merged_first_as_its_entry_says(here: World) -> None:
    first, second = queued(here, "one", way=Way.SQUASH, message="All of one"), queued(here, "two")
    assert [(entry.proposal, entry.position) for entry in merge_queue_of(here.crm)] == [(first, 1), (second, 2)]
    assert advance(here) is True
    head = branch_get(here.crm, "main").head
    assert (head.message, head.author) == ("All of one", here.bob)
    assert ended(first) == ("merged", "", "")
    assert [entry.position for entry in merge_queue_of(here.crm, "main")] == [1]
    assert advance(here) is False
    assert advance(here) is False
    first.refresh_from_db()
    assert (first.state, first.method, first.ended_by) == (ProposalState.MERGED, "squash", here.bob)
    assert branch_get(here.crm, "main").head.first_parent == head
    assert told(first) == ["proposal.opened", "queue_entry.created", "queue_entry.merged", "proposal.merged"]


def test_queues_of_other_targets_are_others(here: World) -> None:
    branch(here.crm, "release")
    main = queued(here, "one")
    other = propose(here.crm, "topic", target="release")
    queue_enter(actor=here.bob, proposal=other)
    assert [entry.position for entry in merge_queue_of(here.crm)] == [1, 1]
    assert advance(here, "release") is False
    assert (ended(other)[0], entry_of(main).state) == ("merged", "queued")


def test_what_is_no_longer_valid_leaves_with_its_problem_and_does_not_hold_the_others(here: World) -> None:
    conflicted = queued(here, "left", put("Person", icon="left"))
    after = queued(here, "after")
    edit(here.crm, "main", put("Person", icon="right"))
    while advance(here):
        pass
    assert ended(conflicted)[:2] == ("failed", "merge-conflicted")
    assert "disagree in 1 place" in ended(conflicted)[2]
    assert ended(after)[0] == "merged"
    assert "After" in contents(here.crm)
    conflicted.refresh_from_db()
    assert conflicted.state == ProposalState.OPEN
    assert told(conflicted)[-1] == "queue_entry.failed"
    [failure] = [each for each in events("io.oms.merging.queue_entry.failed") if each["proposal"] == conflicted.number]
    assert (failure["code"], failure["target"], failure["entry"]) == (
        "merge-conflicted",
        "main",
        entry_of(conflicted).pk,
    )


def test_what_an_entry_failed_with_is_kept_as_the_sentences_that_it_was(here: World) -> None:
    proposal = queued(here, "one")
    part = phrase("the bound {bound} of {name}", bound=inf, name="\\ {x} '이름'")
    message = counted("{what} holds {count} thing.", "{what} holds {count} things.", count=10**30, what=part)
    problem = MergeConflicted(message, errors=[FieldError("/a", "B", sentence("{size} is too large.", size=1e300))])
    queue_entry_end(
        actor=here.bob,
        entry=entry_of(proposal),
        proposal=proposal,
        state=QueueState.FAILED,
        code=problem.code,
        reason=problem.detail,
        errors=problem.errors,
    )
    entry = entry_of(proposal)
    assert entry.reason == message
    assert translated(entry.reason) == message
    assert entry.reason.words["what"].template == part.template
    assert entry.errors == [{"field": "/a", "rule": "B", "message": "1e+300 is too large."}]
    assert isinstance(entry.errors[0]["message"], Sentence)


def test_who_failed_may_queue_again(here: World) -> None:
    proposal = queued(here, "left", put("Person", icon="left"))
    edit(here.crm, "main", put("Person", icon="right"))
    advance(here)
    edit(here.crm, "left", put("Person", icon="right"))
    queue_enter(actor=here.bob, proposal=proposal)
    advance(here)
    assert [entry.state for entry in proposal.queue_entries.all()] == ["failed", "merged"]


def test_protection_is_asked_at_the_merge_and_its_refusal_is_an_event_and_a_reason(here: World) -> None:
    fields: Any = {"pattern": "main", **LAX, "required_approvals": 1}
    protection_rule_create(actor=here.alice, repository=here.crm, fields=fields)
    proposal = queued(here, "one")
    assert advance(here) is False
    state, code, reason = ended(proposal)
    assert (state, code, reason) == ("failed", "branch-protected", "main is protected by main.")
    assert [error["rule"] for error in entry_of(proposal).errors] == ["APPROVALS_REQUIRED"]
    assert [event["rules"] for event in events(REFUSED)] == [["APPROVALS_REQUIRED"]]


@pytest.mark.parametrize("loss", ["access", "account"])
def test_who_may_not_merge_any_more_does_not_merge_by_the_queue(here: World, loss: str) -> None:
    proposal = queued(here, "one")
    if loss == "access":
        membership_remove(actor=here.alice, membership=here.crm.memberships.get(user=here.bob))
    else:
        user_update(actor=None, user=here.bob, is_active=False)
    before = branch_get(here.crm, "main").head
    advance(here)
    assert ended(proposal) == ("failed", "not-allowed", "bob may not merge here any more.")
    assert branch_get(here.crm, "main").head == before


def test_what_was_not_queued_is_not_merged(here: World) -> None:
    proposal = queued(here, "one")
    edit(here.crm, "one", put("Later"))
    advance(here)
    assert ended(proposal)[:2] == ("failed", "stale-head")
    assert "Later" not in contents(here.crm)


def test_what_is_resolved_otherwise_than_when_it_was_queued_is_not_merged(here: World) -> None:
    branch(here.crm, "icons")
    edit(here.crm, "icons", put("Person", icon="theirs"))
    edit(here.crm, "main", put("Person", icon="ours"))
    proposal = propose(here.crm, "icons")
    [found] = proposal_preview(actor=here.bob, proposal=proposal).conflicts

    def resolve(actor: User, resolution: str) -> None:
        conflict_resolve(actor=actor, proposal=proposal, conflict=found.conflict.id, resolution=resolution)

    resolve(here.bob, "ours")
    queue_enter(actor=here.bob, proposal=proposal)
    resolve(here.dora, "theirs")
    assert not advance(here)
    reason = "How conflicts of proposal 1 are resolved has changed."
    assert ended(proposal) == ("failed", "proposal-changed", reason)
    assert contents(here.crm)["Person"]["icon"] == "ours"
    queue_enter(actor=here.bob, proposal=proposal)
    advance(here)
    assert contents(here.crm)["Person"]["icon"] == "theirs"


def test_a_source_that_is_gone_is_a_reason(here: World) -> None:
    proposal = queued(here, "one")
    branch_delete(actor=here.alice, branch=branch_get(here.crm, "one"))
    advance(here)
    assert ended(proposal)[:2] == ("failed", "proposal-branch-gone")


def test_whatever_else_goes_wrong_does_not_hold_the_others(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal, after = queued(here, "one"), queued(here, "two")
    monkeypatch.setattr("merging.services.queue.proposal_merge", raising(ZeroDivisionError()))
    assert advance(here) is True
    assert ended(proposal)[:2] == ("failed", "internal")
    monkeypatch.undo()
    advance(here)
    assert ended(after)[0] == "merged"


def test_a_fault_of_the_database_is_nobodys_failure(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal = queued(here, "one")
    monkeypatch.setattr("merging.services.queue.proposal_merge", raising(OperationalError("deadlock detected")))
    with pytest.raises(OperationalError):
        advance(here)
    monkeypatch.undo()
    assert entry_of(proposal).is_queued
    advance(here)
    assert ended(proposal)[0] == "merged"


def raising(error: Exception) -> Any:
    def fail(**_: Any) -> None:
        raise error

    return fail


def test_while_the_target_is_locked_or_archived_all_wait(here: World) -> None:
    branch(here.crm, "release")
    proposal = propose(here.crm, "topic", target="release")
    queue_enter(actor=here.bob, proposal=proposal)
    release = branch_get(here.crm, "release")
    lock = lock_by(here.bob, release)
    assert advance(here, "release") is False
    lock_release(actor=here.bob, branch=release, token=lock.pk)
    branch_archive(actor=here.alice, branch=release)
    assert advance(here, "release") is False
    assert entry_of(proposal).position == 1
    branch_restore(actor=here.alice, branch=branch_get(here.crm, "release"))
    advance(here, "release")
    assert ended(proposal)[0] == "merged"


def test_who_leaves_is_not_merged(here: World) -> None:
    proposal, after = queued(here, "one"), queued(here, "two")
    queue_leave(actor=here.dora, proposal=proposal)
    with pytest.raises(QueueEntryNotFound):
        queue_leave(actor=here.bob, proposal=proposal)
    assert ended(proposal) == ("withdrawn", "", "")
    assert entry_of(after).position == 1
    advance(here)
    assert "One" not in contents(here.crm)
    assert told(proposal)[-1] == "queue_entry.withdrawn"


def test_what_is_merged_closed_or_changed_otherwise_leaves_with_a_reason(here: World) -> None:
    branch(here.crm, "release")
    names = ("merged", "arrived", "closed", "drafted", "moved")
    merged, arrived, closed, drafted, moved = proposals = [queued(here, name) for name in names]
    proposal_merge(actor=here.dora, proposal=merged)
    proposal_close(actor=here.dora, proposal=closed)
    proposal_draft(actor=here.dora, proposal=drafted)
    proposal_update(actor=here.dora, proposal=moved, target="release")
    branch(here.crm, "both", "arrived")
    both = propose(here.crm, "both")
    proposal_merge(actor=here.dora, proposal=both)
    assert [ended(proposal) for proposal in proposals] == [
        ("withdrawn", "", "It was merged without the queue."),
        ("withdrawn", "", "It was merged without the queue."),
        ("withdrawn", "", "It was closed."),
        ("withdrawn", "", "It became a draft."),
        ("withdrawn", "", "It got another target."),
    ]
    assert arrived.queue_entries.count() == 1
    assert advance(here) is False


def test_what_cannot_be_merged_does_not_come_in(here: World) -> None:
    branch(here.crm, "drafts", "topic")
    draft = propose(here.crm, "drafts", draft=True)
    proposal = propose(here.crm)
    with pytest.raises(ProposalIsDraft):
        queue_enter(actor=here.bob, proposal=draft)
    with pytest.raises(NotAllowed):
        queue_enter(actor=here.carol, proposal=proposal)
    with pytest.raises(RepositoryNotFound):
        queue_enter(actor=here.charlie, proposal=proposal)
    with pytest.raises(StaleHead):
        queue_enter(actor=here.bob, proposal=proposal, expected_source_head="0" * 64)
    with pytest.raises(ChangesInvalid):
        queue_enter(actor=here.bob, proposal=proposal, message="\0")
    queue_enter(actor=here.bob, proposal=proposal)
    with pytest.raises(ProposalQueued):
        queue_enter(actor=here.dora, proposal=proposal)
    with pytest.raises(NotAllowed):
        queue_leave(actor=here.carol, proposal=proposal)
    proposal_close(actor=here.bob, proposal=proposal)
    with pytest.raises(ProposalIsClosed):
        queue_enter(actor=here.bob, proposal=proposal)
    assert Event.objects.filter(type="io.oms.merging.queue_entry.created").count() == 1


def test_workers_hear_of_entries_once_they_are_committed(
    here: World, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queued(here, "one")
        queued(here, "two")
        assert sent == []
    message = ("merging.tasks.advance_queue", (str(here.crm.pk), "main"))
    assert sent == [message, message]
    with django_capture_on_commit_callbacks(execute=True):
        tasks.advance_queue(*message[1])
    assert sent == [message, message, message]
    with django_capture_on_commit_callbacks(execute=True):
        tasks.advance_queue(*message[1])
        tasks.advance_queue(*message[1])
    assert len(sent) == 3
    assert QueueEntry.objects.filter(state=QueueState.MERGED).count() == 2


def test_the_clock_looks_after_every_queue_in_which_something_waits(
    here: World, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    branch(here.crm, "release")
    queued(here, "one")
    queued(here, "two")
    queue_enter(actor=here.bob, proposal=propose(here.crm, "topic", target="release"))
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.advance_queues() == 2
    assert sorted(args[1] for _, args in sent[-2:]) == ["main", "release"]
    while advance(here) or advance(here, "release"):
        pass
    assert queues_wake() == 0


def test_a_message_about_what_is_gone_does_nothing(here: World) -> None:
    tasks.advance_queue(str(here.alice.pk), "main")
    tasks.advance_queue(str(here.crm.pk), "nothing")
