"""Signing in: ``POST /api/v1/auth/login/``."""

from datetime import timedelta

import jwt
import pytest
from django.contrib.auth import hashers
from django.utils import timezone

from accounts.models import Session, SigningKey, User
from gateway.engine.bulkhead import Bulkhead
from history.models import Event
from tests.factories import PASSWORD, UserFactory

URL = "/api/v1/auth/login/"


@pytest.fixture
def kim(db):
    return UserFactory(username="kim", password=PASSWORD)


def test_gives_tokens_of_a_new_session(anonymous, kim):
    response = anonymous.post(URL, {"username": "kim", "password": PASSWORD}, headers={"User-Agent": "curl/8"})

    assert response.status_code == 200, response.content
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    session = Session.objects.get()
    assert set(body) == {"access", "refresh", "expires_in", "session_id", "device"}
    assert body["session_id"] == str(session.pk)
    assert body["expires_in"] == 600
    assert (session.user, session.kind, session.ip, session.user_agent) == (kim, "api", "127.0.0.1", "curl/8")
    assert timezone.now() - session.created_at < timedelta(minutes=1)


def test_the_access_token_says_what_the_contract_names(anonymous, kim, settings):
    access = anonymous.post(URL, {"username": "kim", "password": PASSWORD}).json()["access"]

    header = jwt.get_unverified_header(access)
    claims = jwt.decode(access, options={"verify_signature": False})
    assert header == {"alg": "EdDSA", "typ": "at+jwt", "kid": SigningKey.objects.get().kid}
    assert set(claims) == {"iss", "aud", "sub", "sid", "jti", "iat", "exp", "auth_time", "amr"}
    assert (claims["iss"], claims["aud"]) == (settings.TOKEN_ISSUER, settings.TOKEN_AUDIENCE)
    assert (claims["sub"], claims["sid"]) == (str(kim.pk), str(Session.objects.get().pk))
    assert claims["amr"] == ["pwd"]


def test_the_token_opens_what_needs_a_user(anonymous, kim):
    access = anonymous.post(URL, {"username": "kim", "password": PASSWORD}).json()["access"]

    response = anonymous.get("/api/v1/users/me/", headers={"Authorization": f"Bearer {access}"})

    assert response.json()["username"] == "kim"


def test_is_an_event_that_names_nobody(anonymous, kim):
    anonymous.post(URL, {"username": "kim", "password": PASSWORD})

    event = Event.objects.get(type="io.oms.accounts.session.started")
    assert event.actor == kim.pk
    assert event.subject == f"sessions/{Session.objects.get().pk}"
    assert b"kim" not in bytes(event.body)


@pytest.mark.parametrize("spelling", ["KIM", "Kim", "ＫＩＭ"])
def test_the_name_may_be_spelt_otherwise(anonymous, kim, spelling):
    assert anonymous.post(URL, {"username": spelling, "password": PASSWORD}).status_code == 200


def test_every_refusal_is_the_same_answer(anonymous, kim):
    UserFactory(username="disabled", password=PASSWORD)
    User.objects.filter(username="disabled").update(is_active=False)
    UserFactory(username="robot")
    attempts = [("kim", "wrong"), ("nobody", PASSWORD), ("disabled", PASSWORD), ("robot", PASSWORD), ("robot", "!")]

    answers = [anonymous.post(URL, {"username": name, "password": password}) for name, password in attempts]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(headers_of(answer).items())) for answer in answers}) == 1
    assert answers[0].json()["type"] == "urn:oms:problem:credentials-wrong"
    assert answers[0]["WWW-Authenticate"] == 'Bearer realm="oms"'
    assert not Session.objects.exists()


def headers_of(answer):
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


def test_every_refusal_hashes_once(anonymous, kim, monkeypatch):
    UserFactory(username="robot")
    hashed = []
    original = hashers.Argon2PasswordHasher.encode, hashers.Argon2PasswordHasher.verify
    monkeypatch.setattr(
        hashers.Argon2PasswordHasher, "encode", lambda *args: hashed.append("encode") or original[0](*args)
    )
    monkeypatch.setattr(
        hashers.Argon2PasswordHasher, "verify", lambda *args: hashed.append("verify") or original[1](*args)
    )

    for name in ("kim", "nobody", "robot"):
        anonymous.post(URL, {"username": name, "password": "wrong"})

    assert len(hashed) == 3


def test_the_password_is_taken_as_it_is(anonymous, db):
    UserFactory(username="lee", password=" 비밀번호 \t")

    assert anonymous.post(URL, {"username": "lee", "password": " 비밀번호 \t"}).status_code == 200
    assert anonymous.post(URL, {"username": "lee", "password": "비밀번호"}).status_code == 401


@pytest.mark.parametrize(
    ("body", "field", "rule"),
    [
        ({"username": "kim"}, "/password", "REQUIRED"),
        ({"username": "kim", "password": "x", "otp": "1"}, "/otp", "UNKNOWN_FIELD"),
        ({"username": ["kim"], "password": "x"}, "/username", "INVALID"),
        ({"username": "kim", "password": "x" * 257}, "/password", "MAX_LENGTH"),
    ],
)
def test_a_malformed_request_is_told_which_field(anonymous, db, body, field, rule):
    response = anonymous.post(URL, body)

    assert response.status_code == 400
    assert [(error["field"], error["rule"]) for error in response.json()["errors"]] == [(field, rule)]


def test_a_bad_token_does_not_keep_one_from_signing_in(anonymous, kim):
    response = anonymous.post(
        URL, {"username": "kim", "password": PASSWORD}, headers={"Authorization": "Bearer expired"}
    )

    assert response.status_code == 200


def test_a_burst_beyond_the_bound_is_told_to_come_back(anonymous, kim, monkeypatch):
    full = Bulkhead(limit=1, wait=0.01)
    monkeypatch.setattr("accounts.services.hashing.hashing", full)

    with full.slot():
        response = anonymous.post(URL, {"username": "kim", "password": PASSWORD})

    assert response.status_code == 503
    assert response["Retry-After"] == "1"
