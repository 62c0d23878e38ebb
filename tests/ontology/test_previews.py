"""What a commit would do is told before it is made, and nothing of it is written."""

from collections.abc import Callable

import pytest

from accounts.models import User
from history.engine.changes import Change, Delete, Put, Rename
from history.exceptions import BranchLocked, ChangesInvalid, NotAllowed
from history.models import Blob, Branch, Commit, Event, Node, Repository, Role
from history.selectors import ChangeKind, branch_get
from history.services import commit_create, membership_set, repository_create
from ontology.models import RuleSeverity
from ontology.services import CommitPreview, commit_preview, rule_setting_set
from tests.factories import UserFactory, lock_by

PERSON = {"properties": {"name": {"type": "string"}}, "title_property": "name", "status": "active"}
KNOWS = {"source": {"types": ["Person"]}, "target": {"types": ["Person"]}, "cardinality": "many_to_many"}

Preview = Callable[..., CommitPreview]


@pytest.fixture
def alice(db: None) -> User:
    return UserFactory(username="alice", role=Role.DEVELOPER)


@pytest.fixture
def repository(alice: User) -> Repository:
    return repository_create(actor=alice, name="world")


@pytest.fixture
def main(alice: User, repository: Repository) -> Branch:
    branch = branch_get(repository, "main")
    changes = [Put("object_type", "Person", PERSON), Put("link_type", "knows", KNOWS)]
    commit_create(actor=alice, branch=branch, changes=changes, message="Describe people")
    return branch_get(repository, "main")


@pytest.fixture
def preview(alice: User, main: Branch) -> Preview:
    def make(*changes: Change, actor: User = alice) -> CommitPreview:
        return commit_preview(actor=actor, branch=main, changes=changes)

    return make


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Blob, Node, Commit, Event))


def test_it_tells_what_would_differ_and_break_and_writes_nothing(preview: Preview, main: Branch) -> None:
    before = written()
    found = preview(Put("object_type", "Person", {**PERSON, "properties": {"title": {"type": "string"}}}))
    assert [(each.api_name, each.change) for each in found.changes] == [("Person", ChangeKind.MODIFIED)]
    assert (found.findings[0].rule, found.findings[0].severity) == ("PR_DELETED", "critical")
    assert [(each.field, each.rule) for each in found.errors] == [
        ("/resources/object_type/Person/title_property", "DANGLING_REFERENCE")
    ]
    assert written() == before
    assert branch_get(main.repository, "main").head_id == main.head_id


def test_a_rename_lists_what_follows(preview: Preview) -> None:
    found = preview(Rename("object_type", "Person", "Human"))
    assert {(each.former_name, each.api_name) for each in found.changes} == {("Person", "Human"), ("knows", "knows")}
    assert found.errors == []
    assert [each.rule for each in found.findings if each.breaks] == ["OT_RENAMED"]


def test_a_deletion_of_what_is_named_lists_where(preview: Preview) -> None:
    found = preview(Delete("object_type", "Person"))
    assert [each.field for each in found.errors] == [
        "/resources/link_type/knows/source/types/0",
        "/resources/link_type/knows/target/types/0",
    ]
    assert found.findings[0].rule == "OT_DELETED"


def test_warnings_of_what_is_put_are_told_old_and_new(preview: Preview) -> None:
    odd = {"properties": {"odd_name": {"type": "string"}}}
    assert [each.rule for each in preview(Put("object_type", "Odd", odd)).warnings] == ["NAMING_CONVENTION"]


def test_a_warning_that_the_change_brings_upon_others_is_told(preview: Preview, alice: User, main: Branch) -> None:
    changes = [Put("link_type", "knows", {**KNOWS, "status": "active"})]
    commit_create(actor=alice, branch=main, changes=changes, message="Activate")
    deprecation = {"status": "deprecated", "deprecation": {"reason": "No more."}}
    found = preview(Put("object_type", "Person", {**PERSON, **deprecation}))
    assert {(each.rule, each.path) for each in found.warnings} == {
        ("STATUS_INCONSISTENT", "/resources/link_type/knows/source/types/0"),
        ("STATUS_INCONSISTENT", "/resources/link_type/knows/target/types/0"),
    }


def test_a_warning_that_was_there_before_is_not_told_of_a_rename(preview: Preview, alice: User, main: Branch) -> None:
    odd = {"properties": {"odd_name": {"type": "string"}, "home": {"type": "string"}}}
    commit_create(actor=alice, branch=main, changes=[Put("object_type", "Odd", odd)], message="Add")
    assert preview(Rename("object_type", "Odd", "Even")).warnings == []
    assert [each.rule for each in preview(Rename("object_type", "Odd", "even_odder")).warnings] == ["NAMING_CONVENTION"]


def test_a_rule_weighs_what_the_repository_says(preview: Preview, alice: User, repository: Repository) -> None:
    odd = Put("object_type", "Odd", {"properties": {"odd_name": {"type": "string"}}})
    rule_setting_set(actor=alice, repository=repository, rule="NAMING_CONVENTION", severity=RuleSeverity.ERROR)
    found = preview(odd)
    assert ([each.rule for each in found.errors], found.warnings) == (["NAMING_CONVENTION"], [])


def test_where_nothing_changes_nothing_is_told(preview: Preview) -> None:
    found = preview(Put("object_type", "Person", PERSON))
    assert (found.changes, found.errors, found.warnings, found.findings) == ([], [], [], [])


def test_what_cannot_be_stored_is_refused_as_by_a_commit(preview: Preview) -> None:
    with pytest.raises(ChangesInvalid) as refused:
        preview(Put("object_type", "Person", {"properties": {"name": {"type": "strin"}}}))
    assert refused.value.errors[0].field == "/changes/0/content/properties/name/type/type"


def test_who_may_not_commit_is_told_nothing(preview: Preview, alice: User, repository: Repository) -> None:
    carol = UserFactory(username="carol")
    membership_set(actor=alice, repository=repository, user=carol, role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        preview(Delete("object_type", "Person"), actor=carol)


def test_a_branch_that_takes_no_commits_says_so(preview: Preview, main: Branch) -> None:
    lock_by(None, main)
    with pytest.raises(BranchLocked):
        preview(Delete("object_type", "Person"))
