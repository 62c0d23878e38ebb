"""Accounts at ``/graphql/``."""

import pytest

from accounts.models import Session
from tests.factories import api_client_for

URL = "/graphql/"


def asked(client, query, **variables):
    response = client.post(URL, {"query": query, "variables": variables})
    assert response.status_code == 200, response.content
    return response.json()


def test_says_who_one_is(bob):
    assert asked(api_client_for(bob), "{ me { username role isActive } }")["data"] == {
        "me": {"username": "bob", "role": "developer", "isActive": True}
    }


def test_lists_ones_own_sessions(bob, charlie):
    client = api_client_for(bob)
    api_client_for(bob)
    api_client_for(charlie)

    data = asked(client, "{ sessions { id kind userAgent } }")["data"]

    assert {session["id"] for session in data["sessions"]} == {
        str(session.pk) for session in Session.objects.filter(user=bob)
    }


def test_administrators_see_everybody(alice, bob, charlie):
    data = asked(api_client_for(alice), "{ users(limit: 2, offset: 1) { username } }")["data"]

    assert data == {"users": [{"username": "bob"}, {"username": "charlie"}]}


def test_others_see_nobody(bob):
    (error,) = asked(api_client_for(bob), "{ users { username } }")["errors"]

    assert error["extensions"]["code"] == "view-users-denied"


@pytest.mark.parametrize("arguments", ["limit: -1", "limit: 501", "offset: -1"])
def test_a_page_has_bounds(alice, arguments):
    (error,) = asked(api_client_for(alice), f"{{ users({arguments}) {{ username }} }}")["errors"]

    assert error["extensions"]["code"] == "malformed"


def test_ends_a_session(bob):
    client, phone = api_client_for(bob), api_client_for(bob)
    other = Session.objects.order_by("-created_at").first()
    mutation = "mutation End($id: UUID!) { sessionRevoke(id: $id) }"

    assert asked(client, mutation, id=str(other.pk))["data"] == {"sessionRevoke": str(other.pk)}

    assert phone.get("/api/v1/users/me/").status_code == 401
    (error,) = asked(client, mutation, id=str(other.pk))["errors"]
    assert error["extensions"]["code"] == "session-not-found"


def test_a_strangers_session_is_not_there(bob, charlie):
    api_client_for(bob)
    mutation = "mutation End($id: UUID!) { sessionRevoke(id: $id) }"

    (error,) = asked(api_client_for(charlie), mutation, id=str(Session.objects.get(user=bob).pk))["errors"]

    assert error["extensions"]["code"] == "session-not-found"


def test_nobody_signs_in_by_graphql(anonymous, db):
    assert anonymous.post(URL, {"query": "{ me { username } }"}).status_code == 401
