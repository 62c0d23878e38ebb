"""Guesses at a password are few, however many make them at once, and strangers lock no owner out for long."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AttemptCounter, OutgoingMail, Session, User
from accounts.services import account_is_locked, account_unlock, expired_purge
from history.models import Event
from tests.factories import PASSWORD, UserFactory
from tests.threads import at_once

URL = "/api/v1/auth/login/"
REFUSED = "io.oms.accounts.login.refused"


@pytest.fixture
def kim(db):
    return UserFactory(username="kim", password=PASSWORD)


@pytest.fixture
def evaluated(monkeypatch):
    """The hashes of accounts that were looked at, in place of looking."""
    seen = []

    def verify(_self, password, encoded):
        seen.append(encoded)
        return password == PASSWORD

    monkeypatch.setattr(Argon2PasswordHasher, "verify", verify)
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *_: "argon2$of nothing")
    monkeypatch.setattr(Argon2PasswordHasher, "must_update", lambda *_: False)
    return seen


def guess(username="kim", password="wrong", ip="192.0.2.1", **more):
    return APIClient(REMOTE_ADDR=ip).post(URL, {"username": username, "password": password, **more})


@pytest.mark.django_db(transaction=True)
def test_of_forty_guesses_at_once_five_are_looked_at(real_hashing):
    UserFactory(username="kim", password=PASSWORD)
    spellings = ["kim", "KIM", "ｋｉｍ"]
    with pytest.MonkeyPatch.context() as patch:
        seen = []
        original = Argon2PasswordHasher.verify
        patch.setattr(Argon2PasswordHasher, "verify", lambda self, *args: seen.append(args) or original(self, *args))

        answers = at_once(40, lambda number: guess(spellings[number % 3], f"wrong {number}", f"192.0.2.{number}"))

    assert {answer.status_code for answer in answers} <= {401, 503}  # 503: the queue was full, nothing was looked at
    assert len(seen) <= 5
    assert guess(password=PASSWORD).status_code == 401


def test_the_right_password_does_not_help_while_it_is_locked(kim, evaluated):
    for _ in range(5):
        guess()

    assert guess(password=PASSWORD).status_code == 401
    assert len(evaluated) == 5
    assert account_is_locked("KIM")


def test_the_lock_is_a_quarter_of_an_hour_and_retries_do_not_extend_it(kim, evaluated):
    begin = timezone.now()
    with time_machine.travel(begin, tick=False):
        for _ in range(5):
            guess()
    with time_machine.travel(begin + timedelta(minutes=14, seconds=59), tick=False):
        for _ in range(10):
            assert guess(password=PASSWORD).status_code == 401
    with time_machine.travel(begin + timedelta(minutes=15), tick=False):
        assert guess(password=PASSWORD).status_code == 200


def test_a_known_device_is_not_locked_out_by_a_hundred_failures_of_strangers(kim, evaluated):
    device = guess(password=PASSWORD).json()["device"]
    for number in range(100):
        guess(ip=f"198.51.100.{number}")

    assert guess(password=PASSWORD).status_code == 401
    assert guess(password=PASSWORD, device=device).status_code == 200
    assert len(evaluated) == 1 + 5 + 1


def test_a_known_device_has_a_limit_of_its_own(kim, evaluated):
    device = guess(password=PASSWORD).json()["device"]
    for _ in range(6):
        guess(device=device)

    assert guess(password=PASSWORD, device=device).status_code == 401
    assert guess(password=PASSWORD).status_code == 200


def test_a_device_of_another_account_is_no_known_device(kim, evaluated):
    UserFactory(username="lee", password=PASSWORD)
    device = guess("lee", PASSWORD).json()["device"]
    for _ in range(5):
        guess()

    assert guess(password=PASSWORD, device=device).status_code == 401


def test_after_a_hundred_failures_in_a_row_only_unlocking_helps(kim, evaluated):
    begin = timezone.now()
    for window in range(20):
        with time_machine.travel(begin + timedelta(minutes=16 * window), tick=False):
            for _ in range(5):
                guess()
    with time_machine.travel(begin + timedelta(days=2), tick=False):
        assert guess(password=PASSWORD).status_code == 401
        assert len(evaluated) == 100
        account_unlock("kim")
        assert guess(password=PASSWORD).status_code == 200


def test_who_is_locked_out_for_good_is_told_although_no_window_was_full(db, evaluated):
    kim = UserFactory(username="kim", email="kim@example.org", password=PASSWORD)
    begin = timezone.now()
    for window in range(25):
        with time_machine.travel(begin + timedelta(minutes=16 * window), tick=False):
            for _ in range(4):
                guess()

    assert len(evaluated) == 100
    assert Event.objects.filter(type="io.oms.accounts.user.locked", subject=f"users/{kim.pk}").count() == 1
    assert OutgoingMail.objects.get(user=kim).template == "account_locked"


def test_from_a_network_that_is_locked_nothing_is_hashed(kim, evaluated, monkeypatch, settings):
    settings.LOGIN_NETWORK_LIMIT = 3
    hashed = []
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *_: hashed.append(1) or "argon2$of nothing")

    answers = [guess(f"nobody{number}") for number in range(10)]

    assert {answer.status_code for answer in answers} == {401}
    assert len(hashed) == 3
    assert guess(password=PASSWORD, ip="192.0.2.2").status_code == 200


def test_what_axes_keeps_is_forgotten_as_counters_are(kim, evaluated, settings):
    guess()
    assert AccessAttempt.objects.exists()

    with time_machine.travel(timezone.now() + settings.LOGIN_COUNTERS_KEPT + timedelta(days=1), tick=False):
        expired_purge()

    assert not AccessAttempt.objects.exists()


def test_success_begins_the_count_anew(kim, evaluated):
    for _ in range(3):
        for _ in range(4):
            guess()
        assert guess(password=PASSWORD).status_code == 200


def test_a_network_guesses_at_many_accounts_a_hundred_times(db, evaluated, settings):
    settings.LOGIN_NETWORK_LIMIT = 10
    UserFactory(username="kim", password=PASSWORD)
    for number in range(10):
        guess(f"user{number}", ip=f"2001:db8::{number}")

    assert guess(password=PASSWORD, ip="2001:db8::ffff").status_code == 401
    assert guess(password=PASSWORD, ip="2001:db8:0:1::1").status_code == 200


def test_a_refusal_is_an_event_of_the_account_and_a_row_for_administrators(kim, evaluated):
    guess()
    guess("nobody")

    event = Event.objects.get(type=REFUSED)
    assert event.subject == f"users/{kim.pk}"
    assert set(AccessAttempt.objects.values_list("username", "ip_address")) == {
        ("kim", "192.0.2.1"),
        ("nobody", "192.0.2.1"),
    }


def test_counters_hold_no_name(kim, evaluated):
    guess("hunter2 typed in the wrong field")

    assert not any("hunter2" in key for key in AttemptCounter.objects.values_list("key", flat=True))


def test_every_kind_of_account_costs_one_hash_and_gets_one_answer(db, monkeypatch):
    for name in ("active", "disabled", "locked"):
        UserFactory(username=name, password=PASSWORD)
    UserFactory(username="passwordless")
    User.objects.filter(username="disabled").update(is_active=False)
    for _ in range(5):
        guess("locked", ip="203.0.113.1")
    hashed, verify, encode = [], Argon2PasswordHasher.verify, Argon2PasswordHasher.encode
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *given: hashed.append("verify") or verify(*given))
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *given: hashed.append("encode") or encode(*given))

    answers = [guess(name) for name in ("active", "disabled", "locked", "passwordless", "missing")]

    assert len(hashed) == len(answers)
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    headers = [{key: value for key, value in answer.headers.items() if key != "X-Request-ID"} for answer in answers]
    assert all(each == headers[0] for each in headers)
    assert not Session.objects.exists()


def test_a_lock_of_one_account_is_none_of_another(kim, evaluated):
    other = f"user-{uuid.uuid4().hex[:8]}"
    UserFactory(username=other, password=PASSWORD)
    for _ in range(5):
        guess()

    assert guess(other, PASSWORD).status_code == 200
