"""Places within a resource, what sides have there, and putting something else there."""

from typing import Any

import pytest

from merging.engine.places import Place, place_of, replaced, sides_at
from merging.engine.values import ABSENT, Sides
from tests.merging.schema import SCHEMA

KEY = ("thing", "T")


@pytest.mark.parametrize(
    ("names", "place"),
    [
        ([], []),
        (["label"], ["label"]),
        (["parents", "0"], ["parents"]),
        (["steps", "2", "deep"], ["steps"]),
        (["limits", "min"], ["limits", "min"]),
        (["members", "a", "type", "unit"], ["members", "a", "type"]),
        (["extra", "a", "b"], ["extra", "a", "b"]),
    ],
)
def test_a_place_ends_at_what_is_only_looked_at_as_a_whole(names: list[str], place: list[str]) -> None:
    assert place_of(SCHEMA, KEY, names) == Place(KEY, tuple(place))


def test_a_member_is_found_on_each_side_by_its_identity_and_else_by_its_name() -> None:
    base = {"members": {"a": {"rid": "1", "type": "x"}}}
    ours = {"members": {"b": {"rid": "1", "type": "y"}, "a": {"rid": "2", "type": "other"}}}
    theirs: dict[str, Any] = {"members": {"b": {"type": "z"}}}
    place = Place(KEY, ("members", "b", "type"))
    merged = {"members": {"b": {"rid": "1", "type": "y"}}}
    assert sides_at(SCHEMA, place, Sides(base, ours, theirs), merged) == Sides("x", "y", "z")
    assert sides_at(SCHEMA, place, Sides(ABSENT, ours, {}), merged) == Sides(ABSENT, "y", ABSENT)


@pytest.mark.parametrize(
    ("content", "names", "value", "expected"),
    [
        ({"a": 1}, ("a",), 2, {"a": 2}),
        ({"a": 1, "b": 2}, ("a",), ABSENT, {"b": 2}),
        ({"a": {"b": 1}}, ("a", "c"), 2, {"a": {"b": 1, "c": 2}}),
        ({}, ("a", "b"), 1, {"a": {"b": 1}}),
        ({"a": [1, {"b": 2}]}, ("a", "1", "b"), 3, {"a": [1, {"b": 3}]}),
        ({"a": 1}, (), {"b": 2}, {"b": 2}),
        ({"a": 1}, (), ABSENT, ABSENT),
    ],
)
def test_something_else_is_put_there_and_the_content_stays_as_it_was(
    content: Any, names: tuple[str, ...], value: Any, expected: Any
) -> None:
    before = repr(content)
    assert replaced(content, names, value) == expected
    assert repr(content) == before
