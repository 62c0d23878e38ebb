"""Consumers over GraphQL, at the same time, in files of a pipeline, and for administrators."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from accounts.models import User
from history.engine.changes import Put
from history.models import Commit, Event, Repository, Role
from ontology.models import Consumer, ConsumerUsage
from ontology.services import Declared, consumer_register
from tests.factories import UserFactory, api_client_for, console_client_for
from tests.threads import at_once

PERSON = {"properties": {"age": {"type": "integer"}, "email": {"type": "string"}}}


@pytest.fixture
def model(commit: Callable[..., Commit]) -> Commit:
    return commit(Put("object_type", "Person", PERSON))


# --- GraphQL ------------------------------------------------------------------------------------------

REGISTER = """
mutation ($schema: JSON!) {
  consumerRegister(
    repository: "world", name: "billing", contact: "team"
    reads: [{kind: "object_type", type: "Person", property: "age"}]
    queries: ["{ person { email } }"]
    schemas: [{type: "Person", mode: WRITES, schema: $schema}]
  ) { name registeredBy reads { type property } writes { type property stale } }
}
"""


@pytest.fixture
def client(alice: User, model: Commit) -> APIClient:
    return api_client_for(alice)


def ask(client: APIClient, query: str, **variables: Any) -> Any:
    return client.post("/graphql/", {"query": query, "variables": variables}, format="json").json()


@pytest.mark.django_db
def test_the_same_over_graphql(client: APIClient) -> None:
    registered = ask(client, REGISTER, schema={"required": ["age"]})["data"]["consumerRegister"]
    assert registered == {
        "name": "billing",
        "registeredBy": "alice",
        "reads": [{"type": "Person", "property": "age"}, {"type": "Person", "property": "email"}],
        "writes": [{"type": "Person", "property": "age", "stale": False}],
    }
    read = '{ consumers(repository: "world") { name contact } consumer(repository: "world", name: "BILLING") { name } }'
    assert ask(client, read)["data"] == {
        "consumers": [{"name": "billing", "contact": "team"}],
        "consumer": {"name": "billing"},
    }
    remove = 'mutation { consumerRemove(repository: "world", name: "billing") }'
    assert ask(client, remove)["data"] == {"consumerRemove": "billing"}
    [error] = ask(client, remove)["errors"]
    assert (error["extensions"]["code"], error["extensions"]["status"]) == ("consumer-not-found", 404)
    [error] = ask(client, REGISTER, schema={"required": ["x"]})["errors"]
    assert error["extensions"]["errors"][0]["field"] == "/schemas/0/schema/required/0"


@pytest.mark.django_db
def test_a_page_that_is_too_long_is_refused_over_graphql(client: APIClient) -> None:
    [error] = ask(client, '{ consumers(repository: "world", limit: 51) { name } }')["errors"]
    assert error["extensions"]["errors"][0]["rule"] == "OUT_OF_RANGE"


# --- At the same time -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_eight_registrations_of_one_name_at_once_make_one_consumer(
    alice: User, repository: Repository, model: Commit
) -> None:
    def register(number: int) -> bool:
        declared = Declared(reads=[(("object_type", "Person"), ("age", "email")[number % 2])])
        name = ("billing", "Billing")[number % 2]
        return consumer_register(actor=alice, repository=repository, name=name, declared=declared).created

    assert sorted(at_once(8, register)) == [False] * 7 + [True]
    consumer = Consumer.objects.get()
    [usage] = ConsumerUsage.objects.all()
    assert (consumer.name, usage.property) in {("billing", "age"), ("Billing", "email")}
    registered = Event.objects.filter(type="io.oms.ontology.consumer.registered").order_by("-id")
    assert json.loads(bytes(registered[0].body))["data"]["consumer"] == consumer.name


# --- Files ----------------------------------------------------------------------------------------------

BASE = """
format: oms/1
resources:
  object_type:
    Person: {status: active, properties: {age: {type: integer, status: active}, email: {type: string}}}
"""
CONSUMERS = """
- name: billing
  reads: [{kind: object_type, type: Person, property: age}]
- {name: mailing, writes: [{kind: object_type, type: Person, property: email}]}
"""


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], tuple[int, str, str]]:
    """Exit status, output and errors of a check of Person without age for these consumers."""
    head = BASE.replace("age: {type: integer, status: active}, ", "")
    for name, text in (("base", BASE), ("head", head)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")

    def run(consumers: str) -> tuple[int, str, str]:
        (tmp_path / "consumers.yaml").write_text(consumers, encoding="utf-8")
        options = {name: str(tmp_path / f"{name}.yaml") for name in ("base", "head", "consumers")}
        status = 0
        try:
            call_command("check_ontology", **options, format="json", fail_on="critical")
        except SystemExit as ended:
            status = int(str(ended.code))
        return status, *capsys.readouterr()

    return run


def test_the_consumers_of_a_file_are_broken_too(check: Any) -> None:
    status, output, _ = check(CONSUMERS)
    assert (status, [each["consumers"] for each in json.loads(output)["findings"]]) == (1, [["billing"]])
    assert (
        check(
            json.dumps([{"name": "mailing", "reads": [{"kind": "object_type", "type": "Person", "property": "email"}]}])
        )[0]
        == 0
    )


@pytest.mark.parametrize(
    ("consumers", "sentence"),
    [
        ("name: billing", "The file must be a list, not an object."),
        ("- {reads: []}", "/0/name: The field name is missing."),
        ("- {name: x, raeds: []}", "/0/raeds: A consumer has no field 'raeds'; the nearest is 'reads'."),
        ("- {name: x, reads: [3]}", "/0/reads/0: A usage must be an object, not a number."),
        ("- {name: x, reads: [{kind: object_type}]}", "/0/reads/0/type: The field type is missing."),
        (
            "- {name: x, writes: [{kind: object_type, type: Person, property: agee}]}",
            "/0/writes/0/property: The object type 'Person' has no 'agee'; the nearest is 'age'.",
        ),
        (
            "- {name: x, writes: [{kind: object_type, type: Persn}]}",
            "/0/writes/0/type: There is no object type 'Persn'; the nearest is 'Person'.",
        ),
        ("[", "The text is not YAML"),
    ],
)
def test_what_is_wrong_with_a_file_of_consumers_is_bad_input(check: Any, consumers: str, sentence: str) -> None:
    status, output, errors = check(consumers)
    assert (status, output) == (2, "")
    assert sentence in errors


# --- Administrators -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_administrator_sees_consumers_and_forgets_them(alice: User, repository: Repository, model: Commit) -> None:
    declared = Declared(reads=[(("object_type", "Person"), "age")])
    consumer = consumer_register(actor=alice, repository=repository, name="billing", declared=declared).consumer
    client = console_client_for(UserFactory(username="ada", role=Role.ADMINISTRATOR))
    page = "/console/ontology/consumer/"
    assert "billing" in client.get(page).content.decode()
    assert "Person" in client.get(f"{page}{consumer.pk}/change/").content.decode()
    assert client.get(f"{page}add/").status_code == 403
    assert client.post(f"{page}{consumer.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Consumer.objects.exists()
    assert Event.objects.filter(type="io.oms.ontology.consumer.removed").exists()
    assert console_client_for(alice).get(page).status_code == 403
