"""Tried and repeated writes of the real services."""

import pytest

from history.models import Repository
from tests.factories import UserFactory, api_client_for

pytestmark = pytest.mark.django_db

WORLD = {"name": "world"}


@pytest.fixture
def alice():
    return api_client_for(UserFactory(username="alice", role="developer"))


def test_a_repository_is_made_once_however_often_the_request_arrives(alice):
    answers = [alice.post("/api/v1/repositories/", WORLD, headers={"idempotency-key": "k"}) for _ in range(3)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert Repository.objects.count() == 1


def test_a_refusal_is_kept_and_leaves_the_transaction_usable(alice):
    alice.post("/api/v1/repositories/", WORLD)
    answers = [alice.post("/api/v1/repositories/", WORLD, headers={"idempotency-key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].content == answers[1].content


def test_a_tried_repository_is_not_there_and_neither_is_its_event(alice):
    assert alice.post("/api/v1/repositories/?dry_run=true", WORLD).status_code == 201
    assert not Repository.objects.exists()
    types = [event["type"] for event in alice.get("/api/v1/events/").json()["results"]]
    assert not [name for name in types if name.startswith("io.oms.history.")]
