"""The JSON Schemas of the kinds over REST and GraphQL: for everybody, and kept by who has asked before."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from accounts.models import User
from ontology.engine.kinds import KINDS
from tests.factories import api_client_for

URL = "/api/v1/schemas/"


@pytest.fixture
def anybody() -> APIClient:
    return APIClient()


def test_the_list_leads_to_the_schema_of_every_kind(anybody: APIClient) -> None:
    rows = anybody.get(URL).json()["results"]
    assert [row["kind"] for row in rows] == list(KINDS)
    for row in rows:
        schema = anybody.get(row["url"]).json()
        assert schema["$id"] == row["id"]
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("accepted", ["application/schema+json", "application/json", "*/*"])
def test_a_schema_comes_by_its_own_media_type(anybody: APIClient, accepted: str) -> None:
    answer = anybody.get(f"{URL}value_type/", headers={"accept": accepted})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/schema+json")


def test_who_has_a_schema_is_not_sent_it_again(anybody: APIClient) -> None:
    answer = anybody.get(f"{URL}object_type/")
    assert answer["Cache-Control"] == "public, max-age=3600"
    again = anybody.get(f"{URL}object_type/", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    assert anybody.get(f"{URL}object_type/", headers={"if-none-match": '"other"'}).status_code == 200


def test_there_is_no_schema_of_another_kind(anybody: APIClient) -> None:
    answer = anybody.get(f"{URL}object_typ/")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:oms:problem:schema-not-found")


@pytest.mark.django_db
def test_graphql_has_the_same_schemas(alice: User, anybody: APIClient) -> None:
    client = api_client_for(alice)

    def ask(kind: str) -> Any:
        query = "query ($kind: String!) { contentSchema(kind: $kind) }"
        return client.post("/graphql/", {"query": query, "variables": {"kind": kind}}).json()

    assert ask("link_type")["data"]["contentSchema"] == anybody.get(f"{URL}link_type/").json()
    assert ask("link")["errors"][0]["extensions"]["code"] == "schema-not-found"
