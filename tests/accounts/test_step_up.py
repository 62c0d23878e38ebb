"""What is sensitive asks for a fresh sign-in or factor, at every edge."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.engine.providers import Identity
from accounts.models import Session, TOTPFactor, User
from accounts.services import (
    api_key_create,
    identity_link,
    identity_sign_in,
    session_confirm,
    totp_enrol,
    totp_remove,
)
from gateway.exceptions import AuthenticationStale
from history.models import Event, Role
from tests.accounts.test_factors import Enrolled
from tests.factories import DEVICE, PASSWORD, UserFactory, api_client_for, console_client_for

TOTP = "/api/v1/auth/mfa/totp/"
CONFIRM = "/api/v1/auth/confirm/"
CHALLENGE = 'Bearer realm="oms", error="insufficient_user_authentication", max_age="600"'


@pytest.fixture
def kim(db):
    return UserFactory(username="kim", password=PASSWORD)


def grow_stale():
    Session.objects.update(auth_time=timezone.now() - timedelta(minutes=11))


def test_a_stale_sign_in_is_challenged_over_rest(kim):
    client = api_client_for(kim)
    grow_stale()

    response = client.post(TOTP, {})

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == CHALLENGE
    body = response.json()
    assert (body["type"], body["max_age"]) == ("urn:oms:problem:fresh-authentication-required", 600)
    assert not TOTPFactor.objects.exists()


def test_a_stale_sign_in_is_challenged_over_graphql(alice):
    client = api_client_for(alice)
    grow_stale()

    body = client.post("/graphql/", {"query": "mutation { totpRemove }"}).json()

    assert body["errors"][0]["extensions"]["code"] == "fresh-authentication-required"


def test_a_stale_sign_in_is_asked_for_in_the_console_and_goes_on(kim):
    browser = console_client_for(kim)
    grow_stale()

    asked = browser.get("/console/account/factors/application/")
    assert (asked.status_code, asked["Location"]) == (
        302,
        "/console/account/confirm/?next=%2Fconsole%2Faccount%2Ffactors%2Fapplication%2F",
    )
    refused = browser.post(asked["Location"], {"password": "wrong"})
    confirmed = browser.post(asked["Location"], {"password": PASSWORD})

    assert refused.status_code == 401
    assert (confirmed.status_code, confirmed["Location"]) == (302, "/console/account/factors/application/")
    assert browser.get(confirmed["Location"]).status_code == 200


def test_confirming_goes_nowhere_else(kim):
    browser = console_client_for(kim)

    confirmed = browser.post("/console/account/confirm/?next=https://evil.example/", {"password": PASSWORD})

    assert confirmed["Location"] == "/console/"


def test_a_form_of_the_administration_asks_too(alice, charlie):
    browser = console_client_for(alice)
    grow_stale()
    address = f"/console/accounts/user/{charlie.pk}/change/"

    response = browser.post(address, {"role": Role.ADMINISTRATOR}, headers={"Referer": f"http://testserver{address}"})

    assert response.status_code == 302
    assert response["Location"].startswith("/console/account/confirm/?next=")
    charlie.refresh_from_db()
    assert charlie.role == Role.VIEWER


def test_the_password_confirms_who_has_no_factor(kim):
    client = api_client_for(kim)
    grow_stale()

    answer = client.post(CONFIRM, {"password": PASSWORD})

    assert answer.status_code == 200, answer.content
    assert set(answer.json()) == {"access", "expires_in", "session_id"}
    assert client.post(TOTP, {}).status_code == 200
    assert Event.objects.filter(type="io.oms.accounts.session.confirmed", actor=kim.pk).count() == 1


def test_the_password_does_not_confirm_who_has_a_factor(kim):
    TOTPFactor.objects.create(user=kim, sealed_seed=b"x", confirmed_at=timezone.now())
    client = api_client_for(kim)
    grow_stale()

    assert client.post(CONFIRM, {"password": PASSWORD}).status_code == 401
    assert client.post(TOTP, {}).status_code == 401


def test_guesses_at_the_password_are_counted_here_too(kim):
    client = api_client_for(kim)
    statuses = [client.post(CONFIRM, {"password": "wrong"}).status_code for _ in range(6)]

    assert statuses == [401] * 5 + [429]


def test_a_fresh_sign_in_grows_stale_after_ten_minutes(kim):
    client = api_client_for(kim)

    with time_machine.travel(timezone.now() + timedelta(minutes=9)):
        assert client.post(TOTP, {}).status_code == 200
    grow_stale()
    assert client.post(TOTP, {}).status_code == 401


ADMINISTRATOR = {"username": "mallory", "email": "mallory@example.org", "role": Role.ADMINISTRATOR}


@pytest.mark.parametrize("path", ["/api/v1/users/", "/api/v1/users/invite/"])
def test_an_account_is_made_by_who_has_just_shown_who_they_are_and_by_no_key(alice, path):
    """Whoever makes an administrator can sign in as one, with no scopes and past every confirmation."""
    _key, secret = api_key_create(actor=alice, user=alice, name="CI", scopes=["accounts.manage_users"])
    program, stale = APIClient(), api_client_for(alice)
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    grow_stale()

    assert stale.post(path, ADMINISTRATOR).status_code == 401
    assert program.post(path, ADMINISTRATOR).status_code == 403
    assert not User.objects.filter(username="mallory").exists()


def test_a_form_of_the_administration_asks_before_it_makes_an_account(alice):
    browser = console_client_for(alice)
    grow_stale()

    response = browser.post("/console/accounts/user/add/", {**ADMINISTRATOR, "kind": "human"})

    assert (response.status_code, response["Location"][:26]) == (302, "/console/account/confirm/?")
    assert not User.objects.filter(username="mallory").exists()


@pytest.mark.django_db
def test_a_trusted_device_stands_for_no_factor_where_it_is_sensitive():
    kim = Enrolled()
    trusting = {"mfa_token": kim.begun()["mfa_token"], "code": kim.code(), "trust_device": True}
    device = APIClient().post("/api/v1/auth/mfa/verify/", trusting).json()["device"]
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {kim.begun(device=device)['access']}")

    refused = client.delete(TOTP)
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        confirmed = client.post(CONFIRM, {"code": kim.code()})
        removed = client.delete(TOTP)

    assert (refused.status_code, confirmed.status_code, removed.status_code) == (401, 200, 204)


IDENTITY = Identity("https://provider.example", "kim", "kim", "", "", None, True)


def test_a_providers_word_is_no_fresh_sign_in_of_who_has_a_factor_here(db):
    kim = Enrolled()
    identity_link(actor=kim.user, identity=IDENTITY)
    kim.user.credential = identity_sign_in(identity=IDENTITY, device=DEVICE).session

    with pytest.raises(AuthenticationStale):
        totp_remove(actor=kim.user)

    session_confirm(actor=kim.user, code=kim.code())
    totp_remove(actor=kim.user)


def test_it_is_all_that_who_has_nothing_here_can_show(db):
    user = identity_sign_in(identity=IDENTITY, device=DEVICE).session.user
    user.credential = Session.objects.get(user=user)

    assert totp_enrol(actor=user).secret


def test_nothing_confirms_nobody_and_a_wrong_password_is_named(kim):
    client = api_client_for(kim)

    nothing, wrong = client.post(CONFIRM, {}), client.post(CONFIRM, {"password": "wrong"})

    assert (nothing.status_code, nothing.json()["errors"][0]["rule"]) == (400, "ONE_PROOF")
    assert (wrong.status_code, wrong.json()["errors"]) == (
        401,
        [{"field": "/password", "rule": "WRONG", "message": "The password is wrong."}],
    )
