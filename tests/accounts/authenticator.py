"""An authenticator and the browser in front of it, in software: WebAuthn Level 3 with ES256 and no attestation."""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, BACKED_UP, ATTESTED = 0x01, 0x04, 0x18, 0x40
NO_ONES_MODEL = bytes(16)


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One passkey. What it and its browser say can be bent before they say it."""

    origin: str = "http://localhost:8000"
    rp_id: str | None = None
    """Another than the one that it is asked for."""
    challenge: bytes | None = None
    """Another than the one that it is asked to sign."""
    verifies_user: bool = True
    is_backed_up: bool = False
    counter: int = 0
    """Of the last signature; a passkey that never counts has a ``step`` of 0."""
    step: int = 1
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes | None = None
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def register(self, options: dict[str, Any]) -> dict[str, Any]:
        """``navigator.credentials.create()``."""
        self.user_handle = decoded(options["user"]["id"])
        identifier = len(self.credential_id).to_bytes(2) + self.credential_id
        data = self._data(options["rp"]["id"], ATTESTED) + NO_ONES_MODEL + identifier + self._public_key()
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        client = self._client_data("webauthn.create", options)
        return self._credential(
            clientDataJSON=client, attestationObject=cbor2.dumps(attestation), transports=["internal", "unheard-of"]
        )

    def sign(self, options: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """``navigator.credentials.get()``."""
        self.counter += self.step
        data = self._data(options["rpId"], 0)
        client = self._client_data("webauthn.get", options)
        signature = self.key.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        given = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._credential(**{**given, "userHandle": self.user_handle, **changed})

    def _data(self, rp_id: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies_user else 0) | (BACKED_UP if self.is_backed_up else 0)
        return sha256((self.rp_id or rp_id).encode()).digest() + bytes([flags]) + self.counter.to_bytes(4)

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        challenge = encoded(self.challenge) if self.challenge is not None else options["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _public_key(self) -> bytes:
        """COSE: an EC2 key of P-256 for ES256."""
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})

    def _credential(self, **response: Any) -> dict[str, Any]:
        said = {name: encoded(value) if isinstance(value, bytes) else value for name, value in response.items()}
        identifier = encoded(self.credential_id)
        return {
            "id": identifier,
            "rawId": identifier,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": said,
        }
