"""Who may ask GraphQL, and how."""

import pytest
from graphql import build_schema, introspection_from_schema
from rest_framework.test import APIClient

from oms_project.graphql import COSTS, SCHEMA
from tests.factories import UserFactory, api_client_for, console_client_for

pytestmark = pytest.mark.django_db

VERSION = {"query": "{ version me { username } }"}


def test_what_is_said_to_cost_more_is_a_field_of_the_schema():
    types = introspection_from_schema(build_schema(SCHEMA.as_str()))["__schema"]["types"]
    fields = {field["name"] for each in types for field in each["fields"] or ()}
    assert COSTS.keys() <= fields


def test_whole_ontologies_cannot_be_asked_for_by_the_dozen(alice):
    exports = " ".join(f'a{number}: documentExport(repository: "crm")' for number in range(4))
    errors = api_client_for(alice).post("/graphql/", {"query": f"{{ {exports} }}"}).json()["errors"]
    assert [error["extensions"]["code"] for error in errors] == ["operation-too-large"]


@pytest.fixture
def alice():
    return UserFactory(username="alice")


def test_a_bearer_of_a_token_is_answered_and_needs_no_csrf_token(alice):
    response = api_client_for(alice).post("/graphql/", VERSION)
    assert response.status_code == 200
    assert response.json()["data"]["me"] == {"username": "alice"}


def test_a_stranger_is_told_how_to_authenticate():
    response = APIClient().post("/graphql/", VERSION)
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_token_that_does_not_serve_is_401():
    response = APIClient(headers={"authorization": "Bearer nonsense"}).post("/graphql/", VERSION)
    assert response.status_code == 401
    assert 'error="invalid_token"' in response["WWW-Authenticate"]


def test_a_browser_session_needs_a_csrf_token(alice):
    browser = console_client_for(alice)
    browser.handler.enforce_csrf_checks = True
    refused = browser.post("/graphql/", VERSION, content_type="application/json")
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:oms:problem:csrf-failed"

    browser.cookies["csrftoken"] = token = "x" * 32
    allowed = browser.post("/graphql/", VERSION, content_type="application/json", headers={"x-csrftoken": token})
    assert allowed.status_code == 200
    assert allowed.json()["data"]["me"] == {"username": "alice"}
