"""Whether two values mean the same under a rule."""

from merging.engine.schema import KeyedMap, Record, Rule, SetOf
from merging.engine.values import Value, same


def equivalent(rule: Rule, left: Value, right: Value) -> bool:
    """Whether the values differ in nothing but defaults written out and the order of sets."""
    if same(left, right):
        return True
    if isinstance(rule, SetOf) and isinstance(left, list) and isinstance(right, list):
        return sorted(map(repr, left)) == sorted(map(repr, right))
    if not (isinstance(left, dict) and isinstance(right, dict)):
        return False
    if isinstance(rule, Record):
        return all(_field_equivalent(rule, name, left, right) for name in left.keys() | right.keys())
    if isinstance(rule, KeyedMap):
        return left.keys() == right.keys() and all(equivalent(rule.entry, left[name], right[name]) for name in left)
    return False


def _field_equivalent(record: Record, name: str, left: dict[str, Value], right: dict[str, Value]) -> bool:
    field = record.field(name)
    return equivalent(field.rule, left.get(name, field.default), right.get(name, field.default))
