"""Commits made from changes."""

import contextlib

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from accounts.models import User
from gateway.exceptions import FieldError
from history.engine.changes import Delete, Put, Rename
from history.exceptions import ChangesInvalid, NothingChanged, StaleHead
from history.models import Branch, Commit, Event, HeadMove, Repository
from history.selectors import TreeView, log_page, merge_bases, ref_resolve, resource_log_page
from history.services import branch_create, commit_create

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("note_content")]


def state(branch: Branch) -> dict[str, dict]:
    branch.refresh_from_db()
    return {name: content for (_, name), content in TreeView(branch.head.root).everything().items()}


def test_a_commit_holds_what_was_put_and_its_parent(alice: User, main: Branch) -> None:
    root = main.head
    commit = commit_create(actor=alice, branch=main, changes=[Put("note", "a", {"text": "가"})], message="Add a")
    assert state(main)["a"]["text"] == "가"
    assert [edge.parent for edge in commit.parent_edges.all()] == [root]
    assert (commit.generation, commit.depth) == (1, 1)
    move = HeadMove.objects.first()
    assert move is not None
    assert (move.before, move.after, move.actor) == (root, commit, alice)


def test_a_commit_is_an_event_of_its_transaction(alice: User, main: Branch) -> None:
    commit = commit_create(actor=alice, branch=main, changes=[Put("note", "a", {})], message="Add a")
    event = Event.objects.first()
    assert event is not None
    assert event.type == "io.oms.history.commit.created"
    assert event.actor == alice.pk
    assert commit.digest.encode() in bytes(event.body)
    assert b"alice" not in bytes(event.body)


def test_a_stale_head_is_refused_with_the_head_that_is_there(alice: User, main: Branch) -> None:
    old = main.head_id
    commit = commit_create(actor=alice, branch=main, changes=[Put("note", "a", {})], message="Add a")
    with pytest.raises(StaleHead) as caught:
        commit_create(actor=alice, branch=main, changes=[Put("note", "b", {})], message="Add b", expected_head=old)
    assert caught.value.extensions["head"] == commit.digest
    assert set(state(main)) == {"a"}


def test_all_errors_are_told_at_once_and_nothing_is_written(alice: User, main: Branch) -> None:
    changes = [
        Put("note", "good", {}),
        Put("note", "bad", {"bad": 1}),
        Put("wrong", "x", {}),
        Put("note", "a/b", {}),
        Delete("note", "nothing"),
        Rename("note", "nothing", "something"),
        Rename("note", "good", "bad name"),
        Put("note", "nul", {"text": "\0"}),
    ]
    with pytest.raises(ChangesInvalid) as caught:
        commit_create(actor=alice, branch=main, changes=changes, message="Try")
    assert [(error.field, error.rule) for error in caught.value.errors] == [
        ("/changes/1/content/bad", "BAD"),
        ("/changes/1/content/bad", "WORSE"),
        ("/changes/2/kind", "KIND_UNKNOWN"),
        ("/changes/3/name", "NAME_INVALID"),
        ("/changes/4/name", "NOT_FOUND"),
        ("/changes/5/name", "NOT_FOUND"),
        ("/changes/6/to", "NAME_INVALID"),
        ("/changes/7/content/text", "NOT_CANONICAL"),
    ]
    assert state(main) == {}
    assert Commit.objects.count() == 1


def test_a_rename_keeps_the_rid_and_takes_every_referrer_along(alice: User, main: Branch) -> None:
    first = [Put("note", "a", {}), Put("note", "b", {"see": ["a", "c"]}), Put("tag", "t", {"see": ["a"]})]
    commit_create(actor=alice, branch=main, changes=first, message="Add")
    rid = state(main)["a"]["rid"]
    commit_create(actor=alice, branch=main, changes=[Rename("note", "a", "z")], message="Rename")
    now = state(main)
    assert now["z"]["rid"] == rid
    assert (now["b"]["see"], now["t"]["see"]) == (["z", "c"], ["z"])
    assert "a" not in now


def test_names_can_be_swapped_in_one_commit(alice: User, main: Branch) -> None:
    first = [Put("note", "a", {"n": 1}), Put("note", "b", {"n": 2}), Put("note", "c", {"see": ["a", "b"]})]
    commit_create(actor=alice, branch=main, changes=first, message="Add")
    swap = [Rename("note", "a", "x"), Rename("note", "b", "a"), Rename("note", "x", "b")]
    commit_create(actor=alice, branch=main, changes=swap, message="Swap")
    now = state(main)
    assert (now["a"]["n"], now["b"]["n"], now["c"]["see"]) == (2, 1, ["b", "a"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from("abcxyz"), st.sampled_from("abcxyz")), min_size=1, max_size=8))
def test_renames_of_one_commit_come_to_what_they_do_one_by_one(
    alice: User, main: Branch, steps: list[tuple[str, str]]
) -> None:
    notes = [Put("note", name, {"n": name, "see": ["a", "b", "c", "d"]}) for name in "abc"]
    expected = {name: (name, ["a", "b", "c", "d"]) for name in "abc"}
    changes = []
    for name, to in steps:
        if name in expected and (to not in expected or to == name):
            changes.append(Rename("note", name, to))
            expected = {to if held == name else held: note for held, note in expected.items()}
            expected = {
                held: (n, [to if seen == name else seen for seen in see]) for held, (n, see) in expected.items()
            }
    assume(changes)
    with transaction.atomic():
        commit_create(actor=alice, branch=main, changes=notes, message="Put")
        with contextlib.suppress(NothingChanged):
            commit_create(actor=alice, branch=main, changes=changes, message="Rename")
        assert {name: (note["n"], note["see"]) for name, note in state(main).items()} == expected
        transaction.set_rollback(True)
    main.refresh_from_db()


def test_names_that_many_generations_held_are_settled_in_a_few_questions(alice: User, main: Branch) -> None:
    names = [f"n{number}" for number in range(50)]
    for generation in range(3):
        with CaptureQueriesContext(connection) as queries:
            commit_create(actor=alice, branch=main, changes=[Put("note", name, {}) for name in names], message="Put")
        renames = [Rename("note", name, f"{name}_{generation}") for name in names]
        commit_create(actor=alice, branch=main, changes=renames, message="Rename")
    assert len(queries) < 50
    assert len({note["rid"] for note in state(main).values()}) == 150


def test_a_name_that_was_renamed_away_gets_a_rid_of_its_own(alice: User, main: Branch) -> None:
    commit_create(actor=alice, branch=main, changes=[Put("note", "a", {})], message="Add")
    commit_create(actor=alice, branch=main, changes=[Rename("note", "a", "b")], message="Rename")
    commit_create(actor=alice, branch=main, changes=[Put("note", "a", {})], message="Add again")
    now = state(main)
    assert now["a"]["rid"] != now["b"]["rid"]


def test_a_rid_cannot_be_given_twice(alice: User, main: Branch) -> None:
    rid = "6f1c1f0e-0000-4000-8000-000000000001"
    commit_create(actor=alice, branch=main, changes=[Put("note", "a", {"rid": rid})], message="Add")
    with pytest.raises(ChangesInvalid) as caught:
        commit_create(actor=alice, branch=main, changes=[Put("note", "b", {"rid": rid})], message="Add")
    assert caught.value.errors == (
        FieldError("/changes/0/content/rid", "RID_DUPLICATE", f"The rid {rid} is that of note a."),
    )


def test_a_commit_that_changes_nothing_is_refused(alice: User, main: Branch) -> None:
    commit_create(actor=alice, branch=main, changes=[Put("note", "a", {})], message="Add")
    with pytest.raises(NothingChanged):
        commit_create(actor=alice, branch=main, changes=[Put("note", "a", {})], message="Add")


def test_the_log_tells_commits_newest_first_in_pages(alice: User, main: Branch) -> None:
    made = [
        commit_create(actor=alice, branch=main, changes=[Put("note", "a", {"n": n})], message=f"Commit {n}")
        for n in range(7)
    ]
    page, frontier = log_page([main.head_id], 3)
    rest, end = log_page(frontier, 10)
    assert [commit.message for commit in page] == ["Commit 6", "Commit 5", "Commit 4"]
    assert [commit.message for commit in rest] == ["Commit 3", "Commit 2", "Commit 1", "Commit 0", "Create repository"]
    assert end == []
    assert made[0].digest in {commit.digest for commit in rest}


def test_a_resource_has_a_history_of_its_own(alice: User, main: Branch) -> None:
    for n in range(6):
        name = "a" if n % 2 else "b"
        commit_create(actor=alice, branch=main, changes=[Put("note", name, {"n": n})], message=f"Commit {n}")
    found, frontier = resource_log_page([main.head_id], ("note", "a"), 2)
    assert [commit.message for commit in found] == ["Commit 5", "Commit 3"]
    rest, _ = resource_log_page(frontier, ("note", "a"), 2)
    assert [commit.message for commit in rest] == ["Commit 1"]


def test_the_merge_base_of_two_branches_is_where_they_parted(alice: User, repository: Repository, main: Branch) -> None:
    fork = commit_create(actor=alice, branch=main, changes=[Put("note", "a", {})], message="Fork")
    topic = branch_create(actor=alice, repository=repository, name="topic/한글")
    left = commit_create(actor=alice, branch=main, changes=[Put("note", "b", {})], message="On main")
    right = commit_create(actor=alice, branch=topic, changes=[Put("note", "c", {})], message="On topic")
    assert merge_bases(left, right) == [fork]
    assert ref_resolve(repository, "topic/한글") == right
    assert ref_resolve(repository, left.digest[:10]) == left


@pytest.mark.django_db(transaction=True)
def test_a_large_commit_reads_no_table_whole_although_it_was_small_before(alice: User, main: Branch) -> None:
    """PostgreSQL keeps plans of the checks of foreign keys, made here while the table was known to be tiny."""
    commit_create(actor=alice, branch=main, changes=[Put("note", "a", {})], message="Add")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE history_blob")
    for number in range(8):
        commit_create(actor=alice, branch=main, changes=[Put("note", f"b{number}", {})], message="Add")
    before = rows_read_by_scans("history_blob")
    changes = [Put("note", f"c{number}", {"see": ["a"], "text": f"{number} " * 300}) for number in range(500)]
    commit_create(actor=alice, branch=main, changes=changes, message="Add many")
    assert rows_read_by_scans("history_blob") - before < 10 * len(changes)


def rows_read_by_scans(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = %s", [table])
        return int(cursor.fetchone()[0])
