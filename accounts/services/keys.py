"""The keys that sign access tokens: made when first needed, encrypted at rest."""

from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.engine.sealing import derived_key, opened, sealed
from accounts.engine.tokens import public_jwk
from accounts.models import SigningKey
from history.services import event_record

CREATION_LOCK = 0x6F6D735F6B657973
"""The advisory lock ("oms_keys") under which one process makes the key that all will use."""


def signing_key_current() -> tuple[str, Ed25519PrivateKey]:
    """The key that signs now, as (kid, private key); the first call on an installation makes it.

    A key that the present ``SECRET_KEY`` does not open is retired and replaced: whoever changed
    the secret meant what it protected to end.
    """
    return _usable(SigningKey.objects.filter(retired_at__isnull=True).first()) or _signing_key_make()


@transaction.atomic
def signing_key_rotate(*, overlap: timedelta) -> str:
    """Sign with a new key from now on; the others verify for ``overlap`` more. The new key's ``kid``.

    An overlap of at least ``settings.ACCESS_TOKEN_LIFETIME`` throws nobody out; with none, which is for
    a key that has leaked, every access token ends and clients go on with their refresh tokens.
    """
    _lock()
    return _signing_key_replace(timezone.now() + overlap)[0]


def _usable(key: SigningKey | None) -> tuple[str, Ed25519PrivateKey] | None:
    if key is None:
        return None
    try:
        private = opened(_sealing_key(), bytes(key.sealed_private_key), key.kid.encode())
    except InvalidTag:
        return None
    return key.kid, Ed25519PrivateKey.from_private_bytes(private)


@transaction.atomic
def _signing_key_make() -> tuple[str, Ed25519PrivateKey]:
    _lock()
    made_meanwhile = _usable(SigningKey.objects.filter(retired_at__isnull=True).first())
    return made_meanwhile or _signing_key_replace(timezone.now())


def _signing_key_replace(others_retire_at: datetime) -> tuple[str, Ed25519PrivateKey]:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    kid = public_jwk(public)["kid"]
    later = Q(retired_at__isnull=True) | Q(retired_at__gt=others_retire_at)
    SigningKey.objects.filter(later).update(retired_at=others_retire_at)
    box = sealed(_sealing_key(), private.private_bytes_raw(), kid.encode())
    SigningKey.objects.create(kid=kid, public_key=public, sealed_private_key=box)
    event_record(
        type="io.oms.accounts.signing_key.rotated",
        subject=f"signing-keys/{kid}",
        actor=None,
        data={"kid": kid, "others_retire_at": others_retire_at.isoformat()},
    )
    return kid, private


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CREATION_LOCK])


def _sealing_key() -> bytes:
    return derived_key(settings.SECRET_KEY, "oms accounts signing key")
