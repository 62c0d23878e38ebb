"""Passkeys in the console, with Chromium's virtual authenticator: made, signed in by, confirmed by."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import CDPSession, Page, expect

from accounts.models import Passkey, RoleSettings, Session, User
from history.models import Role
from tests.factories import PASSWORD, UserFactory

LOGIN, FACTORS, START = "/console/login/", "/console/account/factors/", "**/console/"


@pytest.fixture
def kim(db: None) -> User:
    return UserFactory(username="kim", display_name="Kim", role=Role.DEVELOPER, password=PASSWORD)


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The server by a name: passkeys are not made for addresses of machines."""
    origin = f"http://localhost:{urlsplit(live_server.url).port}"
    settings.WEBAUTHN_ORIGINS = [origin]
    return origin


@pytest.fixture
def page(page_of: Callable[..., Page], site: str) -> Page:
    return page_of(base_url=site)


def authenticator_in(page: Page) -> tuple[CDPSession, str]:
    """A phone that knows its owner; what it makes stays in it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_in(page: Page) -> None:
    page.goto(LOGIN)
    page.get_by_label("Username").fill("kim")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")


def sign_out(page: Page) -> None:
    page.locator("summary[aria-label^='Account of']").click()
    press(page, "Sign out")
    page.wait_for_url(f"**{LOGIN}")


def add_passkey(page: Page, name: str = "My phone") -> None:
    page.goto(FACTORS)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill(name)
    press(page, "Create a passkey")


def test_a_passkey_is_made_and_then_signs_in_alone_and_as_second_factor(
    page: Page, kim: User, screenshot: Callable
) -> None:
    authenticator_in(page)
    sign_in(page)
    page.wait_for_url(START)
    add_passkey(page)
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    screenshot(page, "recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("My phone")).to_be_visible()
    screenshot(page, "factors")
    sign_out(page)

    press(page, "Sign in with a passkey")
    page.wait_for_url(START)
    assert Session.objects.get(revoked_at__isnull=True).amr == ["hwk", "mfa"]
    sign_out(page)

    sign_in(page)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    screenshot(page, "second-factor")
    page.get_by_label("Do not ask again on this device while this session lasts").first.check()
    press(page, "Use a passkey")
    page.wait_for_url(START)
    session = Session.objects.get(revoked_at__isnull=True)
    assert session.amr == ["pwd", "hwk", "mfa"]
    assert session.device is not None
    assert session.device.trusted_by == session


def test_a_passkey_confirms_who_one_is(page: Page, kim: User, screenshot: Callable) -> None:
    authenticator_in(page)
    sign_in(page)
    page.wait_for_url(START)
    add_passkey(page)
    expect(page.locator(".recovery-codes")).to_be_visible()
    Session.objects.update(auth_time=timezone.now() - timedelta(hours=1))

    page.goto(FACTORS)
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    screenshot(page, "confirm")
    press(page, "Use a passkey")

    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()
    confirmed = Session.objects.live(timezone.now()).get()
    assert "hwk" in confirmed.amr
    assert timezone.now() - confirmed.auth_time < timedelta(minutes=30)
    page.get_by_label("Name").fill("Once more")
    press(page, "Create a passkey")
    expect(page.get_by_text("This authenticator has a passkey of this account already.")).to_be_visible()


def test_a_sign_in_that_needs_a_factor_makes_a_passkey(page: Page, kim: User, screenshot: Callable) -> None:
    RoleSettings.objects.filter(role=Role.DEVELOPER).update(factor_required=True)
    authenticator_in(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    screenshot(page, "enrol")
    page.get_by_label("Name").fill("My phone")
    press(page, "Create a passkey")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url(START)
    assert Session.objects.get().amr == ["pwd", "hwk", "mfa"]


def test_a_passkey_is_renamed_and_removed(page: Page, kim: User) -> None:
    authenticator_in(page)
    sign_in(page)
    page.wait_for_url(START)
    add_passkey(page)
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("link", name="Rename My phone").click()
    page.get_by_label("Name").fill("Old phone")
    press(page, "Rename")
    page.get_by_role("button", name="Remove Old phone").click()
    expect(page.get_by_text("With a passkey you sign in")).to_be_visible()
    assert not Passkey.objects.exists()


def test_what_goes_wrong_is_told_in_words(page: Page, kim: User, settings: Any) -> None:
    session, phone = authenticator_in(page)
    page.goto(LOGIN)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("alert")).to_have_text("It was cancelled, or took too long. Try again.")

    settings.WEBAUTHN_RP_ID = "oms.example.org"
    page.get_by_role("button", name="Sign in with a passkey").press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Passkeys serve at oms.example.org only; open OMS there.")
    assert not Session.objects.exists()


def test_a_passkey_that_was_removed_is_refused_on_the_page(page: Page, kim: User) -> None:
    authenticator_in(page)
    sign_in(page)
    page.wait_for_url(START)
    add_passkey(page)
    expect(page.locator(".recovery-codes")).to_be_visible()
    sign_out(page)
    Passkey.objects.all().delete()

    press(page, "Sign in with a passkey")

    expect(page.get_by_text("The passkey was not accepted; try again.")).to_be_visible()
    assert not Session.objects.live(timezone.now()).exists()
