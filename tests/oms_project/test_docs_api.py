"""The page about the API lists everything that there is, and its examples are real."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.urls import resolve
from rest_framework.test import APIClient

from accounts.engine.roles import GRANTS
from gateway import graphql
from gateway.exceptions import OMSError
from history.models import Role
from oms_project.contracts import openapi
from oms_project.graphql import SCHEMA
from ontology.graphql.walks import MAX_ROWS
from tests.factories import UserFactory, api_client_for
from tests.oms_project.markdown import ROOT, fenced, first_names, names, sections, table

PAGE = "docs/api.md"
APPS = ("gateway", "history", "accounts", "ontology", "merging")
ENDPOINTS = (
    "Accounts",
    "Repositories",
    "Branches and commits",
    "Resources",
    "Whole ontologies and merging",
    "Proposals",
    "Protection",
    "Consumers",
)
RULE = re.compile(r"[A-Z]{3,}(_[A-Z0-9]+)*")
NOT_RULES = re.compile(
    r"GET|POST|PUT|PATCH|DELETE|NFC|NFKC|NFKD|JSON|JWT|OKP|RSA|API|OMS|URL|HTML|ABSENT|BROWSER_SESSION|ENGINE|NAME|OPR|OPTIONS|FILE|SOURCE"
    r"|(HTTP|CONTENT|REMOTE|OMS)_.*"
)
NEVER_ANSWERED = frozenset({"conflict", "invalid", "locked", "precondition-failed", "rate-limited"})
"""Roots of the table of errors of which only others are raised."""


def test_every_endpoint_is_documented() -> None:
    rows = [row for heading in (*ENDPOINTS, "Events and health") for row in table(PAGE, heading)]
    documented = {(row[0], names(row[1])[0]): set(row[3].split(", ")) for row in rows}
    assert documented == {
        (method.upper(), path): operation["responses"].keys() - {"default"}
        for path, operations in openapi()["paths"].items()
        for method, operation in operations.items()
    }


def test_the_other_addresses_exist() -> None:
    other = sections(PAGE)["Events and health"].split("outside the OpenAPI document:")[1]
    assert all(resolve(address) for address in names(other))


def problems(root: type[OMSError] = OMSError) -> Iterator[type[OMSError]]:
    for problem in root.__subclasses__():
        if problem.__module__.startswith(APPS):
            yield problem
        yield from problems(problem)


def test_every_type_of_problem_is_documented() -> None:
    documented = [(int(row[0]), names(row[1])[0]) for row in table(PAGE, "Errors")]
    raised = {(problem.status, problem.code) for problem in problems() if hasattr(problem, "status")}
    assert sorted(documented) == sorted(problem for problem in raised if problem[1] not in NEVER_ANSWERED)


@cache
def constants() -> frozenset[str]:
    """The texts in the code of the apps but for the console's pages, migrations and the names that modules export."""
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py") if not {"views", "migrations"} & {*path.parts}]
    statements = (each for path in paths for each in ast.parse(path.read_text(encoding="utf-8")).body)
    nodes = (node for each in statements if not _exports(each) for node in ast.walk(each))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _exports(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"


def test_every_rule_is_documented() -> None:
    rows = [
        row
        for heading in ("Of a content", "Of a commit", "Of a state", "Of a merge", "Of a document")
        for row in table("docs/ontology.md", heading)
    ]
    left_out = [
        table("docs/formats.md", heading, place)
        for heading, place in (
            ("Omissions of LinkML", 0),
            ("OWL, RDFS and SHACL", 1),
            ("JSON Schema and generated code", 1),
            ("SQL databases", 1),
        )
    ]
    codes = {code for rows in left_out for row in rows for code in names(row[0])}
    asked = first_names(table(PAGE, "Protection", 1))
    documented = {*first_names(table(PAGE, "Rules")), *asked, *(rule for row in rows for rule in names(row[0])), *codes}
    raised = {text for text in constants() if RULE.fullmatch(text) and not NOT_RULES.fullmatch(text)}
    assert documented == raised | {"UNKNOWN_FIELD"}


def test_every_permission_and_who_has_it_is_documented() -> None:
    roles = ["viewer", "reviewer", "developer", "service"]
    documented = {
        names(row[0])[0]: {role for role, cell in zip(roles, row[1:], strict=True) if cell}
        for row in table(PAGE, "Signing in", 1)
    }
    granted = {permission for role in roles for permission in GRANTS[role]}
    administrators = {
        "history.administer_repository",
        "history.view_all_events",
        "merging.override_finding",
        "accounts.view_users",
        "accounts.manage_users",
    }
    assert administrators <= constants()
    assert documented == {
        permission: {role for role in roles if permission in GRANTS[role]} for permission in granted | administrators
    }
    assert {*roles, "administrator"} == set(Role.values)


def test_every_type_of_event_is_documented() -> None:
    written = {text for text in constants() if re.fullmatch(r"io\.oms(\.[a-z_]+){3}", text)}
    assert set(first_names(table(PAGE, "Events"))) == written


def test_the_graphql_fields_and_limits_are_documented() -> None:
    roots = {row[0]: set(names(row[1])) for row in table(PAGE, "GraphQL")}
    schema = SCHEMA._schema
    assert schema.query_type
    assert schema.mutation_type
    assert roots == {"Query": set(schema.query_type.fields), "Mutation": set(schema.mutation_type.fields)}
    limits = [int(row[1].replace(",", "")) for row in table(PAGE, "GraphQL", 1)]
    assert limits == [
        graphql.MAX_DEPTH,
        graphql.MAX_ALIASES,
        graphql.MAX_COST,
        graphql.MAX_TOKENS,
        graphql.MAX_QUERY_LENGTH,
        graphql.MAX_LIMIT,
        MAX_ROWS,
    ]
    costs = f"a whole ontology costs {graphql.WHOLE_STATE}, a page of resources, commits or events {graphql.LONG_PAGE},"
    assert costs in sections(PAGE)["GraphQL"]


EXCHANGE = re.compile(
    r"(?P<method>\w+) (?P<address>\S+)\n(\n(?P<sent>\{.*?\})\n)?"
    r"\nHTTP/1\.1 (?P<status>\d+) [^\n]*\n(?P<headers>.*?)\n\n(?P<answered>.*)",
    re.DOTALL,
)
EXAMPLES = fenced(PAGE, "http")


@pytest.fixture
def bob(db: None) -> APIClient:
    """Develops the ontology that the documentation shows."""
    client = api_client_for(UserFactory(username="bob", role=Role.DEVELOPER))
    client.post("/api/v1/repositories/", {"name": "library"})
    document = json.loads(fenced("docs/ontology.md", "json")[0])
    client.post("/api/v1/repositories/library/import/", {"branch": "main", "document": document})
    return client


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.partition("\n")[0])
def test_every_example_of_an_answer_is_real(example: str, bob: APIClient) -> None:
    exchange = EXCHANGE.fullmatch(example)
    assert exchange
    answer = bob.generic(
        exchange["method"], exchange["address"], exchange["sent"] or "", content_type="application/json"
    )
    assert str(answer.status_code) == exchange["status"]
    headers = dict(header.split(": ", 1) for header in exchange["headers"].splitlines())
    assert {name: answer.headers[name] for name in headers} == headers
    printed = json.loads(exchange["answered"])
    assert shown(answer.json(), printed) == printed


def shown(value: Any, example: Any) -> Any:
    """``value`` with three dots where the example has them."""
    if example == "…":
        return example
    if isinstance(value, dict) and isinstance(example, dict):
        return {key: shown(member, example.get(key)) for key, member in value.items()}
    if isinstance(value, list) and isinstance(example, list) and len(value) == len(example):
        return [shown(item, other) for item, other in zip(value, example, strict=True)]
    return value
