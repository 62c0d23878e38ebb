"""The table: medians, 95th percentiles, ratios and whether an aim holds."""

from benchmarks.measure import Line, Timing, Work, timings
from benchmarks.report import table

FAST = Timing("merge", (0.001, 0.002, 0.003))
SLOW = Timing("git merge-tree", (0.004, 0.004, 0.004))


def test_a_line_is_the_ratio_of_the_medians() -> None:
    assert Line(FAST, SLOW).ratio == 0.5


def test_a_table_tells_whether_an_aim_holds() -> None:
    heading, held, missed, open_line = table([Line(FAST, SLOW, 1), Line(SLOW, FAST, 1), Line(FAST, SLOW)]).splitlines()

    assert heading.split() == ["OMS", "P50", "ms", "P95", "ms", "beside", "P50", "ms", "P95", "ms", "ratio", "aim"]
    assert held.split() == ["merge", "2.00", "2.90", "git", "merge-tree", "4.00", "4.00", "0.50", "≤", "1", "holds"]
    assert missed.endswith("≤ 1  missed")
    assert open_line.endswith("0.50")


def test_works_are_timed_by_turns_and_only_after_they_are_warm() -> None:
    done: list[str] = []
    works = [Work(name, lambda name=name: done.append(name), lambda: done.append("ready")) for name in ("a", "b")]

    taken = timings(works, times=3)

    turns = [{*done[place : place + 4]} for place in range(0, len(done), 4)]
    assert done[::2] == ["ready"] * (len(done) // 2)
    assert turns == [{"ready", "a", "b"}] * len(turns)
    assert [len(timing.seconds) for timing in taken] == [3, 3]
    assert done.count("a") > 3
