"""GET /api/v1/repositories/{repository}/commits/: the log, and the refs that it begins at."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from history.models import Commit, HeadMove, Repository
from history.selectors import branch_get, cursor_of
from history.services.commits import commit_write
from tests.history.contents import CRM, commit, head_of, put

pytestmark = pytest.mark.django_db

URL = f"{CRM}commits/"


def messages(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["message"] for each in answer.json()["results"]]


# --- Refs ---------------------------------------------------------------------------------------------


def test_a_ref_is_a_branch_an_id_or_the_start_of_one(as_alice: APIClient, repository: Repository) -> None:
    made = commit(as_alice, put("Person"))
    for ref in ("main", made["id"], made["id"][:8], made["id"][:40]):
        assert as_alice.get(f"{URL}{ref}/").json() == made
    for ref in ("nothing", made["id"][:7], made["id"].upper(), "0" * 64, "main ", "Main"):
        answer = as_alice.get(f"{URL}{quote(ref)}/")
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:oms:problem:ref-not-found")


def test_a_branch_goes_before_a_commit_of_that_name(as_alice: APIClient, repository: Repository) -> None:
    root = head_of(as_alice)
    made = commit(as_alice, put("Person"))
    as_alice.post(f"{CRM}branches/", {"name": made["id"][:10], "from": root})
    assert as_alice.get(f"{URL}{made['id'][:10]}/").json()["id"] == root


def test_an_ambiguous_start_is_told(as_alice: APIClient, alice: User, repository: Repository) -> None:
    made = commit(as_alice, put("Person"))
    twin = commit_write(repository=repository, author=alice, root="0" * 64, parents=[], message="Twin")
    connection.cursor().execute(
        "UPDATE history_commit SET digest = %s WHERE digest = %s", [made["id"][:20] + "0" * 44, twin.digest]
    )
    answer = as_alice.get(f"{URL}{made['id'][:20]}/")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:oms:problem:ref-ambiguous")
    assert made["id"][:20] in answer.json()["detail"]
    assert as_alice.get(f"{URL}{made['id']}/").status_code == 200


def test_commits_of_another_repository_are_not_there(as_alice: APIClient, repository: Repository) -> None:
    made = commit(as_alice, put("Person"))
    as_alice.post("/api/v1/repositories/", {"name": "other"})
    assert as_alice.get(f"/api/v1/repositories/other/commits/{made['id']}/").status_code == 404
    assert as_alice.get(f"/api/v1/repositories/other/commits/?cursor={made['id']}").status_code == 400


def test_a_branch_at_a_moment_is_what_it_held_then(as_alice: APIClient, repository: Repository) -> None:
    commits = [head_of(as_alice), commit(as_alice, put("A"))["id"], commit(as_alice, put("B"))["id"]]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for hour, move in enumerate(HeadMove.objects.filter(branch="main").order_by("id")):
        HeadMove.objects.filter(pk=move.pk).update(at=start + timedelta(hours=hour))
    for moment, expected in [
        ("2026-01-01T00:00:00Z", commits[0]),
        ("2026-01-01T00:59:59.999Z", commits[0]),
        ("2026-01-01T01:00:00Z", commits[1]),
        ("2026-01-01T10:30:00+09:00", commits[1]),
        ("2026-01-01 01:30:00+00:00", commits[1]),
        ("2030-01-01T00:00:00Z", commits[2]),
    ]:
        answer = as_alice.get(URL, {"ref": f"main@{{{moment}}}"})
        assert answer.json()["results"][0]["id"] == expected, moment
    before = as_alice.get(URL, {"ref": "main@{2025-12-31T23:59:59Z}"})
    assert (before.status_code, before.json()["type"]) == (404, "urn:oms:problem:ref-not-found")


@pytest.mark.parametrize("moment", ["yesterday", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z"])
def test_a_moment_that_is_none_is_malformed(as_alice: APIClient, repository: Repository, moment: str) -> None:
    answer = as_alice.get(URL, {"ref": f"main@{{{moment}}}"})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:oms:problem:ref-malformed")


def test_a_moment_after_a_branch_was_deleted_finds_none(as_alice: APIClient, repository: Repository) -> None:
    as_alice.post(f"{CRM}branches/", {"name": "topic"})
    during = timezone.now().isoformat()
    as_alice.delete(f"{CRM}branches/topic/")
    assert as_alice.get(URL, {"ref": f"topic@{{{during}}}"}).status_code == 200
    assert as_alice.get(URL, {"ref": "topic@{2030-01-01T00:00:00Z}"}).status_code == 404


# --- The log ------------------------------------------------------------------------------------------


def test_the_log_is_paged_by_a_cursor_and_holds_still_while_commits_arrive(
    as_alice: APIClient, repository: Repository
) -> None:
    for number in range(7):
        commit(as_alice, put(f"T{number}"), message=f"Commit {number}")
    page = as_alice.get(f"{URL}?limit=3")
    commit(as_alice, put("Late"), message="Late")
    told = messages(page)
    while following := page.json()["next"]:
        page = as_alice.get(following)
        told += messages(page)
    assert told == [*(f"Commit {number}" for number in range(6, -1, -1)), "Create repository"]


def test_the_log_holds_both_sides_of_a_merge_once_and_children_before_parents(
    as_alice: APIClient, repository: Repository
) -> None:
    for number in range(3):
        as_alice.post(f"{CRM}branches/", {"name": f"topic{number}"})
        commit(as_alice, put(f"T{number}"), branch=f"topic{number}", message=f"Topic {number}")
        commit(as_alice, put(f"M{number}"), message=f"Main {number}")
        merge = {"source": f"topic{number}", "target": "main", "message": f"Merge {number}"}
        assert as_alice.post(f"{CRM}merges/", merge).status_code == 200
    for limit in (1, 2, 4, 50):
        page = as_alice.get(f"{URL}?limit={limit}")
        found = page.json()["results"]
        while following := page.json()["next"]:
            page = as_alice.get(following)
            found += page.json()["results"]
        places = {each["id"]: place for place, each in enumerate(found)}
        assert len(places) == len(found) == 10
        assert all(places[each["id"]] < places[parent] for each in found for parent in each["parents"])


def test_the_address_of_a_page_stays_short_where_many_branches_are_open(
    as_alice: APIClient, alice: User, repository: Repository
) -> None:
    root = branch_get(repository, "main").head
    commits = [
        commit_write(repository=repository, author=alice, root=root.root, parents=[root], message=f"Topic {number}")
        for number in range(200)
    ]
    cursor = cursor_of(sorted(commit.digest for commit in commits))
    assert len(cursor) < 3_500
    page = as_alice.get(f"{URL}?limit=150&cursor={cursor}").json()
    rest = as_alice.get(page["next"]).json()
    assert len({each["id"] for each in page["results"] + rest["results"]}) == 201
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("cursor=%00", 400, "?cursor"),
        ("cursor=" + "A" * 16, 400, "?cursor"),
        ("limit=0", 400, "?limit"),
        ("limit=501", 400, "?limit"),
        ("limit=x", 400, "?limit"),
        ("cursor=x", 400, "?cursor"),
        (f"cursor={'0' * 64}", 400, "?cursor"),
        ("ref=%00", 400, "?ref"),
        ("ref=nothing", 404, None),
    ],
)
def test_a_query_that_makes_no_sense_is_told(
    as_alice: APIClient, repository: Repository, query: str, status: int, field: str | None
) -> None:
    answer = as_alice.get(f"{URL}?{query}")
    assert answer.status_code == status
    assert [error["field"] for error in answer.json().get("errors", [])] == ([field] if field else [])


def test_the_log_asks_as_many_questions_for_many_as_for_few(as_alice: APIClient, repository: Repository) -> None:
    counts = []
    for wanted in (3, 30):
        while Commit.objects.count() < wanted:
            commit(as_alice, put(f"T{Commit.objects.count()}"))
        with CaptureQueriesContext(connection) as queries:
            assert len(messages(as_alice.get(URL))) == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
