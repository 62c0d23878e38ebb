"""What became of a type: how the one before and the one afterwards stand to each other."""

from enum import StrEnum
from typing import Final

from gateway.engine.sentences import Sentence, phrase
from ontology.engine.types import Type, is_assignable


class Relation(StrEnum):
    """What became of a type."""

    SAME = "same"
    WIDENED = "widened"
    NARROWED = "narrowed"
    CASTABLE = "castable"
    INCOMPATIBLE = "incompatible"
    ARRAY_TO_SCALAR = "array_to_scalar"
    SCALAR_TO_ARRAY = "scalar_to_array"


_WHOLE: Final = frozenset({"byte", "short", "integer", "long"})
_NUMBERS: Final = _WHOLE | {"float", "double", "decimal"}
_PARSABLE: Final = _NUMBERS | {"boolean", "date", "time", "timestamp", "geopoint", "geoshape", "json", "marking"}
"""What can be read from a string, if it is written as one."""


def relation(before: Type, after: Type) -> Relation:
    """What became of the type ``before`` that is now ``after``.

    Widened means that every old value is a new one without loss, narrowed the inverse of it, castable that
    there is a cast which loses nothing, or checks, or whose loss :func:`loss` names.
    """
    if before == after:
        return Relation.SAME
    was, now = before["type"], after["type"]
    if was == now == "array":
        return relation(before["items"], after["items"])
    if "array" in {was, now}:
        return Relation.ARRAY_TO_SCALAR if was == "array" else Relation.SCALAR_TO_ARRAY
    if is_assignable(before, after):
        return Relation.WIDENED
    if is_assignable(after, before):
        return Relation.NARROWED
    return Relation.CASTABLE if _is_castable(before, after) else Relation.INCOMPATIBLE


def loss(before: Type, after: Type) -> str:
    """What a cast from ``before`` to ``after`` may lose, as the end of a sentence; empty where it loses nothing."""
    was, now = before["type"], after["type"]
    if was == now == "array":
        return loss(before["items"], after["items"])
    if {was, now} <= _NUMBERS and not is_assignable(before, after):
        return _lost_digits(was, now)
    if (was, now) == ("timestamp", "date"):
        return phrase("the time of day")
    return phrase("all items but one") if was == "array" else ""


def _lost_digits(was: str, now: str) -> Sentence:
    if "decimal" in {was, now}:
        return phrase("digits that do not fit")
    if now in _WHOLE:
        return phrase("values that do not fit") if was in _WHOLE else phrase("the fraction")
    return phrase("digits beyond 2^53") if now == "double" else phrase("digits beyond 2^24")


def _is_castable(before: Type, after: Type) -> bool:
    was, now = before["type"], after["type"]
    if now in {"string", "json"}:
        return True
    if was == "string":
        return now in _PARSABLE
    if was == now == "map":
        return all(_is_cast(before[part], after[part]) for part in ("keys", "values"))
    return {was, now} <= _NUMBERS or (was, now) == ("geopoint", "geoshape")


def _is_cast(before: Type, after: Type) -> bool:
    found = relation(before, after)
    return found in {Relation.SAME, Relation.WIDENED, Relation.NARROWED, Relation.CASTABLE}
