"""What is true of a branch that is made, as far as rules of protection ask."""

from collections.abc import Collection
from dataclasses import replace

from history.engine import dag
from history.models import Branch
from history.selectors import DatabaseGraph
from merging.engine.globs import matches
from merging.engine.protection import Facts, Move, Start
from merging.engine.rules import Rule, asks_for_proposals
from merging.models import ProtectionRule, RuleMode
from merging.selectors.facts import NOTHING_KNOWN
from merging.selectors.protection import rules_in


def facts_of_creation(wanted: Rule, branch: Branch, modes: Collection[RuleMode]) -> Facts:
    """What ``wanted`` has to know of a branch that was just made, where rules of these ``modes`` protect others."""
    starts = _starts(branch, modes) if asks_for_proposals(wanted) else ()
    return replace(NOTHING_KNOWN, move=Move.CREATION, starts=starts)


def _starts(branch: Branch, modes: Collection[RuleMode]) -> tuple[Start, ...]:
    """The default branch and others that change by proposals only, where they hold the head of ``branch``.

    Of several that the same rules protect it is one.
    """
    repository = branch.repository
    rows = list(ProtectionRule.objects.filter(repository=repository))
    rules = [rule for mode in modes for rule in rules_in(rows, mode)]
    heads = dict(repository.branches.exclude(pk=branch.pk).order_by("name").values_list("name", "head_id"))
    protecting = {name: tuple(rule for rule in rules if matches(rule.pattern, name)) for name in heads}
    names = [
        name
        for name, own in protecting.items()
        if name == repository.default_branch or any(map(asks_for_proposals, own))
    ]
    holding = dag.reaching(DatabaseGraph(), branch.head_id, {heads[name] for name in names})
    by_rules = {protecting[name]: name for name in names if heads[name] in holding}
    return tuple(Start(name, own) for own, name in by_rules.items())
