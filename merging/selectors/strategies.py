"""The strategies that there are, and those that a repository has chosen."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from gateway.engine.json_pointer import tokens
from history.models import Repository
from merging.engine.patterns import Pattern
from merging.engine.strategies import BUILT_IN, UNSETTLED, Question, Strategy, Unsettled
from merging.engine.values import Value
from merging.exceptions import StrategyNotFound
from merging.models import MergeStrategy
from merging.models.strategies import ANY_KIND
from merging.selectors.schema import merge_schema

logger = structlog.get_logger(__name__)

_RESERVED: Final = frozenset({*BUILT_IN, "custom"})


class StrategyMisconfigured(Exception):
    """A strategy that the settings name cannot be had."""


@cache
def registered_strategies() -> Mapping[str, Strategy]:
    """Every strategy by its name: those that are built in, and the functions that ``MERGING_STRATEGIES`` names.

    Raises StrategyMisconfigured.
    """
    found = dict(BUILT_IN)
    for path in settings.MERGING_STRATEGIES:
        try:
            strategy = import_string(path)
        except ImportError as error:
            raise StrategyMisconfigured(f"The merge strategy {path} cannot be imported: {error}.") from error
        name = path.rpartition(".")[2]
        if not callable(strategy):
            raise StrategyMisconfigured(f"The merge strategy {path} is no function.")
        if name in _RESERVED or name in found:
            raise StrategyMisconfigured(f"The name of the merge strategy {path} is taken.")
        found[name] = _guarded(name, strategy)
    return found


def _guarded(name: str, strategy: Strategy) -> Strategy:
    """``strategy``, which has no answer where it fails: then people are asked."""

    def guarded(question: Question) -> Value | Unsettled:
        try:
            return strategy(question)
        except Exception:  # whatever it raises, the merge goes on with a conflict
            logger.exception("merge strategy failed", strategy=name)
            return UNSETTLED

    return guarded


def strategies_of(repository: Repository) -> QuerySet[MergeStrategy]:
    """What ``repository`` has chosen, by kind and pattern."""
    return MergeStrategy.objects.filter(repository=repository).order_by("kind", "pattern")


def strategy_get(repository: Repository, number: int) -> MergeStrategy:
    """The choice of that id. Raises StrategyNotFound."""
    chosen = strategies_of(repository).select_related("repository").filter(pk=number).first()
    if chosen is None:
        raise StrategyNotFound
    return chosen


def chosen_in(repository: Repository) -> Callable[[str], str | None]:
    """Tells which strategy ``repository`` has chosen for the place to which a pointer leads, None where none.

    Where several patterns cover a place the one counts that reaches furthest down to it, then one for the kind
    before one for all, then the more exact one.
    """
    rows = [(row.kind, Pattern.of(row.pattern), row.strategy) for row in strategies_of(repository)]

    def chosen(path: str) -> str | None:
        _, kind, _name, *way = tokens(path)
        record = merge_schema().record(kind)
        covering = [
            (reach, of != ANY_KIND, pattern, strategy)
            for of, pattern, strategy in rows
            if of in (kind, ANY_KIND) and (reach := pattern.reach(record, way)) is not None
        ]
        return max(covering)[-1] if covering else None

    return chosen
