"""What administrators ask: ``/api/v1/password-policies/``, ``/api/v1/roles/`` and their pages in the console."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.exceptions import PolicyNotFound
from accounts.models import PasswordPolicy, RoleSettings, Session
from accounts.services import policy_delete, policy_save
from history.models import Event
from tests.factories import api_client_for, console_client_for

POLICIES, ROLES = "/api/v1/password-policies/", "/api/v1/roles/"
POLICY_PAGES, ROLE_PAGES = "/console/accounts/passwordpolicy/", "/console/accounts/rolesettings/"


@pytest.fixture
def nist(db):
    return PasswordPolicy.objects.get(name="nist")


@pytest.fixture
def enterprise(db):
    return PasswordPolicy.objects.get(name="enterprise")


def rules_of(response):
    return {(error["field"], error["rule"]) for error in response.json()["errors"]}


@pytest.mark.parametrize("url", [POLICIES, ROLES])
def test_lists_are_for_administrators(alice, bob, anonymous, url):
    assert api_client_for(alice).get(url).status_code == 200
    assert api_client_for(bob).get(url).status_code == 403
    assert anonymous.get(url).status_code == 401


def test_the_number_of_queries_does_not_grow(alice):
    client = api_client_for(alice)

    def queries():
        with CaptureQueriesContext(connection) as context:
            client.get(POLICIES)
            client.get(ROLES)
        return len(context)

    before = queries()
    PasswordPolicy.objects.bulk_create(PasswordPolicy(name=f"p{number}") for number in range(5))
    RoleSettings.objects.update(password_policy=PasswordPolicy.objects.first())
    assert queries() == before


def test_makes_changes_and_deletes_a_policy(alice):
    client = api_client_for(alice)

    made = client.post(POLICIES, {"name": "long", "min_length": 20})
    url = f"{POLICIES}{made.json()['id']}/"
    changed = client.patch(url, {"max_age_days": 30})
    deleted = client.delete(url)

    assert (made.status_code, changed.status_code, deleted.status_code) == (201, 200, 204), changed.content
    assert (made.json()["min_length"], made.json()["blocklist"]) == (20, True)
    assert changed.json()["max_age_days"] == 30
    events = Event.objects.filter(type__contains="password_policy")
    assert {event.type.rpartition(".")[2] for event in events} == {"created", "updated", "deleted"}


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"min_length": 7}, {("/min_length", "MIN_VALUE")}),
        ({"min_length": 65, "history": 25}, {("/min_length", "MAX_VALUE"), ("/history", "MAX_VALUE")}),
        ({"min_digits": 9}, {("/min_digits", "LONGER_THAN_LENGTH")}),
        ({"max_age_days": 0}, {("/max_age_days", "MIN_VALUE")}),
        ({"max_age_days": 1, "min_age_hours": 24}, {("/min_age_hours", "LONGER_THAN_AGE")}),
        ({"name": "enterprise"}, {("/name", "TAKEN")}),
    ],
)
def test_says_which_value_breaks_which_rule(alice, nist, values, errors):
    response = api_client_for(alice).patch(f"{POLICIES}{nist.pk}/", values)

    assert response.status_code == (409 if "name" in values else 422), response.content
    assert rules_of(response) == errors


def test_one_policy_is_the_default(alice, nist, enterprise):
    client = api_client_for(alice)

    refused = client.patch(f"{POLICIES}{nist.pk}/", {"is_default": False})
    assert refused.json()["type"] == "urn:oms:problem:default-policy-required"
    assert client.delete(f"{POLICIES}{nist.pk}/").status_code == 409
    assert client.patch(f"{POLICIES}{enterprise.pk}/", {"is_default": True}).status_code == 200
    assert list(PasswordPolicy.objects.filter(is_default=True)) == [enterprise]
    assert client.delete(f"{POLICIES}{nist.pk}/").status_code == 204


def test_a_policy_in_use_stays(alice, bob, enterprise):
    client = api_client_for(alice)
    assert client.patch(f"/api/v1/users/{bob.pk}/", {"password_policy": enterprise.pk}).status_code == 200

    assert client.delete(f"{POLICIES}{enterprise.pk}/").json()["type"] == "urn:oms:problem:password-policy-in-use"
    assert client.patch(f"/api/v1/users/{bob.pk}/", {"role": "viewer"}).status_code == 200
    bob.refresh_from_db()
    assert bob.password_policy == enterprise
    client.patch(f"/api/v1/users/{bob.pk}/", {"password_policy": None})
    assert client.delete(f"{POLICIES}{enterprise.pk}/").status_code == 204
    again = client.delete(f"{POLICIES}{enterprise.pk}/")
    assert (again.status_code, again.json()["type"]) == (404, "urn:oms:problem:password-policy-not-found")


def test_changes_what_a_role_asks(alice, enterprise):
    client = api_client_for(alice)
    values = {"password_policy": enterprise.pk, "factor_required": True, "session_limit": 3}

    response = client.patch(f"{ROLES}developer/", values)

    assert response.status_code == 200, response.content
    assert response.json() == {"role": "developer", "session_limit_action": "end_oldest", **values}
    event = Event.objects.get(type="io.oms.accounts.role_settings.updated")
    assert (event.actor, event.subject) == (alice.pk, "roles/developer")
    assert rules_of(client.patch(f"{ROLES}developer/", {"session_limit": 0})) == {("/session_limit", "MIN_VALUE")}
    assert client.patch(f"{ROLES}developer/", {"password_policy": 0}).status_code == 400
    assert client.patch(f"{ROLES}king/", {}).status_code == 404


@pytest.mark.parametrize(("method", "url"), [("post", POLICIES), ("patch", f"{ROLES}viewer/")])
def test_needs_a_fresh_sign_in(alice, method, url):
    client = api_client_for(alice)
    Session.objects.update(auth_time=timezone.now() - timedelta(hours=1))

    response = getattr(client, method)(url, {"name": "x"} if method == "post" else {"factor_required": True})

    assert response.json()["type"] == "urn:oms:problem:fresh-authentication-required"
    assert not RoleSettings.objects.filter(factor_required=True).exists()


class TestConsole:
    VALUES = {
        "name": "long", "min_length": 20, "min_length_with_factor": 8, "min_lowercase": 0, "min_uppercase": 0,
        "min_digits": 0, "min_symbols": 0, "history": 0, "warning_days": 14, "min_age_hours": 0, "blocklist": "on",
    }  # fmt: skip

    @pytest.mark.parametrize("path", [POLICY_PAGES, f"{POLICY_PAGES}add/", ROLE_PAGES, f"{ROLE_PAGES}viewer/change/"])
    def test_only_administrators_see_it(self, alice, bob, path):
        assert console_client_for(alice).get(path).status_code == 200
        assert console_client_for(bob).get(path).status_code == 403

    def test_makes_and_deletes_a_policy_by_the_service(self, alice):
        console = console_client_for(alice)

        assert console.post(f"{POLICY_PAGES}add/", self.VALUES).status_code == 302
        policy = PasswordPolicy.objects.get(name="long")
        assert console.post(f"{POLICY_PAGES}{policy.pk}/delete/", {"post": "yes"}).status_code == 302
        assert Event.objects.filter(type="io.oms.accounts.password_policy.deleted", actor=alice.pk).exists()

    def test_the_default_stays(self, alice, nist):
        console = console_client_for(alice)

        assert console.post(f"{POLICY_PAGES}{nist.pk}/delete/", {"post": "yes"}).status_code == 403
        response = console.post(f"{POLICY_PAGES}{nist.pk}/change/", self.VALUES | {"name": "nist"})
        assert "One password policy is the default" in str(response.context["adminform"].form.errors)

    def test_says_at_the_field_what_is_wrong(self, alice):
        response = console_client_for(alice).post(f"{POLICY_PAGES}add/", self.VALUES | {"min_digits": 9})

        assert list(response.context["adminform"].form.errors) == ["min_digits"]

    def test_changes_a_role(self, alice, enterprise):
        form = {"password_policy": enterprise.pk, "session_limit": 2, "session_limit_action": "refuse"}

        response = console_client_for(alice).post(f"{ROLE_PAGES}viewer/change/", form)

        assert response.status_code == 302, response.context["adminform"].form.errors
        viewer = RoleSettings.objects.get(role="viewer")
        assert (viewer.password_policy, viewer.session_limit) == (enterprise, 2)
        assert Event.objects.get(type="io.oms.accounts.role_settings.updated").actor == alice.pk

    def test_gives_an_account_a_policy_of_its_own(self, alice, bob, enterprise):
        form = {"role": "developer", "is_active": "on", "email": bob.email, "password_policy": enterprise.pk}

        assert console_client_for(alice).post(f"/console/accounts/user/{bob.pk}/change/", form).status_code == 302

        bob.refresh_from_db()
        assert bob.password_policy == enterprise


def test_a_policy_that_somebody_has_just_deleted_is_not_found(alice):
    policy = policy_save(actor=alice, name="brief")
    PasswordPolicy.objects.filter(pk=policy.pk).delete()

    with pytest.raises(PolicyNotFound):
        policy_save(actor=alice, policy=policy, min_length=20)
    with pytest.raises(PolicyNotFound):
        policy_delete(actor=alice, policy=policy)
