"""The merge of states in memory, such as files hold: merged, checked, and merged again where references dangle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from history.engine.content import Content, Key
from merging.engine.merge import Base, Documents, resolved, virtual_base
from merging.engine.policy import DEFAULT, NO_DECISIONS, Decisions, Policy
from merging.engine.result import Conflict, Settled
from merging.engine.values import Sides
from merging.selectors.checking import Attempt, Repairs, checked
from merging.selectors.normal_forms import normal_forms
from merging.selectors.schema import merge_schema
from ontology.engine.breaking import differing
from ontology.engine.state import Documents as State
from ontology.engine.validation import RULES, Found, Severity, affected, validate


@dataclass(frozen=True)
class DocumentMerge:
    """The merged state, what is open in it, and what settled the rest."""

    contents: Mapping[Key, Content]
    conflicts: tuple[Conflict, ...]
    strategies: tuple[Settled, ...]
    violations: tuple[Found, ...]
    """What is wrong with contents; where nothing is, the rules that are broken in what either side changed
    and what that touches."""

    @property
    def clean(self) -> bool:
        """Whether it may be taken as it is. Warnings do not matter."""
        return not self.conflicts and not any(found.severity == Severity.ERROR for _, found in self.violations)


def merge_documents(
    bases: Sequence[Documents],
    ours: Documents,
    theirs: Documents,
    policy: Policy = DEFAULT,
    decisions: Decisions = NO_DECISIONS,
) -> DocumentMerge:
    """The merge of two states in normal form, of which rids may be missing, over one base or several.

    A reference to what the other side deleted, and rules that only both sides break, are conflicts.
    """
    base = virtual_base(bases, merge_schema(), [Base({}) for _ in bases[1:]])
    sides = Sides(base.documents, ours, theirs)
    states = Sides(*map(State, sides))
    changed = {key for side in (ours, theirs) for pair in differing(base.documents, side) for key in pair if key}

    def attempt(repairs: Repairs) -> Attempt:
        result = resolved(*sides, merge_schema(), decisions, repairs.policy, base.contested)
        contents, malformed = normal_forms(repairs.applied(result.resources), sides[1:])
        result = replace(result, resources=contents)
        state = State(result.documents)
        return Attempt(result, state, tuple(malformed or _broken(state, states)), malformed=bool(malformed))

    merge = checked(attempt, states, changed, RULES, policy, decisions)
    return DocumentMerge(merge.attempt.result.documents, merge.conflicts, merge.strategies, merge.attempt.violations)


def _broken(state: State, sides: Sides) -> list[Found]:
    """The rules that ``state`` breaks in what either side changed and what that touches."""
    subjects: set[Key] = set()
    for side in sides[1:]:
        changed = {key for pair in differing(side, state) for key in pair if key}
        subjects |= affected(state, side, changed)
    return validate(state, subjects)
