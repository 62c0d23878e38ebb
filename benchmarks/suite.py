"""All measurements, in the order of the table."""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final

from benchmarks import (
    branches,
    commits,
    difference,
    graphql_core,
    growth,
    merge,
    merge_base,
    proposals,
    refusals,
    scenario,
    sign_in,
)
from benchmarks.measure import Line
from benchmarks.size import Size


def lines(actor: Any, size: Size, folder: Path, parts: Collection[str] = ()) -> Iterator[Line]:
    """The lines of the table, of ``parts`` where any are given; git's repositories come to lie in ``folder``."""
    for part, measure in PARTS.items():
        if not parts or part in parts:
            yield from measure(actor, size, folder)


def _compared(actor: Any, size: Size, folder: Path) -> Iterator[Line]:
    compared = scenario.load(actor, size, folder)
    yield from difference.lines(compared, size)
    yield from merge.lines(compared, size)


PARTS: Final[Mapping[str, Callable[[Any, Size, Path], Iterator[Line]]]] = {
    "merge": _compared,
    "branch": branches.lines,
    "commit": commits.lines,
    "merge-base": merge_base.lines,
    "proposals": proposals.lines,
    "accounts": lambda _actor, size, _folder: chain(sign_in.lines(size), refusals.lines(size)),
    "growth": lambda _actor, size, _folder: growth.lines(size),
    "graphql": lambda _actor, size, _folder: graphql_core.lines(size),
}
"""What can be measured by itself, by what it is called on the command line."""
