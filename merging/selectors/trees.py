"""The merge of whole trees, checked, at a cost that follows what changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from history.engine.content import Key
from history.engine.tree import Difference
from history.selectors import TreeDraft, TreeView, tree_diff, tree_draft
from history.selectors.rows import Rows
from merging.engine.contested import NOTHING_CONTESTED, Contested
from merging.engine.merge import resolved
from merging.engine.policy import DEFAULT, NO_DECISIONS, Decided, Decision, Decisions, Policy
from merging.engine.result import Conflict, MergeResult, Settled
from merging.engine.values import Sides
from merging.selectors.ancestry import Ancestry
from merging.selectors.checking import Attempt, Repairs, checked
from merging.selectors.identities import identities_given
from merging.selectors.normal_forms import normal_forms
from merging.selectors.schema import merge_schema
from ontology.engine.state import Documents as DocumentState
from ontology.engine.validation import RULES, Found, Rule
from ontology.selectors import TreeState, violations_between

Digests = Mapping[Key, str | None]
"""The blobs under some keys; None where a key is not there."""


@dataclass(frozen=True)
class TreeMerge:
    """The merged tree, what is open in it, and what settled the rest."""

    draft: TreeDraft
    """The tree on top of ours; nothing of it is written."""
    conflicts: tuple[Conflict, ...]
    strategies: tuple[Settled, ...]
    decided: tuple[Decided, ...]
    """What decisions have settled."""
    chosen: tuple[Decided, ...]
    """What strategies have settled that the policy chose beforehand."""
    violations: tuple[Found, ...]
    """The rules that it breaks and ours may not, in what the merge can have touched."""
    malformed: bool
    """Whether contents have not the form of their kind, so that the tree must not be written."""


def merge_trees(
    base: Ancestry,
    ours: TreeView,
    theirs: TreeView,
    *,
    rules: Mapping[str, Rule] = RULES,
    policy: Policy = DEFAULT,
    decisions: Decisions = NO_DECISIONS,
) -> TreeMerge:
    """The merge of two trees that come from ``base``.

    Several bases are merged into a virtual one first. Contents are read only
    where they can meet: what one side alone edited is taken by its digest. A reference to what the other
    side deleted, and ``rules`` that only both sides break, are conflicts.
    """
    ground = _ground(base, ours, theirs)
    drafts: list[TreeDraft] = []

    def attempt(repairs: Repairs) -> Attempt:
        found, draft = ground.attempt(repairs, rules, decisions)
        drafts.append(draft)
        return found

    merge = checked(attempt, ground.sides, ground.changed, rules, policy, decisions)
    last = merge.attempt
    decided = tuple(Decided(conflict, decisions[conflict.id]) for conflict in merge.decided)
    chosen = tuple(Decided(each.conflict, Decision(each.strategy)) for each in merge.chosen)
    return TreeMerge(drafts[-1], merge.conflicts, merge.strategies, decided, chosen, last.violations, last.malformed)


@dataclass(frozen=True)
class _Ground:
    """What is merged: the keys whose contents meet, what is taken from theirs by its digest, and the three states."""

    ours: TreeView
    changed: Collection[Key]
    """The keys at which a side differs from the base."""
    met: Collection[Key]
    taken: Digests
    sides: Sides
    contested: Contested
    """The places at which the bases disagree."""

    def attempt(self, repairs: Repairs, rules: Mapping[str, Rule], decisions: Decisions) -> tuple[Attempt, TreeDraft]:
        documents, result = self._resolved({*self.met, *repairs.keys}, repairs.policy, decisions)
        contents, malformed = normal_forms(repairs.applied(result.resources), documents)
        malformed += identities_given(contents, documents)
        taken = {key: digest for key, digest in self.taken.items() if key not in contents}
        draft = tree_draft(self.ours, contents, taken)
        state = _DraftState(draft)
        violations = malformed or violations_between(self.sides.ours, state, rules)
        result = replace(result, resources=contents)
        return Attempt(result, state, tuple(violations), malformed=bool(malformed)), draft

    def _resolved(self, keys: set[Key], policy: Policy, decisions: Decisions) -> tuple[Sides, MergeResult]:
        """The merge at ``keys`` and whatever else is called as something is called that a decision names."""
        while True:
            documents = Sides(*(side.contents(keys) for side in self.sides))
            result = resolved(*documents, merge_schema(), decisions, policy, self.contested)
            named = result.resources.keys() - keys
            there = set().union(*(side.existing(named) for side in self.sides)) if named else set()
            if not there:
                return documents, result
            keys |= there


class _DraftState(TreeState):
    """The state of a tree that is not written: what its contents name is in no row yet."""

    def __init__(self, draft: TreeDraft) -> None:
        super().__init__(draft.tree, draft.contents)
        self._drafted = DocumentState({key: content for key, content in draft.contents.items() if content is not None})

    def referrers(self, keys: Iterable[Key], kinds: Collection[str] = ()) -> dict[Key, set[Key]]:
        asked = set(keys)
        return _joined(super().referrers(asked, kinds), self._drafted.referrers(asked, kinds))

    def namesakes(self, keys: Iterable[Key]) -> dict[Key, set[Key]]:
        asked = set(keys)
        return _joined(super().namesakes(asked), self._drafted.namesakes(asked))


def _joined(left: Mapping[Key, set[Key]], right: Mapping[Key, set[Key]]) -> dict[Key, set[Key]]:
    return {key: left.get(key, set()) | right.get(key, set()) for key in left.keys() | right.keys()}


def _ground(ancestry: Ancestry, ours: TreeView, theirs: TreeView) -> _Ground:
    bases = ancestry.bases
    contested = NOTHING_CONTESTED
    if len(bases) == 1:
        left, right = tree_diff(bases[0], ours), tree_diff(bases[0], theirs)
        changed = {each.key for each in (*left, *right)}
        met, taken = _split(left, right, ours.rows)
        documents = _documents(met, left, right, ours.rows)
    else:
        met = {change.key for view in (*ancestry.views(), ours, theirs) for change in tree_diff(bases[0], view)}
        taken = {}
        base = ancestry.base(met)
        contested = base.contested
        documents = Sides(base.documents, ours.contents(met), theirs.contents(met))
        changed = met = {*met, *base.documents}
    absent = dict.fromkeys(met)
    states = (
        TreeState(view, {**absent, **side}) for view, side in zip((bases[0], ours, theirs), documents, strict=True)
    )
    return _Ground(ours, changed, met, taken, Sides(*states), contested)


def _split(left: Sequence[Difference], right: Sequence[Difference], rows: Rows) -> tuple[set[Key], Digests]:
    """The keys whose contents must be looked at, and what is simply taken from the right.

    Contents meet where both sides changed a key. Where something goes by several names, a
    rename reaches into everything that the other side changed, so all of it is looked at.
    """
    changed_left, changed_right = {each.key for each in left}, {each.key for each in right}
    if _has_several_names([*left, *right], rows):
        return changed_left | changed_right, {}
    met = changed_left & changed_right
    return met, {each.key: each.after for each in right if each.key not in met}


def _has_several_names(changes: Sequence[Difference], rows: Rows) -> bool:
    """Whether base and sides have a resource under more than one name."""
    versions = {(each.key, digest) for each in changes for digest in (each.before, each.after) if digest}
    identities = rows.identities(digest for _, digest in versions)
    names: dict[tuple[str, str], set[Key]] = {}
    for key, digest in versions:
        if digest in identities:
            names.setdefault((key[0], identities[digest]), set()).add(key)
    return any(len(keys) > 1 for keys in names.values())


def _documents(keys: Collection[Key], left: Sequence[Difference], right: Sequence[Difference], rows: Rows) -> Sides:
    """What base, left and right hold under ``keys``."""
    before = {each.key: each.before for each in (*left, *right)}
    after_left = {**before, **{each.key: each.after for each in left}}
    after_right = {**before, **{each.key: each.after for each in right}}
    sides = [{key: side[key] for key in keys if side[key]} for side in (before, after_left, after_right)]
    bodies = rows.contents(digest for side in sides for digest in side.values() if digest)
    return Sides(*({key: bodies[digest or ""] for key, digest in side.items()} for side in sides))
