"""Patterns of branches and of resources."""

import time

import pytest

from merging.engine.globs import example, last_match, matches


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("main", "main", True),
        ("main", "Main", False),
        ("main", "main/1", False),
        ("*", "main", True),
        ("*", "release/1", False),
        ("release/*", "release/1", True),
        ("release/*", "release/1/2", False),
        ("release/*", "release", False),
        ("release/**", "release/1/2", True),
        ("release/**", "release", False),
        ("**", "main", True),
        ("**", "a/b/c", True),
        ("**/draft", "draft", True),
        ("**/draft", "a/b/draft", True),
        ("**/draft", "a/b/drafts", False),
        ("a/**/z", "a/z", True),
        ("a/**/z", "a/b/c/z", True),
        ("a/**/z", "a/b/c", False),
        ("v?.*", "v1.2", True),
        ("v?.*", "v/.2", False),
        ("v[0-9]", "v3", True),
        ("v[!0-9]", "v3", False),
        ("*/Person", "object_type/Person", True),
        ("a.c", "abc", False),
        ("출시/*", "출시/봄", True),
        ("", "main", False),
    ],
)
def test_a_star_stays_between_slashes_and_two_of_them_do_not(pattern: str, name: str, expected: bool) -> None:
    assert matches(pattern, name) is expected


@pytest.mark.parametrize("pattern", ["*a" * 90 + "b", "**/" * 60 + "b", "**/*a*/" * 25 + "b"])
def test_no_pattern_takes_long(pattern: str) -> None:
    name = "/".join("a" * 9 for _ in range(20))
    start = time.process_time()
    assert not matches(pattern, name)
    assert not matches(pattern, "a" * 200)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("object_type/Order", 3),
        ("object_type/Invoice", 1),
        ("link_type/Person", 2),
        ("link_type/employment", 0),
        ("struct_type/OrderLine", 3),
    ],
)
def test_of_several_patterns_the_last_counts_and_one_without_a_slash_describes_any_depth(path: str, place: int) -> None:
    assert last_match(["**", "object_type/*", "Person", "Order*"], path) == place


def test_where_no_pattern_matches_none_counts() -> None:
    assert last_match([], "object_type/Order") is None
    assert last_match(["Person", "link_type/*"], "object_type/Order") is None


@pytest.mark.parametrize(
    ("glob", "name"),
    [
        ("Order*", "Order"),
        ("*", "a"),
        ("v?.*", "va."),
        ("v[3-9]", "v3"),
        ("v[!a-z]", "vA"),
        ("v[.]", "v[.]"),
        ("v[", "v["),
        ("봄*", "봄"),
    ],
)
def test_an_example_is_of_usual_characters_where_it_can_be(glob: str, name: str) -> None:
    assert example(glob) == name
