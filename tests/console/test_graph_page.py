"""The page of the graph, without a browser's scripts."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from history.engine.changes import Put
from history.models import Commit, Repository
from tests.console.pages import PERSON_PAGE, WORLD, text
from tests.console.test_pages import queries

Clients = Callable[[User], Client]
GRAPH = f"{WORLD}graph/"


@pytest.fixture
def world(person: Commit, commit: Callable) -> Commit:
    return commit(
        Put("interface", "Named", {}),
        Put("object_type", "Agent", {"properties": {}, "abstract": True, "implements": ["Named"]}),
        Put("object_type", "Company", {"properties": {}, "extends": ["Agent"]}),
        Put(
            "link_type",
            "employment",
            {"source": {"types": ["Person"]}, "target": {"types": ["Company"]}, "cardinality": "many_to_one"},
        ),
    )


def nodes(shown: str) -> dict[str, str]:
    """The boxes of the picture: where each leads, by name."""
    found = re.findall(r'href="([^"]*)" data-node="\d+" data-name="(\w+)"', shown)
    return {name: unescape(href) for href, name in found}


def test_types_are_drawn_and_what_ties_them(carol: User, world: Commit, client_of: Clients) -> None:
    shown = text(client_of(carol).get(GRAPH))
    assert set(nodes(shown)) == {"Agent", "Company", "Named", "Person"}
    assert len(re.findall(r'<path class="tie link"', shown)) == 1
    assert len(re.findall(r'<path class="tie extends"', shown)) == 1
    assert len(re.findall(r'<path class="tie implements"', shown)) == 1
    assert ">employment</text>" in shown
    assert nodes(shown)["Person"] == "?ref=main&focus=object_type/Person&depth=1"


@pytest.mark.parametrize(("depth", "near"), [("1", {"Person", "Company"}), ("2", {"Person", "Company", "Agent"})])
def test_the_neighbourhood_of_a_type_is_drawn(
    depth: str, near: set[str], alice: User, world: Commit, client_of: Clients
) -> None:
    shown = text(client_of(alice).get(f"{GRAPH}?focus=object_type/Person&depth={depth}"))
    assert set(nodes(shown)) == near
    assert nodes(shown)["Person"] == f"{PERSON_PAGE}?ref=main"
    assert "Linked to" in shown
    assert f"{WORLD}resources/link_type/employment/?ref=main" in shown


@pytest.mark.parametrize(
    ("asked", "focus"), [("Person", "Person"), ("person", "Person"), ("interface/Named", "Named"), ("comp", "Company")]
)
def test_a_type_is_found_by_its_name_or_a_part_of_it(
    asked: str, focus: str, alice: User, world: Commit, client_of: Clients
) -> None:
    assert client_of(alice).get(GRAPH, {"focus": asked}).context["focus"].name == focus


def test_what_may_be_meant_is_offered_and_what_is_not_there_is_not_found(
    alice: User, world: Commit, client_of: Clients
) -> None:
    client = client_of(alice)
    several = client.get(GRAPH, {"focus": "n"})
    assert several.status_code == 200
    assert [node.name for node, _ in several.context["suggestions"]] == ["Named", "Agent", "Company", "Person"]
    nothing = client.get(GRAPH, {"focus": "Nowhere"})
    assert nothing.status_code == 404
    assert "No type is called “Nowhere”." in text(nothing)
    assert set(nodes(text(nothing))) == {"Agent", "Company", "Named", "Person"}


def test_the_past_has_its_own_graph(alice: User, world: Commit, person: Commit, client_of: Clients) -> None:
    assert set(nodes(text(client_of(alice).get(f"{GRAPH}?ref={person.digest}")))) == {"Person"}


def test_an_empty_ontology_has_an_empty_graph(alice: User, repository: Repository, client_of: Clients) -> None:
    assert "Nothing here yet" in text(client_of(alice).get(GRAPH))


def test_pages_lead_to_the_graph(alice: User, world: Commit, client_of: Clients) -> None:
    client = client_of(alice)
    assert f'href="{GRAPH}?ref=main"' in text(client.get(WORLD))
    assert f'href="{GRAPH}?ref=main&amp;focus=object_type%2FPerson"' in text(client.get(PERSON_PAGE))
    assert f"{GRAPH}?ref=main&amp;focus" not in text(client.get(f"{WORLD}resources/struct_type/Address/"))


def test_a_stranger_sees_no_graph(charlie: User, world: Commit, client_of: Clients) -> None:
    assert client_of(charlie).get(GRAPH).status_code == 404


@pytest.mark.parametrize("focus", ["", "Company"])
def test_the_queries_of_the_graph_do_not_grow(
    focus: str, alice: User, world: Commit, commit: Callable, client_of: Clients
) -> None:
    client = client_of(alice)
    few = queries(client, f"{GRAPH}?focus={focus}")
    commit(*(Put("object_type", f"Thing{number}", {"properties": {}, "extends": ["Company"]}) for number in range(20)))
    assert queries(client, f"{GRAPH}?focus={focus}") <= few
