"""Which branches break which consumers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from history.engine.changes import Put
from history.models import Branch, Commit, Repository
from history.selectors import branch_get
from history.services import branch_create, commit_create
from tests.factories import api_client_for

pytestmark = pytest.mark.django_db

URL = "/api/v1/repositories/world/compatibility/"
ACTIVE = {"type": "integer", "status": "active"}
BOTH = {"status": "active", "properties": {"age": ACTIVE, "height": ACTIVE}}
NONE = {"low": 0, "medium": 0, "high": 0, "critical": 0}


@pytest.fixture
def work(alice: User, repository: Repository, commit: Callable[..., Commit]) -> Callable[..., Branch]:
    """Gives Person these properties on a new branch of main, where Person has age and height."""
    commit(Put("object_type", "Person", BOTH))

    def make(name: str, *properties: str) -> Branch:
        branch = branch_create(actor=alice, repository=repository, name=name)
        content = {**BOTH, "properties": dict.fromkeys(properties, ACTIVE)}
        commit_create(actor=alice, branch=branch, changes=[Put("object_type", "Person", content)], message="Change")
        return branch_get(repository, name)

    return make


@pytest.fixture
def client(alice: User, work: Any) -> APIClient:
    client = api_client_for(alice)
    for name, property_ in (("billing", "age"), ("tailor", "height")):
        usage = {"kind": "object_type", "type": "Person", "property": property_}
        client.post("/api/v1/repositories/world/consumers/", {"name": name, "reads": [usage]})
    return client


def broken(answer: Any) -> dict[str, list[str]]:
    return {
        row["branch"]: [each["consumer"] for each in row["consumers"] if not each["compatible"]]
        for row in answer.json()["results"]
    }


def test_every_open_branch_is_held_against_every_consumer(client: APIClient, work: Any, repository: Repository) -> None:
    topic = work("topic", "height")
    work("safe", "age", "height", "weight")
    answer = client.get(URL).json()
    base = branch_get(repository, "main").head_id
    assert answer["count"] == 2
    safe, row = answer["results"]
    assert (safe["branch"], safe["compatible"], safe["counts"]) == ("safe", True, {**NONE, "low": 1})
    assert row == {
        "branch": "topic",
        "head": topic.head_id,
        "merge_base": base,
        "compatible": False,
        "counts": {**NONE, "critical": 1},
        "consumers": [
            {
                "consumer": "billing",
                "compatible": False,
                "severity": "critical",
                "counts": {**NONE, "critical": 1},
                "rules": ["PR_DELETED"],
            },
            {"consumer": "tailor", "compatible": True, "severity": None, "counts": NONE, "rules": []},
        ],
    }


def test_only_what_a_branch_did_itself_counts(client: APIClient, work: Any, commit: Callable[..., Commit]) -> None:
    work("topic", "height")
    commit(Put("object_type", "Person", {**BOTH, "properties": {"age": ACTIVE}}))
    assert broken(client.get(URL)) == {"topic": ["billing"]}


def test_another_base_is_what_branches_are_held_against(client: APIClient, work: Any) -> None:
    work("topic", "height")
    assert broken(client.get(f"{URL}?base=topic")) == {"main": []}


def test_closed_branches_are_left_out_unless_they_are_named(client: APIClient, work: Any) -> None:
    for name in ("a", "b", "c"):
        work(name, "height")
    Branch.objects.filter(name="b").update(archived_at=timezone.now())
    assert list(broken(client.get(URL))) == ["a", "c"]
    assert list(broken(client.get(f"{URL}?branches=b,c"))) == ["b", "c"]
    assert list(broken(client.get(f"{URL}?limit=1&offset=1"))) == ["c"]


@pytest.mark.parametrize(
    ("query", "status"), [("?branches=nowhere", 404), ("?base=nowhere", 404), ("?limit=51", 400), ("?limit=x", 400)]
)
def test_what_cannot_be_asked_is_refused(query: str, status: int, client: APIClient) -> None:
    assert client.get(URL + query).status_code == status


def test_a_stranger_finds_nothing_and_a_viewer_looks(bob: User, charlie: User, client: APIClient, work: Any) -> None:
    assert api_client_for(charlie).get(URL).status_code == 404
    assert api_client_for(bob).get(URL).status_code == 200


def queries(client: APIClient) -> int:
    client.get(URL)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(URL).status_code == 200
        return len(captured)


def test_a_branch_costs_a_bounded_number_of_queries_whatever_it_changed(client: APIClient, work: Any) -> None:
    none = queries(client)
    work("one", "height")
    of_one = queries(client) - none
    for number in range(4):
        work(f"more-{number}", *(f"property{each}" for each in range(30)))
    assert queries(client) - none <= 5 * of_one <= 5 * 16
    for number in range(10):
        usage = {"kind": "object_type", "type": "Person", "property": "age"}
        client.post("/api/v1/repositories/world/consumers/", {"name": f"consumer-{number}", "writes": [usage]})
    assert queries(client) - none <= 5 * of_one


def test_the_same_over_graphql(client: APIClient, work: Any) -> None:
    work("topic", "height")
    work("other", "age", "height", "weight")
    fields = "branch mergeBase compatible counts { critical } consumers { consumer compatible severity rules }"
    query = f'{{ compatibility(repository: "world", branches: ["topic"]) {{ {fields} }} }}'
    [row] = client.post("/graphql/", {"query": query}).json()["data"]["compatibility"]
    assert (row["branch"], row["compatible"], row["counts"]) == ("topic", False, {"critical": 1})
    assert row["consumers"][0] == {
        "consumer": "billing",
        "compatible": False,
        "severity": "critical",
        "rules": ["PR_DELETED"],
    }
