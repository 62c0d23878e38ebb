"""States of ontologies as engines look at them, the rules that hold for them, and their export."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog

from gateway.engine.sentences import sentence
from gateway.exceptions import NotFound
from history.engine.cache import LruCache
from history.engine.content import Content, Key, Violation
from history.exceptions import ResourceNotFound
from history.models import Commit, Repository
from history.selectors import TreeView, tree_diff
from ontology.engine import graph
from ontology.engine.document import document_of
from ontology.engine.effective import EffectiveType, effective_types
from ontology.engine.json_schemas import schema_of
from ontology.engine.kinds import KINDS
from ontology.engine.members import HOLDERS
from ontology.engine.state import Documents
from ontology.engine.validation import (
    RULE_FAILED,
    RULES,
    Found,
    Rule,
    affected,
    gather,
    in_document,
    validate,
    with_severities,
)
from ontology.exceptions import SchemaNotFound
from ontology.formats import WRITABLE, format_get
from ontology.models import RuleSetting, RuleSeverity

logger = structlog.get_logger(__name__)

_NETWORKS: Final = LruCache[str, graph.Network](16)
"""By the root of the tree, which names a state that never changes."""


STEP_CACHE: Final = LruCache[tuple[str, str, tuple[Rule, ...]], Sequence[Found]](32)
"""What steps break, by the roots of the trees before and after and by the rules: none of it ever changes."""

_MOST_KEPT: Final = 1_000
"""The most violations of one step that are kept."""


class TreeState:
    """The state that a tree holds, for :class:`ontology.engine.state.State`. What is read is kept.

    ``known`` are contents that the caller has at hand; None says that a key is not there.
    """

    def __init__(self, tree: TreeView, known: Mapping[Key, Content | None] | None = None) -> None:
        self.tree = tree
        self._read = dict(known or {})
        self._referrers: dict[tuple[Key, frozenset[str]], set[Key]] = {}
        self._namesakes: dict[Key, set[Key]] = {}

    def contents(self, keys: Iterable[Key]) -> dict[Key, Content]:
        """The contents of those of ``keys`` that exist."""
        wanted = set(keys)
        missing = wanted - self._read.keys()
        if missing:
            self._read.update(dict.fromkeys(missing) | self.tree.contents(missing))
        return {key: content for key in wanted if (content := self._read[key]) is not None}

    def existing(self, keys: Iterable[Key]) -> set[Key]:
        """Those of ``keys`` that exist."""
        wanted = set(keys)
        unread = self.tree.digests(wanted - self._read.keys()).keys()
        return {key for key in wanted if self._read.get(key) is not None} | unread

    def referrers(self, keys: Iterable[Key], kinds: Collection[str] = ()) -> dict[Key, set[Key]]:
        """For each of ``keys`` that is named, the resources, of ``kinds`` where any are given, that name it."""
        asked, every = set(keys), frozenset(kinds)
        unread = {key for key in asked if not self._referrers.keys() & {(key, every), (key, frozenset())}}
        if unread:
            found = self.tree.referrers(unread, every)
            self._referrers.update({(key, every): found.get(key, set()) for key in unread})
        return {key: sources for key in asked if (sources := self._known_referrers(key, every))}

    def _known_referrers(self, key: Key, kinds: frozenset[str]) -> set[Key]:
        if (key, kinds) in self._referrers:
            return self._referrers[key, kinds]
        return {source for source in self._referrers[key, frozenset()] if source[0] in kinds}

    def namesakes(self, keys: Iterable[Key]) -> dict[Key, set[Key]]:
        """For each of ``keys`` that has any, the resources of its kind whose names differ by case alone."""
        asked = set(keys)
        unread = asked - self._namesakes.keys()
        if unread:
            self._namesakes.update({key: set() for key in unread} | self.tree.namesakes(unread))
        return {key: others for key in asked if (others := self._namesakes[key])}

    def keys_of(self, rids: Iterable[str]) -> dict[str, Key]:
        """The resources that carry each of ``rids``, looked for among what was read first."""
        wanted = set(rids)
        found = {content["rid"]: key for key, content in self._read.items() if content and content["rid"] in wanted}
        unread = wanted - found.keys()
        return found | ({rid: min(keys) for rid, keys in self.tree.holders(unread).items()} if unread else {})

    def names(self, kind: str) -> list[str]:
        """The names of all resources of ``kind``."""
        total, _ = self.tree.page(kind=kind, limit=0)
        return [entry.key[1] for entry in self.tree.page(kind=kind, limit=total)[1]]


def content_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of the contents of ``kind``; not to be changed."""
    if kind not in KINDS:
        raise SchemaNotFound(sentence("{kind} is none of {kinds}.", kind=repr(kind), kinds=", ".join(KINDS)))
    return schema_of(kind)


def effective_type(commit: Commit, key: Key) -> EffectiveType:
    """An object type or interface at ``commit`` with its own and inherited properties."""
    if key[0] not in HOLDERS:
        raise NotFound(sentence("Only object types and interfaces have effective properties."))
    found = effective_types(TreeState(TreeView(commit.root)), [key])
    if key not in found:
        kind, name = key
        raise ResourceNotFound(sentence("There is no {kind} {name} at {ref}.", kind=kind, name=name, ref=commit.digest))
    return found[key]


@dataclass(frozen=True)
class RuleWeight:
    """What a rule of validation weighs in a repository: ``severity``, which is off where it is not looked at."""

    rule: Rule
    severity: RuleSeverity


def rule_weights(repository: Repository) -> list[RuleWeight]:
    """All rules of validation, and what they weigh in ``repository``."""
    moved = dict(RuleSetting.objects.filter(repository=repository).values_list("rule", "severity"))
    return [RuleWeight(rule, RuleSeverity(moved.get(name, rule.severity))) for name, rule in RULES.items()]


def rules_of(repository: Repository) -> dict[str, Rule]:
    """The rules of validation as they hold in ``repository``, without those that are off."""
    return with_severities({weight.rule.id: weight.severity for weight in rule_weights(repository)})


def rule_failed(rule: str, key: Key, error: Exception) -> None:
    """Log why a rule failed; the violation says only that it did."""
    logger.error("validation rule failed", rule=rule, kind=key[0], name=key[1], exc_info=error)


def violations_between(before: TreeState, after: TreeState, rules: Mapping[str, Rule]) -> Sequence[Found]:
    """What the step from one state to another can have touched and breaks, warnings among it.

    The same step is looked at once: a merge asks before it is written, and the commit hook when a head moves.
    """
    if not rules:
        return ()
    step = (before.tree.root, after.tree.root, tuple(rules.values()))
    known = STEP_CACHE.get_many([step])
    if step in known:
        return known[step]
    changed = [difference.key for difference in tree_diff(before.tree, after.tree)]
    found = validate(after, affected(after, before, changed), rules, rule_failed)
    if len(found) <= _MOST_KEPT and not any(violation.rule == RULE_FAILED for _, violation in found):
        STEP_CACHE.put_many({step: found})
    return found


def step_read(before: TreeState, after: TreeState, changed: Iterable[Key]) -> None:
    """Read what :func:`violations_between` looks at where ``changed`` changes, for who comes to it bit by bit."""
    gather(after, affected(after, before, changed))


def violations_at(commit: Commit) -> list[Violation]:
    """Everything that the whole state at ``commit`` breaks by the rules of its repository, warnings among it.

    The paths are pointers into the OMS document of the state.
    """
    contents = TreeView(commit.root).everything()
    return [
        in_document(found)
        for found in validate(Documents(contents), contents, rules_of(commit.repository), rule_failed)
    ]


def network_at(commit: Commit) -> graph.Network:
    """The types at ``commit`` and what ties them together."""
    known = _NETWORKS.get_many([commit.root])
    if not known:
        known = {commit.root: graph.network_of(TreeView(commit.root).everything(graph.KINDS))}
        _NETWORKS.put_many(known)
    return known[commit.root]


def document_export(commit: Commit) -> dict[str, Any]:
    """The OMS document of the state at ``commit``, rids included."""
    return document_of(TreeView(commit.root).everything())


def ontology_export(commit: Commit, format_name: str) -> bytes:
    """The state at ``commit`` in a format of :data:`ontology.formats.WRITABLE`: same content, same bytes."""
    return format_get(format_name, WRITABLE).write(TreeView(commit.root).everything())
