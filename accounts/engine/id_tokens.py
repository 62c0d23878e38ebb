"""ID tokens: what a provider of OpenID Connect signs about somebody who has signed in there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError

KEY_TYPES = {"RS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
ALGORITHMS = tuple(KEY_TYPES)
"""Asymmetric ones only: whoever knows a public key or our secret signs nothing with it."""
LEEWAY = 60
"""Seconds that the provider's clock may differ from ours."""
LENGTH = 64 * 1024
SIGNATURE_ONLY: Any = {
    "verify_signature": True,
    **{f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")},
}
SUBJECT_LENGTH = 255
"""OpenID Connect Core, 2."""


class IDTokenInvalid(Exception):
    """The ID token does not hold."""


class KeyUnknown(IDTokenInvalid):
    """The ID token names a key that the provider had not published when its keys were read."""


@dataclass(frozen=True)
class Expected:
    """What an ID token must answer to: this provider, this client, this one sign-in."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str


def id_token_claims(token: str, *, keys: Mapping[str, Any], expected: Expected, at: datetime) -> Mapping[str, Any]:
    """The claims of ``token`` once all that OpenID Connect Core, 3.1.3.7 asks for holds.

    ``keys`` is the provider's JWK set. Raises :class:`KeyUnknown` where that has no such key, and
    :class:`IDTokenInvalid` for everything else.
    """
    if len(token) > LENGTH:
        raise IDTokenInvalid("too long")
    try:
        key = _key(keys, jwt.get_unverified_header(token))
        # Authlib compares the claims, with the caller's clock.
        signed = jwt.decode_complete(token, key, algorithms=list(ALGORITHMS), options=SIGNATURE_ONLY)
        claims = CodeIDToken(signed["payload"], signed["header"], _options(expected), _params(expected))
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
    except (jwt.PyJWTError, JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IDTokenInvalid(str(error)) from error
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH or not subject.isascii():
        raise IDTokenInvalid("the subject is none")
    return dict(claims)


def _key(keys: Mapping[str, Any], header: Mapping[str, Any]) -> jwt.PyJWK:
    """The key that ``header`` names, or the only one; it must be of the kind that the algorithm signs by."""
    algorithm, kid = header["alg"], header.get("kid")
    if algorithm not in ALGORITHMS:
        raise IDTokenInvalid("an algorithm that is not accepted")
    usable = [key for key in keys["keys"] if key.get("use", "sig") == "sig" and key.get("kty") == KEY_TYPES[algorithm]]
    named = [key for key in usable if key.get("kid") == kid] if kid is not None or len(usable) > 1 else usable
    if not named:
        raise KeyUnknown("a key that is not published")
    return jwt.PyJWK(named[0], algorithm)


def _options(expected: Expected) -> Any:
    return {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
        "exp": {"essential": True},
        "iat": {"essential": True},
    }


def _params(expected: Expected) -> Any:
    return {"client_id": expected.client_id, "nonce": expected.nonce, "access_token": expected.access_token}
