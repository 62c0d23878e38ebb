"""Patterns of places in resources, by which a strategy is chosen for all of them.

A pattern is names separated by slashes, written as in a JSON pointer; ``*`` stands for any one name. It begins at
any field of a resource or of one of its members, or at a field of the resource itself where it begins with a
slash, and covers what it leads to and all that is below. So ``description`` covers every description, in whatever
language, ``/description`` the resource's own alone, ``properties/*/status`` the status of each property, and ``/``
everything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.engine.json_pointer import tokens
from merging.engine.schema import FreeJson, KeyedMap, Record, Rule, Text

ANY: Final = "*"


@dataclass(frozen=True, order=True)
class Pattern:
    """A pattern that was read. Of two that reach equally far the greater one says more exactly what is meant."""

    length: int
    literals: int
    rooted: bool
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Pattern":
        rooted = text.startswith("/")
        names = tuple(tokens(text if rooted else f"/{text}")) if text != "/" else ()
        return cls(len(names), sum(name != ANY for name in names), rooted, names)

    def reach(self, record: Record, way: Sequence[str]) -> int | None:
        """How many names on the ``way`` from a ``record`` it takes to be covered; None where the place is not."""
        starts = [0] if self.rooted else [0, *_records_on(record, way)]
        ends = [start + self.length for start in starts if self._matches(way[start : start + self.length])]
        return max(ends, default=None)

    def may_cover(self, record: Record) -> bool:
        """Whether a ``record`` can have any place that is covered."""
        starts = [record] if self.rooted else _records_in(record)
        return any(_leads(start, self.names) for start in starts)

    def _matches(self, way: Sequence[str]) -> bool:
        return len(way) == self.length and all(
            name in (ANY, other) for name, other in zip(self.names, way, strict=True)
        )


def _records_on(record: Record, way: Sequence[str]) -> Iterator[int]:
    """How far along ``way`` further records begin."""
    rule: Rule = record
    for place, name in enumerate(way):
        match rule:
            case Record():
                rule = rule.field(name).rule
            case KeyedMap():
                rule = rule.entry
            case _:
                return
        if isinstance(rule, Record):
            yield place + 1


def _records_in(record: Record) -> Iterator[Record]:
    yield record
    for each in record.fields.values():
        inner = each.rule.entry if isinstance(each.rule, KeyedMap) else each.rule
        if isinstance(inner, Record):
            yield from _records_in(inner)


def _leads(rule: Rule, names: Sequence[str]) -> bool:
    """Whether there can be something where ``names`` lead."""
    if not names:
        return True
    name, *rest = names
    match rule:
        case Record(fields=fields):
            return any(_leads(each.rule, rest) for field, each in fields.items() if name in (ANY, field))
        case KeyedMap(entry=entry):
            return _leads(entry, rest)
        case FreeJson():
            return True
        case Text():
            return not rest
    return False
