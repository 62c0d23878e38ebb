"""Violations of a state and the weights of rules over REST and GraphQL."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from history.engine.changes import Put
from history.models import Commit, Repository
from ontology.engine.validation import RULES
from ontology.models import RuleSetting
from tests.factories import api_client_for

pytestmark = pytest.mark.django_db

URL = "/api/v1/repositories/world"
SETTING = f"{URL}/rule-settings/NAMING_CONVENTION/"
VIOLATION = {
    "rule": "NAMING_CONVENTION",
    "severity": "warning",
    "path": "/resources/object_type/3DModel",
    "message": "The name '3DModel' is not in PascalCase, such as 'PurchaseOrder'.",
}


@pytest.fixture
def client(alice: User, repository: Repository) -> APIClient:
    return api_client_for(alice)


@pytest.fixture
def model(commit: Callable[..., Commit]) -> Commit:
    return commit(Put("object_type", "3DModel", {"properties": {}}))


def test_a_state_tells_its_violations(client: APIClient, model: Commit) -> None:
    assert client.get(f"{URL}/validation/").json() == {"violations": [VIOLATION]}
    [root] = model.parent_edges.values_list("parent_id", flat=True)
    assert client.get(f"{URL}/validation/?ref={root}").json() == {"violations": []}
    assert client.get(f"{URL}/validation/?ref=nothing").status_code == 404


def test_a_viewer_reads_and_does_not_weigh(bob: User, model: Commit) -> None:
    client = api_client_for(bob)
    assert client.get(f"{URL}/validation/").json() == {"violations": [VIOLATION]}
    assert client.get(f"{URL}/rule-settings/").status_code == 200
    assert client.put(SETTING, {"severity": "off"}, format="json").status_code == 403


def test_a_stranger_finds_nothing(charlie: User, repository: Repository) -> None:
    client = api_client_for(charlie)
    for address in (f"{URL}/validation/", f"{URL}/rule-settings/"):
        assert client.get(address).status_code == 404
    assert client.put(SETTING, {"severity": "off"}, format="json").status_code == 404
    assert APIClient().get(f"{URL}/validation/").status_code == 401


def test_the_weights_of_all_rules_are_listed(client: APIClient) -> None:
    answer = client.get(f"{URL}/rule-settings/").json()
    assert answer["count"] == len(RULES)
    assert [row["rule"] for row in answer["results"]] == list(RULES)
    assert {
        "rule": "ENUM_EMPTY",
        "severity": "warning",
        "default": "warning",
        "movable": True,
        "sentence": "An enum has a value.",
    } in answer["results"]


def test_a_rule_is_weighed_anew(client: APIClient, model: Commit) -> None:
    response = client.put(SETTING, {"severity": "error"}, format="json")
    assert response.status_code == 200
    assert (response.json()["severity"], response.json()["default"]) == ("error", "warning")
    [violation] = client.get(f"{URL}/validation/").json()["violations"]
    assert violation == {**VIOLATION, "severity": "error"}
    body = {
        "branch": "main",
        "message": "Add",
        "changes": [{"op": "put", "kind": "object_type", "name": "4D", "content": {"properties": {}}}],
    }
    refused = client.post(f"{URL}/commits/", body, format="json")
    assert refused.status_code == 422
    assert [(error["rule"], error["field"]) for error in refused.json()["errors"]] == [
        ("NAMING_CONVENTION", "/changes/0/content")
    ]


def test_a_dry_run_leaves_the_weight_as_it_was(client: APIClient) -> None:
    response = client.put(f"{SETTING}?dry_run=true", {"severity": "off"}, format="json")
    assert response.json()["severity"] == "off"
    assert not RuleSetting.objects.exists()


@pytest.mark.parametrize(
    ("rule", "body", "status", "code"),
    [
        ("NAMING_CONVENTION", {"severity": "fatal"}, 400, "malformed"),
        ("NAMING_CONVENTION", {}, 400, "malformed"),
        ("NAMING_CONVENTION", {"severity": "off", "why": "x"}, 400, "malformed"),
        ("STRUCT_EMPTY", {"severity": "off"}, 422, "rule-immovable"),
        ("NOTHING", {"severity": "off"}, 404, "rule-not-found"),
    ],
)
def test_what_is_wrong_with_a_weight_is_told(client: APIClient, rule: str, body: Any, status: int, code: str) -> None:
    response = client.put(f"{URL}/rule-settings/{rule}/", body, format="json")
    assert (response.status_code, response.json()["type"]) == (status, f"urn:oms:problem:{code}")


def test_the_same_over_graphql(client: APIClient, model: Commit) -> None:
    def ask(query: str) -> Any:
        return client.post("/graphql/", {"query": query}, format="json").json()

    read = '{ validation(repository: "world") { rule severity path message } ruleSettings(repository: "world") { rule severity movable } }'
    data = ask(read)["data"]
    assert data["validation"] == [VIOLATION]
    assert len(data["ruleSettings"]) == len(RULES)
    write = 'mutation { ruleSettingSet(repository: "world", rule: "%s", severity: OFF) { rule severity default } }'
    assert ask(write % "NAMING_CONVENTION")["data"]["ruleSettingSet"] == {
        "rule": "NAMING_CONVENTION",
        "severity": "OFF",
        "default": "WARNING",
    }
    assert ask(read)["data"]["validation"] == []
    [error] = ask(write % "STRUCT_EMPTY")["errors"]
    assert (error["extensions"]["code"], error["extensions"]["status"]) == ("rule-immovable", 422)
