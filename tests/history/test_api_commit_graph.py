"""GET /api/v1/repositories/{repository}/commit-graph/ and its twin of GraphQL: commits as a picture in rows."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from history.models import Branch, Repository
from history.selectors import branch_get, lanes
from history.services import branch_create
from history.services.commits import commit_write
from tests.history.contents import CRM, commit, head_of, put

URL = f"{CRM}commit-graph/"


@pytest.fixture
def merged(as_alice: APIClient, alice: User, repository: Repository) -> dict[str, str]:
    """The commits by letter: c and d on ``topic``, which is merged into ``main`` as e; f on ``other``."""
    made = {"a": head_of(as_alice), "b": commit(as_alice, put("B"))["id"]}
    for name in ("topic", "other"):
        branch_create(actor=alice, repository=repository, name=name)
    made["c"] = commit(as_alice, put("C"), branch="topic")["id"]
    made["d"] = commit(as_alice, put("D"))["id"]
    parents = [branch_get(repository, name).head for name in ("main", "topic")]
    merge = commit_write(
        repository=repository, author=alice, root=parents[0].root, parents=parents, message="Merge topic"
    )
    Branch.objects.filter(name="main").update(head=merge)
    made["e"] = merge.digest
    made["f"] = commit(as_alice, put("F"), branch="other")["id"]
    return made


def rows(client: APIClient, address: str) -> list[dict[str, Any]]:
    """All rows from ``address`` on, page by page."""
    found = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        found += answer.json()["results"]
        address = answer.json()["next"]
    return found


def told(made: dict[str, str], found: list[dict[str, Any]]) -> list[tuple[str, int, list[int], list[int], list[int]]]:
    letters = {digest: letter for letter, digest in made.items()}
    return [
        (letters[row["commit"]["id"]], row["lane"], row["passing"], row["joining"], row["leaving"]) for row in found
    ]


def test_a_ref_is_drawn_with_what_was_merged_into_it(as_alice: APIClient, merged: dict[str, str]) -> None:
    found = rows(as_alice, URL)
    assert told(merged, found) == [
        ("e", 0, [], [], [0, 1]),
        ("d", 0, [1], [0], [0]),
        ("c", 1, [0], [1], [1]),
        ("b", 0, [], [0, 1], [0]),
        ("a", 0, [], [0], []),
    ]
    assert found[0]["commit"]["parents"] == [merged["d"], merged["c"]]
    assert {row["commit"]["id"]: row["branches"] for row in found if row["branches"]} == {
        merged["e"]: ["main"],
        merged["c"]: ["topic"],
    }


def test_all_branches_are_drawn_beside_the_ref(as_alice: APIClient, merged: dict[str, str]) -> None:
    found = rows(as_alice, f"{URL}?all=true")
    assert told(merged, found)[:3] == [
        ("f", 1, [], [], [1]),
        ("e", 0, [1], [], [0, 2]),
        ("d", 0, [1, 2], [0], [0]),
    ]
    assert told(merged, found)[4] == ("b", 0, [], [0, 1, 2], [0])
    beside = rows(as_alice, f"{URL}?all=true&ref=other")
    assert told(merged, beside)[0] == ("f", 0, [], [], [0])


@pytest.mark.parametrize("every", ["true", "false"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_make_up_the_same_picture(as_alice: APIClient, merged: dict[str, str], every: str, limit: int) -> None:
    whole = rows(as_alice, f"{URL}?all={every}")
    assert rows(as_alice, f"{URL}?all={every}&limit={limit}") == whole


def test_a_page_goes_on_where_it_was_though_branches_move_on(as_alice: APIClient, merged: dict[str, str]) -> None:
    first = as_alice.get(f"{URL}?all=true&limit=2").json()
    rest = rows(as_alice, first["next"])
    commit(as_alice, put("G"))
    commit(as_alice, put("H"), branch="other")
    assert told(merged, rows(as_alice, first["next"])) == told(merged, rest)


def test_what_is_left_out_is_counted(
    as_alice: APIClient, merged: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert as_alice.get(f"{URL}?all=true").json()["left_out"] == 0
    monkeypatch.setattr(lanes, "HEADS", 1)
    answer = as_alice.get(f"{URL}?all=true&limit=1&ref=topic").json()
    assert answer["left_out"] == 2
    assert as_alice.get(answer["next"]).json()["left_out"] == 2
    drawn = [letter for letter, *_ in told(merged, rows(as_alice, f"{URL}?all=true&ref=topic"))]
    assert drawn == ["f", "c", "b", "a"]
    assert as_alice.get(URL).json()["left_out"] == 0


def test_of_many_branches_at_one_commit_the_first_are_named(
    as_alice: APIClient, alice: User, repository: Repository
) -> None:
    head = head_of(as_alice)
    Branch.objects.bulk_create(
        Branch(repository=repository, name=f"a{number:02}", head_id=head, created_by=alice) for number in range(12)
    )
    (row,) = rows(as_alice, f"{URL}?all=true")
    assert row["branches"] == ["main", *(f"a{number:02}" for number in range(9))]
    assert row["branch_count"] == 13


def test_a_stranger_is_told_that_there_is_none(as_charlie: APIClient, merged: dict[str, str]) -> None:
    assert as_charlie.get(URL).status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("all=maybe", 400),
        ("limit=0", 400),
        ("limit=501", 400),
        ("ref=nothing", 404),
        ("cursor=x", 400),
        ("cursor=.", 400),
        ("cursor=%00", 400),
        (f"cursor={'A' * 16}.", 400),
        (f"cursor={'a' * 16}.", 400),
    ],
)
def test_a_query_that_makes_no_sense_is_told(
    as_alice: APIClient, repository: Repository, query: str, status: int
) -> None:
    assert as_alice.get(f"{URL}?{query}").status_code == status


def test_a_cursor_is_taken_as_it_was_given_and_in_its_repository_only(
    as_alice: APIClient, merged: dict[str, str]
) -> None:
    following = urlsplit(as_alice.get(f"{URL}?all=true&limit=2").json()["next"]).query
    assert as_alice.get(f"{URL}?{following}").status_code == 200
    for tampered in (f"{following}A", f"{following}.", following.replace(".", "")):
        assert as_alice.get(f"{URL}?{tampered}").status_code == 400
    as_alice.post("/api/v1/repositories/", {"name": "elsewhere"})
    assert as_alice.get(f"/api/v1/repositories/elsewhere/commit-graph/?{following}").status_code == 400


def test_many_branches_take_as_many_questions_as_few(as_alice: APIClient, alice: User, repository: Repository) -> None:
    root, counts = branch_get(repository, "main").head, []
    for wanted in (3, 60):
        for number in range(Branch.objects.count(), wanted):
            head = commit_write(repository=repository, author=alice, root=root.root, parents=[root], message="Grow")
            Branch.objects.create(repository=repository, name=f"t{number}", head=head, created_by=alice)
        with CaptureQueriesContext(connection) as queries:
            found = as_alice.get(f"{URL}?all=true&limit=500").json()
        assert len(found["results"]) == min(wanted, lanes.HEADS + 1)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


GRAPH = """
query ($cursor: String! = "") {
  repository(name: "crm") { commitGraph(all: true, limit: 4, cursor: $cursor) {
    items { commit { id parents } lane passing joining leaving branches branchCount }
    next leftOut
  } }
}"""


def test_graphql_draws_the_same(as_alice: APIClient, merged: dict[str, str]) -> None:
    found, cursor = [], ""
    while cursor is not None:
        answer = as_alice.post("/graphql/", {"query": GRAPH, "variables": {"cursor": cursor}}).json()
        page = answer["data"]["repository"]["commitGraph"]
        found += page["items"]
        cursor = page["next"]
        assert page["leftOut"] == 0
    for row in found:
        row["branch_count"] = row.pop("branchCount")
    expected = rows(as_alice, f"{URL}?all=true")
    for row in expected:
        row["commit"] = {"id": row["commit"]["id"], "parents": row["commit"]["parents"]}
    assert found == expected
