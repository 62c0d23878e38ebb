"""Passwords: rules, changing one's own, expiry, and the way through at a sign-in."""

import unicodedata
from datetime import timedelta

import pytest
from argon2 import PasswordHasher as Argon2
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.engine.blocklist import Blocklist
from accounts.exceptions import ChallengeInvalid, PasswordInvalid, PasswordReplaced
from accounts.models import (
    FormerPassword,
    OutgoingMail,
    PasswordPolicy,
    RoleSettings,
    Session,
    SessionKind,
    TOTPFactor,
    User,
)
from accounts.services import (
    LoginPending,
    SignedIn,
    login_password_change,
    login_start,
    password_change,
    password_check,
    password_set,
    password_unfit,
    password_warning,
    policy_of,
    totp_confirm,
    totp_enrol,
    totp_remove,
    user_create,
)
from history.models import Event
from tests.accounts.test_factors import code_of
from tests.factories import DEVICE, PASSWORD, UserFactory, api_client_for, console_client_for, signed_in
from tests.threads import at_once

LOGIN, CHANGE, ME = "/api/v1/auth/login/", "/api/v1/auth/password/change/", "/api/v1/users/me/"
ANOTHER, THIRD = "eleven purple bicycles", "jelly umbrella gravel nine"


@pytest.fixture
def kim(db):
    return UserFactory(username="kim", email="kim@example.org", password=PASSWORD)


@pytest.fixture
def strict(db):
    """Two earlier passwords, ninety days, a day in between."""
    return PasswordPolicy.objects.create(name="strict", history=2, max_age_days=90, warning_days=14, min_age_hours=24)


def rules_of(response):
    return [(error["field"], error["rule"]) for error in response.json()["errors"]]


def has_policy(user, policy, changed=timedelta(days=2)):
    user.password_policy, user.password_changed_at = policy, timezone.now() - changed
    user.save()


class TestPolicy:
    def test_ones_own_is_before_the_roles_and_that_before_the_default(self, bob, strict):
        enterprise = PasswordPolicy.objects.get(name="enterprise")

        assert policy_of(bob).name == "nist"
        RoleSettings.objects.filter(role="developer").update(password_policy=enterprise)
        assert policy_of(bob) == enterprise
        bob.password_policy = strict
        assert policy_of(bob) == strict

    def test_without_rows_the_rules_are_nists(self, bob):
        PasswordPolicy.objects.all().delete()

        assert (policy_of(bob).min_length, policy_of(bob).blocklist) == (15, True)

    def test_eight_characters_do_beside_a_second_factor(self, bob):
        with pytest.raises(PasswordInvalid):
            password_check(bob, "gkwpqzrm")
        TOTPFactor.objects.create(user=bob, sealed_seed=b"", confirmed_at=timezone.now())

        password_check(bob, "gkwpqzrm")

    @pytest.mark.parametrize("password", ["bob at example.org", "bob-oms-bob-oms-1", "acme corporation!"])
    def test_words_of_the_account_and_the_house_are_refused(self, bob, settings, password):
        settings.PASSWORD_WORDS = ["Acme Corporation"]

        with pytest.raises(PasswordInvalid) as refused:
            password_check(bob, password)
        assert {error.rule for error in refused.value.errors} <= {"PASSWORD_TOO_SIMILAR", "PASSWORD_TOO_PREDICTABLE"}

    def test_an_administrators_password_for_others_is_checked_too(self, alice, bob):
        with pytest.raises(PasswordInvalid) as refused:
            password_set(actor=alice, user=bob, password="passwordpassword")

        assert [(error.field, error.rule) for error in refused.value.errors] == [("/password", "PASSWORD_KNOWN")]
        password_set(actor=alice, user=bob, password=ANOTHER)
        bob.refresh_from_db()
        assert bob.check_password(ANOTHER)


class TestHash:
    def test_is_argon2id_of_the_tuned_cost(self, real_hashing):
        assert make_password("x").startswith("argon2$argon2id$v=19$m=65536,t=3,p=1$")

    def test_of_other_costs_is_made_anew_at_a_sign_in(self, real_hashing, kim):
        cheap = Argon2(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
        User.objects.update(password=f"argon2{cheap}")

        assert isinstance(signed_in_as("kim", PASSWORD), SignedIn)

        kim.refresh_from_db()
        assert "m=65536,t=3,p=1" in kim.password
        assert kim.check_password(PASSWORD)
        assert kim.password_changed_at is None

    def test_is_not_made_anew_over_a_password_that_was_changed_meanwhile(self, kim):
        cheap = Argon2(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
        kim.password = f"argon2{cheap}"  # what a sign-in has read; the row holds another

        assert kim.check_password(PASSWORD)

        assert User.objects.get().password != kim.password
        assert User.objects.get().check_password(PASSWORD)

    @pytest.mark.parametrize(
        "password", ["  eleven purple bicycles ", "é" * 5 + "gkwpqzrmxtb", "gkwpqzrmxtbcdfhj" * 16]
    )
    def test_is_of_exactly_what_was_typed(self, anonymous, db, password):
        user_create(actor=None, username="dana", password=password)

        def status(typed):
            return anonymous.post(LOGIN, {"username": "dana", "password": typed}).status_code

        others = {password.strip(), password[:-1], unicodedata.normalize("NFD", password)} - {password}
        assert status(password) == 200
        assert {status(other) for other in others} == {401}

    def test_of_more_than_256_characters_is_refused_not_cut(self, alice, anonymous, kim):
        new = {"username": "dana", "password": "gkwpqzrmxtbcdfhj" * 16 + "x"}

        assert api_client_for(alice).post("/api/v1/users/", new).status_code == 400
        assert rules_of(api_client_for(kim).post(CHANGE, change(new=new["password"])))[0][0] == "/new_password"
        with pytest.raises(PasswordInvalid) as refused:
            password_check(kim, new["password"])
        assert [error.rule for error in refused.value.errors] == ["PASSWORD_TOO_LONG"]


def change(old=PASSWORD, new=ANOTHER):
    return {"current_password": old, "new_password": new}


def signed_in_as(username, password):
    return login_start(username=username, password=password, device=DEVICE, kind=SessionKind.API)


class TestChange:
    def test_ends_the_other_sessions_and_tells(self, kim):
        here, there = api_client_for(kim), api_client_for(kim)

        response = here.post(CHANGE, change())

        assert response.status_code == 204, response.content
        assert (here.get(ME).status_code, there.get(ME).status_code) == (200, 401)
        assert Session.objects.get(revoked_at__isnull=False).revoke_reason == "password"
        event = Event.objects.get(type="io.oms.accounts.password.changed")
        assert (event.actor, event.subject) == (kim.pk, f"users/{kim.pk}")
        assert OutgoingMail.objects.filter(user=kim, template="password_changed").count() == 1
        kim.refresh_from_db()
        assert kim.check_password(ANOTHER)
        assert kim.password_changed_at is not None

    def test_needs_the_present_one_and_counts_guesses(self, kim, settings):
        settings.LOGIN_LIMIT = 2
        client = api_client_for(kim)

        statuses = [client.post(CHANGE, change(old="wrong")).status_code for _ in range(3)]

        assert statuses == [401, 401, 429]
        assert client.post(CHANGE, change()).status_code == 429

    def test_needs_a_fresh_sign_in(self, kim):
        client = api_client_for(kim)
        Session.objects.update(auth_time=timezone.now() - timedelta(hours=1))

        response = client.post(CHANGE, change())

        assert response.status_code == 401
        assert response.json()["type"] == "urn:oms:problem:fresh-authentication-required"

    @pytest.mark.parametrize(
        ("new", "rules"),
        [
            ("short", ["PASSWORD_TOO_SHORT"]),
            ("passwordpassword", ["PASSWORD_KNOWN"]),
            ("kim at example.org", ["PASSWORD_TOO_SIMILAR"]),
            (PASSWORD, ["PASSWORD_REUSED"]),
        ],
    )
    def test_says_which_rules_the_new_one_breaks(self, kim, new, rules):
        response = api_client_for(kim).post(CHANGE, change(new=new))

        assert response.status_code == 422
        assert rules_of(response) == [("/new_password", rule) for rule in rules]

    @pytest.mark.parametrize("body", [{}, {"current_password": PASSWORD, "mfa_token": "x"}])
    def test_takes_one_proof(self, kim, body):
        assert api_client_for(kim).post(CHANGE, {"new_password": ANOTHER, **body}).status_code == 400

    def test_needs_somebody(self, anonymous, db):
        assert anonymous.post(CHANGE, change()).status_code == 401

    def test_earlier_ones_are_refused_as_far_as_the_policy_looks(self, kim, strict):
        strict.min_age_hours = 0
        strict.save()
        has_policy(kim, strict)
        client = api_client_for(kim)
        fourth = "quiet marble lantern 88 fjord"
        for old, new in ((PASSWORD, ANOTHER), (ANOTHER, THIRD)):
            assert client.post(CHANGE, change(old, new)).status_code == 204
        assert rules_of(client.post(CHANGE, change(THIRD, PASSWORD))) == [("/new_password", "PASSWORD_REUSED")]

        assert client.post(CHANGE, change(THIRD, fourth)).status_code == 204
        assert client.post(CHANGE, change(fourth, PASSWORD)).status_code == 204
        assert FormerPassword.objects.filter(user=kim).count() == 2

    def test_the_minimum_age_is_kept(self, kim, strict):
        has_policy(kim, strict, changed=timedelta(hours=1))

        assert rules_of(api_client_for(kim).post(CHANGE, change())) == [("/new_password", "PASSWORD_TOO_RECENT")]

    def test_by_graphql(self, kim):
        query = "mutation($old: String!, $new: String!) { passwordChange(currentPassword: $old, newPassword: $new) }"
        client = api_client_for(kim)

        def asked(old, new):
            return client.post("/graphql/", {"query": query, "variables": {"old": old, "new": new}}).json()

        (refused,) = asked(PASSWORD, "short")["errors"]
        assert refused["extensions"]["errors"][0]["rule"] == "PASSWORD_TOO_SHORT"
        assert asked(PASSWORD, ANOTHER)["data"] == {"passwordChange": True}


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_wins():
    kim = UserFactory(username="kim", password=PASSWORD)
    policy = PasswordPolicy.objects.create(name="remembering", history=5)
    User.objects.update(password_policy=policy)
    passwords = [ANOTHER, THIRD]
    actors = []
    for _ in passwords:
        actor = User.objects.get(pk=kim.pk)
        actor.credential = signed_in(actor).session
        actors.append(actor)

    outcomes = at_once(
        2, lambda n: password_change(actor=actors[n], current_password=PASSWORD, new_password=passwords[n])
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "PasswordReplaced"], outcomes
    assert isinstance(next(each for each in outcomes if each), PasswordReplaced)
    kim.refresh_from_db()
    assert kim.check_password(passwords[outcomes.index(None)])
    assert FormerPassword.objects.count() == 1


class TestExpiry:
    def test_is_warned_of(self, kim, strict):
        has_policy(kim, strict, changed=timedelta(days=79))
        assert password_warning(kim) == 10

        has_policy(kim, strict, changed=timedelta(days=10))
        assert password_warning(kim) is None
        kim.password_policy = None
        assert password_warning(kim) is None

    def test_is_told_by_the_api_and_the_console(self, kim, strict):
        has_policy(kim, strict, changed=timedelta(days=80))

        assert api_client_for(kim).get(ME).json()["password_expires_at"].endswith("Z")
        page = console_client_for(kim).get("/console/account/password/").content.decode()
        assert "Your password expires in 9 days." in page

    def test_the_way_through_is_another_password(self, anonymous, kim, strict):
        has_policy(kim, strict, changed=timedelta(days=91))
        elsewhere = api_client_for(kim)
        pending = anonymous.post(LOGIN, {"username": "kim", "password": PASSWORD}).json()
        assert (pending["password_change_required"], pending["password_unfit"]) == (True, "PASSWORD_EXPIRED")
        token = pending["mfa_token"]

        refused = anonymous.post(CHANGE, {"mfa_token": token, "new_password": PASSWORD})
        done = anonymous.post(CHANGE, {"mfa_token": token, "new_password": ANOTHER})

        assert rules_of(refused) == [("/new_password", "PASSWORD_REUSED")]
        assert done.status_code == 200, done.content
        assert {"access", "refresh"} <= set(done.json())
        assert elsewhere.get(ME).status_code == 401
        assert anonymous.post(CHANGE, {"mfa_token": token, "new_password": THIRD}).status_code == 401
        assert isinstance(signed_in_as("kim", ANOTHER), SignedIn)


class TestSignIn:
    def test_a_password_that_has_become_known_must_be_replaced(self, db):
        UserFactory(username="kim", password="passwordpassword")

        pending = signed_in_as("kim", "passwordpassword")

        assert isinstance(pending, LoginPending)
        assert pending.password_unfit == "PASSWORD_KNOWN"
        assert not Session.objects.exists()
        assert isinstance(login_password_change(token=pending.token, new_password=ANOTHER), SignedIn)

    def test_a_policy_without_a_blocklist_takes_it(self, db):
        UserFactory(username="kim", password="passwordpassword")
        PasswordPolicy.objects.filter(is_default=True).update(blocklist=False)

        assert isinstance(signed_in_as("kim", "passwordpassword"), SignedIn)

    def test_a_token_that_waits_for_something_else_sets_no_password(self, kim, monkeypatch):
        RoleSettings.objects.filter(role="viewer").update(factor_required=True)
        pending = signed_in_as("kim", PASSWORD)

        assert pending.enrol
        with pytest.raises(ChallengeInvalid):
            login_password_change(token=pending.token, new_password=ANOTHER)

    def test_an_operators_file_is_looked_at_too(self, kim, settings, tmp_path, capsys):
        source, output = tmp_path / "ours.txt", tmp_path / "ours.blocklist"
        source.write_bytes(f"{PASSWORD}\n\xff\xfe\nshort\n{'x' * 300}\n".encode("latin-1"))
        call_command("build_password_blocklist", str(source), "--output", str(output))
        settings.PASSWORD_BLOCKLIST = output

        assert signed_in_as("kim", PASSWORD).password_unfit == "PASSWORD_KNOWN"
        assert Blocklist.parse(output.read_bytes()).sources == ("ours.txt",)
        assert "1 passwords" in capsys.readouterr().out

    def test_the_command_says_what_cannot_be_read(self, tmp_path):
        with pytest.raises(CommandError, match="No such file"):
            call_command("build_password_blocklist", str(tmp_path / "none"), "--output", str(tmp_path / "out"))


class TestConsole:
    RENEW, PAGE = "/console/login/password/", "/console/account/password/"

    def test_an_unfit_password_leads_to_another_and_on(self, db):
        UserFactory(username="kim", password="passwordpassword")
        browser = Client()

        asked = browser.post(
            "/console/login/?next=/console/account/sessions/", {"username": "kim", "password": "passwordpassword"}
        )
        assert asked["Location"] == self.RENEW
        assert b"can be guessed" in browser.get(self.RENEW).content
        differ = browser.post(self.RENEW, {"new_password": ANOTHER, "repeated": THIRD})
        refused = browser.post(self.RENEW, {"new_password": "short", "repeated": "short"})
        long = browser.post(self.RENEW, {"new_password": ANOTHER * 20, "repeated": ANOTHER * 20})
        done = browser.post(self.RENEW, {"new_password": ANOTHER, "repeated": ANOTHER})

        assert list(differ.context["form"].errors) == ["repeated"]
        assert list(refused.context["form"].errors) == ["new_password"]
        assert "new_password" in long.context["form"].errors
        assert b"maxlength" not in long.content  # browsers would cut it off without a word
        assert (done.status_code, done["Location"]) == (302, "/console/account/sessions/")
        assert browser.get(ME).status_code == 200

    def test_the_step_is_for_a_sign_in_that_waits_for_it(self, db):
        assert Client().get(self.RENEW)["Location"] == "/console/login/"

    def test_changes_it_on_ones_account(self, kim):
        browser = console_client_for(kim)
        typed = {"current_password": PASSWORD, "new_password": ANOTHER, "repeated": ANOTHER}

        wrong = browser.post(self.PAGE, typed | {"current_password": "wrong"})
        done = browser.post(self.PAGE, typed)

        assert wrong.status_code == 401
        assert (done.status_code, done["Location"]) == (302, self.PAGE)
        assert browser.get(ME).status_code == 200
        kim.refresh_from_db()
        assert kim.check_password(ANOTHER)

    def test_who_has_none_is_told_so(self, bob):
        page = console_client_for(bob).get(self.PAGE).content.decode()

        assert "You sign in without a password." in page
        assert 'type="password"' not in page


def test_a_short_password_is_asked_anew_once_no_factor_stands_beside_it(kim):
    totp_confirm(actor=kim, code=code_of(totp_enrol(actor=kim).secret))
    kim.set_password("zQ7vk-Lw")
    kim.save()
    assert password_unfit(user=kim, password="zQ7vk-Lw") == ""

    totp_remove(actor=kim)

    assert password_unfit(user=kim, password="zQ7vk-Lw") == "PASSWORD_TOO_SHORT"


def test_of_one_that_is_far_too_long_nothing_else_is_looked_at(kim, monkeypatch):
    def look(*_arguments):
        raise AssertionError("it was looked at")

    monkeypatch.setattr("accounts.engine.passwords.unicodedata.category", look)
    monkeypatch.setattr("accounts.engine.passwords.folded", look)

    with pytest.raises(PasswordInvalid) as refused:
        password_check(kim, "a" * 30_000_000)

    assert [error.rule for error in refused.value.errors] == ["PASSWORD_TOO_LONG"]
