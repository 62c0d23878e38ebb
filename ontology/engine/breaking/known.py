"""What rules look up beside a difference itself, read together for all of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from history.engine.content import Content, Key
from ontology.engine.breaking.difference import Difference, Fate, Place, Sort
from ontology.engine.breaking.sides import Side, Sides
from ontology.engine.breaking.standing import is_settled
from ontology.engine.effective import (
    Effective,
    Meaning,
    ancestry,
    effective_properties,
    meaning_of,
    reached,
    sources,
)
from ontology.engine.members import HOLDERS

Properties = Mapping[str, Effective]

_INHERITING = ("extends", "implements", "primary_key", "title_property")
_NONE: Properties = {}


class Known:
    """The two states around the differences."""

    def __init__(self, sides: Sides, differences: Sequence[Difference], today: date) -> None:
        self.before, self.after, self.today = sides.before, sides.after, today
        kept = [difference for difference in differences if difference.fate is Fate.KEPT]
        self._had, self._has = self._effective(kept)
        self._sources_before = _sources(self.before, [each.before for each in kept])
        self._sources_after = _sources(self.after, [each.after for each in kept])
        self._lineage = self._read_lineage(kept)

    def had(self, key: Key) -> Properties:
        """The properties that a type had, those that it inherited among them."""
        return self._had.get(key, _NONE)

    def has(self, key: Key) -> Properties:
        """The properties that a type has afterwards."""
        return self._has.get(key, _NONE)

    def still_have(self, keys: Iterable[Key]) -> Mapping[Key, Properties]:
        """The properties that other types have afterwards."""
        return effective_properties(self.after, keys)

    def meanings(self, difference: Difference) -> tuple[Meaning, Meaning]:
        """What a member, value type or shared property takes on both sides.

        Where it refers to the same shared property or value type on both sides, what changed in that is told
        there and counts as if it had been so before.
        """
        before, after = difference.before or {}, difference.after or {}
        old, new = dict(self._sources_before), self._sources_after
        if before.get("shared_property") == after.get("shared_property"):
            _hold(old, new, ("shared_property", before.get("shared_property", "")))
        named = [_value_type(member, read) for member, read in ((before, old), (after, new))]
        if named[0] == named[1]:
            _hold(old, new, ("value_type", named[0]))
        return meaning_of(before, old), meaning_of(after, new)

    def former_names_of_joined(self, link: Difference, name: str | None) -> set[str]:
        """What the property ``name`` of the types that a link joins was called before, for those where it was there."""
        now = {
            properties[name or ""].property.get("rid")
            for key in _joined(link.after)
            if name in (properties := self.has(key))
        }
        return {
            former
            for key in _joined(link.before)
            for former, effective in self.had(key).items()
            if effective.property.get("rid") in now - {None}
        }

    def came_from(self, ancestor: Key) -> set[Key]:
        """``ancestor`` and all that it inherited from before."""
        return {ancestor, *reached(self.before, self.before.contents([ancestor]), ancestry)}

    def is_gone_there(self, effective: Effective) -> bool:
        """Whether a property that was inherited is gone where it came from, by a change of its own."""
        origin = self.after.get(effective.origin)
        rid = effective.property.get("rid")
        members = origin.get("properties", {}) if origin else {}
        return origin is not None and not any(
            name == effective.name if rid is None else member.get("rid") == rid for name, member in members.items()
        )

    def gained_line(self, difference: Difference) -> set[Key]:
        """What a type inherits from only since it changed, as far as it was there before as it is now."""
        had = self.came_from(difference.key)
        return self.ancestors(difference.key) - had

    def is_settled(self, place: Place) -> bool:
        """Whether others rely on a resource or member, as it stood before."""
        holder = self.before.get((place[0], place[1])) or {}
        member = holder.get(place[2], {}).get(place[3], {}) if len(place) > 3 else {}
        bearer = member if member.get("status") else holder
        return is_settled(bearer.get("status", "experimental"), bearer, self.today)

    def covers(self, wide: Collection[str], narrow: Collection[str]) -> bool:
        """Whether each of the types ``narrow`` is one of ``wide``, or inherits from one, afterwards."""
        return all(not self._ancestors(name).isdisjoint(wide) for name in narrow)

    def ancestors(self, key: Key) -> set[Key]:
        """What a type that changed extends and implements afterwards, through others too."""
        return set(reached(self.after, self.after.contents([key]), ancestry)) - {key}

    # --- Reading ----------------------------------------------------------------------------------

    def _effective(self, kept: Sequence[Difference]) -> tuple[dict[Key, dict[str, Effective]], ...]:
        keys = {each.key for each in kept if each.key[0] in HOLDERS and _inherits_otherwise(each)}
        for each in kept:
            if each.sort is Sort.LINK_TYPE and each.differs("foreign_key"):
                keys |= _joined(each.before) | _joined(each.after)
        had = effective_properties(self.before, keys)
        self.after.contents(effective.origin for properties in had.values() for effective in properties.values())
        return had, effective_properties(self.after, keys)

    def _read_lineage(self, kept: Sequence[Difference]) -> Mapping[Key, Content]:
        names = {name for each in kept for name in _ends(each)}
        return reached(self.after, self.after.contents((kind, name) for kind in HOLDERS for name in names), ancestry)

    def _ancestors(self, name: str) -> set[str]:
        start = {key: self._lineage[key] for kind in HOLDERS if (key := (kind, name)) in self._lineage}
        found, pending = {name}, list(start)
        while pending:
            key = pending.pop()
            following = {near for near in ancestry(key, self._lineage.get(key, {})) if near[1] not in found}
            found |= {near[1] for near in following}
            pending += following
        return found


def _inherits_otherwise(difference: Difference) -> bool:
    before, after = difference.before or {}, difference.after or {}
    properties = before.get("properties", {}).keys() != after.get("properties", {}).keys()
    return properties or any(difference.differs(field) for field in _INHERITING if field in difference.record.fields)


def _joined(link: Content | None) -> set[Key]:
    """The types that a link joins."""
    names = {name for side in ("source", "target") for name in (link or {}).get(side, {}).get("types", ())}
    return {(kind, name) for kind in HOLDERS for name in names}


def _sources(side: Side, contents: Iterable[Content | None]) -> Mapping[Key, Content]:
    """The shared properties and value types that ``contents`` use."""
    found: dict[Key, Content] = {}
    start = {("", str(place)): content for place, content in enumerate(contents) if content}
    found |= reached(side, start, sources)
    return {key: content for key, content in found.items() if key[0]}


def _hold(old: dict[Key, Content], new: Mapping[Key, Content], key: Key) -> None:
    if key in new:
        old[key] = new[key]


def _value_type(member: Content, read: Mapping[Key, Content]) -> str:
    shared = read.get(("shared_property", member.get("shared_property", "")), {})
    return str(member.get("value_type") or shared.get("value_type") or "")


def _ends(difference: Difference) -> set[str]:
    """The types that a changed link, link of an interface or parameter leads to, on both sides."""
    found: set[str] = set()
    for content in (difference.before or {}, difference.after or {}):
        for side in ("source", "target"):
            if difference.sort is Sort.LINK_TYPE and difference.differs(side, "types"):
                found |= set(content[side].get("types", ()))
        found |= {link["target"] for link in content.get("links", {}).values() if "target" in link}
        found |= {each["object_type"] for each in content.get("parameters", {}).values() if "object_type" in each}
    return found
