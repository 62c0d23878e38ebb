"""What a provider of OpenID Connect may answer, and what nobody is signed in by."""

import socket
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client
from django.utils import timezone

from accounts.engine.providers import Provider, identity_of, username_of
from accounts.models import ExternalIdentity, Session, User
from accounts.services.providers import published
from tests.accounts.signing_provider import CLIENT_ID, CLIENT_SECRET, SigningProvider, signing_provider

LEAVE, RETURN = "/console/login/oidc/", "/console/login/oidc/callback/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    published.forget()
    with signing_provider() as started:
        settings.SIGN_IN_PROVIDER = Provider(started.issuer, CLIENT_ID, CLIENT_SECRET, "Acme", ("openid", "profile"))
        yield started


def sign_in(provider, browser=None):
    """The last answer of the whole way there and back."""
    browser = browser or Client()
    return browser.get(provider.came_back(browser.get(LEAVE)["Location"]))


def is_refused(response, status=403):
    return response.status_code == status and not Session.objects.exists() and not User.objects.exists()


def test_asks_with_pkce_state_and_nonce(provider):
    asked = parse_qs(urlsplit(Client().get(LEAVE)["Location"]).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid profile"]
    assert asked["redirect_uri"] == [f"http://testserver{RETURN}"]
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))


def test_shows_the_provider_its_secret_and_the_proof_of_the_code(provider):
    response = sign_in(provider)

    assert (response.status_code, response["Location"]) == (302, "/console/")
    (request,) = provider.asked  # it refuses where the verifier does not fit
    assert request["Authorization"].startswith("Basic ")
    assert CLIENT_SECRET not in request.values()


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_takes_the_asymmetric_signatures(provider, algorithm):
    provider.use(algorithm)

    assert sign_in(provider).status_code == 302
    assert Session.objects.get().amr == ["fed"]


def seconds(offset: int) -> int:
    return int(timezone.now().timestamp()) + offset


WRONG_CLAIMS = {
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another client"},
    "an audience of others": {"aud": ["another client", "a third"], "azp": CLIENT_ID},
    "no audience": {"aud": None},
    "several audiences and nobody authorised": {"aud": [CLIENT_ID, "another client"]},
    "another authorised party": {"azp": "another client"},
    "another nonce": {"nonce": "a nonce of another sign-in"},
    "no nonce": {"nonce": None},
    "expired": {"exp": -61},
    "no expiry": {"exp": None},
    "of the future": {"iat": 120},
    "no time of issue": {"iat": None},
    "not valid yet": {"nbf": 120},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is too long": {"sub": "s" * 256},
    "a number as the subject": {"sub": 7},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("changed", WRONG_CLAIMS.values(), ids=list(WRONG_CLAIMS))
def test_refuses_claims_that_do_not_hold(provider, changed):
    times = ("exp", "iat", "nbf")
    provider.claims = {
        name: seconds(value) if name in times and value is not None else value for name, value in changed.items()
    }

    assert is_refused(sign_in(provider))


def unsigned(provider: SigningProvider, nonce: str) -> str:
    return jwt.encode(provider.said(nonce), None, "none", headers={"kid": provider.kid})


def by_the_public_key(provider: SigningProvider, nonce: str) -> str:
    """HS256 with what everybody can read as its secret."""
    parts = [
        urlsafe_b64encode(part).rstrip(b"=") for part in (b'{"alg":"HS256","kid":"first"}', _json(provider, nonce))
    ]
    key = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = key.sign(b".".join(parts), provider.public_pem)
    return b".".join([*parts, urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def by_the_shared_secret(provider: SigningProvider, nonce: str) -> str:
    return jwt.encode(provider.said(nonce), CLIENT_SECRET.ljust(32), "HS256", headers={"kid": provider.kid})


def by_another_key(provider: SigningProvider, nonce: str) -> str:
    other = SigningProvider(provider.issuer)
    return jwt.encode(provider.said(nonce), other.private, "EdDSA", headers={"kid": provider.kid})


def by_a_key_that_is_not_published(provider: SigningProvider, nonce: str) -> str:
    other = SigningProvider(provider.issuer)
    return jwt.encode(provider.said(nonce), other.private, "EdDSA", headers={"kid": "never published"})


def changed_afterwards(provider: SigningProvider, nonce: str) -> str:
    header, _, signature = provider.signed(nonce).split(".")
    provider.claims = {"sub": "somebody else"}
    return f"{header}.{provider.signed(nonce).split('.')[1]}.{signature}"


def no_token_at_all(_provider: SigningProvider, _nonce: str) -> str:
    return "not.a.token"


def _json(provider: SigningProvider, nonce: str) -> bytes:
    encoded = jwt.encode(provider.said(nonce), None, "none").split(".")[1]
    return jwt.utils.base64url_decode(encoded)


FORGERIES = [
    unsigned,
    by_the_public_key,
    by_the_shared_secret,
    by_another_key,
    by_a_key_that_is_not_published,
    changed_afterwards,
    no_token_at_all,
]


@pytest.mark.parametrize("forged", FORGERIES, ids=lambda forged: forged.__name__)
def test_refuses_signatures_that_are_not_the_providers(provider, forged):
    provider.id_token = lambda nonce: forged(provider, nonce)

    assert is_refused(sign_in(provider))


def test_reads_the_keys_again_when_the_provider_has_changed_them(provider):
    sign_in(provider)
    provider.use("ES256", kid="second")

    assert sign_in(provider).status_code == 302


def test_asks_nothing_for_who_did_not_leave_from_this_browser(provider):
    address = provider.came_back(Client().get(LEAVE)["Location"])

    assert is_refused(Client().get(address))
    assert provider.asked == []


def test_asks_nothing_where_the_state_is_another(provider):
    browser = Client()
    provider.came_back(browser.get(LEAVE)["Location"])

    assert is_refused(browser.get(f"{RETURN}?code=code&state=another"))
    assert provider.asked == []


def test_an_answer_serves_once(provider):
    browser = Client()
    address = provider.came_back(browser.get(LEAVE)["Location"])
    browser.get(address)

    assert browser.get(address).status_code == 403
    assert len(provider.asked) == 1


def test_a_code_that_was_used_before_signs_nobody_in(provider):
    """Someone has taken the code on its way and was faster."""
    browser = Client()
    address = provider.came_back(browser.get(LEAVE)["Location"])
    provider.used.add(parse_qs(urlsplit(address).query)["code"][0])

    assert is_refused(browser.get(address))


def test_a_code_of_another_sign_in_signs_nobody_in(provider):
    stolen = parse_qs(urlsplit(provider.came_back(Client().get(LEAVE)["Location"])).query)["code"][0]
    browser = Client()
    state = parse_qs(urlsplit(provider.came_back(browser.get(LEAVE)["Location"])).query)["state"][0]

    assert is_refused(browser.get(f"{RETURN}?code={stolen}&state={state}"))


def test_an_answer_that_took_too_long_is_over(provider, settings, monkeypatch):
    browser = Client()
    address = provider.came_back(browser.get(LEAVE)["Location"])
    settings.LOGIN_CHALLENGE_LIFETIME *= 0

    assert is_refused(browser.get(address))


def test_an_answer_of_another_issuer_is_refused(provider):
    browser = Client()
    address = provider.came_back(browser.get(LEAVE)["Location"])

    assert is_refused(browser.get(f"{address}&iss=https://evil.example"))
    assert provider.asked == []


def test_who_says_no_there_is_told_so_here(provider):
    browser = Client()
    state = parse_qs(urlsplit(browser.get(LEAVE)["Location"]).query)["state"][0]

    response = browser.get(f"{RETURN}?error=access_denied&error_description=<b>no</b>&state={state}")

    assert is_refused(response)
    assert b"The sign-in service did not sign you in." in response.content
    assert b"<b>no" not in response.content


@pytest.mark.parametrize(
    "published_wrongly",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": None},
        {"jwks_uri": "ftp://evil.example/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_refuses_what_another_provider_publishes(provider, published_wrongly):
    provider.metadata = published_wrongly

    assert is_refused(Client().get(LEAVE))


def test_what_the_provider_says_beside_the_token_is_of_the_same_user(provider):
    provider.user_info = {"sub": "somebody else", "preferred_username": "kim"}

    assert is_refused(sign_in(provider))


def test_what_the_provider_says_beside_the_token_completes_it(provider):
    provider.claims = {"preferred_username": None}
    provider.user_info = {"sub": "kim@work", "preferred_username": "kim", "name": "Kim"}

    sign_in(provider)

    assert User.objects.get().get_full_name() == "Kim"


@pytest.mark.parametrize("hangs", [False, True], ids=["refuses", "hangs"])
def test_a_provider_that_is_down_is_a_page_and_no_wait(settings, monkeypatch, hangs):
    monkeypatch.setattr("accounts.services.providers.TIMEOUT", 0.2)
    published.forget()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if hangs:
            silent.listen()
        issuer = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings.SIGN_IN_PROVIDER = Provider(issuer, CLIENT_ID, CLIENT_SECRET, "Acme", ("openid",))
        response = Client().get(LEAVE)

    assert is_refused(response, 503)
    assert response["Retry-After"] == "10"
    assert b"cannot be reached at the moment" in response.content


def test_a_provider_that_goes_down_on_the_way_is_a_page_too(provider):
    browser = Client()
    address = provider.came_back(browser.get(LEAVE)["Location"])
    provider.answer = lambda *_: (502, {})

    assert is_refused(browser.get(address), 503)


def test_what_it_publishes_is_read_once_in_a_while(provider):
    answer, paths = provider.answer, []
    provider.answer = lambda path, form: paths.append(path) or answer(path, form)

    for _ in range(2):
        sign_in(provider)

    assert sorted(paths) == ["/.well-known/openid-configuration", "/jwks", "/token", "/token"]
    assert ExternalIdentity.objects.count() == 1


def test_without_a_provider_there_is_no_button_and_nothing_behind_it(settings):
    settings.SIGN_IN_PROVIDER = None

    assert b"oidc" not in Client().get("/console/login/").content
    assert is_refused(Client().get(LEAVE), 404)
    assert is_refused(Client().get(RETURN), 404)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("kim", "kim"),
        ("Kim Lee", "Kim-Lee"),
        ("김철수", "김철수"),
        ("k/i;m", "k-i-m"),
        ("  <>  ", ""),
        ("ㅤ", ""),
        ("k" * 151, "k" * 150),
    ],
)
def test_a_username_is_made_of_what_the_provider_calls_somebody(written, name):
    assert username_of(written) == name


@pytest.mark.parametrize(
    ("claim", "groups", "role"),
    [
        ("groups", ["builders", "everybody"], "developer"),
        ("groups", ["chiefs", "builders"], "administrator"),
        ("groups", "builders", "developer"),
        ("groups", ["everybody"], "viewer"),
        ("groups", [7, None, {}], "viewer"),
        ("groups", None, "viewer"),
        ("realm_access.roles", ["builders"], "developer"),
    ],
)
def test_the_highest_of_the_given_roles_counts(claim, groups, role):
    roles = {"chiefs": "administrator", "builders": "developer"}
    said = Provider("https://id.example", CLIENT_ID, CLIENT_SECRET, "Acme", ("openid",), claim, roles)
    claims = {"sub": "kim", claim: groups} if "." not in claim else {"sub": "kim", "realm_access": {"roles": groups}}

    assert identity_of(claims, said).role == role


def test_an_address_counts_only_once_it_is_verified():
    said = Provider("https://id.example", CLIENT_ID, CLIENT_SECRET, "Acme", ("openid",))
    claims = {"sub": "kim", "email": "kim@example.org"}

    assert identity_of(claims, said).email == ""
    assert identity_of({**claims, "email_verified": "true"}, said).email == ""
    assert identity_of({**claims, "email_verified": True}, said).email == "kim@example.org"
    assert identity_of(claims, said).username == "kim"
    assert CLIENT_SECRET not in repr(said)
