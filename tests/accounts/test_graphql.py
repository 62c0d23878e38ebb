"""Accounts at ``/graphql/``."""

import re
import uuid

import pytest
from django.utils import timezone

from accounts.models import PasswordPolicy, Session
from tests.factories import UserFactory, api_client_for, signed_in

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


def snake(name):
    return re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name)


def same(data, body):
    """Whether GraphQL's object and REST's tell the same; a time may be written in two ways."""
    return {snake(name): str(value).replace("+00:00", "Z") for name, value in data.items()} == {
        name: str(value) for name, value in body.items()
    }


def test_tells_of_oneself_what_rest_tells(bob):
    policy = PasswordPolicy.objects.create(name="monthly", max_age_days=30)
    bob.set_password("correct horse battery staple")
    bob.password_policy, bob.password_changed_at, bob.email_verified_at = policy, timezone.now(), timezone.now()
    bob.save()
    client = api_client_for(bob)
    fields = "id username email displayName kind role isActive createdAt language emailVerifiedAt passwordExpiresAt"

    me = asked(client, f"{{ me {{ {fields} }} }}")["data"]["me"]
    updated = asked(client, f'mutation {{ profileUpdate(language: "ko") {{ {fields} }} }}')["data"]["profileUpdate"]

    body = client.get("/api/v1/users/me/").json()
    assert None not in body.values()
    assert same(updated, body)
    assert same({**me, "language": "ko"}, body)


def test_tells_of_a_session_what_rest_tells(bob):
    client = api_client_for(bob)
    api_client_for(bob)
    fields = "id kind createdAt lastUsedAt expiresAt authTime amr ip userAgent current"

    sessions = asked(client, f"{{ sessions {{ {fields} }} }}")["data"]["sessions"]

    body = client.get("/api/v1/auth/sessions/").json()["results"]
    assert all(same(*pair) for pair in zip(sessions, body, strict=True))
    assert [session["current"] for session in sessions].count(True) == 1


@pytest.mark.parametrize("query", ["{ sessions { id current amr } }", "{ users { username } }"])
def test_the_number_of_queries_does_not_grow(alice, query, django_assert_num_queries):
    client = api_client_for(alice)
    with django_assert_num_queries(2):
        asked(client, query)
    for user in UserFactory.create_batch(3):
        signed_in(user)
        signed_in(alice)

    with django_assert_num_queries(2):
        asked(client, query)


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


OF_OTHERS = {
    "userUnlock": ("post", "/api/v1/users/{}/unlock/"),
    "factorsReset": ("delete", "/api/v1/users/{}/factors/"),
    "userDelete": ("delete", "/api/v1/users/{}/"),
}


def refusals(user, mutation, key):
    """The codes with which GraphQL and REST refuse the same."""
    client, (method, address) = api_client_for(user), OF_OTHERS[mutation]
    (error,) = asked(client, f"mutation Go($id: UUID!) {{ {mutation}(id: $id) }}", id=str(key))["errors"]
    problem = getattr(client, method)(address.format(key)).json()
    return error["extensions"]["code"], problem["type"].removeprefix("urn:oms:problem:")


@pytest.mark.parametrize("mutation", OF_OTHERS)
def test_what_is_for_administrators_is_refused_as_over_rest(alice, bob, mutation):
    assert refusals(bob, mutation, alice.pk) == ("view-users-denied", "view-users-denied")
    assert refusals(bob, mutation, uuid.uuid4()) == ("view-users-denied", "view-users-denied")
    assert refusals(alice, mutation, uuid.uuid4()) == ("not-found", "not-found")


@pytest.mark.parametrize("mutation", ["userUnlock", "factorsReset"])
def test_ones_own_account_is_no_exception(bob, mutation):
    assert refusals(bob, mutation, bob.pk) == ("view-users-denied", "view-users-denied")


def test_deletes_ones_own_account(bob):
    client = api_client_for(bob)

    data = asked(client, "mutation Go($id: UUID!) { userDelete(id: $id) }", id=str(bob.pk))["data"]

    assert data == {"userDelete": str(bob.pk)}
    assert client.get("/api/v1/users/me/").status_code == 401


def test_nobody_signs_in_by_graphql(anonymous, db):
    assert anonymous.post(URL, {"query": "{ me { username } }"}).status_code == 401
