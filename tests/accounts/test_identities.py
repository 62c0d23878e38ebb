"""Signing in by a provider of OpenID Connect, a process of its own on this machine, and linking that to an account."""

import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from accounts.engine.providers import Identity, Provider
from accounts.exceptions import IdentityNameTaken, IdentityTaken
from accounts.models import ExternalIdentity, RoleSettings, Session, User
from accounts.services import SignedIn, identity_link, identity_sign_in, identity_unlink
from accounts.services.providers import published
from history.models import Event, Role
from tests.accounts.links import written
from tests.factories import DEVICE, PASSWORD, UserFactory, console_client_for
from tests.threads import at_once

LEAVE, IDENTITIES = "/console/login/oidc/", "/console/account/identities/"
ME = "/api/v1/users/me/"
ROLES = {"chiefs": Role.ADMINISTRATOR, "builders": Role.DEVELOPER}


@pytest.fixture(scope="session")
def issuer():
    """The address of the provider, which takes any client and whoever says a name."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 30
        while not answers(address):
            assert process.poll() is None, "the provider has ended"
            assert time.monotonic() < until, "the provider does not start"
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def answers(address):
    try:
        return requests.get(f"{address}/.well-known/openid-configuration", timeout=1).ok
    except requests.ConnectionError:
        return False


@pytest.fixture
def provider(issuer, settings, db):
    published.forget()
    settings.SIGN_IN_PROVIDER = Provider(issuer, "oms", "secret", "Acme", ("openid", "profile", "email"))
    return settings.SIGN_IN_PROVIDER


@pytest.fixture
def with_roles(provider, settings):
    settings.SIGN_IN_PROVIDER = Provider(
        provider.issuer, "oms", "secret", "Acme", ("openid", "profile", "email"), "groups", ROLES
    )
    return settings.SIGN_IN_PROVIDER


def said_of(provider, subject, **claims):
    """Have the provider say ``claims`` of ``subject`` from now on."""
    requests.put(f"{provider.issuer}/users/{subject}", json=claims, timeout=5).raise_for_status()


def says_yes(address, subject):
    """The visitor says at the provider who they are; where it sends them then."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    assert back.netloc == "testserver"
    return f"{back.path}?{back.query}"


def sign_in(subject, browser=None, onward=""):
    browser = browser or Client()
    return browser.get(says_yes(browser.get(LEAVE + onward)["Location"], subject))


def test_who_comes_for_the_first_time_gets_an_account(provider):
    said_of(provider, "u-1", preferred_username="kim", name="Kim", email="kim@example.org", email_verified=True)
    browser = Client()

    response = sign_in("u-1", browser, "?next=/console/accounts/")

    assert (response.status_code, response["Location"]) == (302, "/console/accounts/")
    assert browser.get(ME).json()["username"] == "kim"
    user = User.objects.get()
    assert (user.display_name, user.email, user.role) == ("Kim", "kim@example.org", "viewer")
    assert user.email_verified_at is not None
    assert not user.has_usable_password()
    assert list(ExternalIdentity.objects.values_list("user", "issuer", "subject")) == [
        (user.pk, provider.issuer, "u-1")
    ]
    assert Session.objects.get().amr == ["fed"]


def test_what_happened_is_told_by_events_without_names(provider):
    said_of(provider, "u-2", preferred_username="kim", email="kim@example.org", email_verified=True)
    sign_in("u-2")

    types = list(Event.objects.order_by("pk").values_list("type", flat=True))
    told = "".join(bytes(event.body).decode() for event in Event.objects.all())
    assert types == [f"io.oms.accounts.{what}" for what in ("user.created", "identity.linked", "session.started")]
    assert not any(secret in told for secret in ("kim", "u-2", provider.issuer))


def test_who_comes_again_is_the_same_whatever_their_name_has_become(provider):
    said_of(provider, "u-3", preferred_username="kim")
    sign_in("u-3")
    said_of(provider, "u-3", preferred_username="kim.lee")
    browser = Client()
    sign_in("u-3", browser)

    assert browser.get(ME).json()["username"] == "kim"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": "BOB"},
        {"preferred_username": "robert", "email": "bob@example.org", "email_verified": True},
    ],
    ids=["the name", "the address"],
)
def test_nobody_is_linked_by_a_name_or_an_address_alone(provider, bob, claims):
    said_of(provider, "u-4", **claims)

    response = sign_in("u-4")

    assert response.status_code == 409
    assert b"sign in to it and link it" in response.content
    assert list(User.objects.all()) == [bob]
    assert not Session.objects.exists()


def test_an_unverified_address_of_another_is_nobodys(provider, bob):
    said_of(provider, "u-5", preferred_username="robert", email="bob@example.org")

    assert sign_in("u-5").status_code == 302
    assert User.objects.get(username="robert").email == ""


def test_who_has_no_name_there_gets_one_here(provider):
    said_of(provider, "u-6", preferred_username="<>")

    sign_in("u-6")

    assert User.objects.get().username.startswith("user-")


def test_the_account_that_is_inactive_is_refused(provider):
    said_of(provider, "u-7", preferred_username="kim")
    sign_in("u-7")
    User.objects.update(is_active=False)

    assert sign_in("u-7").status_code == 403
    assert Session.objects.count() == 1


def test_the_role_follows_what_the_provider_says(with_roles, alice):
    for groups, role in [(["builders"], "developer"), (["chiefs", "builders"], "administrator"), ([], "viewer")]:
        said_of(with_roles, "u-8", preferred_username="kim", groups=groups)
        sign_in("u-8")
        assert User.objects.get(username="kim").role == role


def test_a_role_that_was_given_here_stays_where_the_provider_gives_none(provider):
    said_of(provider, "u-9", preferred_username="kim", groups=["chiefs"])
    sign_in("u-9")
    User.objects.update(role=Role.REVIEWER)

    sign_in("u-9")

    assert User.objects.get().role == "reviewer"


def test_the_last_administrator_stays_one_and_that_is_an_event(with_roles):
    said_of(with_roles, "u-10", preferred_username="kim", groups=["chiefs"])
    sign_in("u-10")
    said_of(with_roles, "u-10", preferred_username="kim", groups=[])

    assert sign_in("u-10").status_code == 302
    assert User.objects.get().role == "administrator"
    assert b'"given":"viewer"' in bytes(Event.objects.get(type="io.oms.accounts.role.kept").body).replace(b" ", b"")


def test_a_role_that_asks_for_a_second_factor_asks_here_too(provider):
    RoleSettings.objects.update_or_create(role=Role.VIEWER, defaults={"factor_required": True})
    said_of(provider, "u-11", preferred_username="kim")

    response = sign_in("u-11")

    assert response["Location"] == "/console/login/enrol/"
    assert not Session.objects.exists()


def test_a_second_factor_that_was_shown_there_counts(provider):
    RoleSettings.objects.update_or_create(role=Role.VIEWER, defaults={"factor_required": True})
    said_of(provider, "u-12", preferred_username="kim", amr=["pwd", "mfa"])

    sign_in("u-12")

    assert Session.objects.get().amr == ["fed", "mfa"]


def test_the_login_page_leads_there(provider):
    page = Client().get("/console/login/?next=/console/accounts/").content.decode()

    assert f'href="{LEAVE}?next=/console/accounts/"' in page
    assert "Sign in with Acme" in page


def test_signing_in_goes_nowhere_else_afterwards(provider):
    assert sign_in("u-13", onward="?next=https://evil.example/")["Location"] == "/console/"


def linked(browser, subject):
    """The browser's account linked to what the provider says, as far as that goes."""
    page = browser.post(IDENTITIES)
    return browser.get(says_yes(page.context["address"], subject))


def test_an_account_is_linked_by_who_is_signed_in_to_it(provider, bob):
    response = linked(console_client_for(bob), "u-14")

    assert (response.status_code, response["Location"]) == (302, IDENTITIES)
    browser = Client()
    sign_in("u-14", browser)
    assert browser.get(ME).json()["username"] == "bob"
    assert b"u-14" in console_client_for(bob).get(IDENTITIES).content


def test_going_there_to_link_is_a_page_that_leads_on(provider, bob):
    page = console_client_for(bob).post(IDENTITIES)

    assert page.status_code == 200
    assert page["Refresh"] == f"0; url={page.context['address']}"


def test_a_link_in_a_strangers_page_links_nothing(provider, bob):
    """Beginning takes a form with its token: neither GET nor a foreign POST begins anything."""
    browser = console_client_for(bob)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies

    assert strict.post(IDENTITIES).status_code == 403
    assert browser.get(LEAVE)["Location"] == "/console/"


def test_linking_asks_for_a_fresh_sign_in(provider, bob, settings):
    browser = console_client_for(bob)
    page = browser.post(IDENTITIES)
    back = says_yes(page.context["address"], "u-15")
    settings.FRESH_AUTHENTICATION *= 0

    for response in (browser.post(IDENTITIES), browser.get(back)):
        assert response.status_code == 302
        assert response["Location"].startswith("/console/account/confirm/")
    assert not ExternalIdentity.objects.exists()


def test_what_somebody_began_to_link_is_not_linked_to_who_signs_in_next(provider, bob, charlie):
    browser = console_client_for(bob)
    back = says_yes(browser.post(IDENTITIES).context["address"], "u-16")
    departure = browser.session["accounts.departure"]
    other = console_client_for(charlie)
    session = other.session
    session["accounts.departure"] = departure
    session.save()

    assert other.get(back).status_code == 403
    assert not ExternalIdentity.objects.exists()


def test_linking_and_unlinking_are_told_by_mail(bob):
    row = identity_link(actor=bob, identity=Identity("https://provider.example", "bob", "bob", "", "", None, False))
    bob.set_password(PASSWORD)
    bob.save()
    identity_unlink(actor=bob, identity=row.pk)

    assert written() == ["identity_changed", "identity_changed"]


def test_an_identity_is_linked_to_one_account(provider, bob, charlie):
    linked(console_client_for(bob), "u-17")

    assert linked(console_client_for(charlie), "u-17").status_code == 409
    assert linked(console_client_for(bob), "u-17").status_code == 302
    assert ExternalIdentity.objects.get().user == bob


def test_unlinking_takes_it_back(provider, bob):
    bob.set_password("correct horse battery staple")
    bob.save()
    browser = console_client_for(bob)
    linked(browser, "u-18")

    browser.post(f"{IDENTITIES}{ExternalIdentity.objects.get().pk}/unlink/")

    assert not ExternalIdentity.objects.exists()
    assert Event.objects.filter(type="io.oms.accounts.identity.unlinked", actor=bob.pk).count() == 1


def test_the_only_way_to_sign_in_stays(provider, bob):
    browser = console_client_for(bob)
    linked(browser, "u-19")

    browser.post(f"{IDENTITIES}{ExternalIdentity.objects.get().pk}/unlink/")

    assert ExternalIdentity.objects.exists()
    assert b"You could not sign in any more" in browser.get(IDENTITIES).content


def test_nobody_unlinks_what_is_anothers(provider, bob, charlie):
    linked(console_client_for(bob), "u-20")

    console_client_for(charlie).post(f"{IDENTITIES}{ExternalIdentity.objects.get().pk}/unlink/")

    assert ExternalIdentity.objects.get().user == bob


def test_the_page_asks_no_more_of_the_database_for_more_identities(bob, django_assert_num_queries):
    browser = console_client_for(bob)
    ExternalIdentity.objects.create(user=bob, issuer="https://id.example", subject="first")
    with django_assert_num_queries(4):
        browser.get(IDENTITIES)
    for number in range(5):
        ExternalIdentity.objects.create(user=bob, issuer="https://id.example", subject=str(number))
    with django_assert_num_queries(4):
        assert len(browser.get(IDENTITIES).context["identities"]) == 6


@pytest.mark.django_db(transaction=True)
def test_eight_first_sign_ins_at_once_make_one_account():
    identity = Identity("https://id.example", "kim", "kim")

    outcomes = at_once(8, lambda _: identity_sign_in(identity=identity, device=DEVICE))

    assert all(isinstance(outcome, SignedIn) for outcome in outcomes), outcomes
    assert User.objects.count() == ExternalIdentity.objects.count() == 1
    assert Session.objects.filter(user__username="kim").count() == 8
    assert Event.objects.filter(type="io.oms.accounts.user.created").count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_who_would_have_the_same_name_at_once_are_one_and_seven_refusals():
    outcomes = at_once(
        8, lambda number: identity_sign_in(identity=Identity("https://id.example", f"{number}", "kim"), device=DEVICE)
    )

    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, IdentityNameTaken) for outcome in outcomes) == 7
    assert User.objects.count() == ExternalIdentity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_link_the_same_identity_at_once_one_has_it():
    users = [UserFactory(), UserFactory()]
    identity = Identity("https://id.example", "kim", "kim")

    outcomes = at_once(2, lambda number: identity_link(actor=users[number], identity=identity))

    assert sum(isinstance(outcome, IdentityTaken) for outcome in outcomes) == 1
    assert ExternalIdentity.objects.count() == 1
