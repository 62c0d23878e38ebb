"""The public keys: ``GET /.well-known/jwks.json``."""

import jwt
import pytest
from django.utils import timezone

from accounts.models import SigningKey
from accounts.services.keys import signing_key_current
from tests.factories import tokens_for
from tests.threads import at_once

URL = "/.well-known/jwks.json"


def test_anybody_can_verify_a_token_with_it(anonymous, bob, settings):
    access = tokens_for(bob).access

    response = anonymous.get(URL)

    assert response["Cache-Control"] == "public, max-age=300"
    keys = jwt.PyJWKSet.from_dict(response.json())
    key = keys[jwt.get_unverified_header(access)["kid"]]
    claims = jwt.decode(access, key, algorithms=["EdDSA"], audience="oms", issuer=settings.TOKEN_ISSUER)
    assert claims["sub"] == str(bob.pk)


def test_holds_nothing_private(anonymous, bob):
    tokens_for(bob)

    (key,) = anonymous.get(URL).json()["keys"]

    assert set(key) == {"kty", "crv", "x", "kid", "alg", "use"}


def test_a_retired_key_is_gone(anonymous, bob):
    tokens_for(bob)
    SigningKey.objects.update(retired_at=timezone.now())

    assert anonymous.get(URL).json() == {"keys": []}


@pytest.mark.django_db(transaction=True)
def test_many_first_sign_ins_make_one_key():
    kids = at_once(10, lambda _: signing_key_current()[0])

    assert len(set(kids)) == 1
    assert SigningKey.objects.count() == 1


def test_the_private_key_is_encrypted_at_rest(db):
    _, private = signing_key_current()

    assert private.private_bytes_raw() not in bytes(SigningKey.objects.get().sealed_private_key)


def test_a_new_secret_ends_the_keys_of_the_old_one(db, settings):
    old, _ = signing_key_current()
    settings.SECRET_KEY = "another secret key that is long enough"

    new, _ = signing_key_current()

    assert new != old
    assert [key.kid for key in SigningKey.objects.verifying(timezone.now())] == [new]
