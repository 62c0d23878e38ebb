"""Devices that are known: where strangers' guesses lock nobody out, and where each may be guessed on apart."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import services
from accounts.exceptions import CredentialsWrong
from accounts.models import KnownDevice, PasswordPolicy, RoleSettings, SessionKind, User
from accounts.services import Device
from tests.accounts.links import written
from tests.accounts.test_factors import code_of
from tests.factories import PASSWORD, UserFactory, signed_in

ANOTHER = "zmq 4711 trolley quartz"


@pytest.fixture
def kim(db):
    return UserFactory(username="kim", email="kim@example.org", password=PASSWORD)


def sign_in(secret="", password=PASSWORD):
    device = Device("192.0.2.9", "tests", secret)
    return services.login_start(username="kim", password=password, device=device, kind=SessionKind.API)


def guesses(secret, number):
    """How many of so many wrong passwords are looked at on a device before it is locked."""
    for _ in range(number):
        with pytest.raises(CredentialsWrong):
            sign_in(secret, "wrong")


def test_no_more_than_so_many_are_known(kim, settings):
    settings.DEVICES = 3
    first, *_others, last = [sign_in().device_secret for _ in range(5)]

    assert KnownDevice.objects.filter(user=kim).count() == 3
    assert services.devices.device_known("kim", first) is None
    assert services.devices.device_known("kim", last) is not None


def test_another_password_makes_all_but_ones_own_strangers(kim):
    stolen, own = sign_in().device_secret, signed_in(kim)
    kim.credential = own.session

    services.password_change(actor=kim, current_password=PASSWORD, new_password=ANOTHER)

    assert [device.pk for device in KnownDevice.objects.filter(user=kim)] == [own.session.device_id]
    assert services.devices.device_known("kim", stolen) is None


def test_so_does_another_factor(kim):
    stolen = sign_in().device_secret

    services.totp_confirm(actor=kim, code=code_of(services.totp_enrol(actor=kim).secret))

    assert services.devices.device_known("kim", stolen) is None


def test_one_that_is_forgotten_on_the_way_is_a_new_one(kim, monkeypatch):
    secret = sign_in().device_secret
    proceed = services.logins.login_proceed

    def later(**given):
        KnownDevice.objects.all().delete()
        return proceed(**given)

    monkeypatch.setattr(services.logins, "login_proceed", later)

    assert sign_in(secret).device_secret not in {"", secret}


def test_what_unlocks_an_account_unlocks_its_devices(kim):
    secret, begin = sign_in().device_secret, timezone.now()
    for window in range(20):
        with time_machine.travel(begin + timedelta(minutes=16 * window), tick=False):
            guesses(secret, 5)

    with time_machine.travel(begin + timedelta(days=2), tick=False):
        with pytest.raises(CredentialsWrong):
            sign_in(secret)
        services.user_unlock(actor=None, user=kim)

        assert sign_in(secret).session.user == kim


def test_a_new_one_is_told_however_long_the_account_slept(kim, settings):
    sign_in()
    with time_machine.travel(timezone.now() + settings.DEVICE_KEPT + timedelta(days=1), tick=False):
        services.expired_purge()
        assert not KnownDevice.objects.exists()
        sign_in()

    assert written() == ["new_device"]


def test_the_one_on_which_a_sign_in_asks_for_another_password_stays_known(kim):
    secret = sign_in().device_secret
    User.objects.filter(pk=kim.pk).update(
        password_policy=PasswordPolicy.objects.get(name="enterprise"),
        password_changed_at=timezone.now() - timedelta(days=91),
    )

    login = services.login_password_change(token=sign_in(secret).token, new_password="zmQ 4711 trolley-Quartz")

    assert login.device_secret == ""
    assert services.devices.device_known("kim", secret) is not None


def test_so_does_the_one_on_which_a_sign_in_asks_for_a_factor(kim):
    secret = sign_in().device_secret
    RoleSettings.objects.update(factor_required=True)
    token = sign_in(secret).token

    code = code_of(services.login_totp_enrol(token=token).secret)
    login, _codes = services.login_totp_confirm(token=token, code=code)

    assert login.device_secret == ""
    assert services.devices.device_known("kim", secret) is not None
