"""Merges and commits of many processes into one branch: none is lost."""

from collections import Counter
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from history.engine.changes import Put
from history.models import Branch, Commit, Event, HeadMove, Repository
from history.selectors import TreeView, branch_get
from history.services import branch_create, commit_create, repository_create
from tests.factories import api_client_for
from tests.processes import at_once

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/v1/repositories/crm/"
SOURCES = 50


def sent(request: tuple[str, str, dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    """Status and body of a POST, with the credentials of ``request``."""
    authorization, path, body = request
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=authorization)
    answer = client.post(path, body)
    return answer.status_code, answer.json()


@pytest.fixture
def authorization(alice: User) -> str:
    return api_client_for(alice)._credentials["HTTP_AUTHORIZATION"]


@pytest.fixture
def crm(alice: User) -> Repository:
    """A repository with a Shared type on main and the branches b0 … b49, each with a type of its own."""
    repository = repository_create(actor=alice, name="crm")
    edit(alice, branch_get(repository, "main"), "Shared")
    for number in range(SOURCES):
        branch = branch_create(actor=alice, repository=repository, name=f"b{number}")
        edit(alice, branch, f"Type{number}")
    return repository


def edit(author: User, branch: Branch, name: str, **fields: Any) -> Commit:
    content = {"properties": {"id": {"type": "string"}}, **fields}
    return commit_create(
        actor=author, branch=branch, changes=[Put("object_type", name, content)], message=f"Edit {name}"
    )


def first_parents(branch: Branch) -> list[str]:
    """The digests on the line of first parents, newest first."""
    line, commit = [], branch.head
    while commit is not None:
        line.append(commit.digest)
        commit = commit.first_parent
    return line


def names_at(commit: Commit) -> set[str]:
    return {name for _, name in TreeView(commit.root).everything()}


@pytest.mark.slow
def test_of_fifty_merges_at_once_each_is_in_the_line_of_first_parents(authorization: str, crm: Repository) -> None:
    requests = [(authorization, f"{URL}merges/", {"source": f"b{n}", "target": "main"}) for n in range(SOURCES)]
    answers = at_once(sent, requests)
    assert Counter(status for status, _ in answers) == {200: SOURCES}
    main = branch_get(crm, "main")
    line = first_parents(main)
    assert {body["commit"] for _, body in answers} <= set(line)
    assert len({body["commit"] for _, body in answers}) == SOURCES
    assert names_at(main.head) == {"Shared", *(f"Type{number}" for number in range(SOURCES))}
    assert Counter(body["method"] for _, body in answers) == {"fast_forward": 1, "merge": SOURCES - 1}
    assert Event.objects.filter(type="io.oms.merging.branch.merged").count() == SOURCES
    moves = list(HeadMove.objects.filter(branch="main").order_by("id").values_list("before", "after"))
    assert [before for before, _ in moves[1:]] == [after for _, after in moves[:-1]]
    assert moves[-1][1] == main.head_id


def test_of_merges_that_expect_one_head_one_is_made_and_the_others_are_refused(
    authorization: str, crm: Repository
) -> None:
    head = branch_get(crm, "main").head_id
    requests = [
        (authorization, f"{URL}merges/", {"source": f"b{n}", "target": "main", "expected_head": head})
        for n in range(10)
    ]
    answers = at_once(sent, requests)
    assert Counter(status for status, _ in answers) == {200: 1, 409: 9}
    (made,) = [body["commit"] for status, body in answers if status == 200]
    assert {body["head"] for status, body in answers if status == 409} == {made}
    assert branch_get(crm, "main").head_id == made


def test_merges_and_commits_meet_and_a_conflict_refuses_only_its_own(
    alice: User, authorization: str, crm: Repository
) -> None:
    for number, color in enumerate(("#ff0000", "#00ff00", "#0000ff")):
        edit(alice, branch_get(crm, f"b{number}"), "Shared", color=color)
    requests = [(authorization, f"{URL}merges/", {"source": f"b{n}", "target": "main"}) for n in range(8)]
    for number in range(8):
        change = {"op": "put", "kind": "object_type", "name": f"Own{number}", "content": {"properties": {}}}
        requests.append((authorization, f"{URL}commits/", {"branch": "main", "message": "Own", "changes": [change]}))
    answers = at_once(sent, requests)
    merges, commits = answers[:8], answers[8:]
    assert Counter(status for status, _ in commits) == {201: 8}
    assert Counter(status for status, _ in merges) == {200: 6, 409: 2}
    assert {body["type"] for status, body in merges if status == 409} == {"urn:oms:problem:merge-conflicted"}
    main = branch_get(crm, "main")
    landed = {number for number, (status, _) in enumerate(merges) if status == 200}
    assert names_at(main.head) == {"Shared"} | {f"Type{number}" for number in landed} | {f"Own{n}" for n in range(8)}
    made = {body["commit"] for status, body in merges if status == 200} | {body["id"] for _, body in commits}
    assert made <= set(first_parents(main)) | {branch_get(crm, f"b{number}").head_id for number in landed}


def test_of_squashes_rebases_and_merges_at_once_none_is_lost(authorization: str, crm: Repository) -> None:
    methods = ("merge", "squash", "rebase")
    requests = [
        (authorization, f"{URL}merges/", {"source": f"b{n}", "target": "main", "method": methods[n % 3]})
        for n in range(9)
    ]
    answers = at_once(sent, requests)
    assert Counter(status for status, _ in answers) == {200: 9}
    main = branch_get(crm, "main")
    assert names_at(main.head) == {"Shared", *(f"Type{number}" for number in range(9))}
    line = first_parents(main)
    assert {body["commit"] for _, body in answers} <= set(line)
    moves = list(HeadMove.objects.filter(branch="main").order_by("id").values_list("before", "after"))
    assert [before for before, _ in moves[1:]] == [after for _, after in moves[:-1]]


def test_branches_that_merge_into_one_another_at_once_do_not_deadlock(authorization: str, crm: Repository) -> None:
    pairs = [(f"b{n}", f"b{n ^ 1}") for n in range(8)]
    requests = [(authorization, f"{URL}merges/", {"source": source, "target": target}) for source, target in pairs]
    answers = at_once(sent, requests)
    assert [status for status, _ in answers] == [200] * 8
    for number in range(0, 8, 2):
        here, there = branch_get(crm, f"b{number}").head, branch_get(crm, f"b{number + 1}").head
        assert names_at(here) == names_at(there) == {"Shared", f"Type{number}", f"Type{number + 1}"}
