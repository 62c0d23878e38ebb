"""Which types hold all values of which others."""

from collections.abc import Mapping
from typing import Any, Final

Type = Mapping[str, Any]
"""A type expression in normal form: ``{"type": NAME, ...parameters}``."""

_NEXT_WIDER: Final[Mapping[str, tuple[str, ...]]] = {
    "byte": ("short",),
    "short": ("integer",),
    "integer": ("long", "double"),
    "float": ("double",),
    "date": ("timestamp",),
}

_DIGITS: Final[Mapping[str, int]] = {"byte": 3, "short": 5, "integer": 10, "long": 19}
"""How many digits the whole numbers of a type have at most."""

_MOST_DIGITS: Final = 38
"""How many digits a decimal has at most."""


def is_assignable(given: Type, wanted: Type) -> bool:
    """Whether every value of ``given`` is one of ``wanted``.

    Types widen from byte over short and integer to long and decimal, from float and integer to
    double, and from date to timestamp; a decimal to one with at least as many digits before and
    behind the point; arrays and maps as their parts do.
    """
    if given == wanted:
        return True
    match given["type"], wanted["type"]:
        case "array", "array":
            return is_assignable(given["items"], wanted["items"])
        case "map", "map":
            return is_assignable(given["keys"], wanted["keys"]) and is_assignable(given["values"], wanted["values"])
        case "decimal", "decimal":
            return _whole_digits(given) <= _whole_digits(wanted) and given["scale"] <= wanted["scale"]
        case whole, "decimal" if whole in _DIGITS:
            return _DIGITS[whole] <= _whole_digits(wanted)
    return any(is_assignable({"type": wider}, wanted) for wider in _NEXT_WIDER.get(given["type"], ()))


def join(left: Type, right: Type) -> Type | None:
    """The narrowest type that holds all values of both, None where there is none."""
    if is_assignable(left, right):
        return right
    if is_assignable(right, left):
        return left
    match left["type"], right["type"]:
        case "array", "array":
            return _of_parts("array", left, right, ("items",))
        case "map", "map":
            return _of_parts("map", left, right, ("keys", "values"))
        case ("decimal", _) | (_, "decimal"):
            return _decimal_join(left, right)
    double: Type = {"type": "double"}
    return double if is_assignable(left, double) and is_assignable(right, double) else None


def _of_parts(name: str, left: Type, right: Type, parts: tuple[str, ...]) -> Type | None:
    joined = {part: join(left[part], right[part]) for part in parts}
    return None if None in joined.values() else {"type": name, **joined}


def _decimal_join(left: Type, right: Type) -> Type | None:
    """A decimal with as many digits before and behind the point as either has."""
    if not {left["type"], right["type"]} <= {"decimal", *_DIGITS}:
        return None
    decimals = [each for each in (left, right) if each["type"] == "decimal"]
    whole = max(_DIGITS.get(each["type"], 0) or _whole_digits(each) for each in (left, right))
    scale = max(each["scale"] for each in decimals)
    return {"type": "decimal", "precision": whole + scale, "scale": scale} if whole + scale <= _MOST_DIGITS else None


def _whole_digits(decimal: Type) -> int:
    digits: int = decimal["precision"] - decimal["scale"]
    return digits
