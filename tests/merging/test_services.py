"""Preview and merge as services: what is written, what is refused, and what it costs."""

from typing import Any
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from gateway.exceptions import FieldError
from history.engine.changes import Rename
from history.exceptions import (
    BranchLocked,
    BranchNotFound,
    ChangesInvalid,
    HeadRefused,
    NotAllowed,
    RefNotFound,
    RepositoryNotFound,
    StaleHead,
)
from history.models import Branch, Commit, Event, HeadMove, Repository, Role
from history.selectors import ChangeKind, TreeView, branch_get, content_model, log_page
from history.services import HeadChange, Transition, branch_create, membership_set, repository_create
from merging.exceptions import MergeConflicted
from merging.services import Method, Way, branch_merge, merge_preview
from ontology.exceptions import OntologyInvalid
from ontology.models import RuleSeverity
from ontology.selectors import states
from ontology.selectors.states import STEP_CACHE
from ontology.services import rule_setting_set
from tests.factories import UserFactory, lock_by
from tests.merging.branches import contents, edit, merged, preview, put
from tests.rows import rows

pytestmark = pytest.mark.django_db


# --- What a merge makes -------------------------------------------------------------------------------


def test_a_merge_commit_has_both_heads_as_parents_and_the_event_tells_the_strategies(crm: Repository) -> None:
    ours = edit(crm, "main", put("Person", icon="user", color="#ff0000"))
    theirs = edit(crm, "topic", put("Person", icon="face"), put("Pet"))
    result = merged(crm, message="Bring the faces")
    assert (result.method, result.commit.message) == (Method.MERGE, "Bring the faces")
    assert [edge.parent for edge in result.commit.parent_edges.all()] == [ours, theirs]
    assert (contents(crm)["Person"]["icon"], contents(crm)["Person"]["color"]) == ("face", "#ff0000")
    assert "Pet" in contents(crm)
    event = Event.objects.latest("id")
    assert (event.type, event.actor) == ("io.oms.merging.branch.merged", crm.created_by_id)
    assert HeadMove.objects.latest("id").after == result.commit


def test_the_message_says_what_was_merged_unless_it_is_given(crm: Repository) -> None:
    edit(crm, "main", put("A"))
    edit(crm, "topic", put("B"))
    assert merged(crm).commit.message == "Merge topic into main"


def test_a_merge_that_finds_nothing_new_makes_nothing(crm: Repository) -> None:
    edit(crm, "main", put("A"))
    before = rows()
    assert preview(crm).method is Method.UP_TO_DATE
    assert merged(crm).method is Method.UP_TO_DATE
    assert rows() == before


def test_a_fast_forward_moves_the_head_and_makes_no_commit(crm: Repository) -> None:
    theirs = edit(crm, "topic", put("A"))
    found = preview(crm)
    assert (found.method, [change.api_name for change in found.changes]) == (Method.FAST_FORWARD, ["A"])
    commits = Commit.objects.count()
    assert merged(crm).commit == theirs
    assert Commit.objects.count() == commits
    assert branch_get(crm, "main").head == theirs


def test_a_source_may_be_any_ref_and_a_target_is_a_branch(crm: Repository) -> None:
    theirs = edit(crm, "topic", put("A"))
    edit(crm, "topic", put("B"))
    assert merged(crm, source=theirs.digest[:12]).commit == theirs
    with pytest.raises(BranchNotFound):
        merged(crm, target=theirs.digest)
    with pytest.raises(RefNotFound):
        merged(crm, source="nothing")


def test_a_rename_on_one_side_meets_an_edit_and_a_new_referrer_on_the_other(crm: Repository) -> None:
    edit(crm, "topic", Rename("object_type", "Person", "Human"))
    edit(crm, "main", put("Person", icon="face"), put("Pet", extends=["Person"]))
    (renamed,) = [change for change in preview(crm).changes if change.change is ChangeKind.RENAMED]
    assert (renamed.former_name, renamed.api_name) == ("Person", "Human")
    merged(crm)
    now = contents(crm)
    assert now.keys() == {"Human", "Company", "Pet"}
    assert (now["Human"]["icon"], now["Pet"]["extends"], now["Company"]["extends"]) == ("face", ["Human"], ["Human"])


def test_the_same_addition_on_both_sides_is_one_thing(crm: Repository) -> None:
    edit(crm, "main", put("Pet", icon="paw"))
    edit(crm, "topic", put("Pet", icon="paw"), put("Other"))
    assert merged(crm).commit.root == branch_get(crm, "topic").head.root


fields = st.fixed_dictionaries(
    {},
    optional={
        "icon": st.sampled_from(["a", "b"]),
        "display_name": st.sampled_from(["One", {"en": "One", "ko": "하나"}]),
        "extends": st.lists(st.sampled_from(["Person", "Company"]), max_size=2, unique=True),
        "aliases": st.lists(st.sampled_from(["x", "y", "z"]), max_size=3, unique=True),
    },
)
sides = st.dictionaries(st.sampled_from(["New", "Other", "Third"]), fields, max_size=3)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(left=sides, right=sides)
def test_what_a_merge_stores_is_the_normal_form_whichever_side_is_merged_into_which(
    alice: User, left: dict[str, Any], right: dict[str, Any]
) -> None:
    repository = repository_create(actor=alice, name=f"r{Repository.objects.count()}")
    edit(repository, "main", put("Person"), put("Company"))
    for name, side in (("a", left), ("b", right)):
        branch_create(actor=alice, repository=repository, name=name)
        edit(repository, name, put(f"Own{name}"), *(put(key, **each) for key, each in side.items()))
    found = preview(repository, source="a", target="b")
    if found.conflicts or found.violations:
        with pytest.raises((MergeConflicted, OntologyInvalid)):
            merged(repository, source="a", target="b")
        return
    head = branch_get(repository, "a").head.digest
    merged(repository, source="a", target="b")
    mirrored = branch_merge(actor=alice, repository=repository, source="b", target="a")
    assert mirrored.method is Method.FAST_FORWARD
    assert head in {commit.digest for commit in log_page([mirrored.commit.digest], 10)[0]}
    model = content_model()
    for (kind, name), content in TreeView(mirrored.commit.root).everything().items():
        assert model.normalise(kind, name, content, content, lambda _rid: False) == content


# --- What is refused ----------------------------------------------------------------------------------


def test_a_conflict_is_told_by_the_preview_and_refuses_the_merge(crm: Repository) -> None:
    edit(crm, "main", put("Person", icon="ours"))
    edit(crm, "topic", put("Person", icon="theirs"), put("Pet"))
    before = rows()
    (told,) = preview(crm).conflicts
    with pytest.raises(MergeConflicted) as caught:
        merged(crm)
    assert caught.value.extensions["conflicts"] == [told.to_open_json()]
    assert told.path == "/resources/object_type/Person/icon"
    assert rows() == before


def refuse(_transition: Transition) -> None:
    """A commit hook that has something against everything."""
    raise OntologyInvalid(errors=[FieldError("/resources", "NEVER", "Never.")])


def test_a_preview_tells_what_hooks_have_against_the_result_and_writes_nothing(crm: Repository, settings: Any) -> None:
    edit(crm, "topic", put("Pet"))
    edit(crm, "main", put("Plant"))
    settings.HISTORY_COMMIT_HOOKS = ["tests.merging.test_services.refuse"]
    before = rows()
    assert [(each.rule, each.field) for each in preview(crm).violations] == [("NEVER", "/resources")]
    with pytest.raises(OntologyInvalid):
        merged(crm)
    assert rows() == before


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("diverged", [False, True])
def test_a_rule_that_became_an_error_is_foreseen_in_every_way_of_merging(
    crm: Repository, way: Way, diverged: bool
) -> None:
    edit(crm, "topic", put("pet"))
    if diverged:
        edit(crm, "main", put("Plant"))
    rule_setting_set(actor=crm.created_by, repository=crm, rule="NAMING_CONVENTION", severity=RuleSeverity.ERROR)
    seen = preview(crm, way=way)
    with pytest.raises(OntologyInvalid) as refused:
        merged(crm, way=way)
    assert seen.fast_forward == (not diverged and way in (Way.AUTOMATIC, Way.REBASE))
    assert {each.rule for each in seen.violations} == {"NAMING_CONVENTION"}
    assert tuple(seen.violations) == refused.value.errors


def test_a_step_that_was_foreseen_is_checked_once(crm: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(crm, "topic", put("Pet"))
    STEP_CACHE.clear()
    checks = Mock(wraps=states.validate)
    monkeypatch.setattr(states, "validate", checks)
    assert preview(crm).violations == []
    merged(crm)
    assert checks.call_count == 1


def test_a_stale_head_a_locked_target_and_a_bad_message_refuse(crm: Repository) -> None:
    old = branch_get(crm, "main").head_id
    head = edit(crm, "main", put("A"))
    edit(crm, "topic", put("B"))
    before = rows()
    with pytest.raises(StaleHead) as stale:
        merged(crm, expected_head=old)
    assert stale.value.extensions["head"] == head.digest
    for message in ("x" * 10_001, " ", "a\0b"):
        with pytest.raises(ChangesInvalid) as bad:
            merged(crm, message=message)
        assert bad.value.errors[0].field == "/message"
    assert rows() == before
    lock_by(None, Branch.objects.get(name="main"))
    with pytest.raises(BranchLocked):
        merged(crm)


def protect(change: HeadChange) -> None:
    """A head guard that lets nothing pass."""
    raise HeadRefused(f"{change.branch.name} is protected.")


@pytest.mark.parametrize("diverged", [False, True])
def test_a_guard_stops_fast_forwards_and_merge_commits(crm: Repository, settings: Any, diverged: bool) -> None:
    edit(crm, "topic", put("B"))
    if diverged:
        edit(crm, "main", put("A"))
    settings.HISTORY_HEAD_GUARDS = ["tests.merging.test_services.protect"]
    before = rows()
    with pytest.raises(HeadRefused):
        merged(crm)
    refusal = Event.objects.latest("id")
    assert refusal.type == "io.oms.history.branch.refused"
    refusal.delete()
    assert rows() == before


@pytest.mark.parametrize(
    ("role", "may_preview", "may_merge"),
    [
        (None, False, False),
        (Role.VIEWER, True, False),
        (Role.REVIEWER, True, False),
        (Role.DEVELOPER, True, True),
        (Role.SERVICE, True, True),
        (Role.ADMINISTRATOR, True, True),
    ],
)
def test_who_may_preview_and_merge(crm: Repository, role: Role | None, may_preview: bool, may_merge: bool) -> None:
    edit(crm, "topic", put("B"))
    bob = UserFactory(username="bob", role=Role.VIEWER)
    if role is not None:
        membership_set(actor=crm.created_by, repository=crm, user=bob, role=role)
    refusal = RepositoryNotFound if role is None else NotAllowed

    def asked(service: Any, allowed: bool) -> None:
        arguments = {"actor": bob, "repository": crm, "source": "topic", "target": "main"}
        if allowed:
            service(**arguments)
        else:
            with pytest.raises(refusal):
                service(**arguments)

    asked(merge_preview, may_preview)
    asked(branch_merge, may_merge)


# --- What it costs ------------------------------------------------------------------------------------


def test_a_merge_asks_as_many_questions_for_many_changes_as_for_few(crm: Repository) -> None:
    edit(crm, "main", *(put(f"Type{number:03}") for number in range(300)))
    counts = []
    for changed in (3, 60):
        for name in ("ours", "theirs"):
            branch_create(actor=crm.created_by, repository=crm, name=f"{name}{changed}")
        edit(crm, f"ours{changed}", *(put(f"Type{number:03}", icon="a") for number in range(changed)))
        edit(crm, f"theirs{changed}", *(put(f"Type{number:03}", color="#ff0000") for number in range(changed)))
        with CaptureQueriesContext(connection) as queries:
            merged(crm, source=f"theirs{changed}", target=f"ours{changed}")
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 2  # a level of nodes more or less may be read
    assert max(counts) <= 50
