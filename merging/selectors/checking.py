"""Merging again until it is known what is wrong with the result: what dangles, and what the sides break together.

Whether a reference leads nowhere, or two changes break a rule that each of them keeps, is seen in the merged state
alone. So the state is checked as far as the merge can have touched it, and each fault becomes a conflict, which
decisions settle as they settle any other; what they bring back or put there is checked again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from gateway.engine.json_pointer import pointer, tokens
from history.engine.content import Content, Key
from merging.engine.places import Place, compact, place_of, replaced, sides_at
from merging.engine.policy import Decision, Decisions, Policy
from merging.engine.result import Chosen, Conflict, ConflictKind, MergeResult, Option, Settled, Strategy
from merging.engine.values import ABSENT, Sides, Value, same
from merging.selectors.dangling import Loose, Missed, Restored, conflict_over, loose_reference, new_name
from merging.selectors.meanings import called_now, meant_alike, mistaken
from merging.selectors.schema import merge_schema
from ontology.engine.references import Site
from ontology.engine.state import State
from ontology.engine.validation import Found, Rule, Severity, in_document, validate

_BASE: Final = Decision(Option.BASE)


@dataclass(frozen=True)
class Repairs:
    """What is done beside merging so that the result holds."""

    policy: Policy
    """With which resources stay although one side deleted them."""
    placed: Mapping[Place, Value]
    """What is put at places of the result."""

    @property
    def keys(self) -> set[Key]:
        """The resources that these are about."""
        paths = (path for kind, path in self.policy.decided if kind is ConflictKind.DANGLING)
        return {place.key for place in self.placed} | {(kind, name) for _, kind, name in map(tokens, paths)}

    def applied(self, contents: Mapping[Key, Content | None]) -> dict[Key, Content | None]:
        """``contents`` with everything put at its place."""
        found = dict(contents)
        for place, value in self.placed.items():
            held = found.get(place.key)
            if held is not None or not place.names:
                content = replaced(held, place.names, value)
                found[place.key] = None if content is ABSENT else content
        return found | {place.key: compact(found.get(place.key)) for place in self.placed}


@dataclass(frozen=True)
class Attempt:
    """A merge with some repairs, and what is wrong with the result."""

    result: MergeResult
    state: State
    violations: tuple[Found, ...]
    malformed: bool = False
    """Whether the violations are about the form of contents, so that no rule was asked."""


@dataclass(frozen=True)
class Checked:
    """The merge that is left when nothing more can be repaired, and all that is open in it and settled it."""

    attempt: Attempt
    conflicts: tuple[Conflict, ...]
    strategies: tuple[Settled, ...]
    decided: tuple[Conflict, ...]
    chosen: tuple[Chosen, ...]


def checked(
    attempt: Callable[[Repairs], Attempt],
    sides: Sides,
    changed: Collection[Key],
    rules: Mapping[str, Rule],
    policy: Policy,
    decisions: Decisions,
) -> Checked:
    """The merge that ``attempt`` makes of ``sides``, the states of base, ours and theirs, with its faults as conflicts.

    ``changed`` are the keys at which a side differs from the base. A reference to what the other side deleted
    leaves the base's value in place: what it names stays. What the sides break together is a conflict where nothing
    else is open, since a base's value may be to blame as long as it is; so is a reference that lost its meaning.
    """
    check = _Check(attempt, sides, changed, rules, policy, decisions)
    while True:
        found = attempt(check.repairs())
        check.open, check.mistaken = [], []
        phases = (check.names, check.references, check.meanings, check.rules_broken)
        if found.malformed or not any(phase(found) for phase in phases):
            return check.answer(found)


@dataclass
class _Check:
    """A merge while it is repaired."""

    attempt: Callable[[Repairs], Attempt]
    sides: Sides
    changed: Collection[Key]
    rules: Mapping[str, Rule]
    policy: Policy
    decisions: Decisions
    followed: dict[tuple[ConflictKind, str], Decision] = field(default_factory=dict)
    """What references come to which are in conflict for their names only."""
    kept: dict[str, Decision] = field(default_factory=dict)
    """How the resources at these paths stay."""
    placed: dict[Place, Value] = field(default_factory=dict)
    put: set[Place] = field(default_factory=set)
    """Those of these places about which somebody has decided."""
    former: dict[tuple[Key, str], str] = field(default_factory=dict)
    """The names that references had, by resource and path, before these were followed."""
    dropped: set[str] = field(default_factory=set)
    """The paths of what was decided to be gone, with all references to it."""
    standing: dict[str, list[Conflict]] = field(default_factory=dict)
    """The conflicts over what was deleted, by its path, that nobody has decided."""
    open: list[Conflict] = field(default_factory=list)
    """The rules that the sides break together, and the places that lost their meaning."""
    mistaken: list[Found] = field(default_factory=list)
    """What is wrong at the latter."""
    broken: dict[Place, set[str]] = field(default_factory=dict)
    """The rules that were broken at places before anything was put there."""
    settled: list[Settled] = field(default_factory=list)
    decided: list[Conflict] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    """The paths of references, and of what they mean, that were repaired already, whether that helped or not."""

    def repairs(self) -> Repairs:
        kept = {(ConflictKind.DANGLING, path): decision for path, decision in self.kept.items()}
        return Repairs(replace(self.policy, decided={**self.policy.decided, **self.followed, **kept}), self.placed)

    def answer(self, found: Attempt) -> Checked:
        standing = (conflict for conflicts in self.standing.values() for conflict in conflicts)
        conflicts = (*found.result.conflicts, *standing, *self.open)
        # What was decided in vain is open still.
        unsettled = {*self.standing, *(conflict.path for conflict in self.open)}
        settled = {each for each in (*found.result.strategies, *self.settled) if each.path not in unsettled}
        decided = (*found.result.decided, *(each for each in self.decided if each not in self.open))
        return Checked(
            replace(found, violations=(*found.violations, *self.mistaken)),
            tuple(sorted(conflicts, key=lambda conflict: (conflict.path, conflict.kind))),
            tuple(sorted(settled, key=lambda each: (each.path, each.strategy))),
            decided,
            (*found.result.chosen, *self.chosen),
        )

    # --- References that are in conflict for their names ------------------------------------------

    def names(self, found: Attempt) -> bool:
        """Follow what references mean which both sides had to name otherwise; whether there was anything to do."""
        told = (*found.result.conflicts, *(each.conflict for each in found.result.chosen))
        new = [each for each in told if (each.kind, each.path) not in self.followed]
        for conflict, value in meant_alike(new, found.state, self.sides, found.result.renames):
            self.followed[conflict.kind, conflict.path] = Decision(Strategy.RENAME_FOLLOWED, value)
        return any((each.kind, each.path) in self.followed for each in new)

    # --- References that dangle -------------------------------------------------------------------

    def references(self, found: Attempt) -> bool:
        """Follow and bring back what references mean; whether there was anything to do.

        What comes back as it was may refer to what is gone as well, which comes back with it: a merge for each
        would cost the more, the longer the chain is.
        """
        state, violations = Restored(found.state), found.violations
        more = False
        while True:
            lost, has_followed = self._lost(violations, state, found.result.renames)
            restored = [self._bring_back(missed, references, found, state) for missed, references in lost.items()]
            more = more or has_followed or bool(lost)
            if not any(restored):
                return more
            violations = tuple(state.dangling(filter(None, restored), self.rules))

    def _lost(
        self, violations: Collection[Found], state: Restored, renames: Sides
    ) -> tuple[dict[str, list[tuple[Loose, Found]]], bool]:
        """The references by the paths of what they miss, and whether others could be followed."""
        lost: dict[str, list[tuple[Loose, Found]]] = {}
        has_followed = False
        called = called_now(violations, state, self.sides, renames)
        for violation in violations:
            path = in_document(violation).path
            if path in self.seen:
                continue
            if path in called:
                self._follow(path, violation[0], *called[path])
                has_followed = True
                continue
            loose = loose_reference(violation, state, self.sides)
            if loose is None:
                continue
            if loose.missed.path in self.dropped:
                self._put(path, loose.key, loose.site, ABSENT)
                has_followed = True
            elif loose.missed.path not in self.seen:
                if name := new_name(loose, state, self.sides, merge_schema().identity):
                    self._follow(path, loose.key, loose.site, name)
                    has_followed = True
                else:
                    lost.setdefault(loose.missed.path, []).append((loose, violation))
        return lost, has_followed

    def _follow(self, path: str, key: Key, site: Site, name: str) -> None:
        """Give the reference at ``path`` of the document the new name of what it means."""
        self._put(path, key, site, name)
        self.former.setdefault((key, site.path), site.name)
        self.settled.append(Settled(path, Strategy.RENAME_FOLLOWED))

    def _put(self, path: str, key: Key, site: Site, name: Value) -> None:
        """Have ``name``, or nothing, stand at the reference at ``path`` of the document."""
        self.seen.add(path)
        self.placed[Place(key, tuple(tokens(site.path)))] = name

    def _bring_back(
        self, path: str, references: list[tuple[Loose, Found]], found: Attempt, state: Restored
    ) -> Key | None:
        """Note what comes back, or goes for good; its key where ``state`` has it already."""
        conflicts = [conflict_over(loose, violation, self.sides) for loose, violation in references]
        decision = self._agreed(conflicts)
        self.seen.add(path)
        if decision is None:
            self.standing[path] = conflicts
        else:
            self._note(decision, conflicts)
        missed = references[0][0].missed
        if decision and _value(decision, conflicts[0].sides) is ABSENT:
            self._let_go(path, decision, references)
            return None
        if missed.of:
            place = Place(missed.key, (missed.of, missed.member))
            self.placed[place] = _value(decision or _BASE, self._sides_at(place, found))
            self.settled += [Settled(path, decision.option)] if decision else []
        else:
            self.kept[path] = decision or _BASE
        return self._restored(missed, decision or _BASE, found, state)

    def _let_go(self, path: str, decision: Decision, references: Iterable[tuple[Loose, Found]]) -> None:
        """Have what stood at ``path`` be gone, and all references to it."""
        self.dropped.add(path)
        self.settled.append(Settled(path, decision.option))
        for loose, violation in references:
            self._put(in_document(violation).path, loose.key, loose.site, ABSENT)

    def _restored(self, missed: Missed, decision: Decision, found: Attempt, state: Restored) -> Key | None:
        """Put into ``state`` what comes back; None where only merging again tells as what it does."""
        if decision.option == Option.CUSTOM:
            return None
        if missed.of:
            content = state.contents([missed.key]).get(missed.key)
            value = self.placed[Place(missed.key, (missed.of, missed.member))]
            if content is None or value is ABSENT:
                return None
            state.restore(missed.key, replaced(content, (missed.of, missed.member), value))
        else:
            base, *kept = (side for side in map(missed.within, self.sides) if side is not ABSENT)
            if missed.key in found.result.renames.base or not all(same(side, base) for side in kept):
                return None
            state.restore(missed.key, merge_schema().rewrite(missed.key[0], base, found.result.renames.base))
        return missed.key

    def _agreed(self, conflicts: Sequence[Conflict]) -> Decision | None:
        """What is decided about conflicts over one thing; None where one says this of it and another that.

        What somebody decided about any of them counts before what the repository chose for the place of another.
        """
        found = {conflict.id: decision for conflict in conflicts if (decision := self._decision(conflict))}
        said = [decision for name, decision in found.items() if name in self.decisions] or list(found.values())
        values = [_value(decision, conflicts[0].sides) for decision in said]
        return said[0] if said and all(same(value, values[0]) for value in values) else None

    # --- References that lost their meaning -------------------------------------------------------

    def meanings(self, found: Attempt) -> bool:
        """Follow what references meant, and put what was decided where it is gone; whether there was anything to do."""
        if found.result.conflicts or self.standing:
            return False
        more = False
        for each in mistaken(found.state, self.sides, found.result.renames, self.changed, self.former):
            path = in_document(each.violation).path
            if each.place in self.put or self._is_given(each.place, found.result.decided):
                continue
            if each.name is not None and path not in self.seen:
                self._follow(path, each.key, each.site, each.name)
                more = True
            elif self._put_decided(each.place, found):
                more = True
            else:
                self.mistaken.append(each.violation)
        return more

    # --- Rules that the sides break together ------------------------------------------------------

    def rules_broken(self, found: Attempt) -> bool:
        """Put what was decided where rules are broken; whether there was anything to do."""
        if found.result.conflicts or self.standing:
            return False
        more = False
        for place, rules in sorted(self._broken_together(found).items()):
            if place not in self.broken and self._is_given(place, found.result.decided):
                continue
            if rules & self.broken.setdefault(place, rules) and self._put_decided(place, found):
                more = True
        return more

    def _put_decided(self, place: Place, found: Attempt) -> bool:
        """Put what was decided about a place that holds a fault; where nothing was, that is a conflict."""
        sides = self._sides_at(place, found)
        shown = sides if place.names else Sides(*(_named(place.key, side) for side in sides))
        conflict = Conflict(ConflictKind.VIOLATION, pointer("/resources", *place.key, *place.names), *shown)
        decision = None if place in self.put else self._decision(conflict)
        if decision is None:
            self.open += [] if conflict in self.open else [conflict]
            return False
        within = [
            each for each in self.placed if each.key == place.key and each.names[: len(place.names)] == place.names
        ]
        for each in within:
            del self.placed[each]
        self.placed[place] = _value(decision, sides)
        self.put.add(place)
        self.settled.append(Settled(conflict.path, decision.option))
        self._note(decision, [conflict])
        return True

    def _is_given(self, place: Place, decided: Iterable[Conflict]) -> bool:
        """Whether what stands at a place was decided: then a fault that it has is nobody's but who decided it."""
        path = pointer("/resources", *place.key, *place.names)
        return any(
            path == each.path or (path.startswith(f"{each.path}/") and self.decisions[each.id].option == Option.CUSTOM)
            for each in decided
        )

    def _note(self, decision: Decision, conflicts: Sequence[Conflict]) -> None:
        """Note what settles conflicts over one thing: what somebody decided about any of them, else what was chosen."""
        decided = [conflict for conflict in conflicts if conflict.id in self.decisions]
        self.decided += decided
        self.chosen += [] if decided else [Chosen(conflict, decision.option) for conflict in conflicts]

    def _broken_together(self, found: Attempt) -> dict[Place, set[str]]:
        """The rules that are broken, and that no side breaks by itself, by the places that merge as a whole."""
        errors = [each for each in found.violations if each[1].severity == Severity.ERROR]
        own = self._own({key for key, _ in errors}) if errors else set()
        places: dict[Place, set[str]] = {}
        for key, violation in errors:
            if (key, violation.rule) not in own:
                place = place_of(merge_schema(), key, tokens(violation.path))
                places.setdefault(place, set()).add(violation.rule)
        return places

    def _own(self, keys: Collection[Key]) -> set[tuple[Key, str]]:
        """The rules that a side breaks by itself."""
        broken = (validate(side, keys, self.rules) for side in (self.sides.ours, self.sides.theirs))
        return {(key, violation.rule) for found in broken for key, violation in found}

    def _sides_at(self, place: Place, found: Attempt) -> Sides:
        whole = found.result.origins.get(place.key) or Sides(
            *(side.contents([place.key]).get(place.key, ABSENT) for side in self.sides)
        )
        merged = found.state.contents([place.key]).get(place.key, {})
        return sides_at(merge_schema(), place, whole, merged)

    def _decision(self, conflict: Conflict) -> Decision | None:
        """What is decided about a conflict, by somebody or by the repository; that something goes, by somebody only."""
        chosen = self.policy.chosen(conflict.path)
        if conflict.kind is ConflictKind.DANGLING and chosen not in conflict.sides.there:
            chosen = None
        decision = self.decisions.get(conflict.id) or (Decision(chosen) if chosen else None)
        return decision if decision and decision.option in conflict.options else None


def _value(decision: Decision, sides: Sides) -> Value:
    if decision.option != Option.CUSTOM:
        return getattr(sides, decision.option)
    return ABSENT if decision.value is None else decision.value


def _named(key: Key, content: Value) -> Value:
    return {"api_name": key[1], **content} if isinstance(content, dict) else content
