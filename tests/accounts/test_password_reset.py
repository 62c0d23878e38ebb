"""Forgotten passwords: ``POST /api/v1/auth/password/reset/`` and ``…/confirm/``, and the console's pages."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import services
from accounts.exceptions import CredentialsWrong
from accounts.models import AccountLink, FormerPassword, Session, SessionKind, TOTPFactor, User, UserKind
from accounts.services.throttling import account_is_locked
from accounts.tasks import begin_password_reset
from history.models import Event
from tests.accounts.links import delivered, link_token, written
from tests.factories import DEVICE, PASSWORD, UserFactory, api_client_for, signed_in

RESET, CONFIRM = "/api/v1/auth/password/reset/", "/api/v1/auth/password/reset/confirm/"
PAGE, LINK_PAGE = "/console/login/forgotten/", "/console/links/password/"
NEW = "purple bicycles climb hills"
KINDS = ["known", "unknown", "inactive", "no-password", "locked"]


@pytest.fixture
def kim(db):
    return UserFactory(username="kim", email="Kim@example.org", password=PASSWORD)


@pytest.fixture
def enqueued(monkeypatch):
    """The addresses that the worker was asked to look at."""
    asked = []
    monkeypatch.setattr("accounts.services.resets.enqueue", lambda _task, email: asked.append(email))
    return asked


def asked(user):
    begin_password_reset(user.email)
    return link_token(user.email)


def people(kinds):
    """An account of each kind, all without a password hash of their own; the address of each."""
    for kind in kinds:
        if kind != "unknown":
            UserFactory(username=kind, email=f"{kind}@example.org")
    User.objects.exclude(username="no-password").update(password="argon2$not-a-hash")
    User.objects.filter(username="inactive").update(is_active=False)
    for _ in range(5):
        services.logins.attempt_begin(services.logins.counted_sign_in("locked", None, None))
    return {kind: f"{kind}@example.org" for kind in kinds}


def test_the_answer_is_the_same_for_everybody(anonymous, db, enqueued):
    addresses = people(KINDS)
    assert account_is_locked("locked")

    answers = [anonymous.post(RESET, {"email": email}) for email in addresses.values()]

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    headers = [{k: v for k, v in answer.headers.items() if k != "X-Request-ID"} for answer in answers]
    assert all(each == headers[0] for each in headers)
    assert enqueued == list(addresses.values())


def test_the_worker_writes_to_those_alone_who_may_set_a_password(db):
    addresses = people([*KINDS, "robot"])
    User.objects.filter(username="robot").update(kind=UserKind.SERVICE)

    for email in addresses.values():
        begin_password_reset(email.upper())

    assert {link.user.username for link in AccountLink.objects.all()} == {"known", "locked"}
    assert Event.objects.filter(type="io.oms.accounts.password_reset.requested").count() == 2


def test_the_answer_asks_the_database_the_same_for_everybody(anonymous, db, enqueued):
    asked = []
    for number, email in enumerate(people(KINDS).values()):
        with CaptureQueriesContext(connection) as context:
            anonymous.post(RESET, {"email": email}, REMOTE_ADDR=f"192.0.2.{number}")
        asked.append([re.sub(r"'[^']*'|\"s\d+_x\d+\"|\d+", "?", each["sql"]) for each in context.captured_queries])

    assert len({str(queries) for queries in asked}) == 1, asked


def test_no_more_mails_than_the_limit_go_to_an_address_and_nothing_says_so(anonymous, db, enqueued, settings):
    answers = [anonymous.post(RESET, {"email": spelling}) for spelling in ["kim@example.org", "KIM@example.org"] * 4]

    assert {answer.status_code for answer in answers} == {202}
    assert len(enqueued) == settings.MAIL_LIMIT


def test_a_network_asks_for_no_more_than_its_limit(anonymous, db, enqueued, settings):
    settings.LOGIN_NETWORK_LIMIT = 3
    for number in range(5):
        anonymous.post(RESET, {"email": f"kim{number}@example.org"})

    assert len(enqueued) == 3


def test_asking_for_mails_locks_nobody_out(anonymous, kim, enqueued):
    for _ in range(8):
        anonymous.post(RESET, {"email": kim.email})

    assert not account_is_locked("kim")


def test_sets_the_password_and_ends_every_session(anonymous, kim):
    tokens = api_client_for(kim)
    token = asked(kim)

    response = anonymous.post(CONFIRM, {"token": token, "new_password": NEW})

    assert response.status_code == 204, response.content
    kim.refresh_from_db()
    assert kim.check_password(NEW)
    assert kim.email_verified_at is not None
    assert (timezone.now() - kim.password_changed_at).total_seconds() < 60
    assert not FormerPassword.objects.exists()  # the default policy looks at none
    assert tokens.get("/api/v1/users/me/").status_code == 401
    assert set(Session.objects.values_list("revoke_reason", flat=True)) == {"password"}
    assert written()[-1] == "password_changed"
    assert Event.objects.filter(type="io.oms.accounts.password.reset", subject=f"users/{kim.pk}").count() == 1
    assert anonymous.post(CONFIRM, {"token": token, "new_password": NEW}).status_code == 422


def test_unlocks_the_account(kim):
    for _ in range(5):
        services.logins.attempt_begin(services.logins.counted_sign_in("kim", None, None))

    services.password_reset_confirm(token=asked(kim), password=NEW)

    assert not account_is_locked("kim")


def test_keeps_the_second_factor_and_signs_nobody_in(anonymous, kim):
    TOTPFactor.objects.create(user=kim, sealed_seed=b"x", confirmed_at=timezone.now())

    anonymous.post(CONFIRM, {"token": asked(kim), "new_password": NEW})

    assert TOTPFactor.objects.filter(user=kim).exists()
    assert not Session.objects.exists()
    device = {"device": DEVICE, "kind": SessionKind.API}
    assert isinstance(services.login_start(username="kim", password=NEW, **device), services.LoginPending)
    with pytest.raises(CredentialsWrong):
        services.login_start(username="kim", password=PASSWORD, **device)


def test_a_password_that_is_refused_leaves_the_link_good(anonymous, kim):
    token = asked(kim)

    response = anonymous.post(CONFIRM, {"token": token, "new_password": "short"})

    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "/new_password"
    assert anonymous.post(CONFIRM, {"token": token, "new_password": NEW}).status_code == 204


def test_asking_again_voids_the_earlier_link(anonymous, kim):
    first = asked(kim)
    second = asked(kim)

    refused = anonymous.post(CONFIRM, {"token": first, "new_password": NEW})

    assert (refused.status_code, refused.json()["errors"][0]["rule"]) == (422, "LINK_INVALID")
    assert anonymous.post(CONFIRM, {"token": second, "new_password": NEW}).status_code == 204


def test_the_console_says_the_same_to_everybody(kim, enqueued):
    browser = Client()
    assert PAGE in browser.get("/console/login/").content.decode()

    pages = [browser.post(PAGE, {"email": email}) for email in ("kim@example.org", "nobody@example.org")]

    assert [page.status_code for page in pages] == [200, 200]
    assert len({re.sub(rb'name="csrf\w+" value="\w+"', b"", page.content) for page in pages}) == 1
    assert enqueued == ["kim@example.org", "nobody@example.org"]


def test_an_address_that_is_none_is_refused_at_its_field(db, enqueued):
    response = Client().post(PAGE, {"email": "nowhere"})

    assert response.status_code == 422
    assert response.context["form"].errors["email"]
    assert enqueued == []


def test_opening_the_link_uses_nothing_up_and_the_button_does(kim):
    token, browser = asked(kim), Client()
    for _ in range(2):
        page = browser.get(LINK_PAGE, {"token": token})
        assert token in page.content.decode()
        assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "strict-origin")

    def typed(password, repeated=None):
        return browser.post(LINK_PAGE, {"token": token, "new_password": password, "repeated": repeated or password})

    assert typed("short").status_code == 422
    assert list(typed(NEW, "something else").context["form"].errors) == ["repeated"]
    done = typed(NEW)

    assert (done.status_code, done["Location"]) == (302, "/console/login/")
    again = typed(NEW)
    assert again.status_code == 422
    assert "The link is not valid" in again.content.decode()
    assert browser.get("/console/account/profile/").status_code == 302


def test_the_token_of_a_link_is_not_logged(kim, caplog):
    token = asked(kim)
    with caplog.at_level("INFO"):
        Client().get(LINK_PAGE, {"token": token})

    assert "links/password/?token=…" in caplog.text
    assert token not in caplog.text


def test_nothing_of_a_mail_tells_the_password(kim):
    signed_in(kim)
    begin_password_reset(kim.email)

    (message,) = delivered()

    assert message.subject == "Set another password"
    assert PASSWORD not in message.body
