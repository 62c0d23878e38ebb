"""Wherever findings are told, the registered consumers are told whom they break."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from history.engine.changes import Change, Delete, Put, Rename
from history.models import Branch, Commit, Repository
from history.selectors import TreeView, branch_get, resource_changes
from history.services import branch_create, commit_create
from ontology.engine.breaking import Mode
from ontology.selectors import findings_of
from ontology.services import Declared, Schema, consumer_register
from tests.factories import api_client_for

pytestmark = pytest.mark.django_db

URL = "/api/v1/repositories/world"
REMARK = " No registered consumer is affected, so it counts one level less."


def person(**properties: Any) -> dict[str, Any]:
    members = {name: {"status": "active", **each} for name, each in properties.items()}
    return {"status": "active", "properties": members}


AGE = {"age": {"type": "integer"}}
LABEL = {"label": {"type": "string"}}


@pytest.fixture
def model(commit: Callable[..., Commit]) -> Commit:
    return commit(
        Put("object_type", "Agent", person(**LABEL)),
        Put("object_type", "Person", {**person(**AGE, email={"type": "string"}), "extends": ["Agent"]}),
    )


@pytest.fixture
def register(alice: User, repository: Repository, model: Commit) -> Callable[..., None]:
    """Register a consumer that reads members of object types, given as ``Person.age``."""

    def make(name: str, *reads: str, **declared: Any) -> None:
        uses = [(("object_type", each.partition(".")[0]), each.partition(".")[2]) for each in reads]
        consumer_register(actor=alice, repository=repository, name=name, declared=Declared(reads=uses, **declared))

    return make


@pytest.fixture
def branch(alice: User, repository: Repository, model: Commit) -> Callable[..., Branch]:
    """A branch of main on which changes were committed."""

    def make(name: str, *changes: Change) -> Branch:
        made = branch_create(actor=alice, repository=repository, name=name)
        commit_create(actor=alice, branch=made, changes=changes, message="Change")
        return branch_get(repository, name)

    return make


@pytest.fixture
def client(alice: User) -> APIClient:
    return api_client_for(alice)


def compared(client: APIClient, head: str = "topic", base: str = "main") -> list[tuple[str, str, list[str]]]:
    findings = client.get(f"{URL}/compare/?base={base}&head={head}").json()["findings"]
    return [(each["rule"], each["severity"], each["consumers"]) for each in findings]


WITHOUT_AGE = Put("object_type", "Person", {**person(email={"type": "string"}), "extends": ["Agent"]})


def without(commit_or_branch: Commit | Branch, key: str, member: str) -> Put:
    """The change that takes a property away from an object type as it stands there."""
    head = commit_or_branch.head if isinstance(commit_or_branch, Branch) else commit_or_branch
    content = TreeView(head.root).contents([("object_type", key)])["object_type", key]
    del content["properties"][member]
    return Put("object_type", key, content)


def renamed(commit: Commit, key: str, member: str, name: str) -> Put:
    content = TreeView(commit.root).contents([("object_type", key)])["object_type", key]
    content["properties"][name] = content["properties"].pop(member)
    return Put("object_type", key, content)


# --- Everywhere ---------------------------------------------------------------------------------------


def test_comparison_and_preview_list_whom_they_break(client: APIClient, register: Any, branch: Any) -> None:
    register("billing", "Person.age")
    register("mailing", "Person.email")
    branch("topic", WITHOUT_AGE)
    told = [("PR_DELETED", "critical", ["billing"])]
    assert compared(client) == told
    preview = client.post(f"{URL}/merge-preview/", {"source": "topic", "target": "main"}).json()
    assert [(each["rule"], each["severity"], each["consumers"]) for each in preview["findings"]] == told
    query = """{
      compare(repository: "world", base: "main", head: "topic") { findings }
      mergePreview(repository: "world", source: "topic", target: "main") { findings }
    }"""
    data = client.post("/graphql/", {"query": query}).json()["data"]
    assert [each["consumers"] for part in data.values() for each in part["findings"]] == [["billing"], ["billing"]]


def test_what_breaks_no_consumer_falls_one_level_and_says_so(client: APIClient, register: Any, branch: Any) -> None:
    branch("topic", WITHOUT_AGE)
    assert compared(client) == [("PR_DELETED", "critical", [])]
    register("mailing", "Person.email")
    assert compared(client) == [("PR_DELETED", "high", [])]
    [finding] = client.get(f"{URL}/compare/?head=topic").json()["findings"]
    assert finding["message"].endswith(REMARK)


def test_a_consumer_of_another_type_counts_as_registered(client: APIClient, register: Any, branch: Any) -> None:
    register("elsewhere", "Agent")
    branch("topic", WITHOUT_AGE)
    assert compared(client) == [("PR_DELETED", "high", [])]


def test_consumers_of_another_repository_count_for_nothing(
    client: APIClient, alice: User, register: Any, branch: Any
) -> None:
    client.post("/api/v1/repositories/", {"name": "other"})
    document = {"format": "oms/1", "resources": {"object_type": {"Person": person(**AGE)}}}
    client.post("/api/v1/repositories/other/import/", {"branch": "main", "document": document})
    usage = {"kind": "object_type", "type": "Person", "property": "age"}
    client.post("/api/v1/repositories/other/consumers/", {"name": "billing", "reads": [usage]})
    branch("topic", WITHOUT_AGE)
    assert compared(client) == [("PR_DELETED", "critical", [])]


def test_queries_and_schemas_are_used_as_what_is_written(client: APIClient, register: Any, branch: Any) -> None:
    register("app", queries=["{ people: persons { age } }"])
    register("intake", schemas=[Schema("Person", Mode.WRITES, {"properties": {"age": {"type": "integer"}}})])
    branch("topic", WITHOUT_AGE)
    assert compared(client) == [("PR_DELETED", "critical", ["app", "intake"])]


def test_a_query_that_does_not_fit_is_refused_with_its_position(client: APIClient, model: Commit) -> None:
    body = {
        "name": "app",
        "queries": ["{ person { age } }", "{ person { agee } }"],
        "schemas": [{"type": "Person", "mode": "writes", "schema": {"properties": {"years": {}}}}],
    }
    response = client.post(f"{URL}/consumers/", body)
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "field": "/queries/1",
            "rule": "USAGE_UNKNOWN",
            "message": "Line 1, column 12: 'Person' has no 'agee'; the nearest is 'age'.",
        },
        {
            "field": "/schemas/0/schema/properties/years",
            "rule": "USAGE_UNKNOWN",
            "message": "'Person' has no 'years'.",
        },
    ]


def test_check_ontology_tells_the_registered_consumers_of_refs(
    register: Any, branch: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    register("billing", "Person.age")
    branch("topic", WITHOUT_AGE)
    asked = ["check_ontology", "--repository", "world", "--base", "main", "--head", "topic", "--format", "json"]
    with pytest.raises(SystemExit, match="1"):
        call_command(*asked)
    assert [each["consumers"] for each in json.loads(capsys.readouterr().out)["findings"]] == [["billing"]]
    with pytest.raises(SystemExit, match="2"):
        call_command(*asked, "--consumers", "consumers.yaml")


# --- Renames ------------------------------------------------------------------------------------------


def test_after_a_rename_has_landed_the_deletion_still_lists_the_consumer(
    client: APIClient, register: Any, branch: Any, commit: Callable[..., Commit], main: Branch, model: Commit
) -> None:
    register("billing", "Person.age")
    commit(Rename("object_type", "Person", "Human"))
    main.refresh_from_db()
    landed = commit(renamed(main.head, "Human", "age", "years"))
    branch("topic", without(landed, "Human", "years"))
    assert compared(client) == [("PR_DELETED", "critical", ["billing"])]
    branch("gone", Delete("object_type", "Human"))
    assert compared(client, "gone")[0] == ("OT_DELETED", "critical", ["billing"])


def test_a_branch_that_left_before_the_rename_is_judged_by_the_old_name(
    client: APIClient, register: Any, branch: Any, commit: Callable[..., Commit], model: Commit
) -> None:
    register("billing", "Person.age")
    branch("topic", without(model, "Person", "age"))
    commit(Rename("object_type", "Person", "Human"))
    assert compared(client, base=model.digest) == [("PR_DELETED", "critical", ["billing"])]


def test_what_took_over_the_name_is_not_what_was_registered(
    client: APIClient, register: Any, branch: Any, commit: Callable[..., Commit], main: Branch
) -> None:
    register("billing", "Person.age")
    commit(Rename("object_type", "Person", "Human"), Put("object_type", "Person", person(**AGE)))
    main.refresh_from_db()
    branch("topic", without(main.head, "Person", "age"))
    assert compared(client) == [("PR_DELETED", "high", [])]
    branch("human", without(main.head, "Human", "age"))
    assert compared(client, "human") == [("PR_DELETED", "critical", ["billing"])]


def test_an_inherited_property_is_followed_through_its_rename(
    client: APIClient, register: Any, branch: Any, commit: Callable[..., Commit], model: Commit
) -> None:
    register("cards", "Person.label")
    landed = commit(renamed(model, "Agent", "label", "name"))
    branch("topic", without(landed, "Agent", "name"))
    assert compared(client) == [("PR_DELETED", "critical", ["cards"])]


# --- Cost ---------------------------------------------------------------------------------------------


def test_consumers_cost_one_query_whatever_their_number(
    register: Any, branch: Any, repository: Repository, main: Branch, model: Commit
) -> None:
    topic = branch("topic", WITHOUT_AGE)

    def cost() -> list[str]:
        before, after = TreeView(model.root), TreeView(topic.head.root)
        changes = resource_changes(before, after)
        with CaptureQueriesContext(connection) as captured:
            findings_of(repository.pk, before, after, changes)
        return [each["sql"] for each in captured if "ontology_consumer" in each["sql"]], len(captured)

    asked, alone = cost()
    assert len(asked) == 1
    for number in range(20):
        register(f"consumer-{number}", "Person.age", "Person.email", "Agent.label")
    asked, together = cost()
    assert (len(asked), together) == (1, alone)
