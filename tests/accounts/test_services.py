"""Accounts are one per name and never without an administrator, whoever writes at the same moment."""

import unicodedata

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.exceptions import LastAdministrator, ManageUsersDenied, NameTaken
from accounts.models import Session, SessionKind, User
from accounts.services import (
    Device,
    password_set,
    session_revoke,
    user_create,
    user_update,
)
from accounts.tasks import purge_expired
from history.models import Event, Role
from tests.factories import UserFactory, signed_in, tokens_for
from tests.threads import at_once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "spellings",
    [("Kim", "kim", "KIM", "ＫＩＭ"), tuple(unicodedata.normalize(form, "김철수") for form in ("NFC", "NFD"))],
)
def test_of_many_spellings_at_once_one_becomes_an_account(spellings):
    names = spellings * 4

    outcomes = at_once(len(names), lambda number: user_create(actor=None, username=names[number]))

    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, NameTaken) for outcome in outcomes) == len(names) - 1
    assert User.objects.count() == Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_addresses_at_once_one_becomes_an_accounts():
    outcomes = at_once(8, lambda n: user_create(actor=None, username=f"u{n}", email=["A@b.org", "a@B.ORG"][n % 2]))

    assert sum(isinstance(outcome, NameTaken) for outcome in outcomes) == 7


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_depose_each_other():
    for _ in range(5):
        User.objects.all().delete()
        pair = [UserFactory(role=Role.ADMINISTRATOR) for _ in range(2)]
        outcomes = at_once(2, lambda n, pair=pair: user_update(actor=pair[n], user=pair[1 - n], role=Role.VIEWER))

        assert User.objects.filter(role=Role.ADMINISTRATOR).count() == 1
        assert sum(isinstance(outcome, LastAdministrator) for outcome in outcomes) == 1


def test_a_name_is_kept_composed(db):
    user = user_create(actor=None, username=unicodedata.normalize("NFD", "김철수"), display_name=" Kim ")

    assert user.username == unicodedata.normalize("NFC", "김철수")
    assert User.objects.named("김철수").get() == user


def test_the_database_itself_holds_the_rules(bob):
    with pytest.raises(IntegrityError, match="user_email_has_key"), transaction.atomic():
        User.objects.filter(pk=bob.pk).update(email="")
    with pytest.raises(IntegrityError, match="user_role"), transaction.atomic():
        User.objects.filter(pk=bob.pk).update(role="king")


def test_nothing_is_written_where_nothing_is_allowed(bob, charlie):
    with pytest.raises(ManageUsersDenied):
        user_update(actor=bob, user=charlie, role=Role.ADMINISTRATOR)
    with pytest.raises(ManageUsersDenied):
        password_set(actor=bob, user=charlie, password="another")
    session = signed_in(charlie, SessionKind.BROWSER).session
    with pytest.raises(ManageUsersDenied):
        session_revoke(actor=bob, session=session)

    charlie.refresh_from_db()
    session.refresh_from_db()
    assert (charlie.role, charlie.has_usable_password(), session.revoked_at) == ("viewer", False, None)


def test_a_session_is_revoked_once(bob):
    session = signed_in(bob, SessionKind.BROWSER).session

    session_revoke(actor=bob, session=session)
    session_revoke(actor=bob, session=session)

    assert Event.objects.filter(type="io.oms.accounts.session.revoked").count() == 1


def test_expired_sessions_are_forgotten_with_their_tokens(bob):
    expired = tokens_for(bob)
    Session.objects.filter(pk=expired.session_id).update(expires_at="2020-01-01T00:00Z")
    live = signed_in(bob, SessionKind.BROWSER).session

    purge_expired()

    assert list(Session.objects.all()) == [live]


@pytest.mark.parametrize(
    ("environment", "device"),
    [
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_USER_AGENT": "x" * 400}, Device("192.0.2.1", "x" * 300)),
        ({"REMOTE_ADDR": ""}, Device(None, "")),
        ({}, Device(None, "")),
    ],
)
def test_the_device_of_a_request(environment, device):
    assert Device.of(environment) == device


def test_the_first_administrator_comes_from_a_command(db, monkeypatch, capsys):
    monkeypatch.setenv("OMS_ADMINISTRATOR_PASSWORD", "eleven purple bicycles")

    call_command("create_administrator", "root")

    assert capsys.readouterr().out == "root is an administrator.\n"
    root = User.objects.get()
    assert (root.role, root.check_password("eleven purple bicycles")) == ("administrator", True)


def test_the_command_says_what_is_wrong(db, monkeypatch):
    monkeypatch.setenv("OMS_ADMINISTRATOR_PASSWORD", "short")

    with pytest.raises(CommandError, match="at least 15 characters"):
        call_command("create_administrator", "root")
