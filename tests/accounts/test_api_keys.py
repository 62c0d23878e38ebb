"""API keys: how they look, what they may do, and how they are made, rotated and revoked."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.backends import roles_in
from accounts.engine import api_keys
from accounts.exceptions import APIKeyDenied, NotForServices
from accounts.models import APIKey, OutgoingMail, Session, UserKind
from accounts.services import api_key_create, api_key_revoke, api_key_rotate, totp_enrol, user_update
from gateway.models import IdempotencyRecord
from history.models import Event, Repository, Role
from history.services import membership_set, repository_create
from tests.factories import UserFactory, api_client_for, console_client_for
from tests.threads import at_once

URL = "/api/v1/auth/api-keys/"
FIELDS = {
    "id", "user", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "last_used_ip",
    "revoked_at", "replaces",
}  # fmt: skip


@pytest.fixture
def robot(db):
    return UserFactory(username="robot", kind=UserKind.SERVICE, role=Role.SERVICE)


def made(user, *scopes, **values):
    return api_key_create(actor=user, user=user, name="CI", scopes=list(scopes), **values)


def client_with(secret):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def key_client(user, *scopes):
    return client_with(made(user, *scopes)[1])


def stale(user):
    Session.objects.filter(user=user).update(auth_time=timezone.now() - timedelta(hours=1))


# --- How they look ---------------------------------------------------------------------------------


def test_a_key_is_recognised_by_its_form_and_checksum():
    key = api_keys.make()

    assert re.fullmatch(r"oms_[0-9A-Za-z]{49}", key)
    assert api_keys.is_well_formed(key)
    assert key.startswith(api_keys.prefix(key))
    assert len(api_keys.prefix(key)) == 10


def test_a_key_of_which_any_character_is_another_is_none():
    key = api_keys.make()
    for place in range(len(key)):
        other = "x" if key[place] != "x" else "y"
        assert not api_keys.is_well_formed(key[:place] + other + key[place + 1 :])


@pytest.mark.parametrize("text", ["", "oms_", "oms_" + "a" * 48, "oms_" + "ä" * 49, "gh_" + "a" * 49])
def test_what_is_no_key(text):
    assert not api_keys.is_well_formed(text)


def test_a_checksum_is_crc_32_in_base_62():
    assert api_keys.is_well_formed("oms_" + "0" * 43 + "2CZclj")


@pytest.mark.parametrize(
    ("scopes", "permission", "allowed"),
    [
        ([], "history.commit", False),
        (["history.commit"], "history.commit", True),
        (["history.commit"], "history.create_branch", False),
        (["history.*"], "history.create_branch", True),
        (["history.*"], "merging.merge", False),
        (["*"], "accounts.manage_users", True),
    ],
)
def test_what_scopes_allow(scopes, permission, allowed):
    assert api_keys.allows(scopes, permission) is allowed


# --- Making them -----------------------------------------------------------------------------------


def test_makes_a_key_whose_secret_is_shown_once_and_kept_nowhere(bob):
    response = api_client_for(bob).post(URL, {"name": "CI", "scopes": ["history.*", "merging.merge"]})

    assert response.status_code == 201, response.content
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert set(body) == FIELDS | {"secret"}
    assert body["secret"].startswith(body["prefix"])
    assert api_keys.is_well_formed(body["secret"])
    key = APIKey.objects.get()
    assert (key.user, key.created_by) == (bob, bob)
    assert timedelta(days=89) < key.expires_at - timezone.now() <= timedelta(days=90)
    event = Event.objects.get(type="io.oms.accounts.api_key.created")
    assert (event.actor, event.subject) == (bob.pk, f"api-keys/{key.pk}")
    assert body["secret"] not in bytes(event.body).decode()
    mail = OutgoingMail.objects.get(user=bob)
    assert mail.template == "api_key_created"
    assert body["secret"] not in str(mail.context)


def test_an_idempotency_key_does_not_have_the_secret_kept(bob):
    new = {"name": "CI", "scopes": []}

    response = api_client_for(bob).post(URL, new, headers={"Idempotency-Key": "once"})

    assert response.status_code == 201
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.parametrize(
    ("value", "field", "rule"),
    [
        ({"scopes": ["history.fly"]}, "/scopes/0", "SCOPE_UNKNOWN"),
        ({"scopes": ["history.commit", "h*"]}, "/scopes/1", "SCOPE_UNKNOWN"),
        ({"name": " "}, "/name", "LENGTH"),
        ({"name": "x" * 101}, "/name", "LENGTH"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at", "RANGE"),
        ({"expires_at": "2999-01-01T00:00:00Z"}, "/expires_at", "RANGE"),
    ],
)
def test_values_that_break_a_rule(bob, value, field, rule):
    response = api_client_for(bob).post(URL, {"name": "CI", "scopes": []} | value)

    assert response.status_code == 422
    assert [(error["field"], error["rule"]) for error in response.json()["errors"]] == [(field, rule)]
    assert not APIKey.objects.exists()


def test_a_stale_sign_in_is_asked_to_confirm_for_making_and_rotating_and_not_for_revoking(bob):
    client, (key, _) = api_client_for(bob), made(bob)
    stale(bob)

    for path in (URL, f"{URL}{key.pk}/rotate/"):
        response = client.post(path, {"name": "CI", "scopes": []} if path == URL else {})
        assert response.status_code == 401
        assert 'error="insufficient_user_authentication"' in response["WWW-Authenticate"]
    assert client.delete(f"{URL}{key.pk}/").status_code == 204


def test_administrators_make_keys_for_services_and_for_no_other_person(alice, bob, robot):
    client = api_client_for(alice)

    assert client.post(URL, {"name": "CI", "scopes": ["*"], "user": "robot"}).status_code == 201
    response = client.post(URL, {"name": "CI", "scopes": ["*"], "user": "bob"})

    assert response.status_code == 403
    assert response.json()["type"] == "urn:oms:problem:api-key-denied"
    assert APIKey.objects.get().user == robot


@pytest.mark.parametrize("name", ["robot", "nobody"])
def test_others_make_none_for_services_and_do_not_learn_who_is_there(bob, robot, name):
    response = api_client_for(bob).post(URL, {"name": "CI", "scopes": [], "user": name})

    assert (response.status_code, response.json()["type"]) == (403, "urn:oms:problem:api-key-denied")


def test_a_key_makes_and_rotates_none_and_revokes_itself_alone(bob):
    (own, secret), (other, _) = made(bob, "*"), made(bob)
    client = client_with(secret)

    for response in (
        client.get(URL),
        client.post(URL, {"name": "CI", "scopes": ["*"]}),
        client.post(f"{URL}{own.pk}/rotate/"),
        client.delete(f"{URL}{other.pk}/"),
    ):
        assert (response.status_code, response.json()["type"]) == (403, "urn:oms:problem:not-for-api-keys")
    assert client.delete(f"{URL}{own.pk}/").status_code == 204
    assert client.get("/api/v1/users/me/").status_code == 401


# --- What they may do ------------------------------------------------------------------------------


def test_a_key_acts_for_its_account_and_says_when_it_did(bob):
    key, secret = made(bob, "history.view_repository")

    assert client_with(secret).get("/api/v1/users/me/").json()["username"] == "bob"

    key.refresh_from_db()
    assert key.last_used_ip == "127.0.0.1"
    with time_machine.travel(key.last_used_at + timedelta(seconds=50), tick=False):
        client_with(secret).get("/api/v1/users/me/")
    used = APIKey.objects.get().last_used_at
    assert used == key.last_used_at
    with time_machine.travel(used + timedelta(seconds=61), tick=False):
        client_with(secret).get("/api/v1/users/me/")
    assert APIKey.objects.get().last_used_at == used + timedelta(seconds=61)


@pytest.fixture
def maps(alice):
    return repository_create(actor=alice, name="maps")


def commit(client, repository="maps"):
    change = {
        "op": "put", "kind": "value_type", "name": "Code",
        "content": {"display_name": {"en": "Code"}, "type": {"type": "string"}},
    }  # fmt: skip
    body = {"branch": "main", "message": "Add", "changes": [change]}
    return client.post(f"/api/v1/repositories/{repository}/commits/", body)


def test_an_administrators_key_for_reading_reads_and_does_nothing_else(alice, bob, maps):
    client = key_client(alice, "history.view_repository")
    main = maps.branches.get()

    assert client.get("/api/v1/repositories/").json()["count"] == 1
    assert client.get("/api/v1/repositories/maps/branches/").status_code == 200
    assert commit(client).status_code == 403
    assert client.get("/api/v1/users/").status_code == 403
    assert client.post("/api/v1/users/", {"username": "dana"}).status_code == 403
    assert client.patch(f"/api/v1/users/{bob.pk}/", {"role": "administrator"}).status_code == 403
    assert client.post("/api/v1/repositories/", {"name": "other"}).status_code == 403
    assert client.delete("/api/v1/repositories/maps/members/alice/").status_code == 403
    main.refresh_from_db()
    assert main.head.generation == 0


def test_a_key_sees_no_events_beyond_what_it_may_read(alice, bob, maps):
    of_bob = Event.objects.filter(type="io.oms.accounts.user.created", subject=f"users/{bob.pk}").get()

    def seen(*scopes):
        body = key_client(alice, *scopes).get("/api/v1/events/?limit=500").json()
        return {event["id"] for event in body["results"]}

    assert str(of_bob.uuid) not in seen("history.view_repository")
    assert str(of_bob.uuid) in seen("history.view_repository", "history.view_all_events")
    assert seen() == set()


def test_a_key_without_scopes_sees_no_repository(alice, maps):
    client = key_client(alice)

    assert client.get("/api/v1/repositories/").json()["count"] == 0
    assert client.get("/api/v1/repositories/maps/").status_code == 404


def test_a_key_does_not_learn_how_its_user_signs_in(alice):
    client = key_client(alice, "*")

    for path in ("mfa/", "passkeys/", f"passkeys/{uuid.uuid4()}/", "sessions/", "api-keys/"):
        assert client.get(f"/api/v1/auth/{path}").status_code == 403
    for field in ("factors { required }", "passkeys { id }", "sessions { id }", "apiKeys { id }"):
        body = client.post("/graphql/", {"query": f"{{ {field} }}"}).json()
        assert body["errors"][0]["extensions"]["code"] == "not-for-api-keys"


def test_a_service_makes_no_keys_for_itself(db):
    robot = UserFactory(username="robot", kind=UserKind.SERVICE)

    with pytest.raises(APIKeyDenied):
        api_key_create(actor=robot, user=robot, name="CI", scopes=["*"])


def test_a_key_never_gets_what_its_account_has_not(charlie, maps):
    client = key_client(charlie, "*")

    assert client.get("/api/v1/repositories/maps/").status_code == 404
    assert client.get("/api/v1/users/").status_code == 403


def test_a_key_with_the_scope_commits(alice, maps):
    response = commit(key_client(alice, "history.view_repository", "history.commit"))

    assert response.status_code == 201, response.content


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/api/v1/auth/logout/"),
        ("get", "/api/v1/auth/sessions/"),
        ("post", "/api/v1/auth/sessions/revoke-others/"),
        ("post", "/api/v1/auth/confirm/"),
        ("post", "/api/v1/auth/mfa/totp/"),
        ("delete", "/api/v1/auth/mfa/totp/"),
        ("post", "/api/v1/auth/mfa/recovery-codes/"),
        ("patch", "/api/v1/users/me/"),
        ("post", "/api/v1/users/me/email/verification/"),
        ("get", "/api/v1/users/me/security-log/"),
    ],
)
def test_what_is_for_people_who_have_signed_in(bob, method, path):
    response = getattr(key_client(bob, "*"), method)(path)

    assert (response.status_code, response.json()["type"]) == (403, "urn:oms:problem:not-for-api-keys")


def test_a_key_ends_no_session(bob):
    api_client_for(bob)
    session = Session.objects.get()

    assert key_client(bob, "*").delete(f"/api/v1/auth/sessions/{session.pk}/").status_code == 403
    session.refresh_from_db()
    assert session.revoked_at is None


def test_a_key_brings_no_role_past_protection(alice, maps):
    assert "administrator" in roles_in(alice, maps)
    alice.credential = APIKey(user=alice, scopes=["*"])
    assert roles_in(alice, maps) == frozenset()


def test_answers_are_kept_for_the_key_apart_from_those_of_its_account(alice, maps):
    new, once = {"name": "other"}, {"Idempotency-Key": "once"}
    assert api_client_for(alice).post("/api/v1/repositories/", new, headers=once).status_code == 201

    limited = key_client(alice, "history.view_repository").post("/api/v1/repositories/", new, headers=once)
    assert limited.status_code == 403

    client = key_client(alice, "history.*")
    first = client.post("/api/v1/repositories/", {"name": "third"}, headers=once)
    again = client.post("/api/v1/repositories/", {"name": "third"}, headers=once)
    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (201, 201, "true")


@pytest.mark.parametrize("change", ["", "x"])
def test_a_secret_that_is_not_right_is_401(bob, change):
    _, secret = made(bob, "*")

    response = client_with(api_keys.make() if not change else secret + change).get("/api/v1/users/me/")

    assert response.status_code == 401
    assert response.json()["type"] == "urn:oms:problem:token-invalid"


def test_an_expired_key_is_401(bob):
    key, secret = made(bob, "*", expires_at=timezone.now() + timedelta(hours=1))

    with time_machine.travel(key.expires_at, tick=False):
        response = client_with(secret).get("/api/v1/users/me/")

    assert (response.status_code, response.json()["type"]) == (401, "urn:oms:problem:token-expired")


def test_disabling_the_account_stops_its_keys_at_once(alice, bob):
    client = key_client(bob, "*")
    assert client.get("/api/v1/users/me/").status_code == 200

    user_update(actor=alice, user=bob, is_active=False)

    assert client.get("/api/v1/users/me/").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_after_a_key_was_revoked_no_request_with_it_is_let_in():
    bob = UserFactory(username="bob")
    key, secret = made(bob, "*")
    revoked = []

    def use(number):
        if number == 0:
            api_key_revoke(actor=bob, key=key)
            revoked.append(True)
            return []
        answers = []
        for _ in range(6):
            began_after = bool(revoked)
            status = client_with(secret).get("/api/v1/users/me/").status_code
            answers.append((began_after, status))
        return answers

    answers = [answer for each in at_once(4, use) for answer in each]

    assert {status for _, status in answers} <= {200, 401}
    assert all(status == 401 for began_after, status in answers if began_after)
    assert client_with(secret).get("/api/v1/users/me/").status_code == 401
    assert Event.objects.filter(type="io.oms.accounts.api_key.revoked").count() == 1


# --- Rotating and revoking -------------------------------------------------------------------------


def test_both_keys_work_in_the_overlap_and_after_it_one(bob):
    old, before = made(bob, "history.*")
    response = api_client_for(bob).post(f"{URL}{old.pk}/rotate/", {"overlap": 3600})
    assert response.status_code == 201, response.content
    body = response.json()
    after = body["secret"]

    assert (body["replaces"], body["scopes"], body["name"]) == (str(old.pk), ["history.*"], "CI")
    assert [client_with(secret).get("/api/v1/users/me/").status_code for secret in (before, after)] == [200, 200]
    with time_machine.travel(timezone.now() + timedelta(seconds=3601)):
        assert [client_with(secret).get("/api/v1/users/me/").status_code for secret in (before, after)] == [401, 200]
    assert Event.objects.filter(type="io.oms.accounts.api_key.rotated").count() == 1


def test_a_rotated_key_never_lives_longer_than_it_would_have(bob):
    soon = timezone.now() + timedelta(hours=2)
    old, _ = made(bob, expires_at=soon)

    new, _ = api_key_rotate(actor=bob, key=old)

    old.refresh_from_db()
    assert old.expires_at == soon
    assert abs((new.expires_at - new.created_at) - (old.expires_at - old.created_at)) < timedelta(seconds=1)


def test_a_key_is_rotated_once(bob):
    old, _ = made(bob)
    client = api_client_for(bob)
    client.post(f"{URL}{old.pk}/rotate/")

    response = client.post(f"{URL}{old.pk}/rotate/")

    assert (response.status_code, response.json()["type"]) == (409, "urn:oms:problem:api-key-replaced")


@pytest.mark.parametrize("overlap", [-1, 31 * 86400, 10**12])
def test_an_overlap_has_bounds(bob, overlap):
    old, _ = made(bob)

    response = api_client_for(bob).post(f"{URL}{old.pk}/rotate/", {"overlap": overlap})

    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "/overlap"


def test_what_has_ended_is_not_rotated(bob):
    key, _ = made(bob)
    api_key_revoke(actor=bob, key=key)

    assert api_client_for(bob).post(f"{URL}{key.pk}/rotate/").status_code == 404


def test_an_administrator_revokes_anybodys_and_a_strangers_is_not_there(alice, bob, charlie):
    key, secret = made(bob, "*")

    assert api_client_for(charlie).delete(f"{URL}{key.pk}/").status_code == 404
    assert client_with(secret).get("/api/v1/users/me/").status_code == 200
    assert api_client_for(alice).delete(f"{URL}{key.pk}/").status_code == 204
    assert client_with(secret).get("/api/v1/users/me/").status_code == 401
    assert Event.objects.get(type="io.oms.accounts.api_key.revoked").actor == alice.pk


# --- Lists -----------------------------------------------------------------------------------------


def test_lists_ones_own_and_for_administrators_anybodys(alice, bob, charlie):
    made(bob)
    made(alice)

    (own,) = api_client_for(bob).get(URL).json()["results"]
    assert set(own) == FIELDS
    assert own["user"] == "bob"
    assert [key["user"] for key in api_client_for(alice).get(f"{URL}?user=bob").json()["results"]] == ["bob"]
    assert api_client_for(charlie).get(f"{URL}?user=bob").status_code == 403


def test_the_number_of_queries_does_not_grow(bob):
    client = api_client_for(bob)

    def queries():
        with CaptureQueriesContext(connection) as context:
            client.get(URL)
        return len(context)

    made(bob)
    before = queries()
    for _ in range(5):
        made(bob)
    assert queries() == before == 3  # key and session with user, count, rows


def graphql(client, query, **variables):
    return client.post("/graphql/", {"query": query, "variables": variables}).json()


def test_graphql_makes_lists_rotates_and_revokes(bob):
    client = api_client_for(bob)
    create = 'mutation { apiKeyCreate(name: "CI", scopes: ["history.*"]) { secret key { id prefix user scopes } } }'
    key = graphql(client, create)["data"]["apiKeyCreate"]
    assert key["secret"].startswith(key["key"]["prefix"])
    assert (key["key"]["user"], key["key"]["scopes"]) == ("bob", ["history.*"])
    rotate = "mutation Go($id: UUID!) { apiKeyRotate(id: $id, overlap: 0) { secret key { replaces } } }"
    rotated = graphql(client, rotate, id=key["key"]["id"])["data"]["apiKeyRotate"]
    assert rotated["key"]["replaces"] == key["key"]["id"]
    assert client_with(key["secret"]).get("/api/v1/users/me/").status_code == 401
    listed = graphql(client, "{ apiKeys { id revokedAt } }")["data"]["apiKeys"]
    assert len(listed) == 2
    graphql(client, "mutation Go($id: UUID!) { apiKeyRevoke(id: $id) }", id=listed[0]["id"])
    assert client_with(rotated["secret"]).get("/api/v1/users/me/").status_code == 401


def test_graphql_asks_for_a_fresh_sign_in_and_refuses_keys(bob):
    client = api_client_for(bob)
    stale(bob)
    create = 'mutation { apiKeyCreate(name: "CI", scopes: []) { secret } }'

    codes = [graphql(each, create)["errors"][0]["extensions"]["code"] for each in (client, key_client(bob, "*"))]

    assert codes == ["fresh-authentication-required", "not-for-api-keys"]
    (error,) = graphql(key_client(bob, "*"), "{ sessions { id } }")["errors"]
    assert error["extensions"]["code"] == "not-for-api-keys"


def test_graphql_keeps_no_secret_for_an_idempotency_key(bob):
    query = {"query": 'mutation { apiKeyCreate(name: "CI", scopes: []) { secret } }'}

    body = api_client_for(bob).post("/graphql/", query, headers={"Idempotency-Key": "once"}).json()

    assert body["errors"][0]["extensions"]["code"] == "malformed"
    assert not APIKey.objects.exists()


def test_no_cache_stores_a_secret_that_graphql_answers(bob):
    response = api_client_for(bob).post(
        "/graphql/", {"query": 'mutation { apiKeyCreate(name: "CI", scopes: []) { secret } }'}
    )

    assert response.json()["data"]["apiKeyCreate"]["secret"]
    assert response["Cache-Control"] == "no-store"


# --- Service accounts ------------------------------------------------------------------------------


def test_a_service_has_no_second_factor(robot):
    with pytest.raises(NotForServices):
        totp_enrol(actor=robot)


def test_a_service_acts_by_its_key(alice, robot, maps):
    membership_set(actor=alice, repository=maps, user=robot, role=Role.SERVICE)
    _, secret = api_key_create(actor=alice, user=robot, name="Import", scopes=["history.*"])

    assert commit(client_with(secret)).status_code == 201
    assert Repository.objects.visible_to(robot).count() == 1


# --- The console -----------------------------------------------------------------------------------

PAGE = "/console/account/api-keys/"
NEW = f"{PAGE}new/"


def test_the_console_makes_a_key_and_shows_it_once(bob):
    browser = console_client_for(bob)

    made = browser.post(NEW, {"name": "CI", "days": "30", "scopes": ["history.commit", "merging.*"]})

    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert client_with(secret).get("/api/v1/users/me/").status_code == 200
    key = APIKey.objects.get()
    assert key.scopes == ["history.commit", "merging.*"]
    page = browser.get(PAGE).content.decode()
    assert key.prefix in page
    assert secret not in page


def test_the_console_asks_who_one_is_before_it_makes_a_key(bob):
    browser = console_client_for(bob)
    stale(bob)

    response = browser.post(NEW, {"name": "CI", "days": "30"})

    assert (response.status_code, "/console/account/confirm/" in response["Location"]) == (302, True)
    assert not APIKey.objects.exists()


def test_the_console_replaces_and_ends_keys(bob, charlie):
    browser, (old, _) = console_client_for(bob), made(bob, "history.*")

    rotated = browser.post(f"{PAGE}{old.pk}/rotate/")
    assert client_with(rotated.context["secret"]).get("/api/v1/users/me/").status_code == 200
    assert browser.post(f"{PAGE}{old.pk}/rotate/", follow=True).redirect_chain == [(PAGE, 302)]
    browser.post(f"{PAGE}{old.pk}/revoke/")
    old.refresh_from_db()
    assert old.revoked_at is not None
    assert console_client_for(charlie).post(f"{PAGE}{rotated.context['key'].pk}/revoke/").status_code == 404


def test_the_console_says_beside_the_field_what_is_wrong(bob):
    response = console_client_for(bob).post(NEW, {"name": "", "days": "30", "scopes": ["x"]})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"name", "scopes"}


def test_administrators_see_the_keys_of_services_and_end_them(alice, bob, robot):
    key, secret = api_key_create(actor=alice, user=robot, name="Import", scopes=["*"])
    path, browser = "/console/accounts/apikey/", console_client_for(alice)

    page = browser.get(path, {"user__kind": "service"}).content.decode()
    assert "Import" in page
    assert key.digest not in browser.get(f"{path}{key.pk}/change/").content.decode()
    assert console_client_for(bob).get(path).status_code == 403
    browser.post(path, {"action": "revoke", "_selected_action": [key.pk]})
    assert client_with(secret).get("/api/v1/users/me/").status_code == 401


def test_graphql_takes_a_time_without_a_zone_as_rest_does(bob):
    query = 'mutation M($at: DateTime) { apiKeyCreate(name: "CI", scopes: [], expiresAt: $at) { key { expiresAt } } }'
    at = (timezone.now() + timedelta(days=3)).replace(tzinfo=None).isoformat()

    response = api_client_for(bob).post("/graphql/", {"query": query, "variables": {"at": at}})

    assert response.json()["data"]["apiKeyCreate"]["key"]["expiresAt"] == f"{at}+00:00"
