"""From merged trees to commits on a branch: what every way of merging ends in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Sentence, sentence
from gateway.exceptions import FieldError
from history.engine.content import Content, Key
from history.models import Branch, Commit
from history.services import Authority, check_message, commit_write, draft_write, head_move
from merging.engine.policy import Decided, Decision, Decisions
from merging.engine.result import Conflict, Option, Settled
from merging.engine.values import ABSENT
from merging.exceptions import DecisionInvalid, MergeConflicted
from merging.models import Origin, Revert
from merging.selectors import TreeMerge, registered_strategies
from ontology.engine.validation import Found, Severity, in_document
from ontology.exceptions import OntologyInvalid


@dataclass(frozen=True)
class Step:
    """A state that is written, and the commit to make of it on what came before."""

    root: str
    author: Any
    message: str
    further: Sequence[Commit] = ()
    """Its parents beside the one before."""
    origins: Sequence[Commit] = ()
    """The commits that it does anew."""
    reverts: Sequence[tuple[Commit, int]] = ()
    """The commits that it takes back, each against its parent of that number."""


@dataclass(frozen=True)
class Outcome:
    """The commits that a merge comes to, one after the other, and how that came about."""

    steps: Sequence[Step]
    strategies: Sequence[Settled] = ()
    conflicts: Sequence[Conflict] = ()
    """What is open. The last step holds the base's values there."""
    decided: Sequence[Decided] = ()
    chosen: Sequence[Decided] = ()
    violations: Sequence[FieldError] = ()
    """The rules that the last state breaks."""
    known: Mapping[Key, Content] = field(default_factory=dict, repr=False)
    """Contents of the last state that are at hand, where it is the only one."""
    stopped_at: Commit | None = None
    """The commit at which it ended, where commits are applied one by one."""

    @property
    def clean(self) -> bool:
        return not self.conflicts and not self.violations


def outcome_of(merged: TreeMerge, before: str, step: Callable[[str], Step]) -> Outcome:
    """The one commit that a merge into the tree ``before`` comes to, with its state written."""
    root = before if merged.malformed else draft_write(merged.draft)
    return Outcome(
        [step(root)],
        merged.strategies,
        merged.conflicts,
        merged.decided,
        merged.chosen,
        errors_in(merged.violations),
        {key: content for key, content in merged.draft.contents.items() if content is not None},
    )


def errors_in(violations: Sequence[Found]) -> list[FieldError]:
    """The errors among violations, by pointers into the OMS document."""
    found = map(in_document, violations)
    return [FieldError(each.path, each.rule, each.message) for each in found if each.severity == Severity.ERROR]


def check_decisions(decisions: Decisions) -> None:
    """Raise DecisionInvalid where a conflict is to be resolved by what is neither an option nor a strategy, or a value
    comes with another resolution than custom.
    """
    if errors := [error for conflict, decision in decisions.items() for error in _decision_errors(conflict, decision)]:
        raise DecisionInvalid(errors=errors)


def _decision_errors(conflict: str, decision: Decision) -> Iterator[FieldError]:
    known = {*Option, *registered_strategies()}
    if decision.option not in known:
        message = sentence("A conflict is resolved by one of {names}.", names=", ".join(sorted(known)))
        yield FieldError(pointer("/decisions", conflict, "resolution"), "VALUE_UNKNOWN", message)
    elif decision.option != Option.CUSTOM and decision.value is not ABSENT:
        message = sentence("A value goes with the resolution custom only.")
        yield FieldError(pointer("/decisions", conflict, "value"), "NOT_CUSTOM", message)


def check_outcome(outcome: Outcome, problem: Callable[[int], Sentence]) -> None:
    """Raise MergeConflicted where conflicts are open, else OntologyInvalid where rules are broken.

    ``problem`` tells of the conflicts by their number.
    """
    stopped: dict[str, Any] = {"stopped_at": outcome.stopped_at.digest} if outcome.stopped_at else {}
    if outcome.conflicts:
        conflicts = [conflict.to_open_json() for conflict in outcome.conflicts]
        raise MergeConflicted(problem(len(conflicts)), errors=outcome.violations, conflicts=conflicts, **stopped)
    if outcome.violations:
        raise OntologyInvalid(errors=outcome.violations, **stopped)


def steps_land(
    *,
    actor: Any,
    branch: Branch,
    head: Commit,
    outcome: Outcome,
    event: str,
    data: dict[str, Any],
    authority: Authority,
) -> Commit:
    """Commit the steps on ``head`` and move ``branch``, whose lock the caller holds, to the last; gives that."""
    commit, commits = head, list[Commit]()
    for step in outcome.steps:
        check_message(step.message)
        parents = [commit, *step.further]
        commit = commit_write(
            repository=branch.repository, author=step.author, root=step.root, parents=parents, message=step.message
        )
        commits.append(commit)
    made = list(zip(commits, outcome.steps, strict=True))
    Origin.objects.bulk_create(Origin(commit=new, origin=origin) for new, step in made for origin in step.origins)
    Revert.objects.bulk_create(
        Revert(commit=new, reverted=reverted, mainline=mainline)
        for new, step in made
        for reverted, mainline in step.reverts
    )
    head_move(
        actor=actor,
        branch=branch,
        before=head,
        after=commit,
        event=event,
        data={**data, "strategies": [settled.to_json() for settled in outcome.strategies]},
        authority=authority,
        known=outcome.known,
    )
    return commit
