"""Invitations, addresses, locks, profiles and the end of accounts."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core import mail
from django.utils import timezone

from accounts import services
from accounts.engine.providers import Identity
from accounts.exceptions import CredentialsWrong, LastAdministrator, LinkInvalid, SessionEnded
from accounts.models import (
    AccountLink,
    AttemptCounter,
    ExternalIdentity,
    FormerPassword,
    KnownDevice,
    OutgoingMail,
    RecoveryCode,
    Session,
    SessionKind,
    TOTPFactor,
    User,
    UserKind,
)
from accounts.services import Device
from accounts.services.throttling import account_is_locked, attempt_begin, counted_factor
from history.models import Event, Membership, Repository, Role
from history.services import repository_create
from tests.accounts.links import delivered, link_token, written
from tests.factories import PASSWORD, UserFactory, api_client_for, console_client_for
from tests.threads import at_once

V1 = "/api/v1/"
ME, EMAIL = f"{V1}users/me/", f"{V1}users/me/email/"
NEW = "purple bicycles climb hills"
IDENTITY = Identity("https://provider.example", "kim", "kim", "", "", None, False)


def events(name, user):
    return Event.objects.filter(type=f"io.oms.accounts.{name}", subject=f"users/{user.pk}")


def made_stale():
    Session.objects.update(auth_time=timezone.now() - timedelta(hours=1))


class TestInvitation:
    @pytest.fixture
    def dana(self, alice):
        invited = {"username": "dana", "email": "dana@example.org", "role": "reviewer"}
        response = api_client_for(alice).post(f"{V1}users/invite/", invited)
        assert response.status_code == 201, response.content
        return User.objects.get(pk=response.json()["id"])

    def test_makes_an_account_whose_owner_sets_the_password(self, dana, alice, anonymous):
        assert (dana.role, dana.has_usable_password(), dana.email_verified_at) == ("reviewer", False, None)
        token = link_token(dana.email)
        assert "dana" in mail.outbox[0].body

        response = anonymous.post(f"{V1}auth/invitation/accept/", {"token": token, "new_password": NEW})

        assert response.status_code == 204, response.content
        dana.refresh_from_db()
        assert dana.check_password(NEW)
        assert dana.email_verified_at is not None
        assert events("user.invited", dana).get().actor == alice.pk
        assert events("invitation.accepted", dana).get().actor == dana.pk
        again = anonymous.post(f"{V1}auth/invitation/accept/", {"token": token, "new_password": NEW})
        assert again.status_code == 422

    def test_can_be_sent_anew_until_it_is_accepted(self, dana, alice):
        first, client = link_token(dana.email), api_client_for(alice)

        assert client.post(f"{V1}users/{dana.pk}/invite/").status_code == 204
        second = link_token(dana.email)
        with pytest.raises(LinkInvalid):
            services.invitation_accept(token=first, password=NEW)
        services.invitation_accept(token=second, password=NEW)

        assert client.post(f"{V1}users/{dana.pk}/invite/").status_code == 409

    def test_sets_no_password_where_there_is_one(self, dana):
        token = link_token(dana.email)
        User.objects.filter(pk=dana.pk).update(password="argon2$another")

        with pytest.raises(LinkInvalid):
            services.invitation_accept(token=token, password=NEW)

    def test_needs_an_address(self, alice):
        response = api_client_for(alice).post(f"{V1}users/invite/", {"username": "dana", "email": ""})

        assert response.status_code == 400
        assert not User.objects.filter(username="dana").exists()

    def test_is_for_administrators(self, bob):
        response = api_client_for(bob).post(f"{V1}users/invite/", {"username": "dana", "email": "d@example.org"})

        assert response.status_code == 403


class TestAddress:
    def test_is_verified_by_the_link(self, bob, anonymous):
        client = api_client_for(bob)
        assert client.post(f"{EMAIL}verification/").status_code == 202
        token = link_token(bob.email)

        assert anonymous.post(f"{V1}auth/email/verify/", {"token": token}).status_code == 204

        assert client.get(ME).json()["email_verified_at"] is not None
        assert client.post(f"{EMAIL}verification/").status_code == 409
        assert events("email.verified", bob).exists()

    def test_is_changed_by_the_link_and_ends_the_sessions(self, bob, anonymous):
        client, other = api_client_for(bob), api_client_for(bob)
        assert client.post(EMAIL, {"email": "robert@example.org"}).status_code == 202
        messages = {message.to[0]: message for message in delivered()}
        assert "?token=" not in messages["Bob@example.org"].body
        OutgoingMail.objects.filter(template="email_change").update(next_attempt_at=timezone.now(), sent_at=None)
        token = link_token("robert@example.org")
        bob.refresh_from_db()
        assert bob.email == "Bob@example.org"

        assert client.post(f"{V1}auth/email/confirm/", {"token": token}).status_code == 204

        bob.refresh_from_db()
        assert (bob.email, bob.email_key) == ("robert@example.org", "robert@example.org")
        assert bob.email_verified_at is not None
        assert client.get(ME).status_code == 200
        assert other.get(ME).status_code == 401
        assert events("email.changed", bob).exists()
        assert [message.to for message in delivered()] == [["Bob@example.org"]]
        assert written()[-1] == "email_changed"

    def test_without_signing_in_the_link_ends_all_of_them(self, bob, anonymous):
        client = api_client_for(bob)
        client.post(EMAIL, {"email": "robert@example.org"})

        anonymous.post(f"{V1}auth/email/confirm/", {"token": link_token("robert@example.org")})

        assert client.get(ME).status_code == 401

    def test_that_is_confirmed_twice_under_a_key_gets_the_first_answer(self, bob):
        client = api_client_for(bob)
        client.post(EMAIL, {"email": "robert@example.org"})
        body, once = {"token": link_token("robert@example.org")}, {"Idempotency-Key": "once"}

        first, again = (client.post(f"{V1}auth/email/confirm/", body, headers=once) for _ in range(2))

        assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (204, 204, "true")

    def test_of_another_account_is_told_to_its_reader_alone(self, bob, alice, anonymous):
        UserFactory(username="dana", email="dana@example.org")
        assert api_client_for(bob).post(EMAIL, {"email": "DANA@example.org"}).status_code == 202

        response = anonymous.post(f"{V1}auth/email/confirm/", {"token": link_token("DANA@example.org")})

        assert (response.status_code, response.json()["type"]) == (409, "urn:oms:problem:account-name-taken")

    def test_that_is_none_is_named(self, bob):
        response = api_client_for(bob).post(EMAIL, {"email": "nowhere"})

        assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "/email")

    def test_asks_who_one_is(self, bob):
        client = api_client_for(bob)
        made_stale()

        response = client.post(EMAIL, {"email": "robert@example.org"})

        assert response.status_code == 401
        assert 'error="insufficient_user_authentication"' in response["WWW-Authenticate"]

    def test_mails_to_strangers_are_few(self, bob, settings):
        client = api_client_for(bob)
        answers = [client.post(EMAIL, {"email": f"stranger{n}@example.org"}).status_code for n in range(7)]

        assert answers == [202] * settings.MAIL_LIMIT + [429] * 2

    def test_that_an_administrator_types_is_not_verified(self, bob):
        User.objects.update(email_verified_at=timezone.now())

        services.user_update(actor=None, user=bob, email="robert@example.org")

        bob.refresh_from_db()
        assert bob.email_verified_at is None


class TestLock:
    @pytest.fixture
    def guesses(self, monkeypatch):
        """Wrong passwords, which cost no hash here."""
        monkeypatch.setattr("accounts.services.logins._password_is_right", lambda *_: False)

        def guess(username, times):
            for number in range(times):
                device = Device(f"192.0.2.{number}")
                with pytest.raises(CredentialsWrong):
                    services.login_start(username=username, password="wrong", device=device, kind=SessionKind.API)

        return guess

    def test_is_an_event_and_a_mail_once(self, bob, guesses):
        guesses("bob", 4)
        assert not events("user.locked", bob).exists()
        guesses("BOB", 8)

        assert account_is_locked("bob")
        assert events("user.locked", bob).count() == 1
        assert written() == ["account_locked"]

    def test_the_link_unlocks(self, bob, guesses, anonymous):
        guesses("bob", 5)
        token = link_token(bob.email)

        assert anonymous.post(f"{V1}auth/unlock/", {"token": token}).status_code == 204

        assert not account_is_locked("bob")
        assert events("user.unlocked", bob).get().actor == bob.pk
        assert anonymous.post(f"{V1}auth/unlock/", {"token": token}).status_code == 422

    def test_who_has_no_address_gets_no_mail(self, charlie, guesses):
        guesses("charlie", 5)

        assert events("user.locked", charlie).count() == 1
        assert written() == []

    def test_unknown_names_leave_nothing(self, db, guesses):
        guesses("nobody", 6)

        assert not Event.objects.filter(type="io.oms.accounts.user.locked").exists()

    def test_an_administrator_unlocks_password_and_codes(self, alice, bob, guesses):
        guesses("bob", 5)
        for _ in range(5):
            attempt_begin(counted_factor(bob.pk, None))

        assert api_client_for(alice).post(f"{V1}users/{bob.pk}/unlock/").status_code == 204

        assert not account_is_locked("bob")
        assert attempt_begin(counted_factor(bob.pk, None)).is_allowed
        assert events("user.unlocked", bob).get().actor == alice.pk

    def test_others_unlock_nobody(self, alice, bob):
        assert api_client_for(bob).post(f"{V1}users/{alice.pk}/unlock/").status_code == 403


class TestProfile:
    def test_is_ones_own_to_change(self, bob):
        response = api_client_for(bob).patch(ME, {"display_name": "Bob B.", "language": "ko"})

        assert response.status_code == 200, response.content
        assert (response.json()["display_name"], response.json()["language"]) == ("Bob B.", "ko")
        assert events("user.updated", bob).get().actor == bob.pk

    @pytest.mark.parametrize("values", [{"language": "tlh"}, {"role": "administrator"}, {"email": "x@example.org"}])
    def test_holds_nothing_else(self, bob, values):
        assert api_client_for(bob).patch(ME, values).status_code == 400

        bob.refresh_from_db()
        assert (bob.language, bob.role, bob.email) == ("en", "developer", "Bob@example.org")


class TestDeletion:
    @pytest.fixture
    def whole(self, bob):
        """Bob with one of everything that an account has."""
        repository = repository_create(actor=bob, name="onto")
        Membership.objects.get_or_create(repository=repository, user=bob, defaults={"role": Role.REVIEWER})
        TOTPFactor.objects.create(user=bob, sealed_seed=b"x", confirmed_at=timezone.now())
        RecoveryCode.objects.create(user=bob, digest="x")
        FormerPassword.objects.create(user=bob, encoded="x")
        bob.groups.add(Group.objects.create(name="builders"))
        attempt_begin(counted_factor(bob.pk, None))
        AccessAttempt.objects.create(username="BOB", user_agent="", failures_since_start=1)
        services.user_profile_update(actor=bob, display_name="Bob Builder")
        services.verification_send(actor=bob)
        return bob

    def test_leaves_nothing_of_whom_it_was(self, whole, alice):
        client = api_client_for(whole)

        response = api_client_for(alice).delete(f"{V1}users/{whole.pk}/")

        assert response.status_code == 204, response.content
        gone = User.objects.get(pk=whole.pk)
        assert gone.username.startswith("deleted-")
        assert len(gone.username) == len("deleted-") + 12
        assert (gone.email, gone.email_key, gone.display_name, gone.is_active) == ("", None, "", False)
        assert gone.deleted_at is not None
        assert not gone.has_usable_password()
        for model in (TOTPFactor, RecoveryCode, FormerPassword, KnownDevice, AccountLink, OutgoingMail, Membership):
            assert not model.objects.filter(user=gone).exists(), model
        assert not gone.groups.exists()
        assert not AccessAttempt.objects.exists()
        assert not AttemptCounter.objects.filter(failures__gt=0).exclude(key__in=_mail_counters()).exists()
        assert client.get(ME).status_code == 401
        assert set(Session.objects.filter(user=gone).values_list("revoke_reason", "ip", "user_agent")) == {
            ("deleted", None, "")
        }

    def test_keeps_what_was_done(self, whole, alice):
        before = set(Event.objects.filter(actor=whole.pk).values_list("pk", flat=True))

        services.user_delete(actor=alice, user=whole)

        assert before <= set(Event.objects.filter(actor=whole.pk).values_list("pk", flat=True))
        assert Repository.objects.get(name="onto").created_by_id == whole.pk
        event = events("user.deleted", whole).get()
        assert event.actor == alice.pk
        assert b"bob" not in bytes(event.body).lower()

    def test_of_oneself_asks_who_one_is(self, bob):
        client = api_client_for(bob)
        made_stale()
        assert client.delete(ME).status_code == 401
        assert not events("user.deleted", bob).exists()

    def test_of_oneself(self, bob):
        client = api_client_for(bob)

        assert client.delete(ME).status_code == 204

        assert client.get(ME).status_code == 401
        assert events("user.deleted", bob).get().actor == bob.pk

    def test_leaves_an_administrator(self, alice):
        response = api_client_for(alice).delete(ME)

        assert (response.status_code, response.json()["type"]) == (409, "urn:oms:problem:last-administrator")

    def test_of_others_is_for_administrators(self, alice, bob):
        assert api_client_for(bob).delete(f"{V1}users/{alice.pk}/").status_code == 403
        assert User.objects.get(pk=alice.pk).is_active

    def test_cannot_be_undone(self, alice, bob):
        services.user_delete(actor=None, user=bob)

        response = api_client_for(alice).patch(f"{V1}users/{bob.pk}/", {"is_active": True})

        assert (response.status_code, response.json()["type"]) == (409, "urn:oms:problem:account-deleted")

    def test_frees_the_name_and_the_address(self, bob):
        services.user_delete(actor=None, user=bob)

        assert UserFactory(username="bob", email="bob@example.org").pk != bob.pk


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_delete_each_other_leave_one():
    pair = [UserFactory(role=Role.ADMINISTRATOR) for _ in range(2)]

    at_once(2, lambda number: services.user_delete(actor=None, user=pair[number]))

    assert User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_the_same_new_address_leave_it_to_one():
    tokens = []
    for name in ("bob", "charlie"):
        user = UserFactory(username=name, email=f"{name}@example.org")
        services.email_change(actor=user, email="shared@example.org")
        tokens.append(services.link_secret(AccountLink.objects.get(user=user)))

    outcomes = at_once(2, lambda number: services.email_confirm(token=tokens[number]))

    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert User.objects.filter(email_key="shared@example.org").count() == 1


def test_a_password_that_is_set_by_a_link_signs_in(anonymous, db):
    kim = UserFactory(username="kim", email="kim@example.org", password=PASSWORD)
    services.password_reset_begin(email="KIM@example.org")

    services.password_reset_confirm(token=link_token(kim.email), password=NEW)

    assert anonymous.post(f"{V1}auth/login/", {"username": "kim", "password": NEW}).status_code == 200


def _mail_counters():
    """What counts mails holds an HMAC of an address for some minutes, and nothing else."""
    return AttemptCounter.objects.filter(window_ends_at__gt=timezone.now()).values("key")


# --- What goes on while an account ends ---------------------------------------------------------------


GOING_ON = {
    "emailChange": 'emailChange(email: "new@example.org")',
    "profileUpdate": 'profileUpdate(displayName: "Kim") { id }',
    "totpEnrol": "totpEnrol { secret }",
}


@pytest.mark.parametrize("mutation", GOING_ON.values(), ids=GOING_ON)
def test_nothing_is_done_for_an_account_after_its_end_in_the_same_operation(bob, mutation):
    query = f"mutation ($id: UUID!) {{ userDelete(id: $id) {mutation} }}"

    body = api_client_for(bob).post("/graphql/", {"query": query, "variables": {"id": str(bob.pk)}}).json()

    assert [error["extensions"]["code"] for error in body["errors"]] == ["session-ended"]
    for model in (AccountLink, OutgoingMail, TOTPFactor):
        assert not model.objects.filter(user=bob).exists()


STALE = {
    "identity_link": lambda actor: services.identity_link(actor=actor, identity=IDENTITY),
    "verification_send": lambda actor: services.verification_send(actor=actor),
    "recovery_codes_replace": lambda actor: services.recovery_codes_replace(actor=actor),
    "totp_enrol": lambda actor: services.totp_enrol(actor=actor),
}


@pytest.mark.parametrize("act", STALE.values(), ids=STALE)
def test_who_was_let_in_before_the_end_begins_nothing_after_it(bob, act):
    before = User.objects.get(pk=bob.pk)
    services.user_delete(actor=None, user=bob)

    with pytest.raises(SessionEnded):
        act(before)

    assert not ExternalIdentity.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_the_administration_forgets_the_name_too(alice):
    client = console_client_for(alice)
    client.post("/console/accounts/user/add/", {"username": "mallory", "kind": "human", "role": "viewer"})
    assert LogEntry.objects.get().object_repr == "mallory"

    services.user_delete(actor=None, user=User.objects.get(username="mallory"))

    assert LogEntry.objects.get().object_repr == ""


def test_a_service_is_no_last_administrator(alice):
    UserFactory(username="robot", kind=UserKind.SERVICE, role=Role.ADMINISTRATOR)

    with pytest.raises(LastAdministrator):
        services.user_delete(actor=None, user=alice)


def test_an_address_gets_so_many_invitations(alice, settings):
    services.user_invite(actor=alice, username="kim", email="kim@example.org")
    kim = User.objects.get(username="kim")
    client = api_client_for(alice)

    statuses = [client.post(f"{V1}users/{kim.pk}/invite/").status_code for _ in range(7)]

    assert statuses.count(429) == 7 - settings.MAIL_LIMIT


def test_a_mail_to_an_address_that_is_not_verified_says_nothing_of_ones_own_making(bob):
    api_client_for(bob).patch(ME, {"display_name": "Your mailbox is full: https://example.com"})

    api_client_for(bob).post(EMAIL, {"email": "victim@example.com"})

    (message,) = [message for message in delivered() if message.to == ["victim@example.com"]]
    assert "mailbox" not in message.body
    assert message.body.startswith("Hello bob,")


@pytest.mark.parametrize("name", ["Kim\nLee", "Kim\x85Lee", "Kim\u2028Lee"])
def test_a_name_is_one_line(bob, name):
    response = api_client_for(bob).patch(ME, {"display_name": name})

    assert response.status_code == 422
    assert [(error["field"], error["rule"]) for error in response.json()["errors"]] == [
        ("/display_name", "NAME_INVALID")
    ]


TOO_LONG_FOLDED = "a@" + ("\u3316" * 9 + ".") * 25 + "ab"
"""254 characters, each of which stands for six."""


@pytest.mark.parametrize(
    ("email", "status"),
    [
        ('"a\x0bBcc"@example.org', 422),
        ('"a\x1cX"@example.org', 422),
        ("a" * 250 + "@example.org", 400),
        (TOO_LONG_FOLDED, 422),
    ],
)
def test_what_no_mail_can_be_sent_to_is_no_address(bob, alice, email, status):
    query = "mutation ($email: String!) { emailChange(email: $email) }"
    asked = api_client_for(bob).post("/graphql/", {"query": query, "variables": {"email": email}}).json()
    made = api_client_for(alice).post(f"{V1}users/", {"username": "lee", "email": email})

    assert [error["extensions"]["code"] for error in asked["errors"]] == ["user-invalid"]
    assert made.status_code == status
    assert not OutgoingMail.objects.exists()


def test_a_name_whose_key_would_be_too_long_is_refused(alice):
    response = api_client_for(alice).post(f"{V1}users/", {"username": "\ufdfa" * 40})

    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "/username"


def test_an_administrators_change_of_an_address_is_told_to_the_former_one(alice, bob):
    api_client_for(alice).patch(f"{V1}users/{bob.pk}/", {"email": "robert@example.org"})

    assert [(message.to, message.subject) for message in delivered()] == [
        (["Bob@example.org"], "Your e-mail address was changed")
    ]


def test_ones_own_address_is_no_other_one(bob):
    response = api_client_for(bob).post(EMAIL, {"email": "bob@EXAMPLE.org"})

    assert response.status_code == 422
    assert response.json()["errors"][0]["rule"] == "UNCHANGED"
    assert not OutgoingMail.objects.exists()


def test_too_many_mails_are_called_so(bob, settings):
    client = api_client_for(bob)

    answers = [client.post(EMAIL, {"email": f"bob{number}@example.org"}) for number in range(settings.MAIL_LIMIT + 1)]

    assert [answer.status_code for answer in answers] == [202] * settings.MAIL_LIMIT + [429]
    assert answers[-1].json()["type"] == "urn:oms:problem:too-many-mails"
    assert int(answers[-1]["Retry-After"]) > 0
