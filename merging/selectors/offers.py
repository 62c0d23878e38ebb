"""What the strategies that a conflict offers would come to."""

from gateway.engine.json_pointer import tokens
from merging.engine.result import Conflict
from merging.engine.strategies import BUILT_IN, UNSETTLED, Question, Unsettled
from merging.engine.values import Value
from merging.selectors.schema import merge_schema


def offered_value(conflict: Conflict, strategy: str) -> Value | Unsettled:
    """The value by which ``strategy`` would settle a conflict; UNSETTLED where it cannot be told beforehand."""
    if strategy not in BUILT_IN:
        return UNSETTLED
    _resources, kind, _name, *path = tokens(conflict.path)
    return BUILT_IN[strategy](Question(merge_schema().rule_at(kind, path), conflict.sides))
