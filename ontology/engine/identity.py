"""Who a resource and its members are: rids that are kept, given, or derived from the name.

A member is a property, field, parameter, enum value or link of an interface. It keeps the rid
that its name had before; a new one is a UUIDv5 (RFC 9562) of the rid of what holds it and its
place there, and a resource's of its kind and name, so that the same addition made twice is one
thing. A counter is appended while the rid is taken.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from itertools import count
from typing import Any, Final
from uuid import UUID, uuid5

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Sentence, sentence
from history.engine.content import Content, Violation
from ontology.engine.kinds import KINDS
from ontology.engine.shapes import Record, member_maps

NAMESPACE: Final = UUID("5f2f3b1e-6d0c-5b7a-9c39-0d1f6e7a4c52")
"""The namespace of the rids that are derived from a kind and a name. It never changes."""

_NOTHING: Mapping[str, Any] = {}


def give_identities(
    kind: str, name: str, content: Content, previous: Content | None, taken: Callable[[str], bool]
) -> list[Violation]:
    """Write every missing rid into ``content``, a normal form; what is wrong with the given ones.

    ``previous`` is what the name held before; ``taken`` tells whether another resource has a rid.
    """
    bearer = _Bearer(KINDS[kind], content)
    bearer.identify(kind, name, previous, taken)
    return bearer.violations


def is_identified(kind: str, content: Content) -> bool:
    """Whether ``content``, a normal form, and each of its members has a rid."""
    return _is_identified(KINDS[kind], content)


def _is_identified(record: Record, holder: Mapping[str, Any]) -> bool:
    return "rid" in holder and all(
        _is_identified(member_record, member)
        for place, member_record in member_maps(record)
        for member in _dig(holder, place).values()
    )


def without_derived(kind: str, content: Content, given: Content) -> Content:
    """``content`` without the rids that ``given``, the normal form that it comes from, does not have."""
    bare = deepcopy(content)
    _forget(KINDS[kind], bare, given)
    return bare


def _forget(record: Record, holder: Content, given: Mapping[str, Any]) -> None:
    if "rid" not in given:
        del holder["rid"]
    for place, member_record in member_maps(record):
        named = _dig(given, place)
        for name, member in _dig(holder, place).items():
            _forget(member_record, member, named.get(name, _NOTHING))


class _Bearer:
    """A content, while its rids are given out."""

    def __init__(self, record: Record, content: Content) -> None:
        self.violations: list[Violation] = []
        self._record = record
        self._content = content
        self._given = Counter(rid for _, rid in _rids(record, content, ""))
        self._used = set(self._given)

    def identify(self, kind: str, name: str, previous: Content | None, taken: Callable[[str], bool]) -> None:
        for path, rid in _rids(self._record, self._content, ""):
            if self._given[rid] > 1:
                message = sentence("The rid {rid} is given to more than one member.", rid=rid)
                self._refuse("RID_DUPLICATE", path, message)
        kept = previous.get("rid") if previous else None
        given = self._content.get("rid")
        if kept and given and given != kept:
            self._refuse_change("", kept)
        rid = given or kept or _derived(NAMESPACE, f"{kind}/{name}", taken)
        self._content["rid"] = rid
        self._members(self._record, self._content, previous or _NOTHING, "")

    def _members(self, record: Record, holder: Content, previous: Mapping[str, Any], path: str) -> None:
        for place, member_record in member_maps(record):
            members = _dig(holder, place)
            if not members:
                continue
            before = _dig(previous, place)
            by_rid = {member["rid"]: member for member in before.values()}
            namespace = UUID(holder["rid"])
            for name in sorted(members):
                member, here = members[name], pointer(path, *place, name)
                old = self._old(member, before.get(name), by_rid, here)
                if "rid" not in member:
                    member["rid"] = (
                        old["rid"] if old else _derived(namespace, "/".join((*place, name)), self._is_used(by_rid))
                    )
                self._used.add(member["rid"])
                self._members(member_record, member, old or _NOTHING, here)

    def _old(
        self, member: Content, namesake: Content | None, by_rid: Mapping[str, Content], path: str
    ) -> Content | None:
        """What ``member`` was before: of its rid where it gives one, else of its name."""
        if "rid" not in member:
            return namesake if namesake and namesake["rid"] not in self._used else None
        rid = member["rid"]
        if rid not in by_rid and namesake and namesake["rid"] not in self._given:
            self._refuse_change(path, namesake["rid"])
        return by_rid.get(rid)

    def _is_used(self, by_rid: Mapping[str, Content]) -> Callable[[str], bool]:
        return lambda rid: rid in self._used or rid in by_rid

    def _refuse_change(self, path: str, kept: str) -> None:
        self._refuse("RID_CHANGED", path, sentence("The rid is {rid} and never changes.", rid=kept))

    def _refuse(self, rule: str, path: str, message: Sentence) -> None:
        self.violations.append(Violation(rule, f"{path}/rid", message))


def _rids(record: Record, holder: Content, path: str) -> Iterator[tuple[str, str]]:
    """(path, rid) of ``holder`` and every member below it that has one."""
    if "rid" in holder:
        yield path, holder["rid"]
    for place, member_record in member_maps(record):
        for name, member in _dig(holder, place).items():
            yield from _rids(member_record, member, pointer(path, *place, name))


def _dig(holder: Mapping[str, Any], place: tuple[str, ...]) -> Mapping[str, Any]:
    for field in place:
        holder = holder.get(field, _NOTHING)
    return holder


def _derived(namespace: UUID, name: str, taken: Callable[[str], bool]) -> str:
    rid = str(uuid5(namespace, name))
    for attempt in count(1):
        if not taken(rid):
            break
        rid = str(uuid5(namespace, f"{name}/{attempt}"))
    return rid
