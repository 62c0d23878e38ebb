"""Mails: written with what they tell of, sent by workers."""

import re
from collections import Counter
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.models import LinkPurpose, OutgoingMail
from accounts.services import expired_purge, link_create, mail_write, mails_send
from accounts.services.links import link_secret
from accounts.tasks import send_mails
from oms_project.celery import app
from tests.accounts.links import delivered
from tests.factories import UserFactory
from tests.threads import at_once

ROOT = Path(__file__).resolve().parents[2]
SERVICES, TEMPLATE_FILES = ROOT / "accounts/services", ROOT / "templates/accounts/mail"
TEMPLATES = [
    ("new_device", {"ip": "192.0.2.7", "user_agent": "Firefox<3&more", "at": "2026-01-02T03:04:05+00:00"}, None),
    ("token_reused", {"ip": "192.0.2.7", "user_agent": "curl"}, None),
    ("factor_changed", {"method": "totp"}, None),
    ("factor_changed", {"method": "recovery_code"}, None),
    ("factor_changed", {"method": "webauthn"}, None),
    ("factor_changed", {"method": "other"}, None),
    ("password_changed", {}, None),
    ("identity_changed", {}, None),
    ("api_key_created", {"name": "CI", "prefix": "oms_ab"}, None),
    ("email_change_asked", {}, None),
    ("email_changed", {}, None),
    ("account_locked", {}, LinkPurpose.UNLOCK),
    ("invitation", {"username": "bob"}, LinkPurpose.INVITATION),
    ("verification", {}, LinkPurpose.VERIFICATION),
    ("password_reset", {}, LinkPurpose.PASSWORD_RESET),
    ("email_change", {}, LinkPurpose.EMAIL_CHANGE),
]


class Broken(EmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages):
        raise OSError("Connection refused")


@pytest.fixture
def server_down(settings):
    settings.EMAIL_BACKEND = f"{Broken.__module__}.{Broken.__qualname__}"


def row():
    return OutgoingMail.objects.get()


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("template", "context", "purpose"), TEMPLATES)
def test_every_template_has_a_subject_and_a_text(bob, language, template, context, purpose):
    bob.language = language
    link = link_create(user=bob, purpose=purpose, email=bob.email, lifetime=timedelta(hours=1)) if purpose else None

    mail_write(user=bob, template=template, link=link, **context)
    (message,) = delivered()

    assert message.to == ["Bob@example.org"]
    assert message.subject
    assert "\n" not in message.subject
    assert message.body.count("?token=") == (1 if purpose else 0)
    assert "&amp;" not in message.body
    assert "&lt;" not in message.body
    for value in (context.get("ip"), context.get("prefix"), context.get("name")):
        assert value is None or value in message.body
    if context.get("at"):
        assert "2026-01-02 03:04" in message.body


def test_a_mail_says_what_happened_where_and_what_to_do(bob, settings):
    settings.PUBLIC_URL = "https://oms.example.org"
    known = {"ip": "192.0.2.7", "user_agent": "curl/8.5.0", "at": "2026-01-02T03:04:05+00:00"}
    mail_write(user=bob, template="new_device", **known)

    assert delivered()[0].body.split("\n") == [
        "Hello bob,",
        "",
        "Somebody signed in to your account from a device that was not known before, at 2026-01-02 03:04 UTC.",
        "Address: 192.0.2.7",
        "Device: curl",
        "",
        "If that was not you, set another password and end all sessions in your account.",
        "",
        "OMS · https://oms.example.org",
        "",
    ]


def test_a_mail_with_a_link_says_until_when_it_is_good(bob, settings):
    settings.PUBLIC_URL = "https://oms.example.org"
    link = link_create(user=bob, purpose=LinkPurpose.UNLOCK, email=bob.email, lifetime=timedelta(hours=1))
    mail_write(user=bob, template="account_locked", link=link, at="2026-01-02T03:04:05+00:00")

    assert delivered()[0].body.split("\n") == [
        "Hello bob,",
        "",
        (
            "There were many wrong passwords for your account. Since 2026-01-02 03:04 UTC nobody can sign in to it "
            "for a while, except from devices that you have used before."
        ),
        "",
        "If it was you, this link unlocks the account at once:",
        "",
        f"https://oms.example.org/console/links/unlock/?token={link_secret(link)}",
        "",
        f"The link is good once, until {link.expires_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC.",
        "",
        "If it was not you, there is nothing that you must do.",
        "",
        "OMS · https://oms.example.org",
        "",
    ]


def test_every_template_is_one_that_a_service_writes():
    written = re.findall(r'template="(\w+)"', "".join(path.read_text() for path in SERVICES.glob("*.py")))
    there = {path.stem for path in TEMPLATE_FILES.glob("*.txt")} - {"base"}
    assert set(written) == there == {template for template, *_ in TEMPLATES}


def test_the_link_begins_with_the_public_address(bob, settings):
    settings.PUBLIC_URL = "https://oms.example.org"
    link = link_create(user=bob, purpose=LinkPurpose.UNLOCK, email=bob.email, lifetime=timedelta(hours=1))
    mail_write(user=bob, template="account_locked", link=link)

    assert "\nhttps://oms.example.org/console/links/unlock/?token=" in delivered()[0].body


def test_who_has_no_address_gets_none(charlie):
    mail_write(user=charlie, template="password_changed")

    assert not OutgoingMail.objects.exists()


def test_a_worker_is_told_once_the_mail_is_kept(bob, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as told:
        mail_write(user=bob, template="password_changed")

    assert len(told) == 1


def test_workers_know_the_tasks_that_they_are_told():
    assert {"accounts.tasks.send_mails", "accounts.tasks.begin_password_reset"} <= set(app.tasks)


def test_a_sent_mail_is_not_sent_again(bob):
    mail_write(user=bob, template="password_changed")

    assert len(delivered()) == 1
    assert delivered() == []
    assert row().sent_at is not None


def test_a_mail_that_fails_is_tried_later_and_later_and_then_no_more(bob, server_down, settings):
    mail_write(user=bob, template="password_changed")
    waits = []
    for _ in range(settings.MAIL_ATTEMPTS):
        mails_send()
        after = row()
        if after.next_attempt_at is not None:
            waits.append(round((after.next_attempt_at - timezone.now()) / timedelta(minutes=1)))
            OutgoingMail.objects.update(next_attempt_at=timezone.now())

    assert waits == [2, 4, 8, 16, 32, 64, 128]
    given_up = row()
    assert (given_up.attempts, given_up.next_attempt_at, given_up.sent_at) == (8, None, None)
    assert given_up.error == "OSError: Connection refused"


def test_it_is_sent_once_the_server_is_back(bob, settings, server_down):
    mail_write(user=bob, template="password_changed")
    mails_send()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert delivered() == []
    OutgoingMail.objects.update(next_attempt_at=timezone.now())

    assert len(delivered()) == 1
    assert row().error == ""


def test_one_that_cannot_be_written_does_not_hold_the_others(bob):
    mail_write(user=bob, template="there_is_no_such_template")
    mail_write(user=bob, template="password_changed")

    assert len(delivered()) == 1
    assert "TemplateDoesNotExist" in OutgoingMail.objects.get(sent_at=None).error


def test_a_link_that_is_no_longer_good_is_not_sent(bob):
    link = link_create(user=bob, purpose=LinkPurpose.UNLOCK, email=bob.email, lifetime=timedelta(0))
    mail_write(user=bob, template="account_locked", link=link)

    assert delivered() == []
    assert (row().next_attempt_at, row().error) == (None, "The link was no longer good.")


def test_old_ones_are_forgotten(bob, settings):
    for _ in range(2):
        mail_write(user=bob, template="password_changed")
    old = OutgoingMail.objects.first()
    OutgoingMail.objects.filter(pk=old.pk).update(created_at=timezone.now() - settings.MAIL_KEPT)

    expired_purge()

    assert old not in OutgoingMail.objects.all()
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_senders_at_the_same_time_send_each_mail_once():
    bob = UserFactory(username="bob", email="bob@example.org")
    for number in range(40):
        mail_write(user=bob, template="new_device", to=f"bob{number}@example.org", at=timezone.now().isoformat())
    mail.outbox.clear()

    sent = at_once(6, lambda _: mails_send())

    assert sum(sent) == 40, sent
    assert Counter(message.to[0] for message in mail.outbox) == {f"bob{number}@example.org": 1 for number in range(40)}
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_died_with_a_mail_loses_none(monkeypatch):
    bob = UserFactory(username="bob", email="bob@example.org")
    mail_write(user=bob, template="password_changed")
    with monkeypatch.context() as patch:
        patch.setattr("accounts.services.mails.send_mail", lambda *_: (_ for _ in ()).throw(SystemExit()))
        with pytest.raises(SystemExit):
            send_mails()
    assert delivered() == []  # for now it might still be on its way
    OutgoingMail.objects.update(next_attempt_at=timezone.now())

    assert len(delivered()) == 1
