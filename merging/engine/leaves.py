"""Three-way merge of one leaf that both sides changed, by its rule."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from history.engine.canonical import canonical_bytes
from merging.engine.result import ConflictKind, Strategy
from merging.engine.schema import FreeJson, Joined, Limit, OrderedList, Ranked, Rule, Scalar, SetOf, Text
from merging.engine.sequences import Clash, merge_sequences
from merging.engine.text import merge_text
from merging.engine.values import ABSENT, Sides, Value, same

Outcome = tuple[Value, Strategy] | ConflictKind
"""The merged value and what settled it, or how the sides conflict."""


def merge_leaf(rule: Rule, sides: Sides) -> Outcome:
    """The outcome for three values that all differ. A value that does not fit its rule is a scalar."""
    return _LEAVES[type(rule)](rule, sides)


def _scalar(_rule: Scalar | FreeJson | Limit, _sides: Sides) -> Outcome:
    return ConflictKind.VALUE


def _joined(rule: Joined, sides: Sides) -> Outcome:
    """The join of two sides that both are above the base."""
    if ABSENT in sides:
        return ConflictKind.VALUE
    base, ours, theirs = sides
    above = all(_is(rule.join(base, side), side) for side in (ours, theirs))
    found = rule.join(ours, theirs) if above else None
    return ConflictKind.VALUE if found is None else (found, Strategy.WIDER)


def _is(found: Value | None, value: Value) -> bool:
    return found is not None and same(found, value)


def _ranked(rule: Ranked, sides: Sides) -> Outcome:
    _, ours, theirs = sides
    first = rule.stages[0]
    stages = [first if stage is ABSENT else stage for stage in (ours, theirs)]
    if not all(stage in rule.stages for stage in stages):
        return ConflictKind.VALUE
    return max(stages, key=rule.stages.index), Strategy.FURTHER


def _text(_rule: Text, sides: Sides) -> Outcome:
    base, ours, theirs = sides
    texts = ("" if base is ABSENT else base, ours, theirs)
    if all(isinstance(text, str) for text in texts):
        merged = merge_text(*texts)
        if merged is not None:
            return merged, Strategy.TEXT_MERGE
    return ConflictKind.TEXT


def _set(_rule: SetOf, sides: Sides) -> Outcome:
    if not all(_is_list_of_strings(items) for items in sides.there.values()):
        return ConflictKind.VALUE
    base, ours, theirs = (set() if items is ABSENT else set(items) for items in sides)
    merged = sorted((ours & theirs) | (ours - base) | (theirs - base))
    return merged if merged or sides.still_there else ABSENT, Strategy.SET_UNION


def _is_list_of_strings(items: Value) -> bool:
    return isinstance(items, list) and all(isinstance(item, str) for item in items)


def _ordered_list(rule: OrderedList, sides: Sides) -> Outcome:
    if not all(isinstance(items, list) for items in sides.there.values()):
        return ConflictKind.VALUE
    merged = None if rule.atomic else _merged_items(sides)
    if merged is None:
        return ConflictKind.ORDER
    return merged if merged or sides.still_there else ABSENT, Strategy.LIST_MERGE


def _merged_items(sides: Sides) -> list[Any] | None:
    """The merged list, or None where the sides changed the same part, or moved the same item, differently."""
    lists = [[] if items is ABSENT else items for items in sides]
    known = {canonical_bytes(item): item for items in lists for item in items}
    base, ours, theirs = ([canonical_bytes(item) for item in items] for items in lists)
    merged: list[bytes] = []
    for piece in merge_sequences(base, ours, theirs):
        if isinstance(piece, Clash):
            return None
        merged += piece.items
    counts = [Counter(items) for items in (base, ours, theirs, merged)]
    if not all(_agreed(*(count[item] for count in counts)) for item in known):
        return None
    return [known[item] for item in merged]


def _agreed(base: int, ours: int, theirs: int, merged: int) -> bool:
    """Whether an item occurs as often as the sides have it; what both moved apart occurs too often."""
    if theirs in (ours, base):
        return merged == ours
    return ours != base or merged == theirs


_LEAVES: Mapping[type[Rule], Callable[[Any, Sides], Outcome]] = {
    Scalar: _scalar,
    FreeJson: _scalar,
    Limit: _scalar,
    Joined: _joined,
    Ranked: _ranked,
    Text: _text,
    SetOf: _set,
    OrderedList: _ordered_list,
}
