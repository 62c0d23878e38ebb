"""The benchmarks at a tiny size: OMS and git get the same work and come to the same answers.

A measurement refuses to time what the two answer differently, so that it ran says that they agree.
"""

from pathlib import Path

import pytest

from accounts.models import User
from benchmarks import difference, growth, merge, merge_base, refusals, scenario, sign_in, store, suite
from benchmarks.agreement import Disagreement, agree
from benchmarks.git import GitUnsuitable, check_version
from benchmarks.scenario import Scenario
from benchmarks.size import Size
from tests.conftest import leave_out

TINY = Size(
    resources=80,
    changed=24,
    conflicts=4,
    branches=(3, 9),
    repositories=(20, 60),
    commits=300,
    pairs=40,
    types=(60, 120),
    types_changed=20,
    schema_types=60,
    schema_changed=20,
    sign_ins=1,  # in the test's own transaction
    refusals=2,
    resets=3,
    times=2,
    short_times=2,
    few_times=1,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _suitable_git() -> None:
    try:
        check_version()
    except GitUnsuitable as error:
        leave_out(str(error))


@pytest.fixture
def alice() -> User:
    return store.alice()


@pytest.fixture
def compared(alice: User, tmp_path: Path) -> Scenario:
    return scenario.load(alice, TINY, tmp_path)


def test_both_find_the_same_resources_changed(compared: Scenario) -> None:
    found = difference.differing(compared)

    assert len(found) == TINY.changed
    assert found == difference.git_differing(compared)
    assert {change.kind for change in difference.changes(compared)} == {kind for kind, _ in found}


def test_both_find_the_same_resources_in_conflict(compared: Scenario) -> None:
    found = merge.conflicted(merge.merged(compared).conflicts)

    assert len(found) == TINY.conflicts
    assert found == compared.contested == merge.git_conflicted(compared)


def test_both_merge_everything_else_alike(compared: Scenario) -> None:
    files = merge.merged_files(compared, merge.merged(compared))

    assert len(files) > TINY.changed
    assert files == merge.git_merged_files(compared)


def test_both_find_the_same_merge_bases(alice: User, tmp_path: Path) -> None:
    compared, young, oldest = merge_base.lines(alice, TINY, tmp_path)

    assert len(compared.ours.seconds) == len(compared.peer.seconds) == TINY.pairs
    assert len(young.ours.seconds) == len(oldest.ours.seconds) == TINY.times


def test_every_kind_of_account_is_refused_alike() -> None:
    by_sign_in, by_reset = refusals.lines(TINY)

    for line, times in ((by_sign_in, TINY.refusals), (by_reset, TINY.resets)):
        assert line.aim == 1.1
        assert len(line.ours.seconds) == len(line.peer.seconds) == times


def test_both_let_the_same_user_in_and_hash_a_password_alike() -> None:
    check, by_password = sign_in.lines(TINY)

    assert check.aim == 1.5
    assert len(check.ours.seconds) == len(by_password.peer.seconds) == TINY.times
    assert by_password.ours.name.startswith("sign-in by password, 1 at once: ")


@pytest.mark.slow
def test_every_line_of_the_table_has_a_peer_and_a_ratio(alice: User, tmp_path: Path) -> None:
    lines = list(suite.lines(alice, TINY, tmp_path))

    assert all(line.peer.name and line.ratio > 0 for line in lines)
    assert len({(line.ours.name, line.peer.name) for line in lines}) == len(lines)


def test_a_part_is_measured_by_itself(alice: User, tmp_path: Path) -> None:
    lines = list(suite.lines(alice, TINY, tmp_path, ["growth"]))

    assert [(line.ours.name, line.peer.name) for line in lines] == [
        (f"{work}, 120 types", f"{work}, 60 types") for work in growth.WORKS
    ]


def test_what_disagrees_is_not_timed() -> None:
    with pytest.raises(Disagreement, match=r"Merge bases: 2 and 1; only ours \[1\], only the peer's \[\]"):
        agree("Merge bases", {1, 2}, {2})
    with pytest.raises(Disagreement):
        agree("Nothing at all", set(), set())
