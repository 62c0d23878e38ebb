"""Passkeys on the console's pages, without a script: what the forms and the script's addresses answer."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Passkey, RoleSettings, Session
from history.models import Role
from tests.accounts.authenticator import Authenticator
from tests.factories import UserFactory, console_client_for

ACCOUNT = "/console/account/"
NEW, CONFIRM, FACTORS = f"{ACCOUNT}passkeys/new/", f"{ACCOUNT}confirm/passkey/", f"{ACCOUNT}factors/"
LOGIN = "/console/login/passkey/"


@pytest.fixture
def phone():
    return Authenticator()


def answer(client, page, act, **fields):
    """Send the form of ``page`` with what ``act`` makes of the ceremony's options."""
    begun = client.post(f"{page}begin/")
    assert begun.status_code == 200, begun.content
    assert "no-store" in begun["Cache-Control"]
    asked = begun.json()
    sent = {"ceremony": asked["ceremony"], "credential": json.dumps(act(asked["options"]))}
    return client.post(page, {**sent, **fields})


def with_passkey(user, phone):
    client = console_client_for(user)
    assert answer(client, NEW, phone.register, name="Phone").status_code == 200
    return client


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_the_first_passkey_shows_recovery_codes_and_the_next_one_does_not(bob, phone):
    client = console_client_for(bob)

    first = answer(client, NEW, phone.register, name="Phone")
    second = answer(client, NEW, Authenticator().register, name="Key")

    assert len(first.context["codes"]) == 10
    assert "no-store" in first["Cache-Control"]
    assert (second.status_code, second["Location"]) == (302, FACTORS)
    page = client.get(FACTORS).content.decode()
    assert "Phone" in page
    assert "Key" in page


def test_signs_in_and_goes_on_to_where_one_was_going(bob, phone):
    with_passkey(bob, phone)
    browser = Client()

    response = answer(browser, LOGIN, phone.sign, next="/console/accounts/")

    assert (response.status_code, response["Location"]) == (302, "/console/accounts/")
    assert browser.get(FACTORS).status_code == 200
    assert "oms_device" in response.cookies


def test_goes_nowhere_else(bob, phone):
    with_passkey(bob, phone)

    assert answer(Client(), LOGIN, phone.sign, next="https://evil.example/")["Location"] == "/console/"


def test_who_may_not_enter_the_console_stays_out(db, phone):
    guest = UserFactory(username="guest")
    with_passkey(guest, phone)
    type(guest).objects.filter(pk=guest.pk).update(is_active=False)
    browser = Client()

    response = answer(browser, LOGIN, phone.sign)

    assert response["Location"].startswith("/console/login/")
    assert said(browser.get(response["Location"])) == ["The passkey was not accepted; try again."]


@pytest.mark.parametrize(
    "sent", [{}, {"ceremony": "x", "credential": "{}"}, {"credential": "[" * 5000}, {"credential": "\0"}]
)
def test_what_no_authenticator_sends_is_told(db, sent):
    browser = Client()

    response = browser.post(LOGIN, sent)

    assert said(browser.get(response["Location"])) == ["The browser sent no passkey; try again."]


def test_only_the_console_itself_may_ask(db):
    browser = Client(enforce_csrf_checks=True)

    assert browser.post(f"{LOGIN}begin/").status_code == 403
    assert browser.post(LOGIN).status_code == 403


def test_adding_one_asks_who_one_is(bob):
    client = console_client_for(bob)
    Session.objects.update(auth_time=timezone.now() - timedelta(hours=1))

    response = client.get(NEW)
    begun = client.post(f"{NEW}begin/")

    assert response["Location"].startswith(f"{ACCOUNT}confirm/?next=")
    assert (begun.status_code, begun.json()["type"]) == (401, "urn:oms:problem:fresh-authentication-required")


def test_confirming_goes_on_and_a_refusal_comes_back(bob, phone):
    client = with_passkey(bob, phone)
    Session.objects.update(auth_time=timezone.now() - timedelta(hours=1))
    thief = Authenticator(credential_id=phone.credential_id)

    refused = answer(client, CONFIRM, thief.sign, next=NEW)
    confirmed = answer(client, CONFIRM, phone.sign, next=NEW)

    assert refused["Location"].startswith(f"{ACCOUNT}confirm/?next=")
    assert confirmed["Location"] == NEW
    assert client.get(NEW).status_code == 200


def test_a_wrong_name_is_told_at_the_field(bob, phone):
    response = answer(console_client_for(bob), NEW, phone.register, name="a\u200bb")

    assert response.status_code == 422
    assert response.context["form"].errors["name"]


def test_strangers_cannot_rename_or_remove_it(bob, charlie, phone):
    with_passkey(bob, phone)
    address = f"{ACCOUNT}passkeys/{Passkey.objects.get().pk}/"
    client = console_client_for(charlie)

    assert client.get(address).status_code == 404
    assert client.post(address, {"name": "Mine"}).status_code == 404
    client.post(f"{address}remove/")
    assert said(client.get(FACTORS)) == ["There is no such factor."]
    assert Passkey.objects.get().name == "Phone"


def test_the_last_one_stays_where_the_role_asks_for_it(bob, phone):
    client = with_passkey(bob, phone)
    RoleSettings.objects.filter(role=Role.DEVELOPER).update(factor_required=True)

    client.post(f"{ACCOUNT}passkeys/{Passkey.objects.get().pk}/remove/")

    assert said(client.get(FACTORS)) == ["Your role asks for a second factor, so the last one must stay."]
    assert Passkey.objects.exists()


def test_the_page_asks_no_more_for_more(bob, phone, django_assert_max_num_queries):
    client = with_passkey(bob, phone)
    with django_assert_max_num_queries(30) as first:
        client.get(FACTORS)
    Passkey.objects.bulk_create(
        Passkey(user=bob, name="x", credential_id=bytes([n]), public_key=b"x") for n in range(5)
    )

    with django_assert_max_num_queries(len(first)):
        client.get(FACTORS)
