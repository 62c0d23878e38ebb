"""Keys derived from the installation's secret, and what is encrypted at rest with them."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


def derived_key(secret: str, purpose: str) -> bytes:
    """A 256-bit key for one ``purpose`` by HKDF-SHA-256 (RFC 5869): no two purposes share a key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())


def sealed(key: bytes, plain: bytes, context: bytes) -> bytes:
    """``plain`` under AES-256-GCM: a random nonce, then the ciphertext, bound to ``context``."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def opened(key: bytes, box: bytes, context: bytes) -> bytes:
    """What was sealed. Raises ``cryptography.exceptions.InvalidTag`` for another key, context or content."""
    return AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], context)
