"""What a column holds, as the type and the constraints of a property."""

import re
from collections.abc import Mapping
from typing import Any, Final

from gateway.engine.sentences import Sentence, phrase, sentence
from ontology.formats.sql.description import Column

_MOST_DIGITS: Final = 38
_UNBOUNDED: Final = {"type": "decimal", "precision": _MOST_DIGITS, "scale": 18}

_PLAIN: Final[Mapping[str, str]] = {
    "AutoField": "integer",
    "BigAutoField": "long",
    "BigIntegerField": "long",
    "BinaryField": "attachment",
    "BooleanField": "boolean",
    "CharField": "string",
    "DateField": "date",
    "DateTimeField": "timestamp",
    "FloatField": "double",
    "IntegerField": "integer",
    "JSONField": "json",
    "PositiveBigIntegerField": "long",
    "PositiveIntegerField": "long",
    "PositiveSmallIntegerField": "integer",
    "SmallAutoField": "short",
    "SmallIntegerField": "short",
    "TextField": "string",
    "TimeField": "time",
}
"""Types by Django's fields; the unsigned ones reach further than the signed of the same width."""

_FORMATS: Final[Mapping[str, str]] = {
    "GenericIPAddressField": "ip",
    "UUIDField": "uuid",
    "cidr": "cidr",
    "macaddr": "mac",
    "macaddr8": "mac",
}
"""Texts of a form, by Django's field or the database's own type."""

_OWN: Final[Mapping[str, Mapping[str, Any]]] = {
    "real": {"type": "float"},
    "citext": {"type": "string"},
    "name": {"type": "string"},
    "hstore": {"type": "map", "keys": {"type": "string"}, "values": {"type": "string"}},
    "geometry": {"type": "geoshape"},
    "geography": {"type": "geoshape"},
}
"""Types of PostgreSQL and its extensions that Django's fields do not tell apart, or do not know."""


def held(column: Column, enums: Mapping[str, str]) -> tuple[dict[str, Any], Sentence | None]:
    """The fields of a property that holds the column, and the sentence that says what they do not hold, else None.

    ``enums`` are the value types of enumerated types. Only ``type``, ``value_type``, ``constraints`` and
    ``metadata`` are told.
    """
    if column.sql_type in enums:
        found, loss = {"type": {"type": "string"}, "value_type": enums[column.sql_type]}, None
    else:
        found, loss = _scalar(column)
    if column.is_array:
        found["type"] = {"type": "array", "items": found["type"]}
    elif "value_type" in found:
        del found["type"]
    return found, loss


def _scalar(column: Column) -> tuple[dict[str, Any], Sentence | None]:
    base = column.sql_type.partition("(")[0]
    if column.type == "DecimalField":
        return _decimal(column)
    if own := _own(column.sql_type):
        return {"type": own}, None
    for name in (column.type, base):
        if name in _FORMATS:
            return {"type": {"type": "string"}, "constraints": {"format": _FORMATS[name]}}, None
    if column.type in _PLAIN:
        return _plain(column), _zone_loss(column)
    named = column.sql_type or column.type or phrase("of no known type")
    return _as_text(column), sentence("Its values, {type}, are held as text.", type=named)


def _own(sql_type: str) -> dict[str, Any] | None:
    """The type of what only the database's own type tells; None where Django's field does."""
    base, _, parameters = sql_type.partition("(")
    if base == "vector" and parameters:
        return {"type": "vector", "dimension": int(parameters.rstrip(")"))}
    if base in ("geometry", "geography") and parameters.lower().startswith("point"):
        return {"type": "geopoint"}
    return dict(_OWN[base]) if base in _OWN else None


def _plain(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"type": {"type": _PLAIN[column.type]}}
    if column.type == "CharField" and column.size:
        found["constraints"] = {"max_length": column.size}
    if column.type.startswith("Positive"):
        found["constraints"] = {"min": 0}
    return found


def _zone_loss(column: Column) -> Sentence | None:
    if column.type == "TimeField" and re.search(r"\bwith time zone", column.sql_type):
        return sentence("The offsets of its times are not held.")
    return None


def _as_text(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"type": {"type": "string"}}
    return found | ({"metadata": {"sql_type": column.sql_type}} if column.sql_type else {})


def _decimal(column: Column) -> tuple[dict[str, Any], Sentence | None]:
    precision, scale = column.precision, column.scale or 0
    if precision is None:
        loss = sentence("It is a number without limits, and is held with 20 digits and 18 decimals.")
        return {"type": dict(_UNBOUNDED)}, loss
    if precision <= _MOST_DIGITS and 0 <= scale <= precision:
        return {"type": {"type": "decimal", "precision": precision, "scale": scale}}, None
    held_scale = min(max(scale, 0), _MOST_DIGITS)
    loss = sentence(
        "It has {precision} digits and {scale} decimals, and is held with {held_precision} and {held_scale}.",
        precision=precision,
        scale=scale,
        held_precision=_MOST_DIGITS,
        held_scale=held_scale,
    )
    return {"type": {"type": "decimal", "precision": _MOST_DIGITS, "scale": held_scale}}, loss
