import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from accounts.engine import tokens
from accounts.engine.names import composed, is_username
from accounts.engine.sealing import derived_key, opened, sealed

KEY = derived_key("a secret", "a purpose")


class TestNames:
    @pytest.mark.parametrize("name", ["kim", "김철수", "a.b@c+d-e_f", "ß", "日本", "x9"])
    def test_usernames(self, name):
        assert is_username(name)

    @pytest.mark.parametrize(
        "name", ["", " ", "a b", "a\n", "a/b", "a\x00", "ㅤ", "a\u200b", "a\u202eb", "½", "<b>", "a\u0301\u0301"]
    )
    def test_what_is_no_username(self, name):
        assert not is_username(composed(name))


class TestRefreshTokens:
    def test_a_token_has_one_successor(self):
        token = tokens.opaque_token()

        assert tokens.successor(token, KEY) == tokens.successor(token, KEY)

    def test_nobody_derives_it_without_the_key(self):
        token = tokens.opaque_token()

        assert tokens.successor(token, KEY) != tokens.successor(token, derived_key("another secret", "a purpose"))

    def test_tokens_differ(self):
        assert len({tokens.opaque_token() for _ in range(100)}) == 100


class TestKeys:
    def test_the_thumbprint_is_that_of_rfc_8037(self):
        public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")

        jwk = tokens.public_jwk(public)

        assert jwk["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
        assert jwk["kid"] == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


class TestSealing:
    @given(st.binary(), st.binary())
    def test_what_is_sealed_opens(self, plain, context):
        assert opened(KEY, sealed(KEY, plain, context), context) == plain

    def test_equal_secrets_look_different(self):
        assert sealed(KEY, b"x", b"") != sealed(KEY, b"x", b"")

    @pytest.mark.parametrize("key", [derived_key("a secret", "b purpose"), derived_key("b secret", "a purpose")])
    def test_another_key_opens_nothing(self, key):
        with pytest.raises(InvalidTag):
            opened(key, sealed(KEY, b"x", b""), b"")

    def test_a_box_is_bound_to_its_context(self):
        with pytest.raises(InvalidTag):
            opened(KEY, sealed(KEY, b"x", b"one"), b"two")
