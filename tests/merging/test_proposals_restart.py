"""What is said of conflicts is in the database alone: one process begins, another goes on as somebody else."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.factories import api_client_for
from tests.merging.branches import branch, contents, edit, put
from tests.merging.proposing import propose, world
from tests.processes import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PROPOSALS = "/api/v1/repositories/crm/proposals/"
TYPES = [f"Type{number}" for number in range(5)]


def resolved(request: tuple[str, int]) -> list[str]:
    """In a server that has just started, resolve some of the first proposal's conflicts by theirs; those left open."""
    authorization, many = request
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=authorization)
    url = f"{PROPOSALS}1/conflicts/"
    for conflict in _open(client.get(url).json())[:many]:
        answer = client.patch(f"{url}{conflict['id']}/", {"resolution": "theirs"})
        assert answer.status_code == 200, answer.json()
    return [conflict["path"] for conflict in _open(client.get(url).json())]


def merged(authorization: str) -> tuple[int, dict[str, Any]]:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=authorization)
    answer = client.post(f"{PROPOSALS}1/merge/", {"method": "merge"})
    return answer.status_code, answer.json()


def _open(page: dict[str, Any]) -> list[dict[str, Any]]:
    return [conflict for conflict in page["results"] if conflict["resolution"] is None]


def test_one_of_five_is_resolved_the_server_restarts_and_somebody_else_resolves_the_rest_and_merges() -> None:
    here = world()
    bob, dora = (api_client_for(user)._credentials["HTTP_AUTHORIZATION"] for user in (here.bob, here.dora))
    edit(here.crm, "main", *(put(name) for name in TYPES))
    for name in ("theirs", "second"):
        branch(here.crm, name)
        edit(here.crm, name, *(put(each, icon="theirs") for each in TYPES))
    edit(here.crm, "main", *(put(each, icon="ours") for each in TYPES))
    propose(here.crm, "theirs")

    (left,) = at_once(resolved, [(bob, 1)])
    assert len(left) == 4
    (left,) = at_once(resolved, [(dora, 4)])
    assert left == []
    (answer,) = at_once(merged, [dora])
    assert (answer[0], answer[1]["method"]) == (200, "merge")
    assert {contents(here.crm)[name]["icon"] for name in TYPES} == {"theirs"}

    # On a branch from before that merge, the same five.
    branch(here.crm, "release", here.crm.proposals.get().target_head_id)
    propose(here.crm, "second", target="release")
    found = api_client_for(here.carol).get(f"{PROPOSALS}2/conflicts/").json()["results"]
    assert [conflict["resolution"] for conflict in found] == [None] * 5
    assert sorted(conflict["remembered"]["by"] for conflict in found) == ["bob", "dora", "dora", "dora", "dora"]
    assert {(each["remembered"]["resolution"], each["remembered"]["proposal"]) for each in found} == {("theirs", 1)}
