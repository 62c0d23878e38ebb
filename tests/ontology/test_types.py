"""The narrowest type that holds all values of two others."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.engine.types import is_assignable, join


def decimal(precision: int, scale: int) -> dict[str, Any]:
    return {"type": "decimal", "precision": precision, "scale": scale}


def array(items: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": items}}


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ({"type": "short"}, {"type": "integer"}, {"type": "integer"}),
        ({"type": "integer"}, {"type": "float"}, {"type": "double"}),
        ({"type": "long"}, {"type": "double"}, None),
        ({"type": "date"}, {"type": "timestamp"}, {"type": "timestamp"}),
        ({"type": "string"}, {"type": "integer"}, None),
        (decimal(5, 2), decimal(4, 3), decimal(6, 3)),
        (decimal(38, 0), decimal(38, 38), None),
        ({"type": "integer"}, decimal(5, 2), decimal(12, 2)),
        ({"type": "double"}, decimal(5, 2), None),
        (array("short"), array("integer"), array("integer")),
        (array("string"), array("integer"), None),
        (
            {"type": "map", "keys": {"type": "short"}, "values": {"type": "integer"}},
            {"type": "map", "keys": {"type": "long"}, "values": {"type": "float"}},
            {"type": "map", "keys": {"type": "long"}, "values": {"type": "double"}},
        ),
    ],
)
def test_two_types_join_in_the_narrowest_that_holds_both(left, right, expected):
    assert join(left, right) == expected
    assert join(right, left) == expected


PLAIN = st.sampled_from(["byte", "short", "integer", "long", "float", "double", "date", "timestamp", "string"])
TYPES = st.recursive(
    PLAIN.map(lambda name: {"type": name})
    | st.integers(1, 38).flatmap(lambda p: st.builds(decimal, st.just(p), st.integers(0, p))),
    lambda inner: st.builds(lambda of: {"type": "array", "items": of}, inner),
    max_leaves=2,
)


@given(TYPES, TYPES, TYPES)
def test_a_join_holds_both_and_is_held_by_whatever_holds_both(left, right, other):
    found = join(left, right)
    if found is not None:
        assert is_assignable(left, found)
        assert is_assignable(right, found)
    if is_assignable(left, other) and is_assignable(right, other):
        assert found is not None
        assert is_assignable(found, other)
