"""Three-way merge of values, each by the rule that the schema declares for it."""

from collections.abc import Callable
from functools import partial
from itertools import accumulate
from typing import Any

from gateway.engine.json_pointer import pointer, tokens
from merging.engine.contested import NOTHING_CONTESTED, Contested
from merging.engine.equality import equivalent
from merging.engine.identity import Decide, Match, Placed, Placement, match, place
from merging.engine.leaves import merge_leaf
from merging.engine.policy import DEFAULT, Decision, Policy
from merging.engine.result import Chosen, Conflict, ConflictKind, Option, Settled, Strategy
from merging.engine.schema import FreeJson, KeyedMap, MergeSchema, Ranked, Record, Rule, Scalar, SetOf, Text
from merging.engine.strategies import UNSETTLED, Question, Unsettled, offers
from merging.engine.values import ABSENT, Sides, Value, same


class FieldMerge:
    """One merge under way: merges values and collects what conflicts and what settled the rest.

    What only one side changed is that side's, what both changed alike is taken once. The rest
    goes by the rule to a merged value, else as the policy says, or is noted as a conflict and stays
    as the base has it.
    """

    def __init__(self, schema: MergeSchema, policy: Policy = DEFAULT, contested: Contested = NOTHING_CONTESTED) -> None:
        self._schema = schema
        self._policy = policy
        self.contested = contested
        self.names: dict[str, str] = {}
        """The merged names of things by the paths that conflicts would have, where they differ."""
        self.turned_away: list[str] = []
        """The paths of things that did not get a name because another came to it as well."""
        self.conflicts: list[Conflict] = []
        self.chosen: list[Chosen] = []
        self.settled: set[Settled] = set()

    def conflict(self, kind: ConflictKind, path: str, sides: Sides) -> None:
        """Notes a conflict; the base's value stands there until it is resolved."""
        self.conflicts.append(Conflict(kind, path, *sides))

    def disagreement(self, kind: ConflictKind, path: str, sides: Sides, rule: Rule) -> Value:
        """What the policy says to three values, else a conflict."""
        question = Question(rule, sides, partial(self._policy.newer, path))
        conflict = Conflict(kind, path, *sides, offering=partial(offers, question, self._policy.strategies))
        if decision := self._policy.decision(kind, path):
            answer = self._policy.answer(decision, question)
            if kind is ConflictKind.COUPLED:
                answer = _fields_of(answer)
            if answer is not UNSETTLED:
                self.decide(decision, conflict)
                return answer
        self.conflicts.append(conflict)
        return sides.base

    def decided(self, path: str) -> Decide:
        """What the policy says to conflicts over the things of a map at ``path``."""

        def decide(kind: ConflictKind, label: str) -> Decision | None:
            # Over two names of what the base does not have the conflict is about the whole thing.
            return self._policy.decision(kind, place_of(kind, path, label, self._schema.name), pointer(path, label))

        return decide

    def name_contested(self, path: str) -> Callable[[str], bool]:
        """Tells whether the name of a thing of the base in the map at ``path`` is contested."""
        return lambda name: self.contested.covers(pointer(path, name, self._schema.name))

    def disputed(self, ours: Contested) -> Contested:
        """The places of the merged state that are in conflict, or are of ours and contested there."""
        fields = (
            pointer(each.path, name)
            for each in self.conflicts
            if each.kind is ConflictKind.COUPLED
            for name in {name for side in each.sides for name in side}
        )
        whole = (
            each.path for each in self.conflicts if each.kind not in (ConflictKind.COUPLED, ConflictKind.RENAME_ADD)
        )
        return Contested(self._named_as_merged(path) for path in (*ours, *whole, *fields, *self.turned_away))

    def _named_as_merged(self, path: str) -> str:
        ways = accumulate(pointer("", token) for token in tokens(path))
        return pointer("", *(self.names.get(way, name) for way, name in zip(ways, tokens(path), strict=True)))

    def decide(self, decision: Decision, conflict: Conflict) -> None:
        """Notes what settles a conflict, and where that was not decided about it alone."""
        self.settle(decision.option, conflict.path)
        if (conflict.kind, conflict.path) not in self._policy.decided:
            self.chosen.append(Chosen(conflict, decision.option))

    def settle(self, strategy: str, path: str) -> None:
        self.settled.add(Settled(path, strategy))

    def value(self, rule: Rule, path: str, sides: Sides) -> Value:
        base, ours, theirs = sides
        if same(ours, theirs):
            if not same(ours, base):
                self.settle(Strategy.SAME_CHANGE, path)
            return ours
        if not (same(ours, base) or same(theirs, base)):
            return self._changed_by_both(rule, path, sides)
        if self.contested.touches(path):
            return self._contested(rule, path, sides)
        return theirs if same(ours, base) else ours

    def entries(self, record: Record, path: str, sides: Sides, placement: Placement) -> dict[str, Any]:
        """The entries of three objects by their merged names, sorted."""
        labels = {one.match.base: one.match.label for one in placement.placed if one.match.base is not None}
        self.contested = self.contested.renamed(path, labels)
        self._note_names(path, placement)
        for name in placement.contested:
            self.conflict(ConflictKind.RENAME_ADD, pointer(path, name), self._named(sides, Match(name, name, name)))
        for name, option in placement.awarded.items():
            named = self._named(sides, Match(name, name, name))
            self.decide(Decision(option), Conflict(ConflictKind.RENAME_ADD, pointer(path, name), *named))
        merged = {one.name: self._entry(record, path, sides, one) for one in placement.placed}
        there = sorted(name for name, entry in merged.items() if name is not None and entry is not ABSENT)
        return {name: merged[name] for name in there}

    def _contested(self, rule: Rule, path: str, sides: Sides) -> Value:
        """The merge of three values of which one side's is the base's, which it need not have kept."""
        if sides.objects() or isinstance(rule, SetOf | Ranked):  # of these the base is not what matters
            return self._changed_by_both(rule, path, sides)
        return self.disagreement(ConflictKind.VALUE, path, sides, rule)

    def _changed_by_both(self, rule: Rule, path: str, sides: Sides) -> Value:
        objects = sides.objects()
        if isinstance(rule, Record) and objects:
            if rule.whole and objects.base and not (objects.ours and objects.theirs):
                return self.disagreement(ConflictKind.VALUE, path, Sides(*(side or ABSENT for side in objects)), rule)
            return self._record(rule, path, objects) or self._empty(sides)
        if isinstance(rule, KeyedMap) and objects:
            return self._keyed_map(rule, path, objects) or self._empty(sides)
        if isinstance(rule, FreeJson | Text) and objects and ABSENT not in sides[1:]:
            return self._members(rule, path, objects)
        outcome = ConflictKind.VALUE if isinstance(rule, Record | KeyedMap) else merge_leaf(rule, sides)
        if isinstance(outcome, ConflictKind):
            return self.disagreement(outcome, path, sides, rule)
        merged, strategy = outcome
        self.settle(strategy, path)
        return merged

    def _empty(self, sides: Sides) -> Value:
        return {} if sides.still_there else ABSENT

    def _members(self, rule: FreeJson | Text, path: str, sides: Sides) -> dict[str, Any]:
        """The merge of objects all of whose members have one rule."""
        merged = {key: self.value(rule, pointer(path, key), sides.at(key)) for key in sides.names()}
        return {key: value for key, value in merged.items() if value is not ABSENT}

    # --- Records ---------------------------------------------------------------------------------

    def _record(self, record: Record, path: str, sides: Sides) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        together = {name for group in record.coupled for name in self._coupled(record, path, sides, group, merged)}
        for name in sides.names():
            if name == self._schema.identity or name in together:
                continue
            field = record.field(name)
            members = sides.at(name, field.default)
            if isinstance(field.default, dict):
                members = members.objects() or members
            value = self.value(field.rule, pointer(path, name), members)
            if value is not ABSENT and not same(value, field.default):
                merged[name] = value
        self._identify(record, path, sides.at(self._schema.identity), merged)
        return merged

    def _coupled(
        self, record: Record, path: str, sides: Sides, group: tuple[str, ...], merged: dict[str, Any]
    ) -> tuple[str, ...]:
        """Merges the fields of a group where the sides changed different ones of them; gives those merged here."""
        members = {name: sides.at(name, record.field(name).default) for name in group}
        apart = [name for name, (_, ours, theirs) in members.items() if not same(ours, theirs)]
        by_us = {name for name in apart if not same(members[name].ours, members[name].base)}
        by_them = {name for name in apart if not same(members[name].theirs, members[name].base)}
        contested = any(self.contested.covers(pointer(path, name)) for name in apart)
        if not contested and (not by_us or not by_them or by_us == by_them == {apart[0]}):
            return ()
        whole = Sides(
            *(
                {name: value for name, value in zip(group, side, strict=True) if value is not ABSENT}
                for side in zip(*members.values(), strict=True)
            )
        )
        value = self.disagreement(ConflictKind.COUPLED, path, whole, Scalar())
        merged.update({name: value[name] for name in group if name in value})
        return group

    def _identify(self, record: Record, path: str, sides: Sides, merged: dict[str, Any]) -> None:
        """Gives ``merged`` its identity; a side that leaves it out has not changed it."""
        base, *given = sides
        ours, theirs = (base if who is ABSENT else who for who in given)
        path = pointer(path, self._schema.identity)
        changed = {who for who in (ours, theirs) if isinstance(who, str) and who != base}
        if len(changed) == 2:
            merged[self._schema.identity], other = sorted(changed)
            self.settle(Strategy.SMALLER_RID, path)
            if self._schema.aliases in record.fields:
                merged[self._schema.aliases] = sorted({other, *merged.get(self._schema.aliases, ())})
            return
        who = self.value(Scalar(), path, Sides(base, ours, theirs))
        if who is not ABSENT:
            merged[self._schema.identity] = who

    # --- Entries with an identity ----------------------------------------------------------------

    def placement(self, rule: KeyedMap, path: str, sides: Sides) -> Placement:
        """The merged names of the entries of three maps."""

        def changed(one: Match) -> bool:
            base, *kept = (content for content in versions(sides, one) if content is not ABSENT)
            return self.contested.touches(pointer(path, one.base or "")) or not equivalent(rule.entry, base, *kept)

        matches = match(sides, self._schema.identity)
        return place(matches, changed, self.decided(path), self.name_contested(path))

    def _keyed_map(self, rule: KeyedMap, path: str, sides: Sides) -> dict[str, Any]:
        return self.entries(rule.entry, path, sides, self.placement(rule, path, sides))

    def _entry(self, record: Record, path: str, sides: Sides, placed: Placed) -> Value:
        path = pointer(path, placed.match.label)
        contents = versions(sides, placed.match)
        if placed.conflict and not placed.decision and (placed.undecided or placed.name is None):
            self.conflict(placed.conflict, path, self._named(sides, placed.match))
            return contents.base
        if placed.conflict and placed.decision:
            if placed.undecided or placed.match.base is None:
                conflict = Conflict(placed.conflict, path, *self._named(sides, placed.match))
            else:
                conflict = Conflict(placed.conflict, pointer(path, self._schema.name), *placed.match)
            self.decide(placed.decision, conflict)
            if placed.undecided:
                return self._chosen(placed.decision, contents)
        if placed.name is None:
            if placed.match.deleted_by_both:
                self.settle(Strategy.SAME_CHANGE, path)
            return ABSENT
        if not placed.decision:
            self._note_name(pointer(path, self._schema.name), placed, contents)
        if contents.base is ABSENT and len(contents.there) == 1:
            # What one side added is no part of what the bases disagree about.
            return next(iter(contents.there.values()))
        return self.value(record, path, contents)

    def _chosen(self, decision: Decision, contents: Sides) -> Value:
        """The content of the side that was chosen, or the one that was given, without a name in it."""
        content = decision.value if decision.option == Option.CUSTOM else getattr(contents, decision.option)
        if not isinstance(content, dict):
            return content
        return {name: value for name, value in content.items() if name != self._schema.name}

    def _note_names(self, path: str, placement: Placement) -> None:
        """Notes what things are called in the merged state, for who merges it further."""
        contested = {*placement.contested}
        for one in placement.placed:
            if one.name not in (None, one.match.label):
                self.names[pointer(path, one.match.label)] = one.name
            if one.name not in placement.contested and not contested.isdisjoint(one.match[1:]):
                self.turned_away.append(pointer(path, one.match.label, self._schema.name))

    def _note_name(self, path: str, placed: Placed, contents: Sides) -> None:
        """Notes what became of the name of an entry that is there."""
        base, ours, theirs = placed.match
        if placed.conflict:
            self.conflict(placed.conflict, path, Sides(base, ours, theirs))
        elif placed.name == base:
            return
        elif placed.match.renamed_by_one:
            edited = contents.theirs if theirs == base else contents.ours
            if not same(edited, contents.base):
                self.settle(Strategy.RENAME_FOLLOWED, path)
        elif base is not None:
            self.settle(Strategy.SAME_CHANGE, path)

    def _named(self, sides: Sides, names: Match) -> Sides:
        """The three contents, each with its name in it."""
        contents = zip(names, versions(sides, names), strict=True)
        return Sides(
            *(
                {self._schema.name: name, **content} if isinstance(content, dict) else content
                for name, content in contents
            )
        )


def _fields_of(answer: Value | Unsettled) -> Value | Unsettled:
    """An answer about several fields: what holds them, which is empty where there is to be nothing, or no answer."""
    if answer is ABSENT or answer is None:
        return {}
    return answer if isinstance(answer, dict) else UNSETTLED


def place_of(kind: ConflictKind, path: str, label: str, name: str) -> str:
    """The path of a conflict of a kind over the thing of a label in the map at ``path``."""
    return pointer(path, label, name) if kind is ConflictKind.RENAME_RENAME else pointer(path, label)


def versions(sides: Sides, names: Match) -> Sides:
    """What each side has under its own name; absent where it has no such name."""
    return Sides(*(ABSENT if name is None else side.get(name, ABSENT) for side, name in zip(sides, names, strict=True)))
