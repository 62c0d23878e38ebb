"""The 42 real merges of schema.org and Biolink, as their maintainers had to make them.

``python -m benchmarks.real_merges`` prints what they come to.
"""

from collections import Counter
from functools import cached_property
from pathlib import Path

import pytest

from merging.engine.merge import Documents, merge
from merging.engine.result import MergeResult
from merging.selectors import DocumentMerge, merge_schema
from tests.merging.real_merges import ABSENT, RealMerge, leaves, load, outcome
from tests.ontology.stored_forms import errors

pytestmark = pytest.mark.slow


class Case:
    """A real merge and what it comes to, each worked out once."""

    def __init__(self, real: RealMerge) -> None:
        self.real = real

    @cached_property
    def base(self) -> Documents:
        return self.real.base

    @cached_property
    def result(self) -> MergeResult:
        return merge(self.base, self.real.ours, self.real.theirs, merge_schema())

    @cached_property
    def merged(self) -> DocumentMerge:
        return self.real.merged()


@pytest.fixture(scope="module")
def cases(oms_test_data: Path) -> list[Case]:
    return [Case(real) for real in load(oms_test_data)]


def is_under(path: str, paths: set[str]) -> bool:
    return any(path == above or path.startswith(f"{above}/") for above in paths)


def test_what_the_maintainers_made_of_every_merge_is_valid(cases: list[Case]) -> None:
    reals = [case.real for case in cases]
    assert Counter(real.source for real in reals) == {"schemaorg": 21, "biolink": 21}
    by_size = sorted(reals, key=lambda real: (real.source, len(real.ours)))  # neighbours have most in common
    assert errors(real.maintainers for real in by_size) == []


def test_no_change_of_a_real_merge_is_lost(cases: list[Case], subtests: pytest.Subtests) -> None:
    """A leaf that both sides changed differently is under a conflict or a strategy; any other is taken."""
    for case in cases:
        with subtests.test(case.real.id):
            result = case.result
            noted = {one.path for one in (*result.conflicts, *result.strategies)}
            base, ours, theirs, found = map(leaves, (case.base, case.real.ours, case.real.theirs, result.documents))
            for path in {*base, *ours, *theirs}:
                before, left, right = (side.get(path, ABSENT) for side in (base, ours, theirs))
                if before == left == right or is_under(path, noted):
                    continue
                assert left == right or before in (left, right), path
                assert found.get(path, ABSENT) == (right if left == before else left), path


def test_the_laws_of_merging_hold_for_real_merges(cases: list[Case], subtests: pytest.Subtests) -> None:
    for case in cases:
        with subtests.test(case.real.id):
            base, ours, theirs, schema = case.base, case.real.ours, case.real.theirs, merge_schema()
            for result in (merge(base, theirs, theirs, schema), merge(base, base, theirs, schema)):
                assert result.clean
                assert result.documents == theirs
            result, swapped = case.result, merge(base, theirs, ours, schema)
            assert swapped.resources == result.resources
            assert swapped.strategies == result.strategies
            assert [(one.kind, one.path, one.base, one.theirs, one.ours) for one in swapped.conflicts] == [
                (one.kind, one.path, one.base, one.ours, one.theirs) for one in result.conflicts
            ]


def test_what_git_merges_as_text_merges_without_conflict(cases: list[Case], subtests: pytest.Subtests) -> None:
    for case in cases:
        if not case.real.git_conflict:
            with subtests.test(case.real.id):
                assert [conflict.path for conflict in case.merged.conflicts] == []


def test_no_real_merge_leaves_a_reference_dangling(cases: list[Case], subtests: pytest.Subtests) -> None:
    for case in cases:
        with subtests.test(case.real.id):
            assert [found.path for _, found in case.merged.violations if found.rule == "DANGLING_REFERENCE"] == []


def test_merged_leaves_are_as_the_maintainers_had_them(cases: list[Case]) -> None:
    """Of the leaves that a side changed, at least the share that field-wise merges with sets are known to reach."""
    outcomes = [outcome(case.real, case.merged) for case in cases]
    changed, kept = (sum(each.changed for each in outcomes), sum(each.as_maintainers for each in outcomes))
    assert kept / changed >= 0.988


def test_most_merges_that_text_merging_fails_on_are_clean(cases: list[Case]) -> None:
    """Field-wise merges with sets are known to clear two thirds of them."""
    clean = [not case.merged.conflicts for case in cases if case.real.git_conflict]
    assert sum(clean) / len(clean) >= 2 / 3
