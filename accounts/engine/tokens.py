"""Access tokens (signed, short-lived) and refresh tokens (opaque, used once)."""

import hashlib
import hmac
import json
import re
import secrets
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM = "EdDSA"
ACCESS_TYPE = "at+jwt"
"""RFC 9068's type of access tokens: no other token that we sign can stand in for one."""
KID = re.compile(r"[A-Za-z0-9_-]{43}")
"""An RFC 7638 thumbprint by SHA-256."""
LINK = re.compile(r"[A-Za-z0-9_-]{64}")
"""The 16 bytes of a link's key and the 32 of its HMAC."""
CLAIMS = ("iss", "aud", "sub", "sid", "jti", "iat", "exp", "auth_time", "amr")


@dataclass(frozen=True)
class Audience:
    """Who issues access tokens and whom they are for."""

    issuer: str
    name: str


@dataclass(frozen=True)
class AccessClaims:
    """What an access token says: who, in which session, since when and how authenticated, until when."""

    user: uuid.UUID
    session: uuid.UUID
    auth_time: datetime
    amr: tuple[str, ...]
    expires_at: datetime


def access_token(
    claims: AccessClaims, *, key: Ed25519PrivateKey, kid: str, audience: Audience, issued_at: datetime
) -> str:
    """A JWT of ``claims``, signed by ``key``, with an identifier of its own."""
    payload = {
        "iss": audience.issuer,
        "aud": audience.name,
        "sub": str(claims.user),
        "sid": str(claims.session),
        "jti": str(uuid.uuid4()),
        "iat": int(issued_at.timestamp()),
        "exp": int(claims.expires_at.timestamp()),
        "auth_time": int(claims.auth_time.timestamp()),
        "amr": list(claims.amr),
    }
    return jwt.encode(payload, key, ALGORITHM, headers={"kid": kid, "typ": ACCESS_TYPE})


@dataclass(frozen=True)
class Hints:
    """What an access token says of itself before anything of it can be trusted: where to look, no more."""

    kid: str
    session: uuid.UUID


def access_hints(token: str) -> Hints:
    """The key and the session that ``token`` names. Raises ``jwt.InvalidTokenError`` where it is no access token."""
    kid = _kid(token)
    try:
        payload = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
        return Hints(kid, uuid.UUID(payload["sid"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise jwt.InvalidTokenError("names no session") from error


def access_claims(token: str, *, key: Ed25519PublicKey, audience: Audience, at: datetime) -> AccessClaims:
    """What ``token`` says, once its signature, issuer, audience and expiry hold; its type was looked at by its hints.

    Raises ``jwt.ExpiredSignatureError`` for a good token past its time and another
    ``jwt.InvalidTokenError`` for everything else.
    """
    payload = jwt.decode(
        token,
        key,
        algorithms=[ALGORITHM],
        issuer=audience.issuer,
        audience=audience.name,
        # The clock is the caller's, so the times are compared here.
        options={"require": list(CLAIMS), "verify_exp": False, "verify_iat": False, "strict_aud": True},
    )
    expires_at = datetime.fromtimestamp(payload["exp"], UTC)
    if expires_at <= at:
        raise jwt.ExpiredSignatureError("expired")
    return AccessClaims(
        user=uuid.UUID(payload["sub"]),
        session=uuid.UUID(payload["sid"]),
        auth_time=datetime.fromtimestamp(payload["auth_time"], UTC),
        amr=tuple(payload["amr"]),
        expires_at=expires_at,
    )


def _kid(token: str) -> str:
    """The key that an access token's header names, before anything of it can be trusted."""
    try:
        header = jwt.get_unverified_header(token)
    except RecursionError as error:  # brackets, nested deep enough
        raise jwt.InvalidTokenError("the header is no object") from error
    kid = header.get("kid")
    if header.get("typ") != ACCESS_TYPE or not isinstance(kid, str) or not KID.fullmatch(kid):
        raise jwt.InvalidTokenError("not an access token")
    return kid


def public_jwk(public_key: bytes) -> dict[str, str]:
    """The RFC 8037 JWK of an Ed25519 public key, its RFC 7638 thumbprint as ``kid``."""
    x = urlsafe_b64encode(public_key).rstrip(b"=").decode()
    canonical = f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'
    thumbprint = urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": thumbprint, "alg": ALGORITHM, "use": "sig"}


def opaque_token() -> str:
    """A new secret of 256 random bits, which says nothing."""
    return secrets.token_urlsafe(32)


def successor(token: str, key: bytes) -> str:
    """The refresh token that follows ``token``.

    It is derived by HMAC-SHA-256, so that two uses of one token within the grace meet the same
    successor although only digests are kept.
    """
    return urlsafe_b64encode(hmac.digest(key, token.encode(), "sha256")).rstrip(b"=").decode()


def digest(token: str) -> str:
    """What is kept of an opaque token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(key: bytes, *parts: str) -> str:
    """What is kept of something that could be guessed: HMAC-SHA-256 of ``parts``, of which none runs into the next."""
    return hmac.digest(key, "\0".join(parts).encode(), "sha256").hex()


def link_token(link: uuid.UUID, purpose: str, key: bytes) -> str:
    """The secret of a link, made anew of its key and purpose whenever it is needed, so that it is never kept."""
    return urlsafe_b64encode(link.bytes + hmac.digest(key, link.bytes + purpose.encode(), "sha256")).decode()


def link_named(token: str, purpose: str, key: bytes) -> uuid.UUID | None:
    """The link whose secret for ``purpose`` is ``token``; None where it is nobody's."""
    if not LINK.fullmatch(token):
        return None
    link = uuid.UUID(bytes=urlsafe_b64decode(token)[:16])
    return link if hmac.compare_digest(token, link_token(link, purpose, key)) else None
