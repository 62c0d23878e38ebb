"""The merge queue over REST and GraphQL."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from history.selectors import branch_get
from merging.models import QueueEntry
from merging.services import queue_advance, queue_enter
from tests.factories import api_client_for
from tests.merging.branches import branch, contents, edit, put
from tests.merging.proposing import World, propose, world
from tests.merging.protected import events
from tests.merging.test_graphql_proposals import asked, done, refused

pytestmark = pytest.mark.django_db

CRM = "/api/v1/repositories/crm/"
QUEUE = f"{CRM}merge-queue/"
ENTRY = f"{CRM}proposals/1/queue/"


@pytest.fixture
def here() -> World:
    made = world()
    propose(made.crm)
    return made


@pytest.fixture
def bob(here: World) -> APIClient:
    return api_client_for(here.bob)


def advance(here: World) -> None:
    queue_advance(repository=here.crm, target="main")


def test_the_walk_from_entering_to_the_merge(here: World, bob: APIClient) -> None:
    source = branch_get(here.crm, "topic").head_id
    body = {"method": "squash", "message": "Pets", "expected_source_head": source}
    entered = bob.post(ENTRY, body)
    assert entered.status_code == 201
    entry = entered.json()
    assert entry == {
        "id": entry["id"],
        "proposal": 1,
        "title": "Merge topic",
        "target": "main",
        "state": "queued",
        "position": 1,
        "method": "squash",
        "message": "Pets",
        "source_head": source,
        "enqueued_by": "bob",
        "enqueued_at": entry["enqueued_at"],
        "ended_at": None,
        "code": "",
        "reason": "",
        "errors": [],
    }
    assert bob.get(QUEUE, {"target": "main"}).json()["results"] == [entry]
    assert bob.get(ENTRY).json() == entry
    again = bob.post(ENTRY, {})
    assert (again.status_code, again.json()["type"]) == (409, "urn:oms:problem:proposal-queued")
    advance(here)
    found = bob.get(ENTRY).json()
    assert (found["state"], found["position"]) == ("merged", None)
    assert bob.get(QUEUE).json()["count"] == 0
    assert "Pet" in contents(here.crm)


def test_what_failed_says_what_is_wrong_and_where(here: World, bob: APIClient) -> None:
    bob.post(ENTRY, {})
    rule = {"pattern": "main", "required_approvals": 1}
    assert api_client_for(here.alice).post(f"{CRM}protection-rules/", rule).status_code == 201
    advance(here)
    found = bob.get(ENTRY).json()
    assert (found["state"], found["code"], found["method"]) == ("failed", "branch-protected", "merge")
    assert found["reason"]
    [error] = found["errors"]
    assert (error["rule"], error.keys()) == ("APPROVALS_REQUIRED", {"field", "rule", "message"})


def test_a_problem_is_told_in_the_language_of_the_reader_and_its_event_in_english(here: World, bob: APIClient) -> None:
    bob.post(ENTRY, {})
    rule = {"pattern": "main", "required_approvals": 1}
    api_client_for(here.alice).post(f"{CRM}protection-rules/", rule)
    advance(here)
    query = '{ proposal(repository: "crm", number: 1) { queueEntry { reason errors } } }'
    for language, reason, message in (
        ("en", "main is protected by main.", "1 approval is needed; there is 0."),
        ("ko", "main 브랜치는 main 규칙으로 보호됩니다.", "승인 1건이 필요한데 0건 있습니다."),
    ):
        bob.credentials(**{**bob._credentials, "HTTP_ACCEPT_LANGUAGE": language})
        found, entry = bob.get(ENTRY).json(), asked(bob, query)["proposal"]["queueEntry"]
        assert (found["reason"], [error["message"] for error in found["errors"]]) == (reason, [message])
        assert (entry["reason"], entry["errors"]) == (found["reason"], found["errors"])
    [failure] = events("io.oms.merging.queue_entry.failed")
    assert failure["reason"] == "main is protected by main."


def test_a_problem_from_before_sentences_were_kept_is_told_as_it_is(here: World, bob: APIClient) -> None:
    bob.post(ENTRY, {})
    error = {"field": "/a", "rule": "B", "message": "There is no such thing here."}
    QueueEntry.objects.update(
        state="failed", ended_at=timezone.now(), code="conflict", reason="It failed.", errors=[error]
    )
    bob.credentials(**{**bob._credentials, "HTTP_ACCEPT_LANGUAGE": "ko"})
    found = bob.get(ENTRY).json()
    assert (found["reason"], found["errors"]) == ("It failed.", [error])


def test_what_conflicts_by_its_turn_says_so(here: World, bob: APIClient) -> None:
    edit(here.crm, "topic", put("Store", extends=["Company"]))
    bob.post(ENTRY, {})
    api_client_for(here.alice).delete(f"{CRM}resources/object_type/Company/?ref=main")
    advance(here)
    found = bob.get(ENTRY).json()
    assert (found["state"], found["code"]) == ("failed", "merge-conflicted")
    [conflict] = bob.get(f"{CRM}proposals/1/conflicts/").json()["results"]
    assert conflict["kind"] == "dangling"


def test_who_leaves_is_told_so_and_so_is_who_is_not_there(here: World, bob: APIClient) -> None:
    missing = bob.get(ENTRY)
    assert (missing.status_code, missing.json()["type"]) == (404, "urn:oms:problem:queue-entry-not-found")
    assert bob.delete(ENTRY).status_code == 404
    bob.post(ENTRY, {})
    assert bob.delete(ENTRY).status_code == 204
    assert bob.get(ENTRY).json()["state"] == "withdrawn"
    assert bob.delete(ENTRY).status_code == 404


def test_a_refusal_names_the_field_and_a_dry_run_leaves_nothing(here: World, bob: APIClient) -> None:
    for body, status, field in (
        ({"method": "automatic"}, 400, "/method"),
        ({"way": "merge"}, 400, "/way"),
        ({"message": "x" * 100_000}, 422, "/message"),
    ):
        answer = bob.post(ENTRY, body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)
    assert bob.post(ENTRY, {"expected_source_head": "0" * 64}).status_code == 409
    assert bob.post(f"{ENTRY}?dry_run=true", {}).status_code == 201
    assert not QueueEntry.objects.exists()


def test_what_one_may_not_see_is_not_there(here: World, bob: APIClient) -> None:
    bob.post(ENTRY, {})
    charlie, carol = api_client_for(here.charlie), api_client_for(here.carol)
    for address in (QUEUE, ENTRY):
        assert charlie.get(address).status_code == 404
        assert APIClient().get(address).status_code == 401
        assert carol.get(address).status_code == 200
    assert (charlie.delete(ENTRY).status_code, carol.delete(ENTRY).status_code) == (404, 403)
    assert bob.get(f"{CRM}proposals/2/queue/").status_code == 404


def more(here: World, names: list[str]) -> None:
    for name in names:
        branch(here.crm, name, "topic")
        queue_enter(actor=here.dora, proposal=propose(here.crm, name))


def test_the_list_asks_as_many_questions_for_many_as_for_few(here: World, bob: APIClient) -> None:
    def counted(expected: int) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as rest:
            rows = bob.get(QUEUE, {"target": "main"}).json()["results"]
        assert [row["position"] for row in rows] == list(range(1, expected + 1))
        with CaptureQueriesContext(connection) as graphql:
            found = asked(bob, '{ mergeQueue(repository: "crm", target: "main") { position title enqueuedBy } }')
        assert len(found["mergeQueue"]) == expected
        return len(rest), len(graphql)

    more(here, ["b0"])
    few = counted(1)
    more(here, ["b1", "b2", "b3"])
    assert counted(4) == few
    page = bob.get(QUEUE, {"limit": 1, "offset": 2}).json()
    assert (page["count"], [row["position"] for row in page["results"]]) == (4, [3])
    assert bob.get(QUEUE, {"target": "topic"}).json()["count"] == 0


def test_the_same_over_graphql(here: World, bob: APIClient) -> None:
    def shown() -> Any:
        query = '{ proposal(repository: "crm", number: 1) { queueEntry { state position method code errors } } }'
        return asked(bob, query)["proposal"]["queueEntry"]

    assert shown() is None
    entered = done(bob, "queueEnter", "{ state position proposal target }", method="REBASE", message='"Pets"')
    assert entered == {"state": "QUEUED", "position": 1, "proposal": 1, "target": "main"}
    twice = refused(bob, 'mutation { queueEnter(repository: "crm", number: 1) { id } }')
    assert twice["code"] == "proposal-queued"
    assert shown() == {"state": "QUEUED", "position": 1, "method": "REBASE", "code": "", "errors": []}
    listed = asked(bob, '{ mergeQueue(repository: "crm") { proposal method } }')["mergeQueue"]
    assert listed == [{"proposal": 1, "method": "REBASE"}]
    assert done(bob, "queueLeave", "{ state reason }") == {"state": "WITHDRAWN", "reason": ""}
    gone = refused(bob, 'mutation { queueLeave(repository: "crm", number: 1) { id } }')
    assert gone["code"] == "queue-entry-not-found"
    outside = refused(api_client_for(here.charlie), '{ mergeQueue(repository: "crm") { id } }')
    assert outside["code"] == "repository-not-found"
