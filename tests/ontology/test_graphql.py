"""The same over GraphQL."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from history.models import Branch
from tests.factories import api_client_for

pytestmark = pytest.mark.django_db

DOCUMENT = {"format": "oms/1", "resources": {"object_type": {"Person": {"properties": {}}}}}
IMPORT = """
mutation ($document: JSON!) {
  documentImport(repository: "world", branch: "main", document: $document) { commit { id } added removed }
}
"""
COMPARE = """
query ($base: String!) {
  compare(repository: "world", base: $base, head: "main") {
    mergeBase
    changes { kind apiName formerName change before after }
  }
  documentExport(repository: "world")
}
"""


def ask(client: APIClient, query: str, **variables: Any) -> Any:
    return client.post("/graphql/", {"query": query, "variables": variables}, format="json").json()


def test_import_export_and_compare(alice: User, main: Branch) -> None:
    client, root = api_client_for(alice), main.head_id
    report = ask(client, IMPORT, document=DOCUMENT)["data"]["documentImport"]
    main.refresh_from_db()
    assert report == {"commit": {"id": main.head_id}, "added": 1, "removed": 0}
    answer = ask(client, COMPARE, base=root)["data"]
    [change] = answer["compare"]["changes"]
    assert answer["compare"]["mergeBase"] == root
    assert (change["kind"], change["apiName"], change["change"], change["before"]) == (
        "object_type",
        "Person",
        "ADDED",
        None,
    )
    assert answer["documentExport"]["resources"]["object_type"] == {"Person": change["after"]}


def test_errors_carry_their_code_and_fields(alice: User, main: Branch) -> None:
    answer = ask(api_client_for(alice), IMPORT, document={**DOCUMENT, "format": "oms/9"})
    extensions = answer["errors"][0]["extensions"]
    assert extensions["code"] == "ontology-invalid"
    assert extensions["errors"][0]["field"] == "/document/format"
