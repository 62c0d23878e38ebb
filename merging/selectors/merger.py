"""Merges of one repository's trees, by the rules and strategies that hold there."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from history.models import Commit, Repository
from history.selectors import TreeView, tree_diffs, tree_draft
from merging.engine.policy import NO_DECISIONS, Decisions, Policy
from merging.engine.result import Conflict
from merging.selectors.ancestry import Ancestry, ancestry_of
from merging.selectors.recency import Recency
from merging.selectors.strategies import chosen_in, registered_strategies
from merging.selectors.trees import TreeMerge, merge_trees
from ontology.engine.validation import Rule
from ontology.selectors import TreeState, rules_of, step_read

Recall = Callable[[Collection[Conflict]], Decisions]
"""Decisions that are remembered about some of the conflicts that are open."""


def nothing_remembered(_conflicts: Collection[Conflict]) -> Decisions:
    """Nothing is remembered."""
    return NO_DECISIONS


@dataclass(frozen=True)
class Merger:
    """Merges in one repository with conflicts resolved by ``decisions``, and what these leave open by ``recall``.

    What holds in the repository is read once.
    """

    repository: Repository
    decisions: Decisions
    recall: Recall = nothing_remembered

    def heads(self, ours: Commit, theirs: Commit, bases: Sequence[Commit]) -> TreeMerge:
        """The merge of two commits whose best common ancestors are ``bases``."""
        return self._trees(ancestry_of(bases), TreeView(ours.root), theirs.root, Recency(ours, theirs).newer)

    def read_ahead(self, tree: TreeView, steps: Sequence[tuple[str, str]]) -> None:
        """Read in a few queries what the changes of ``tree`` by ``steps``, one upon the other, will look at.

        Each is what was done from one tree to another. What they meet beyond that, they read themselves.
        """
        changes = [change for step in tree_diffs(tree, steps) for change in step]
        tree.rows.read_ahead(digest for change in changes for digest in (change.before, change.after) if digest)
        # All that is added or edited comes, and then all that is deleted goes.
        everything = {change.key: change.after or change.before for change in changes}
        last = {change.key: change.after for change in changes}
        drafts = (tree_draft(tree, {}, digests) for digests in (everything, last))
        for before, after in pairwise(map(TreeState, (tree, *(draft.tree for draft in drafts)))):
            step_read(before, after, last)

    def change(self, tree: TreeView, before: str, after: str) -> TreeMerge:
        """``tree`` with what was done from one tree to another, which counts as what was done last."""
        return self._trees(Ancestry([tree.at(before)]), tree, after, lambda _path: "theirs")

    def _trees(self, base: Ancestry, ours: TreeView, theirs: str, newer: Callable[[str], str | None]) -> TreeMerge:
        policy = Policy(registered_strategies(), self._chosen, newer=newer)
        decisions = self.decisions
        while True:
            merged = merge_trees(base, ours, ours.at(theirs), rules=self._rules, policy=policy, decisions=decisions)
            recalled = self.recall(merged.conflicts)
            if recalled.keys() <= decisions.keys():
                return merged
            decisions = {**decisions, **recalled}

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return rules_of(self.repository)

    @cached_property
    def _chosen(self) -> Callable[[str], str | None]:
        return chosen_in(self.repository)
