"""The properties that a type has over REST: with where each comes from, in as many queries whatever there is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from history.engine.changes import Put
from history.models import Commit, Repository
from tests.factories import api_client_for

pytestmark = pytest.mark.django_db

TEXT = {"type": "string"}


@pytest.fixture
def client(alice: User, repository: Repository) -> APIClient:
    return api_client_for(alice)


def effective(client: APIClient, kind: str, name: str, ref: str = "") -> Any:
    return client.get(f"/api/v1/repositories/world/resources/{kind}/{name}/effective/", {"ref": ref} if ref else {})


def test_properties_come_by_name_with_their_origins(client: APIClient, commit: Callable[..., Commit]) -> None:
    made = commit(
        Put("value_type", "Mail", {"type": "string", "constraints": {"format": "email"}}),
        Put("interface", "Labelled", {"properties": {"label": TEXT}}),
        Put("interface", "Named", {"properties": {"nick": TEXT}, "extends": ["Labelled"]}),
        Put("object_type", "Agent", {"properties": {"mail": {"value_type": "Mail"}, "label": TEXT}}),
        Put(
            "object_type",
            "Person",
            {"properties": {"age": {"type": "long"}, "nick": TEXT}, "extends": ["Agent"], "implements": ["Named"]},
        ),
    )
    answer = effective(client, "object_type", "Person").json()
    assert (answer["kind"], answer["api_name"], answer["commit"]) == ("object_type", "Person", made.digest)
    assert answer["lineage"] == [{"kind": "object_type", "api_name": "Agent"}]
    assert [each["api_name"] for each in answer["interfaces"]] == ["Named", "Labelled"]
    assert [(each["name"], each["origin"]["api_name"], each["via"]) for each in answer["properties"]] == [
        ("age", "Person", "own"),
        ("label", "Agent", "extends"),
        ("mail", "Agent", "extends"),
        ("nick", "Person", "own"),
    ]
    mail = answer["properties"][2]
    assert mail["origin"]["kind"] == "object_type"
    assert (mail["content"]["type"], mail["content"]["constraints"]) == ({"type": "string"}, {"format": "email"})
    named = effective(client, "interface", "Named").json()
    assert ([each["api_name"] for each in named["lineage"]], named["interfaces"]) == (["Labelled"], [])


def test_a_ref_chooses_the_state(client: APIClient, commit: Callable[..., Commit]) -> None:
    before = commit(Put("object_type", "Person", {"properties": {"age": {"type": "long"}}}))
    commit(Put("object_type", "Person", {"properties": {"born": {"type": "date"}}}))
    assert [each["name"] for each in effective(client, "object_type", "Person").json()["properties"]] == ["born"]
    then = effective(client, "object_type", "Person", before.digest[:10]).json()
    assert ([each["name"] for each in then["properties"]], then["commit"]) == (["age"], before.digest)


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("object_type", "Nobody", "resource-not-found"),
        ("value_type", "Mail", "not-found"),
        ("nonsense", "Mail", "not-found"),
    ],
)
def test_what_has_no_properties_is_not_found(
    client: APIClient, commit: Callable[..., Commit], kind: str, name: str, code: str
) -> None:
    commit(Put("value_type", "Mail", TEXT))
    answer = effective(client, kind, name)
    assert (answer.status_code, answer.json()["type"]) == (404, f"urn:oms:problem:{code}")


def test_a_stranger_sees_none(repository: Repository, charlie: User) -> None:
    assert effective(api_client_for(charlie), "object_type", "Person").status_code == 404


def test_as_many_queries_are_asked_whatever_the_number_of_types_and_properties(
    client: APIClient, commit: Callable[..., Commit]
) -> None:
    asked = {}
    for count in (3, 30):
        shared = [Put("shared_property", f"s{number}", TEXT) for number in range(count)]
        properties = {f"p{number}": {"shared_property": f"s{number}"} for number in range(count)}
        parents = [
            Put("object_type", f"Parent{number}", {"properties": {f"q{number}": TEXT}}) for number in range(count)
        ]
        faces = [Put("interface", f"Face{number}", {"properties": {}}) for number in range(count)]
        person = {
            "properties": properties,
            "extends": [parent.name for parent in parents],
            "implements": [face.name for face in faces],
        }
        commit(*shared, *parents, *faces, Put("object_type", "Person", person))
        with CaptureQueriesContext(connection) as queries:
            assert len(effective(client, "object_type", "Person").json()["properties"]) == 2 * count
        asked[count] = len(queries)
    assert asked[30] == asked[3]
