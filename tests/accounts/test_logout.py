"""Signing out: ``POST /api/v1/auth/logout/``."""

from history.models import Event
from tests.factories import api_client_for

URL = "/api/v1/auth/logout/"


def test_the_access_token_is_dead_at_the_next_request(bob):
    client = api_client_for(bob)

    response = client.post(URL)

    assert (response.status_code, response.content) == (204, b"")
    refused = client.get("/api/v1/users/me/")
    assert refused.status_code == 401
    assert refused.json()["type"] == "urn:oms:problem:session-ended"


def test_other_sessions_live_on(bob):
    laptop, phone = api_client_for(bob), api_client_for(bob)

    laptop.post(URL)

    assert phone.get("/api/v1/users/me/").status_code == 200


def test_is_one_event(bob):
    api_client_for(bob).post(URL)

    event = Event.objects.get(type="io.oms.accounts.session.ended")
    assert event.actor == bob.pk


def test_needs_a_session(anonymous, db):
    response = anonymous.post(URL)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="oms"'
