"""Which bearer tokens are let in, asked at ``GET /api/v1/users/me/``."""

import base64
import hmac
import json
import uuid
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Session, SessionKind, SigningKey, User
from accounts.services.keys import signing_key_current
from tests.factories import signed_in, tokens_for

ME = "/api/v1/users/me/"


@pytest.fixture
def tokens(bob):
    return tokens_for(bob)


def asked(token, scheme="Bearer"):
    return APIClient().get(ME, headers={"Authorization": f"{scheme} {token}"})


def forged(tokens, *, header=None, key=None, algorithm="EdDSA", **claims):
    """The token once more, with other claims or another header, signed by ``key`` (default: our own)."""
    kid, own_key = signing_key_current()
    payload = jwt.decode(tokens.access, options={"verify_signature": False}) | claims
    payload = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(payload, key or own_key, algorithm, headers={"kid": kid, "typ": "at+jwt"} | (header or {}))


def encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def assert_refused(response, code="token-invalid"):
    assert response.status_code == 401, response.content
    assert response.json()["type"] == f"urn:oms:problem:{code}"
    assert response["WWW-Authenticate"] == 'Bearer realm="oms", error="invalid_token"'


def test_the_forger_of_these_tests_can_write_a_good_one(tokens):
    assert asked(forged(tokens)).status_code == 200


def test_the_scheme_is_not_case_sensitive(tokens):
    assert asked(tokens.access, scheme="bearer").status_code == 200


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b.c", "비밀", "e30.e30.", "." * 3000, base64.urlsafe_b64encode(b"[" * 4500).decode() + ".e30.e30"],
)
def test_garbage(db, token):
    assert_refused(asked(token))


def test_alg_none(tokens):
    header, payload, _ = tokens.access.split(".")
    stated = json.loads(base64.urlsafe_b64decode(header + "==")) | {"alg": "none"}

    assert_refused(asked(f"{encoded(json.dumps(stated).encode())}.{payload}."))


@pytest.mark.parametrize("encoding", ["raw", "pem"])
def test_hs256_signed_with_the_public_key(tokens, encoding):
    public = signing_key_current()[1].public_key()
    as_pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    secret = public.public_bytes_raw() if encoding == "raw" else as_pem
    header = encoded(json.dumps({"alg": "HS256", "typ": "at+jwt", "kid": signing_key_current()[0]}).encode())
    payload = tokens.access.split(".")[1]
    signature = hmac.digest(secret, f"{header}.{payload}".encode(), "sha256")

    assert_refused(asked(f"{header}.{payload}.{encoded(signature)}"))


def test_signed_by_a_stranger(tokens):
    assert_refused(asked(forged(tokens, key=Ed25519PrivateKey.generate())))


@pytest.mark.parametrize("kid", ["unknown", "", "' OR 1=1 --", "../../dev/null", "x\x00y", "\ud800", "A" * 43])
def test_a_forged_kid(tokens, kid):
    assert_refused(asked(forged(tokens, header={"kid": kid})))


def test_another_type_of_token(tokens):
    assert_refused(asked(forged(tokens, header={"typ": "JWT"})))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "oms/elsewhere"},
        {"aud": "another"},
        {"aud": ["oms", "another"]},
        {"sub": "bob"},
        {"sid": "1"},
        {"sid": None},
        {"sub": None},
        {"exp": None},
        {"aud": None},
        {"iss": None},
        {"jti": None},
        {"auth_time": None},
        {"amr": None},
    ],
)
def test_claims_that_do_not_hold(tokens, claims):
    assert_refused(asked(forged(tokens, **claims)))


def test_an_expired_token(tokens):
    an_hour_ago = int((datetime.now(UTC) - timedelta(hours=1)).timestamp())

    assert_refused(asked(forged(tokens, exp=an_hour_ago)), "token-expired")


def test_expires_after_ten_minutes(tokens):
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        assert_refused(asked(tokens.access), "token-expired")


def test_a_refresh_token_is_no_access_token(tokens):
    assert_refused(asked(tokens.refresh))


def test_another_session(tokens):
    assert_refused(asked(forged(tokens, sid=str(uuid.uuid4()))), "session-ended")


def test_another_users_session(tokens, charlie):
    assert_refused(asked(forged(tokens, sub=str(charlie.pk))), "session-ended")


def test_a_browsers_session_is_not_carried_by_tokens(tokens, bob):
    browser = signed_in(bob, SessionKind.BROWSER).session

    assert_refused(asked(forged(tokens, sid=str(browser.pk))), "session-ended")


def test_a_disabled_account(tokens, bob):
    User.objects.filter(pk=bob.pk).update(is_active=False)

    assert_refused(asked(tokens.access), "session-ended")


def test_a_retired_key(tokens):
    SigningKey.objects.update(retired_at=timezone.now())

    assert_refused(asked(tokens.access))


def test_idle_for_two_hours(tokens):
    Session.objects.update(last_used_at=timezone.now() - timedelta(hours=2))

    assert_refused(asked(tokens.access), "session-ended")


def test_use_keeps_a_session_from_idling(tokens):
    stale = timezone.now() - timedelta(minutes=90)
    Session.objects.update(last_used_at=stale)

    asked(tokens.access)

    assert timezone.now() - Session.objects.get().last_used_at < timedelta(minutes=1)


def test_a_recent_use_is_not_written_again(tokens, django_assert_num_queries):
    with django_assert_num_queries(1):  # the session with its user and the key
        asked(tokens.access)


def test_no_token_is_asked_for_one(db):
    response = APIClient().get(ME)

    assert response.status_code == 401
    assert response.json()["type"] == "urn:oms:problem:unauthenticated"
    assert response["WWW-Authenticate"] == 'Bearer realm="oms"'


def test_another_scheme_is_left_alone(db):
    assert asked("Ym9iOmJvYg==", scheme="Basic").json()["type"] == "urn:oms:problem:unauthenticated"
