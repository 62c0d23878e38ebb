"""Signing in to the console, at /console/login/, and how long it lasts."""

from datetime import timedelta

import pytest
from django.contrib.auth.views import LogoutView
from django.test import Client
from django.utils import timezone
from django.views.debug import SafeExceptionReporterFilter

from accounts.models import RoleSettings, Session, User, UserKind
from accounts.views import PUBLIC
from accounts.views.urls import urlpatterns
from history.models import Event, Role
from tests.accounts.test_factors import code_of
from tests.factories import PASSWORD, UserFactory, api_client_for, console_client_for

FORMS = {
    page.name: page.callback.view_class
    for page in [*PUBLIC, *urlpatterns]
    if hasattr(page.callback.view_class, "post") and not issubclass(page.callback.view_class, LogoutView)
}
LOGIN, LOGOUT, START, ME = "/console/login/", "/console/logout/", "/console/", "/api/v1/users/me/"


@pytest.fixture
def kim(db):
    return UserFactory(username="kim", password=PASSWORD)


def is_signed_in(browser):
    return browser.get(ME).status_code == 200


def test_opens_a_browser_session_of_the_same_kind_of_row(kim):
    browser = Client(headers={"User-Agent": "Firefox"})

    response = browser.post(LOGIN, {"username": "ＫＩＭ", "password": PASSWORD})

    assert response.status_code == 302
    assert response["Location"] == START
    session = Session.objects.get()
    assert (session.user, session.kind, session.user_agent, session.amr) == (kim, "browser", "Firefox", ["pwd"])
    assert Event.objects.filter(type="io.oms.accounts.session.started", actor=kim.pk).count() == 1
    assert is_signed_in(browser)


def test_goes_on_to_where_one_was_going(kim):
    response = Client().post(f"{LOGIN}?next=/console/accounts/", {"username": "kim", "password": PASSWORD})

    assert response["Location"] == "/console/accounts/"


def test_goes_nowhere_else(kim):
    response = Client().post(f"{LOGIN}?next=https://evil.example/", {"username": "kim", "password": PASSWORD})

    assert response["Location"] == START


def test_refuses_alike(kim):
    UserFactory(username="robot", password=PASSWORD, kind=UserKind.SERVICE)
    attempts = [("kim", "wrong"), ("nobody", PASSWORD), ("robot", PASSWORD)]

    answers = [Client().post(LOGIN, {"username": name, "password": password}) for name, password in attempts]

    assert {answer.status_code for answer in answers} == {401}
    assert len({str(answer.context["form"].non_field_errors()) for answer in answers}) == 1
    assert not Session.objects.exists()


def test_signing_in_again_leaves_one_session(kim):
    browser = Client()
    for _ in range(2):
        browser.post(LOGIN, {"username": "kim", "password": PASSWORD})

    assert Session.objects.live(timezone.now()).count() == 1


def test_who_is_signed_in_is_not_asked_again(bob):
    response = console_client_for(bob).get(LOGIN)

    assert (response.status_code, response["Location"]) == (302, START)


def test_signing_out_ends_the_row(bob):
    browser = console_client_for(bob)

    browser.post(LOGOUT)

    assert Session.objects.get().revoke_reason == "logout"
    assert Event.objects.filter(type="io.oms.accounts.session.ended", actor=bob.pk).count() == 1
    assert not is_signed_in(browser)


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": timezone.now(), "revoke_reason": "revoked"},
        {"expires_at": timezone.now()},
        {"last_used_at": timezone.now() - timedelta(hours=3)},
        {"kind": "api"},
    ],
)
def test_the_browser_is_signed_out_when_the_row_has_ended(bob, change):
    browser = console_client_for(bob)
    assert is_signed_in(browser)

    Session.objects.update(**change)

    assert not is_signed_in(browser)
    assert browser.get(START).status_code == 302


def test_the_browser_is_signed_out_when_the_row_is_gone(bob):
    browser = console_client_for(bob)
    Session.objects.all().delete()

    assert not is_signed_in(browser)


def test_the_browser_is_signed_out_when_the_account_is_disabled(bob):
    browser = console_client_for(bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)

    assert not is_signed_in(browser)


def test_a_cookie_without_a_row_signs_nobody_in(bob):
    browser = Client()
    browser.force_login(bob)

    assert not is_signed_in(browser)


def test_another_users_row_signs_nobody_in(bob, charlie):
    browser = console_client_for(bob)
    Session.objects.update(user=charlie)

    assert not is_signed_in(browser)


def test_the_api_can_end_a_browsers_session(bob):
    browser = console_client_for(bob)
    session = Session.objects.get(kind="browser")

    api_client_for(bob).delete(f"/api/v1/auth/sessions/{session.pk}/")

    assert not is_signed_in(browser)


def test_a_write_by_cookie_needs_a_csrf_token(bob):
    browser = console_client_for(bob)
    browser.handler.enforce_csrf_checks = True

    response = browser.post("/api/v1/auth/logout/")

    assert response.status_code == 403
    assert response.json()["type"] == "urn:oms:problem:csrf-failed"
    assert is_signed_in(browser)


def test_djangos_own_password_page_is_not_there(bob):
    assert console_client_for(bob).get("/console/password_change/").status_code == 404


def test_a_request_without_a_cookie_asks_no_session(anonymous, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        anonymous.get(ME)


def test_the_password_field_hides_what_is_typed_and_is_one_that_managers_fill(db):
    page = Client().get(LOGIN).content.decode()

    field = next(tag for tag in page.split("<") if 'name="password"' in tag)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "onpaste" not in page


def test_nothing_keeps_the_page_of_the_first_recovery_codes(db):
    UserFactory(username="kim", password=PASSWORD, role=Role.DEVELOPER)
    RoleSettings.objects.filter(role=Role.DEVELOPER).update(factor_required=True)
    browser = Client()
    enrol = browser.post("/console/login/", {"username": "kim", "password": PASSWORD})["Location"]
    secret = browser.get(enrol).context["enrolment"].secret

    response = browser.post(enrol, {"code": code_of(secret)})

    assert len(response.context["codes"]) == 10
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", FORMS)
def test_reports_of_errors_leave_out_what_is_typed(rf, page):
    request = rf.post("/", {"secret": "open sesame"})

    FORMS[page]().setup(request)

    assert SafeExceptionReporterFilter().get_post_parameters(request).dict() == {"secret": "*" * 20}


def test_a_step_that_is_not_ones_turn_leaves_it_out_as_well(db):
    response = Client().post("/console/login/second-factor/", {"code": "123456"})

    assert response["Location"] == LOGIN
    assert SafeExceptionReporterFilter().get_post_parameters(response.wsgi_request).dict() == {"code": "*" * 20}
