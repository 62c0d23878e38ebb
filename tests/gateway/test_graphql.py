"""Operations on a small schema that fails in every way, over HTTP."""

from typing import ClassVar

import pytest
import strawberry
import structlog
from django.contrib.auth.models import Group
from graphql import get_introspection_query
from rest_framework.permissions import IsAuthenticated
from rest_framework.test import APIClient

from gateway import exceptions, graphql
from oms_project.graphql import GraphQLView
from tests.gateway.site import FAILURES, HeaderAuthentication


@strawberry.type
class Leaf:
    @strawberry.field
    def leaf(self) -> "Leaf":
        return Leaf()

    value: int = 1


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, info: graphql.Info) -> str:
        return f"hello {info.context.user.pk}"

    @strawberry.field
    def everything(self) -> str:
        return "everything"

    @strawberry.field
    def twice(self, number: int) -> int:
        return number * 2

    @strawberry.field
    def leaf(self) -> Leaf:
        return Leaf()

    @strawberry.field
    def fail(self, how: str) -> int | None:
        raise FAILURES[how]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def make(self, name: str) -> int:
        if name == "broken":
            raise exceptions.Conflict("The name is taken.", name=name)
        return Group.objects.create(name=name).pk


class SmallGraphQLView(GraphQLView):
    authentication_classes: ClassVar = [HeaderAuthentication]
    permission_classes: ClassVar = [IsAuthenticated]
    graphql_schema = graphql.Schema(query=Query, mutation=Mutation, costs={"everything": graphql.WHOLE_STATE})


@pytest.fixture
def ask(settings):
    settings.ROOT_URLCONF = "tests.gateway.graphql_site"
    alice = APIClient(headers={"x-user": "alice"}, raise_request_exception=False)

    def ask(query, headers=None, **members):
        return alice.post("/graphql/", {"query": query} | members, headers=headers)

    ask.client = alice
    return ask


def test_an_operation_is_answered(ask):
    response = ask("query Q($n: Int!) { hello twice(number: $n) }", variables={"n": 4}, operationName="Q")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == {"data": {"hello": "hello alice", "twice": 8}}


def test_a_stranger_is_401(ask):
    response = APIClient().post("/graphql/", {"query": "{ hello }"})
    assert response.status_code == 401
    assert response.json()["type"] == "urn:oms:problem:unauthenticated"
    assert "WWW-Authenticate" in response


def test_whoever_is_known_may_introspect(ask):
    response = ask(get_introspection_query())
    assert "errors" not in response.json()


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        ("malformed", 400, "malformed"),
        ("conflict", 409, "conflict"),
        ("django-404", 404, "not-found"),
        ("django-403", 403, "forbidden"),
    ],
)
def test_an_error_of_the_table_has_its_code_and_the_rest_of_the_answer_stands(ask, failure, status, code):
    response = ask("query ($how: String!) { twice(number: 1) fail(how: $how) }", variables={"how": failure})
    error = response.json()["errors"][0]
    assert response.status_code == 200
    assert response.json()["data"] == {"twice": 2, "fail": None}
    assert (error["extensions"]["status"], error["extensions"]["code"]) == (status, code)
    assert error["path"] == ["fail"]
    assert error["locations"]
    assert error["message"]


def test_an_error_carries_its_fields_and_further_members(ask):
    assert ask('{ fail(how: "malformed") }').json()["errors"][0]["extensions"]["errors"] == [
        {"field": "/name", "rule": "REQUIRED", "message": "Give a name."}
    ]
    assert ask('{ fail(how: "conflict") }').json()["errors"][0]["extensions"]["head"] == "abc"


def test_what_nobody_foresaw_is_logged_and_not_told(ask):
    with structlog.testing.capture_logs() as logs:
        response = ask('{ fail(how: "bug") }')
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"]["code"] == "internal"
    assert "secret" not in response.text
    assert [entry["path"] for entry in logs if entry["event"] == "graphql_operation_failed"] == [["fail"]]


@pytest.mark.parametrize("failure", ["database", "redis", "unavailable"])
def test_a_dependency_that_is_down_is_503(ask, failure):
    response = ask("query ($how: String!) { fail(how: $how) }", variables={"how": failure})
    assert response.status_code == 503
    assert response["Retry-After"] == "1"
    assert response.json()["errors"][0]["extensions"]["code"] == "unavailable"
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{", None),
        ("{ unknown }", None),
        ('{ twice(number: "x") }', None),
        ("query ($n: Int!) { twice(number: $n) }", {"n": "x"}),
        ("query ($n: Int!) { twice(number: $n) }", None),
        ("{ hello hello: twice(number: 1) }", None),
        (r'{ fail(how: "a\u0000") }', None),
        (r'query ($how: String = "a\u0000") { fail(how: $how) }', None),
        ("subscription { hello }", None),
    ],
)
def test_a_document_that_does_not_fit_the_schema_is_malformed(ask, query, variables):
    with structlog.testing.capture_logs() as logs:
        response = ask(query, variables=variables)
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["malformed"]
    assert not [entry for entry in logs if entry["event"] == "graphql_operation_failed"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": ""},
        {"query": ["{ hello }"]},
        {"query": "{ hello }", "variables": "x"},
        {"query": "{ hello }", "operationName": {}},
        {"query": "{ hello }", "operationName": "Other"},
        {"query": "{ hello }" + " " * graphql.MAX_QUERY_LENGTH},
        [{"query": "{ hello }"}],
    ],
)
def test_a_request_that_names_no_operation_is_400(ask, body):
    response = ask.client.post("/graphql/", body)
    assert response.status_code == 400
    assert response.json()["type"] == "urn:oms:problem:malformed"


def test_only_post_serves(ask):
    assert ask.client.get("/graphql/?query={hello}").status_code == 405


def test_the_body_is_as_strict_and_bounded_as_elsewhere(ask, settings):
    duplicate = b'{"query": "{ hello }", "query": "{ hello }"}'
    assert ask.client.generic("POST", "/graphql/", duplicate, "application/json").status_code == 400
    over = {"CONTENT_LENGTH": str(settings.DOCUMENT_BODY_LIMIT + 1)}
    assert ask.client.generic("POST", "/graphql/", b"{}", "application/json", **over).status_code == 413
    assert ask.client.generic("POST", "/graphql/", b"{ hello }", "application/graphql").status_code == 415


def nested(levels):
    return "{" + "leaf{" * (levels - 1) + "value" + "}" * levels


def fragment_bomb(fragments):
    spreads = (
        f"fragment f{i} on Leaf {{ leaf {{ ...f{i + 1} }} b: leaf {{ ...f{i + 1} }} }}" for i in range(fragments)
    )
    return "{ leaf { ...f0 } } " + " ".join(spreads) + f" fragment f{fragments} on Leaf {{ value }}"


@pytest.mark.parametrize(
    ("largest", "too_large", "what"),
    [
        (nested(graphql.MAX_DEPTH), nested(graphql.MAX_DEPTH + 1), "nested levels"),
        (
            "{" + " ".join(f"a{i}: hello" for i in range(graphql.MAX_ALIASES)) + "}",
            "{" + " ".join(f"a{i}: hello" for i in range(graphql.MAX_ALIASES + 1)) + "}",
            "aliases",
        ),
        (fragment_bomb(3), fragment_bomb(5), "aliases"),
    ],
)
def test_the_largest_operation_that_is_served(ask, largest, too_large, what):
    assert "errors" not in ask(largest).json()
    errors = ask(too_large).json()["errors"]
    assert errors[0]["extensions"]["code"] == "operation-too-large"
    assert what in errors[0]["message"]


def test_fields_are_counted_as_often_as_their_fragment_is_spread(ask, monkeypatch):
    monkeypatch.setattr(graphql, "MAX_COST", 7)
    fragment = "fragment f on Leaf { leaf { value } }"
    assert "errors" not in ask(f"{{ leaf {{ ...f leaf {{ ...f }} }} hello }} {fragment}").json()
    errors = ask(f"{{ leaf {{ ...f leaf {{ ...f leaf {{ ...f }} }} }} hello }} {fragment}").json()["errors"]
    assert errors[0]["message"] == "The operation costs more than 7."


def test_a_field_costs_what_it_says(ask):
    assert "errors" not in ask("{ a: everything b: everything c: everything hello }").json()
    errors = ask("{ a: everything b: everything c: everything d: everything }").json()["errors"]
    assert errors[0]["extensions"] == {"code": "operation-too-large", "status": 413, "limit": graphql.MAX_COST}


@pytest.mark.parametrize(
    "query",
    [
        fragment_bomb(60),
        "{" * 40_000,
        "{ leaf " * 900 + "}" * 900,
        "{" + "hello " * graphql.MAX_TOKENS + "}",
        "{ ...f } fragment f on Query { ...g } fragment g on Query { ...f }",
    ],
)
def test_an_operation_made_to_exhaust_the_service_is_refused(ask, query):
    response = ask(query)
    assert response.status_code == 200
    assert {error["extensions"]["status"] for error in response.json()["errors"]} <= {400, 413}


def test_a_document_is_parsed_and_validated_once(ask, monkeypatch):
    validated = []
    measure = graphql.Measure

    def counting(*arguments):
        validated.append(1)
        return measure(*arguments)

    monkeypatch.setattr(graphql, "Measure", counting)
    for number in range(3):
        ask("query Once($n: Int!) { twice(number: $n) }", variables={"n": number})
    assert len(validated) == 1


@pytest.mark.django_db
def test_a_mutation_sent_again_under_its_key_is_executed_once(ask):
    answers = [ask('mutation { make(name: "readers") }', headers={"idempotency-key": "k"}) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert Group.objects.count() == 1


@pytest.mark.django_db
def test_a_mutation_that_is_refused_says_why(ask):
    error = ask('mutation { make(name: "broken") }').json()["errors"][0]
    assert error["message"] == "The name is taken."
    assert error["extensions"] == {"code": "conflict", "status": 409, "name": "broken"}
