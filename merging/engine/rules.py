"""What rules of protection ask: the strictest of several, and which ask at least as much as others."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.engine.sentences import Sentence, phrase


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is asked of every move of the branches that ``pattern`` describes; by itself nothing.

    ``forbids_findings_from`` is the rank of the lightest finding that is refused. ``forbids_deletion`` forbids
    archiving as well, since both take a branch out of use. ``bypass_roles`` are the roles that may go past the rule.
    """

    id: int
    pattern: str
    requires_proposal: bool = False
    required_approvals: int = 0
    requires_owner_approval: bool = False
    author_may_not_approve: bool = False
    dismisses_stale_approvals: bool = False
    requires_resolved_comments: bool = False
    requires_up_to_date: bool = False
    forbids_findings_from: int | None = None
    required_checks: frozenset[str] = frozenset()
    requires_linear_history: bool = False
    forbids_deletion: bool = False
    forbids_reset: bool = False
    bypass_roles: frozenset[str] = frozenset()


Measure = Callable[[Rule], Any]
"""How much a rule asks for in one respect: more is greater, or a superset."""

RESPECTS: Final[Mapping[Sentence, Measure]] = {
    phrase("proposals"): lambda rule: rule.requires_proposal or rule.required_approvals > 0,
    phrase("approvals"): lambda rule: rule.required_approvals,
    phrase("approvals by owners"): lambda rule: rule.requires_owner_approval,
    phrase("resolved comments"): lambda rule: rule.requires_resolved_comments,
    phrase("sources that are up to date"): lambda rule: rule.requires_up_to_date,
    phrase("findings"): lambda rule: -math.inf if (limit := rule.forbids_findings_from) is None else -limit,
    phrase("checks"): lambda rule: rule.required_checks,
}
RESPECTS_OF_APPROVALS: Final[Mapping[Sentence, Measure]] = {
    phrase("approvals by authors"): lambda rule: rule.author_may_not_approve,
    phrase("approvals of earlier commits"): lambda rule: rule.dismisses_stale_approvals,
}
"""Where nobody has to approve, nothing depends on whose approvals count."""


def strictest(rules: Iterable[Rule]) -> Rule:
    """One rule that asks for exactly what all of ``rules``, of which there is at least one, do together.

    Who goes past it goes past each of them.
    """
    ordered = in_order(rules)
    merged = ordered[0]
    for rule in ordered[1:]:
        merged = _stricter(merged, rule)
    return merged


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    """``rules`` by pattern, those of one pattern by age."""
    return sorted(rules, key=lambda rule: (rule.pattern, rule.id))


def asks_for_proposals(rule: Rule) -> bool:
    """Whether nothing comes through ``rule`` that was not proposed."""
    return rule.requires_proposal or asks_people(rule)


def asks_people(rule: Rule) -> bool:
    """Whether somebody has to approve what comes through ``rule``."""
    return rule.required_approvals > 0 or rule.requires_owner_approval


def weaker_in(rules: Collection[Rule], others: Collection[Rule]) -> list[Sentence]:
    """In what ``rules`` keep less out of a branch than ``others``; empty where they ask for at least as much.

    Each of ``others`` is held against those of ``rules`` that hold everybody whom it holds. Deletion, resets and merge
    commits are not compared, since forbidding them keeps no content out.
    """
    respects = {**RESPECTS, **RESPECTS_OF_APPROVALS} if any(map(asks_people, others)) else RESPECTS
    weaker, bypassed = set[Sentence](), set[Sentence]()
    for other in others:
        holding = [rule for rule in rules if rule.bypass_roles <= other.bypass_roles]
        weaker |= _lacking(rules, other, respects)
        bypassed |= _lacking(holding, other, respects)
    ways_past = [phrase("who may go past them")] if bypassed - weaker else []
    return [respect for respect in respects if respect in weaker] + ways_past


def _lacking(rules: Iterable[Rule], other: Rule, respects: Mapping[Sentence, Measure]) -> set[Sentence]:
    """The ``respects`` in which ``rules`` together ask for less than ``other``."""
    together = strictest([Rule(id=0, pattern=""), *rules])
    return {respect for respect, measure in respects.items() if not measure(other) <= measure(together)}


def _stricter(one: Rule, other: Rule) -> Rule:
    limits = [rank for rank in (one.forbids_findings_from, other.forbids_findings_from) if rank is not None]
    return Rule(
        id=one.id,
        pattern=one.pattern,
        requires_proposal=one.requires_proposal or other.requires_proposal,
        required_approvals=max(one.required_approvals, other.required_approvals),
        requires_owner_approval=one.requires_owner_approval or other.requires_owner_approval,
        author_may_not_approve=one.author_may_not_approve or other.author_may_not_approve,
        dismisses_stale_approvals=one.dismisses_stale_approvals or other.dismisses_stale_approvals,
        requires_resolved_comments=one.requires_resolved_comments or other.requires_resolved_comments,
        requires_up_to_date=one.requires_up_to_date or other.requires_up_to_date,
        forbids_findings_from=min(limits, default=None),
        required_checks=one.required_checks | other.required_checks,
        requires_linear_history=one.requires_linear_history or other.requires_linear_history,
        forbids_deletion=one.forbids_deletion or other.forbids_deletion,
        forbids_reset=one.forbids_reset or other.forbids_reset,
        bypass_roles=one.bypass_roles & other.bypass_roles,
    )
