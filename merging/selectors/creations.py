"""What is true of a branch that is made, as far as rules of protection ask."""

from collections.abc import Collection
from dataclasses import replace

from history.engine import dag
from history.models import Branch
from history.selectors import DatabaseGraph
from merging.engine.globs import matches
from merging.engine.protection import Facts, Move, Rule, asks_for_proposals
from merging.models import ProtectionRule, RuleMode
from merging.selectors.facts import NOTHING_KNOWN
from merging.selectors.protection import rules_in


def facts_of_creation(wanted: Rule, branch: Branch, modes: Collection[RuleMode]) -> Facts:
    """What ``wanted`` has to know of a branch that was just made, where rules of these ``modes`` protect others."""
    is_start_protected = asks_for_proposals(wanted) and _is_held(branch, modes)
    return replace(NOTHING_KNOWN, move=Move.CREATION, is_start_protected=is_start_protected)


def _is_held(branch: Branch, modes: Collection[RuleMode]) -> bool:
    """Whether the default branch, or another one that changes by proposals only, holds the head of ``branch``."""
    repository = branch.repository
    rows = list(ProtectionRule.objects.filter(repository=repository))
    rules = [rule for mode in modes for rule in rules_in(rows, mode)]
    patterns = [rule.pattern for rule in rules if asks_for_proposals(rule)]
    others = repository.branches.exclude(pk=branch.pk).values_list("name", "head_id")
    holders = {
        head
        for name, head in others
        if name == repository.default_branch or any(matches(pattern, name) for pattern in patterns)
    }
    graph, start = DatabaseGraph(), branch.head_id
    return start in holders or any(dag.is_ancestor(graph, start, head) for head in holders)
