"""REST of squashes, rebases, picks, reverts and strategies: what they answer, who may, and nothing by halves."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from history.models import Branch
from merging.models import MergeStrategy
from tests.factories import UserFactory, api_client_for
from tests.merging.over_rest import CRM, edit, parted
from tests.rows import rows

pytestmark = pytest.mark.django_db

PICKS, REVERTS, STRATEGIES = f"{CRM}cherry-picks/", f"{CRM}reverts/", f"{CRM}merge-strategies/"
MERGE = {"source": "topic", "target": "main"}


@pytest.fixture
def alice() -> APIClient:
    return parted()


@pytest.mark.parametrize(("method", "parents"), [("merge", 2), ("squash", 1), ("rebase", 1)])
def test_a_merge_is_made_as_it_is_asked_for(alice: APIClient, method: str, parents: int) -> None:
    seen = alice.post(f"{CRM}merge-preview/", {**MERGE, "method": method}).json()
    assert (seen["method"], seen["stopped_at"], seen["reverted"], seen["decided"]) == (method, None, [], [])
    merged = alice.post(f"{CRM}merges/", {**MERGE, "method": method}).json()
    assert merged["method"] == method
    assert len(alice.get(f"{CRM}commits/{merged['commit']}/").json()["parents"]) == parents


def test_a_rebase_that_conflicts_names_the_commit_at_which_it_stopped(alice: APIClient) -> None:
    stopped = edit(alice, "topic", icon="face", color="#ff0000")
    seen = alice.post(f"{CRM}merge-preview/", {**MERGE, "method": "rebase"}).json()
    refused = alice.post(f"{CRM}merges/", {**MERGE, "method": "rebase"})
    assert (refused.status_code, refused.json()["stopped_at"], seen["stopped_at"]) == (409, stopped, stopped)
    assert refused.json()["conflicts"] == seen["conflicts"]
    decisions = {each["id"]: {"resolution": "custom", "value": "smile"} for each in seen["conflicts"]}
    assert alice.post(f"{CRM}merges/", {**MERGE, "method": "rebase", "decisions": decisions}).status_code == 200


def test_a_conflict_that_was_decided_says_how(alice: APIClient) -> None:
    edit(alice, "topic", icon="face", color="#ff0000")
    (conflict,) = alice.post(f"{CRM}merge-preview/", MERGE).json()["conflicts"]
    for said in ({"resolution": "theirs"}, {"resolution": "custom", "value": "smile"}, {"resolution": "custom"}):
        seen = alice.post(f"{CRM}merge-preview/", {**MERGE, "decisions": {conflict["id"]: said}}).json()
        assert (seen["conflicts"], seen["decided"]) == ([], [{**conflict, **said}])


def test_what_both_sides_break_together_is_told_with_the_rule(alice: APIClient) -> None:
    edit(alice, "main", "A", extends=["Person"])
    edit(alice, "topic", "B")
    alice.post(f"{CRM}merges/", MERGE)
    alice.post(f"{CRM}branches/", {"name": "loop"})
    edit(alice, "main", "A", extends=["B"])
    edit(alice, "loop", "B", extends=["A"])
    refused = alice.post(f"{CRM}merges/", {"source": "loop", "target": "main"}).json()
    assert {(each["kind"], each["path"]) for each in refused["conflicts"]} == {
        ("violation", "/resources/object_type/A/extends"),
        ("violation", "/resources/object_type/B/extends"),
    }
    assert {error["rule"] for error in refused["errors"]} == {"INHERITANCE_CYCLE"}
    assert {error["field"] for error in refused["errors"]} == {
        "/resources/object_type/A/extends/0",
        "/resources/object_type/B/extends/0",
    }


def test_a_pick_and_a_revert_answer_with_their_commit(alice: APIClient) -> None:
    topic = alice.get(f"{CRM}branches/topic/").json()["head"]
    picked = alice.post(PICKS, {"branch": "main", "commit": topic})
    assert picked.status_code == 201
    assert picked.json().keys() == {"id", "parents", "author", "message", "created_at", "strategies"}
    assert picked.json()["message"] == f"Colour people\n\n(cherry picked from commit {topic})"
    reverted = alice.post(REVERTS, {"branch": "main", "commit": picked.json()["id"][:12], "message": "Back"})
    assert (reverted.status_code, reverted.json()["message"]) == (201, "Back")
    assert reverted.json()["parents"] == [picked.json()["id"]]
    person = alice.get(f"{CRM}resources/object_type/Person/?ref=main").json()["content"]
    assert (person["icon"], "color" in person) == ("user", False)
    types = {event["type"] for event in alice.get("/api/v1/events/").json()["results"]}
    assert {"io.oms.merging.commit.picked", "io.oms.merging.commit.reverted"} <= types


def test_a_merge_of_what_was_taken_back_says_so(alice: APIClient) -> None:
    made = alice.post(f"{CRM}merges/", MERGE).json()["commit"]
    by = alice.post(REVERTS, {"branch": "main", "commit": made, "mainline": 1}).json()["id"]
    edit(alice, "topic", "Pet")
    expected = [{"commit": made, "by": by, "returns": False}]
    assert alice.post(f"{CRM}merge-preview/", MERGE).json()["reverted"] == expected
    assert alice.post(f"{CRM}merges/", MERGE).json()["reverted"] == expected


def test_conflicts_of_a_pick_are_decided_as_those_of_a_merge(alice: APIClient) -> None:
    body = {"branch": "main", "commit": edit(alice, "topic", icon="face", color="#ff0000")}
    refused = alice.post(PICKS, body)
    assert refused.status_code == 409
    (conflict,) = refused.json()["conflicts"]
    assert (conflict["ours"], conflict["theirs"], conflict["base"]) == ("user", "face", None)
    decisions = {conflict["id"]: {"resolution": "theirs"}}
    assert alice.post(PICKS, {**body, "decisions": decisions}).status_code == 201


@pytest.mark.parametrize("url", [PICKS, REVERTS])
def test_a_dry_run_of_a_pick_or_revert_leaves_nothing(alice: APIClient, url: str) -> None:
    commit = alice.get(f"{CRM}branches/topic/").json()["head"]
    branch = "main" if url == PICKS else "topic"
    before = rows("history", "merging")
    tried = alice.post(f"{url}?dry_run=true", {"branch": branch, "commit": commit})
    assert (tried.status_code, rows("history", "merging")) == (201, before)


@pytest.mark.parametrize("url", [PICKS, REVERTS])
@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"commit": None}, 400, "/commit"),
        ({"branch": ""}, 400, "/branch"),
        ({"mainline": 0}, 422, "/mainline"),
        ({"mainline": 2}, 422, "/mainline"),
        ({"extra": 1}, 400, "/extra"),
        ({"message": "x" * 10_001}, 422, "/message"),
        ({"decisions": []}, 400, "/decisions"),
        ({"decisions": {"x": {"resolution": "ours", "more": 1}}}, 400, "/decisions/x/more"),
        ({"decisions": {"x": {"resolution": "mine"}}}, 422, "/decisions/x/resolution"),
        ({"commit": "00000000"}, 404, None),
        ({"branch": "nothing"}, 404, None),
        ({"expected_head": "0" * 64}, 409, None),
    ],
)
def test_bad_input_is_told_with_status_and_field_and_nothing_is_written(
    alice: APIClient, url: str, more: dict[str, Any], status: int, field: str | None
) -> None:
    commit = alice.get(f"{CRM}branches/topic/").json()["head"]
    body = {"branch": "main" if url == PICKS else "topic", "commit": commit, **more}
    before = rows("history", "merging")
    answer = alice.post(url, body)
    assert answer.status_code == status, answer.content
    if field is not None:
        assert field in {error["field"] for error in answer.json()["errors"]}
    assert rows("history", "merging") == before


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"method": "automatic"}, "/method"),
        ({"method": "octopus"}, "/method"),
        ({"decisions": {"x": 7}}, "/decisions/x"),
        ({"decisions": {"x": {"value": 7}}}, "/decisions/x/resolution"),
    ],
)
def test_how_a_merge_is_asked_for_must_be_known(alice: APIClient, more: dict[str, Any], field: str) -> None:
    for url in ("merges/", "merge-preview/"):
        answer = alice.post(f"{CRM}{url}", {**MERGE, **more})
        assert (answer.status_code, field in {error["field"] for error in answer.json()["errors"]}) == (400, True)


def test_an_archived_branch_takes_neither_pick_nor_revert(alice: APIClient) -> None:
    commit = alice.get(f"{CRM}branches/topic/").json()["head"]
    Branch.objects.update(archived_at=timezone.now())
    for url, branch in ((PICKS, "main"), (REVERTS, "topic")):
        assert alice.post(url, {"branch": branch, "commit": commit}).status_code == 423


def test_who_may_pick_and_revert(alice: APIClient) -> None:
    people = {name: api_client_for(UserFactory(username=name, role="viewer")) for name in ("bob", "carol", "charlie")}
    for name, role in (("bob", "viewer"), ("carol", "developer")):
        alice.put(f"{CRM}members/{name}/", {"role": role})
    commit = alice.get(f"{CRM}branches/topic/").json()["head"]
    for url, branch in ((PICKS, "main"), (REVERTS, "topic")):
        body = {"branch": branch, "commit": commit}
        statuses = [people[name].post(url, body).status_code for name in ("charlie", "bob", "carol")]
        assert statuses == [404, 403, 201]


# --- Strategies ---------------------------------------------------------------------------------------


def test_strategies_are_chosen_listed_and_taken_back(alice: APIClient) -> None:
    first = alice.post(STRATEGIES, {"pattern": "icon", "strategy": "theirs", "kind": "object_type"})
    second = alice.post(STRATEGIES, {"pattern": "description", "strategy": "ours"})
    assert (first.status_code, second.status_code) == (201, 201)
    again = alice.post(STRATEGIES, {"pattern": "description", "strategy": "theirs"})
    assert (again.status_code, again.json()["id"]) == (200, second.json()["id"])
    assert first.json() == {
        "id": first.json()["id"], "kind": "object_type", "pattern": "icon", "strategy": "theirs"
    }  # fmt: skip
    listed = alice.get(STRATEGIES).json()
    assert (listed["count"], listed["results"]) == (2, [again.json(), first.json()])
    edit(alice, "topic", icon="face")
    assert alice.post(f"{CRM}merge-preview/", MERGE).json()["conflicts"] == []
    one = f"{STRATEGIES}{first.json()['id']}/"
    assert alice.delete(f"{one}?dry_run=true").status_code == 204
    assert (alice.delete(one).status_code, alice.delete(one).status_code) == (204, 404)
    assert len(alice.post(f"{CRM}merge-preview/", MERGE).json()["conflicts"]) == 1


def test_the_list_of_strategies_costs_the_same_however_long_it_is(alice: APIClient) -> None:
    counts = []
    for names in (("icon",), ("status", "groups", "aliases", "color")):
        for name in names:
            alice.post(STRATEGIES, {"pattern": name, "strategy": "ours"})
        with CaptureQueriesContext(connection) as queries:
            alice.get(STRATEGIES)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(alice.get(f"{STRATEGIES}?limit=2").json()["results"]) == 2


def test_who_may_choose_and_what_is_refused(alice: APIClient) -> None:
    bob, charlie = (api_client_for(UserFactory(username=name, role="viewer")) for name in ("bob", "charlie"))
    alice.put(f"{CRM}members/bob/", {"role": "developer"})
    body = {"pattern": "icon", "strategy": "theirs"}
    number = alice.post(STRATEGIES, body).json()["id"]
    assert [bob.get(STRATEGIES).status_code, charlie.get(STRATEGIES).status_code] == [200, 404]
    assert [bob.post(STRATEGIES, body).status_code, charlie.post(STRATEGIES, body).status_code] == [403, 404]
    assert [who.delete(f"{STRATEGIES}{number}/").status_code for who in (bob, charlie)] == [403, 404]
    answer = alice.post(STRATEGIES, {"pattern": "colour", "strategy": "mine", "kind": "x"})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"/kind", "/strategy"}
    other = api_client_for(UserFactory(username="dora", role="developer"))
    other.post("/api/v1/repositories/", {"name": "other"})
    assert other.delete(f"/api/v1/repositories/other/merge-strategies/{number}/").status_code == 404
    assert MergeStrategy.objects.count() == 1
