"""What looking at a change costs in ever larger ontologies, in memory."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Final

from benchmarks.evolution import Evolution, load
from benchmarks.measure import Line, Work, timings
from benchmarks.size import Size
from history.engine.content import Key
from ontology.engine.breaking import Finding, findings
from ontology.engine.effective import Effective, effective_properties
from ontology.engine.validation import Found, affected, validate

TODAY: Final = date(2026, 1, 1)


def lines(size: Size) -> Iterator[Line]:
    """Each of the works at every size but the smallest, beside the same at the size before."""
    evolutions = [load(types, size.types_changed) for types in size.types]
    for name, act in WORKS.items():
        taken = timings([_work(name, act, of) for of in evolutions], size.times)
        yield from (Line(larger, smaller, aim=1.5) for smaller, larger in pairwise(taken))


def _work(name: str, act: Callable[[Evolution], object], of: Evolution) -> Work:
    return Work(f"{name}, {of.types:,} types", lambda: act(of))


def validation(of: Evolution) -> list[Found]:
    """What a commit asks before it is made."""
    return validate(of.after, affected(of.after, of.before, of.keys))


def report(of: Evolution) -> list[Finding]:
    return findings(of.before, of.after, of.changes, today=TODAY)


def effective(of: Evolution) -> dict[Key, dict[str, Effective]]:
    """The properties of everything that changed."""
    return effective_properties(of.after, of.keys)


WORKS: Final[Mapping[str, Callable[[Evolution], object]]] = {
    "incremental validation": validation,
    "report of breaking changes": report,
    "effective properties": effective,
}
