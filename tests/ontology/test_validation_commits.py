"""Branches get no state that breaks a rule; what rules weigh; what a failing rule does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from history.engine.changes import Change, Delete, Put
from history.engine.content import Content, Key
from history.exceptions import NotAllowed, RepositoryNotFound
from history.models import Branch, Commit, Event, Repository
from history.selectors import TreeView
from history.services import commit_create, repository_create
from ontology.engine.state import Documents
from ontology.engine.validation import RULES, in_document, validate
from ontology.exceptions import OntologyInvalid, RuleImmovable, RuleNotFound
from ontology.models import RuleSeverity
from ontology.selectors import TreeState, rule_weights, violations_at
from ontology.services import document_import, rule_setting_set
from tests.oms_project.test_demo_ontology import RESOURCES as DEMO
from tests.ontology.validation_cases import CASES, Case

pytestmark = pytest.mark.django_db

CommitMaker = Callable[..., Commit]


def put(kind: str, name: str, **content: Any) -> Put:
    return Put(kind, name, content)


def thing(name: str, **content: Any) -> Put:
    return put("object_type", name, **{"properties": {}, **content})


def whole(case: Case) -> dict[str, Any]:
    return {"format": "oms/1", "resources": case.bad}


# --- Errors and warnings --------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", sorted(RULES))
def test_an_error_refuses_a_commit_and_a_warning_does_not(alice: User, main: Branch, rule: str) -> None:
    case = next(case for case in CASES if case.rule == rule)
    head = main.head_id
    if case.severity == "error":
        with pytest.raises(OntologyInvalid) as caught:
            document_import(actor=alice, branch=main, document=whole(case), message="Import")
        told = {(error.rule, error.field) for error in caught.value.errors}
        assert told == {(rule, f"/document{place}") for place in case.places}
        main.refresh_from_db()
        assert main.head_id == head
    else:
        report = document_import(actor=alice, branch=main, document=whole(case), message="Import")
        assert {(each.rule, each.severity, each.path) for each in violations_at(report.commit)} == {
            (rule, "warning", place) for place in case.places
        }


def test_the_demo_has_no_error() -> None:
    assert [found for found in validate(Documents(DEMO), DEMO) if found[1].severity == "error"] == []


def test_the_database_says_what_memory_says(alice: User, main: Branch) -> None:
    demo: dict[str, dict[str, Content]] = {}
    for (kind, name), content in DEMO.items():
        demo.setdefault(kind, {})[name] = content
    document_import(actor=alice, branch=main, document={"format": "oms/1", "resources": demo}, message="Import")
    tree = TreeView(main.head.root)
    keys = tree.everything().keys()
    found = validate(TreeState(tree), keys)
    assert found
    assert [in_document(each) for each in found] == violations_at(main.head)


def test_an_error_that_a_change_elsewhere_makes_is_told_where_it_stands(commit: CommitMaker) -> None:
    commit(
        put("value_type", "Share", type="double", constraints={"max": 1}),
        thing("Portion", properties={"share": {"value_type": "Share", "default": 0.5}}),
    )
    with pytest.raises(OntologyInvalid) as caught:
        commit(put("value_type", "Share", type="double", constraints={"max": 0.25}))
    assert [(error.rule, error.field) for error in caught.value.errors] == [
        ("DEFAULT_VIOLATES_TYPE", "/resources/object_type/Portion/properties/share/default")
    ]


# --- Rules that fail ------------------------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> str:
    """A rule that fails at the type Bad."""

    def check(near: Any, key: Key, content: Content) -> Any:
        if key[1] == "Bad":
            raise KeyError("secret")
        yield from ()

    monkeypatch.setitem(RULES, "ENUM_EMPTY", replace(RULES["ENUM_EMPTY"], check=check))  # type: ignore[misc]
    return "ENUM_EMPTY"


def test_a_rule_that_fails_blocks_and_nothing_is_written(
    commit: CommitMaker, main: Branch, failing: str, caplog: pytest.LogCaptureFixture
) -> None:
    head, events = main.head_id, Event.objects.count()
    with pytest.raises(OntologyInvalid) as caught:
        commit(thing("Good"), thing("Bad"))
    [error] = caught.value.errors
    assert (error.rule, error.field) == ("RULE_FAILED", "/changes/1/content")
    assert failing in error.message
    assert "secret" not in error.message
    assert "validation rule failed" in caplog.text
    main.refresh_from_db()
    assert main.head_id == head
    assert Event.objects.count() == events


def test_a_rule_that_fails_elsewhere_does_not_matter(commit: CommitMaker, failing: str) -> None:
    commit(thing("Good"))


def test_a_rule_that_fails_is_told_of_a_whole_state(commit: CommitMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    made = commit(thing("Person"))

    def check(near: Any, key: Key, content: Content) -> Any:
        raise RuntimeError

    monkeypatch.setitem(RULES, "DUPLICATE_NAME", replace(RULES["DUPLICATE_NAME"], check=check))  # type: ignore[misc]
    [violation] = violations_at(made)
    assert (violation.rule, violation.severity, violation.path) == (
        "RULE_FAILED",
        "error",
        "/resources/object_type/Person",
    )


def test_a_state_that_cannot_be_read_is_no_violation(commit: CommitMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(thing("Agent"))

    def unreadable(*args: Any) -> Any:
        raise OperationalError

    monkeypatch.setattr(TreeState, "contents", unreadable)
    with pytest.raises(OperationalError):
        commit(thing("Person", extends=["Agent"]))


# --- What rules weigh -------------------------------------------------------------------------------------


def test_a_warning_that_a_repository_makes_an_error_refuses_commits(
    alice: User, repository: Repository, commit: CommitMaker
) -> None:
    commit(thing("3DModel"))
    rule_setting_set(actor=alice, repository=repository, rule="NAMING_CONVENTION", severity=RuleSeverity.ERROR)
    commit(thing("Model"))
    with pytest.raises(OntologyInvalid) as caught:
        commit(thing("4DModel"))
    assert [(error.rule, error.field) for error in caught.value.errors] == [("NAMING_CONVENTION", "/changes/0/content")]


def test_a_rule_that_is_off_is_not_told(alice: User, repository: Repository, commit: CommitMaker) -> None:
    made = commit(thing("3DModel"))
    assert [each.rule for each in violations_at(made)] == ["NAMING_CONVENTION"]
    rule_setting_set(actor=alice, repository=repository, rule="NAMING_CONVENTION", severity=RuleSeverity.OFF)
    assert violations_at(made) == []


def test_a_setting_is_of_one_repository_and_an_event_of_its_own(alice: User, repository: Repository) -> None:
    other = repository_create(actor=alice, name="other")
    for severity in (RuleSeverity.OFF, RuleSeverity.OFF, RuleSeverity.WARNING):
        rule_setting_set(actor=alice, repository=repository, rule="ENUM_EMPTY", severity=severity)
    events = Event.objects.filter(type="io.oms.ontology.rule.set").order_by("pk")
    assert [event.repository_id for event in events] == [repository.pk] * 2
    assert {weight.severity for weight in rule_weights(other) if weight.rule.id == "ENUM_EMPTY"} == {"warning"}


@pytest.mark.parametrize(
    ("rule", "severity", "refusal"),
    [
        ("STRUCT_EMPTY", RuleSeverity.OFF, RuleImmovable),
        ("STRUCT_EMPTY", RuleSeverity.WARNING, RuleImmovable),
        ("RULE_FAILED", RuleSeverity.OFF, RuleNotFound),
        ("NOTHING", RuleSeverity.OFF, RuleNotFound),
    ],
)
def test_rules_that_are_no_warnings_stay_as_they_are(
    alice: User, repository: Repository, rule: str, severity: RuleSeverity, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        rule_setting_set(actor=alice, repository=repository, rule=rule, severity=severity)


def test_who_administers_a_repository_weighs_its_rules(bob: User, charlie: User, repository: Repository) -> None:
    for actor, refusal in ((bob, NotAllowed), (charlie, RepositoryNotFound)):
        with pytest.raises(refusal):
            rule_setting_set(actor=actor, repository=repository, rule="ENUM_EMPTY", severity=RuleSeverity.OFF)


# --- What it costs ----------------------------------------------------------------------------------------


def grown(actor: User, name: str, size: int) -> Branch:
    """The branch of an ontology of ``size`` types below one root, with a link and a value type each."""
    repository = repository_create(actor=actor, name=name)
    branch = repository.branches.get()
    changes: list[Change] = [
        thing("Root", properties={"id": {"type": "string"}}, primary_key=["id"], implements=["Named"]),
        put("interface", "Named", properties={"id": {"type": "string", "required": True}}),
    ]
    for number in range(size):
        changes += [
            put("value_type", f"Value{number}", type="string"),
            thing(f"Type{number}", extends=["Root"], properties={"value": {"value_type": f"Value{number}"}}),
            put(
                "link_type",
                f"link{number}",
                source={"types": [f"Type{number}"], "api_name": f"way{number}"},
                target={"types": ["Root"]},
                cardinality="many_to_one",
            ),
        ]
    commit_create(actor=actor, branch=branch, changes=changes, message="Grow")
    return branch


EDITS: dict[str, list[Change]] = {
    "a leaf's property": [thing("Type3", extends=["Root"], properties={"value": {"type": "long"}})],
    "a value type": [put("value_type", "Value3", type="string", constraints={"max_length": 3})],
    "a link": [Delete("link_type", "link3")],
    "a new type": [thing("Another", extends=["Root"])],
    "the root's text": [
        thing(
            "Root",
            properties={"id": {"type": "string"}},
            primary_key=["id"],
            implements=["Named"],
            description="All things",
        )
    ],
    "the root's properties": [thing("Root", properties={"id": {"type": "string"}}, implements=["Named"])],
}


@pytest.mark.parametrize("changes", EDITS.values(), ids=EDITS)
def test_the_queries_of_a_commit_do_not_grow_with_the_ontology(alice: User, changes: list[Change]) -> None:
    counts = []
    for size in (8, 120):
        branch = grown(alice, f"size{size}", size)
        with CaptureQueriesContext(connection) as queries:
            commit_create(actor=alice, branch=branch, changes=changes, message="Edit")
        counts.append(len(queries))
    assert max(counts) <= 60
    assert abs(counts[0] - counts[1]) <= 4
