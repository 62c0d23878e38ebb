"""The store as a whole: routes to a content, hooks, guards, and what a refused write leaves behind."""

import json
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from gateway.exceptions import FieldError, Invalid
from history.engine.canonical import canonical_bytes, digest
from history.engine.changes import Change, Delete, Put, Rename
from history.engine.content import Key
from history.exceptions import BranchNotFound, ChangesInvalid, DefaultBranchKept, HeadRefused, StaleHead
from history.models import Blob, Branch, Event, HeadMove, Node, Reference, Repository
from history.selectors import TreeView, branch_get
from history.services import (
    Authority,
    HeadChange,
    Transition,
    branch_archive,
    branch_create,
    branch_delete,
    branch_reset,
    branch_restore,
    commit_create,
    head_move,
    repository_create,
    repository_update,
)
from tests.rows import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("note_content")]


def committed(alice: User, branch: Branch, *changes: Change) -> TreeView:
    return TreeView(commit_create(actor=alice, branch=branch, changes=changes, message="Edit").root)


# --- Routes to the same content ---------------------------------------------------------------------

names = st.sampled_from([f"n{number}" for number in range(12)])
notes = st.fixed_dictionaries({"text": st.sampled_from(["", "가", "b"]), "see": st.lists(names, max_size=2)})
states = st.dictionaries(names, notes, min_size=1, max_size=12)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=states, detours=st.lists(states, max_size=3), random=st.randoms(use_true_random=False))
def test_the_same_content_has_the_same_root_whatever_the_route(
    alice: User, repository: Repository, wanted: dict[str, Any], detours: list[dict[str, Any]], random: Any
) -> None:
    """At once on one branch; on the other by way of other states, deletions and single commits in any order."""
    number = repository.branches.count()
    direct, winding = (
        branch_create(actor=alice, repository=repository, name=f"b{number + place}", start="main") for place in (0, 1)
    )
    puts = [Put("note", name, note) for name, note in wanted.items()]
    expected = committed(alice, direct, *puts)
    held: dict[str, Any] = {}
    for state in detours:
        changes = [Delete("note", name) for name in held.keys() - state.keys()]
        changes += [Put("note", name, note) for name, note in state.items() if held.get(name) != note]
        if changes:
            committed(alice, winding, *changes)
        held = state
    steps = [Delete("note", name) for name in held.keys() - wanted.keys()]
    steps += [put for put in puts if held.get(put.name) != put.content]
    random.shuffle(steps)
    for step in steps:
        committed(alice, winding, step)
    winding.refresh_from_db()
    assert TreeView(winding.head.root).everything() == expected.everything()
    assert winding.head.root == expected.root


def test_a_resource_that_is_renamed_and_renamed_back_is_what_it_was(alice: User, main: Branch) -> None:
    before = committed(alice, main, Put("note", "a", {"n": 1}), Put("note", "b", {"see": ["a"]}))
    away = committed(alice, main, Rename("note", "a", "z"))
    assert away.root != before.root
    assert committed(alice, main, Rename("note", "z", "a")).root == before.root


def test_every_resource_of_a_growing_tree_stays(alice: User, main: Branch) -> None:
    """One commit a resource, in an order in which keys land before, between and behind what is there."""
    expected: set[Key] = set()
    for number in range(80):
        name = f"n{number * 37 % 80:02}"
        view = committed(alice, main, Put("note", name, {"n": number}))
        expected.add(("note", name))
        assert view.everything().keys() == expected


def test_stored_rows_are_named_by_the_digest_of_what_they_hold(alice: User, main: Branch) -> None:
    committed(alice, main, *(Put("note", f"n{number}", {"n": number, "see": ["n1"]}) for number in range(50)))
    for blob in Blob.objects.all():
        assert blob.digest == digest("blob", bytes(blob.body))
        assert canonical_bytes(json.loads(bytes(blob.body))) == bytes(blob.body)
    for node in Node.objects.all():
        assert node.digest == digest("node", bytes(node.body))


def test_equal_contents_are_stored_once(alice: User, main: Branch) -> None:
    other = branch_get(repository_create(actor=alice, name="other"), "main")
    changes = [Put("note", f"n{number}", {"see": ["n1"]}) for number in range(40)]
    committed(alice, main, *changes)
    before = Blob.objects.count(), Node.objects.count(), Reference.objects.count()
    committed(alice, other, *changes)
    assert (Blob.objects.count(), Node.objects.count(), Reference.objects.count()) == before


# --- Identities ---------------------------------------------------------------------------------------


def test_a_name_that_is_put_and_renamed_in_one_commit_does_not_take_another_s_rid(alice: User, main: Branch) -> None:
    """Z was a, and holds the rid that is derived from that name."""
    committed(alice, main, Put("note", "a", {}))
    committed(alice, main, Rename("note", "a", "z"))
    now = committed(alice, main, Put("note", "a", {}), Rename("note", "a", "b")).everything()
    assert now["note", "z"]["rid"] != now["note", "b"]["rid"]


def test_a_rewritten_reference_survives_that_a_derived_rid_is_settled(alice: User, main: Branch) -> None:
    committed(alice, main, Put("note", "a", {}), Put("note", "c", {}))
    committed(alice, main, Rename("note", "a", "z"))
    now = committed(alice, main, Put("note", "a", {"see": ["c"]}), Rename("note", "c", "d")).everything()
    assert now["note", "a"]["see"] == ["d"]
    assert len({content["rid"] for content in now.values()}) == 3


def test_a_given_rid_that_another_resource_holds_is_refused_once(alice: User, main: Branch) -> None:
    rid = "6f1c1f0e-0000-4000-8000-000000000001"
    committed(alice, main, Put("note", "a", {"rid": rid}), Put("note", "x", {}))
    with pytest.raises(ChangesInvalid) as caught:
        committed(alice, main, Put("note", "b", {"rid": rid}), Rename("note", "x", "y"), Put("note", "c", {}))
    assert [(error.field, error.rule) for error in caught.value.errors] == [("/changes/0/content/rid", "RID_DUPLICATE")]


def test_a_rid_moves_to_another_name_where_its_holder_goes_in_the_same_commit(alice: User, main: Branch) -> None:
    rid = "6f1c1f0e-0000-4000-8000-000000000001"
    committed(alice, main, Put("note", "a", {"rid": rid}))
    now = committed(alice, main, Delete("note", "a"), Put("note", "b", {"rid": rid})).everything()
    assert now == {("note", "b"): {"rid": rid}}


# --- Hooks, guards, and nothing by halves -----------------------------------------------------------


def refuse(transition: Transition) -> None:
    """A commit hook that takes no commit; its errors are told as a state's."""
    errors = [FieldError(f"/resources/{kind}/{name}/text", "NO", "No.") for kind, name in transition.changed]
    raise Invalid("No.", errors=errors)


def guard(change: HeadChange) -> None:
    """A head guard that wants to be shown a key."""
    if change.authority.bypass_reason != "key":
        raise HeadRefused(f"{change.branch.name} is protected.", errors=[FieldError("/branch", "KEY", "No key.")])


def test_a_hook_that_refuses_leaves_neither_change_nor_event(alice: User, main: Branch, settings: Any) -> None:
    settings.HISTORY_COMMIT_HOOKS = ["tests.history.test_store.refuse"]
    before = rows()
    with pytest.raises(Invalid):
        committed(alice, main, Put("note", "a", {"text": "x"}))
    assert rows() == before
    main.refresh_from_db()
    assert main.head.root == TreeView(main.head.root).root
    assert not TreeView(main.head.root).everything()


def test_what_a_hook_has_against_a_content_is_told_where_the_request_has_it(
    alice: User, main: Branch, settings: Any
) -> None:
    committed(alice, main, Put("note", "a", {}), Put("note", "b", {"see": ["a"]}))
    settings.HISTORY_COMMIT_HOOKS = ["tests.history.test_store.refuse"]
    with pytest.raises(Invalid) as caught:
        committed(alice, main, Delete("note", "a"), Put("note", "c", {}))
    assert {error.field for error in caught.value.errors} == {"/resources/note/a/text", "/changes/1/content/text"}


def test_a_hook_sees_what_changed_and_who_refers_to_it(
    alice: User, main: Branch, settings: Any, monkeypatch: Any
) -> None:
    committed(alice, main, Put("note", "a", {}), Put("note", "b", {"see": ["a"]}))
    seen: list[Transition] = []
    monkeypatch.setattr("tests.history.test_store.refuse", seen.append)
    settings.HISTORY_COMMIT_HOOKS = ["tests.history.test_store.refuse"]
    committed(alice, main, Put("note", "c", {"see": ["a"]}), Delete("note", "b"))
    (transition,) = seen
    assert transition.changed.keys() == {("note", "b"), ("note", "c")}
    assert transition.changed["note", "b"] is None
    assert transition.referrers([("note", "a")]) == {("note", "a"): {("note", "c")}}
    assert ("note", "b") in transition.before.everything()


def test_a_guard_decides_by_the_authority_whether_a_head_moves_comes_rests_or_goes(
    alice: User, repository: Repository, main: Branch, settings: Any
) -> None:
    topic = branch_create(actor=alice, repository=repository, name="topic")
    settings.HISTORY_HEAD_GUARDS = ["tests.history.test_store.guard"]
    before = rows()
    with pytest.raises(HeadRefused):
        committed(alice, main, Put("note", "a", {}))
    with pytest.raises(HeadRefused):
        branch_delete(actor=alice, branch=topic)
    with pytest.raises(HeadRefused):
        branch_archive(actor=alice, branch=topic)
    with pytest.raises(HeadRefused):
        branch_create(actor=alice, repository=repository, name="other")
    refusals = Event.objects.filter(type="io.oms.history.branch.refused").order_by("id")
    told = [json.loads(bytes(each.body))["data"] for each in refusals]
    assert [(each["branch"], each["deletion"], each["code"], each["rules"]) for each in told] == [
        ("main", False, "head-refused", ["KEY"]),
        ("topic", True, "head-refused", ["KEY"]),
        ("topic", False, "head-refused", ["KEY"]),
        ("other", False, "head-refused", ["KEY"]),
    ]
    assert [each["move"].removeprefix("io.oms.history.") for each in told] == [
        "commit.created",
        "branch.deleted",
        "branch.archived",
        "branch.created",
    ]
    assert rows() == {**before, "Event": before["Event"] + 4}
    branch_delete(actor=alice, branch=topic, authority=Authority("key"))
    assert not repository.branches.filter(name="topic").exists()


def test_a_guard_tells_a_creation_a_commit_a_reset_an_archival_and_a_deletion_apart(
    alice: User, repository: Repository, settings: Any, monkeypatch: Any
) -> None:
    asked: list[HeadChange] = []
    monkeypatch.setattr("tests.history.test_store.guard", asked.append)
    settings.HISTORY_HEAD_GUARDS = ["tests.history.test_store.guard"]
    topic = branch_create(actor=alice, repository=repository, name="topic")
    root = topic.head_id
    committed(alice, topic, Put("note", "a", {}))
    branch_reset(actor=alice, branch=topic, to=root)
    branch_archive(actor=alice, branch=topic)
    branch_restore(actor=alice, branch=topic)
    branch_delete(actor=alice, branch=topic)
    assert [(each.is_creation, each.is_reset, each.is_archival, each.is_deletion) for each in asked] == [
        (True, False, False, False),
        (False, False, False, False),
        (False, True, False, False),
        (False, False, True, False),
        (False, False, False, True),
    ]


def test_a_head_moves_only_from_where_it_is(alice: User, main: Branch) -> None:
    root = main.head
    committed(alice, main, Put("note", "a", {}))
    main.refresh_from_db()
    stale = Branch.objects.get(pk=main.pk)
    with pytest.raises(StaleHead) as caught:
        head_move(actor=alice, branch=stale, before=root, after=main.head, event="io.oms.history.commit.created")
    assert caught.value.extensions["head"] == main.head_id


def test_a_branch_that_was_deleted_meanwhile_takes_nothing(alice: User, repository: Repository) -> None:
    held = branch_create(actor=alice, repository=repository, name="topic")
    branch_delete(actor=alice, branch=branch_get(repository, "topic"))
    with pytest.raises(BranchNotFound):
        committed(alice, held, Put("note", "a", {}))
    again = branch_create(actor=alice, repository=repository, name="topic")
    with pytest.raises(BranchNotFound):
        committed(alice, held, Put("note", "a", {}))
    assert again.head_id == branch_get(repository, "main").head_id


def test_the_default_branch_stays(alice: User, main: Branch) -> None:
    with pytest.raises(DefaultBranchKept):
        branch_delete(actor=alice, branch=main)


# --- Events -----------------------------------------------------------------------------------------


def test_every_write_is_one_event_and_its_bytes_are_a_cloudevent(alice: User, repository: Repository) -> None:
    main = branch_get(repository, "main")
    committed(alice, main, Put("note", "a", {}))
    topic = branch_create(actor=alice, repository=repository, name="t" * 200)
    branch_delete(actor=alice, branch=topic)
    repository_update(actor=alice, repository=repository, title="고객")
    repository_update(actor=alice, repository=repository, title="고객")
    told = list(Event.objects.filter(repository=repository).order_by("id"))
    assert [event.type.removeprefix("io.oms.history.") for event in told] == [
        "repository.created",
        "branch.created",
        "membership.set",
        "commit.created",
        "branch.created",
        "branch.deleted",
        "repository.updated",
    ]
    for event in told:
        read = JSONFormat().read(CloudEvent, bytes(event.body))
        assert (read.get_id(), read.get_type(), read.get_subject()) == (str(event.uuid), event.type, event.subject)
        assert read.get_extension("actor") == str(alice.pk)
        assert canonical_bytes(json.loads(bytes(event.body))) == bytes(event.body)
        assert b"alice" not in bytes(event.body)


def test_the_longest_names_have_events(alice: User) -> None:
    repository = repository_create(actor=alice, name="r" * 100)
    branch_create(actor=alice, repository=repository, name="b" * 200)
    event = Event.objects.latest("id")
    assert event.subject == f"repositories/{'r' * 100}/branches/{'b' * 200}"


def test_head_moves_tell_the_life_of_a_branch_even_after_it(alice: User, repository: Repository) -> None:
    topic = branch_create(actor=alice, repository=repository, name="topic")
    root = topic.head_id
    commit = commit_create(actor=alice, branch=topic, changes=[Put("note", "a", {})], message="Add")
    branch_delete(actor=alice, branch=topic)
    moves = HeadMove.objects.filter(branch="topic").order_by("id").values_list("before", "after")
    assert list(moves) == [(None, root), (root, commit.digest), (commit.digest, None)]
