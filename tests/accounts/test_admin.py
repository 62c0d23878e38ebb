"""Accounts and sessions in the console."""

import pytest
from django.contrib.auth.models import Group
from django.views.debug import SafeExceptionReporterFilter

from accounts.models import Session, User
from history.models import Event
from tests.factories import UserFactory, api_client_for, console_client_for

USERS, SESSIONS, GROUPS = "/console/accounts/user/", "/console/accounts/session/", "/console/auth/group/"
GOOD_PASSWORD = "eleven purple bicycles"


@pytest.fixture
def console(alice):
    return console_client_for(alice)


def errors_of(response):
    form = response.context["adminform"].form
    return {field: list(errors) for field, errors in form.errors.items()}


def twice(password):
    return {"first_password": password, "repeated": password}


def changed(user, **values):
    return {"display_name": user.display_name, "email": user.email, "role": user.role, "is_active": "on"} | values


@pytest.mark.parametrize("path", [USERS, SESSIONS, GROUPS, f"{USERS}add/", f"{GROUPS}add/"])
def test_only_administrators_see_them(alice, bob, path):
    assert console_client_for(bob).get(path).status_code == 403
    assert console_client_for(alice).get(path).status_code == 200


@pytest.mark.parametrize("path", [USERS, SESSIONS, GROUPS])
def test_a_filter_that_no_database_takes_is_400(console, path):
    assert console.get(f"{path}?kind=%00&name=%00").status_code == 400


@pytest.mark.parametrize(
    "asked", ["password__startswith=argon2", "username__regex=(", "last_login__gte=x", "groups__user__password=1"]
)
def test_what_the_page_does_not_filter_by_is_not_asked(console, asked):
    assert console.get(f"/console/accounts/user/?{asked}").status_code == 400


def test_its_own_filters_are(console, charlie):
    page = console.get("/console/accounts/user/?role__exact=viewer&is_active__exact=1&kind__exact=human")
    assert page.status_code == 200
    assert b"charlie" in page.content


def test_an_action_on_what_can_be_no_account_is_400(console):
    sent = {"action": "unlock", "_selected_action": "zzz"}
    assert console.post("/console/accounts/user/", sent).status_code == 400


def test_lists_and_finds_accounts(console, bob, charlie):
    page = console.get(USERS, {"q": "char"}).content.decode()

    assert "charlie" in page
    assert ">bob<" not in page


def test_makes_an_account_by_the_service(console, alice):
    form = {"username": "dana", "kind": "human", "role": "reviewer", **twice(GOOD_PASSWORD)}

    response = console.post(f"{USERS}add/", form)

    assert response.status_code == 302, errors_of(response)
    dana = User.objects.get(username="dana")
    assert dana.check_password(GOOD_PASSWORD)
    event = Event.objects.get(type="io.oms.accounts.user.created", subject=f"users/{dana.pk}")
    assert event.actor == alice.pk


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"username": "BOB"}, "username"),
        ({"username": "two words"}, "username"),
        ({"email": "bob@EXAMPLE.ORG"}, "email"),
        (twice("short"), "first_password"),
        (twice(GOOD_PASSWORD) | {"repeated": ""}, "repeated"),
        ({"repeated": GOOD_PASSWORD}, "repeated"),
    ],
)
def test_says_beside_the_field_what_the_service_refuses(console, bob, typed, field):
    form = {"username": "dana", "kind": "human", "role": "viewer"} | typed

    response = console.post(f"{USERS}add/", form)

    assert response.status_code == 200
    assert list(errors_of(response)) == [field]
    assert not User.objects.filter(username="dana").exists()


def test_reports_of_errors_leave_out_the_password_of_a_new_account(console):
    response = console.post(f"{USERS}add/", twice("short"))

    kept = SafeExceptionReporterFilter().get_post_parameters(response.wsgi_request)
    assert set(kept.values()) == {"*" * 20}


def test_changes_an_account_by_the_service(console, alice, bob):
    as_bob = api_client_for(bob)
    form = changed(bob, role="reviewer")
    del form["is_active"]

    response = console.post(f"{USERS}{bob.pk}/change/", form)

    assert response.status_code == 302, errors_of(response)
    bob.refresh_from_db()
    assert (bob.role, bob.is_active) == ("reviewer", False)
    assert as_bob.get("/api/v1/users/me/").status_code == 401
    assert Event.objects.get(type="io.oms.accounts.user.updated").actor == alice.pk


def test_puts_people_into_groups(console, bob, group):
    console.post(f"{USERS}{bob.pk}/change/", changed(bob, groups=[group.pk]))

    assert list(bob.groups.all()) == [group]
    assert Event.objects.filter(type="io.oms.accounts.user.updated").count() == 1


def test_a_group_is_a_name_and_has_no_permissions_of_its_own(console):
    page = console.get(f"{GROUPS}add/")

    assert list(page.context["adminform"].form.fields) == ["name"]
    assert console.post(f"{GROUPS}add/", {"name": "cartographers"}).status_code == 302
    assert Group.objects.get().name == "cartographers"


@pytest.fixture
def group(db):
    return Group.objects.create(name="cartographers")


def test_the_last_administrator_is_told_so_in_the_form(console, alice):
    response = console.post(f"{USERS}{alice.pk}/change/", changed(alice, role="viewer"))

    assert errors_of(response) == {"__all__": ["The last active administrator must stay one."]}


def test_a_password_is_never_shown(console, db):
    user = UserFactory(password=GOOD_PASSWORD)

    page = console.get(f"{USERS}{user.pk}/change/").content.decode()

    assert user.password not in page
    assert "argon2" not in page


def test_nobody_is_deleted(console, bob):
    assert console.post(f"{USERS}{bob.pk}/delete/", {"post": "yes"}).status_code == 403


def test_ends_sessions(console, alice, bob):
    as_bob = api_client_for(bob)
    session = Session.objects.get(user=bob)

    console.post(SESSIONS, {"action": "end", "_selected_action": [str(session.pk)]})

    assert as_bob.get("/api/v1/users/me/").status_code == 401
    assert Event.objects.get(type="io.oms.accounts.session.revoked").actor == alice.pk


def test_a_session_can_be_read_and_not_written(console, bob):
    api_client_for(bob)
    session = Session.objects.get(user=bob)

    assert console.get(f"{SESSIONS}{session.pk}/change/").status_code == 200
    assert console.post(f"{SESSIONS}{session.pk}/change/", {"ip": "192.0.2.9"}).status_code == 403
    assert console.get(f"{SESSIONS}add/").status_code == 403
