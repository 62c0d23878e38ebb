"""The console's pages of one's profile and of the links in mails."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.engine.providers import Provider
from accounts.models import AccountLink, LinkPurpose, Session, User
from accounts.services import Device
from history.models import Role
from tests.accounts.links import delivered, link_token, written
from tests.factories import UserFactory, api_client_for, console_client_for, signed_in

PROFILE = "/console/account/profile/"
EMAIL, DELETION = f"{PROFILE}email/", f"{PROFILE}deletion/"
USERS = "/console/accounts/user/"
LINKS = "/console/links/"
TYPED = {"new_password": "purple bicycles climb hills", "repeated": "purple bicycles climb hills"}


@pytest.fixture
def console(bob):
    return console_client_for(bob)


def text_of(response):
    return response.content.decode()


def test_the_profile_is_a_tab_of_the_account(console):
    page = text_of(console.get(PROFILE))

    assert 'aria-current="page"' in page
    assert "Bob@example.org" in page
    assert "not verified" in page


@pytest.mark.parametrize("path", [PROFILE, "/console/account/security-log/"])
def test_it_is_for_who_is_signed_in(path, db):
    assert Client().get(path).status_code == 302


def test_changes_name_and_language(console, bob):
    response = console.post(PROFILE, {"display_name": "Bob B.", "language": "ko"})

    assert response.status_code == 302
    bob.refresh_from_db()
    assert (bob.display_name, bob.language) == ("Bob B.", "ko")


def test_sends_the_link_that_verifies(console):
    console.post("/console/account/profile/email/verification/")

    assert written() == ["verification"]


def test_changes_the_address_by_a_link_that_a_button_uses(console, bob):
    assert console.post(EMAIL, {"email": "robert@example.org"}).status_code == 302
    token = link_token("robert@example.org")

    assert console.get(f"{LINKS}email/", {"token": token}).status_code == 200
    bob.refresh_from_db()
    assert bob.email == "Bob@example.org"

    assert console.post(f"{LINKS}email/", {"token": token}).status_code == 302
    bob.refresh_from_db()
    assert bob.email == "robert@example.org"
    assert console.get(PROFILE).status_code == 200  # this session goes on


def test_an_address_that_is_none_is_shown_at_its_field(console):
    response = console.post(EMAIL, {"email": "nowhere"})

    assert response.status_code == 422
    assert response.context["email"].errors["email"]


@pytest.mark.parametrize(("path", "values"), [(EMAIL, {"email": "r@example.org"}), (DELETION, {"username": "bob"})])
def test_what_is_sensitive_asks_who_one_is(console, path, values, bob):
    Session.objects.update(auth_time=timezone.now() - timedelta(hours=1))

    response = console.post(path, values, headers={"Referer": PROFILE})

    assert response["Location"].startswith("/console/account/confirm/")
    assert User.objects.filter(username="bob").exists()


@pytest.mark.parametrize("path", ["/console/account/password/", "/console/account/api-keys/new/"])
def test_longer_forms_ask_who_one_is_before_anything_is_typed(console, path):
    assert console.get(path).status_code == 200
    Session.objects.update(auth_time=timezone.now() - timedelta(hours=1))

    assert console.get(path)["Location"].startswith("/console/account/confirm/")


def test_other_sign_ins_are_a_tab_where_there_is_a_provider(console, settings):
    assert "Other sign-ins" not in text_of(console.get(PROFILE))
    settings.SIGN_IN_PROVIDER = Provider("https://id.example", "oms", "secret", "Example", ("openid",))

    assert "Other sign-ins" in text_of(console.get(PROFILE))


def test_sessions_are_told_by_what_their_devices_are_called(console, bob):
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    signed_in(bob, device=Device("192.0.2.7", agent))

    assert ">Firefox on Linux</span>" in text_of(console.get("/console/account/sessions/"))


def test_deletes_the_account_of_who_types_its_name(console, bob):
    assert console.post(DELETION, {"username": "alice"}).status_code == 422
    assert console.post(DELETION, {"username": "bob"})["Location"] == "/console/login/"

    assert not User.objects.filter(username="bob").exists()
    assert console.get(PROFILE).status_code == 302


@pytest.mark.parametrize(
    ("path", "purpose"),
    [
        ("password", LinkPurpose.PASSWORD_RESET),
        ("invitation", LinkPurpose.INVITATION),
        ("verification", LinkPurpose.VERIFICATION),
        ("email", LinkPurpose.EMAIL_CHANGE),
        ("unlock", LinkPurpose.UNLOCK),
    ],
)
def test_a_program_that_opens_a_link_does_not_use_it_up(bob, path, purpose):
    link = services.link_create(user=bob, purpose=purpose, email=bob.email, lifetime=timedelta(hours=1))
    token = services.link_secret(link)

    assert services.link_url(link).endswith(f"/console/links/{path}/?token={token}")
    for _ in range(2):
        assert token in text_of(Client().get(f"{LINKS}{path}/", {"token": token}))

    link.refresh_from_db()
    assert link.used_at is None
    assert Client().post(f"{LINKS}{path}/", {"token": token, **TYPED}).status_code == 302
    link.refresh_from_db()
    assert link.used_at is not None


@pytest.mark.parametrize("path", ["password", "invitation", "verification", "email", "unlock"])
def test_a_link_that_is_not_good_says_so(db, path):
    response = Client().post(f"{LINKS}{path}/", {"token": "x" * 64, **TYPED})

    assert response.status_code == 422
    assert "The link is not valid" in text_of(response)


class TestAdministration:
    @pytest.fixture
    def admin(self, alice):
        return console_client_for(alice)

    def acted(self, client, action, *users, **more):
        return client.post(USERS, {"action": action, "_selected_action": [user.pk for user in users], **more})

    def test_invites_by_a_form_without_a_password(self, admin):
        assert f"{USERS}add/?invite=1" in text_of(admin.get(USERS))
        form = text_of(admin.get(f"{USERS}add/?invite=1"))
        assert 'type="password"' not in form
        values = {"username": "dana", "email": "dana@example.org", "display_name": "", "role": "viewer"}

        response = admin.post(f"{USERS}add/?invite=1", values)

        assert response.status_code == 302, text_of(response)
        assert [message.to for message in delivered()] == [["dana@example.org"]]
        assert AccountLink.objects.get().purpose == LinkPurpose.INVITATION

    def test_says_at_the_field_that_an_invitation_needs_an_address(self, admin):
        response = admin.post(f"{USERS}add/?invite=1", {"username": "dana", "email": "", "role": "viewer"})

        assert response.context["adminform"].form.errors["email"] == ["An invitation needs an e-mail address."]

    def test_sends_invitations_anew_and_says_where_not(self, admin, bob):
        services.user_invite(actor=None, username="dana", email="dana@example.org")
        dana = User.objects.get(username="dana")
        User.objects.filter(pk=bob.pk).update(password="argon2$some")

        self.acted(admin, "invite_again", dana, bob)

        assert written() == ["invitation", "invitation"]
        shown = text_of(admin.get(USERS))
        assert "bob: Nobody is invited to an account that has a password" in shown
        assert "Done for 1 user." in shown

    def test_unlocks(self, admin, bob):
        for _ in range(5):
            services.logins.attempt_begin(services.logins.counted_sign_in("bob", None, None))

        self.acted(admin, "unlock", bob, UserFactory())

        assert not services.account_is_locked("bob")
        assert "Done for 2 users." in text_of(admin.get(USERS))

    def test_asks_before_it_deletes(self, admin, bob):
        page = self.acted(admin, "remove", bob)
        assert "This cannot be undone." in text_of(page)
        assert re.search(rf'name="_selected_action" value="{bob.pk}"', text_of(page))
        assert User.objects.filter(username="bob").exists()

        self.acted(admin, "remove", bob, confirmed="yes")

        assert not User.objects.filter(username="bob").exists()

    def test_the_last_administrator_stays(self, admin, alice):
        self.acted(admin, "remove", alice, confirmed="yes")

        assert User.objects.filter(username="alice", is_active=True).exists()
        assert "The last active administrator must stay one." in text_of(admin.get(USERS))


class TestGraphQL:
    def asked(self, user, query, **variables):
        return api_client_for(user).post("/graphql/", {"query": query, "variables": variables}).json()

    def test_changes_the_profile(self, bob):
        answer = self.asked(bob, 'mutation { profileUpdate(displayName: "Bob", language: "ko") { displayName } }')

        assert answer["data"]["profileUpdate"] == {"displayName": "Bob"}

    def test_asks_for_another_address(self, bob):
        answer = self.asked(bob, 'mutation { emailChange(email: "robert@example.org") }')

        assert answer["data"]["emailChange"] is True
        assert set(written()) == {"email_change", "email_change_asked"}

    def test_invites_unlocks_and_deletes(self, alice, bob):
        UserFactory(role=Role.ADMINISTRATOR)
        invited = self.asked(alice, 'mutation { userInvite(username: "dana", email: "d@example.org") { id role } }')
        assert invited["data"]["userInvite"]["role"] == "viewer"
        for mutation in ("userUnlock", "userDelete"):
            answer = self.asked(alice, f"mutation($id: UUID!) {{ {mutation}(id: $id) }}", id=str(bob.pk))
            assert answer["data"][mutation] == str(bob.pk), answer

        assert User.objects.get(pk=bob.pk).deleted_at is not None

    def test_is_no_way_around_the_role(self, alice, bob):
        invite = 'mutation { userInvite(username: "dana", email: "d@example.org") { id } }'
        delete = "mutation($id: UUID!) { userDelete(id: $id) }"

        assert self.asked(bob, invite)["errors"][0]["extensions"]["code"] == "manage-users-denied"
        assert self.asked(bob, delete, id=str(alice.pk))["errors"][0]["extensions"]["code"] == "view-users-denied"
