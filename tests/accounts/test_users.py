"""Accounts: ``GET, POST /api/v1/users/`` and ``GET, PATCH /api/v1/users/{id}/``."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Session, User
from history.models import Event
from tests.factories import UserFactory, api_client_for

URL = "/api/v1/users/"
FIELDS = {"id", "username", "email", "display_name", "kind", "role", "is_active", "created_at"}
GOOD_PASSWORD = "eleven purple bicycles"


def test_an_administrator_sees_everybody_by_name(alice, bob, charlie):
    body = api_client_for(alice).get(URL).json()

    assert [user["username"] for user in body["results"]] == ["alice", "bob", "charlie"]
    assert set(body["results"][0]) == FIELDS


def test_the_number_of_queries_does_not_grow(alice):
    client = api_client_for(alice)

    def queries():
        with CaptureQueriesContext(connection) as context:
            client.get(URL)
        return len(context)

    before = queries()
    UserFactory.create_batch(5)
    assert queries() == before == 3  # session with user and key, count, rows


@pytest.mark.parametrize("path", ["", "{alice}/", "{bob}/"])
def test_others_see_nobody(alice, bob, path):
    response = api_client_for(bob).get(URL + path.format(alice=alice.pk, bob=bob.pk))

    assert response.status_code == 403
    assert response.json()["type"] == "urn:oms:problem:view-users-denied"


def test_nobody_is_seen_without_signing_in(anonymous, db):
    assert anonymous.get(URL).status_code == 401


def test_makes_an_account_that_can_sign_in(alice, anonymous):
    new = {"username": "dana", "email": "Dana@example.org", "role": "reviewer", "password": GOOD_PASSWORD}

    response = api_client_for(alice).post(URL, new)

    assert response.status_code == 201, response.content
    body = response.json()
    assert set(body) == FIELDS
    assert (body["username"], body["email"], body["role"], body["kind"]) == (
        "dana", "Dana@example.org", "reviewer", "human",
    )  # fmt: skip
    assert anonymous.post("/api/v1/auth/login/", {"username": "dana", "password": GOOD_PASSWORD}).status_code == 200
    event = Event.objects.get(type="io.oms.accounts.user.created", subject=f"users/{body['id']}")
    assert event.actor == alice.pk
    assert b"dana" not in bytes(event.body).lower()


def test_an_account_without_a_password_is_a_viewer_that_cannot_sign_in(alice):
    api_client_for(alice).post(URL, {"username": "robot", "kind": "service"})

    robot = User.objects.get(username="robot")
    assert (robot.role, robot.kind, robot.has_usable_password()) == ("viewer", "service", False)


@pytest.mark.parametrize("name", ["bob", "BOB", "ＢＯＢ"])
def test_a_name_is_taken_in_every_spelling(alice, bob, name):
    response = api_client_for(alice).post(URL, {"username": name})

    assert response.status_code == 409
    assert response.json()["errors"][0]["field"] == "/username"


def test_an_address_is_taken_in_every_spelling(alice, bob):
    response = api_client_for(alice).post(URL, {"username": "dana", "email": "bOB@EXAMPLE.org"})

    assert response.status_code == 409
    assert response.json()["errors"] == [
        {"field": "/email", "rule": "TAKEN", "message": "Another account has this already."}
    ]


@pytest.mark.parametrize(
    ("value", "errors"),
    [
        ({"username": "two words"}, {("/username", "USERNAME_INVALID")}),
        ({"username": "ㅤ"}, {("/username", "USERNAME_INVALID")}),
        ({"username": "zero\u200bwidth"}, {("/username", "USERNAME_INVALID")}),
        ({"email": "nowhere"}, {("/email", "INVALID")}),
        ({"password": "short"}, {("/password", "PASSWORD_TOO_SHORT")}),
        ({"password": "1" * 20}, {("/password", "PASSWORD_KNOWN")}),
        ({"username": "a b", "email": "x"}, {("/username", "USERNAME_INVALID"), ("/email", "INVALID")}),
    ],
)
def test_values_that_break_a_rule(alice, value, errors):
    response = api_client_for(alice).post(URL, {"username": "dana"} | value)

    assert response.status_code == 422
    assert {(error["field"], error["rule"]) for error in response.json()["errors"]} == errors
    assert not User.objects.filter(username="dana").exists()


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"role": "king"}, "/role"),
        ({"username": ""}, "/username"),
        ({"username": "x" * 151}, "/username"),
        ({"username": "nul\x00"}, ""),
        ({"is_active": False}, "/is_active"),
    ],
)
def test_malformed_requests(alice, value, field):
    response = api_client_for(alice).post(URL, {"username": "dana"} | value)

    assert response.status_code == 400
    assert any(error["field"].startswith(field) for error in response.json()["errors"])


def test_only_administrators_make_accounts(bob):
    assert api_client_for(bob).post(URL, {"username": "dana"}).status_code == 403
    assert not User.objects.filter(username="dana").exists()


def test_changes_a_role_at_once(alice, bob):
    as_bob = api_client_for(bob)

    response = api_client_for(alice).patch(f"{URL}{bob.pk}/", {"role": "administrator"})

    assert response.status_code == 200
    assert response.json()["role"] == "administrator"
    assert as_bob.get(URL).status_code == 200
    event = Event.objects.get(type="io.oms.accounts.user.updated")
    assert (event.actor, event.subject) == (alice.pk, f"users/{bob.pk}")


def test_disabling_ends_every_session(alice, bob):
    as_bob = api_client_for(bob)

    api_client_for(alice).patch(f"{URL}{bob.pk}/", {"is_active": False})

    assert as_bob.get("/api/v1/users/me/").status_code == 401
    assert Session.objects.get(user=bob).revoke_reason == "disabled"
    assert Event.objects.filter(type="io.oms.accounts.session.revoked").count() == 1
    api_client_for(alice).patch(f"{URL}{bob.pk}/", {"is_active": True})
    assert as_bob.get("/api/v1/users/me/").status_code == 401


def test_a_change_of_nothing_is_no_event(alice, bob):
    api_client_for(alice).patch(f"{URL}{bob.pk}/", {"role": "developer"})

    assert not Event.objects.filter(type="io.oms.accounts.user.updated").exists()


def test_an_address_can_be_changed_and_taken_away(alice, bob):
    client = api_client_for(alice)

    assert client.patch(f"{URL}{bob.pk}/", {"email": "robert@example.org"}).json()["email"] == "robert@example.org"
    assert client.patch(f"{URL}{bob.pk}/", {"email": ""}).json()["email"] == ""
    assert User.objects.get(pk=bob.pk).email_key is None


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"is_active": False}])
def test_the_last_administrator_stays_one(alice, change):
    response = api_client_for(alice).patch(f"{URL}{alice.pk}/", change)

    assert response.status_code == 409
    assert response.json()["type"] == "urn:oms:problem:last-administrator"
    alice.refresh_from_db()
    assert (alice.role, alice.is_active) == ("administrator", True)


def test_only_administrators_change_accounts(bob):
    assert api_client_for(bob).patch(f"{URL}{bob.pk}/", {"role": "administrator"}).status_code == 403


def test_who_is_deleted_leaves_a_row_without_a_person(alice, bob):
    assert api_client_for(alice).delete(f"{URL}{bob.pk}/").status_code == 204
    assert api_client_for(alice).get(f"{URL}{bob.pk}/").json()["username"].startswith("deleted-")
