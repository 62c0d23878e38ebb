"""/api/v1/repositories/ and /api/v1/repositories/{name}/."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from history.models import Commit, Event, Repository
from history.services import repository_create
from tests.history.contents import head_of

pytestmark = pytest.mark.django_db

URL = "/api/v1/repositories/"


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["name"] for each in answer.json()["results"]]


def test_a_new_repository_stands_at_an_empty_commit_and_its_maker_administers_it(as_alice: APIClient) -> None:
    answer = as_alice.post(URL, {"name": "crm", "title": "고객", "description": "Who buys."})
    assert answer.status_code == 201
    made = answer.json()
    assert made.pop("created_at").endswith("Z")
    assert made == {
        "name": "crm",
        "title": "고객",
        "description": "Who buys.",
        "visibility": "private",
        "default_branch": "main",
        "created_by": "alice",
    }
    commit = as_alice.get(f"{URL}crm/commits/{head_of(as_alice)}/").json()
    assert (commit["parents"], commit["author"]) == ([], "alice")
    assert as_alice.get(f"{URL}crm/resources/").json()["results"] == []
    assert as_alice.get(f"{URL}crm/members/").json()["results"] == [
        {"user": "alice", "group": None, "role": "administrator"}
    ]


@pytest.mark.parametrize("name", ["", "a" * 101, "a/b", "a b", ".hidden", "-x", "e\u0301", "ｃｒｍ", " crm", "crm\n"])
def test_a_bad_name_is_invalid_and_nothing_is_written(as_alice: APIClient, name: str) -> None:
    answer = as_alice.post(URL, {"name": name})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["field"], error["rule"]) == ("/name", "REPOSITORY_NAME")
    assert error["message"].endswith(".")
    assert not Repository.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "/name"),
        ({"name": 7.5, "nmae": "x"}, 400, "/nmae"),
        ({"name": ["crm"]}, 400, "/name"),
        ({"name": "crm", "visibility": "public"}, 400, "/visibility"),
        ({"name": "crm", "title": "x" * 201}, 422, "/title"),
        ({"name": "crm", "description": "x" * 10_001}, 422, "/description"),
        ([], 400, ""),
    ],
)
def test_what_is_wrong_with_a_body_is_told_by_field(as_alice: APIClient, body: Any, status: int, field: str) -> None:
    answer = as_alice.post(URL, body)
    assert answer.status_code == status
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert not Repository.objects.exists()


@pytest.mark.parametrize("name", ["crm", "CRM"])
def test_a_name_that_is_taken_whatever_its_case_is_a_conflict(
    as_bob: APIClient, bob: User, repository: Repository, name: str
) -> None:
    User.objects.filter(pk=bob.pk).update(role="developer")
    answer = as_bob.post(URL, {"name": name})
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["field"] == "/name"


def test_who_may_only_look_makes_no_repository(as_bob: APIClient) -> None:
    answer = as_bob.post(URL, {"name": "mine"})
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:oms:problem:not-allowed")
    assert not Repository.objects.exists()


def test_a_repository_is_seen_by_members_and_administrators_and_by_all_where_it_is_internal(
    as_alice: APIClient,
    as_bob: APIClient,
    as_charlie: APIClient,
    as_ada: APIClient,
    alice: User,
    repository: Repository,
) -> None:
    repository_create(actor=alice, name="shared", visibility="internal")
    assert names(as_alice.get(URL)) == names(as_bob.get(URL)) == names(as_ada.get(URL)) == ["crm", "shared"]
    assert names(as_charlie.get(URL)) == ["shared"]
    assert [each.get(f"{URL}crm/").status_code for each in (as_alice, as_bob, as_charlie, as_ada)] == [
        200,
        200,
        404,
        200,
    ]


@pytest.mark.parametrize(
    "path", ["", "branches/", "branches/main/", "commits/", "commits/main/", "resources/", "members/"]
)
def test_what_a_stranger_may_not_see_is_not_there(as_charlie: APIClient, repository: Repository, path: str) -> None:
    hidden, missing = as_charlie.get(f"{URL}crm/{path}"), as_charlie.get(f"{URL}nothing/{path}")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json()["type"] == missing.json()["type"]


def test_who_is_not_signed_in_is_told_so(client: Any, repository: Repository) -> None:
    for path in (URL, f"{URL}crm/", f"{URL}crm/commits/", "/api/v1/events/"):
        answer = client.get(path)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="oms"')


def test_an_administrator_changes_what_a_repository_says(as_alice: APIClient, repository: Repository) -> None:
    answer = as_alice.patch(f"{URL}crm/", {"title": "Kunden", "visibility": "internal"})
    assert answer.status_code == 200
    assert (answer.json()["title"], answer.json()["visibility"]) == ("Kunden", "internal")
    event = Event.objects.latest("id")
    assert event.type == "io.oms.history.repository.updated"
    assert as_alice.patch(f"{URL}crm/", {"title": "Kunden"}).status_code == 200
    assert Event.objects.latest("id") == event


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"name": "other"}, 400, "/name"),
        ({"visibility": "public"}, 400, "/visibility"),
        ({"title": "x" * 201}, 422, "/title"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    as_alice: APIClient, repository: Repository, body: Any, status: int, field: str
) -> None:
    answer = as_alice.patch(f"{URL}crm/", body)
    assert answer.status_code == status
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_member_who_does_not_administer_changes_nothing(
    as_bob: APIClient, as_charlie: APIClient, repository: Repository
) -> None:
    assert as_bob.patch(f"{URL}crm/", {"title": "x"}).status_code == 403
    assert as_charlie.patch(f"{URL}crm/", {"title": "x"}).status_code == 404
    repository.refresh_from_db()
    assert repository.title == "Customers"


def test_a_dry_run_answers_as_the_real_call_and_leaves_nothing(as_alice: APIClient) -> None:
    tried = as_alice.post(f"{URL}?dry_run=true", {"name": "crm"})
    assert (tried.status_code, tried.json()["name"]) == (201, "crm")
    assert not Repository.objects.exists()
    assert not Commit.objects.exists()
    assert not Event.objects.filter(type__startswith="io.oms.history.").exists()
    assert as_alice.post(f"{URL}?dry_run=true", {"name": "a/b"}).status_code == 422


@pytest.mark.parametrize("name", ["nothing", "a%00b", "%F0%9F%98%80", "..%2f.."])
def test_a_repository_that_is_not_there(as_ada: APIClient, name: str) -> None:
    answer = as_ada.get(f"{URL}{name}/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_the_list_pages_and_asks_as_many_questions_for_many_as_for_few(as_alice: APIClient, alice: User) -> None:
    counts = []
    for wanted in (3, 30):
        for number in range(Repository.objects.count(), wanted):
            repository_create(actor=alice, name=f"r{number:02}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(names(as_alice.get(URL))) == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5
    page = as_alice.get(f"{URL}?limit=10&offset=25").json()
    assert (page["count"], page["next"], len(page["results"])) == (30, None, 5)
    assert "offset=15" in page["previous"]


def test_a_repository_is_one_question_beside_who_asks(
    as_alice: APIClient, repository: Repository, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(3):
        as_alice.get(f"{URL}crm/")
