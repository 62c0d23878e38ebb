"""What is to be done where the sides disagree: strategies chosen beforehand, decisions about single conflicts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from merging.engine.result import Conflict, ConflictKind, Option
from merging.engine.result import Strategy as Settlement
from merging.engine.strategies import BUILT_IN, UNSETTLED, Question, Strategy, Unsettled
from merging.engine.values import ABSENT, Json, Value


@dataclass(frozen=True)
class Decision:
    """How one conflict is resolved: by an :class:`Option` or a strategy.

    ``value`` is that of "custom", and of what is not decided by anybody but follows a rename.
    """

    option: str
    value: Value = ABSENT

    def to_json(self) -> dict[str, Json]:
        """``resolution``, and the ``value`` of "custom" unless there is to be nothing."""
        has_value = self.option == Option.CUSTOM and self.value is not ABSENT
        return {"resolution": str(self.option), **({"value": self.value} if has_value else {})}


@dataclass(frozen=True)
class Decided:
    """A conflict, and the decision that settled it."""

    conflict: Conflict
    decision: Decision

    def to_json(self) -> dict[str, Json]:
        """The conflict as an object, with its resolution."""
        return {**self.conflict.to_json(), **self.decision.to_json()}


Decisions = Mapping[str, Decision]
"""How conflicts are resolved, by their ids. One that fits no conflict does nothing."""

NO_DECISIONS: Final[Decisions] = {}


def _undecided(_path: str) -> str | None:
    return None


@dataclass(frozen=True)
class Policy:
    """The ways of settling that hold for one merge.

    ``chosen`` names the strategy that a repository has chosen for the place at a path, or None. Where
    it has no answer there, the conflict stays. ``decided`` are decisions by kind and path of the conflict.
    """

    strategies: Mapping[str, Strategy] = field(default_factory=lambda: BUILT_IN)
    chosen: Callable[[str], str | None] = _undecided
    decided: Mapping[tuple[ConflictKind, str], Decision] = field(default_factory=dict)
    newer: Callable[[str], str | None] = _undecided
    """Which side was changed last at a path, "ours" or "theirs"; None where that is not known."""

    def decision(self, kind: ConflictKind, *paths: str) -> Decision | None:
        """What was decided about a conflict at one of ``paths``, for it alone or else for its place beforehand."""
        if decided := next((self.decided[kind, path] for path in paths if (kind, path) in self.decided), None):
            return decided
        # That a reference dangles is seen after the merge, by who then asks what is chosen at its place.
        names = () if kind is ConflictKind.DANGLING else map(self.chosen, paths)
        return next((Decision(name) for name in names if name is not None), None)

    def answer(self, decision: Decision, question: Question) -> Value | Unsettled:
        """The value that a decision comes to."""
        if decision.option in (Option.CUSTOM, Settlement.RENAME_FOLLOWED):
            return decision.value
        strategy = self.strategies.get(decision.option)
        return UNSETTLED if strategy is None else strategy(question)


DEFAULT = Policy()
"""Nothing is chosen and nothing decided: every disagreement is a conflict."""
