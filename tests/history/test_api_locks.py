"""/api/v1/repositories/{repository}/branch-locks/, the states of branches, and what requests bring to writes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from history.models import Branch, BranchLock, Event, Repository
from history.services import branch_create
from tests.factories import lock_by
from tests.history.contents import CRM, commit, commit_body, head_of, put

pytestmark = pytest.mark.django_db

LOCKS, BRANCHES = f"{CRM}branch-locks/", f"{CRM}branches/"
BODY = {"branch": "main", "reason": "마이그레이션", "duration": 60}


def kind(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:oms:problem:")


def with_token(token: Any) -> dict[str, Any]:
    return {"headers": {"OMS-Lock-Token": str(token)}}


@pytest.fixture
def topic(alice: User, repository: Repository) -> Branch:
    return branch_create(actor=alice, repository=repository, name="topic/한글")


# --- Locks ------------------------------------------------------------------------------------------


def test_a_lock_is_taken_shown_renewed_and_released(
    as_alice: APIClient, as_bob: APIClient, repository: Repository
) -> None:
    answer = as_bob.post(LOCKS, BODY)
    assert answer.status_code == 201
    lock = answer.json()
    assert (lock["branch"], lock["owner"], lock["reason"]) == ("main", "bob", "마이그레이션")
    assert lock["taken_at"] == lock["renewed_at"] < lock["expires_at"]
    assert as_alice.get(f"{LOCKS}main/").json() == lock
    assert as_alice.get(LOCKS).json()["results"] == [lock]
    assert as_alice.get(f"{BRANCHES}main/").json()["state"] == "locked"
    renewed = as_bob.patch(f"{LOCKS}main/", {"token": lock["token"], "duration": 600})
    assert renewed.status_code == 200
    assert renewed.json()["expires_at"] > lock["expires_at"]
    assert as_bob.delete(f"{LOCKS}main/?token={lock['token']}").status_code == 204
    assert kind(as_alice.get(f"{LOCKS}main/")) == (404, "lock-not-found")
    assert as_alice.get(f"{BRANCHES}main/").json()["state"] == "active"


def test_a_branch_with_slashes_is_locked(as_alice: APIClient, topic: Branch) -> None:
    as_alice.post(LOCKS, {**BODY, "branch": topic.name})
    assert as_alice.get(f"{LOCKS}{quote(topic.name)}/").json()["branch"] == topic.name


def test_others_are_told_who_holds_it_until_when_and_why(
    as_alice: APIClient, as_bob: APIClient, repository: Repository
) -> None:
    lock = as_bob.post(LOCKS, BODY).json()
    until = f"{lock['expires_at'][:19]}Z"
    for answer in (
        as_alice.post(f"{CRM}commits/", commit_body(put("Person"))),
        as_alice.post(f"{CRM}commits/", commit_body(put("Person")), **with_token(lock["token"])),
        as_alice.post(LOCKS, BODY),
        as_bob.post(LOCKS, BODY),
        as_alice.patch(f"{LOCKS}main/", {"token": lock["token"], "duration": 60}),
    ):
        assert kind(answer) == (423, "branch-locked")
        problem = answer.json()
        assert problem["detail"] == f"main is locked by bob until {until}."
        assert (problem["owner"], problem["expires_at"], problem["reason"]) == ("bob", until, "마이그레이션")


def test_a_late_holder_is_refused(as_alice: APIClient, as_bob: APIClient, repository: Repository) -> None:
    token = as_bob.post(LOCKS, BODY).json()["token"]
    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        assert as_alice.get(LOCKS).json()["count"] == 0
        assert kind(as_bob.post(f"{CRM}commits/", commit_body(put()), **with_token(token))) == (423, "lock-lost")
        assert kind(as_bob.patch(f"{LOCKS}main/", {"token": token, "duration": 60})) == (423, "lock-lost")
        assert kind(as_bob.delete(f"{LOCKS}main/?token={token}")) == (423, "lock-lost")
        commit(as_bob, put("WithoutToken"))


def test_an_administrator_of_the_repository_forces_a_lock_open(
    as_alice: APIClient, as_bob: APIClient, main: Branch
) -> None:
    lock_by(None, main)
    assert kind(as_bob.delete(f"{LOCKS}main/?force=true")) == (403, "not-allowed")
    assert as_alice.delete(f"{LOCKS}main/?force=true").status_code == 204
    assert kind(as_alice.delete(f"{LOCKS}main/?force=true")) == (404, "lock-not-found")


def test_who_may_lock(as_alice: APIClient, as_bob: APIClient, as_charlie: APIClient, repository: Repository) -> None:
    as_alice.put(f"{CRM}members/bob/", {"role": "reviewer"})
    assert kind(as_bob.post(LOCKS, BODY)) == (403, "not-allowed")
    assert as_bob.get(LOCKS).status_code == 200
    assert as_charlie.get(LOCKS).status_code == 404
    assert as_charlie.post(LOCKS, BODY).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 400, ["/branch", "/reason", "/duration"]),
        ({**BODY, "duration": "long"}, 400, ["/duration"]),
        ({**BODY, "owner": "bob"}, 400, ["/owner"]),
        ({**BODY, "duration": 0}, 422, ["/duration"]),
        ({**BODY, "duration": 10**30}, 422, ["/duration"]),
        ({**BODY, "reason": " "}, 422, ["/reason"]),
    ],
)
def test_a_lock_that_cannot_be_is_told_by_field(
    as_alice: APIClient, repository: Repository, body: Any, status: int, fields: list[str]
) -> None:
    answer = as_alice.post(LOCKS, body)
    assert answer.status_code == status
    assert [error["field"] for error in answer.json()["errors"]] == fields


def test_a_release_names_the_token_or_uses_force(as_alice: APIClient, main: Branch, alice: User) -> None:
    lock_by(alice, main)
    for query, field in (
        ("", "?token"),
        ("?token=x", "?token"),
        ("?force=maybe", "?force"),
        ("?force=false", "?token"),
    ):
        answer = as_alice.delete(f"{LOCKS}main/{query}")
        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_lock_is_tried_without_effect(as_alice: APIClient, alice: User, main: Branch) -> None:
    before = Event.objects.count()
    assert as_alice.post(f"{LOCKS}?dry_run=true", BODY).status_code == 201
    assert not BranchLock.objects.exists()
    lock = lock_by(alice, main)
    renewal = {"token": lock.token, "duration": 9000}
    assert as_alice.patch(f"{LOCKS}main/?dry_run=true", renewal).status_code == 200
    assert as_alice.delete(f"{LOCKS}main/?dry_run=true&token={lock.token}").status_code == 204
    assert BranchLock.objects.get().expires_at == lock.expires_at
    assert Event.objects.count() == before + 1


@pytest.mark.parametrize("address", [LOCKS, BRANCHES])
def test_the_lists_ask_as_many_questions_for_many_locks_as_for_few(
    as_alice: APIClient, alice: User, repository: Repository, address: str
) -> None:
    counts = []
    for wanted in (2, 12):
        for number in range(repository.branches.count(), wanted):
            lock_by(alice, branch_create(actor=alice, repository=repository, name=f"b{number:02}"))
        with CaptureQueriesContext(connection) as queries:
            found = as_alice.get(address).json()["results"]
        assert len(found) >= wanted - 1
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


# --- States and resets ------------------------------------------------------------------------------


def test_a_branch_is_archived_and_restored(as_alice: APIClient, as_bob: APIClient, topic: Branch) -> None:
    address = f"{BRANCHES}{quote(topic.name)}/"
    archived = as_bob.patch(address, {"state": "archived"})
    assert (archived.status_code, archived.json()["state"]) == (200, "archived")
    assert kind(as_alice.post(f"{CRM}commits/", commit_body(put(), branch=topic.name))) == (423, "branch-locked")
    assert kind(as_alice.post(LOCKS, {**BODY, "branch": topic.name})) == (423, "branch-locked")
    assert as_alice.get(f"{CRM}resources/?ref={quote(topic.name)}").status_code == 200
    restored = as_alice.patch(address, {"state": "active"})
    assert restored.json() == {**archived.json(), "state": "active"}
    commit(as_alice, branch=topic.name)
    as_alice.patch(address, {"state": "archived"})
    assert as_alice.delete(address).status_code == 204


def test_a_branch_is_reset_to_a_commit(as_alice: APIClient, topic: Branch) -> None:
    address = f"{BRANCHES}{quote(topic.name)}/"
    made = commit(as_alice, branch=topic.name)
    assert kind(as_alice.patch(address, {"head": topic.head_id, "expected_head": topic.head_id})) == (409, "stale-head")
    assert kind(as_alice.patch(address, {"head": "nowhere"})) == (404, "ref-not-found")
    tried = as_alice.patch(f"{address}?dry_run=true", {"head": topic.head_id})
    assert (tried.status_code, head_of(as_alice, quote(topic.name))) == (200, made["id"])
    answer = as_alice.patch(address, {"head": topic.head_id, "expected_head": made["id"]})
    assert answer.json()["head"] == topic.head_id == head_of(as_alice, quote(topic.name))


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, [""]),
        ({"state": "active", "head": "main"}, [""]),
        ({"state": "locked"}, ["/state"]),
        ({"state": "archived", "expected_head": "0" * 64}, ["/expected_head"]),
        ({"name": "other"}, ["/name"]),
    ],
)
def test_a_branch_is_changed_in_one_way_at_once(
    as_alice: APIClient, repository: Repository, body: Any, fields: list[str]
) -> None:
    answer = as_alice.patch(f"{BRANCHES}main/", body)
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} >= set(fields)


def test_the_default_branch_is_not_archived(as_alice: APIClient, repository: Repository) -> None:
    assert kind(as_alice.patch(f"{BRANCHES}main/", {"state": "archived"})) == (409, "default-branch-kept")


def test_who_may_change_a_branch(
    as_alice: APIClient, as_bob: APIClient, as_charlie: APIClient, repository: Repository
) -> None:
    as_alice.put(f"{CRM}members/bob/", {"role": "reviewer"})
    for body in ({"state": "archived"}, {"state": "active"}, {"head": "main"}):
        assert kind(as_bob.patch(f"{BRANCHES}main/", body)) == (403, "not-allowed")
        assert as_charlie.patch(f"{BRANCHES}main/", body).status_code == 404


# --- Header fields ----------------------------------------------------------------------------------

Write = Callable[[APIClient, dict[str, str]], Any]
WRITES: dict[str, Write] = {
    "commit": lambda client, headers: client.post(f"{CRM}commits/", commit_body(put()), headers=headers),
    "reset": lambda client, headers: client.patch(f"{BRANCHES}main/", {"head": "main"}, headers=headers),
    "delete": lambda client, headers: client.delete(f"{BRANCHES}topic/", headers=headers),
    "graphql": lambda client, headers: client.post(
        "/graphql/",
        {"query": 'mutation { branchReset(repository: "crm", name: "main", to: "main") { head } }'},
        headers=headers,
    ),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(("field", "value"), [("OMS-Lock-Token", "first"), ("OMS-Bypass-Reason", "100%")])
def test_a_header_field_that_cannot_be_read_is_named(
    as_alice: APIClient, repository: Repository, write: str, field: str, value: str
) -> None:
    as_alice.post(BRANCHES, {"name": "topic"})
    body = WRITES[write](as_alice, {field: value}).json()
    problem = body["errors"][0]["extensions"] if write == "graphql" else body
    assert problem["status"] == 400
    assert [(error["field"], error["rule"]) for error in problem["errors"]] == [(field, "INVALID")]
