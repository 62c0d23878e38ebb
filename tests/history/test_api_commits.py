"""/api/v1/repositories/{repository}/commits/ and commits/{ref}/."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from history.models import Branch, Event, Repository
from tests.factories import lock_by
from tests.history.contents import CRM, commit, commit_body, delete, head_of, person, put, rename
from tests.rows import rows

pytestmark = pytest.mark.django_db

URL = f"{CRM}commits/"


# --- Making a commit ----------------------------------------------------------------------------------


def test_a_commit_tells_what_it_is(as_alice: APIClient, repository: Repository) -> None:
    root = head_of(as_alice)
    made = commit(as_alice, put("Person"), message="사람을 더한다\n\n이유", expected_head=root)
    assert len(made["id"]) == 64
    assert datetime.fromisoformat(made.pop("created_at")).tzinfo == UTC
    assert made == {"id": made["id"], "parents": [root], "author": "alice", "message": "사람을 더한다\n\n이유"}
    assert head_of(as_alice) == made["id"]
    assert as_alice.get(f"{URL}{made['id']}/").json()["message"] == made["message"]


def test_changes_are_applied_in_order_as_one(as_alice: APIClient, repository: Repository) -> None:
    commit(as_alice, put("Person"), put("Company", person(extends=["Person"])))
    commit(as_alice, rename("Person", "Human"), put("Pet", person(extends=["Human"])), delete("Company"))
    found = as_alice.get(f"{CRM}resources/").json()["results"]
    assert [(each["api_name"], each["content"].get("extends")) for each in found] == [
        ("Human", None),
        ("Pet", ["Human"]),
    ]


def test_the_event_of_a_commit_names_it(as_alice: APIClient, repository: Repository) -> None:
    made = commit(as_alice, put("Person"))
    told = as_alice.get("/api/v1/events/?type=io.oms.history.commit.created").json()["results"][0]
    assert (told["commit"], told["branch"], told["data"]["after"]) == (made["id"], "main", made["id"])


def test_a_stale_head_is_a_conflict_that_tells_the_head(as_alice: APIClient, repository: Repository) -> None:
    root = head_of(as_alice)
    made = commit(as_alice, put("Person"))
    answer = as_alice.post(URL, commit_body(put("Company"), expected_head=root))
    assert answer.status_code == 409
    assert (answer.json()["type"], answer.json()["head"]) == ("urn:oms:problem:stale-head", made["id"])


def test_a_commit_that_changes_nothing_is_refused(as_alice: APIClient, repository: Repository) -> None:
    commit(as_alice, put("Person"))
    answer = as_alice.post(URL, commit_body(put("Person")))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:oms:problem:nothing-changed")


def test_a_dry_run_answers_as_the_real_call_and_leaves_nothing(as_alice: APIClient, repository: Repository) -> None:
    before = rows()
    tried = as_alice.post(f"{URL}?dry_run=true", commit_body(put("Person")))
    assert (tried.status_code, tried.json()["message"]) == (201, "Edit")
    assert as_alice.post(f"{URL}?dry_run=true", commit_body(put("a b"))).status_code == 422
    assert rows() == before
    assert commit(as_alice, put("Person"))["parents"] == tried.json()["parents"]


def test_the_same_key_and_body_make_one_commit(as_alice: APIClient, repository: Repository) -> None:
    key = {"headers": {"Idempotency-Key": "commit-1"}}
    first = as_alice.post(URL, commit_body(put("Person")), **key)
    before = rows()
    again = as_alice.post(URL, commit_body(put("Person")), **key)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again["Idempotency-Replayed"] == "true"
    assert as_alice.post(URL, commit_body(put("Company")), **key).status_code == 422
    assert rows() == before


def test_a_locked_branch_takes_no_commit(as_alice: APIClient, main: Branch) -> None:
    lock_by(None, main)
    answer = as_alice.post(URL, commit_body(put("Person")))
    assert (answer.status_code, answer.json()["type"]) == (423, "urn:oms:problem:branch-locked")


def test_who_may_commit(
    as_alice: APIClient, as_bob: APIClient, as_charlie: APIClient, as_ada: APIClient, repository: Repository
) -> None:
    assert commit(as_bob, put("ByBob"))["author"] == "bob"
    assert commit(as_ada, put("ByAda"))["author"] == "ada"
    before = rows()
    assert as_charlie.post(URL, commit_body(put("ByCharlie"))).status_code == 404
    as_alice.patch(CRM, {"visibility": "internal"})
    assert as_charlie.post(URL, commit_body(put("ByCharlie"))).status_code == 201
    for role in ("viewer", "reviewer"):
        as_alice.put(f"{CRM}members/bob/", {"role": role})
        refused = as_bob.post(URL, commit_body(put("Again")))
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:oms:problem:not-allowed")
    assert rows()["Commit"] == before["Commit"] + 1


# --- Bad input ----------------------------------------------------------------------------------------

NAME = "/changes/0/name"
BAD_COMMITS = [
    pytest.param(commit_body(put(kind="object")), 422, "/changes/0/kind", "KIND_UNKNOWN", id="unknown kind"),
    pytest.param(commit_body(put("")), 422, NAME, "NAME_INVALID", id="empty name"),
    pytest.param(commit_body(put("a" * 101)), 422, NAME, "NAME_INVALID", id="101 characters"),
    pytest.param(commit_body(put("a/b")), 422, NAME, "NAME_INVALID", id="slash"),
    pytest.param(commit_body(put("caf\u00e9e\u0301")), 422, NAME, "NAME_INVALID", id="mixed normal forms"),
    pytest.param(commit_body(put("\u1112\u1161\u11ab한")), 422, NAME, "NAME_INVALID", id="mixed Hangul"),
    pytest.param(commit_body(put(" Person")), 422, NAME, "NAME_INVALID", id="space"),
    pytest.param(
        commit_body(put("A"), put("B", person(extends=["Nobody"]))),
        422,
        "/changes/1/content/extends/0",
        "DANGLING_REFERENCE",
        id="a reference to nothing",
    ),
    pytest.param(commit_body(delete("Nobody")), 422, NAME, "NOT_FOUND", id="delete nothing"),
    pytest.param(commit_body(rename("Nobody", "X")), 422, NAME, "NOT_FOUND", id="rename nothing"),
    pytest.param(commit_body(rename("Person", "a/b")), 422, "/changes/0/to", "NAME_INVALID", id="rename to a bad name"),
    pytest.param(commit_body(rename("Person", "Pet")), 422, "/changes/0/to", "TAKEN", id="rename to a taken name"),
    pytest.param(commit_body(put(content=[])), 422, "/changes/0/content", "FIELD_TYPE", id="content is a list"),
    pytest.param(
        commit_body(put(content={"propertis": {}})),
        422,
        "/changes/0/content/propertis",
        "FIELD_UNKNOWN",
        id="unknown field",
    ),
    pytest.param(
        commit_body(put(content=person(properties={"age": {"type": {"type": "int"}}}))),
        422,
        "/changes/0/content/properties/age/type/type",
        "TYPE_UNKNOWN",
        id="unknown type",
    ),
    pytest.param(
        commit_body(put(content=person(rid="6f1c1f0e-0000-4000-8000-000000000001"))),
        422,
        "/changes/0/content/rid",
        "RID_CHANGED",
        id="another rid",
    ),
    pytest.param(commit_body(put(), message=""), 422, "/message", "REQUIRED", id="no message"),
    pytest.param(commit_body(put(), message=" \n"), 422, "/message", "REQUIRED", id="blank message"),
    pytest.param(commit_body(put(), message="x" * 10_001), 422, "/message", "LENGTH", id="long message"),
    pytest.param(commit_body(), 400, "/changes", "EMPTY", id="no changes"),
    pytest.param({"branch": "main"}, 400, "/changes", "REQUIRED", id="fields missing"),
    pytest.param(commit_body(put(), chnages=[]), 400, "/chnages", "UNKNOWN_FIELD", id="unknown member"),
    pytest.param(commit_body({**put(), "op": "add"}), 400, "/changes/0/op", None, id="unknown operation"),
    pytest.param(commit_body({"op": "put", "kind": "object_type"}), 400, NAME, None, id="name missing"),
    pytest.param(commit_body({**put(), "name": 7}), 400, NAME, None, id="name is a number"),
    pytest.param(commit_body({**put(), "to": "x"}), 400, "/changes/0/to", None, id="member of another operation"),
    pytest.param(commit_body("put"), 400, "/changes/0", None, id="change is a text"),
    pytest.param(commit_body(put(), branch="nothing"), 404, None, None, id="unknown branch"),
    pytest.param(commit_body(put("Company"), expected_head="0" * 64), 409, None, None, id="stale head"),
]


@pytest.mark.parametrize(("body", "status", "field", "rule"), BAD_COMMITS)
def test_bad_input_is_told_with_status_field_and_sentence_and_nothing_is_written(
    as_alice: APIClient, repository: Repository, body: Any, status: int, field: str | None, rule: str | None
) -> None:
    commit(as_alice, put("Person"), put("Pet"))
    before = rows()
    answer = as_alice.post(URL, body)
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    if field is not None:
        (error,) = [each for each in problem["errors"] if each["field"] == field]
        assert rule in {None, error["rule"]}
        assert error["message"].endswith(".")
    assert rows() == before


RAW = '{"branch": "main", "message": "Edit", "changes": [%s]}'
CHANGE = '{"op": "put", "kind": "object_type", "name": "%s", "content": %s}'


@pytest.mark.parametrize(
    ("body", "status", "field", "rule"),
    [
        pytest.param("{", 400, None, "NOT_JSON", id="not JSON"),
        pytest.param("[" * 100_000, 400, None, "TOO_DEEP", id="deep"),
        pytest.param(b'{"branch": "\xff"}', 400, None, "NOT_UTF8", id="not UTF-8"),
        pytest.param('{"branch": "main", "branch": "x"}', 400, "/branch", "DUPLICATE_KEY", id="duplicate keys"),
        pytest.param(
            RAW % (CHANGE % ("Person", '{"properties": {"a": {}, "a": {}}}')),
            400,
            "/changes/0/content/properties/a",
            "DUPLICATE_KEY",
            id="duplicate properties",
        ),
        pytest.param(
            RAW % (CHANGE % ("a\\u0000b", "{}")), 400, "/changes/0/name", "NULL_CHARACTER", id="NUL in a name"
        ),
        pytest.param(
            RAW % (CHANGE % ("P", '{"description": "\\ud800"}')),
            400,
            "/changes/0/content/description",
            "LONE_SURROGATE",
            id="lone surrogate",
        ),
        pytest.param(RAW % (CHANGE % ("P", '{"x": NaN}')), 400, "/changes/0/content/x", "NOT_A_NUMBER", id="NaN"),
    ],
)
def test_bytes_that_readers_could_disagree_on_are_malformed(
    as_alice: APIClient, repository: Repository, body: Any, status: int, field: str | None, rule: str
) -> None:
    before = rows()
    answer = as_alice.generic("POST", URL, body, "application/json")
    assert (answer.status_code, answer.json()["rule"]) == (status, rule)
    if field is not None:
        (error,) = answer.json()["errors"]
        assert (error["field"], error["rule"]) == (field, rule)
    assert rows() == before


def test_a_body_over_the_limit_is_refused_by_its_length_alone(as_alice: APIClient, repository: Repository) -> None:
    length = str(settings.DOCUMENT_BODY_LIMIT + 1)
    answer = as_alice.generic("POST", URL, b"{}", "application/json", CONTENT_LENGTH=length)
    assert (answer.status_code, answer.json()["limit"]) == (413, settings.DOCUMENT_BODY_LIMIT)


def test_all_that_is_wrong_is_told_at_once(as_alice: APIClient, repository: Repository) -> None:
    changes = [put("a/b"), put("B", {"propertis": {}, "icon": 7}), delete("C"), put("D", kind="thing")]
    answer = as_alice.post(URL, commit_body(*changes))
    assert {error["field"] for error in answer.json()["errors"]} == {
        "/changes/0/name",
        "/changes/1/content/propertis",
        "/changes/1/content/icon",
        "/changes/1/content/properties",
        "/changes/2/name",
        "/changes/3/kind",
    }


@pytest.mark.slow
def test_ten_thousand_changes_are_one_commit(as_alice: APIClient, repository: Repository) -> None:
    changes = [put(f"Type{number:05}", person(extends=[f"Type{number // 2:05}"])) for number in range(1, 10_000)]
    made = commit(as_alice, put("Type00000"), *changes)
    assert as_alice.get(f"{CRM}resources/?ref={made['id']}&limit=1").json()["count"] == 10_000
    renames = [rename(f"Type{number:05}", f"Kind{number:05}") for number in range(500)]
    edits = [put(f"Type{number:05}", person(icon="x")) for number in range(500, 1_000)]
    commit(as_alice, *renames, *edits)
    found = as_alice.get(f"{CRM}resources/object_type/Kind00499/").json()
    assert found["content"]["extends"] == ["Kind00249"]


def test_reading_and_making_a_commit_takes_few_questions_however_many_changes_it_has(
    as_alice: APIClient, repository: Repository, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    made = commit(as_alice, put("Person"))
    with django_assert_max_num_queries(6):
        as_alice.get(f"{URL}{made['id']}/")
    few = commit_body(*(put(f"T{number}", person(extends=["Person"])) for number in range(2)))
    with django_assert_max_num_queries(35) as asked:
        as_alice.post(URL, few)
    many = commit_body(*(put(f"U{number}", person(extends=["Person"])) for number in range(60)))
    with django_assert_num_queries(len(asked)):
        as_alice.post(URL, many)
    assert Event.objects.filter(type="io.oms.history.commit.created").count() == 3
