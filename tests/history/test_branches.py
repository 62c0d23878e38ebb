"""Branches that are archived, restored and reset."""

import json
from typing import Any

import pytest

from accounts.models import User
from history.engine.changes import Put
from history.exceptions import (
    BranchLocked,
    DefaultBranchKept,
    NotAllowed,
    RefNotFound,
    RepositoryNotFound,
    StaleHead,
)
from history.models import Branch, BranchLock, Commit, Event, HeadMove, Repository, Role
from history.selectors import branch_get, ref_resolve
from history.services import (
    Authority,
    branch_archive,
    branch_create,
    branch_delete,
    branch_reset,
    branch_restore,
    commit_create,
    membership_set,
)
from tests.factories import lock_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("note_content")]


def written(actor: User, branch: Branch) -> Commit:
    change = Put("note", f"n{Commit.objects.count()}", {})
    return commit_create(actor=actor, branch=branch, changes=[change], message="Edit")


def told(*types: str) -> list[dict[str, Any]]:
    """The data of the events of these types, the oldest first."""
    rows = Event.objects.filter(type__in=[f"io.oms.history.branch.{each}" for each in types]).order_by("id")
    return [json.loads(bytes(row.body))["data"] for row in rows]


@pytest.fixture
def topic(alice: User, repository: Repository) -> Branch:
    return branch_create(actor=alice, repository=repository, name="topic")


# --- Archived branches ------------------------------------------------------------------------------


def test_an_archived_branch_is_read_and_deleted_but_not_written(alice: User, bob: User, topic: Branch) -> None:
    branch_archive(actor=bob, branch=topic)
    assert branch_get(topic.repository, "topic").state == "archived"
    for write in (
        lambda: written(alice, topic),
        lambda: branch_reset(actor=alice, branch=topic, to="main"),
        lambda: lock_by(alice, topic),
    ):
        with pytest.raises(BranchLocked, match=r"topic is archived\."):
            write()
    assert ref_resolve(topic.repository, "topic") == topic.head
    branch_delete(actor=alice, branch=topic)


def test_a_restored_branch_is_written_again(alice: User, bob: User, topic: Branch) -> None:
    branch_archive(actor=bob, branch=topic)
    branch_archive(actor=bob, branch=topic)
    branch_restore(actor=alice, branch=topic)
    branch_restore(actor=alice, branch=topic)
    assert written(alice, topic)
    data = {"repository": "crm", "branch": "topic", "head": topic.repository.commits.earliest("generation").digest}
    assert told("archived", "restored") == [data, data]


def test_archiving_ends_the_lock_under_which_it_is_done(bob: User, topic: Branch) -> None:
    lock = lock_by(bob, topic)
    branch_archive(actor=bob, branch=topic, authority=Authority(lock_token=lock.token))
    assert not BranchLock.objects.exists()
    assert len(told("unlocked")) == 1
    assert branch_restore(actor=bob, branch=topic).state == "active"


def test_the_default_branch_is_not_archived(alice: User, main: Branch) -> None:
    with pytest.raises(DefaultBranchKept):
        branch_archive(actor=alice, branch=main)


def test_who_may_archive_restore_and_reset(alice: User, bob: User, charlie: User, topic: Branch) -> None:
    membership_set(actor=alice, repository=topic.repository, user=bob, role=Role.REVIEWER)
    for write in (branch_archive, branch_restore, lambda **given: branch_reset(to="main", **given)):
        with pytest.raises(NotAllowed):
            write(actor=bob, branch=topic)
        with pytest.raises(RepositoryNotFound):
            write(actor=charlie, branch=topic)


# --- Resets -----------------------------------------------------------------------------------------


def test_a_reset_moves_a_branch_to_any_commit_of_the_repository(alice: User, main: Branch, topic: Branch) -> None:
    root = topic.head
    made = written(alice, topic)
    elsewhere = written(alice, main)
    branch_reset(actor=alice, branch=topic, to=root.digest[:10], expected_head=made.digest)
    assert branch_get(topic.repository, "topic").head == root
    branch_reset(actor=alice, branch=topic, to="main")
    assert branch_get(topic.repository, "topic").head == elsewhere
    moves = HeadMove.objects.filter(branch="topic", reason="io.oms.history.branch.reset").order_by("id")
    assert [(move.before, move.after) for move in moves] == [(made, root), (root, elsewhere)]
    assert told("reset")[0] == {
        "repository": "crm", "branch": "topic", "before": made.digest, "after": root.digest,
    }  # fmt: skip


def test_a_reset_to_where_the_branch_stands_is_nothing(alice: User, topic: Branch) -> None:
    branch_reset(actor=alice, branch=topic, to="topic")
    assert not told("reset")


def test_a_reset_needs_the_head_that_was_seen_and_a_commit_that_is_there(alice: User, topic: Branch) -> None:
    made = written(alice, topic)
    with pytest.raises(StaleHead):
        branch_reset(actor=alice, branch=topic, to="main", expected_head="0" * 64)
    with pytest.raises(RefNotFound):
        branch_reset(actor=alice, branch=topic, to="0" * 64)
    assert branch_get(topic.repository, "topic").head == made
