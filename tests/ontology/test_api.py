"""Import, export and compare over REST, as Alice, Bob and Charlie meet them."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from history.models import Branch, Repository
from ontology.formats import FORMATS, WRITABLE
from tests.factories import api_client_for

pytestmark = pytest.mark.django_db

URL = "/api/v1/repositories/world"
DOCUMENT = {
    "format": "oms/1",
    "resources": {"object_type": {"Person": {"properties": {"name": {"type": "string"}}, "title_property": "name"}}},
}


@pytest.fixture
def client(alice: User, repository: Repository) -> APIClient:
    return api_client_for(alice)


def bring(client: APIClient, document: Any = DOCUMENT, query: str = "", **fields: Any) -> Any:
    body = {"format": "oms", "branch": "main", "document": document, **fields}
    return client.post(f"{URL}/import/{query}", body, format="json")


def test_an_import_answers_with_its_commit_and_what_changed(client: APIClient, main: Branch) -> None:
    response = bring(client, message="Bring people")
    assert response.status_code == 201
    main.refresh_from_db()
    assert response.json()["commit"]["id"] == main.head_id
    assert response.json()["commit"]["message"] == "Bring people"
    assert {name: response.json()[name] for name in ("added", "modified", "renamed", "removed")} == {
        "added": 1,
        "modified": 0,
        "renamed": 0,
        "removed": 0,
    }


def test_an_import_that_is_only_tried_leaves_nothing_behind(client: APIClient, main: Branch) -> None:
    head = main.head_id
    assert bring(client, query="?dry_run=true").status_code == 201
    main.refresh_from_db()
    assert main.head_id == head


def test_a_document_may_come_as_text(client: APIClient) -> None:
    assert bring(client, "format: oms/1\nresources: {interface: {Named: {}}}").status_code == 201
    assert bring(client, json.dumps(DOCUMENT)).status_code == 201


@pytest.mark.parametrize(
    ("body", "status", "field", "rule"),
    [
        ({"document": "a: 1\na: 2"}, 400, "/document", "DUPLICATE_KEY"),
        ({"document": "{"}, 400, "/document", "NOT_JSON"),
        ({"document": None}, 400, "/document", "NULL"),
        ({"format": "owl"}, 400, "/format", "INVALID_CHOICE"),
        ({"documnet": {}}, 400, "/documnet", "UNKNOWN_FIELD"),
        (
            {"document": {"format": "oms/1", "resources": {"thing": {}}}},
            422,
            "/document/resources/thing",
            "KIND_UNKNOWN",
        ),
        ({"message": " "}, 422, "/message", "REQUIRED"),
    ],
)
def test_a_bad_import_is_told_its_field(
    client: APIClient, main: Branch, body: dict[str, Any], status: int, field: str, rule: str
) -> None:
    head = main.head_id
    response = bring(client, **body)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert (field, rule) in {(error["field"], error["rule"]) for error in response.json()["errors"]}
    main.refresh_from_db()
    assert main.head_id == head


def test_an_import_into_a_branch_that_moved_or_is_not_there(client: APIClient, main: Branch) -> None:
    seen = main.head_id
    bring(client)
    stale = bring(client, {"format": "oms/1", "resources": {}}, expected_head=seen)
    main.refresh_from_db()
    assert (stale.status_code, stale.json()["head"]) == (409, main.head_id)
    assert bring(client, branch="nowhere").status_code == 404
    assert bring(client).status_code == 422


def test_an_export_is_canonical_and_comes_in_again(client: APIClient) -> None:
    bring(client)
    response = client.get(f"{URL}/export/?format=oms&ref=main")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.content == client.get(f"{URL}/export/").content
    assert response.json()["resources"]["object_type"]["Person"]["title_property"] == "name"
    client.post(f"{URL}/branches/", {"name": "copy"}, format="json")
    assert bring(client, response.content.decode(), branch="copy").status_code == 422


def test_an_export_may_be_yaml(client: APIClient) -> None:
    bring(client)
    response = client.get(f"{URL}/export/?format=oms-yaml")
    assert response["Content-Type"] == "application/yaml"
    assert response.content.startswith(b"format: oms/1\nresources:\n  object_type:\n    Person:\n")


@pytest.mark.parametrize("name", WRITABLE)
def test_an_export_is_had_by_the_media_type_of_its_format(client: APIClient, name: str) -> None:
    bring(client)
    media_type = FORMATS[name].media_type
    response = client.get(f"{URL}/export/?format={name}", headers={"accept": media_type})
    assert (response.status_code, response["Content-Type"]) == (200, media_type)


def test_an_export_of_what_is_not_there(client: APIClient) -> None:
    assert client.get(f"{URL}/export/?ref=nowhere").status_code == 404
    unknown = client.get(f"{URL}/export/?format=owl")
    assert unknown.status_code == 400
    assert unknown.json()["errors"][0]["field"] == "?format"


def test_compare_lists_what_differs_and_the_merge_base(client: APIClient, main: Branch) -> None:
    base = main.head_id
    bring(client)
    response = client.get(f"{URL}/compare/?base={base}&head=main")
    assert response.status_code == 200
    [change] = response.json()["changes"]
    assert response.json()["merge_base"] == base
    assert (change["kind"], change["api_name"], change["change"]) == ("object_type", "Person", "added")
    assert change["before"] is None
    assert change["after"]["title_property"] == "name"
    assert client.get(f"{URL}/compare/?head=main").json()["changes"] == []


def test_compare_needs_refs_that_are_there(client: APIClient) -> None:
    missing = client.get(f"{URL}/compare/")
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (400, "?head")
    assert client.get(f"{URL}/compare/?head=nowhere").status_code == 404


def test_bob_reads_and_charlie_sees_nothing(bob: User, charlie: User, client: APIClient) -> None:
    bring(client)
    expected = {bob: (200, 200, 403), charlie: (404, 404, 404)}
    for user, statuses in expected.items():
        own = api_client_for(user)
        seen = (
            own.get(f"{URL}/export/").status_code,
            own.get(f"{URL}/compare/?head=main").status_code,
            bring(own).status_code,
        )
        assert seen == statuses
    assert APIClient().get(f"{URL}/export/").status_code == 401


@pytest.mark.parametrize("size", [1, 400])
@pytest.mark.parametrize(("path", "queries"), [("export/", 5), ("compare/?head=main&base={root}", 12)])
def test_what_a_read_costs_does_not_grow_with_what_it_reads(
    client: APIClient, main: Branch, path: str, queries: int, size: int, django_assert_num_queries: Any
) -> None:
    url = f"{URL}/{path.format(root=main.head_id)}"
    types = {f"T{number}": {"properties": {}} for number in range(size)}
    bring(client, {"format": "oms/1", "resources": {"object_type": types}})
    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200
