"""The keys that sign access tokens: made when first needed, encrypted at rest."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.engine.sealing import derived_key, opened, sealed
from accounts.engine.tokens import public_jwk
from accounts.models import SigningKey

CREATION_LOCK = 0x6F6D735F6B657973
"""The advisory lock ("oms_keys") under which one process makes the key that all will use."""


def signing_key_current() -> tuple[str, Ed25519PrivateKey]:
    """The key that signs now, as (kid, private key); the first call on an installation makes it.

    A key that the present ``SECRET_KEY`` does not open is retired and replaced: whoever changed
    the secret meant what it protected to end.
    """
    return _usable(SigningKey.objects.verifying().first()) or _signing_key_create()


def verifying_key(kid: str) -> Ed25519PublicKey | None:
    """The public key that goes by ``kid``, unless it is retired or never was one of ours."""
    public_key = SigningKey.objects.verifying().filter(kid=kid).values_list("public_key", flat=True).first()
    return None if public_key is None else Ed25519PublicKey.from_public_bytes(bytes(public_key))


def _usable(key: SigningKey | None) -> tuple[str, Ed25519PrivateKey] | None:
    if key is None:
        return None
    try:
        private = opened(_sealing_key(), bytes(key.sealed_private_key), key.kid.encode())
    except InvalidTag:
        return None
    return key.kid, Ed25519PrivateKey.from_private_bytes(private)


@transaction.atomic
def _signing_key_create() -> tuple[str, Ed25519PrivateKey]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CREATION_LOCK])
    if made_meanwhile := _usable(SigningKey.objects.verifying().first()):
        return made_meanwhile
    SigningKey.objects.verifying().update(retired_at=timezone.now())
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    kid = public_jwk(public)["kid"]
    box = sealed(_sealing_key(), private.private_bytes_raw(), kid.encode())
    SigningKey.objects.create(kid=kid, public_key=public, sealed_private_key=box)
    return kid, private


def _sealing_key() -> bytes:
    return derived_key(settings.SECRET_KEY, "oms accounts signing key")
