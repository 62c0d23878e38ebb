"""/api/v1/events/ and events/{id}/."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from history.api.serializers import EventSerializer
from history.models import Event, Repository
from history.services import event_record, repository_create
from tests.history.contents import CRM, commit, put

pytestmark = pytest.mark.django_db

URL = "/api/v1/events/"
COMMIT = "io.oms.history.commit.created"


def types(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["type"] for each in answer.json()["results"]]


def test_an_event_is_a_cloudevent_byte_for_byte_as_it_was_written(as_alice: APIClient, repository: Repository) -> None:
    made = commit(as_alice, put("Person"))
    row = Event.objects.get(type=COMMIT)
    answer = as_alice.get(f"{URL}{row.uuid}/")
    assert answer["Content-Type"] == "application/cloudevents+json"
    assert answer.content == bytes(row.body)
    told = json.loads(answer.content)
    assert told["specversion"] == "1.0"
    assert told["source"].startswith("/oms/")
    assert told["source"].endswith("/history")
    assert (told["subject"], told["branch"], told["commit"]) == ("repositories/crm/branches/main", "main", made["id"])
    assert told["time"].endswith("Z")
    assert told["correlationid"]
    assert all(name.isalnum() and name == name.lower() for name in told)
    assert set(told) == set(EventSerializer().fields)


@pytest.mark.parametrize(("accept", "status"), [("application/cloudevents+json", 200), ("text/html", 406)])
def test_an_event_is_had_by_its_media_type(
    as_alice: APIClient, repository: Repository, accept: str, status: int
) -> None:
    row = Event.objects.latest("id")
    assert as_alice.get(f"{URL}{row.uuid}/", headers={"accept": accept}).status_code == status


def test_events_are_listed_newest_first_and_paged_by_a_cursor(as_alice: APIClient, repository: Repository) -> None:
    for number in range(5):
        commit(as_alice, put(f"T{number}"))
    page = as_alice.get(f"{URL}?type={COMMIT}&limit=2")
    found = page.json()["results"]
    commit(as_alice, put("Late"))
    while following := page.json()["next"]:
        page = as_alice.get(following)
        found += page.json()["results"]
    numbers = list(Event.objects.filter(type=COMMIT).order_by("-id").values_list("uuid", flat=True))
    assert [each["id"] for each in found] == [str(number) for number in numbers[1:]]


def test_events_are_found_by_what_they_say(
    as_alice: APIClient, as_bob: APIClient, alice: User, bob: User, repository: Repository
) -> None:
    commit(as_alice, put("A"))
    commit(as_bob, put("B"))
    as_bob.post(f"{CRM}branches/", {"name": "topic"})
    other = repository_create(actor=alice, name="other")
    mine = f"{URL}?repository=crm"
    assert types(as_alice.get(f"{mine}&type={COMMIT}")) == [COMMIT, COMMIT]
    assert types(as_alice.get(f"{mine}&type={COMMIT}&actor={bob.pk}")) == [COMMIT]
    assert types(as_alice.get(f"{URL}?subject=repositories/crm/branches/topic")) == ["io.oms.history.branch.created"]
    assert len(types(as_alice.get(f"{URL}?repository={other.name}"))) == 2
    middle = Event.objects.filter(type=COMMIT).latest("id").time
    later = types(as_alice.get(URL, {"repository": "crm", "since": middle.isoformat()}))
    assert later == ["io.oms.history.branch.created", COMMIT]
    earlier = types(as_alice.get(URL, {"repository": "crm", "until": middle.isoformat()}))
    assert len(earlier) + len(later) == len(types(as_alice.get(mine)))
    assert types(as_alice.get(URL, {"since": (timezone.now() + timedelta(days=1)).isoformat()})) == []


@pytest.mark.parametrize(
    "query", ["actor=bob", "since=yesterday", "until=x", "type=%00", "repository=a%00", "limit=x", "cursor=cD14"]
)
def test_a_query_that_makes_no_sense_is_refused(as_alice: APIClient, query: str) -> None:
    answer = as_alice.get(f"{URL}?{query}")
    assert answer.status_code in {400, 404}
    assert answer["Content-Type"] == "application/problem+json"


def test_events_are_for_those_who_see_the_repository_and_for_who_caused_them(
    as_alice: APIClient,
    as_bob: APIClient,
    as_charlie: APIClient,
    as_ada: APIClient,
    charlie: User,
    repository: Repository,
) -> None:
    own = event_record(type="io.oms.accounts.password.changed", subject="users/x", actor=charlie, data={})
    system = event_record(type="io.oms.gateway.breaker.opened", subject="breakers/x", actor=None, data={})
    commit(as_alice, put("Person"))
    row = Event.objects.get(type=COMMIT)
    expected = {row.uuid: (200, 200, 404, 200), own.uuid: (404, 404, 200, 200), system.uuid: (404, 404, 404, 200)}
    for uuid, statuses in expected.items():
        found = tuple(each.get(f"{URL}{uuid}/").status_code for each in (as_alice, as_bob, as_charlie, as_ada))
        assert found == statuses
    assert COMMIT not in types(as_charlie.get(URL))
    assert types(as_charlie.get(f"{URL}?repository=crm")) == []
    assert {COMMIT, own.type, system.type} <= set(types(as_ada.get(URL)))


@pytest.mark.parametrize("number", ["7b0c8a3e-0000-4000-8000-000000000000", "7", "x"])
def test_an_event_that_is_not_there(as_ada: APIClient, number: str) -> None:
    assert as_ada.get(f"{URL}{number}/").status_code == 404


def test_events_cannot_be_written_or_taken_back(as_ada: APIClient, repository: Repository) -> None:
    row = Event.objects.latest("id")
    assert as_ada.post(URL, {}).status_code == 405
    assert as_ada.delete(f"{URL}{row.uuid}/").status_code == 405
    assert as_ada.put(f"{URL}{row.uuid}/", {}).status_code == 405


def test_the_list_asks_as_many_questions_for_many_as_for_few(as_alice: APIClient, repository: Repository) -> None:
    counts = []
    for wanted in (3, 30):
        while Event.objects.filter(type=COMMIT).count() < wanted:
            commit(as_alice, put(f"T{Event.objects.count()}"))
        with CaptureQueriesContext(connection) as queries:
            assert len(types(as_alice.get(f"{URL}?type={COMMIT}"))) == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
