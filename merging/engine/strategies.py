"""How a place can be settled at which the sides disagree, by names that a repository or a person chooses.

A strategy gets the question and answers with the value, ``ABSENT`` included, or with :data:`UNSETTLED`
where it has none. It treats the sides alike, unless it is one that names a side.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from itertools import chain
from typing import Final

from history.engine.canonical import canonical_bytes
from merging.engine.schema import Joined, Limit, OrderedList, Rule
from merging.engine.values import ABSENT, Json, Sides, Value


class Unsettled(Enum):
    """There is no answer, which is not the same as no value."""

    UNSETTLED = "unsettled"


UNSETTLED: Final = Unsettled.UNSETTLED


def _unknown() -> None:
    """Nobody knows which side was changed last."""


@dataclass(frozen=True)
class Question:
    """What three values, of which no two are the same, come to under a rule.

    ``newer`` tells which side was changed last there, "ours" or "theirs", or None where that is not known.
    """

    rule: Rule
    sides: Sides
    newer: Callable[[], str | None] = _unknown


Strategy = Callable[[Question], Value | Unsettled]


def ours(question: Question) -> Value:
    """Our value."""
    return question.sides.ours


def theirs(question: Question) -> Value:
    """Their value."""
    return question.sides.theirs


def base(question: Question) -> Value:
    """What there was before, so that neither side gets its way."""
    return question.sides.base


def newest(question: Question) -> Value | Unsettled:
    """The value of the side that was changed last."""
    newer = question.newer()
    return UNSETTLED if newer is None else getattr(question.sides, newer)


def union(question: Question) -> Value | Unsettled:
    """Everything that either side has in an ordered list: ours first, then what theirs has beside it."""
    lists = [value for value in question.sides[1:] if value is not ABSENT]
    is_whole = not isinstance(question.rule, OrderedList) or question.rule.atomic
    if is_whole or not all(isinstance(value, list) for value in lists):
        return UNSETTLED
    kept: dict[bytes, Json] = {}
    for item in chain.from_iterable(lists):
        kept.setdefault(canonical_bytes(item), item)
    return list(kept.values())


def wider(question: Question) -> Value | Unsettled:
    """The least value that holds what both sides hold."""
    return _joined(question.rule, question.sides.ours, question.sides.theirs)


def looser(question: Question) -> Value | Unsettled:
    """The bound that allows more."""
    return _bound(question, stricter=False)


def stricter(question: Question) -> Value | Unsettled:
    """The bound that allows less."""
    return _bound(question, stricter=True)


BUILT_IN: Final[Mapping[str, Strategy]] = {
    each.__name__: each for each in (ours, theirs, base, union, wider, looser, stricter, newest)
}
"""The strategies that are always there."""

_SIDES: Final = frozenset({"ours", "theirs", "base"})
"""Those that are no offers of their own: every conflict has sides."""


def offers(question: Question, strategies: Mapping[str, Strategy]) -> dict[str, Value]:
    """What the strategies come to that could settle the question beside its sides, by their names."""
    answers = {name: strategy(question) for name, strategy in strategies.items() if name not in _SIDES}
    return {name: answer for name, answer in answers.items() if answer is not UNSETTLED}


# --- Orders ---------------------------------------------------------------------------------------


def _joined(rule: Rule, left: Value, right: Value) -> Value | Unsettled:
    if not isinstance(rule, Joined) or ABSENT in (left, right):
        return UNSETTLED
    found = rule.join(left, right)
    return UNSETTLED if found is None else found


def _bound(question: Question, *, stricter: bool) -> Value | Unsettled:
    if not isinstance(question.rule, Limit):
        return UNSETTLED
    _, left, right = question.sides
    if ABSENT in (left, right):  # no bound is the loosest
        return next(value for value in (left, right) if (value is ABSENT) != stricter)
    ranks = [_rank(left), _rank(right)]
    if None in ranks or type(ranks[0]) is not type(ranks[1]):
        return UNSETTLED
    first_is_less = ranks[0] < ranks[1]  # type: ignore[operator]  # of one type, and none is None
    return left if first_is_less == (question.rule.lower != stricter) else right


def _rank(value: Json) -> Decimal | str | None:
    """What a bound is ordered by: its number, or its text, as dates and times in ISO 8601 are."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        return str(value)
    return number if number.is_finite() else None
