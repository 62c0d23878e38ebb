"""/api/v1/repositories/{repository}/protection-rules/, owners/, commits/{ref}/checks/ and finding-overrides/."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from history.engine.changes import Delete
from merging.models import Check, FindingOverride, Ownership, ProtectionRule
from tests.factories import api_client_for
from tests.merging.protected import World, events, thing

pytestmark = pytest.mark.django_db

CRM = "/api/v1/repositories/crm/"
RULES, OWNERS = f"{CRM}protection-rules/", f"{CRM}owners/"


@pytest.fixture
def alice(protected: World) -> APIClient:
    return api_client_for(protected.alice)


def user(world: World, name: str) -> User:
    found: User = getattr(world, name)
    return found


def errors(answer: Any) -> set[tuple[str, str]]:
    return {(error["field"], error["rule"]) for error in answer.json()["errors"]}


# --- Rules --------------------------------------------------------------------------------------------


def test_a_rule_is_made_read_changed_and_deleted(alice: APIClient) -> None:
    made = alice.post(RULES, {"pattern": "release/*", "required_checks": ["lint", "impact", "lint"]})
    assert made.status_code == 201
    rule = made.json()
    assert {name: rule[name] for name in rule if name not in ("id", "created_at", "updated_at")} == {
        "pattern": "release/*",
        "mode": "active",
        "requires_proposal": True,
        "required_approvals": 0,
        "requires_owner_approval": False,
        "author_may_not_approve": True,
        "dismisses_stale_approvals": True,
        "requires_resolved_comments": False,
        "requires_up_to_date": False,
        "forbids_findings_from": "",
        "required_checks": ["impact", "lint"],
        "requires_linear_history": False,
        "forbids_deletion": True,
        "forbids_reset": True,
        "bypass_roles": [],
        "created_by": "alice",
    }
    one = f"{RULES}{rule['id']}/"
    assert alice.get(one).json() == rule
    changed = alice.patch(one, {"mode": "evaluate", "forbids_findings_from": "high"}).json()
    assert (changed["mode"], changed["forbids_findings_from"], changed["required_checks"]) == (
        "evaluate",
        "high",
        ["impact", "lint"],
    )
    assert alice.delete(one).status_code == 204
    assert alice.get(one).json()["type"] == "urn:oms:problem:protection-rule-not-found"
    assert alice.get(RULES).json()["count"] == 0


def test_every_write_of_a_rule_is_an_event_with_all_that_it_says(alice: APIClient) -> None:
    one = f"{RULES}{alice.post(RULES, {'pattern': 'main'}).json()['id']}/"
    alice.patch(one, {"required_approvals": 2})
    alice.patch(one, {"required_approvals": 2, "pattern": "main"})
    alice.delete(one)
    [created] = events("io.oms.merging.protection_rule.created")
    [updated] = events("io.oms.merging.protection_rule.updated")
    [deleted] = events("io.oms.merging.protection_rule.deleted")
    assert created["settings"]["required_approvals"] == 0
    assert (updated["fields"], updated["settings"]) == (
        ["required_approvals"],
        {**created["settings"], "required_approvals": 2},
    )
    assert deleted["settings"] == updated["settings"]


WRONG_RULES: list[tuple[dict[str, Any], int, set[tuple[str, str]]]] = [
    ({}, 400, {("/pattern", "REQUIRED")}),
    ({"pattern": "main", "required": True}, 400, {("/required", "UNKNOWN_FIELD")}),
    ({"pattern": "main", "mode": "off"}, 400, {("/mode", "INVALID_CHOICE")}),
    ({"pattern": "main", "forbids_findings_from": "huge"}, 400, {("/forbids_findings_from", "INVALID_CHOICE")}),
    ({"pattern": "main", "bypass_roles": ["boss"]}, 400, {("/bypass_roles/0", "INVALID_CHOICE")}),
    ({"pattern": ""}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "a..b"}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "ma in"}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "/main"}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "a" * 201}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "main", "required_approvals": 11}, 422, {("/required_approvals", "OUT_OF_RANGE")}),
    ({"pattern": "main", "required_approvals": -1}, 422, {("/required_approvals", "OUT_OF_RANGE")}),
    (
        {"pattern": "", "required_checks": ["lint", " ", "a" * 101, "a\nb"]},
        422,
        {
            ("/pattern", "PATTERN_INVALID"),
            ("/required_checks/1", "CHECK_NAME"),
            ("/required_checks/2", "CHECK_NAME"),
            ("/required_checks/3", "CHECK_NAME"),
        },
    ),
    (
        {"pattern": "main", "required_checks": [f"c{number}" for number in range(51)]},
        422,
        {("/required_checks", "TOO_MANY")},
    ),
]


def test_what_is_wrong_with_a_rule_is_told_at_its_field(alice: APIClient) -> None:
    for body, status, found in WRONG_RULES:
        answer = alice.post(RULES, body)
        assert (answer.status_code, errors(answer)) == (status, found), body
    assert not ProtectionRule.objects.exists()


def test_these_patterns_describe_branches(alice: APIClient) -> None:
    for pattern in ["**", "*", "release/**", "**/stable", "v[0-9].?", "출시/*"]:
        assert alice.post(RULES, {"pattern": pattern}).status_code == 201, pattern


def test_a_pattern_has_one_rule_that_holds_and_one_in_evaluation(alice: APIClient) -> None:
    rules = [{"pattern": "main"}, {"pattern": "main", "mode": "evaluate"}, {"pattern": "main"}]
    answers = [alice.post(RULES, rule) for rule in rules]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert errors(answers[2]) == {("/pattern", "TAKEN")}
    other = f"{RULES}{answers[1].json()['id']}/"
    assert alice.patch(other, {"mode": "active"}).status_code == 409


def test_a_dry_run_leaves_nothing_behind(alice: APIClient) -> None:
    assert alice.post(f"{RULES}?dry_run=true", {"pattern": "main"}).status_code == 201
    assert not ProtectionRule.objects.exists()


@pytest.mark.parametrize(("who", "reads", "writes"), [("dan", 200, 403), ("bob", 200, 403), ("charlie", 404, 404)])
def test_who_sees_the_repository_reads_rules_and_owners_and_who_administers_it_writes_them(
    protected: World, alice: APIClient, who: str, reads: int, writes: int
) -> None:
    rule = f"{RULES}{alice.post(RULES, {'pattern': 'main'}).json()['id']}/"
    owners = f"{OWNERS}{alice.post(OWNERS, {'pattern': 'Person', 'users': ['alice']}).json()['id']}/"
    client = api_client_for(user(protected, who))
    assert [client.get(path).status_code for path in (RULES, rule, OWNERS)] == [reads] * 3
    tried = [
        client.post(RULES, {"pattern": "x"}),
        client.patch(rule, {"mode": "evaluate"}),
        client.delete(rule),
        client.post(OWNERS, {"pattern": "x", "users": ["nobody"]}),
        client.delete(owners),
    ]
    assert [answer.status_code for answer in tried] == [writes] * 5
    assert (ProtectionRule.objects.count(), Ownership.objects.count()) == (1, 1)


def test_the_rule_of_another_repository_is_not_there(protected: World, alice: APIClient) -> None:
    rule = alice.post(RULES, {"pattern": "main"}).json()["id"]
    alice.post("/api/v1/repositories/", {"name": "other"})
    assert alice.get(f"/api/v1/repositories/other/protection-rules/{rule}/").status_code == 404
    assert alice.delete(f"/api/v1/repositories/other/protection-rules/{rule}/").status_code == 404
    assert alice.get(f"{RULES}{10**30}/").status_code == 404


def test_lists_are_paged_and_cost_the_same_for_many_rows(protected: World, alice: APIClient) -> None:
    _ = protected.bob, protected.carol
    Group.objects.create(name="sales")
    head = protected.head.digest
    counts = []
    for number in range(6):
        alice.post(RULES, {"pattern": f"r{number}"})
        alice.post(OWNERS, {"pattern": f"T{number}", "users": ["bob", "carol"], "groups": ["sales"]})
        alice.post(f"{CRM}commits/{head}/checks/", {"name": f"c{number}", "state": "success"})
        if number in (0, 5):
            with CaptureQueriesContext(connection) as queries:
                pages = [alice.get(path).json() for path in (RULES, OWNERS, f"{CRM}commits/{head}/checks/")]
            counts.append(len(queries))
    assert counts[0] == counts[1]
    assert [page["count"] for page in pages] == [6, 6, 6]
    assert alice.get(RULES, {"limit": 2}).json()["next"]


# --- Owners -------------------------------------------------------------------------------------------


def test_owners_are_set_replaced_and_removed(protected: World, alice: APIClient) -> None:
    _ = protected.bob, protected.carol, protected.dan
    Group.objects.create(name="sales")
    first = alice.post(OWNERS, {"pattern": "object_type/*", "users": ["bob"], "groups": ["sales"]})
    assert (first.status_code, first.json()["position"]) == (200, 0)
    alice.post(OWNERS, {"pattern": "Person", "users": ["carol"]})
    again = alice.post(OWNERS, {"pattern": "object_type/*", "users": ["dan"]}).json()
    assert (again["id"], again["users"], again["groups"], again["position"]) == (first.json()["id"], ["dan"], [], 0)
    assert [row["pattern"] for row in alice.get(OWNERS).json()["results"]] == ["object_type/*", "Person"]
    alice.post(OWNERS, {"pattern": "object_type/*", "users": ["dan"], "position": 7})
    alice.post(OWNERS, {"pattern": "object_type/*", "users": ["dan"]})
    assert [row["pattern"] for row in alice.get(OWNERS).json()["results"]] == ["Person", "object_type/*"]
    assert alice.delete(f"{OWNERS}{again['id']}/").status_code == 204
    assert alice.delete(f"{OWNERS}{again['id']}/").json()["type"] == "urn:oms:problem:owners-not-found"
    told = events("io.oms.merging.owners.set")
    assert [(each["pattern"], each["position"]) for each in told] == [
        ("object_type/*", 0),
        ("Person", 1),
        ("object_type/*", 0),
        ("object_type/*", 7),
    ]
    assert [each["pattern"] for each in events("io.oms.merging.owners.removed")] == ["object_type/*"]


def test_a_new_pattern_comes_behind_one_at_the_last_position(alice: APIClient) -> None:
    alice.post(OWNERS, {"pattern": "a", "position": 2**31 - 1})
    assert alice.post(OWNERS, {"pattern": "b"}).json()["position"] == 2**31 - 1
    assert [row["pattern"] for row in alice.get(OWNERS).json()["results"]] == ["a", "b"]


def test_the_events_of_owners_name_people_by_uuid(protected: World, alice: APIClient) -> None:
    alice.post(OWNERS, {"pattern": "Person", "users": [protected.carol.username]})
    [event] = events("io.oms.merging.owners.set")
    assert event["users"] == [str(protected.carol.pk)]


WRONG_OWNERS: list[tuple[dict[str, Any], int, set[tuple[str, str]]]] = [
    ({"users": ["bob"]}, 400, {("/pattern", "REQUIRED")}),
    ({"pattern": "x", "position": -1}, 422, {("/position", "OUT_OF_RANGE")}),
    ({"pattern": "x", "position": 2**31}, 422, {("/position", "OUT_OF_RANGE")}),
    ({"pattern": ""}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "a/b/c"}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "object_typ/x"}, 422, {("/pattern", "KIND_UNKNOWN")}),
    ({"pattern": "x" * 201}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "x" * 101}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "X Y"}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "한글"}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "object_type/A B"}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "object_type/a.b"}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "*/a.b*"}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "object_type/place-order"}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "Order[.]"}, 422, {("/pattern", "PATTERN_INVALID")}),
    ({"pattern": "Order["}, 422, {("/pattern", "PATTERN_INVALID")}),
    (
        {"pattern": "x", "users": ["bob", "nobody"], "groups": ["none"]},
        422,
        {("/users/1", "OWNER_UNKNOWN"), ("/groups/0", "OWNER_UNKNOWN")},
    ),
]


def test_what_is_wrong_with_owners_is_told_at_its_field(protected: World, alice: APIClient) -> None:
    _ = protected.bob
    for body, status, found in WRONG_OWNERS:
        answer = alice.post(OWNERS, body)
        assert (answer.status_code, errors(answer)) == (status, found), body
    assert not Ownership.objects.exists()


def test_these_patterns_describe_resources(alice: APIClient) -> None:
    for pattern in [
        "**",
        "*",
        "Person",
        "*/Person",
        "**/Order*",
        "object_*/Order*",
        "link_type/**",
        "place-order",
        "action_type/place-*",
        "Order?",
        "[!a-z]rder[-_0-9]",
    ]:
        assert alice.post(OWNERS, {"pattern": pattern, "users": ["alice"]}).status_code == 200, pattern


# --- Checks -------------------------------------------------------------------------------------------


def test_a_check_is_posted_for_a_commit_and_the_newest_stands_first(protected: World) -> None:
    ci = api_client_for(protected.ci)
    checks = f"{CRM}commits/{protected.head.digest}/checks/"
    ci.post(checks, {"name": "lint", "state": "pending"})
    made = ci.post(checks, {"name": "lint", "state": "success", "url": "https://ci.example/1", "summary": "Fine"})
    assert made.status_code == 201
    posted = made.json()
    assert posted.pop("posted_at")
    assert posted == {
        "name": "lint",
        "state": "success",
        "url": "https://ci.example/1",
        "summary": "Fine",
        "commit": protected.head.digest,
        "posted_by": "ci",
    }
    listed = api_client_for(protected.bob).get(checks).json()["results"]
    assert [row["state"] for row in listed] == ["success", "pending"]
    assert ci.get(f"{CRM}commits/{protected.head.digest[:10]}/checks/").json()["results"] == listed
    assert [event["state"] for event in events("io.oms.merging.check.posted")] == ["pending", "success"]


@pytest.mark.parametrize(
    ("who", "status"), [("alice", 201), ("ci", 201), ("ada", 201), ("dan", 403), ("bob", 403), ("charlie", 404)]
)
def test_who_may_post_checks(protected: World, who: str, status: int) -> None:
    client = api_client_for(user(protected, who))
    checks = f"{CRM}commits/{protected.head.digest}/checks/"
    assert client.post(checks, {"name": "lint", "state": "success"}).status_code == status


WRONG_CHECKS: list[tuple[dict[str, Any], int, set[tuple[str, str]]]] = [
    ({"name": "lint", "state": "fine"}, 400, {("/state", "INVALID_CHOICE")}),
    ({"name": "", "state": "error"}, 422, {("/name", "CHECK_NAME")}),
    (
        {"name": " lint", "state": "error", "url": "javascript:alert(1)", "summary": "x" * 1001},
        422,
        {("/name", "CHECK_NAME"), ("/url", "ADDRESS_INVALID"), ("/summary", "LENGTH")},
    ),
    ({"name": "lint", "state": "error", "url": "https://[", "summary": ""}, 422, {("/url", "ADDRESS_INVALID")}),
    ({"name": "lint", "state": "error", "url": "https://"}, 422, {("/url", "ADDRESS_INVALID")}),
]


def test_what_is_wrong_with_a_check_is_told_at_its_field(protected: World) -> None:
    client, path = api_client_for(protected.ci), f"{CRM}commits/{protected.head.digest}/checks/"
    for body, status, found in WRONG_CHECKS:
        answer = client.post(path, body)
        assert (answer.status_code, errors(answer)) == (status, found), body
    assert not Check.objects.exists()


def test_a_commit_that_is_not_there_has_no_checks(protected: World) -> None:
    ci = api_client_for(protected.ci)
    assert ci.get(f"{CRM}commits/{'0' * 64}/checks/").status_code == 404
    assert ci.post(f"{CRM}commits/{'0' * 64}/checks/", {"name": "lint", "state": "error"}).status_code == 404


# --- Overridden findings ------------------------------------------------------------------------------

FINDING = {"rule": "OT_DELETED", "path": "/resources/object_type/Person", "reason": "Nobody uses it"}


def overrides(protected: World) -> str:
    proposal = protected.proposal(Delete("object_type", "Person"), thing("Other"))
    return f"{CRM}proposals/{proposal.number}/finding-overrides/"


def test_a_finding_is_overridden_by_name_with_a_reason_and_withdrawn(protected: World) -> None:
    path, ada = overrides(protected), api_client_for(protected.ada)
    made = ada.post(path, FINDING)
    assert made.status_code == 201
    row = made.json()
    assert {**row, "id": 0, "overridden_at": ""} == {
        **FINDING,
        "severity": "critical",
        "overridden_by": "ada",
        "id": 0,
        "overridden_at": "",
    }
    assert api_client_for(protected.bob).get(path).json()["results"] == [row]
    [told] = events("io.oms.merging.finding.overridden")
    assert told == {"repository": "crm", "proposal": 1, "severity": "critical", **FINDING}
    assert ada.delete(f"{path}{row['id']}/").status_code == 204
    assert ada.delete(f"{path}{row['id']}/").json()["type"] == "urn:oms:problem:finding-override-not-found"
    [told] = events("io.oms.merging.finding_override.withdrawn")
    assert told == {"repository": "crm", "proposal": 1, "rule": FINDING["rule"], "path": FINDING["path"]}


def test_to_override_once_more_replaces_the_reason(protected: World) -> None:
    path = overrides(protected)
    api_client_for(protected.ada).post(path, FINDING)
    api_client_for(protected.alice).post(path, {**FINDING, "reason": "Discussed"})
    [row] = FindingOverride.objects.all()
    assert (row.reason, row.overridden_by) == ("Discussed", protected.alice)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"reason": " "}, {("/reason", "REQUIRED")}),
        ({"rule": "OT_RENAMED"}, {("/rule", "FINDING_UNKNOWN")}),
        ({"path": "/resources/object_type/Company"}, {("/rule", "FINDING_UNKNOWN")}),
    ],
)
def test_only_findings_that_there_are_are_overridden(
    protected: World, changed: dict[str, str], found: set[tuple[str, str]]
) -> None:
    answer = api_client_for(protected.ada).post(overrides(protected), {**FINDING, **changed})
    assert (answer.status_code, errors(answer)) == (422, found)


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 201), ("alice", 201), ("bob", 201), ("carol", 403), ("charlie", 404)]
)
def test_administrators_override_and_owners_of_what_breaks(protected: World, who: str, status: int) -> None:
    path = overrides(protected)
    Group.objects.create(name="sales").users.add(protected.bob)
    api_client_for(protected.alice).post(OWNERS, {"pattern": "Person", "groups": ["sales"]})
    assert api_client_for(user(protected, who)).post(path, FINDING).status_code == status


def test_an_owner_does_not_override_what_they_propose_themselves(protected: World) -> None:
    path = overrides(protected)
    api_client_for(protected.alice).post(OWNERS, {"pattern": "Person", "users": [protected.dan.username]})
    answer = api_client_for(protected.dan).post(path, FINDING)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:oms:problem:not-allowed")


def test_nothing_is_overridden_once_the_proposal_is_merged(protected: World) -> None:
    path = overrides(protected)
    made = api_client_for(protected.ada).post(path, FINDING).json()
    proposal = protected.repository.proposals.get()
    protected.land(proposal)
    assert api_client_for(protected.ada).post(path, FINDING).status_code == 409
    assert api_client_for(protected.ada).delete(f"{path}{made['id']}/").status_code == 409
