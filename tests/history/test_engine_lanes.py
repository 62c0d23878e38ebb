"""The lanes of a picture of commits: small ones to look at, and what holds for any history."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.engine.lanes import Lane, Lanes, Row, lanes_laid

History = list[tuple[str, tuple[str, ...]]]
"""Commits with their parents, children first."""


def history_of(text: str) -> History:
    """The history that "c: b a, b: a, a:" tells."""
    lines = (line.partition(":") for line in text.split(","))
    return [(commit.strip(), tuple(parents.split())) for commit, _, parents in lines]


def picture(rows: list[Row]) -> list[str]:
    """Rows in letters: o the commit, | a line that passes, ^ one that joins, v one that leaves, x both, Y into what passes."""
    lines = []
    for row in rows:
        marks = {**dict.fromkeys(row.passing, "|"), **dict.fromkeys(row.joining, "^")}
        for lane in row.leaving:
            marks[lane] = {"|": "Y", "^": "x"}.get(marks.get(lane, ""), "v")
        marks[row.lane] = "o"
        lines.append("".join(marks.get(lane, " ") for lane in range(max(marks) + 1)))
    return lines


@pytest.mark.parametrize(
    ("history", "lines"),
    [
        pytest.param("c: b, b: a, a:", ["o", "o", "o"], id="a line"),
        pytest.param("d: b, c: b, b: a, a:", ["o", "|o", "o^", "o"], id="two branches of one commit"),
        pytest.param("m: c b, c: a, b: a, a:", ["ov", "o|", "|o", "o^"], id="a merge"),
        pytest.param("t: b, m: c b, c: a, b: a, a:", ["o", "Yo", "|o", "o|", "o^"], id="a merge of what went on"),
        pytest.param("d: b, c: a, b:, a:", ["o", "|o", "o|", " o"], id="two histories"),
        pytest.param("m: a b c, a:, b:, c:", ["ovv", "o||", " o|", "  o"], id="a merge of three"),
        pytest.param("d: a, c: a, a: b, e: b, b:", ["o", "|o", "o^", "|o", "o^"], id="a lane that is used again"),
        pytest.param("d: a, c: a, a: x y, x:, y:", ["o", "|o", "ox", "o|", " o"], id="a lane used again at once"),
        pytest.param("m: a a, a:", ["o", "o"], id="one parent twice"),
    ],
)
def test_small_histories(history: str, lines: list[str]) -> None:
    assert picture(lanes_laid(history_of(history))[0]) == lines


def test_a_lane_is_kept_for_a_commit_that_comes_later() -> None:
    rows, below = lanes_laid(history_of("d: c, t: a, c: b, b: a"), (Lane("c", begun=False),))
    assert picture(rows) == [" o", " |o", "o^|", "o |"]
    assert below == (Lane("a"), None, Lane("a"))


def test_a_merge_may_be_what_begins_the_lane_that_is_kept() -> None:
    assert picture(lanes_laid(history_of("m: a c, c: a, a:"), (Lane("c", begun=False),))[0]) == ["vo", "o|", "o^"]


# --- Any history ------------------------------------------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Up to 24 commits of up to three parents, with several heads and roots."""
    size = draw(st.integers(1, 24))
    steps = st.lists(st.integers(1, 4) | st.integers(1, size), min_size=1, max_size=3, unique=True)
    history = []
    for number in range(size):
        parents = [str(number + step) for step in draw(steps) if number + step < size]
        history.append((str(number), tuple(parents) if draw(st.integers(0, 9)) else ()))
    return history


def ends(rows: list[Row], below: Lanes) -> Iterator[tuple[str, str]]:
    """(child, commit) for every line that leaves a commit, by following it down its lane."""
    for place, row in enumerate(rows):
        for lane in row.leaving:
            under = (other for other in rows[place + 1 :] if lane not in other.passing)
            end = next(under, None)
            if end is None:
                waiting = below[lane]
                assert waiting
                yield row.commit, waiting.commit
            else:
                assert lane in end.joining
                yield row.commit, end.commit


@given(histories())
def test_every_edge_is_drawn_once_and_leads_to_the_parent(history: History) -> None:
    rows, below = lanes_laid(history)
    assert [row.commit for row in rows] == [commit for commit, _ in history]
    assert list(ends(rows, below)) == [(commit, parent) for commit, parents in history for parent in parents]


@given(histories(), st.integers(0, 24))
def test_every_edge_that_leads_below_a_page_ends_in_a_lane_that_waits(history: History, length: int) -> None:
    rows, below = lanes_laid(history[:length])
    assert list(ends(rows, below)) == [(commit, parent) for commit, parents in history[:length] for parent in parents]
    shown = {commit for commit, _ in history[:length]}
    assert {lane.commit for lane in below if lane} == {p for _, parents in history[:length] for p in parents} - shown


@given(histories())
def test_a_lane_holds_one_line_and_no_commit_stands_on_another_one(history: History) -> None:
    rows, _ = lanes_laid(history)
    for row in rows:
        assert row.lane not in row.passing
        assert not {*row.passing} & {*row.joining}
        assert len({*row.leaving}) == len(row.leaving)
        assert row.leaving[:1] in {(), (row.lane,)}
        assert all(not row.joining or row.lane <= lane for lane in row.joining)
    for upper, lower in pairwise(rows):
        assert {*upper.passing, *upper.leaving} == {*lower.passing, *lower.joining}


@given(histories())
def test_a_new_line_takes_the_first_free_lane(history: History) -> None:
    for row in lanes_laid(history)[0]:
        if not row.joining:
            assert {*range(row.lane)} <= {*row.passing}
        taken = {*row.passing, row.lane}
        for lane in row.leaving:
            assert lane in taken or {*range(lane)} <= taken
            taken.add(lane)


@given(histories(), st.data())
def test_pages_make_up_the_same_picture(history: History, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(history)), max_size=4)))
    rows, lanes = list[Row](), Lanes()
    for start, end in pairwise([0, *cuts, len(history)]):
        page, lanes = lanes_laid(history[start:end], lanes)
        rows += page
    assert (rows, lanes) == lanes_laid(history)


@given(histories(), st.data())
def test_the_first_parents_of_the_commit_that_a_lane_is_kept_for_stay_in_it(history: History, data) -> None:
    parents = dict(history)
    place = trunk = data.draw(st.sampled_from(sorted(parents)))
    rows, below = lanes_laid(history, (Lane(trunk, begun=False),))
    assert list(ends(rows, below)) == [(commit, parent) for commit, of in history for parent in of]
    lanes = {row.commit: row.lane for row in rows}
    while place is not None:
        assert lanes[place] == 0
        place = next(iter(parents[place]), None)
    above = [row for row in rows if int(row.commit) < int(trunk)]
    assert all(row.lane for row in above)
