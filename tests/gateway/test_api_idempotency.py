import pytest
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from gateway.models import IdempotencyRecord
from tests.gateway.site import GroupsView
from tests.threads import at_once

KEY = {"idempotency-key": "4f1e-first"}
PARALLEL = 10

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def executed(monkeypatch):
    names = []
    monkeypatch.setattr(GroupsView, "executed", names)
    return names


def test_the_same_request_under_the_same_key_gets_the_first_answer_and_is_not_executed(alice, executed):
    first = alice.post("/api/groups/", {"name": "readers"}, headers=KEY)
    again = alice.post("/api/groups/", {"name": "readers"}, headers=KEY)
    assert executed == ["readers"]
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    for header in ("Content-Type", "Location"):
        assert first[header] == again[header]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"


def test_without_a_key_every_request_is_executed(alice, executed):
    assert alice.post("/api/groups/", {"name": "readers"}).status_code == 201
    assert alice.post("/api/groups/", {"name": "readers"}).status_code == 409
    assert executed == ["readers", "readers"]


@pytest.mark.parametrize(
    ("path", "body"), [("/api/groups/", {"name": "writers"}), ("/api/groups/?x=1", {"name": "readers"})]
)
def test_the_same_key_with_another_request_is_refused(alice, path, body):
    alice.post("/api/groups/", {"name": "readers"}, headers=KEY)
    response = alice.post(path, body, headers=KEY)
    assert response.status_code == 422
    assert response.json()["type"] == "urn:oms:problem:idempotency-key-reused"
    assert Group.objects.count() == 1


def test_a_key_is_its_principal_s_own(alice, bob, executed):
    alice.post("/api/groups/", {"name": "readers"}, headers=KEY)
    assert bob.post("/api/groups/", {"name": "writers"}, headers=KEY).status_code == 201
    assert executed == ["readers", "writers"]


def test_a_stranger_s_key_means_nothing(client, executed):
    for _ in range(2):
        client.post("/api/groups/", {"name": "readers"}, headers=KEY)
    assert executed == ["readers", "readers"]
    assert not IdempotencyRecord.objects.exists()


def test_a_refusal_is_kept_like_any_answer(alice):
    Group.objects.create(name="readers")
    first = alice.post("/api/groups/", {"name": "readers"}, headers=KEY)
    Group.objects.all().delete()
    again = alice.post("/api/groups/", {"name": "readers"}, headers=KEY)
    assert first.status_code == again.status_code == 409
    assert first.content == again.content
    assert again["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("name", "status"), [("broken", 500), ("down", 503)])
def test_a_failure_of_the_server_undoes_everything_and_may_be_tried_again(alice, executed, name, status):
    for _ in range(2):
        assert alice.post("/api/groups/", {"name": name}, headers=KEY).status_code == status
    assert executed == [name, name]
    assert not Group.objects.exists()
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "ключ"])
def test_a_key_that_is_none_is_malformed(alice, executed, key):
    response = alice.post("/api/groups/", {"name": "readers"}, headers={"idempotency-key": key})
    assert response.status_code == 400
    assert [(each["field"], each["rule"]) for each in response.json()["errors"]] == [("Idempotency-Key", "INVALID")]
    assert executed == []


def test_a_body_over_the_limit_is_refused_before_it_is_compared(alice):
    response = alice.generic("POST", "/api/small/", b'"' + b"x" * 20 + b'"', "application/json", headers=KEY)
    assert response.status_code == 413


def send(_number):
    client = APIClient(headers={"x-user": "alice"}, raise_request_exception=False)
    response = client.post("/api/groups/", {"name": "readers"}, headers=KEY)
    return response.status_code, response.content


@pytest.mark.django_db(transaction=True)
def test_the_same_key_sent_ten_times_in_parallel_executes_once_and_all_get_the_same_answer(site, executed):
    answers = at_once(PARALLEL, send)
    assert executed == ["readers"]
    assert answers[0][0] == 201
    assert len(set(answers)) == 1
    assert Group.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_parallel_requests_whose_first_fails_another_takes_over(site, executed, monkeypatch):
    """The broken one rolls its key back while the others wait for it; the next of them executes."""
    fail_once = iter([True])
    create = Group.objects.create

    def create_or_fail(**values):
        if next(fail_once, False):
            raise ZeroDivisionError
        return create(**values)

    monkeypatch.setattr(Group.objects, "create", create_or_fail)
    statuses = sorted(status for status, _content in at_once(PARALLEL, send))
    assert statuses == [201] * (PARALLEL - 1) + [500]
    assert executed == ["readers", "readers"]
    assert Group.objects.count() == 1
