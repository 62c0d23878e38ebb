"""Constants of SQL as JSON, and conditions as constraints."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from gateway.engine import strict_json
from ontology.engine.types import Type
from ontology.engine.values import WHOLE_RANGES, is_ordered, scalar_type
from ontology.formats.sql.expressions import (
    All,
    Call,
    Comparison,
    Expression,
    Items,
    Literal,
    Name,
    NotPlain,
    parse,
)

_LIMITS: Final = {">=": "min", ">": "exclusive_min", "<=": "max", "<": "exclusive_max"}
_MIRRORED: Final = {">=": "<=", ">": "<", "<=": ">=", "<": ">", "=": "="}
_LENGTHS: Final = frozenset({"length", "char_length", "character_length"})
_EMPTY_ARRAY: Final = "{}"


def constant(text: str, of: Type) -> Any:
    """The value of the type that a default always has, None for NULL. Raises NotPlain where it is computed."""
    expression = parse(text)
    if isinstance(expression, Items) and of["type"] == "array":
        return [_value(item, of["items"]) for item in expression.items]
    return _value(expression, of)


def _value(expression: Expression, of: Type) -> Any:
    if not isinstance(expression, Literal):
        raise NotPlain
    value, name = expression.value, of["type"]
    match value:
        case None:
            return None
        case Decimal() if name == "boolean" and value in (0, 1):
            return value == 1
        case Decimal():
            return _number(value, name)
        case str():
            return _from_text(value, name)
    return value


def _number(value: Decimal, name: str) -> Any:
    if name in WHOLE_RANGES and value == value.to_integral_value():
        return int(value)
    return float(value) if name in ("float", "double") else str(value)


def _from_text(value: str, name: str) -> Any:
    """What a text in quotes means where a value of the type is expected."""
    try:
        match name:
            case "boolean":
                return {"t": True, "true": True, "f": False, "false": False}[value.lower()]
            case "json":
                return strict_json.loads(value.encode())
            case "timestamp":
                return datetime.fromisoformat(value).isoformat()
            case "array" | "map" if value == _EMPTY_ARRAY or not value:
                return [] if name == "array" else {}
            case "array" | "map" | "attachment" | "vector" | "geopoint" | "geoshape":
                raise NotPlain
            case "date" | "time" | "string":
                return value
        return _number(Decimal(value), name)
    except (strict_json.JSONRefused, KeyError, ValueError, ArithmeticError) as error:
        raise NotPlain from error


# --- Conditions -----------------------------------------------------------------------------------


def conditions(text: str, types: Mapping[str, Type]) -> list[tuple[str, dict[str, Any]]]:
    """(column, constraints) of a check, by the ``types`` of columns. Raises NotPlain where it says anything else."""
    expression = parse(text)
    found = expression.conditions if isinstance(expression, All) else [expression]
    return [_condition(each, types) for each in found]


def _condition(expression: Expression, types: Mapping[str, Type]) -> tuple[str, dict[str, Any]]:
    match expression:
        case Comparison(Name(column), operator, right) if column in types:
            return column, dict(_of_column(operator, right, scalar_type(types[column])))
        case Comparison(Literal() as left, operator, Name(column)) if column in types and operator in _MIRRORED:
            return column, dict(_of_column(_MIRRORED[operator], left, scalar_type(types[column])))
        case Comparison(Call(function, [Name(column)]), operator, Literal(Decimal() as count)) if (
            function in _LENGTHS and column in types and types[column]["type"] == "string"
        ):
            return column, dict(_of_length(operator, int(count)))
    raise NotPlain


def _of_column(operator: str, right: Expression, of: Type) -> Iterator[tuple[str, Any]]:
    match operator, right:
        case "any", Items(items):
            yield "enum", {_key(item, of): {} for item in items}
        case "=", Literal():
            yield "enum", {_key(right, of): {}}
        case "~", Literal(str() as pattern):
            yield "pattern", pattern
        case "<>", Literal("") if of["type"] == "string":
            yield "min_length", 1
        case _ if operator in _LIMITS and is_ordered(of) and right != Literal(None):
            yield _LIMITS[operator], _value(right, of)
        case _:
            raise NotPlain


def _key(expression: Expression, of: Type) -> str:
    """The key of an enum that stands for a constant."""
    value = _value(expression, of)
    if isinstance(value, bool):
        return str(value).lower()
    key = str(value)
    if value is None or not re.fullmatch(r"(?s).{1,1000}", key):
        raise NotPlain
    return key


def _of_length(operator: str, count: int) -> Iterator[tuple[str, int]]:
    match operator:
        case ">=" | ">":
            yield "min_length", count + (operator == ">")
        case "<=" | "<":
            yield "max_length", count - (operator == "<")
        case "=":
            yield "min_length", count
            yield "max_length", count
        case _:
            raise NotPlain
