"""What ends with a change of an account: all that somebody else may still hold of it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import KnownDevice, LinkPurpose, Session
from accounts.services import (
    api_key_create,
    email_change,
    email_confirm,
    password_reset_begin,
    password_reset_confirm,
    password_set,
    recovery_codes_replace,
    totp_remove,
    user_delete,
    user_update,
)
from accounts.services.links import link_create, link_secret
from tests.accounts.links import link_token
from tests.accounts.test_factors import Enrolled
from tests.factories import console_client_for

AUTH, ME = "/api/v1/auth/", "/api/v1/users/me/"
ANOTHER = "zmq 4711 trolley quartz"


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
        assert not KnownDevice.objects.filter(trusted_until__isnull=False).exists()
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
