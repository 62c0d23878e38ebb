"""References that lead nowhere although neither side's do."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from gateway.engine.json_pointer import pointer
from history.engine.content import Content, Key
from merging.engine.result import Conflict, ConflictKind
from merging.engine.values import ABSENT, Sides, Value
from ontology.engine.effective import ancestry, interfaces, lineage, reached
from ontology.engine.members import bearers
from ontology.engine.references import Site, sites
from ontology.engine.state import State
from ontology.engine.validation import Found, Rule, in_document, validate

RULE: Final = "DANGLING_REFERENCE"


class Missed(NamedTuple):
    """What a reference meant: a resource, or a member of one in the map ``of``."""

    key: Key
    of: str = ""
    member: str = ""

    @property
    def path(self) -> str:
        """Where it stands in the OMS document."""
        return pointer("/resources", *self.key, *((self.of, self.member) if self.of else ()))

    def within(self, side: State) -> Value:
        """It as a side has it."""
        content: Value = side.contents([self.key]).get(self.key, ABSENT)
        return content.get(self.of, {}).get(self.member, ABSENT) if self.of and content is not ABSENT else content

    def named(self, side: State) -> Value:
        """It as a side has it, with its name in it."""
        held = self.within(side)
        return held if held is ABSENT else {"api_name": self.member or self.key[1], **held}


class Loose(NamedTuple):
    """A reference of the merged state that leads nowhere, and what it meant."""

    key: Key
    site: Site
    missed: Missed


class Restored:
    """A merged state with what is brought back to it, before it is merged again.

    It can be asked where names lead, and not who names something.
    """

    def __init__(self, merged: State) -> None:
        self._merged = merged
        self._restored: dict[Key, Content] = {}

    def restore(self, key: Key, content: Content) -> None:
        self._restored[key] = content

    def dangling(self, keys: Iterable[Key], rules: Mapping[str, Rule]) -> list[Found]:
        """The references of ``keys`` that lead nowhere, where ``rules`` ask for that."""
        return validate(self, keys, {RULE: rules[RULE]}) if RULE in rules else []

    def contents(self, keys: Iterable[Key]) -> dict[Key, Content]:
        """The contents of those of ``keys`` that exist."""
        wanted = set(keys)
        restored = {key: self._restored[key] for key in wanted if key in self._restored}
        return self._merged.contents(wanted - restored.keys()) | restored

    def existing(self, keys: Iterable[Key]) -> set[Key]:
        """Those of ``keys`` that exist."""
        wanted = set(keys)
        restored = wanted & self._restored.keys()
        return self._merged.existing(wanted - restored) | restored

    def referrers(self, _keys: Iterable[Key], _kinds: Collection[str] = ()) -> dict[Key, set[Key]]:
        """None: who names something is not known."""
        return {}

    def namesakes(self, _keys: Iterable[Key]) -> dict[Key, set[Key]]:
        """None, likewise."""
        return {}


def loose_reference(found: Found, merged: State, sides: Sides) -> Loose | None:
    """The reference that a violation is about, where one side deleted or renamed what it meant.

    None where it is no such violation: where what is missed was never there, or the side that names it does
    not have it either. ``sides`` are the states of base, ours and theirs.
    """
    key, violation = found
    if violation.rule != RULE:
        return None
    content = merged.contents([key])[key]
    site = next((site for site in sites(key[0], content) if site.path == violation.path), None)
    if site is None:
        return None
    for missed in _meant(key, content, site, sides.base):
        base, ours, theirs = (missed.within(side) for side in sides)
        if base is not ABSENT and (ours is ABSENT) != (theirs is ABSENT):
            loser = sides.ours if ours is ABSENT else sides.theirs
            if _names(loser, key, site):
                return None
            # A member that went with its resource comes back with it.
            return Loose(key, site, missed if loser.existing([missed.key]) else Missed(missed.key))
    return None


def conflict_over(loose: Loose, violation: Found, sides: Sides) -> Conflict:
    """The conflict over what a reference means, which one side deleted."""
    named = Sides(*(loose.missed.named(side) for side in sides))
    return Conflict(ConflictKind.DANGLING, in_document(violation).path, *named, meant=loose.missed.path)


def new_name(loose: Loose, merged: State, sides: Sides, identity: str) -> str | None:
    """What the member that a reference means is called in the merged state, where a side has renamed it."""
    who = loose.missed.within(sides.base).get(identity)
    if not loose.missed.of or who is None:
        return None
    members = merged.contents([loose.missed.key]).get(loose.missed.key, {}).get(loose.missed.of, {})
    return next((name for name, member in sorted(members.items()) if member.get(identity) == who), None)


def _meant(key: Key, content: Content, site: Site, base: State) -> Iterator[Missed]:
    """What ``site`` may mean, the nearest first."""
    if not site.of:
        yield from (Missed(target) for target in sorted(site.targets))
        return
    bearing = bearers(key, content)
    read = reached(base, {key: content} if key in bearing else base.contents(bearing), ancestry)
    holders = (holder for bearer in bearing for holder in (*lineage(bearer, read), *interfaces(bearer, read)))
    yield from (Missed(holder, site.of, site.name) for holder in holders)


def _names(side: State, key: Key, site: Site) -> bool:
    """Whether a side names the same under ``key``, at whatever place of a list."""
    content = side.contents([key]).get(key)
    return content is not None and any(
        (each.targets, each.of, each.name) == (site.targets, site.of, site.name) and _field(each) == _field(site)
        for each in sites(key[0], content)
    )


def _field(site: Site) -> str:
    path, _, last = site.path.rpartition("/")
    return path if last.isdigit() else site.path
