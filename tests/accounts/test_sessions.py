"""One's sessions: ``GET /api/v1/auth/sessions/`` and ``DELETE /api/v1/auth/sessions/{id}/``."""

import uuid
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Session, SessionKind
from accounts.services import Device
from history.models import Event
from tests.factories import api_client_for, signed_in, tokens_for

URL = "/api/v1/auth/sessions/"


def test_lists_ones_own_live_sessions(bob, charlie):
    client = api_client_for(bob)
    browser = signed_in(bob, SessionKind.BROWSER, Device("2001:db8::1", "Firefox")).session
    api_client_for(charlie)
    ended = tokens_for(bob)
    Session.objects.filter(pk=ended.session_id).update(revoked_at=timezone.now(), revoke_reason="logout")
    expired = tokens_for(bob)
    Session.objects.filter(pk=expired.session_id).update(expires_at=timezone.now())

    body = client.get(URL).json()

    assert body["count"] == 2
    first, second = body["results"]
    assert set(first) == {
        "id", "kind", "created_at", "last_used_at", "expires_at", "auth_time", "amr", "ip", "user_agent", "current",
    }  # fmt: skip
    assert (first["id"], first["kind"], first["ip"]) == (str(browser.pk), "browser", "2001:db8::1")
    assert (first["user_agent"], first["current"]) == ("Firefox", False)
    assert (second["kind"], second["user_agent"], second["current"]) == ("api", "tests", True)


def test_the_number_of_queries_does_not_grow(bob):
    client = api_client_for(bob)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as context:
            client.get(URL)
        return len(context)

    before = queries()
    for _ in range(5):
        signed_in(bob, SessionKind.BROWSER)
    assert queries() == before == 3  # session with user and key, count, rows


def test_an_administrators_list_is_also_their_own(alice, bob):
    api_client_for(bob)

    assert api_client_for(alice).get(URL).json()["count"] == 1


def test_ends_another_session_of_ones_own(bob):
    laptop, phone = api_client_for(bob), api_client_for(bob)
    other = Session.objects.order_by("-created_at").first()

    assert laptop.delete(f"{URL}{other.pk}/").status_code == 204

    assert phone.get(URL).status_code == 401
    event = Event.objects.get(type="io.oms.accounts.session.revoked")
    assert (event.actor, event.subject) == (bob.pk, f"sessions/{other.pk}")


def test_an_administrator_ends_anybodys(alice, bob):
    client = api_client_for(bob)

    assert api_client_for(alice).delete(f"{URL}{Session.objects.get(user=bob).pk}/").status_code == 204

    assert client.get(URL).status_code == 401


def test_a_strangers_session_is_not_there(bob, charlie):
    api_client_for(bob)

    response = api_client_for(charlie).delete(f"{URL}{Session.objects.get(user=bob).pk}/")

    assert (response.status_code, response.json()["type"]) == (404, "urn:oms:problem:session-not-found")
    assert Session.objects.get(user=bob).revoked_at is None


def test_what_has_ended_or_never_was_is_not_there(bob):
    client = api_client_for(bob)
    tokens = tokens_for(bob)
    client.delete(f"{URL}{tokens.session_id}/")

    for key in (tokens.session_id, uuid.uuid4(), "nonsense"):
        response = client.delete(f"{URL}{key}/")
        assert (response.status_code, response.json()["type"]) == (404, "urn:oms:problem:session-not-found")


def test_an_idle_session_is_not_listed(bob):
    idle = tokens_for(bob)
    Session.objects.filter(pk=idle.session_id).update(last_used_at=timezone.now() - timedelta(hours=3))

    assert api_client_for(bob).get(URL).json()["count"] == 1


def test_needs_a_session(anonymous, db):
    assert anonymous.get(URL).status_code == 401
