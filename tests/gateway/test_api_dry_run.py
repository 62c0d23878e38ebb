import pytest
from django.contrib.auth.models import Group
from django.db import transaction

pytestmark = pytest.mark.django_db


def test_a_tried_write_answers_as_the_real_one_and_leaves_nothing(client):
    tried = client.post("/api/groups/?dry_run=true", {"name": "readers"})
    assert tried.status_code == 201
    assert tried.json()["name"] == "readers"
    assert "Location" in tried
    assert not Group.objects.exists()

    assert client.post("/api/groups/?dry_run=false", {"name": "readers"}).status_code == 201
    assert Group.objects.get().name == "readers"


def test_a_tried_write_fails_as_the_real_one(client):
    Group.objects.create(name="readers")
    assert client.post("/api/groups/?dry_run=true", {"name": "readers"}).status_code == 409
    assert client.post("/api/groups/?dry_run=true", {}).status_code == 400
    assert client.post("/api/groups/?dry_run=true", {"name": "broken"}).status_code == 500
    assert Group.objects.count() == 1


def test_every_writing_method_can_be_tried(client):
    Group.objects.create(name="readers")
    assert client.delete("/api/groups/?dry_run=true").status_code == 204
    assert Group.objects.exists()


def test_what_would_follow_the_commit_does_not_happen(client, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    create = Group.objects.create

    def create_and_send(**values):
        transaction.on_commit(lambda: sent.append(values))
        return create(**values)

    monkeypatch.setattr(Group.objects, "create", create_and_send)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/api/groups/?dry_run=true", {"name": "readers"})
    assert sent == []


@pytest.mark.parametrize("value", ["yes", "1", "True", ""])
def test_anything_but_true_and_false_is_malformed_and_nothing_is_written(client, value):
    response = client.post(f"/api/groups/?dry_run={value}", {"name": "readers"})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "?dry_run"
    assert not Group.objects.exists()


def test_a_write_that_cannot_be_tried_says_so_and_does_nothing(client):
    response = client.put("/api/stubborn/?dry_run=true", {})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "?dry_run"
    assert not Group.objects.exists()


def test_a_tried_write_uses_up_no_idempotency_key(alice):
    key = {"idempotency-key": "k"}
    assert alice.post("/api/groups/?dry_run=true", {"name": "readers"}, headers=key).status_code == 201
    assert alice.post("/api/groups/", {"name": "writers"}, headers=key).status_code == 201
    assert Group.objects.get().name == "writers"
