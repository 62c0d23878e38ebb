"""Walks along an ontology over GraphQL: what they find, that queries follow their steps alone, and their limits."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from history.engine.changes import Put
from history.models import Commit, Repository
from ontology.graphql import walks
from tests.factories import api_client_for
from tests.ontology.test_graphql import ask

pytestmark = pytest.mark.django_db

TEXT = {"type": "string"}


@pytest.fixture
def client(alice: User, repository: Repository) -> APIClient:
    return api_client_for(alice)


@pytest.fixture
def world(commit: Callable[..., Commit]) -> Commit:
    return commit(
        Put("value_type", "Mail", {"type": "string", "constraints": {"format": "email"}}),
        Put("interface", "Labelled", {"properties": {"label": TEXT}}),
        Put("interface", "Named", {"properties": {"nick": TEXT}, "extends": ["Labelled"]}),
        Put("object_type", "Agent", {"properties": {"mail": {"value_type": "Mail", "required": True}}}),
        Put("object_type", "Company", {"properties": {}, "extends": ["Agent"], "status": "active"}),
        Put(
            "object_type",
            "Person",
            {
                "display_name": {"en": "Person", "ko": "사람"},
                "properties": {"age": {"type": "long"}, "label": TEXT, "nick": TEXT},
                "extends": ["Agent"],
                "implements": ["Named"],
            },
        ),
        Put(
            "link_type",
            "employment",
            {
                "source": {"types": ["Person"], "api_name": "employer"},
                "target": {"types": ["Company"], "api_name": "employees"},
                "cardinality": "many_to_one",
                "properties": {"since": {"type": "date"}},
            },
        ),
        Put(
            "link_type",
            "knows",
            {"source": {"types": ["Agent"]}, "target": {"types": ["Named"]}, "cardinality": "many_to_many"},
        ),
    )


def walked(client: APIClient, fields: str, **variables: Any) -> Any:
    answer = ask(client, f'{{ ontology(repository: "world") {{ {fields} }} }}', **variables)
    assert "errors" not in answer, answer
    return answer["data"]["ontology"]


def test_types_are_walked_along_inheritance(client: APIClient, world: Commit) -> None:
    found = walked(
        client,
        """
        commit
        objectType(name: "Person") {
          displayName korean: displayName(language: "ko") status
          extends { apiName heirs { apiName } }
          implements { apiName implementers { apiName } }
          interfaces { apiName extends { apiName } heirs { apiName } }
          lineage { kind apiName }
        }
        nobody: objectType(name: "Nobody") { rid }
        """,
    )
    assert (found["commit"], found["nobody"]) == (world.digest, None)
    assert found["objectType"] == {
        "displayName": "Person",
        "korean": "사람",
        "status": "experimental",
        "extends": [{"apiName": "Agent", "heirs": [{"apiName": "Company"}, {"apiName": "Person"}]}],
        "implements": [{"apiName": "Named", "implementers": [{"apiName": "Person"}]}],
        "interfaces": [
            {"apiName": "Named", "extends": [{"apiName": "Labelled"}], "heirs": []},
            {"apiName": "Labelled", "extends": [], "heirs": [{"apiName": "Named"}]},
        ],
        "lineage": [{"kind": "object_type", "apiName": "Agent"}],
    }


def test_properties_come_with_their_origin_and_what_they_take(client: APIClient, world: Commit) -> None:
    found = walked(
        client,
        """
        objectType(name: "Person") {
          properties { name type required origin { kind apiName } via }
          own: properties(inherited: false) { name }
        }
        linkType(name: "employment") { properties { name type via } }
        """,
    )
    person = found["objectType"]
    assert [each["name"] for each in person["properties"]] == ["age", "label", "mail", "nick"]
    assert person["properties"][2] == {
        "name": "mail",
        "type": {"type": "string"},
        "required": True,
        "origin": {"kind": "object_type", "apiName": "Agent"},
        "via": "EXTENDS",
    }
    assert [each["name"] for each in person["own"]] == ["age", "label", "nick"]
    assert found["linkType"]["properties"] == [{"name": "since", "type": {"type": "date"}, "via": "OWN"}]


def test_links_lead_from_type_to_type(client: APIClient, world: Commit) -> None:
    found = walked(
        client,
        """
        objectType(name: "Person") {
          links {
            apiName side cardinality origin { apiName } target { apiName }
            linkType { apiName source { apiName types { apiName } } target { types { kind } } }
          }
          own: links(inherited: false) { linkType { apiName } }
        }
        """,
    )["objectType"]
    assert [(each["linkType"]["apiName"], each["side"], each["origin"]["apiName"]) for each in found["links"]] == [
        ("employment", "SOURCE", "Person"),
        ("knows", "SOURCE", "Agent"),
        ("knows", "TARGET", "Named"),
    ]
    employer, knows, known = found["links"]
    assert (employer["apiName"], employer["cardinality"]) == ("employer", "many_to_one")
    assert employer["target"] == [{"apiName": "Company"}]
    assert employer["linkType"]["source"] == {"apiName": "employer", "types": [{"apiName": "Person"}]}
    assert (knows["apiName"], knows["target"], known["target"]) == (
        None,
        [{"apiName": "Named"}],
        [{"apiName": "Agent"}],
    )
    assert knows["linkType"]["target"] == {"types": [{"kind": "interface"}]}
    assert found["own"] == [{"linkType": {"apiName": "employment"}}]


def test_pages_are_searched_and_counted(client: APIClient, world: Commit) -> None:
    found = walked(
        client,
        """
        objectTypes(search: "e", limit: 1, offset: 1) { total items { apiName } }
        interfaces { total items { apiName } }
        linkTypes(limit: 1) { total items { apiName } }
        """,
    )
    assert found == {
        "objectTypes": {"total": 2, "items": [{"apiName": "Person"}]},
        "interfaces": {"total": 2, "items": [{"apiName": "Labelled"}, {"apiName": "Named"}]},
        "linkTypes": {"total": 2, "items": [{"apiName": "employment"}]},
    }


def test_a_ref_chooses_the_state(client: APIClient, world: Commit, commit: Callable[..., Commit]) -> None:
    commit(Put("object_type", "Animal", {"properties": {}}))
    query = 'query ($ref: String!) { ontology(repository: "world", ref: $ref) { commit objectType(name: "Animal") { rid } } }'
    assert ask(client, query, ref="main")["data"]["ontology"]["objectType"]
    assert ask(client, query, ref=world.digest)["data"]["ontology"] == {"commit": world.digest, "objectType": None}


def test_a_stranger_walks_nowhere(repository: Repository, charlie: User) -> None:
    answer = ask(api_client_for(charlie), '{ ontology(repository: "world") { commit } }')
    assert answer["errors"][0]["extensions"]["code"] == "repository-not-found"


# --- How much it takes ------------------------------------------------------------------------------

EVERYTHING = """
{ ontology(repository: "world") {
  objectTypes(limit: 100) { total items {
    apiName displayName status
    properties { name type required origin { apiName } }
    extends { apiName heirs { apiName properties { name } links { apiName } } }
    heirs { apiName lineage { apiName links { linkType { apiName } } } }
    implements { apiName implementers { extends { apiName } } }
    interfaces { properties { name } }
    links { apiName side cardinality
      target { apiName properties { name } }
      linkType { apiName extends { apiName } source { types { apiName lineage { apiName } } } properties { name } } }
  } }
  interfaces(limit: 100) { items { heirs { apiName } implementers { apiName } links { apiName } } }
  linkTypes(limit: 100) { items { heirs { apiName } target { types { apiName } } properties { type } } }
} }
"""


def family(count: int) -> list[Put]:
    """As many families: a parent, a child and an interface, with links of their own and a value type."""
    return [
        put
        for each in range(count)
        for put in (
            Put("value_type", f"Mail{each}", TEXT),
            Put("interface", f"Named{each}", {"properties": {f"name{each}": TEXT}}),
            Put("object_type", f"Parent{each}", {"properties": {f"mail{each}": {"value_type": f"Mail{each}"}}}),
            Put(
                "object_type",
                f"Child{each}",
                {
                    "properties": {f"name{each}": TEXT},
                    "extends": [f"Parent{each}"],
                    "implements": [f"Named{each}"],
                },
            ),
            Put(
                "link_type",
                f"knows{each}",
                {
                    "source": {"types": [f"Child{each}"]},
                    "target": {"types": [f"Named{each}", f"Parent{each}"]},
                    "cardinality": "many_to_many",
                    "properties": {"mail": {"value_type": f"Mail{each}"}},
                },
            ),
            Put(
                "link_type",
                f"likes{each}",
                {"source": {}, "target": {}, "cardinality": "many_to_many", "extends": [f"knows{each}"]},
            ),
        )
    ]


def test_as_many_queries_are_asked_for_thirty_families_as_for_three(
    client: APIClient, commit: Callable[..., Commit]
) -> None:
    asked = {}
    for count in (3, 30):
        commit(*family(count))
        ask(client, EVERYTHING)
        with CaptureQueriesContext(connection) as queries:
            answer = ask(client, EVERYTHING)
        assert answer["data"]["ontology"]["objectTypes"]["total"] == 2 * count
        asked[count] = len(queries)
    assert asked[30] == asked[3]


def test_each_step_of_a_walk_asks_once(client: APIClient, commit: Callable[..., Commit]) -> None:
    commit(*family(30))
    ask(client, EVERYTHING)

    def asked(part: str = "") -> int:
        with CaptureQueriesContext(connection) as queries:
            walked(client, f"objectTypes {{ items {{ apiName {part} }} }}")
        return len(queries)

    page = asked()
    assert asked("extends { apiName status }") == page + 1
    assert asked("heirs { apiName }") == page + 1
    assert asked("properties { name }") <= page + 3


def test_an_answer_that_would_not_end_is_refused(
    client: APIClient, world: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walks, "MAX_ROWS", 20)
    short = ask(client, '{ ontology(repository: "world") { objectTypes { items { heirs { apiName } } } } }')
    assert "errors" not in short
    endless = "extends { heirs { extends { heirs { extends { heirs { apiName } } } } } }"
    long = ask(client, f'{{ ontology(repository: "world") {{ objectTypes {{ items {{ {endless} }} }} }} }}')
    extensions = long["errors"][0]["extensions"]
    assert (extensions["code"], extensions["limit"]) == ("operation-too-large", 20)


def test_a_walk_costs_as_much_as_a_whole_state(client: APIClient, world: Commit) -> None:
    several = " ".join(f'w{number}: ontology(repository: "world") {{ commit }}' for number in range(4))
    assert ask(client, f"{{ {several} }}")["errors"][0]["extensions"]["code"] == "operation-too-large"
