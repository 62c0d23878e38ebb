"""Every failure as problem details, for programs, or as a page, for people."""

import pytest

from gateway.exceptions import MAX_ERRORS
from tests.gateway.site import FAILURES

STATUSES = {
    "malformed": (400, "malformed"),
    "unauthenticated": (401, "unauthenticated"),
    "conflict": (409, "conflict"),
    "locked": (423, "locked"),
    "rate-limited": (429, "rate-limited"),
    "unavailable": (503, "unavailable"),
    "django-404": (404, "not-found"),
    "django-403": (403, "forbidden"),
    "django-400": (400, "malformed"),
    "rest-404": (404, "not-found"),
    "rest-403": (403, "forbidden"),
    "rest-401": (401, "unauthenticated"),
    "rest-429": (429, "rate-limited"),
    "redis": (503, "unavailable"),
    "redis-timeout": (503, "unavailable"),
    "broker": (503, "unavailable"),
    "database": (503, "unavailable"),
    "bug": (500, "internal"),
}


def test_the_table_names_every_failure_of_the_site():
    assert STATUSES.keys() == FAILURES.keys()


@pytest.mark.parametrize("where", ["/api/fail", "/api/page"])
@pytest.mark.parametrize(("failure", "expected"), STATUSES.items())
def test_a_program_gets_problem_details(client, where, failure, expected):
    status, code = expected
    response = client.get(f"{where}/{failure}/")
    problem = response.json()
    assert response.status_code == problem["status"] == status
    assert response["Content-Type"] == "application/problem+json"
    assert problem["type"] == f"urn:oms:problem:{code}"
    assert problem["instance"] == f"{where}/{failure}/"
    assert problem["title"]
    assert problem["detail"]
    assert "secret" not in response.text


@pytest.mark.parametrize(("failure", "expected"), STATUSES.items())
def test_a_person_gets_a_page(client, failure, expected):
    response = client.get(f"/page/{failure}/")
    assert response.status_code == expected[0]
    assert response["Content-Type"].startswith("text/html")
    assert "secret" not in response.text


def test_errors_of_fields_and_further_members_stand_in_the_body(client):
    assert client.get("/api/fail/malformed/").json()["errors"] == [
        {"field": "/name", "rule": "REQUIRED", "message": "Give a name."}
    ]
    assert client.get("/api/fail/conflict/").json()["head"] == "abc"


def test_the_answer_says_when_to_come_back(client):
    assert client.get("/api/fail/rate-limited/")["Retry-After"] == "7"
    assert client.get("/api/fail/unavailable/")["Retry-After"] == "1"
    assert client.get("/page/unavailable/")["Retry-After"] == "1"


def test_the_answer_says_how_to_authenticate(client):
    assert client.get("/api/fail/unauthenticated/")["WWW-Authenticate"] == 'Bearer realm="oms"'
    response = client.get("/api/members/")
    assert response.status_code == 401
    assert "WWW-Authenticate" in response


def test_no_view_at_an_address_is_404_in_the_reader_s_form(client):
    assert client.get("/api/nowhere/").json()["type"] == "urn:oms:problem:not-found"
    assert client.get("/nowhere/")["Content-Type"].startswith("text/html")


def test_a_method_that_is_not_there_is_405_and_names_those_that_are(client):
    response = client.put("/api/echo/", {})
    assert response.status_code == 405
    assert response.json()["type"] == "urn:oms:problem:method-not-allowed"
    assert "POST" in response["Allow"]


def test_the_methods_of_an_address_can_be_asked(client):
    response = client.options("/api/groups/", headers={"x-user": "alice"})
    assert response.status_code == 204
    assert response["Allow"] == "POST, DELETE, OPTIONS"


def test_a_host_that_is_not_ours_is_400(client):
    response = client.get("/api/echo/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert response.json()["type"] == "urn:oms:problem:malformed"


def test_fields_that_are_wrong_are_named_by_pointers(client):
    body = {"members": [{"name": "a"}, {"name": "x" * 11, "age": "old"}], "labels": [1, "b"], "owner": {}, "nmae": "y"}
    response = client.post("/api/groups/", body)
    found = {(error["field"], error["rule"]) for error in response.json()["errors"]}
    assert response.status_code == 400
    assert found == {
        ("/name", "REQUIRED"),
        ("/members/1/name", "MAX_LENGTH"),
        ("/members/1/age", "INVALID"),
        ("/labels/1", "INVALID"),
        ("/owner/name", "REQUIRED"),
        ("/nmae", "UNKNOWN_FIELD"),
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [([], ""), ("text", ""), ({"name": "a", "owner": 3}, "/owner"), ({"name": "a", "members": {}}, "/members")],
)
def test_a_value_of_the_wrong_shape_is_named(client, body, field):
    response = client.post("/api/groups/", body)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_an_unknown_field_alone_is_refused(client):
    response = client.post("/api/groups/", {"name": "a", "owner": {"name": "b", "é/~": 1}})
    assert [(error["field"], error["rule"]) for error in response.json()["errors"]] == [
        ("/owner/é~1~0", "UNKNOWN_FIELD")
    ]


@pytest.mark.parametrize(
    "body", [{f"member{number}": 1 for number in range(5_000)}, {"name": "a", "numbers": ["x"] * 5_000}]
)
def test_of_thousands_of_errors_the_first_are_told(client, body):
    response = client.post("/api/groups/", body)
    assert response.status_code == 400
    assert len(response.json()["errors"]) == MAX_ERRORS


def test_query_parameters_are_named_by_a_question_mark(client):
    assert client.get("/api/query/?ref=main&depth=2&other=1").json() == {"ref": "main", "depth": 2}
    response = client.get("/api/query/?depth=x")
    assert response.status_code == 400
    assert {(error["field"], error["rule"]) for error in response.json()["errors"]} == {
        ("?ref", "REQUIRED"),
        ("?depth", "INVALID"),
    }
