"""The commits with their picture, without a browser's scripts."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from history.engine.changes import Put
from history.models import Branch, Commit, Repository
from history.selectors import branch_get, lanes
from history.services import branch_create
from merging.services import branch_merge
from tests.console.pages import WORLD, text
from tests.console.test_pages import queries

Clients = Callable[[User], Client]
COMMITS = f"{WORLD}commits/"


@pytest.fixture
def merged(alice: User, repository: Repository, person: Commit, commit: Callable) -> Commit:
    """``topic`` left main, came back by a merge, and went on."""
    branch_create(actor=alice, repository=repository, name="topic")
    commit(Put("value_type", "Color", {"type": "string"}), branch="topic", message="Add colors")
    commit(Put("value_type", "Shape", {"type": "string"}), message="Add shapes")
    merge = branch_merge(actor=alice, repository=repository, source="topic", target="main", message="Merge colors")
    commit(Put("value_type", "Size", {"type": "string"}), branch="topic", message="Add sizes")
    return merge.commit


def rows(shown: str) -> list[tuple[str, list[str], list[str]]]:
    """Each row's subject, the branches named at it, and its lines."""
    found = []
    for row in re.findall(r'<li id="[0-9a-f]{8}">(.*?)</li>', shown, re.DOTALL):
        subject = re.search(r'class="title"[^>]*>([^<]*)</a>', row)
        assert subject
        branches = re.findall(r'class="badge branch[^>]*>.*?<span>([^<]*)</span>', row)
        lines = re.findall(r'<path class="lane-\d" d="([^"]*)"/>', row)
        found.append((unescape(subject[1]), branches, lines))
    return found


def test_a_branch_is_drawn_with_what_was_merged_into_it(carol: User, merged: Commit, client_of: Clients) -> None:
    found = rows(text(client_of(carol).get(COMMITS)))
    assert [subject for subject, _, _ in found] == [
        "Merge colors",
        "Add shapes",
        "Add colors",
        "Describe people",
        "Create repository",
    ]
    assert [branches for _, branches, _ in found] == [["main"], [], [], [], []]
    assert [len(lines) for _, _, lines in found] == [2, 3, 3, 3, 1]
    assert found[0][2] == ["M10 24V48", "M10 24H17Q26 24 26 33V48"]
    assert found[3][2] == ["M10 24V0", "M10 24H17Q26 24 26 15V0", "M10 24V48"]


def test_all_branches_are_drawn_with_their_names(carol: User, merged: Commit, client_of: Clients) -> None:
    shown = text(client_of(carol).get(f"{COMMITS}?all=1"))
    assert [(subject, branches) for subject, branches, _ in rows(shown)][:2] == [
        ("Add sizes", ["topic"]),
        ("Merge colors", ["main"]),
    ]
    assert f'href="{WORLD}?ref=topic"' in shown
    assert "left out" not in shown


def test_what_the_lines_say_is_said_in_words(carol: User, merged: Commit, client_of: Clients) -> None:
    shown = text(client_of(carol).get(COMMITS))
    parents = [edge.parent_id[:8] for edge in merged.parent_edges.order_by("position")]
    assert f"Parents: {parents[0]} {parents[1]}" in shown
    assert "No parent" in shown
    assert shown.count('aria-hidden="true"><path') == len(rows(shown))
    assert "style=" not in shown.partition("<main")[2]


def test_branches_that_are_left_out_are_counted(
    carol: User, merged: Commit, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "HEADS", 1)
    client = client_of(carol)
    assert "1 more is left out" in text(client.get(f"{COMMITS}?all=1"))
    assert "left out" not in text(client.get(COMMITS))


def test_many_branches_at_one_commit_are_counted(
    carol: User, alice: User, repository: Repository, person: Commit, client_of: Clients
) -> None:
    for number in range(12):
        branch_create(actor=alice, repository=repository, name=f"topic-{number:02}")
    shown = text(client_of(carol).get(COMMITS))
    assert rows(shown)[0][1] == ["main", *(f"topic-{number:02}" for number in range(9))]
    assert "3 more" in shown


def test_the_lines_go_on_on_the_next_page(
    carol: User, merged: Commit, commit: Callable, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(carol)
    whole = rows(text(client.get(f"{COMMITS}?all=1")))
    monkeypatch.setattr("history.views.commits.PAGE", 2)
    found, response = [], client.get(f"{COMMITS}?all=1")
    while True:
        found += rows(text(response))
        if not response.context["behind"]:
            break
        response = client.get(f"{COMMITS}?all=1&from={response.context['behind']}")
    assert found == whole


def test_the_questions_do_not_grow_with_the_branches(
    alice: User, repository: Repository, person: Commit, commit: Callable, client_of: Clients
) -> None:
    client = client_of(alice)
    few = queries(client, f"{COMMITS}?all=1")
    for number in range(25):
        Branch.objects.create(repository=repository, name=f"topic-{number}", head=person, created_by=alice)
        commit(Put("value_type", f"Kind{number}", {"type": "string"}), branch=f"topic-{number}")
    assert branch_get(repository, "topic-24").head != person
    assert queries(client, f"{COMMITS}?all=1") == few
