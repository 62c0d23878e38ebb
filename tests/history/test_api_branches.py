"""/api/v1/repositories/{repository}/branches/ and branches/{name}/."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from history.models import Event, HeadMove, Repository
from history.services import branch_create
from tests.factories import lock_by
from tests.history.contents import CRM, commit, head_of, put

pytestmark = pytest.mark.django_db

URL = f"{CRM}branches/"


def test_a_branch_stands_where_it_was_told_to(as_alice: APIClient, repository: Repository) -> None:
    root = head_of(as_alice)
    first = commit(as_alice, put("Person"))
    answer = as_alice.post(URL, {"name": "feature/한글", "from": root[:12]})
    assert answer.status_code == 201
    made = answer.json()
    assert made.pop("created_at").endswith("Z")
    assert made == {"name": "feature/한글", "head": root, "state": "active", "created_by": "alice"}
    assert as_alice.post(URL, {"name": "later"}).json()["head"] == first["id"]
    assert as_alice.get(f"{URL}{quote('feature/한글')}/").json()["head"] == root
    event = Event.objects.get(type="io.oms.history.branch.created", subject__endswith="/later")
    assert event.repository == repository


@pytest.mark.parametrize(
    "name",
    ["", "a..b", "/x", "x/", "x.lock", "a b", "@", "a@{b", "-x", ".x", "a//b", "e\u0301", "a" * 201, "a~b", "a\tb"],
)
def test_a_name_that_git_would_not_take_is_invalid(as_alice: APIClient, repository: Repository, name: str) -> None:
    answer = as_alice.post(URL, {"name": name})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["field"], error["rule"]) == ("/name", "BRANCH_NAME")
    assert repository.branches.count() == 1


def test_a_name_that_is_taken_is_a_conflict(as_alice: APIClient, repository: Repository) -> None:
    before = Event.objects.count(), HeadMove.objects.count()
    answer = as_alice.post(URL, {"name": "main"})
    assert answer.status_code == 409
    assert answer.json()["errors"] == [{"field": "/name", "rule": "TAKEN", "message": "crm has a branch main already."}]
    assert (Event.objects.count(), HeadMove.objects.count()) == before


def test_a_branch_needs_a_ref_that_is_there(as_alice: APIClient, repository: Repository) -> None:
    answer = as_alice.post(URL, {"name": "topic", "from": "nothing"})
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:oms:problem:ref-not-found")
    assert repository.branches.count() == 1


@pytest.mark.parametrize(
    ("body", "field"), [({}, "/name"), ({"name": "x", "start": "main"}, "/start"), ({"name": None}, "/name")]
)
def test_a_malformed_body_is_told_by_field(as_alice: APIClient, repository: Repository, body: Any, field: str) -> None:
    answer = as_alice.post(URL, body)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_deleted_branch_is_gone_and_its_commits_stay(
    as_alice: APIClient, as_bob: APIClient, repository: Repository
) -> None:
    as_alice.post(URL, {"name": "topic"})
    made = commit(as_alice, put("Person"), branch="topic")
    assert as_bob.delete(f"{URL}topic/").status_code == 204
    assert as_alice.get(f"{URL}topic/").json()["type"] == "urn:oms:problem:branch-not-found"
    assert as_alice.get(f"{CRM}commits/{made['id']}/").json() == made
    assert as_alice.delete(f"{URL}topic/").status_code == 404


def test_the_default_branch_is_kept(as_alice: APIClient, repository: Repository) -> None:
    answer = as_alice.delete(f"{URL}main/")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:oms:problem:default-branch-kept")


def test_a_locked_branch_can_be_read_and_not_written(as_alice: APIClient, repository: Repository) -> None:
    as_alice.post(URL, {"name": "topic"})
    lock_by(None, repository.branches.get(name="topic"))
    assert as_alice.get(f"{URL}topic/").json()["state"] == "locked"
    assert as_alice.delete(f"{URL}topic/").status_code == 423


def test_who_may_do_what(
    as_alice: APIClient, as_bob: APIClient, as_charlie: APIClient, as_ada: APIClient, bob: User, repository: Repository
) -> None:
    assert as_bob.post(URL, {"name": "by-bob"}).status_code == 201
    assert as_charlie.post(URL, {"name": "by-charlie"}).status_code == 404
    assert as_charlie.delete(f"{URL}by-bob/").status_code == 404
    assert as_ada.post(URL, {"name": "by-ada"}).status_code == 201
    as_alice.put(f"{CRM}members/bob/", {"role": "viewer"})
    assert as_bob.get(URL).status_code == 200
    assert as_bob.post(URL, {"name": "again"}).status_code == 403
    assert as_bob.delete(f"{URL}by-ada/").status_code == 403


def test_a_dry_run_leaves_no_branch(as_alice: APIClient, repository: Repository) -> None:
    before = Event.objects.count()
    assert as_alice.post(f"{URL}?dry_run=true", {"name": "topic"}).status_code == 201
    assert as_alice.get(f"{URL}topic/").status_code == 404
    as_alice.post(URL, {"name": "topic"})
    assert as_alice.delete(f"{URL}topic/?dry_run=true").status_code == 204
    assert as_alice.get(f"{URL}topic/").status_code == 200
    assert Event.objects.count() == before + 1


def test_the_same_key_makes_one_branch(as_alice: APIClient, repository: Repository) -> None:
    key = {"headers": {"Idempotency-Key": "b-1"}}
    first, again = (as_alice.post(URL, {"name": "topic"}, **key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert as_alice.post(URL, {"name": "other"}, **key).status_code == 422


@pytest.mark.parametrize("name", ["nothing", "a%00b", "a/b/c"])
def test_a_branch_that_is_not_there(as_alice: APIClient, repository: Repository, name: str) -> None:
    assert as_alice.get(f"{URL}{name}/").json()["type"] == "urn:oms:problem:branch-not-found"


def test_the_list_pages_by_name_and_asks_as_many_questions_for_many_as_for_few(
    as_alice: APIClient, alice: User, repository: Repository
) -> None:
    counts = []
    for wanted in (3, 30):
        for number in range(repository.branches.count(), wanted):
            branch_create(actor=alice, repository=repository, name=f"b{number:02}")
        with CaptureQueriesContext(connection) as queries:
            found = as_alice.get(URL).json()
        assert [each["name"] for each in found["results"]] == sorted(each["name"] for each in found["results"])
        assert found["count"] == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5
    assert len(as_alice.get(f"{URL}?limit=4&offset=28").json()["results"]) == 2


def test_a_branch_takes_few_questions(
    as_alice: APIClient, repository: Repository, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4):
        as_alice.get(f"{URL}main/")
