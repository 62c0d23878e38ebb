"""What protects branches, at ``/graphql/``."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from history.engine.changes import Delete
from tests.factories import api_client_for
from tests.merging.protected import World, thing

pytestmark = pytest.mark.django_db


def ask(client: APIClient, query: str, **variables: Any) -> Any:
    body = client.post("/graphql/", {"query": query, "variables": variables}).json()
    assert "errors" not in body, body
    return body["data"]


def refused(client: APIClient, query: str, **variables: Any) -> dict[str, Any]:
    [error] = client.post("/graphql/", {"query": query, "variables": variables}).json()["errors"]
    extensions: dict[str, Any] = error["extensions"]
    return extensions


@pytest.fixture
def alice(protected: World) -> APIClient:
    return api_client_for(protected.alice)


CREATE = """
mutation ($settings: ProtectionRuleInput!) {
  protectionRuleCreate(repository: "crm", settings: $settings) { id pattern mode requiredApprovals requiredChecks }
}"""
UPDATE = """
mutation ($id: Int!, $settings: ProtectionRuleInput!) {
  protectionRuleUpdate(repository: "crm", id: $id, settings: $settings) { mode requiredApprovals createdBy }
}"""
DELETE = 'mutation ($id: Int!) { protectionRuleDelete(repository: "crm", id: $id) }'


def test_rules(alice: APIClient) -> None:
    settings = {"pattern": "release/*", "requiredChecks": ["lint"], "requiredApprovals": 2}
    made = ask(alice, CREATE, settings=settings)["protectionRuleCreate"]
    assert made == {"id": made["id"], "mode": "active", **settings}
    changed = ask(alice, UPDATE, id=made["id"], settings={"mode": "evaluate", "pattern": None})
    assert changed["protectionRuleUpdate"] == {"mode": "evaluate", "requiredApprovals": 2, "createdBy": "alice"}
    listed = ask(alice, '{ protectionRules(repository: "crm") { pattern bypassRoles forbidsReset } }')
    assert listed["protectionRules"] == [{"pattern": "release/*", "bypassRoles": [], "forbidsReset": True}]
    assert ask(alice, DELETE, id=made["id"]) == {"protectionRuleDelete": made["id"]}
    assert refused(alice, DELETE, id=made["id"])["code"] == "protection-rule-not-found"


def test_what_is_wrong_with_a_rule_is_told_at_its_field(alice: APIClient) -> None:
    settings = {"pattern": "a..b", "mode": "off", "forbidsFindingsFrom": "huge", "bypassRoles": ["boss"]}
    problem = refused(alice, CREATE, settings=settings)
    assert problem["code"] == "protection-rule-invalid"
    assert [(error["field"], error["rule"]) for error in problem["errors"]] == [
        ("/pattern", "PATTERN_INVALID"),
        ("/mode", "VALUE_UNKNOWN"),
        ("/forbids_findings_from", "VALUE_UNKNOWN"),
        ("/bypass_roles/0", "VALUE_UNKNOWN"),
    ]
    assert refused(alice, CREATE, settings={})["errors"][0]["field"] == "/pattern"


def test_owners(protected: World, alice: APIClient) -> None:
    query = """
    mutation ($pattern: String!, $users: [String!]) {
      ownersSet(repository: "crm", pattern: $pattern, users: $users) { id pattern position users groups }
    }"""
    made = ask(alice, query, pattern="Person", users=[protected.bob.username])["ownersSet"]
    assert made == {"id": made["id"], "pattern": "Person", "position": 0, "users": ["bob"], "groups": []}
    assert ask(alice, '{ owners(repository: "crm") { users } }') == {"owners": [{"users": ["bob"]}]}
    assert refused(api_client_for(protected.dan), query, pattern="Person", users=["nobody"])["code"] == "not-allowed"
    before_all = 'mutation { ownersSet(repository: "crm", pattern: "Pet", position: -1) { id } }'
    assert refused(alice, before_all)["errors"][0]["field"] == "/position"
    remove = 'mutation ($id: Int!) { ownersRemove(repository: "crm", id: $id) }'
    assert ask(alice, remove, id=made["id"]) == {"ownersRemove": made["id"]}


def test_checks(protected: World) -> None:
    ci = api_client_for(protected.ci)
    query = """
    mutation ($state: String!) {
      checkPost(repository: "crm", commit: "main", name: "lint", state: $state) { name state commit postedBy }
    }"""
    assert ask(ci, query, state="success")["checkPost"] == {
        "name": "lint",
        "state": "success",
        "commit": protected.head.digest,
        "postedBy": "ci",
    }
    assert ask(ci, '{ checks(repository: "crm", ref: "main") { state summary } }')["checks"] == [
        {"state": "success", "summary": ""}
    ]
    assert refused(ci, query, state="fine")["errors"][0]["field"] == "/state"


def test_overridden_findings(protected: World) -> None:
    protected.proposal(Delete("object_type", "Person"), thing("Other"))
    ada = api_client_for(protected.ada)
    query = """
    mutation ($rule: String!) {
      findingOverride(
        repository: "crm", proposal: 1, rule: $rule, path: "/resources/object_type/Person", reason: "Unused"
      ) { id severity overriddenBy }
    }"""
    made = ask(ada, query, rule="OT_DELETED")["findingOverride"]
    assert (made["severity"], made["overriddenBy"]) == ("critical", "ada")
    assert refused(ada, query, rule="OT_RENAMED")["code"] == "finding-override-invalid"
    listed = ask(ada, '{ findingOverrides(repository: "crm", proposal: 1) { rule path reason } }')["findingOverrides"]
    assert listed == [{"rule": "OT_DELETED", "path": "/resources/object_type/Person", "reason": "Unused"}]
    withdraw = 'mutation ($id: Int!) { findingOverrideWithdraw(repository: "crm", proposal: 1, id: $id) }'
    assert ask(ada, withdraw, id=made["id"]) == {"findingOverrideWithdraw": made["id"]}
    assert refused(ada, withdraw, id=made["id"])["code"] == "finding-override-not-found"


def test_a_stranger_sees_nothing_of_it(protected: World) -> None:
    charlie = api_client_for(protected.charlie)
    for query in (
        '{ protectionRules(repository: "crm") { id } }',
        '{ owners(repository: "crm") { id } }',
        '{ checks(repository: "crm", ref: "main") { name } }',
        '{ findingOverrides(repository: "crm", proposal: 1) { id } }',
    ):
        assert refused(charlie, query)["code"] == "repository-not-found"
