"""Passkeys over REST and GraphQL: made, signed in by alone and as second factor, confirmed by, removed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import Passkey, RecoveryCode, RoleSettings, Session, User, WebAuthnCeremony
from accounts.services import totp_confirm, totp_enrol
from accounts.services.ceremonies import assertion_read, registration_checked, registration_read
from gateway.exceptions import AuthenticationStale
from gateway.models import IdempotencyRecord
from history.models import Event, Role
from tests.accounts.authenticator import Authenticator
from tests.accounts.test_factors import code_of
from tests.factories import PASSWORD, UserFactory, api_client_for, console_client_for
from tests.threads import at_once

AUTH = "/api/v1/auth/"
REGISTER, ALONE, SECOND, CONFIRM = (
    f"{AUTH}{name}/" for name in ("webauthn/register", "webauthn/login", "mfa/webauthn", "confirm/webauthn")
)
PASSKEYS, ME = f"{AUTH}passkeys/", "/api/v1/users/me/"


@pytest.fixture
def kim(db):
    return UserFactory(username="kim", display_name="Kim", role=Role.DEVELOPER, password=PASSWORD)


@pytest.fixture
def phone():
    return Authenticator()


def begun(client, ceremony, **body):
    response = client.post(f"{ceremony}begin/", body)
    assert response.status_code == 200, response.content
    assert response["Cache-Control"] == "no-store"
    return response.json()


def register(client, authenticator, name="Phone", **body):
    """The answer to a new passkey, from beginning to end."""
    asked = begun(client, REGISTER, **body)
    credential = authenticator.register(asked["options"])
    return client.post(f"{REGISTER}finish/", {"ceremony": asked["id"], "credential": credential, "name": name, **body})


def registered(user, authenticator):
    response = register(api_client_for(user), authenticator)
    assert response.status_code == 200, response.content
    return Passkey.objects.get(user=user, credential_id=authenticator.credential_id)


def sign_in(client, authenticator, **changed):
    asked = begun(client, ALONE)
    credential = authenticator.sign(asked["options"], **changed)
    return client.post(f"{ALONE}finish/", {"ceremony": asked["id"], "credential": credential})


def first_step(client):
    """What a right password gives of an account that has a factor, or must have one."""
    kim = User.objects.get(username="kim")
    kim.set_password(PASSWORD)
    kim.save()
    return client.post(f"{AUTH}login/", {"username": "kim", "password": PASSWORD}).json()


def problem_of(response):
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["type"].removeprefix("urn:oms:problem:")


# --- Registering ------------------------------------------------------------------------------------


def test_options_ask_for_a_discoverable_passkey_that_verifies_its_user(kim, phone):
    client = api_client_for(kim)
    register(client, phone)

    options = begun(client, REGISTER)["options"]

    assert options["rp"] == {"id": "localhost", "name": "OMS"}
    assert (options["user"]["name"], options["user"]["displayName"]) == ("kim", "Kim")
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["attestation"] == "none"
    assert [each["transports"] for each in options["excludeCredentials"]] == [["internal"]]
    assert len(options["challenge"]) == 86  # 64 bytes
    assert phone.user_handle == kim.pk.bytes


def test_the_first_passkey_gives_recovery_codes_and_ends_other_sessions(kim, phone):
    other = api_client_for(kim)
    client = api_client_for(kim)

    response = register(client, phone, name="  My phone ")

    body = response.json()
    assert len(body["recovery_codes"]) == RecoveryCode.objects.filter(user=kim).count() == 10
    assert (body["passkey"]["name"], body["passkey"]["last_used_at"]) == ("My phone", None)
    assert response["Cache-Control"] == "no-store"
    assert client.get(ME).status_code == 200
    assert other.get(ME).status_code == 401
    event = Event.objects.get(type="io.oms.accounts.factor.added", actor=kim.pk)
    assert b"phone" not in bytes(event.body)


def test_a_further_passkey_leaves_the_recovery_codes(kim, phone):
    client = api_client_for(kim)
    register(client, phone)

    assert register(client, Authenticator()).json()["recovery_codes"] == []
    assert RecoveryCode.objects.filter(user=kim).count() == 10


def test_an_application_beside_a_passkey_leaves_them_too(kim, phone):
    registered(kim, phone)
    before = set(RecoveryCode.objects.values_list("digest", flat=True))

    codes = totp_confirm(actor=kim, code=code_of(totp_enrol(actor=kim).secret))

    assert codes == []
    assert set(RecoveryCode.objects.values_list("digest", flat=True)) == before


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:8001"},
        {"rp_id": "evil.example"},
        {"challenge": b"another"},
        {"verifies_user": False},
        {"credential_id": bytes(1024)},
    ],
    ids=lambda bent: next(iter(bent)),
)
def test_what_does_not_hold_is_not_registered(kim, bent):
    response = register(api_client_for(kim), Authenticator(**bent))

    assert problem_of(response) == (422, "passkey-invalid")
    assert [(error["field"], error["rule"]) for error in response.json()["errors"]] == [("/credential", "NOT_VERIFIED")]
    assert not Passkey.objects.exists()


@pytest.mark.parametrize(
    ("name", "problem"),
    [(" \t", (400, "malformed")), ("a\u200bb", (422, "passkey-invalid")), ("a\nb", (422, "passkey-invalid"))],
)
def test_a_name_can_be_seen(kim, phone, name, problem):
    response = register(api_client_for(kim), phone, name=name)

    assert problem_of(response) == problem
    assert response.json()["errors"][0]["field"] == "/name"


def test_a_passkey_is_registered_once_for_all(kim, charlie, phone):
    registered(kim, phone)

    response = register(api_client_for(charlie), phone)

    assert response.json()["errors"][0]["rule"] == "EXISTS"
    assert not Passkey.objects.filter(user=charlie).exists()


def test_there_are_so_many_at_most(kim, phone, settings):
    settings.PASSKEYS = 1
    client = api_client_for(kim)
    register(client, phone)

    assert problem_of(client.post(f"{REGISTER}begin/")) == (409, "passkey-limit-reached")


def test_registering_asks_for_a_fresh_sign_in(kim, phone):
    client = api_client_for(kim)
    asked = begun(client, REGISTER)
    Session.objects.update(auth_time=timezone.now() - timedelta(minutes=11))
    answer = {"ceremony": asked["id"], "credential": phone.register(asked["options"]), "name": "Phone"}

    for response in (client.post(f"{REGISTER}begin/"), client.post(f"{REGISTER}finish/", answer)):
        assert problem_of(response) == (401, AuthenticationStale.code)


def test_nobody_registers_without_signing_in(anonymous, db):
    assert problem_of(anonymous.post(f"{REGISTER}begin/")) == (401, "unauthenticated")


def test_a_sign_in_that_needs_a_factor_can_make_a_passkey(anonymous, kim, phone):
    RoleSettings.objects.filter(role=Role.DEVELOPER).update(factor_required=True)
    pending = first_step(anonymous)
    assert "webauthn" in pending["enrol"]

    response = register(anonymous, phone, mfa_token=pending["mfa_token"])

    assert response.status_code == 200, response.content
    assert len(response.json()["recovery_codes"]) == 10
    assert response.json()["access"]
    assert Session.objects.get().amr == ["pwd", "hwk", "mfa"]


def test_a_sign_in_that_needs_none_makes_none(anonymous, kim, phone):
    registered(kim, phone)
    pending = first_step(anonymous)

    response = anonymous.post(f"{REGISTER}begin/", {"mfa_token": pending["mfa_token"]})

    assert problem_of(response) == (401, "login-challenge-invalid")


# --- Signing in by the passkey alone ------------------------------------------------------------------


def test_signs_in_alone_with_both_factors(anonymous, kim, phone):
    passkey = registered(kim, phone)

    response = sign_in(anonymous, phone)

    assert response.status_code == 200, response.content
    session = Session.objects.get(pk=response.json()["session_id"])
    assert (session.user, session.amr) == (kim, ["hwk", "mfa"])
    passkey.refresh_from_db()
    assert passkey.sign_count == 1
    assert passkey.last_used_at is not None


def test_the_options_name_nobody(anonymous, kim, phone):
    registered(kim, phone)

    options = begun(anonymous, ALONE)["options"]

    assert options.get("allowCredentials", []) == []
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "http://evil.example"},
        {"rp_id": "evil.example"},
        {"challenge": b"another"},
        {"verifies_user": False},
    ],
    ids=lambda bent: next(iter(bent)),
)
def test_what_does_not_hold_signs_nobody_in(anonymous, kim, phone, bent):
    registered(kim, phone)
    for name, value in bent.items():
        setattr(phone, name, value)

    response = sign_in(anonymous, phone)

    assert problem_of(response) == (401, "passkey-refused")
    assert Event.objects.filter(type="io.oms.accounts.passkey.refused").count() == 1
    assert Session.objects.count() == 1


def test_another_key_signs_nobody_in(anonymous, kim, phone):
    registered(kim, phone)
    thief = Authenticator(credential_id=phone.credential_id, user_handle=phone.user_handle)

    assert problem_of(sign_in(anonymous, thief)) == (401, "passkey-refused")
    assert sign_in(anonymous, phone).status_code == 200


@pytest.mark.parametrize("handle", [None, b"", b"0" * 16])
def test_the_authenticator_must_say_whose_it_is(anonymous, kim, phone, handle):
    registered(kim, phone)

    assert problem_of(sign_in(anonymous, phone, userHandle=handle)) == (401, "passkey-refused")


def test_an_unknown_passkey_is_refused_alike(anonymous, kim):
    assert problem_of(sign_in(anonymous, Authenticator(user_handle=kim.pk.bytes))) == (401, "passkey-refused")


def test_an_inactive_account_stays_out(anonymous, kim, phone):
    registered(kim, phone)
    User.objects.filter(pk=kim.pk).update(is_active=False)

    assert problem_of(sign_in(anonymous, phone)) == (401, "passkey-refused")


def test_wrong_signatures_lock_nothing(anonymous, kim, phone):
    registered(kim, phone)
    phone.origin = "http://evil.example"
    for _ in range(7):
        sign_in(anonymous, phone)
    phone.origin = "http://localhost:8000"

    assert sign_in(anonymous, phone).status_code == 200


def test_a_counter_that_goes_back_is_refused_and_told(anonymous, kim, phone):
    passkey = registered(kim, phone)
    phone.counter = 41
    assert sign_in(anonymous, phone).status_code == 200
    phone.counter = 41

    assert problem_of(sign_in(anonymous, phone)) == (401, "passkey-refused")

    passkey.refresh_from_db()
    assert passkey.sign_count == 42
    event = Event.objects.get(type="io.oms.accounts.passkey.refused")
    assert b"counter" in bytes(event.body)


def test_a_forged_counter_is_no_sign_of_a_clone(anonymous, kim, phone):
    registered(kim, phone)
    assert sign_in(anonymous, phone).status_code == 200
    thief = Authenticator(credential_id=phone.credential_id, user_handle=phone.user_handle)

    sign_in(anonymous, thief)

    assert b"counter" not in bytes(Event.objects.get(type="io.oms.accounts.passkey.refused").body)


def test_a_passkey_that_never_counts_serves_and_may_be_backed_up_later(anonymous, kim):
    laptop = Authenticator(step=0)
    passkey = registered(kim, laptop)
    laptop.is_backed_up = True

    assert [sign_in(anonymous, laptop).status_code for _ in range(2)] == [200, 200]
    passkey.refresh_from_db()
    assert passkey.is_backed_up


# --- As the second factor -------------------------------------------------------------------------------


def test_is_the_second_factor_after_the_password(anonymous, kim, phone):
    registered(kim, phone)
    pending = first_step(anonymous)
    assert (pending["mfa_required"], "webauthn" in pending["methods"]) == (True, True)

    asked = begun(anonymous, SECOND, mfa_token=pending["mfa_token"])
    response = anonymous.post(
        f"{SECOND}finish/",
        {
            "mfa_token": pending["mfa_token"],
            "ceremony": asked["id"],
            "credential": phone.sign(asked["options"]),
            "trust_device": True,
        },
    )

    assert response.status_code == 200, response.content
    session = Session.objects.get(pk=response.json()["session_id"])
    assert session.amr == ["pwd", "hwk", "mfa"]
    assert session.device.trusted_by == session
    assert len(asked["options"]["allowCredentials"]) == 1


def test_somebody_elses_passkey_is_no_second_factor(anonymous, kim, charlie, phone):
    registered(kim, phone)
    other = Authenticator()
    registered(charlie, other)
    token = first_step(anonymous)["mfa_token"]
    asked = begun(anonymous, SECOND, mfa_token=token)

    response = anonymous.post(
        f"{SECOND}finish/",
        {"mfa_token": token, "ceremony": asked["id"], "credential": other.sign(asked["options"])},
    )

    assert problem_of(response) == (401, "passkey-refused")


def test_who_has_no_passkey_is_not_asked_for_one(anonymous, kim):
    RoleSettings.objects.filter(role=Role.DEVELOPER).update(factor_required=True)
    token = first_step(anonymous)["mfa_token"]

    assert problem_of(anonymous.post(f"{SECOND}begin/", {"mfa_token": token})) == (401, "login-challenge-invalid")


# --- Confirming --------------------------------------------------------------------------------------------


def test_confirms_who_one_is(kim, phone):
    registered(kim, phone)
    client = api_client_for(kim)
    Session.objects.update(auth_time=timezone.now() - timedelta(hours=1))
    asked = begun(client, CONFIRM)

    response = client.post(f"{CONFIRM}finish/", {"ceremony": asked["id"], "credential": phone.sign(asked["options"])})

    assert response.status_code == 200, response.content
    session = Session.objects.get(pk=response.json()["session_id"])
    assert session.amr == ["pwd", "hwk", "mfa"]
    assert client.delete(f"{PASSKEYS}{Passkey.objects.get().pk}/").status_code == 204


def test_who_has_no_passkey_confirms_otherwise(bob):
    assert problem_of(api_client_for(bob).post(f"{CONFIRM}begin/")) == (404, "factor-not-found")


# --- Ceremonies ---------------------------------------------------------------------------------------------


def test_a_ceremony_serves_once(anonymous, kim, phone):
    registered(kim, phone)
    asked = begun(anonymous, ALONE)
    answer = {"ceremony": asked["id"], "credential": phone.sign(asked["options"])}

    assert anonymous.post(f"{ALONE}finish/", answer).status_code == 200
    assert problem_of(anonymous.post(f"{ALONE}finish/", answer)) == (401, "passkey-refused")


def test_a_ceremony_that_failed_is_used_up(anonymous, kim, phone):
    registered(kim, phone)
    asked = begun(anonymous, ALONE)
    wrong = Authenticator(credential_id=phone.credential_id, user_handle=phone.user_handle)

    for authenticator in (wrong, phone):
        answer = {"ceremony": asked["id"], "credential": authenticator.sign(asked["options"])}
        assert anonymous.post(f"{ALONE}finish/", answer).status_code == 401


def test_a_ceremony_ends_after_five_minutes(anonymous, kim, phone):
    registered(kim, phone)
    asked = begun(anonymous, ALONE)
    answer = {"ceremony": asked["id"], "credential": phone.sign(asked["options"])}

    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert problem_of(anonymous.post(f"{ALONE}finish/", answer)) == (401, "passkey-refused")


def test_a_registration_ends_after_five_minutes(kim, phone):
    client = api_client_for(kim)
    asked = begun(client, REGISTER)
    WebAuthnCeremony.objects.update(expires_at=timezone.now())
    answer = {"ceremony": asked["id"], "credential": phone.register(asked["options"]), "name": "Phone"}

    response = client.post(f"{REGISTER}finish/", answer)

    assert [(error["field"], error["rule"]) for error in response.json()["errors"]] == [("/ceremony", "EXPIRED")]


def test_a_ceremony_is_of_its_purpose_and_a_stranger_cannot_use_it_up(anonymous, kim, phone):
    registered(kim, phone)
    client = api_client_for(kim)
    asked = begun(client, CONFIRM)
    answer = {"ceremony": asked["id"], "credential": phone.sign(asked["options"])}

    assert problem_of(anonymous.post(f"{ALONE}finish/", answer)) == (401, "passkey-refused")
    assert client.post(f"{CONFIRM}finish/", answer).status_code == 200


def test_a_ceremony_is_of_its_session(kim, phone):
    registered(kim, phone)
    asked = begun(api_client_for(kim), CONFIRM)
    answer = {"ceremony": asked["id"], "credential": phone.sign(asked["options"])}

    response = api_client_for(kim).post(f"{CONFIRM}finish/", answer)

    assert problem_of(response) == (401, "passkey-refused")


def test_a_ceremony_is_of_its_user(kim, charlie, phone):
    asked = begun(api_client_for(charlie), REGISTER)
    answer = {"ceremony": asked["id"], "credential": phone.register(asked["options"]), "name": "Phone"}

    response = api_client_for(kim).post(f"{REGISTER}finish/", answer)

    assert response.json()["errors"][0]["rule"] == "EXPIRED"
    assert not Passkey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_parallel_answers_to_one_ceremony_one_signs_in(kim, phone):
    registered(kim, phone)
    asked = begun(APIClient(), ALONE)
    answer = {"ceremony": asked["id"], "credential": phone.sign(asked["options"])}

    answers = at_once(8, lambda _: APIClient().post(f"{ALONE}finish/", answer).status_code)

    assert sorted(answers) == [200, *[401] * 7]


@pytest.mark.django_db(transaction=True)
def test_of_parallel_answers_to_one_registration_one_registers(kim, phone):
    client = api_client_for(kim)
    asked = begun(client, REGISTER)
    answer = {"ceremony": asked["id"], "credential": phone.register(asked["options"]), "name": "Phone"}
    headers = client._credentials

    answers = at_once(8, lambda _: APIClient().post(f"{REGISTER}finish/", answer, **headers).status_code)

    assert sorted(answers) == [200, *[422] * 7]
    assert Passkey.objects.count() == 1


json_values: st.SearchStrategy = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
MEMBERS = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle", "transports")
texts = st.binary(max_size=80).map(lambda data: data.hex()) | st.text(max_size=80)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries(
        {"id": texts, "rawId": texts, "type": st.just("public-key") | texts},
        optional={"response": st.dictionaries(st.sampled_from(MEMBERS), texts | json_values) | json_values},
    )
)
def test_whatever_is_sent_is_read_or_is_no_answer(credential):
    """Nothing that a client sends makes the library raise what is not foreseen."""
    assertion_read(credential)
    if given_back := registration_read(credential):
        registration_checked(given_back, b"challenge")


# --- The list, renaming, removing ------------------------------------------------------------------------------


def test_lists_ones_own(kim, charlie, phone):
    passkey = registered(kim, phone)
    registered(charlie, Authenticator())

    body = api_client_for(kim).get(PASSKEYS).json()

    assert [item["id"] for item in body["results"]] == [str(passkey.pk)]
    assert set(body["results"][0]) == {"id", "name", "is_backed_up", "created_at", "last_used_at"}


def test_the_list_asks_no_more_for_more(kim, phone, django_assert_num_queries):
    registered(kim, phone)
    client = api_client_for(kim)
    with django_assert_num_queries(3) as first:
        client.get(PASSKEYS)
    more = [Passkey(user=kim, name="x", credential_id=bytes([n]), public_key=b"x") for n in range(5)]
    Passkey.objects.bulk_create(more)

    with django_assert_num_queries(len(first)):
        assert client.get(PASSKEYS).json()["count"] == 6


def test_renames(kim, phone):
    passkey = registered(kim, phone)
    client = api_client_for(kim)

    response = client.patch(f"{PASSKEYS}{passkey.pk}/", {"name": "Old phone"})

    assert (response.status_code, response.json()["name"]) == (200, "Old phone")
    assert client.get(f"{PASSKEYS}{passkey.pk}/").json()["name"] == "Old phone"
    assert Event.objects.filter(type="io.oms.accounts.passkey.renamed").count() == 1


@pytest.mark.parametrize("act", ["get", "patch", "delete"])
def test_strangers_see_nothing_of_it(charlie, kim, phone, act):
    passkey = registered(kim, phone)
    body = {"name": "Mine"} if act == "patch" else None

    response = getattr(api_client_for(charlie), act)(f"{PASSKEYS}{passkey.pk}/", body)

    assert problem_of(response) == (404, "factor-not-found")
    assert Passkey.objects.get() == passkey


def test_a_removed_passkey_signs_nobody_in(anonymous, kim, phone):
    passkey = registered(kim, phone)
    client, other = api_client_for(kim), api_client_for(kim)

    assert client.delete(f"{PASSKEYS}{passkey.pk}/").status_code == 204

    assert problem_of(sign_in(anonymous, phone)) == (401, "passkey-refused")
    assert other.get(ME).status_code == 401
    assert Event.objects.filter(type="io.oms.accounts.factor.removed").count() == 1


def test_removing_asks_for_a_fresh_sign_in(kim, phone):
    passkey = registered(kim, phone)
    client = api_client_for(kim)
    Session.objects.update(auth_time=timezone.now() - timedelta(minutes=11))

    assert problem_of(client.delete(f"{PASSKEYS}{passkey.pk}/")) == (401, AuthenticationStale.code)


def test_the_last_factor_stays_where_the_role_asks_for_one(kim, phone):
    first, second = registered(kim, phone), registered(kim, Authenticator())
    RoleSettings.objects.filter(role=Role.DEVELOPER).update(factor_required=True)
    client = api_client_for(kim)

    assert client.delete(f"{PASSKEYS}{first.pk}/").status_code == 204
    assert problem_of(client.delete(f"{PASSKEYS}{second.pk}/")) == (409, "factor-required")


def asked_graphql(client: APIClient, query: str, **variables: str) -> dict:
    return client.post("/graphql/", {"query": query, "variables": variables}).json()


def test_graphql_lists_renames_and_removes(kim, charlie, phone):
    passkey = registered(kim, phone)
    registered(charlie, Authenticator())
    client = api_client_for(kim)
    rename = 'mutation R($id: UUID!) { passkeyRename(id: $id, name: "Old") { name } }'
    remove = "mutation R($id: UUID!) { passkeyRemove(id: $id) }"

    assert asked_graphql(client, "{ passkeys { name isBackedUp } }")["data"] == {
        "passkeys": [{"name": "Phone", "isBackedUp": False}]
    }
    assert asked_graphql(client, rename, id=str(passkey.pk))["data"] == {"passkeyRename": {"name": "Old"}}
    (error,) = asked_graphql(api_client_for(charlie), remove, id=str(passkey.pk))["errors"]
    assert error["extensions"]["code"] == "factor-not-found"
    assert asked_graphql(client, remove, id=str(passkey.pk))["data"] == {"passkeyRemove": str(passkey.pk)}


def test_graphql_asks_no_more_for_more(kim: User, phone: Authenticator, django_assert_num_queries: Callable) -> None:
    registered(kim, phone)
    client = api_client_for(kim)
    with django_assert_num_queries(2) as first:
        asked_graphql(client, "{ passkeys { name } }")
    Passkey.objects.bulk_create(
        Passkey(user=kim, name="x", credential_id=bytes([n]), public_key=b"x") for n in range(5)
    )

    with django_assert_num_queries(len(first)):
        assert len(asked_graphql(client, "{ passkeys { name } }")["data"]["passkeys"]) == 6


def test_an_idempotency_key_does_not_have_the_access_token_kept(kim, phone):
    registered(kim, phone)
    client = api_client_for(kim)
    asked = begun(client, CONFIRM)
    answer = {"ceremony": asked["id"], "credential": phone.sign(asked["options"])}

    response = client.post(f"{CONFIRM}finish/", answer, headers={"Idempotency-Key": "once"})

    assert (response.status_code, "access" in response.json()) == (200, True)
    assert not IdempotencyRecord.objects.exists()


def test_the_last_way_in_is_not_removed(charlie, phone):
    passkey = registered(charlie, phone)
    client, browser = api_client_for(charlie), console_client_for(charlie)

    response = client.delete(f"{PASSKEYS}{passkey.pk}/")
    page = browser.post(f"/console/account/passkeys/{passkey.pk}/remove/", follow=True)

    assert problem_of(response) == (409, "last-way-in")
    assert "could not sign in any more" in page.content.decode()
    assert Passkey.objects.exists()
