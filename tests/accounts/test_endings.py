"""What ends with a change of an account: all that somebody else may still hold of it."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import (
    KnownDevice,
    LinkPurpose,
    PasswordPolicy,
    RoleSettings,
    Session,
    TOTPFactor,
    User,
)
from accounts.services import (
    api_key_create,
    email_change,
    email_confirm,
    factors_reset,
    logins,
    passkey_logins,
    password_reset_begin,
    password_reset_confirm,
    password_set,
    recovery_codes_replace,
    totp_remove,
    user_delete,
    user_update,
)
from accounts.services.links import link_create, link_secret
from tests.accounts.authenticator import Authenticator
from tests.accounts.links import link_token
from tests.accounts.test_factors import Enrolled, code_of
from tests.accounts.test_passkeys import begun, registered
from tests.factories import PASSWORD, UserFactory, console_client_for, tokens_for
from tests.processes import at_once

AUTH, ME = "/api/v1/auth/", "/api/v1/users/me/"
ANOTHER = "zmq 4711 trolley quartz"
LONG_AGO = timezone.now() - timedelta(days=91)


def reset(user):
    password_reset_begin(email=user.email)
    password_reset_confirm(token=link_token(user.email), password=ANOTHER)


def change_address(user):
    email_change(actor=user, email="new@example.org")
    email_confirm(token=link_token("new@example.org"))


CHANGES = {
    "password": lambda user: password_set(actor=None, user=user, password=ANOTHER),
    "reset": reset,
    "disabled": lambda user: user_update(actor=None, user=user, is_active=False),
    "deleted": lambda user: user_delete(actor=None, user=user),
    "factor removed": lambda user: totp_remove(actor=user),
    "codes replaced": lambda user: recovery_codes_replace(actor=user),
    "address": change_address,
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_nothing_that_somebody_else_holds_outlives_it(change):
    kim = Enrolled(email="kim@example.org")
    trusting = {"mfa_token": kim.begun()["mfa_token"], "code": kim.code(), "trust_device": True}
    held = APIClient().post(f"{AUTH}mfa/verify/", trusting).json()
    waiting, browser = kim.begun()["mfa_token"], console_client_for(kim.user)
    _key, secret = api_key_create(actor=kim.user, user=kim.user, name="CI", scopes=["*"])
    reset_link = link_create(
        user=kim.user, purpose=LinkPurpose.PASSWORD_RESET, email=kim.user.email, lifetime=timedelta(hours=1)
    )
    bearer, program = APIClient(), APIClient()
    bearer.credentials(HTTP_AUTHORIZATION=f"Bearer {held['access']}")
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert bearer.get(ME).status_code == program.get(ME).status_code == browser.get("/console/").status_code == 200

    CHANGES[change](kim.user)

    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        assert bearer.get(ME).status_code == 401
        assert APIClient().post(f"{AUTH}refresh/", {"refresh": held["refresh"]}).status_code == 401
        assert browser.get("/console/")["Location"].startswith("/console/login/")
        assert not KnownDevice.objects.filter(trusted_by__isnull=False).exists()
        assert not Session.objects.live(timezone.now()).filter(user=kim.user).exists()
        if change in {"password", "reset", "disabled", "deleted"}:
            answer = APIClient().post(f"{AUTH}mfa/verify/", {"mfa_token": waiting, "code": kim.code()})
            assert (answer.status_code, answer.json()["type"]) == (401, "urn:oms:problem:login-challenge-invalid")
            link = {"token": link_secret(reset_link), "new_password": f"{ANOTHER} 2"}
            assert APIClient().post(f"{AUTH}password/reset/confirm/", link).status_code == 422
        assert program.get(ME).status_code == (401 if change in {"disabled", "deleted"} else 200)


@pytest.mark.django_db
def test_a_reset_asks_for_the_factor_all_the_same():
    kim = Enrolled(email="kim@example.org")
    reset(kim.user)

    answer = APIClient().post(f"{AUTH}login/", {"username": "kim", "password": ANOTHER}).json()

    assert answer["methods"] == ["totp", "recovery_code"]
    assert not Session.objects.filter(user=kim.user).exists()


@pytest.mark.django_db
def test_a_sign_in_that_has_shown_a_factor_ends_with_it():
    """It waits for another password; meanwhile the owner has an administrator take the factors away."""
    kim, thief = UserFactory(username="kim", password=PASSWORD), Authenticator()
    registered(kim, thief)
    expired = {"password_policy": PasswordPolicy.objects.get(name="enterprise"), "password_changed_at": LONG_AGO}
    User.objects.filter(pk=kim.pk).update(**expired)
    client = APIClient()
    token = client.post(f"{AUTH}login/", {"username": "kim", "password": PASSWORD}).json()["mfa_token"]
    asked = begun(client, f"{AUTH}mfa/webauthn/", mfa_token=token)
    shown = {"mfa_token": token, "ceremony": asked["id"], "credential": thief.sign(asked["options"])}
    assert client.post(f"{AUTH}mfa/webauthn/finish/", shown).json()["password_change_required"]

    factors_reset(actor=None, user=User.objects.get(pk=kim.pk))

    response = client.post(f"{AUTH}password/change/", {"mfa_token": token, "new_password": ANOTHER})
    assert response.status_code == 401
    assert not Session.objects.live(timezone.now()).filter(user=kim).exists()


def after(monkeypatch, module, name, change):
    """Have ``change`` be made just before the function of that name goes on."""
    go_on = getattr(module, name)

    def later(*arguments, **given):
        change()
        return go_on(*arguments, **given)

    monkeypatch.setattr(module, name, later)


@pytest.mark.django_db
def test_a_passkey_that_is_removed_while_it_signs_in_signs_nobody_in(monkeypatch):
    kim, phone = UserFactory(username="kim", password=PASSWORD), Authenticator()
    registered(kim, phone)
    after(monkeypatch, passkey_logins, "login_proceed", lambda: factors_reset(actor=None, user=kim))
    client = APIClient()
    asked = begun(client, f"{AUTH}webauthn/login/")

    answer = {"ceremony": asked["id"], "credential": phone.sign(asked["options"])}

    assert client.post(f"{AUTH}webauthn/login/finish/", answer).status_code == 401
    assert not Session.objects.live(timezone.now()).exists()


@pytest.mark.django_db
def test_a_code_whose_application_is_removed_while_it_signs_in_signs_nobody_in(monkeypatch):
    kim = Enrolled()
    token, code = kim.begun()["mfa_token"], kim.code()
    after(monkeypatch, logins, "login_finish", lambda: factors_reset(actor=None, user=kim.user))

    assert APIClient().post(f"{AUTH}mfa/verify/", {"mfa_token": token, "code": code}).status_code == 401
    assert not Session.objects.live(timezone.now()).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["password", "factor"])
def test_a_factor_that_a_sign_in_makes_is_none_where_the_account_changes_meanwhile(monkeypatch, change):
    RoleSettings.objects.update(factor_required=True)
    kim = UserFactory(username="kim", password=PASSWORD)
    client = APIClient()
    token = client.post(f"{AUTH}login/", {"username": "kim", "password": PASSWORD}).json()["mfa_token"]
    secret = client.post(f"{AUTH}mfa/totp/", {"mfa_token": token}).json()["secret"]
    changes = {
        "password": lambda: password_set(actor=None, user=User.objects.get(pk=kim.pk), password=ANOTHER),
        "factor": lambda: registered(kim, Authenticator()),
    }
    after(monkeypatch, logins, "totp_finish", changes[change])

    response = client.post(f"{AUTH}mfa/totp/confirm/", {"mfa_token": token, "code": code_of(secret)})

    assert response.status_code == 401
    assert not TOTPFactor.objects.confirmed(kim).exists()


SERVERS = 3
IN_PROCESSES = {
    "logout": lambda access, _user: bearer(access).post(f"{AUTH}logout/"),
    "password": lambda _access, user: password_set(actor=None, user=user, password=ANOTHER),
    "disabled": lambda _access, user: user_update(actor=None, user=user, is_active=False),
    "deleted": lambda _access, user: user_delete(actor=None, user=user),
    "factor": lambda _access, user: factors_reset(actor=None, user=user),
}


def bearer(access):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


def asked_in_a_process(given):
    """What one of several servers answers before and after a change; the first of them makes it."""
    place, change, folder, access, refresh = given
    client = bearer(access)
    before = client.get(ME).status_code
    (folder / f"asked {place}").touch()
    if place == 0:
        wait_for(lambda: len(list(folder.glob("asked *"))) == SERVERS)
        IN_PROCESSES[change](access, User.objects.get(username="kim"))
        (folder / "changed").touch()
    wait_for((folder / "changed").exists)
    return before, client.get(ME).status_code, client.post(f"{AUTH}refresh/", {"refresh": refresh}).status_code


def wait_for(condition):
    while not condition():
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", IN_PROCESSES)
def test_it_is_so_at_the_next_request_in_every_process(change, tmp_path):
    kim = Enrolled()
    held = tokens_for(kim.user)

    answers = at_once(
        asked_in_a_process, [(place, change, tmp_path, held.access, held.refresh) for place in range(SERVERS)]
    )

    assert answers == [(200, 401, 401)] * SERVERS
