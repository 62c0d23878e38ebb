"""What the rules that protect a branch ask of a move of its head, and whether it is so.

Nothing here knows a branch, a person or an ontology: who approved, what was found and which checks passed comes in
as :class:`Facts`. Of several rules the strictest holds in every respect.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from gateway.engine.sentences import Sentence, counted, joined, phrase, sentence
from merging.engine.rules import Rule, asks_for_proposals, asks_people, in_order, weaker_in


class Move(StrEnum):
    """What becomes of a branch's head, or of the branch."""

    ADVANCE = "advance"
    """The new head holds the old one."""
    RESET = "reset"
    """The new head does not hold the old one."""
    DELETION = "deletion"
    ARCHIVAL = "archival"
    """It stays where it is, for nobody to work on."""
    CREATION = "creation"
    """There was none."""


class Demand(StrEnum):
    """What a rule can ask for."""

    DELETION = "DELETION_FORBIDDEN"
    ARCHIVAL = "ARCHIVING_FORBIDDEN"
    START = "PROTECTED_START_REQUIRED"
    RESET = "RESET_FORBIDDEN"
    PROPOSAL = "PROPOSAL_REQUIRED"
    APPROVALS = "APPROVALS_REQUIRED"
    OBJECTIONS = "CHANGES_REQUESTED"
    OWNERS = "OWNER_APPROVAL_REQUIRED"
    COMMENTS = "COMMENTS_UNRESOLVED"
    UP_TO_DATE = "UPDATE_REQUIRED"
    FINDINGS = "FINDINGS_FORBIDDEN"
    CHECK = "CHECK_REQUIRED"
    LINEAR = "LINEAR_HISTORY_REQUIRED"


@dataclass(frozen=True)
class Approval:
    """That somebody who may review approved, and has not been heard otherwise since."""

    reviewer: str
    by_author: bool
    """Whether who approved made some of what would land."""
    is_stale: bool
    """Whether what was approved is not what would land."""


@dataclass(frozen=True)
class Ownership:
    """That resources which the move changes have owners."""

    pattern: str
    owners: tuple[str, ...]
    """As people call them."""
    approvers: frozenset[str]
    """The reviewers among the approvals who are owners."""


@dataclass(frozen=True)
class Break:
    """A finding that nobody has overridden; the graver, the higher its ``rank``."""

    rule: str
    path: str
    severity: str
    rank: int


@dataclass(frozen=True)
class Start:
    """That a branch, by what ``rules`` have let in, holds what a new branch begins at."""

    branch: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A move of a head, and what is true at its moment. None has a default: what is not known must not pass."""

    move: Move
    has_proposal: bool
    approvals: tuple[Approval, ...]
    objectors: tuple[str, ...]
    """Reviewers whose last word is that changes are needed, as people call them."""
    ownerships: tuple[Ownership, ...]
    unresolved_comments: int
    is_up_to_date: bool
    """Whether all that is merged in holds the old head."""
    findings: tuple[Break, ...]
    checks: Mapping[str, str]
    """The last state of each check that was posted."""
    is_linear: bool
    """Whether the commits that are added are one line without merges."""
    starts: tuple[Start, ...]
    """Branches that hold what a new branch begins at."""


@dataclass(frozen=True)
class Requirement:
    """One thing that is asked for, whether it is so, and the strictest rule that asks for it."""

    name: Demand
    satisfied: bool
    detail: Sentence
    rule: Rule
    subject: str = ""
    """What tells several of one name apart: the check, the pattern of the owned resources."""
    may_be_bypassed: bool = False
    """Whether it is not so, and every rule that minds gives way to the roles that were shown."""


PASSED: Final = "success"
"""The state of a check that has passed."""

STATES: Final[Mapping[str, Sentence]] = {
    "success": phrase("has passed"),
    "pending": phrase("is still running"),
    "failure": phrase("has failed"),
    "error": phrase("broke down"),
}


def evaluate(rules: Iterable[Rule], facts: Facts, roles: frozenset[str] = frozenset()) -> list[Requirement]:
    """Everything that ``rules`` ask of the move, in the order of :class:`Demand`.

    With ``roles`` shown, a requirement that does not hold tells whether it would be one without the rules that give
    way to one of them.
    """
    ordered = in_order(rules)
    asked = list(_asked(ordered, facts))
    if roles:
        left = _asked([rule for rule in ordered if not rule.bypass_roles & roles], facts)
        stays = {(each.name, each.subject) for each in left if not each.satisfied}
        asked = [
            replace(each, may_be_bypassed=not each.satisfied and (each.name, each.subject) not in stays)
            for each in asked
        ]
    return asked


def _asked(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    for demand in OF_AN_END.get(facts.move, OF_A_NEW_HEAD):
        yield from demand(rules, facts)


def _first(rules: Iterable[Rule], asks: Callable[[Rule], bool]) -> Rule | None:
    return next(filter(asks, rules), None)


def _deletion(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    if rule := _first(rules, lambda rule: rule.forbids_deletion):
        yield Requirement(Demand.DELETION, False, sentence("The branch may not be deleted."), rule)


def _archival(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    if rule := _first(rules, lambda rule: rule.forbids_deletion):
        yield Requirement(Demand.ARCHIVAL, False, sentence("The branch may not be archived."), rule)


def _start(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    if rule := _first(rules, asks_for_proposals):
        found = [(start, weaker_in(start.rules, rules)) for start in facts.starts]
        start, weaker = min(found, key=lambda pair: len(pair[1]), default=(None, []))
        detail = sentence("The branch begins at what another holds that is protected at least as strictly.")
        if start and weaker:
            detail = _weak_start(start, weaker)
        yield Requirement(Demand.START, start is not None and not weaker, detail, rule)


def _weak_start(start: Start, weaker: Sequence[Sentence]) -> Sentence:
    if not start.rules:
        return sentence(
            "The branch begins at what another holds that is protected at least as strictly. "
            "{branch} holds it, but no rule protects it.",
            branch=start.branch,
        )
    return sentence(
        "The branch begins at what another holds that is protected at least as strictly. "
        "{branch} holds it, but its rules ({rules}) are weaker in this: {respects}.",
        branch=start.branch,
        rules=joined("{first}, {second}", [rule.pattern for rule in in_order(start.rules)]),
        respects=joined("{first}, {second}", weaker),
    )


def _reset(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    if rule := _first(rules, lambda rule: rule.forbids_reset):
        detail = sentence("The branch may not be reset: its new head has to hold the old one.")
        yield Requirement(Demand.RESET, facts.move is not Move.RESET, detail, rule)


def _proposal(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    if rule := _first(rules, lambda rule: rule.requires_proposal):
        detail = sentence("The branch changes by the merge of a proposal only.")
        yield Requirement(Demand.PROPOSAL, facts.has_proposal, detail, rule)


def _approvals(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    rule = max(rules, key=lambda rule: rule.required_approvals, default=None)
    if rule is not None and rule.required_approvals:
        counting, needed = len(_approvers(rules, facts)), rule.required_approvals
        detail = counted(
            "{count} approval is needed; there is {there}.",
            "{count} approvals are needed; there is {there}.",
            count=needed,
            there=counting,
        )
        yield Requirement(Demand.APPROVALS, counting >= needed, detail, rule)


def _objections(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    if rule := _first(rules, asks_people):
        detail = sentence("No reviewer asks for changes.")
        if facts.objectors:
            names = joined("{first}, {second}", facts.objectors)
            detail = sentence("Changes are asked for by {names}.", names=names)
        yield Requirement(Demand.OBJECTIONS, not facts.objectors, detail, rule)


def _owners(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    if rule := _first(rules, lambda rule: rule.requires_owner_approval):
        approvers = _approvers(rules, facts)
        for owned in facts.ownerships:
            detail = sentence(
                "What {pattern} describes needs the approval of an owner: {owners}.",
                pattern=owned.pattern,
                owners=joined("{first}, {second}", owned.owners),
            )
            yield Requirement(Demand.OWNERS, bool(owned.approvers & approvers), detail, rule, owned.pattern)


def _comments(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    if rule := _first(rules, lambda rule: rule.requires_resolved_comments):
        detail = counted(
            "{count} comment is not resolved.", "{count} comments are not resolved.", count=facts.unresolved_comments
        )
        yield Requirement(Demand.COMMENTS, not facts.unresolved_comments, detail, rule)


def _up_to_date(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    if rule := _first(rules, lambda rule: rule.requires_up_to_date):
        detail = sentence("What is merged has to hold all that the branch holds.")
        yield Requirement(Demand.UP_TO_DATE, facts.is_up_to_date, detail, rule)


def _findings(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    limited = [(rule.forbids_findings_from, rule) for rule in rules if rule.forbids_findings_from is not None]
    if not limited:
        return
    limit, rule = min(limited, key=lambda pair: pair[0])
    refused = [found for found in facts.findings if found.rank >= limit]
    detail = sentence("Nothing breaks that nobody may break.")
    if refused:
        first = max(refused, key=lambda found: (found.rank, found.path, found.rule))
        detail = counted(
            "{count} finding is too grave and not overridden: {rule} ({severity}) at {path}.",
            "{count} findings are too grave and not overridden, first of all {rule} ({severity}) at {path}.",
            count=len(refused),
            rule=first.rule,
            severity=first.severity,
            path=first.path,
        )
    yield Requirement(Demand.FINDINGS, not refused, detail, rule)


def _checks(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    asking = {name: rule for rule in reversed(rules) for name in rule.required_checks}
    for name in sorted(asking):
        state = facts.checks.get(name, "")
        words = STATES.get(state, phrase("has not been posted"))
        detail = sentence("The check {name} {state}.", name=name, state=words)
        yield Requirement(Demand.CHECK, state == PASSED, detail, asking[name], name)


def _linear(rules: Sequence[Rule], facts: Facts) -> Iterator[Requirement]:
    if rule := _first(rules, lambda rule: rule.requires_linear_history):
        detail = sentence("The branch takes no merge commits: squash or rebase.")
        yield Requirement(Demand.LINEAR, facts.is_linear, detail, rule)


def _approvers(rules: Iterable[Rule], facts: Facts) -> frozenset[str]:
    """The reviewers whose approvals count."""
    rules = list(rules)
    own_counts = not any(rule.author_may_not_approve for rule in rules)
    stale_counts = not any(rule.dismisses_stale_approvals for rule in rules)
    return frozenset(
        each.reviewer
        for each in facts.approvals
        if (own_counts or not each.by_author) and (stale_counts or not each.is_stale)
    )


Asking = Callable[[Sequence[Rule], Facts], Iterator[Requirement]]

OF_AN_END: Final[Mapping[Move, Sequence[Asking]]] = {
    Move.DELETION: (_deletion,),
    Move.ARCHIVAL: (_archival,),
    Move.CREATION: (_start,),
}
"""Of a branch that comes or goes."""
OF_A_NEW_HEAD: Final[Sequence[Asking]] = (
    _reset,
    _proposal,
    _approvals,
    _objections,
    _owners,
    _comments,
    _up_to_date,
    _findings,
    _checks,
    _linear,
)
