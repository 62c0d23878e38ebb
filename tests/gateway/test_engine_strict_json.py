import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.engine.strict_json import MAX_DEPTH, JSONRefused, loads

FIT_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | FIT_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIT_TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_what_python_writes_is_read_back(value, ascii_only):
    assert loads(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.parametrize(
    ("body", "rule", "pointer"),
    [
        (b'{"a": 1, "a": 2}', "DUPLICATE_KEY", "/a"),
        (b'{"a": 1, "\\u0061": 2}', "DUPLICATE_KEY", "/a"),
        (b'[0, {"b": {"c/d~e": 1, "c/d~e": 1}}]', "DUPLICATE_KEY", "/1/b/c~1d~0e"),
        (b'{"a": [1, NaN]}', "NOT_A_NUMBER", "/a/1"),
        (b"-Infinity", "NOT_A_NUMBER", ""),
        (b'{"a": 1e999}', "NUMBER_OUT_OF_RANGE", "/a"),
        (b"[" + b"9" * 5000 + b"]", "NUMBER_OUT_OF_RANGE", None),
        (b'{"a": "x\\u0000"}', "NULL_CHARACTER", "/a"),
        (b'{"a": {"\\u0000": 1}}', "NULL_CHARACTER", "/a"),
        (b'{"a": "\\ud800"}', "LONE_SURROGATE", "/a"),
        (b'{"a": ["\\udc00\\ud800"]}', "LONE_SURROGATE", "/a/0"),
        (b'{"\\ud800": {"a": "\\u0000"}}', "LONE_SURROGATE", ""),
        (b'{"a": "\xff"}', "NOT_UTF8", None),
        (b'{"a": "\xed\xa0\x80"}', "NOT_UTF8", None),
        ('{"a": 1}'.encode("utf-16"), "NOT_UTF8", None),
        (b'\xef\xbb\xbf{"a": 1}', "NOT_JSON", None),
        (b'{"a": "\x00"}', "NOT_JSON", None),
        (b"{'a': 1}", "NOT_JSON", None),
        (b'{"a": 1} x', "NOT_JSON", None),
        (b"", "NOT_JSON", None),
        (b"[" * 100_000, "TOO_DEEP", None),
        (b'{"a":' * 100_000, "TOO_DEEP", None),
        (b"[" * 100_000 + b"]" * 100_000, "TOO_DEEP", None),
        (b'[{"a": 1, "a": 2}, ' + b"[" * 100_000, "TOO_DEEP", None),
        (b'{"a": 1, "a": NaN', "NOT_JSON", None),
    ],
)
def test_json_that_readers_disagree_on_is_refused_where_it_stands(body, rule, pointer):
    with pytest.raises(JSONRefused) as refused:
        loads(body)
    assert (refused.value.rule, refused.value.pointer) == (rule, pointer)


def test_paired_surrogates_and_escaped_backslashes_are_texts_like_others():
    assert loads(b'["\\ud83d\\ude00", "\\\\u0000", "\\\\ud800"]') == ["😀", "\\u0000", "\\ud800"]


@pytest.mark.parametrize(("depth", "taken"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False)])
@pytest.mark.parametrize(("opening", "inner", "closing"), [(b"[", b"1", b"]"), (b'{"a":', b"1", b"}")])
def test_the_deepest_value_that_is_taken(depth, taken, opening, inner, closing):
    body = opening * depth + inner + closing * depth
    if taken:
        loads(body)
    else:
        with pytest.raises(JSONRefused, match="deeper"):
            loads(body)


def test_integers_keep_all_their_digits():
    assert loads(b"[123456789012345678901234567890]") == [123456789012345678901234567890]
    assert math.isclose(loads(b"1e308"), 1e308)
