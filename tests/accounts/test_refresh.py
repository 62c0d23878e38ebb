"""Staying signed in: ``POST /api/v1/auth/refresh/``."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.engine.tokens import digest
from accounts.models import RefreshToken, Session, User
from accounts.services import session_end
from history.models import Event
from tests.factories import UserFactory, tokens_for
from tests.threads import at_once

URL = "/api/v1/auth/refresh/"


@pytest.fixture
def tokens(bob):
    return tokens_for(bob)


def refreshed(refresh):
    return APIClient().post(URL, {"refresh": refresh})


def is_let_in(access):
    return APIClient().get("/api/v1/users/me/", headers={"Authorization": f"Bearer {access}"}).status_code == 200


def later(**delta):
    return time_machine.travel(timezone.now() + timedelta(**delta), tick=True)


def test_gives_new_tokens_of_the_same_session(tokens):
    response = refreshed(tokens.refresh)

    assert response.status_code == 200, response.content
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert body["session_id"] == str(tokens.session_id)
    assert body["refresh"] != tokens.refresh
    assert body["access"] != tokens.access
    assert is_let_in(body["access"])


def test_a_chain_of_refreshes_goes_on(tokens):
    refresh = tokens.refresh
    for _ in range(3):
        refresh = refreshed(refresh).json()["refresh"]

    assert list(RefreshToken.objects.order_by("generation").values_list("generation", flat=True)) == [1, 2, 3, 4]
    assert RefreshToken.objects.get(used_at=None).digest == digest(refresh)


def test_no_refresh_token_lies_in_the_database(tokens):
    successor = refreshed(tokens.refresh).json()["refresh"]

    rows = str(list(RefreshToken.objects.values()) + list(Session.objects.values()) + list(Event.objects.values()))
    assert tokens.refresh not in rows
    assert successor not in rows


def test_a_second_use_within_the_grace_gives_the_same_successor(tokens):
    first = refreshed(tokens.refresh).json()
    second = refreshed(tokens.refresh).json()

    assert second["refresh"] == first["refresh"]
    assert RefreshToken.objects.filter(used_at=None).count() == 1


def test_a_second_use_after_the_grace_revokes_the_family(tokens, bob):
    elsewhere = tokens_for(bob)
    successor = refreshed(tokens.refresh).json()

    with later(seconds=11):
        response = refreshed(tokens.refresh)

        assert response.status_code == 401
        assert response.json()["type"] == "urn:oms:problem:refresh-token-reused"
        assert refreshed(successor["refresh"]).status_code == 401
        assert not is_let_in(successor["access"])
        assert not is_let_in(tokens.access)
        assert is_let_in(elsewhere.access)
    event = Event.objects.get(type="io.oms.accounts.session.revoked")
    assert event.subject == f"sessions/{tokens.session_id}"
    assert event.actor is None
    assert json.loads(bytes(event.body))["data"]["reason"] == "reuse"


@pytest.mark.django_db(transaction=True)
def test_twenty_uses_at_once_leave_one_live_successor():
    tokens = tokens_for(UserFactory())

    answers = at_once(20, lambda _: refreshed(tokens.refresh))

    assert [answer.status_code for answer in answers] == [200] * 20
    assert len({answer.json()["refresh"] for answer in answers}) == 1
    assert RefreshToken.objects.filter(used_at=None).count() == 1
    assert RefreshToken.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_replays_at_once_revoke_once():
    tokens = tokens_for(UserFactory())
    refreshed(tokens.refresh)
    RefreshToken.objects.filter(generation=1).update(used_at=timezone.now() - timedelta(minutes=1))

    answers = at_once(20, lambda _: refreshed(tokens.refresh))

    assert {answer.status_code for answer in answers} == {401}
    assert Session.objects.get().revoke_reason == "reuse"
    assert Event.objects.filter(type="io.oms.accounts.session.revoked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_refresh_never_revives_what_a_logout_ends():
    user = UserFactory()
    for _ in range(5):
        tokens = tokens_for(user)
        session = Session.objects.get(pk=tokens.session_id)
        at_once(2, lambda n, t=tokens, s=session: refreshed(t.refresh) if n else session_end(session=s))

        assert refreshed(tokens.refresh).status_code == 401


@pytest.mark.parametrize("refresh", ["", "x", "비밀", "x" * 200])
def test_an_unknown_token_is_refused(db, refresh):
    response = refreshed(refresh)

    assert response.status_code == (401 if refresh else 400)


def test_an_access_token_is_no_refresh_token(tokens):
    assert refreshed(tokens.access[:200]).json()["type"] == "urn:oms:problem:refresh-token-invalid"


def test_ends_when_idle_for_two_hours(tokens):
    with later(hours=2, seconds=1):
        assert refreshed(tokens.refresh).json()["type"] == "urn:oms:problem:session-ended"


def test_ends_a_day_after_the_sign_in_however_it_is_used(tokens):
    refresh = tokens.refresh
    for hours in range(1, 24):
        with later(hours=hours):
            refresh = refreshed(refresh).json()["refresh"]

    with later(hours=24, seconds=1):
        assert refreshed(refresh).json()["type"] == "urn:oms:problem:session-ended"


def test_no_access_token_outlives_its_session(tokens):
    refresh = tokens.refresh
    for hours in range(1, 24):
        with later(hours=hours):
            refresh = refreshed(refresh).json()["refresh"]

    with later(hours=23, minutes=55):
        assert 0 < refreshed(refresh).json()["expires_in"] <= 300


def test_a_disabled_account_gets_nothing(tokens, bob):
    User.objects.filter(pk=bob.pk).update(is_active=False)

    assert refreshed(tokens.refresh).status_code == 401


def test_a_deleted_session_is_unknown(tokens):
    Session.objects.all().delete()

    assert refreshed(tokens.refresh).json()["type"] == "urn:oms:problem:refresh-token-invalid"
