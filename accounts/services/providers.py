"""Asking a provider of OpenID Connect who somebody is: authorisation code, PKCE, state and nonce."""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.utils import timezone

from accounts.engine.id_tokens import Expected, IDTokenInvalid, KeyUnknown, id_token_claims
from accounts.engine.providers import Identity, Provider, identity_of
from accounts.exceptions import (
    ProviderNotConfigured,
    ProviderRefused,
    ProviderSignInOver,
    ProviderUnavailable,
    ProviderUntrusted,
)

TIMEOUT = 3.0
"""Seconds that the provider has to be reached, and to go on with each part of an answer."""
KEPT = 300.0
"""Seconds that what it has published is kept."""
LENGTH = 1024 * 1024
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Departure:
    """A visitor on the way to the provider. The browser that left keeps all but ``address``, and comes back with it."""

    address: str
    state: str
    nonce: str
    verifier: str


def provider_departure(*, redirect_uri: str) -> Departure:
    """Where to send a visitor who wants to sign in there, who is to come back to ``redirect_uri``.

    Raises :class:`ProviderNotConfigured` and :class:`ProviderUnavailable`.
    """
    provider = _configured()
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    with _client(provider, redirect_uri) as client:
        address, _ = client.create_authorization_url(
            _metadata(provider)["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
    return Departure(address, state, nonce, verifier)


def provider_arrival(*, answer: Mapping[str, str], left: Departure | None, redirect_uri: str) -> Identity:
    """Who has come back with ``answer``, the query of the address, to the browser that ``left``.

    Nothing is asked of the provider for a visitor whom nobody sent there. Raises :class:`ProviderSignInOver`,
    :class:`ProviderRefused`, :class:`ProviderUntrusted` and :class:`ProviderUnavailable`.
    """
    provider = _configured()
    if left is None or not secrets.compare_digest(answer.get("state", "").encode(), left.state.encode()):
        raise ProviderSignInOver
    if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: another one's answer
        raise ProviderUntrusted
    if "error" in answer or not answer.get("code"):
        raise ProviderRefused
    metadata = _metadata(provider)
    with _client(provider, redirect_uri) as client:
        token = _token(client, metadata, answer["code"], left.verifier)
        claims = _claims(provider, metadata, token, left.nonce)
        return identity_of({**_user_info(client, metadata, str(claims["sub"])), **claims}, provider)


def _configured() -> Provider:
    provider: Provider | None = settings.SIGN_IN_PROVIDER
    if provider is None:
        raise ProviderNotConfigured
    return provider


def _client(provider: Provider, redirect_uri: str) -> OAuth2Session:
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope=" ".join(provider.scopes),
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        default_timeout=TIMEOUT,
    )


def _token(client: OAuth2Session, metadata: Mapping[str, Any], code: str, verifier: str) -> Mapping[str, Any]:
    """What the provider gives for the code, which it takes once."""
    methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    client.token_endpoint_auth_method = (
        "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
    )
    token = _asked(
        lambda: client.fetch_token(
            metadata["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=verifier,
            allow_redirects=False,
        )
    )
    if not isinstance(token.get("id_token"), str) or not isinstance(token.get("access_token"), str):
        raise ProviderUntrusted
    return dict(token)


def _claims(provider: Provider, metadata: Mapping[str, Any], token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
    """What the ID token says; the provider's keys are read once more where it names a new one."""
    expected = Expected(provider.issuer, provider.client_id, nonce, token["access_token"])
    try:
        try:
            return _verified(token["id_token"], published.get(metadata["jwks_uri"]), expected)
        except KeyUnknown:
            return _verified(token["id_token"], published.renewed(metadata["jwks_uri"]), expected)
    except IDTokenInvalid as error:
        logger.warning("id_token_refused", issuer=provider.issuer, reason=str(error))
        raise ProviderUntrusted from error


def _verified(id_token: str, keys: Mapping[str, Any], expected: Expected) -> Mapping[str, Any]:
    return id_token_claims(id_token, keys=keys, expected=expected, at=timezone.now())


def _user_info(client: OAuth2Session, metadata: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
    """What the provider says of its user beside the ID token, where it has a place for that."""
    address = metadata.get("userinfo_endpoint")
    if not isinstance(address, str):
        return {}
    _check_transport(metadata["issuer"], address)
    answer = _asked(lambda: client.get(address, allow_redirects=False))
    found = _object(answer) if answer.headers.get("Content-Type", "").startswith("application/json") else {}
    if found and found.get("sub") != subject:  # OpenID Connect Core, 5.3.2
        raise ProviderUntrusted
    return found


def _metadata(provider: Provider) -> Mapping[str, Any]:
    """What the provider has published about itself. Raises :class:`ProviderUntrusted` where that is another one's."""
    metadata = published.get(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if metadata.get("issuer") != provider.issuer:
        raise ProviderUntrusted
    for name in ENDPOINTS:
        _check_transport(provider.issuer, metadata.get(name))
    return metadata


def _check_transport(issuer: str, address: Any) -> None:
    """A provider that is reached by TLS is not asked anything in the clear."""
    schemes = {"https", urlsplit(issuer).scheme}
    if not isinstance(address, str) or urlsplit(address).scheme not in schemes:
        raise ProviderUntrusted


class Published:
    """The documents that providers publish, each kept for a while in this process."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Mapping[str, Any]]] = {}
        self._lock = threading.Lock()

    def get(self, address: str) -> Mapping[str, Any]:
        with self._lock:
            until, document = self._kept.get(address, (0.0, {}))
        return document if until > time.monotonic() else self.renewed(address)

    def renewed(self, address: str) -> Mapping[str, Any]:
        document = _object(_asked(lambda: requests.get(address, timeout=TIMEOUT, allow_redirects=False)))
        with self._lock:
            self._kept[address] = (time.monotonic() + KEPT, document)
        return document

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


published = Published()


def _asked(question: Callable[[], Any]) -> Any:
    """The provider's answer. Raises :class:`ProviderUnavailable`, or :class:`ProviderRefused` where it says no."""
    try:
        return question()
    except OSError as error:  # which those of requests are
        logger.warning("provider_unreachable", reason=type(error).__name__)
        raise ProviderUnavailable from error
    except AuthlibBaseError as error:
        logger.warning("provider_refused", reason=error.error)
        raise ProviderRefused from error
    except (ValueError, TypeError, KeyError) as error:
        raise ProviderUntrusted from error


def _object(answer: requests.Response) -> Mapping[str, Any]:
    """The JSON object that an answer holds."""
    if answer.status_code != requests.codes.ok:
        logger.warning("provider_answered", status=answer.status_code)
        raise ProviderUnavailable
    if len(answer.content) > LENGTH:
        raise ProviderUntrusted
    try:
        document = answer.json()
    except ValueError as error:
        raise ProviderUntrusted from error
    if not isinstance(document, dict):
        raise ProviderUntrusted
    return document
