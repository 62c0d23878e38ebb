"""Two states in which everything goes by one name: the one that it had before.

A resource is known again by its rid. What is new has its new name; where something else had that
name before, a mark tells the two apart.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from history.engine.content import Content, Key
from ontology.engine.references import rewrite
from ontology.engine.state import State

Json = Any
Change = tuple[Key | None, Key | None]
"""The keys of one resource before and afterwards; None is a side on which it is not there."""

_MARK = "\N{PRIME}"
"""No name has it."""


class Side(State):
    """One of the two states, with everything called as it was before. What was read is kept."""

    def __init__(self, state: State, known: Mapping[Key, Key], read: Mapping[Key, Content]) -> None:
        """``known`` has, by its key in ``state``, what goes by another key here; ``read`` contents of ``state``."""
        self._state = state
        self._known = known
        self._original = {here: there for there, here in known.items()}
        self._names = {there: here[1] for there, here in known.items()}
        self._read: dict[Key, Content | None] = {
            known.get(there, there): self._renamed(there, content) for there, content in read.items()
        }

    def contents(self, keys: Iterable[Key]) -> dict[Key, Content]:
        wanted = set(keys)
        # A set less the keys of a mapping would walk that, and one resource is asked for at a time.
        unread = [key for key in wanted if key not in self._read]
        missing = {there: key for key in unread if (there := self._there(key))}
        found = self._state.contents(missing) if missing else {}
        self._read |= dict.fromkeys(unread)
        self._read |= {missing[there]: self._renamed(there, content) for there, content in found.items()}
        return {key: content for key in wanted if (content := self._read[key]) is not None}

    def existing(self, keys: Iterable[Key]) -> set[Key]:
        asked = {there: key for key in keys if (there := self._there(key))}
        return {asked[there] for there in self._state.existing(asked)}

    def referrers(self, keys: Iterable[Key], kinds: Collection[str] = ()) -> dict[Key, set[Key]]:
        asked = {there: key for key in keys if (there := self._there(key))}
        found = self._state.referrers(asked, kinds)
        return {asked[there]: {self._known.get(key, key) for key in sources} for there, sources in found.items()}

    def namesakes(self, keys: Iterable[Key]) -> dict[Key, set[Key]]:
        asked = {there: key for key in keys if (there := self._there(key))}
        found = self._state.namesakes(asked)
        return {asked[there]: {self._known.get(key, key) for key in others} for there, others in found.items()}

    def get(self, key: Key | None) -> Content | None:
        """The content of one resource; it costs a read where it was not read before."""
        return self.contents([key]).get(key) if key else None

    def _there(self, key: Key) -> Key | None:
        """What ``key`` is in the state; None where that is another resource's."""
        return self._original.get(key) or (None if key in self._known else key)

    def _renamed(self, there: Key, content: Content) -> Content:
        return rewrite(there[0], content, self._names) if self._names else content


@dataclass(frozen=True)
class Pair:
    """A resource before and afterwards, by its key on both sides, and what both sides call it here."""

    key: Key
    before: Content | None
    after: Content | None
    name: str
    """What it is called afterwards, or was before it was deleted."""


@dataclass(frozen=True)
class Sides:
    """The two states and the resources that differ."""

    before: Side
    after: Side
    pairs: Sequence[Pair]


def sides(before: State, after: State, changes: Iterable[Change]) -> Sides:
    """The two states under common names. ``changes`` need not know renames: they are found by rid."""
    changes = list(changes)
    old = before.contents({key for key, _ in changes if key})
    new = after.contents({key for _, key in changes if key})
    former = _former_keys(old, new, changes)
    known = {key: former[key] for key in former if former[key] != key}
    known |= {(kind, name): (kind, name + _MARK) for kind, name in new.keys() - former.keys() if (kind, name) in old}
    left, right = Side(before, {}, old), Side(after, known, new)
    here = {key: known.get(key, key) for key in new}
    pairs = [Pair(here[key], left.get(former.get(key)), right.get(here[key]), key[1]) for key in new]
    pairs += [Pair(key, old[key], None, key[1]) for key in old.keys() - set(former.values())]
    return Sides(left, right, sorted(pairs, key=lambda pair: pair.key))


def plain(value: Json) -> Json:
    """``value`` without the marks in the names of it, for people to read."""
    match value:
        case str():
            return value.removesuffix(_MARK)
        case list() | tuple():
            return [plain(item) for item in value]
        case dict():
            return {key: plain(item) for key, item in value.items()}
    return value


def _former_keys(old: Mapping[Key, Content], new: Mapping[Key, Content], changes: Iterable[Change]) -> dict[Key, Key]:
    """What each of ``new`` was before, for those that were there: by rid, else by the change's own keys."""
    by_rid = {(key[0], content["rid"]): key for key, content in old.items() if "rid" in content}
    former = {
        key: by_rid[key[0], content["rid"]] for key, content in new.items() if (key[0], content.get("rid")) in by_rid
    }
    taken = set(former.values())
    for was, now in changes:
        if was in old and now in new and was and now and was[0] == now[0]:
            nameless = "rid" not in old[was] or "rid" not in new[now]
            if nameless and now not in former and was not in taken:
                former[now] = was
                taken.add(was)
    return former
