"""Merging at ``/graphql/``."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from history.models import Commit, Event
from tests.factories import UserFactory, api_client_for

pytestmark = pytest.mark.django_db

PREVIEW = """
query ($source: String! = "topic", $target: String! = "main") {
  mergePreview(repository: "crm", source: $source, target: $target) {
    method fastForward mergeBases conflicts changes { apiName formerName change before after }
    strategies { path strategy } violations { rule path }
  }
}"""
MERGE = """
mutation ($source: String! = "topic", $target: String! = "main", $message: String! = "", $head: String) {
  branchMerge(repository: "crm", source: $source, target: $target, message: $message, expectedHead: $head) {
    commit method strategies { path strategy }
  }
}"""
COMMIT = """
mutation ($branch: String!, $changes: [ChangeInput!]!) {
  commitCreate(repository: "crm", branch: $branch, message: "Edit", changes: $changes) { id }
}"""
START = """
mutation {
  repositoryCreate(name: "crm") { name }
  commitCreate(repository: "crm", branch: "main", message: "Start", changes: [
    {op: PUT, kind: "object_type", name: "Person", content: {properties: {id: {type: "string"}}}}
  ]) { id }
  branchCreate(repository: "crm", name: "topic") { name }
}"""


def asked(client: APIClient, query: str, **variables: Any) -> Any:
    body = client.post("/graphql/", {"query": query, "variables": variables}).json()
    assert "errors" not in body, body
    return body["data"]


def refused(client: APIClient, query: str, **variables: Any) -> dict[str, Any]:
    (error,) = client.post("/graphql/", {"query": query, "variables": variables}).json()["errors"]
    extensions: dict[str, Any] = error["extensions"]
    return extensions


def edit(client: APIClient, branch: str, name: str = "Person", **fields: Any) -> str:
    content = {"properties": {"id": {"type": "string"}}, **fields}
    change = {"op": "PUT", "kind": "object_type", "name": name, "content": content}
    made: str = asked(client, COMMIT, branch=branch, changes=[change])["commitCreate"]["id"]
    return made


@pytest.fixture
def alice() -> APIClient:
    client = api_client_for(UserFactory(username="alice", role="developer"))
    asked(client, START)
    return client


def test_the_walk_from_two_branches_to_the_event_of_their_merge(alice: APIClient) -> None:
    ours, theirs = edit(alice, "main", icon="user"), edit(alice, "topic", color="#ff0000")
    found = asked(alice, PREVIEW)["mergePreview"]
    assert (found["method"], found["fastForward"], found["conflicts"], found["violations"]) == ("merge", False, [], [])
    (change,) = found["changes"]
    assert (change["apiName"], change["change"]) == ("Person", "MODIFIED")
    assert (change["before"].get("color"), change["after"]["color"]) == (None, "#ff0000")
    merged = asked(alice, MERGE, head=ours)["branchMerge"]
    assert merged["method"] == "merge"
    commit = Commit.objects.get(digest=merged["commit"])
    assert [edge.parent_id for edge in commit.parent_edges.all()] == [ours, theirs]
    assert Event.objects.filter(type="io.oms.merging.branch.merged").count() == 1


def test_a_fast_forward_is_told_before_and_after(alice: APIClient) -> None:
    theirs = edit(alice, "topic", icon="user")
    assert asked(alice, PREVIEW)["mergePreview"]["fastForward"] is True
    assert asked(alice, MERGE)["branchMerge"] == {"commit": theirs, "method": "fast_forward", "strategies": []}
    assert asked(alice, MERGE)["branchMerge"]["method"] == "up_to_date"


def test_conflicts_are_told_in_full(alice: APIClient) -> None:
    edit(alice, "main", icon="ours")
    edit(alice, "topic", icon="theirs")
    told = asked(alice, PREVIEW)["mergePreview"]["conflicts"]
    found = refused(alice, MERGE)
    assert (found["code"], found["status"], found["conflicts"]) == ("merge-conflicted", 409, told)
    assert (told[0]["ours"], told[0]["theirs"]) == ("ours", "theirs")


def test_a_stale_head_an_unknown_ref_and_a_bad_message_have_their_codes(alice: APIClient) -> None:
    head = edit(alice, "main", icon="ours")
    edit(alice, "topic", color="#ff0000")
    stale = refused(alice, MERGE, head="0" * 64)
    assert (stale["code"], stale["head"]) == ("stale-head", head)
    assert refused(alice, MERGE, source="nothing")["code"] == "ref-not-found"
    assert refused(alice, MERGE, target="nothing")["code"] == "branch-not-found"
    assert refused(alice, PREVIEW, target="nothing")["code"] == "ref-not-found"
    assert refused(alice, MERGE, message=" ")["errors"][0]["field"] == "/message"


def test_who_may_look_previews_and_who_may_not_finds_nothing(alice: APIClient) -> None:
    edit(alice, "topic", icon="user")
    bob, charlie = (api_client_for(UserFactory(username=name, role="viewer")) for name in ("bob", "charlie"))
    asked(alice, 'mutation { membershipSet(repository: "crm", username: "bob", role: "reviewer") { role } }')
    assert asked(bob, PREVIEW)["mergePreview"]["fastForward"] is True
    assert refused(bob, MERGE)["code"] == "not-allowed"
    assert refused(charlie, PREVIEW)["code"] == "repository-not-found"
    assert refused(charlie, MERGE)["code"] == "repository-not-found"


# --- Ways, picks, reverts and strategies ------------------------------------------------------------------

ASKED = """
query ($method: MergeWay, $decisions: [DecisionInput!]) {
  mergePreview(repository: "crm", source: "topic", target: "main", method: $method, decisions: $decisions) {
    method conflicts decided reverted { commit by returns } stoppedAt
  }
}"""
ASKED_FOR = """
mutation ($method: MergeWay, $decisions: [DecisionInput!]) {
  branchMerge(repository: "crm", source: "topic", target: "main", method: $method, decisions: $decisions) {
    commit method reverted { commit by returns }
  }
}"""
PICK = """
mutation ($branch: String! = "main", $commit: String!, $decisions: [DecisionInput!]) {
  commitPick(repository: "crm", branch: $branch, commit: $commit, decisions: $decisions) {
    commit strategies { strategy }
  }
}"""
REVERT = """
mutation ($branch: String! = "main", $commit: String!, $mainline: Int) {
  commitRevert(repository: "crm", branch: $branch, commit: $commit, mainline: $mainline) { commit }
}"""
CHOOSE = """
mutation ($pattern: String! = "icon", $strategy: String! = "theirs") {
  mergeStrategySet(repository: "crm", pattern: $pattern, strategy: $strategy) { id kind pattern strategy }
}"""
CHOSEN = """query { mergeStrategies(repository: "crm") { id kind pattern strategy } }"""
FORGET = """mutation ($id: Int!) { mergeStrategyRemove(repository: "crm", id: $id) }"""


def test_a_squash_is_asked_for_and_conflicts_are_decided(alice: APIClient) -> None:
    edit(alice, "main", icon="ours")
    edit(alice, "topic", icon="theirs")
    (conflict,) = asked(alice, ASKED, method="SQUASH")["mergePreview"]["conflicts"]
    assert refused(alice, ASKED_FOR, method="SQUASH")["conflicts"] == [conflict]
    decisions = [{"conflict": conflict["id"], "resolution": "custom", "value": "face"}]
    seen = asked(alice, ASKED, method="SQUASH", decisions=decisions)["mergePreview"]
    assert (seen["method"], seen["conflicts"]) == ("squash", [])
    assert seen["decided"] == [{**conflict, "resolution": "custom", "value": "face"}]
    merged = asked(alice, ASKED_FOR, method="SQUASH", decisions=decisions)["branchMerge"]
    assert (merged["method"], merged["reverted"]) == ("squash", [])
    assert Commit.objects.get(digest=merged["commit"]).parent_edges.count() == 1


def test_a_conflict_is_decided_once(alice: APIClient) -> None:
    decisions = [{"conflict": "a", "resolution": each} for each in ("ours", "theirs")]
    for query in (ASKED, ASKED_FOR):
        problem = refused(alice, query, decisions=decisions)
        (found,) = problem["errors"]
        assert problem["code"] == "malformed"
        assert (found["field"], found["rule"]) == ("/decisions/1/conflict", "DUPLICATE_KEY")


def test_a_decision_for_nothing_takes_the_value_away(alice: APIClient) -> None:
    edit(alice, "main", icon="ours")
    edit(alice, "topic", icon="theirs")
    (conflict,) = asked(alice, ASKED)["mergePreview"]["conflicts"]
    asked(alice, ASKED_FOR, decisions=[{"conflict": conflict["id"], "resolution": "custom"}])
    seen = asked(alice, '{ repository(name: "crm") { resource(kind: "object_type", apiName: "Person") { content } } }')
    assert "icon" not in seen["repository"]["resource"]["content"]


def test_a_rebase_tells_where_it_stopped(alice: APIClient) -> None:
    edit(alice, "main", icon="ours")
    stopped = edit(alice, "topic", icon="theirs")
    assert asked(alice, ASKED, method="REBASE")["mergePreview"]["stoppedAt"] == stopped
    assert refused(alice, ASKED_FOR, method="REBASE")["stopped_at"] == stopped


def test_a_pick_a_revert_and_what_a_merge_says_of_it(alice: APIClient) -> None:
    picked = asked(alice, PICK, commit=edit(alice, "topic", "Pet"))["commitPick"]
    by = asked(alice, REVERT, commit=picked["commit"])["commitRevert"]["commit"]
    edit(alice, "topic", "Bird")
    told = [{"commit": picked["commit"], "by": by, "returns": True}]
    assert asked(alice, ASKED)["mergePreview"]["reverted"] == told
    assert asked(alice, ASKED_FOR)["branchMerge"]["reverted"] == told
    for mainline in (0, 2):
        assert refused(alice, REVERT, commit=by, mainline=mainline)["code"] == "mainline-invalid"


def test_strategies_are_chosen_and_forgotten(alice: APIClient) -> None:
    chosen = asked(alice, CHOOSE)["mergeStrategySet"]
    assert asked(alice, CHOSEN)["mergeStrategies"] == [chosen]
    edit(alice, "main", icon="ours")
    edit(alice, "topic", icon="theirs")
    assert asked(alice, ASKED)["mergePreview"]["conflicts"] == []
    assert asked(alice, FORGET, id=chosen["id"])["mergeStrategyRemove"] == chosen["id"]
    assert refused(alice, FORGET, id=chosen["id"])["code"] == "strategy-not-found"
    assert refused(alice, CHOOSE, strategy="mine")["code"] == "strategy-invalid"
