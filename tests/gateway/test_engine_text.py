import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.engine.text import folded, is_storable


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_normal_forms_and_cases_share_a_key(text):
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert folded(unicodedata.normalize(form, text)) == folded(text)


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll"])))
def test_case_does_not_matter(text):
    assert folded(text.casefold()) == folded(text)


@pytest.mark.parametrize("spelling", ["kim", "KIM", "ＫＩＭ", "Ｋim", "\u212aim"])
def test_kim_is_kim(spelling):
    assert folded(spelling) == "kim"


@pytest.mark.parametrize(
    ("text", "storable"), [("김 \n\U0001f600", True), ("a\0", False), ("\ud800", False), ("a\udfff", False)]
)
def test_what_a_database_can_hold(text, storable):
    assert is_storable(text) == storable
