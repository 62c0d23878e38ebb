"""Every edge hands services a user whose credential it knows, and answers whatever is sent with no fault of its own."""

import json
import re
import uuid
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from accounts.models import APIKey, Session, User
from accounts.services import api_key_create
from oms_project.graphql import SCHEMA
from tests.factories import PASSWORD, api_client_for, console_client_for

REST, CONSOLE, GRAPHQL = "api/v1/", "console/", "/graphql/"
MUTATIONS = SCHEMA.as_str().partition("type Mutation {")[2].partition("\n}")[0]
MUTATIONS = sorted(set(re.findall(r"^  (\w+)", MUTATIONS, re.MULTILINE)))
NOWHERE = ("admin/r/", "logout/")
VALUES = {"uuid": str(uuid.UUID(int=7)), "int": "7", "str": "nothing", "slug": "nothing", "path": "nothing"}
STRANGE: list[Any] = [
    None,
    2**70,
    -1.5,
    "",
    "\u0661\u0662\u0663\u0664\u0665\u0666",  # digits, but not ASCII's
    "x" * 5_000,
    "\ud800",
    "a\0b",
    "0001-01-01T00:00:00+14:00",
    ["\u202e"] * 50,
    {"id": {"rawId": [1]}},
]


def addresses(prefix: str) -> list[str]:
    """An address of every page or endpoint under ``prefix``, with something in the place of each parameter."""

    def walk(patterns: Any, before: str) -> Any:
        for each in patterns:
            route = before + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, route)
            elif isinstance(each, URLPattern):
                yield route

    routes = {filled(route) for route in walk(get_resolver().url_patterns, "") if route.startswith(prefix)}
    return sorted(f"/{route}" for route in routes if not re.search(r"[\^$()\\]", route))


def filled(route: str) -> str:
    """The route with a value for each parameter; DRF's routers write theirs as regular expressions."""
    route = re.sub(r"\(\?P<\w+>[^)]*\)", VALUES["int"], route).replace("^", "").replace("\\.", ".").replace("$", "")
    route = route.replace("\\Z", "").replace("/?", "/")
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: VALUES.get(found[1] or "str", "nothing"), route)


@pytest.fixture
def handed(monkeypatch):
    """The credentials of all whom somebody asked about a permission in a request."""
    seen: list[Any] = []
    ask = User.has_perm

    def asked(self: User, permission: str, obj: Any = None) -> bool:
        seen.append(self.credential)
        return ask(self, permission, obj)

    monkeypatch.setattr(User, "has_perm", asked)
    return seen


def test_whoever_is_let_in_has_a_credential_everywhere(alice, handed):
    _key, secret = api_key_create(actor=alice, user=alice, name="CI", scopes=["*"])
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    handed.clear()

    for client, prefix, kind in (
        (api_client_for(alice), REST, Session),
        (program, REST, APIKey),
        (console_client_for(alice), CONSOLE, Session),
    ):
        for address in addresses(prefix):
            if not address.endswith(NOWHERE):
                client.raise_request_exception = False
                assert client.get(address).status_code < 500, address
        assert handed, prefix
        assert {type(each) for each in handed} == {kind}
        handed.clear()


SECRETS = {"access", "refresh", "mfa_token", "secret", "recovery_codes", "options"}
"""The fields of answers that hold one; ``options`` are those of a passkey's ceremony."""


def fields(schema: dict[str, Any], components: dict[str, Any]) -> set[str]:
    """The names of all members that a JSON Schema describes, at whatever depth."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    within = [*schema.get("properties", {}).values(), *schema.get("oneOf", ()), schema.get("items")]
    return set(schema.get("properties", {})).union(*(fields(each, components) for each in within if each))


def test_what_answers_secrets_says_that_nothing_keeps_them():
    document: Any = SchemaGenerator().get_schema(public=True)
    components = document["components"]["schemas"]
    found = set()
    for path, operations in document["paths"].items():
        answers = [each for one in operations.values() for each in one["responses"].values()]
        for answer in answers if path.startswith("/api/v1/auth/") else ():
            schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
            if fields(schema, components) & SECRETS:
                view: Any = resolve(re.sub(r"\{\w+\}", VALUES["uuid"], path)).func
                found.add(view.cls)

    assert {view.__name__ for view in found if not view.holds_secret} == set()
    assert len(found) > 10


def test_every_mutation_has_a_user_with_a_credential(alice, handed):
    client = api_client_for(alice)
    handed.clear()

    assert len(MUTATIONS) > 20
    for mutation in MUTATIONS:
        client.post(GRAPHQL, {"query": f"mutation {{ {mutation} }}"})
    client.post(GRAPHQL, {"query": '{ authorizationExplain(permission: "history.commit", user: "x") { allowed } }'})

    assert {type(each) for each in handed} == {Session}


KIM = {"username": "kim", "password": PASSWORD}
TOKEN = {"token": "x" * 64, "new_password": PASSWORD}
ANSWER = {"ceremony": VALUES["uuid"], "credential": {"id": "x", "rawId": "x", "response": {}, "type": "public-key"}}
PENDING = {"mfa_token": "x" * 43}
BODIES: dict[str, dict[str, Any]] = {
    "post auth/login/": {**KIM, "device": "x"},
    "post auth/refresh/": {"refresh": "x" * 43},
    "post auth/confirm/": {"password": "wrong", "code": "123456"},
    "post auth/mfa/verify/": {**PENDING, "code": "123456", "trust_device": True},
    "post auth/mfa/totp/": PENDING,
    "post auth/mfa/totp/confirm/": {**PENDING, "code": "123456"},
    "post auth/password/change/": {"current_password": "wrong", "new_password": PASSWORD},
    "post auth/password/reset/": {"email": "kim@example.org"},
    "post auth/password/reset/confirm/": TOKEN,
    "post auth/invitation/accept/": TOKEN,
    "post auth/email/confirm/": {"token": "x" * 64},
    "post auth/unlock/": {"token": "x" * 64},
    "post auth/webauthn/register/finish/": {**ANSWER, "name": "Phone"},
    "post auth/webauthn/login/finish/": {**ANSWER, "device": "x"},
    "post auth/mfa/webauthn/finish/": {**ANSWER, **PENDING},
    "post auth/confirm/webauthn/finish/": ANSWER,
    "post auth/api-keys/": {"name": "CI", "scopes": ["*"], "expires_at": "2026-12-01T00:00:00Z", "user": "kim"},
    "patch users/me/": {"display_name": "Kim", "language": "ko"},
    "post users/me/email/": {"email": "kim@example.org"},
    "post users/": {**KIM, "email": "k@example.org", "display_name": "K", "kind": "human", "role": "viewer"},
    "post users/invite/": {"username": "lee", "email": "lee@example.org", "display_name": "Lee", "role": "viewer"},
    "patch users/{user}/": {"email": "c@example.org", "role": "viewer", "is_active": True, "password_policy": None},
    "post password-policies/": {"name": "own", "min_length": 15, "min_digits": 1, "max_age_days": 9, "history": 2},
    "patch roles/viewer/": {"password_policy": None, "session_limit": 3, "session_limit_action": "refuse"},
}
"""What each endpoint takes, so that a strange value comes as far as there is anything to reach."""


@pytest.mark.parametrize("operation", BODIES)
def test_whatever_a_value_is_it_is_no_fault_of_the_server(alice, charlie, operation):
    method, _, path = operation.partition(" ")
    client = api_client_for(alice)
    client.raise_request_exception = False
    address = f"/{REST}{path}".format(user=charlie.pk)

    for field in BODIES[operation]:
        for value in STRANGE:
            body = json.dumps({**BODIES[operation], field: value})
            response = getattr(client, method)(address, body, content_type="application/json")
            assert response.status_code < 500, (field, value, response.content)


NEW_USER = {"username": "lee", "kind": "human", "role": "viewer"}
FORMS: dict[str, dict[str, str]] = {
    "login/": {**KIM, "next": "/console/"},
    "login/passkey/": {"ceremony": VALUES["uuid"], "credential": "{}"},
    "login/forgotten/": {"email": "kim@example.org"},
    "links/password/": {**TOKEN, "repeated": PASSWORD},
    "links/invitation/": {**TOKEN, "repeated": PASSWORD},
    "links/unlock/": {"token": "x" * 64},
    "links/email/": {"token": "x" * 64},
    "account/confirm/": {"password": "wrong", "code": "123456", "next": "/console/"},
    "account/factors/application/": {"code": "123456"},
    "account/passkeys/new/": {"ceremony": VALUES["uuid"], "credential": "{}", "name": "Phone"},
    "account/password/": {"current_password": "wrong", "new_password": PASSWORD, "repeated": PASSWORD},
    "account/api-keys/": {"name": "CI", "days": "90", "scopes": "*"},
    "account/profile/": {"display_name": "Kim", "language": "ko"},
    "account/profile/email/": {"email": "kim@example.org"},
    "account/profile/deletion/": {"username": "kim"},
    "accounts/user/add/": {**NEW_USER, "first_password": PASSWORD, "repeated": PASSWORD},
    "accounts/passwordpolicy/add/": {"name": "own", "min_length": "15", "history": "2", "max_age_days": "9"},
    "accounts/rolesettings/viewer/change/": {"session_limit": "3", "session_limit_action": "refuse"},
}


@pytest.mark.parametrize("page", FORMS)
def test_whatever_a_form_holds_is_no_fault_of_the_server(alice, page):
    browser = console_client_for(alice)
    browser.raise_request_exception = False

    for field in FORMS[page]:
        for value in STRANGE:
            sent = str(value).encode("utf-8", "replace").decode()
            repeated = {"repeated": sent} if field in {"new_password", "first_password"} else {}
            response = browser.post(f"/{CONSOLE}{page}", {**FORMS[page], field: sent, **repeated})
            assert response.status_code < 500, (field, value)
        assert (
            browser.get(f"/{CONSOLE}{page}", {field: "a\0b", "next": "//evil.example", "token": "\0"}).status_code < 500
        )
