"""From changes to the contents that they ask for, with everything that is wrong with them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, groupby
from typing import Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Sentence, sentence
from gateway.exceptions import MAX_ERRORS, FieldError
from history.engine.canonical import CanonicalError, canonical_bytes
from history.engine.changes import Change, Delete, Put, Rename
from history.engine.content import Content, ContentInvalid, ContentModel, Key
from history.exceptions import ChangesInvalid
from history.selectors import TreeView, content_model

ROUNDS: Final = 8
"""How often the rids of all contents whose rid is held already are derived and asked for together."""

Place = Callable[[int, str], str]
"""The pointer into the request for a part (kind, name, to, content) of the change with that number."""


def place_in_changes(number: int, part: str) -> str:
    return f"/changes/{number}/{part}"


def changes_stage(
    *, before: TreeView, changes: Sequence[Change], place: Place = place_in_changes
) -> dict[Key, Content | None]:
    """The content of every key that ``changes`` touch, applied in order on ``before``; None for what is gone.

    Whatever refers to a renamed resource is among them. Raises ChangesInvalid with all errors.
    """
    staging = _Staging(content_model(), before, place)
    staging.read(changes)
    for renaming, run in groupby(enumerate(changes), key=lambda numbered: isinstance(numbered[1], Rename)):
        if renaming:
            staging.settle_identities()  # what is renamed is no longer what its put said
            staging.rename([(number, change) for number, change in run if isinstance(change, Rename)])
            continue
        for number, change in run:
            if isinstance(change, Put):
                staging.put(number, change)
            elif isinstance(change, Delete):
                staging.delete(number, change)
    staging.settle_identities()
    if staging.errors:
        raise ChangesInvalid(errors=staging.errors)
    return staging.contents


@dataclass
class _Staging:
    model: ContentModel
    before: TreeView
    place: Place
    contents: dict[Key, Content | None] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    known: dict[Key, Content] = field(default_factory=dict)
    """What the tree holds under the keys that are looked at."""
    holders: dict[str, Key] = field(default_factory=dict)
    """Which of the staged contents carries a rid."""
    puts: dict[Key, tuple[int, Put]] = field(default_factory=dict)
    """The last change that gave a key its content, until its identity is settled."""
    referrers: dict[Key, set[Key]] = field(default_factory=dict)
    """For every key that is renamed, what refers to it in the tree or as it was staged."""

    def read(self, changes: Iterable[Change]) -> None:
        """Read what the changes are about in a few queries, however many they are."""
        keys = {(change.kind, change.name) for change in changes}
        renames = [change for change in changes if isinstance(change, Rename)]
        renamed = {(change.kind, change.name) for change in renames}
        self.referrers = {**{key: set() for key in renamed}, **self.before.referrers(renamed)}
        keys.update((change.kind, change.to) for change in renames)
        keys.update(source for sources in self.referrers.values() for source in sources)
        self.known.update(self.before.contents(keys))

    def current(self, key: Key) -> Content | None:
        return self.contents[key] if key in self.contents else self.known.get(key)

    def put(self, number: int, change: Put) -> None:
        key = (change.kind, change.name)
        if not self._named_well(number, key, "name"):
            return
        previous = self.current(key)
        self._forget(previous)
        content = self._normalised(number, change, previous, self.holders.__contains__)
        if content is not None:
            self.puts[key] = number, change
            self._set(key, content)

    def delete(self, number: int, change: Delete) -> None:
        key = (change.kind, change.name)
        previous = self.current(key)
        if previous is None:
            message = sentence("There is no {kind} {name} to delete.", kind=change.kind, name=change.name)
            self._refuse(number, "name", "NOT_FOUND", message)
            return
        self._forget(previous)
        self.contents[key] = None

    def rename(self, run: Sequence[tuple[int, Rename]]) -> None:
        """Rename resources one after the other, then everything that refers to them at once."""
        origins: dict[Key, Key] = {}
        for number, change in run:
            key, target = (change.kind, change.name), (change.kind, change.to)
            content = self.current(key)
            if content is None:
                message = sentence("There is no {kind} {name} to rename.", kind=change.kind, name=change.name)
                self._refuse(number, "name", "NOT_FOUND", message)
            elif target != key and self.current(target) is not None:
                message = sentence("There is a {kind} {name} already.", kind=change.kind, name=change.to)
                self._refuse(number, "to", "TAKEN", message)
            elif target != key and self._named_well(number, target, "to"):
                self.contents[key] = None
                self._set(target, content)
                origins[target] = origins.pop(key, key)
        self._follow({origin: name for (kind, name), origin in origins.items() if origin != (kind, name)})

    def settle_identities(self) -> None:
        """See that no rid is held twice; where a derived one is taken, derive the next."""
        puts, self.puts = self.puts, {}
        rids = {content["rid"]: key for key in puts if (content := self.contents[key]) and "rid" in content}
        taken: set[str] = set()
        for attempt in count():
            elsewhere = {rid: self._unstaged(keys) for rid, keys in self.before.holders(rids).items()}
            held = sorted(rid for rid, others in elsewhere.items() if others)
            if not held:
                return
            taken.update(held)
            # All at once as long as that helps: a name of which many generations live on is asked for by itself.
            is_taken = self._is_held if attempt == ROUNDS else taken.__contains__
            again: dict[str, Key] = {}
            for rid in held:
                number, change = puts[rids[rid]]
                del self.holders[rid]
                if _gives_rid(change):
                    kind, name = min(elsewhere[rid])
                    message = sentence("The rid {rid} is that of {kind} {name}.", rid=rid, kind=kind, name=name)
                    self._refuse(number, "content", "RID_DUPLICATE", message, "/rid")
                    continue
                content = self._normalised(number, change, None, self._taken_here_or(is_taken))
                if content is not None:
                    self._set(rids[rid], content)
                    again[content["rid"]] = rids[rid]
            rids = again

    def _taken_here_or(self, is_taken: Callable[[str], bool]) -> Callable[[str], bool]:
        return lambda rid: rid in self.holders or is_taken(rid)

    def _is_held(self, rid: str) -> bool:
        return bool(self._unstaged(self.before.holders([rid]).get(rid, ())))

    def _unstaged(self, keys: Iterable[Key]) -> set[Key]:
        """Those of ``keys`` that no change touches. A difference of sets would go through all that is staged."""
        return {key for key in keys if key not in self.contents}

    def _named_well(self, number: int, key: Key, part: str) -> bool:
        kind, name = key
        if kind not in self.model.kinds:
            message = sentence("{kind} is none of {kinds}.", kind=repr(kind), kinds=", ".join(self.model.kinds))
            self._refuse(number, "kind", "KIND_UNKNOWN", message)
            return False
        violations = self.model.name_violations(kind, name)
        for violation in violations:
            self._refuse(number, part, violation.rule, violation.message)
        return not violations

    def _normalised(
        self, number: int, change: Put, previous: Content | None, taken: Callable[[str], bool]
    ) -> Content | None:
        try:
            content = self.model.normalise(change.kind, change.name, change.content, previous, taken)
            canonical_bytes(content)
        except ContentInvalid as error:
            for violation in error.violations:
                self._refuse(number, "content", violation.rule, violation.message, violation.path)
            return None
        except CanonicalError as error:
            self._refuse(number, "content", "NOT_CANONICAL", error.message, error.path)
            return None
        rid = content.get("rid")
        if rid in self.holders:
            kind, name = self.holders[rid]
            message = sentence("The rid {rid} is that of {kind} {name} as well.", rid=rid, kind=kind, name=name)
            self._refuse(number, "content", "RID_DUPLICATE", message, "/rid")
            return None
        return content

    def _set(self, key: Key, content: Content) -> None:
        self.contents[key] = content
        if "rid" in content:
            self.holders[content["rid"]] = key
        if self.referrers:
            for target in self.referrers.keys() & self.model.references(*key, content):
                self.referrers[target].add(key)

    def _forget(self, content: Content | None) -> None:
        if content is not None:
            self.holders.pop(content.get("rid", ""), None)

    def _follow(self, renames: dict[Key, str]) -> None:
        """Rewrite everything that refers to what was renamed, in the tree or among what is staged."""
        for key in sorted({source for renamed in renames for source in self.referrers[renamed]}):
            content = self.current(key)
            if content is not None:
                self._set(key, self.model.rewrite(key[0], content, renames))

    def _refuse(self, number: int, part: str, rule: str, message: Sentence, path: str = "") -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(FieldError(self.place(number, part) + path, rule, message))


def _gives_rid(change: Put) -> bool:
    return isinstance(change.content, dict) and "rid" in change.content


def errors_place(errors: Iterable[FieldError], changes: Sequence[Change], place: Place) -> Iterator[FieldError]:
    """``errors`` of a state (``/resources/<kind>/<name>/…``), each where ``changes`` give that content if they do."""
    puts = {
        pointer("/resources", change.kind, change.name): number
        for number, change in enumerate(changes)
        if isinstance(change, Put)
    }
    for error in errors:
        parts = error.field.split("/")
        number = puts.get("/".join(parts[:4]))
        if number is None:
            yield error
        else:
            yield replace(error, field="/".join([place(number, "content"), *parts[4:]]))
