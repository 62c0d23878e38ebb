"""Consumers are registered, found again by who they use, and forgotten."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from history.engine.changes import Delete, Put, Rename
from history.models import Commit, Event, Repository, Role
from history.services import branch_create, membership_set
from ontology.models import Consumer
from tests.factories import UserFactory, api_client_for

pytestmark = pytest.mark.django_db

URL = "/api/v1/repositories/world/consumers/"
PERSON = {
    "properties": {"personId": {"type": "string", "required": True}, "age": {"type": "integer"}},
    "status": "active",
}
AGE = {"kind": "object_type", "type": "Person", "property": "age"}
BILLING = {"name": "billing", "contact": "billing@example.com", "description": "Sends bills.", "reads": [AGE]}


@pytest.fixture
def model(commit: Callable[..., Commit]) -> Commit:
    return commit(
        Put("object_type", "Agent", {"properties": {"label": {"type": "string"}}}),
        Put("object_type", "Person", {**PERSON, "extends": ["Agent"]}),
        Put("interface", "Named", {"properties": {"label": {"type": "string"}}}),
    )


@pytest.fixture
def dora(repository: Repository, alice: User) -> User:
    """Develops the ontology."""
    dora = UserFactory(username="dora")
    membership_set(actor=alice, repository=repository, user=dora, role=Role.DEVELOPER)
    return dora


@pytest.fixture
def client(alice: User, model: Commit) -> APIClient:
    return api_client_for(alice)


def used(consumer: Any, mode: str = "reads") -> list[tuple[str, str, str, bool]]:
    return [(each["kind"], each["type"], each["property"], each["stale"]) for each in consumer[mode]]


def refused(response: Any) -> list[tuple[str, str]]:
    return [(error["field"], error["rule"]) for error in response.json()["errors"]]


# --- Registering --------------------------------------------------------------------------------------


def test_a_consumer_is_registered_and_shown(client: APIClient) -> None:
    response = client.post(URL, {**BILLING, "writes": [{"kind": "interface", "type": "Named"}]})
    assert response.status_code == 201
    answer = response.json()
    assert {key: answer[key] for key in ("name", "contact", "description", "registered_by")} == {
        "name": "billing",
        "contact": "billing@example.com",
        "description": "Sends bills.",
        "registered_by": "alice",
    }
    assert used(answer) == [("object_type", "Person", "age", False)]
    assert used(answer, "writes") == [("interface", "Named", "", False)]
    assert client.get(f"{URL}billing/").json() == client.get(f"{URL}BILLING/").json() == answer
    assert client.get(URL).json()["results"] == [answer]


def test_registering_again_replaces_all_of_it(client: APIClient) -> None:
    client.post(URL, {**BILLING, "reads": [AGE, {**AGE, "property": "personId"}]})
    response = client.put(f"{URL}Billing/", {"writes": [AGE]})
    assert response.status_code == 200
    answer = response.json()
    assert (answer["name"], answer["contact"], used(answer)) == ("Billing", "", [])
    assert used(answer, "writes") == [("object_type", "Person", "age", False)]
    assert Consumer.objects.get().name == "Billing"


def test_registering_the_same_again_changes_nothing(client: APIClient) -> None:
    first = client.post(URL, BILLING).json()
    response = client.post(URL, BILLING)
    assert (response.status_code, response.json()) == (200, first)
    assert Event.objects.filter(type="io.oms.ontology.consumer.registered").count() == 1


def test_a_put_registers_who_is_not_there_yet(client: APIClient) -> None:
    response = client.put(f"{URL}billing/", {"name": "Billing", "reads": [AGE]})
    assert (response.status_code, response.json()["name"]) == (201, "Billing")


def test_a_consumer_is_forgotten(client: APIClient) -> None:
    client.post(URL, BILLING)
    assert client.delete(f"{URL}BILLING/").status_code == 204
    assert client.get(f"{URL}billing/").status_code == 404
    assert client.delete(f"{URL}billing/").json()["type"] == "urn:oms:problem:consumer-not-found"


def test_a_dry_run_leaves_nothing_behind(client: APIClient) -> None:
    assert client.post(f"{URL}?dry_run=true", BILLING).status_code == 201
    assert not Consumer.objects.exists()
    client.post(URL, BILLING)
    assert client.delete(f"{URL}billing/?dry_run=true").status_code == 204
    assert Consumer.objects.exists()


def test_registering_and_forgetting_are_told(client: APIClient) -> None:
    client.post(URL, BILLING)
    client.delete(f"{URL}billing/")
    events = client.get("/api/v1/events/?repository=world").json()["results"][:2]
    assert [(event["type"], event["subject"], event["data"]) for event in events] == [
        (
            "io.oms.ontology.consumer.removed",
            "repositories/world/consumers/billing",
            {"repository": "world", "consumer": "billing"},
        ),
        (
            "io.oms.ontology.consumer.registered",
            "repositories/world/consumers/billing",
            {"repository": "world", "consumer": "billing", "reads": 1, "writes": 0},
        ),
    ]


def test_what_is_used_may_be_inherited(client: APIClient) -> None:
    reads = [{"kind": "object_type", "type": "Person", "property": "label"}]
    assert used(client.post(URL, {"name": "crm", "reads": reads}).json()) == [("object_type", "Person", "label", False)]


def test_what_is_used_is_looked_for_at_the_ref(client: APIClient, alice: User, repository: Repository) -> None:
    branch = branch_create(actor=alice, repository=repository, name="topic")
    client.post(
        "/api/v1/repositories/world/commits/",
        {
            "branch": branch.name,
            "message": "Add",
            "changes": [{"op": "put", "kind": "value_type", "name": "Color", "content": {"type": "string"}}],
        },
    )
    body = {"name": "paint", "reads": [{"kind": "value_type", "type": "Color"}]}
    assert refused(client.post(URL, body)) == [("/reads/0/type", "USAGE_UNKNOWN")]
    answer = client.post(URL, {**body, "ref": "topic"}).json()
    assert used(answer) == [("value_type", "Color", "", True)]


# --- What is wrong ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "status", "errors"),
    [
        ({"name": "a/b"}, 422, [("/name", "CONSUMER_NAME")]),
        ({"name": ""}, 422, [("/name", "CONSUMER_NAME")]),
        ({"contact": "x" * 201}, 422, [("/contact", "LENGTH")]),
        ({"description": "x" * 10_001}, 422, [("/description", "LENGTH")]),
        ({"reads": []}, 422, [("/reads", "REQUIRED")]),
        ({"reads": [{**AGE, "kind": "objct_type"}]}, 422, [("/reads/0/kind", "KIND_UNKNOWN")]),
        ({"reads": [{**AGE, "type": "Persn"}]}, 422, [("/reads/0/type", "USAGE_UNKNOWN")]),
        ({"writes": [AGE, {**AGE, "property": "ag"}]}, 422, [("/writes/1/property", "USAGE_UNKNOWN")]),
        ({"reads": [{"kind": "object_type"}]}, 400, [("/reads/0/type", "REQUIRED")]),
        ({"reads": [{**AGE, "field": "x"}]}, 400, [("/reads/0/field", "UNKNOWN_FIELD")]),
        ({"wrote": []}, 400, [("/wrote", "UNKNOWN_FIELD")]),
        ({"schemas": [{"type": "Person", "mode": "eats", "schema": {}}]}, 400, [("/schemas/0/mode", "INVALID_CHOICE")]),
    ],
)
def test_what_is_wrong_names_field_and_rule(client: APIClient, changed: Any, status: int, errors: Any) -> None:
    response = client.post(URL, {**BILLING, **changed})
    assert (response.status_code, refused(response)) == (status, errors)
    assert not Consumer.objects.exists()


def test_an_unknown_name_is_told_with_the_nearest(client: APIClient) -> None:
    response = client.post(URL, {**BILLING, "reads": [{**AGE, "type": "Persn"}, {**AGE, "property": "agee"}]})
    assert [error["message"] for error in response.json()["errors"]] == [
        "There is no object type 'Persn'; the nearest is 'Person'.",
        "The object type 'Person' has no 'agee'; the nearest is 'age'.",
    ]


def test_no_more_is_registered_than_the_limit(client: APIClient) -> None:
    many = [{**AGE, "property": f"p{number}"} for number in range(2_001)]
    assert ("/reads", "TOO_MANY") in refused(client.post(URL, {**BILLING, "reads": many}))
    assert client.post(URL, {**BILLING, "reads": [AGE] * 2_001}).status_code == 201


def test_another_name_in_the_body_than_in_the_address_is_refused(client: APIClient) -> None:
    assert refused(client.put(f"{URL}billing/", BILLING | {"name": "shipping"})) == [("/name", "NAME_MISMATCH")]


def test_a_ref_that_is_none_is_not_found(client: APIClient) -> None:
    assert client.post(URL, {**BILLING, "ref": "nowhere"}).status_code == 404


# --- Who may ------------------------------------------------------------------------------------------


def test_a_viewer_reads_and_does_not_register(bob: User, client: APIClient) -> None:
    client.post(URL, BILLING)
    viewer = api_client_for(bob)
    assert viewer.get(f"{URL}billing/").status_code == viewer.get(URL).status_code == 200
    for response in (
        viewer.post(URL, BILLING),
        viewer.put(f"{URL}x/", {"reads": [AGE]}),
        viewer.delete(f"{URL}billing/"),
    ):
        assert (response.status_code, response.json()["type"]) == (403, "urn:oms:problem:not-allowed")


def test_a_stranger_finds_nothing(charlie: User, client: APIClient) -> None:
    client.post(URL, BILLING)
    stranger = api_client_for(charlie)
    for response in (
        stranger.get(URL),
        stranger.get(f"{URL}billing/"),
        stranger.post(URL, BILLING),
        stranger.delete(f"{URL}billing/"),
    ):
        assert response.status_code == 404
    assert APIClient().get(URL).status_code == 401


def test_a_consumer_is_changed_by_who_registered_it_or_administers(dora: User, client: APIClient, alice: User) -> None:
    developer = api_client_for(dora)
    assert developer.post(URL, BILLING).status_code == 201
    assert client.put(f"{URL}billing/", {"reads": [AGE], "contact": "alice"}).json()["registered_by"] == "dora"
    assert developer.put(f"{URL}billing/", {"reads": [AGE]}).status_code == 200
    client.post(URL, {**BILLING, "name": "crm"})
    assert developer.put(f"{URL}crm/", {"reads": [AGE]}).status_code == 403
    assert developer.delete(f"{URL}crm/").status_code == 403
    assert client.delete(f"{URL}billing/").status_code == 204


# --- Renames ------------------------------------------------------------------------------------------


def test_a_usage_is_shown_under_the_names_that_renames_gave(client: APIClient, commit: Callable[..., Commit]) -> None:
    client.post(URL, {**BILLING, "writes": [{**AGE, "property": "label"}]})
    commit(Rename("object_type", "Person", "Human"))
    person = client.get("/api/v1/repositories/world/resources/object_type/Human/").json()["content"]
    person["properties"]["years"] = person["properties"].pop("age")
    commit(Put("object_type", "Human", person))
    answer = client.get(f"{URL}billing/").json()
    assert used(answer) == [("object_type", "Human", "years", False)]
    assert used(answer, "writes") == [("object_type", "Human", "label", False)]


def test_what_is_gone_is_stale(client: APIClient, commit: Callable[..., Commit]) -> None:
    client.post(URL, BILLING)
    commit(Delete("object_type", "Person"))
    assert used(client.get(f"{URL}billing/").json()) == [("object_type", "Person", "age", True)]


# --- Cost ---------------------------------------------------------------------------------------------


def queries(client: APIClient, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
        return len(captured)


def test_the_queries_of_the_list_do_not_grow(client: APIClient) -> None:
    client.post(URL, BILLING)
    few = queries(client, URL)
    for number in range(8):
        client.post(
            URL, {**BILLING, "name": f"more-{number}", "writes": [{**AGE, "type": "Agent", "property": "label"}]}
        )
    assert queries(client, URL) <= few
    assert len(client.get(f"{URL}?limit=3").json()["results"]) == 3
