"""JSON merge patches (RFC 7396)."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.engine.changes import merge_patched

# RFC 7396, appendix A.
CASES = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "result"), CASES)
def test_a_merge_patch_does_what_the_rfc_shows(target, patch, result):
    before = deepcopy(target)
    assert merge_patched(target, patch) == result
    assert target == before


values = st.recursive(
    st.integers() | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from("abc"), values, max_size=3)


@given(objects, objects)
def test_a_patch_applied_twice_is_a_patch_applied_once(target, patch):
    once = merge_patched(target, patch)
    assert merge_patched(once, patch) == once


@given(objects)
def test_an_empty_patch_changes_nothing_and_a_patch_of_nulls_removes_everything(target):
    assert merge_patched(target, {}) == target
    assert merge_patched(target, dict.fromkeys(target)) == {}
