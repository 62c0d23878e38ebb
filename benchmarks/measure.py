"""Timing two kinds of work side by side."""

import gc
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any, Final

from benchmarks.progress import step

WARM_UP: Final = 2


def nothing() -> None:
    """What most work needs before it is timed."""


@dataclass(frozen=True)
class Work:
    """``act`` is timed, ``prepare`` before each repetition is not."""

    name: str
    act: Callable[[], Any]
    prepare: Callable[[], Any] = nothing


@dataclass(frozen=True)
class Timing:
    """The seconds that the repetitions of one work took."""

    name: str
    seconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        return quantiles(self.seconds, n=20, method="inclusive")[-1]


@dataclass(frozen=True)
class Line:
    """A work beside its peer; ``aim`` is the ratio of the medians that is aimed at, if any is."""

    ours: Timing
    peer: Timing
    aim: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours.p50 / self.peer.p50


def timings(works: Sequence[Work], times: int) -> list[Timing]:
    """``times`` repetitions of each work, by turns, so that a busy moment of the machine meets all of them.

    In another order at each turn: what recurs by itself, such as the collection of garbage, would else meet one alone.
    """
    # What was loaded up to here is no garbage: a server has no whole ontologies lying about.
    gc.collect()
    gc.freeze()
    seconds: list[list[float]] = [[] for _ in works]
    turns = [*zip(works, seconds, strict=True)]
    order = random.Random(0)
    with step(f"Timing {' | '.join(work.name for work in works)}"):
        for repetition in range(WARM_UP + times):
            for work, taken in order.sample(turns, len(turns)):
                elapsed = _elapsed(work)
                if repetition >= WARM_UP:
                    taken.append(elapsed)
    gc.unfreeze()
    return [Timing(work.name, tuple(taken)) for work, taken in zip(works, seconds, strict=True)]


def _elapsed(work: Work) -> float:
    work.prepare()
    start = time.perf_counter()
    work.act()
    return time.perf_counter() - start


def beside(ours: Work, peer: Work, times: int, aim: float | None = None) -> Line:
    """``ours`` and ``peer`` by turns."""
    taken, peer_taken = timings([ours, peer], times)
    return Line(taken, peer_taken, aim)
