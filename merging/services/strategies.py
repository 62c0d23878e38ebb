"""Which strategies a repository chooses for disagreements."""

from typing import Any, Final

from django.db import transaction

from gateway.engine.sentences import Sentence, sentence
from gateway.exceptions import FieldError
from history.models import Repository
from history.permissions import ADMINISTER, require
from history.services import event_record
from merging.engine.patterns import Pattern
from merging.exceptions import StrategyInvalid, StrategyNotFound
from merging.models import MergeStrategy
from merging.models.strategies import ANY_KIND
from merging.selectors import merge_schema, registered_strategies

PATTERN_LENGTH: Final = 200


@transaction.atomic
def merge_strategy_set(
    *, actor: Any, repository: Repository, kind: str, pattern: str, strategy: str
) -> tuple[MergeStrategy, bool]:
    """Have ``strategy`` settle disagreements at what ``pattern`` covers in resources of ``kind``, ``*`` being all.

    The choice, and whether there was none for that kind and pattern. Raises StrategyInvalid where there is no such
    strategy or kind, or nothing that the pattern could cover.
    """
    require(actor, ADMINISTER, repository)
    _check(kind, pattern, strategy)
    held = MergeStrategy.objects.filter(repository=repository, kind=kind, pattern=pattern).first()
    if held is not None and held.strategy == strategy:
        return held, False
    chosen, is_new = MergeStrategy.objects.update_or_create(
        repository=repository, kind=kind, pattern=pattern, defaults={"strategy": strategy}
    )
    _tell("io.oms.merging.strategy.set", actor, chosen, strategy=strategy)
    return chosen, is_new


@transaction.atomic
def merge_strategy_remove(*, actor: Any, chosen: MergeStrategy) -> None:
    """Let disagreements there be conflicts again. Raises StrategyNotFound where somebody else did so meanwhile."""
    require(actor, ADMINISTER, chosen.repository)
    deleted, _ = MergeStrategy.objects.filter(pk=chosen.pk).delete()
    if not deleted:
        raise StrategyNotFound
    _tell("io.oms.merging.strategy.removed", actor, chosen)


def _check(kind: str, pattern: str, strategy: str) -> None:
    """Raise StrategyInvalid with all that is wrong with a choice."""
    kinds = merge_schema().kinds
    meant = [kinds[each] for each in ((kind,) if kind != ANY_KIND else kinds) if each in kinds]
    is_short = 1 <= len(pattern) <= PATTERN_LENGTH
    rules: tuple[tuple[str, str, bool, Sentence], ...] = (
        (
            "kind",
            "KIND_UNKNOWN",
            not meant,
            sentence("The kind is one of {kinds} or *.", kinds=", ".join(kinds)),
        ),
        (
            "pattern",
            "LENGTH",
            not is_short,
            sentence("A pattern has 1 to {limit} characters.", limit=PATTERN_LENGTH),
        ),
        (
            "pattern",
            "PATTERN_UNKNOWN",
            is_short and bool(meant) and not any(Pattern.of(pattern).may_cover(record) for record in meant),
            sentence("There is nothing in such resources that {pattern} could cover.", pattern=repr(pattern)),
        ),
        (
            "strategy",
            "VALUE_UNKNOWN",
            strategy not in registered_strategies(),
            sentence("The strategy is one of {names}.", names=", ".join(registered_strategies())),
        ),
    )
    errors = [FieldError(f"/{field}", rule, message) for field, rule, broken, message in rules if broken]
    if errors:
        raise StrategyInvalid(errors=errors)


def _tell(event: str, actor: Any, chosen: MergeStrategy, **more: str) -> None:
    repository = chosen.repository
    event_record(
        type=event,
        subject=f"repositories/{repository.name}",
        actor=actor,
        repository=repository,
        data={"repository": repository.name, "kind": chosen.kind, "pattern": chosen.pattern, **more},
    )
