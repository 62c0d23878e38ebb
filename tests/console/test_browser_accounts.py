"""Accounts in the console, each a whole way: what one signs in with, keys, links in mails, an administrator's help."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import APIKey, LinkPurpose, RoleSettings, Session, User
from accounts.services import user_invite
from accounts.services.links import link_create, link_secret
from accounts.services.throttling import account_counted, account_is_locked, attempt_begin
from history.models import Role
from tests.accounts.test_factors import code_of
from tests.console.test_browser_frame import CONTRAST, NAMELESS, TOO_WIDE
from tests.factories import PASSWORD, UserFactory

LOGIN, FORGOTTEN, START = "/console/login/", "/console/login/forgotten/", "**/console/"
ACCOUNT = "/console/account/"
NEW = "purple bicycles climb hills"


@pytest.fixture
def kim(db: None) -> User:
    return UserFactory(username="kim", email="kim@example.org", role=Role.DEVELOPER, password=PASSWORD)


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(username="ada", display_name="Ada", role=Role.ADMINISTRATOR)


def assert_readable(page: Page, name: str, screenshot: Callable) -> None:
    """In the light and in the dark, on a phone and on a wide screen."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(TOO_WIDE) <= 0, (name, width)
            screenshot(page, f"{name}-{scheme}-{width}")
        assert page.evaluate(CONTRAST) == [], (name, scheme)
    assert page.evaluate(NAMELESS) == [], name


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def set_password(page: Page, password: str) -> None:
    for label in ("New password", "New password again"):
        page.get_by_label(label, exact=True).fill(password)
    press(page, "Set the password")


def sign_in(page: Page, password: str = PASSWORD, username: str = "kim") -> None:
    page.goto(LOGIN)
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")


def sign_out(page: Page) -> None:
    page.get_by_label("Account of").click()
    press(page, "Sign out")
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)


def give_code(page: Page, secret: str) -> None:
    """The code of the next half minute: that of this one may have served already."""
    page.get_by_label("Code").fill(code_of(secret, timezone.now() + timedelta(seconds=30)))


def link_of(user: User, purpose: LinkPurpose, page: str) -> str:
    """The way to the page of a link that a mail would hold."""
    link = link_create(user=user, purpose=purpose, email=user.email, lifetime=timedelta(hours=1))
    return f"/console/links/{page}/?token={link_secret(link)}"


def test_an_authenticator_application_is_asked_unless_its_user_trusts_the_device(
    page_of: Callable[..., Page], kim: User, settings: Any
) -> None:
    settings.TOTP_TOLERANCE = 1
    page = page_of(color_scheme="dark")
    sign_in(page)
    page.wait_for_url(START)
    page.goto(f"{ACCOUNT}factors/")
    page.get_by_role("link", name="Set up").click()
    assert_phones_can_read(page)
    secret = page.locator("code").inner_text()
    page.get_by_label("Code").fill(code_of(secret))
    press(page, "Verify")
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 codes are left.")).to_be_visible()
    sign_out(page)

    sign_in(page)
    give_code(page, secret)
    page.get_by_label("Do not ask again on this device").check()
    press(page, "Verify")
    page.wait_for_url(START)
    page.goto(f"{ACCOUNT}sessions/")
    expect(page.get_by_text("Chrome on Linux").first).to_be_visible()
    expect(page.get_by_text("trusted", exact=True)).to_be_visible()

    page.context.clear_cookies(name="sessionid")  # the session goes on, as when a browser forgets at its end
    sign_in(page)
    page.wait_for_url(START)
    Session.objects.filter(kind="browser").update(revoked_at=timezone.now(), revoke_reason="logout")
    sign_in(page)  # trust ends with the session that it was given in
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()


def assert_phones_can_read(page: Page) -> None:
    """Dark modules on a light ground, also in the dark, with the four modules of quiet that ISO/IEC 18004 asks for."""
    ground, ink, quiet = page.locator(".qr").evaluate("""(box) => {
        const svg = box.querySelector("svg"), path = svg.querySelector("path:last-of-type");
        const module = path.getScreenCTM().a, dark = path.getBoundingClientRect(), light = box.getBoundingClientRect();
        const gaps = [dark.left - light.left, dark.top - light.top, light.right - dark.right, light.bottom - dark.bottom];
        const style = getComputedStyle(path);
        const ink = style.stroke === "none" ? style.fill : style.stroke;
        return [getComputedStyle(box).backgroundColor, ink, Math.min(...gaps) / module];
    }""")
    assert (ground, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
    assert quiet >= 4


def test_every_step_of_signing_in_fits_and_is_readable(
    page_of: Callable[..., Page], kim: User, settings: Any, screenshot: Callable
) -> None:
    settings.TOTP_TOLERANCE = 1
    page = page_of()
    page.goto(LOGIN)
    assert_readable(page, "login", screenshot)
    sign_in(page, "wrong")
    assert_readable(page, "login-refused", screenshot)
    page.goto(FORGOTTEN)
    assert_readable(page, "forgotten", screenshot)
    page.get_by_label("E-mail").fill("kim@example.org")
    press(page, "Send the link")
    assert_readable(page, "forgotten-sent", screenshot)
    page.goto(link_of(kim, LinkPurpose.PASSWORD_RESET, "password"))
    assert_readable(page, "link-password", screenshot)
    set_password(page, "short")
    assert_readable(page, "link-refused", screenshot)
    page.goto(link_of(kim, LinkPurpose.UNLOCK, "unlock"))
    assert_readable(page, "link-unlock", screenshot)

    RoleSettings.objects.filter(role=Role.DEVELOPER).update(factor_required=True)
    sign_in(page)
    assert_readable(page, "enrol", screenshot)
    give_code(page, page.locator("code").inner_text())
    press(page, "Verify")
    assert_readable(page, "recovery-codes", screenshot)
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url(START)
    page.goto(f"{ACCOUNT}confirm/")
    assert_readable(page, "confirm", screenshot)
    sign_out(page)
    sign_in(page)
    assert_readable(page, "second-factor", screenshot)

    UserFactory(username="lee", password="passwordpassword")
    sign_in(page, "passwordpassword", "lee")
    assert_readable(page, "password-renew", screenshot)


def test_a_key_is_made_by_who_confirms_who_they_are(page_of: Callable[..., Page], kim: User, live_server: Any) -> None:
    page, me = page_of(kim), f"{live_server.url}/api/v1/users/me/"
    Session.objects.update(auth_time=timezone.now() - timedelta(hours=1))
    page.goto(f"{ACCOUNT}api-keys/")
    expect(page.get_by_text("No keys yet")).to_be_visible()
    page.get_by_role("link", name="New key").click()

    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Confirm")
    page.get_by_label("Name").fill("Import")
    page.get_by_label("*", exact=True).check()
    press(page, "Make the key")
    secret = page.locator(".api-key code").inner_text()
    answer = requests.get(me, headers={"Authorization": f"Bearer {secret}"}, timeout=10)
    assert (answer.status_code, answer.json()["username"]) == (200, "kim")

    page.get_by_role("link", name="I have kept it").click()
    expect(page.get_by_text(APIKey.objects.get().prefix)).to_be_visible()
    assert secret not in page.content()
    press(page, "End the key Import")
    expect(page.get_by_text("The key has ended.")).to_be_visible()
    assert requests.get(me, headers={"Authorization": f"Bearer {secret}"}, timeout=10).status_code == 401


def test_who_was_invited_and_who_has_forgotten_set_passwords_by_links(page_of: Callable[..., Page], ada: User) -> None:
    grace, page = user_invite(actor=ada, username="grace", email="grace@example.org"), page_of()
    page.goto(link_of(grace, LinkPurpose.INVITATION, "invitation"))
    set_password(page, "password")
    expect(page.locator(".errorlist").first).to_be_visible()
    set_password(page, PASSWORD)
    expect(page.get_by_text("Your account is ready.")).to_be_visible()
    sign_in(page, username="grace")
    page.wait_for_url(START)
    sign_out(page)

    page.goto(LOGIN)
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill("grace@example.org")
    press(page, "Send the link")
    expect(page.get_by_role("status")).to_contain_text("a mail with a link is on its way")
    address = link_of(grace, LinkPurpose.PASSWORD_RESET, "password")
    page.goto(address)
    set_password(page, NEW)
    expect(page.get_by_text("Your password was changed.")).to_be_visible()
    sign_in(page, NEW, "grace")
    page.wait_for_url(START)

    page.goto(address)
    set_password(page, PASSWORD)
    expect(page.get_by_role("alert")).to_be_visible()  # a link serves once
    grace.refresh_from_db()
    assert grace.check_password(NEW)


def test_an_administrator_sees_who_may_do_what_and_unlocks_an_account(
    page_of: Callable[..., Page], ada: User, kim: User
) -> None:
    while not account_is_locked("kim"):
        attempt_begin((account_counted("kim"),))
    page = page_of(ada)
    page.goto("/console/administration/")
    page.get_by_role("link", name="Who may do what").click()
    page.get_by_label("User").fill("kim")
    page.get_by_label("Permission").select_option("history.create_repository")
    press(page, "Ask")
    expect(page.get_by_role("heading", name="kim may do history.create_repository.")).to_be_visible()
    page.get_by_label("Permission").select_option("accounts.manage_users")
    press(page, "Ask")
    expect(page.get_by_role("heading", name="kim may not do accounts.manage_users.")).to_be_visible()

    page.goto("/console/accounts/user/")
    page.get_by_role("row").filter(has=page.get_by_role("link", name="kim", exact=True)).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("unlock")
    press(page, "Go")
    expect(page.get_by_text("Done for 1 user.")).to_be_visible()
    assert not account_is_locked("kim")
