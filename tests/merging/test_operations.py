"""Squashing, rebasing, picking and reverting, after what git does; each case says why."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from history.engine.changes import Change, Delete, Rename
from history.exceptions import ChangesInvalid, HeadRefused, NothingChanged, RefNotFound, StaleHead
from history.models import Commit, Event, HeadMove, Repository, Role
from history.selectors import branch_get
from history.selectors.trees import NODE_CACHE
from history.services import HeadChange, membership_set, repository_create
from merging.exceptions import MainlineInvalid, MergeConflicted, RebaseTooLong
from merging.models import Origin, Revert
from merging.services import Method, Way, branch_merge, commit_pick
from merging.services import ways as ways_module
from ontology.exceptions import OntologyInvalid
from ontology.selectors import states
from tests.factories import UserFactory
from tests.merging.branches import (
    branch,
    contents,
    crm_of,
    decide,
    edit,
    found,
    head,
    merged,
    messages,
    picked,
    preview,
    put,
    reverted,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob() -> User:
    return UserFactory(username="bob", role=Role.DEVELOPER)


@pytest.fixture
def crm(alice: User, bob: User) -> Repository:
    repository = crm_of(alice)
    membership_set(actor=alice, repository=repository, user=bob, role=Role.DEVELOPER)
    return repository


@pytest.fixture
def parted(crm: Repository) -> Repository:
    """Three commits on topic, and one on main that does not touch what they do."""
    edit(crm, "main", put("Plant"))
    edit(crm, "topic", put("Person", icon="face"), message="Give people a face\n\nIt was asked for.")
    edit(crm, "topic", put("Pet"), message="Add pets")
    edit(crm, "topic", put("Pet", icon="paw"), message="Give pets a paw")
    return crm


def parents(commit: Commit) -> list[Commit]:
    return [edge.parent for edge in commit.parent_edges.order_by("position")]


def latest() -> tuple[str, dict[str, Any]]:
    """Type and data of the last event."""
    event = Event.objects.latest("id")
    return event.type, json.loads(bytes(event.body))["data"]


# --- How a merge is asked for ---------------------------------------------------------------------------


def test_a_merge_commit_can_be_had_where_a_fast_forward_would_do(crm: Repository) -> None:
    ours, theirs = head(crm), edit(crm, "topic", put("Pet"))
    assert preview(crm, way=Way.MERGE).method is Method.MERGE
    result = merged(crm, way=Way.MERGE)
    assert (result.method, parents(result.commit)) == (Method.MERGE, [ours, theirs])
    assert result.commit.root == theirs.root


@pytest.mark.parametrize("way", Way)
def test_whatever_way_there_is_nothing_to_do_where_the_target_has_it_all(crm: Repository, way: Way) -> None:
    edit(crm, "main", put("Plant"))
    moves = HeadMove.objects.count()
    assert preview(crm, way=way).method is Method.UP_TO_DATE
    assert merged(crm, way=way).method is Method.UP_TO_DATE
    assert HeadMove.objects.count() == moves


def test_histories_that_cross_merge_over_what_their_bases_come_to(crm: Repository) -> None:
    """Each side took the other's first commit; what the bases disagreed about was resolved on both sides alike."""
    ours = edit(crm, "main", put("Person", icon="ours"), put("Plant"))
    theirs = edit(crm, "topic", put("Person", icon="theirs"), put("Pet"))
    for source, target in ((theirs, "main"), (ours, "topic")):
        conflicts = preview(crm, source.digest, target).conflicts
        merged(crm, source.digest, target, decisions=decide(conflicts, "custom", "agreed"))
    edit(crm, "main", put("Plant", icon="leaf"))
    edit(crm, "topic", put("Pet", icon="paw"))
    seen = preview(crm)
    assert (len(seen.bases), seen.conflicts) == (2, ())
    merged(crm)
    assert {name: each.get("icon") for name, each in contents(crm).items()} == {
        "Company": None,
        "Person": "agreed",
        "Pet": "paw",
        "Plant": "leaf",
    }


def test_histories_that_cross_conflict_where_the_sides_resolved_their_bases_differently(crm: Repository) -> None:
    ours = edit(crm, "main", put("Person", icon="ours"))
    theirs = edit(crm, "topic", put("Person", icon="theirs"))
    for source, target, icon in ((theirs, "main", "here"), (ours, "topic", "there")):
        conflicts = preview(crm, source.digest, target).conflicts
        merged(crm, source.digest, target, decisions=decide(conflicts, "custom", icon))
    (conflict,) = preview(crm).conflicts
    assert (conflict.path, conflict.base, conflict.ours, conflict.theirs) == (
        "/resources/object_type/Person/icon",
        "user",
        "here",
        "there",
    )


# --- Squash -------------------------------------------------------------------------------------------


def test_a_squash_is_one_commit_on_the_target_by_who_squashed_that_lists_what_it_holds(
    parted: Repository, bob: User
) -> None:
    ours = head(parted)
    result = branch_merge(actor=bob, repository=parted, source="topic", target="main", way=Way.SQUASH)
    assert (result.method, parents(result.commit), result.commit.author) == (Method.SQUASH, [ours], bob)
    assert result.commit.message.splitlines() == [
        "Squash topic into main",
        "",
        "* Give people a face",
        "* Add pets",
        "* Give pets a paw",
    ]
    assert contents(parted).keys() == {"Person", "Company", "Plant", "Pet"}
    assert latest()[0] == "io.oms.merging.branch.merged"
    assert latest()[1]["method"] == "squash"
    assert [each.origin for each in Origin.objects.all()] == [head(parted, "topic")]


def test_a_squash_is_made_where_a_fast_forward_would_do_and_may_have_a_message_of_its_own(crm: Repository) -> None:
    ours, theirs = head(crm), edit(crm, "topic", put("Pet"))
    result = merged(crm, way=Way.SQUASH, message="Pets")
    assert (result.method, parents(result.commit), result.commit.root) == (Method.SQUASH, [ours], theirs.root)
    assert result.commit.message == "Pets"


def test_the_message_of_a_squash_ends_somewhere(crm: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways_module, "SQUASH_LIMIT", 2)
    for number in range(3):
        edit(crm, "topic", put(f"Pet{number}"), message=f"{'x' * 200}")
    lines = merged(crm, way=Way.SQUASH).commit.message.splitlines()[2:]
    assert (len(lines), lines[-1], max(map(len, lines))) == (3, "* …", 82)


def test_a_squash_again_makes_nothing_and_what_came_since_is_another(parted: Repository) -> None:
    """The merge base did not move, but both sides made the same changes: what git may conflict over is settled."""
    merged(parted, way=Way.SQUASH)
    again = merged(parted, way=Way.SQUASH)
    assert again.method is Method.UP_TO_DATE
    assert {each.strategy for each in again.strategies} == {"same_change"}
    edit(parted, "topic", put("Bird"), message="Add birds")
    seen = preview(parted, way=Way.SQUASH)
    assert [change.api_name for change in seen.changes] == ["Bird"]
    assert (merged(parted, way=Way.SQUASH).method, "Bird" in contents(parted)) == (Method.SQUASH, True)


def test_a_merge_after_a_squash_of_the_same_branch_joins_the_histories_and_changes_nothing(parted: Repository) -> None:
    squashed = merged(parted, way=Way.SQUASH).commit
    seen = preview(parted)
    assert (seen.method, seen.changes, seen.conflicts) == (Method.MERGE, [], ())
    assert {each.strategy for each in seen.strategies} == {"same_change"}
    result = merged(parted)
    assert (result.commit.root, parents(result.commit)) == (squashed.root, [squashed, head(parted, "topic")])
    assert merged(parted, way=Way.SQUASH).method is Method.UP_TO_DATE


# --- Rebase -------------------------------------------------------------------------------------------


def test_a_rebase_applies_commit_by_commit_with_the_authors_and_messages_that_they_had(
    parted: Repository, alice: User, bob: User
) -> None:
    ours = head(parted)
    result = branch_merge(actor=bob, repository=parted, source="topic", target="main", way=Way.REBASE)
    assert (result.method, result.commit) == (Method.REBASE, head(parted))
    assert messages(parted)[:3] == ["Give pets a paw", "Add pets", "Give people a face\n\nIt was asked for."]
    line = [result.commit, *parents(result.commit), *parents(parents(result.commit)[0])]
    assert {commit.author for commit in line} == {alice}
    assert parents(line[-1]) == [ours]
    assert contents(parted)["Pet"]["icon"] == "paw"
    event = Event.objects.latest("id")
    assert (event.type, event.actor) == ("io.oms.merging.branch.merged", bob.pk)
    assert HeadMove.objects.filter(branch="main").latest("id").before == ours  # one move for all of them


def test_a_rebase_onto_what_the_source_started_from_is_a_fast_forward(crm: Repository) -> None:
    theirs = edit(crm, "topic", put("Pet"))
    result = merged(crm, way=Way.REBASE)
    assert (result.method, result.commit) == (Method.FAST_FORWARD, theirs)


def test_a_rebase_flattens_merges_where_it_could_move_ahead_too(crm: Repository) -> None:
    """As git does: what is asked for is a straight line."""
    edit(crm, "topic", put("Pet"), message="Pets")
    branch(crm, "side", start="topic")
    edit(crm, "side", put("Bird"), message="Birds")
    edit(crm, "topic", put("Fish"), message="Fish")
    merged(crm, "side", "topic")
    result = merged(crm, way=Way.REBASE)
    assert (result.method, messages(crm)[2]) == (Method.REBASE, "Pets")
    assert sorted(messages(crm)[:2]) == ["Birds", "Fish"]
    assert head(crm).root == head(crm, "topic").root


@pytest.fixture
def stuck(crm: Repository) -> Repository:
    """The second of three commits on topic, and the last of main, give people different icons."""
    edit(crm, "main", put("Person", icon="ours"))
    edit(crm, "topic", put("Pet"), message="First")
    edit(crm, "topic", put("Person", icon="theirs"), message="Second")
    edit(crm, "topic", put("Pet", icon="paw"), message="Third")
    return crm


def test_a_rebase_stops_at_the_commit_that_conflicts_and_leaves_nothing_behind(stuck: Repository) -> None:
    second = parents(head(stuck, "topic"))[0]
    seen = preview(stuck, way=Way.REBASE)
    assert (found(seen.conflicts), seen.stopped_at) == ([("value", "/object_type/Person/icon")], second)
    assert {change.api_name for change in seen.changes} == {"Pet", "Person"}  # the base's icon stands where it stopped
    commits, ours = Commit.objects.count(), head(stuck)
    with pytest.raises(MergeConflicted) as refused:
        merged(stuck, way=Way.REBASE)
    assert (told(refused.value), refused.value.extensions["stopped_at"]) == (found(seen.conflicts), second.digest)
    assert (Commit.objects.count(), head(stuck)) == (commits, ours)


def test_a_decision_lets_a_rebase_go_on(stuck: Repository) -> None:
    decisions = decide(preview(stuck, way=Way.REBASE).conflicts, "theirs")
    seen = preview(stuck, way=Way.REBASE, decisions=decisions)
    assert (seen.conflicts, seen.stopped_at, len(seen.decided)) == ((), None, 1)
    merged(stuck, way=Way.REBASE, decisions=decisions)
    assert (contents(stuck)["Person"]["icon"], messages(stuck)[:3]) == ("theirs", ["Third", "Second", "First"])


def test_a_commit_that_a_decision_leaves_without_a_change_is_dropped(stuck: Repository) -> None:
    decisions = decide(preview(stuck, way=Way.REBASE).conflicts, "ours")
    merged(stuck, way=Way.REBASE, decisions=decisions)
    assert messages(stuck)[:2] == ["Third", "First"]


def test_a_rebase_drops_what_the_target_has_and_flattens_merges(crm: Repository) -> None:
    """As git does: no empty commits, and both lines of a merge one after the other."""
    first = edit(crm, "topic", put("Pet"), message="Pets")
    picked(crm, first)
    branch(crm, "side", start="topic")
    edit(crm, "side", put("Bird"), message="Birds")
    edit(crm, "topic", put("Fish"), message="Fish")
    merged(crm, "side", "topic")
    merged(crm, way=Way.REBASE)
    assert sorted(messages(crm)[:2]) == ["Birds", "Fish"]
    assert contents(crm).keys() == {"Person", "Company", "Pet", "Bird", "Fish"}
    assert all(len(parents(commit)) == 1 for commit in (head(crm), *parents(head(crm))))


def test_a_rebase_holds_every_commit_to_the_rules(crm: Repository) -> None:
    """The second commit mends what the first breaks on the target: the state between them would be part of history."""
    edit(crm, "main", put("A"), put("B"))
    branch(crm, "loop")
    edit(crm, "main", put("A", extends=["B"]))
    first = edit(crm, "loop", put("B", extends=["A"]), message="Break")
    edit(crm, "loop", put("B"), message="Mend")
    assert preview(crm, "loop").conflicts == ()
    seen = preview(crm, "loop", way=Way.REBASE)
    assert (seen.stopped_at, {each.kind for each in seen.conflicts}) == (first, {"violation"})
    with pytest.raises(MergeConflicted):
        merged(crm, "loop", way=Way.REBASE)


def test_a_rebase_sees_at_every_commit_what_those_before_it_have_come_to(crm: Repository) -> None:
    """B as the first commit has it on the target, which is written nowhere else, means what the second deletes."""
    edit(crm, "main", put("A"), put("B"))
    branch(crm, "line")
    edit(crm, "main", put("B", extends=["A"]))
    edit(crm, "line", put("B", icon="star"), message="Star")
    second = edit(crm, "line", Delete("object_type", "A"), message="Delete")
    seen = preview(crm, "line", way=Way.REBASE)
    assert (seen.stopped_at, found(seen.conflicts)) == (second, [("dangling", "/object_type/B/extends/0")])
    merged(crm, "line", way=Way.REBASE, decisions=decide(seen.conflicts, "ours"))
    assert contents(crm)["B"]["extends"] == ["A"]


def test_a_rebase_of_too_many_commits_is_refused(parted: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways_module, "REBASE_LIMIT", 2)
    with pytest.raises(RebaseTooLong):
        merged(parted, way=Way.REBASE)


def watch(change: HeadChange) -> None:
    """A guard that says what it is asked."""
    raise HeadRefused(f"{change.before.digest} {change.after and change.after.digest}")


@pytest.mark.parametrize("way", [Way.MERGE, Way.SQUASH, Way.REBASE])
def test_guards_are_asked_once_about_the_whole_move(parted: Repository, settings: Any, way: Way) -> None:
    ours = head(parted)
    settings.HISTORY_HEAD_GUARDS = ["tests.merging.test_operations.watch"]
    with pytest.raises(HeadRefused) as refused:
        merged(parted, way=way)
    assert str(refused.value.detail).startswith(ours.digest)
    assert head(parted) == ours
    assert Event.objects.filter(type="io.oms.history.branch.refused").count() == 1


# --- Cherry-picks -------------------------------------------------------------------------------------


def test_a_pick_does_what_one_commit_did_and_no_more(parted: Repository, alice: User, bob: User) -> None:
    paw = head(parted, "topic")
    pets = parents(paw)[0]
    applied = picked(parted, pets, actor=bob)
    assert contents(parted).keys() == {"Person", "Company", "Plant", "Pet"}
    assert (contents(parted)["Person"]["icon"], "icon" in contents(parted)["Pet"]) == ("user", False)
    assert (applied.commit.author, applied.commit.message) == (
        alice,
        f"Add pets\n\n(cherry picked from commit {pets.digest})",
    )
    assert latest() == ("io.oms.merging.commit.picked", {**latest()[1], "picked": pets.digest})
    assert Event.objects.latest("id").actor == bob.pk


def test_a_merge_after_a_pick_takes_the_same_change_of_both_sides_once(parted: Repository) -> None:
    picked(parted, parents(head(parted, "topic"))[0])
    seen = preview(parted)
    assert seen.conflicts == ()
    assert "same_change" in {each.strategy for each in seen.strategies}
    merged(parted)
    assert contents(parted)["Pet"]["icon"] == "paw"


def test_a_pick_that_conflicts_tells_it_and_takes_decisions(crm: Repository) -> None:
    edit(crm, "main", put("Person", icon="ours"))
    commit = edit(crm, "topic", put("Person", icon="theirs"))
    with pytest.raises(MergeConflicted) as refused:
        picked(crm, commit)
    assert told(refused.value) == [("value", "/object_type/Person/icon")]
    (conflict,) = refused.value.extensions["conflicts"]
    assert (conflict["base"], conflict["ours"], conflict["theirs"]) == ("user", "ours", "theirs")
    applied = picked(crm, commit, decisions=decide(preview(crm).conflicts, "theirs"))
    assert contents(crm)["Person"]["icon"] == "theirs"
    assert [each.strategy for each in applied.strategies] == ["theirs"]


def test_a_pick_without_its_forerunner_is_a_conflict_over_what_it_changed(parted: Repository) -> None:
    """What it changed is not there: one side has no Pet, the other changed it."""
    with pytest.raises(MergeConflicted) as refused:
        picked(parted, head(parted, "topic"))
    assert told(refused.value) == [("modify_delete", "/object_type/Pet")]


def test_a_pick_of_what_is_there_already_is_refused(parted: Repository) -> None:
    pets = parents(head(parted, "topic"))[0]
    picked(parted, pets)
    with pytest.raises(NothingChanged):
        picked(parted, pets)


def test_a_merge_is_picked_against_a_parent_that_is_named(parted: Repository) -> None:
    branch(parted, "release", start=parents(head(parted))[0].digest)
    made = merged(parted).commit
    for mainline, rule in ((None, "REQUIRED"), (3, "VALUE_RANGE")):
        with pytest.raises(MainlineInvalid) as refused:
            picked(parted, made, "release", mainline=mainline)
        assert [(error.field, error.rule) for error in refused.value.errors] == [("/mainline", rule)]
    picked(parted, made, "release", mainline=1)
    assert contents(parted, "release").keys() == {
        "Person",
        "Company",
        "Pet",
    }  # what topic brought, without main's Plant


def test_the_first_commit_of_all_is_taken_against_nothing(crm: Repository) -> None:
    first = Commit.objects.get(repository=crm, generation=0)
    for act in (picked, reverted):
        with pytest.raises(NothingChanged):
            act(crm, first)


# --- Reverts ------------------------------------------------------------------------------------------


def test_a_revert_takes_back_one_commit_and_leaves_what_came_later(crm: Repository, bob: User) -> None:
    faces = edit(crm, "main", put("Person", icon="face"), put("Pet"), message="Faces and pets")
    edit(crm, "main", put("Plant"))
    applied = reverted(crm, faces, actor=bob)
    assert contents(crm).keys() == {"Person", "Company", "Plant"}
    assert contents(crm)["Person"]["icon"] == "user"
    assert applied.commit.message == f'Revert "Faces and pets"\n\nThis reverts commit {faces.digest}.'
    assert applied.commit.author == bob
    assert latest() == ("io.oms.merging.commit.reverted", {**latest()[1], "reverted": faces.digest})
    assert [(row.commit, row.reverted) for row in Revert.objects.all()] == [(applied.commit, faces)]


def test_a_revert_of_what_was_changed_since_is_a_conflict(crm: Repository) -> None:
    faces = edit(crm, "main", put("Person", icon="face"))
    edit(crm, "main", put("Person", icon="smile"))
    with pytest.raises(MergeConflicted) as refused:
        reverted(crm, faces)
    (conflict,) = refused.value.extensions["conflicts"]
    assert (conflict["base"], conflict["ours"], conflict["theirs"]) == ("face", "smile", "user")


def test_a_revert_of_what_others_refer_to_by_now_is_a_conflict(crm: Repository) -> None:
    """The addition cannot go while something needs it."""
    pets = edit(crm, "main", put("Pet"))
    edit(crm, "main", put("Cat", extends=["Pet"]))
    with pytest.raises(MergeConflicted) as refused:
        reverted(crm, pets)
    assert told(refused.value) == [("dangling", "/object_type/Cat/extends/0")]


def test_what_was_reverted_already_is_not_reverted_again(crm: Repository) -> None:
    faces = edit(crm, "main", put("Person", icon="face"))
    taken_back = reverted(crm, faces).commit
    with pytest.raises(NothingChanged):
        reverted(crm, faces)
    reverted(crm, taken_back)
    assert contents(crm)["Person"]["icon"] == "face"


@pytest.mark.parametrize(
    "changes",
    [
        [put("Company"), Delete("object_type", "Person")],
        [Rename("object_type", "Person", "Human")],
        [Rename("object_type", "Person", "Human"), put("Person", icon="other")],
    ],
)
def test_a_revert_of_a_deletion_and_of_a_rename_brings_things_back_as_they_were(
    crm: Repository, changes: list[Change]
) -> None:
    before = contents(crm)
    reverted(crm, edit(crm, "main", *changes))
    assert contents(crm) == before


def test_the_commit_may_be_any_ref_and_the_head_must_be_the_one_that_was_seen(crm: Repository) -> None:
    edit(crm, "topic", put("Pet"))
    held = branch_get(crm, "main")
    with pytest.raises(StaleHead):
        commit_pick(actor=crm.created_by, branch=held, commit="topic", expected_head="0" * 64)
    with pytest.raises(RefNotFound):
        commit_pick(actor=crm.created_by, branch=held, commit="nothing")
    commit_pick(actor=crm.created_by, branch=held, commit="topic", message="Pets")
    assert (head(crm).message, "Pet" in contents(crm)) == ("Pets", True)


# --- Every way comes to the same state ----------------------------------------------------------------------

names = st.sampled_from(["A", "B", "C"])
edits = st.lists(
    st.lists(
        st.builds(lambda name, icon: put(name, icon=icon), names, st.sampled_from(["a", "b"]))
        | st.builds(lambda name, colour: put(name, color=colour), names, st.sampled_from(["#aa0000", "#00aa00"]))
        | st.builds(lambda name: Delete("object_type", name), names),
        min_size=1,
        max_size=2,
    ),
    min_size=1,
    max_size=3,
)


def committed(repository: Repository, name: str, steps: list[list[Change]]) -> None:
    for changes in steps:
        try:
            edit(repository, name, *changes)
        except (ChangesInvalid, OntologyInvalid):
            continue


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ours=edits, theirs=edits)
def test_a_squash_and_a_rebase_without_conflicts_come_to_what_a_merge_comes_to(
    alice: User, ours: list[list[Change]], theirs: list[list[Change]]
) -> None:
    """A rebase only where no commit meets what the target did: of what a later one takes back, both may have had it."""
    repository = repository_create(actor=alice, name=f"r{Repository.objects.count()}")
    edit(repository, "main", put("A"), put("B"), put("C"))
    branch(repository, "topic")
    committed(repository, "main", ours)
    committed(repository, "topic", theirs)
    whole = preview(repository, way=Way.MERGE)
    roots = {}
    for way in (Way.MERGE, Way.SQUASH, Way.REBASE):
        branch(repository, f"by-{way}")
        seen = preview(repository, target=f"by-{way}", way=way)
        if way is Way.SQUASH:
            assert seen.conflicts == whole.conflicts
        if not seen.conflicts:
            roots[way] = merged(repository, target=f"by-{way}", way=way).commit.root
    assert roots.get(Way.SQUASH) == roots.get(Way.MERGE)
    if Way.REBASE in roots and Way.MERGE in roots and not seen.strategies:
        assert roots[Way.REBASE] == roots[Way.MERGE]


# --- What it costs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["squash", "rebase", "pick", "revert"])
def test_no_operation_asks_more_of_a_large_ontology_than_of_a_small_one(crm: Repository, act: str) -> None:
    counts = []
    for size in (0, 300):
        edit(crm, "main", *(put(f"Type{number:03}") for number in range(size)), put(f"At{size}"))
        branch(crm, f"topic{size}")
        branch(crm, f"target{size}")
        edit(crm, f"target{size}", put("Plant"))
        commit = edit(crm, f"topic{size}", put("Pet"), put("Cat", extends=["Person"]))
        with CaptureQueriesContext(connection) as queries:
            if act == "pick":
                picked(crm, commit, f"target{size}")
            elif act == "revert":
                reverted(crm, commit, f"topic{size}")
            else:
                merged(crm, f"topic{size}", f"target{size}", way=Way(act))
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 6  # a level of nodes more is read, and written
    assert max(counts) <= 80


MANY_COMMITS = {
    "edited": lambda number: put(f"Type{number:03}", extends=["Company"], icon="theirs"),
    "edited on both sides": lambda number: put(f"Both{number:03}", icon="theirs"),
    "added": lambda number: put(f"New{number:03}", extends=[f"Type{number:03}"]),
    "renamed": lambda number: Rename("object_type", f"Type{number:03}", f"Renamed{number:03}"),
    "deleted": lambda number: Delete("object_type", f"Type{number:03}"),
    "added and deleted": lambda number: Delete("object_type", "New") if number % 2 else put("New", extends=["Person"]),
    "always the same": lambda number: put("Person", icon="user", color=f"#{number:06}"),
}


@pytest.mark.parametrize("act", ["preview", "merge"])
@pytest.mark.parametrize("change", MANY_COMMITS.values(), ids=MANY_COMMITS.keys())
def test_a_rebase_reads_as_little_for_many_commits_as_for_few(
    crm: Repository, change: Callable[[int], Change], act: str
) -> None:
    numbers = range(30)
    edit(crm, "main", *(put(f"Type{number:03}", extends=["Company"]) for number in numbers))
    edit(crm, "main", *(put(f"Both{number:03}") for number in numbers))
    counts = []
    for many in (6, 30):
        branch(crm, f"theirs{many}")
        branch(crm, f"ours{many}")
        edit(crm, f"ours{many}", *(put(f"Both{number:03}", color="#aa0000") for number in numbers))
        for number in range(many):
            edit(crm, f"theirs{many}", change(number))
        for cache in (NODE_CACHE, states.STEP_CACHE):
            cache.clear()
        names = {"source": f"theirs{many}", "target": f"ours{many}", "way": Way.REBASE}
        with CaptureQueriesContext(connection) as queries:
            preview(crm, **names) if act == "preview" else merged(crm, **names)
        written = 3 * many if act == "merge" else 0  # a commit, its edge, and where its line of parents is entered
        counts.append(len(queries) - written)
    assert abs(counts[0] - counts[1]) <= 6  # walks of commits and trees that are larger
