"""Patterns of constraints."""

import re

import pytest

from ontology.engine import patterns


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [("^a+$", "aaa", True), ("^a+$", "aab", False), ("b", "abc", True), ("(?i)é", "É", True), ("", "", True)],
)
def test_a_pattern_is_found_or_not(pattern: str, text: str, found: bool) -> None:
    assert patterns.problem(pattern) is None
    assert patterns.matches(pattern, text) is found


@pytest.mark.parametrize("pattern", ["(", "(?=a)", r"\1", "a**", "a{1,1000}{1,1000}"])
def test_what_is_no_pattern_of_re2_is_told(pattern: str) -> None:
    reason = patterns.problem(pattern)
    assert reason
    with pytest.raises(ValueError, match=re.escape(reason)):
        patterns.matches(pattern, "a")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("(" * 5_000 + "a*" + ")" * 5_000, True), ("(a+)+$", False), ("(.*)(.*)(.*)(.*)(.*)z$", False)],
)
def test_no_pattern_takes_for_ever(pattern: str, found: bool) -> None:
    assert [patterns.matches(pattern, "ab" * 500) for _ in range(20)] == [found] * 20
