"""Merges of one repository's trees, by the rules and strategies that hold there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from history.engine.tree import EMPTY_ROOT
from history.models import Commit, Repository
from history.selectors import TreeView, merge_bases
from merging.engine.policy import Decisions, Policy
from merging.selectors.recency import Recency
from merging.selectors.strategies import chosen_in, registered_strategies
from merging.selectors.trees import TreeMerge, merge_trees
from ontology.engine.validation import Rule
from ontology.selectors import rules_of


@dataclass(frozen=True)
class Merger:
    """Merges in one repository with conflicts resolved by ``decisions``. What holds there is read once."""

    repository: Repository
    decisions: Decisions

    def heads(self, ours: Commit, theirs: Commit, bases: Sequence[Commit]) -> TreeMerge:
        """The merge of two commits whose best common ancestors are ``bases``."""
        roots = [base.root for base in bases] or [EMPTY_ROOT]
        return self._trees(roots, TreeView(ours.root), theirs.root, _common_root(bases), Recency(ours, theirs).newer)

    def change(self, tree: TreeView, before: str, after: str) -> TreeMerge:
        """``tree`` with what was done from one tree to another, which counts as what was done last."""
        return self._trees([before], tree, after, EMPTY_ROOT, lambda _path: "theirs")

    def _trees(
        self, bases: Sequence[str], ours: TreeView, theirs: str, common: str, newer: Callable[[str], str | None]
    ) -> TreeMerge:
        return merge_trees(
            [TreeView(base) for base in bases],
            ours,
            TreeView(theirs),
            TreeView(common),
            rules=self._rules,
            policy=Policy(registered_strategies(), self._chosen, newer=newer),
            decisions=self.decisions,
        )

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return rules_of(self.repository)

    @cached_property
    def _chosen(self) -> Callable[[str], str | None]:
        return chosen_in(self.repository)


def _common_root(bases: Sequence[Commit]) -> str:
    """The tree that several merge bases come from themselves."""
    earlier = merge_bases(bases[0], bases[1]) if len(bases) > 1 else []
    return earlier[0].root if earlier else EMPTY_ROOT
