"""Who is who on the three sides, and what everybody is called afterwards."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from merging.engine.policy import Decision
from merging.engine.result import ConflictKind, Option
from merging.engine.values import Json, Sides

Entries = Mapping[str, Json]
"""Resources of one kind, or entries of a keyed map, by name."""


class Match(NamedTuple):
    """One thing as each side calls it; None where a side does not have it."""

    base: str | None
    ours: str | None
    theirs: str | None

    @property
    def label(self) -> str:
        """The name that paths use: ours, else the base's, else theirs."""
        return next(name for name in (self.ours, self.base, self.theirs) if name is not None)

    @property
    def deleted_by_one(self) -> bool:
        return self.base is not None and (self.ours is None) != (self.theirs is None)

    @property
    def deleted_by_both(self) -> bool:
        return self.base is not None and self.ours is None and self.theirs is None

    @property
    def renamed_by_one(self) -> bool:
        return None not in self and (self.ours == self.base) != (self.theirs == self.base)

    @property
    def renamed(self) -> bool:
        """Whether a side that has it calls it otherwise than the base."""
        return any(name not in (None, self.base) for name in (self.ours, self.theirs))


@dataclass(frozen=True)
class Placed:
    """A match and its merged name, None if it is not there; ``conflict`` tells what the sides disagree about."""

    match: Match
    name: str | None
    conflict: ConflictKind | None = None
    decision: Decision | None = None
    """How the conflict was resolved, where it was."""

    @property
    def undecided(self) -> bool:
        """Whether its very existence is in conflict."""
        return self.conflict in (ConflictKind.MODIFY_DELETE, ConflictKind.RENAME_DELETE, ConflictKind.DANGLING)


@dataclass(frozen=True)
class Placement:
    """Everything under its merged name, no two under one, and the names that two things came to."""

    placed: tuple[Placed, ...]
    contested: tuple[str, ...]
    awarded: Mapping[str, str]
    """The contested names of which it was decided whose they are, and by which option."""


def match(sides: Sides, identity: str) -> list[Match]:
    """Every thing that any side has, exactly once.

    Two things are one by the ``identity`` that they carry; where that finds no partner, by name.
    """
    base, ours, theirs = sides
    to_ours, to_theirs = _by_identity(base, ours, identity), _by_identity(base, theirs, identity)
    added = _by_identity(_without(ours, to_ours.values()), _without(theirs, to_theirs.values()), identity)
    # What both sides put in the place of one thing goes on as that thing, so that the base still counts.
    replaced = base.keys() - to_ours.keys() - to_theirs.keys()
    added = {mine: yours for mine, yours in added.items() if mine != yours or mine not in replaced}
    to_ours |= _by_name(_without(base, to_ours), _without(ours, (*to_ours.values(), *added)))
    to_theirs |= _by_name(_without(base, to_theirs), _without(theirs, (*to_theirs.values(), *added.values())))
    new_ours, new_theirs = _without(ours, to_ours.values()), _without(theirs, to_theirs.values())
    added |= _by_name(_without(new_ours, added), _without(new_theirs, added.values()))
    return [
        *(Match(name, to_ours.get(name), to_theirs.get(name)) for name in sorted(base)),
        *(Match(None, name, added.get(name)) for name in sorted(new_ours)),
        *(Match(None, None, name) for name in sorted(_without(new_theirs, added.values()))),
    ]


def changes_hands(versions: Iterable[Entries], identity: str) -> bool:
    """Whether among the versions anything goes by two names, or two things by one."""
    pairs = {pair for entries in versions for pair in _identities(entries, identity).items()}
    names, things = ({pair[at] for pair in pairs} for at in range(2))
    return min(len(names), len(things)) < len(pairs)


def _by_identity(left: Entries, right: Entries, identity: str) -> dict[str, str]:
    """The names on the left with the names of what carries the same identity on the right."""
    named = {who: name for name, who in _identities(right, identity).items()}
    return {name: named[who] for name, who in _identities(left, identity).items() if who in named}


def _by_name(left: Entries, right: Entries) -> dict[str, str]:
    return {name: name for name in left if name in right}


def _without(entries: Entries, names: Iterable[str]) -> Entries:
    left_out = set(names)
    return {name: entry for name, entry in entries.items() if name not in left_out}


def _identities(entries: Entries, identity: str) -> dict[str, str]:
    """The names with the identities that they carry; of one that occurs twice, the first name's."""
    first: dict[str, str] = {}
    for name in sorted(entries):
        entry = entries[name]
        who = entry.get(identity) if isinstance(entry, dict) else None
        if isinstance(who, str):
            first.setdefault(who, name)
    return {name: who for who, name in first.items()}


Decide = Callable[[ConflictKind, str], Decision | None]
"""What was decided about the conflict of a kind over the thing of a label."""


def place(
    matches: list[Match],
    changed: Callable[[Match], bool],
    decide: Decide = lambda _kind, _label: None,
    name_contested: Callable[[str], bool] = lambda _name: False,
) -> Placement:
    """The merged names. ``changed`` tells of a match that one side deleted whether the other changed it.

    ``name_contested`` tells of a name of the base whether it is none that a side can have kept.
    Of those that come to one name, only the one stays that the base has there, or to which the name was
    awarded; the others go back to where the base has them, which may take a further name away, or stay out.
    """
    placed = [_placed(match, changed, decide, name_contested) for match in matches]
    bearers: defaultdict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(placed):
        if one.name is not None:
            bearers[one.name].append(index)
    crowded = [name for name, indexes in bearers.items() if len(indexes) > 1]
    contested = set()
    awarded: dict[str, str] = {}
    while crowded:
        name = crowded.pop()
        contested.add(name)
        holder = "base"
        if (decision := decide(ConflictKind.RENAME_ADD, name)) and decision.option in Match._fields:
            holder = awarded[name] = decision.option
        visitors = [index for index in bearers[name] if getattr(placed[index].match, holder) != name]
        bearers[name] = [index for index in bearers[name] if index not in visitors]
        for index in visitors:
            home = placed[index].match.base
            home = None if home == name else home
            placed[index] = replace(placed[index], name=home)
            if home is not None:
                bearers[home].append(index)
                if len(bearers[home]) > 1:
                    crowded.append(home)
    return Placement(tuple(placed), tuple(sorted(contested - awarded.keys())), awarded)


def _placed(
    match: Match, changed: Callable[[Match], bool], decide: Decide, name_contested: Callable[[str], bool]
) -> Placed:
    base, ours, theirs = match.base, match.ours, match.theirs
    if match.deleted_by_one:
        conflict = _over_deletion(match, changed, decide)
        return _held(match, conflict, decide) if conflict else Placed(match, None)
    if ours == theirs:
        return Placed(match, ours)
    if base in (ours, theirs) and not (base is not None and name_contested(base)):
        return Placed(match, theirs if ours == base else ours)
    return _held(match, ConflictKind.RENAME_RENAME, decide)


def _over_deletion(match: Match, changed: Callable[[Match], bool], decide: Decide) -> ConflictKind | None:
    """What speaks against a deletion. That something still refers to it is known where it was decided about only."""
    if match.renamed:
        return ConflictKind.RENAME_DELETE
    if changed(match):
        return ConflictKind.MODIFY_DELETE
    return ConflictKind.DANGLING if decide(ConflictKind.DANGLING, match.label) else None


def _held(match: Match, conflict: ConflictKind, decide: Decide) -> Placed:
    """Where the base has it, unless it was decided otherwise."""
    decision = decide(conflict, match.label)
    if decision is None:
        return Placed(match, match.base, conflict)
    if decision.option in Match._fields:
        return Placed(match, getattr(match, decision.option), conflict, decision)
    if decision.option != Option.CUSTOM:
        return Placed(match, match.base, conflict)
    if conflict is ConflictKind.RENAME_RENAME:
        name = decision.value if isinstance(decision.value, str) else None
        return Placed(match, name, conflict, decision) if name else Placed(match, match.base, conflict)
    return Placed(match, match.base, conflict, decision)
