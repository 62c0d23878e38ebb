"""Values as JSON: which ones a type has, and which of those keep to constraints.

A ``Type`` is a type expression and a ``Constraints`` a record of constraints, both in normal form.
Numbers beyond 2^53 are text in normal form, so numeric types take text of digits as well.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

from gateway.engine.sentences import Sentence, phrase
from history.engine.canonical import canonical_bytes
from ontology.engine import patterns
from ontology.engine.findings import shown
from ontology.engine.types import Type

Json = Any
Constraints = Mapping[str, Any]
Comparable = Decimal | date | time | datetime

WHOLE_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "integer": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
}
"""The least and the greatest number of each type of whole numbers."""

_LARGEST: Final = {"float": Decimal("3.4028235e38"), "double": Decimal("1.7976931348623158e308")}
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?")
_TIMESTAMP = re.compile(rf"{_DATE.pattern}T{_TIME.pattern}(?:Z|[-+][0-9]{{2}}:[0-9]{{2}})?")
_LONGEST_NUMBER: Final = 400

FORMATS: Final[Mapping[str, re.Pattern[str]]] = {
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
    "url": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+"),
    "e164": re.compile(r"\+[1-9][0-9]{1,14}"),
    "uuid": re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
    "rid": re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}
"""The forms that values are held to; a format of another name is not checked."""

_GEOMETRIES: Final = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
)
_TEXTS: Final = frozenset({"string", "attachment", "media_reference", "time_series", "marking", "cipher"})


class Unfit(ValueError):
    """A value is none of the type; ``clause`` says why."""

    def __init__(self, clause: Sentence) -> None:
        super().__init__(clause)
        self.clause = clause


def comparable(of: Type, value: Json) -> Comparable:
    """``value`` as something that is ordered as the type is. Raises :class:`Unfit` where it is none of the type.

    Only types of numbers, dates and times have an order.
    """
    name = of["type"]
    if name in ("date", "time", "timestamp"):
        return _moment(name, value)
    number = _number(name, value)
    if not _is_in_range(of, number):
        raise Unfit(phrase("{value} is out of the range of the type {type}", value=shown_value(value), type=name))
    return number


def is_ordered(of: Type) -> bool:
    """Whether values of the type can be compared with limits."""
    return of["type"] in {*WHOLE_RANGES, *_LARGEST, "decimal", "date", "time", "timestamp"}


def scalar_type(of: Type) -> Type:
    """The type to which limits, lengths, patterns, formats and enums apply: of an array that of its items."""
    scalar: Type = of["items"] if of["type"] == "array" else of
    return scalar


def shown_value(value: Json) -> str:
    """A value as a sentence shows it."""
    return shown(value) if isinstance(value, str | list | dict) or value is None else str(value).lower()


# --- Types --------------------------------------------------------------------------------------


def type_problem(of: Type, value: Json) -> Sentence | None:
    """Why ``value`` is none of the type, as a clause; None where it is one. The fields of structs are not looked at."""
    name = of["type"]
    if is_ordered(of):
        return _refusal(lambda: comparable(of, value))
    if name in _TEXTS:
        return None if isinstance(value, str) else phrase("{value} is no text", value=shown_value(value))
    return next(_STRUCTURES[name](of, value), None)


def _refusal(attempt: Callable[[], object]) -> Sentence | None:
    try:
        attempt()
    except Unfit as unfit:
        return unfit.clause
    return None


def _number(name: str, value: Json) -> Decimal:
    text = repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(text, str) or len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise Unfit(phrase("{value} is no number of the type {type}", value=shown_value(value), type=name))
    return Decimal(text)


def _is_in_range(of: Type, number: Decimal) -> bool:
    name = of["type"]
    if name in WHOLE_RANGES:
        least, greatest = WHOLE_RANGES[name]
        return bool(least <= number <= greatest and number.to_integral_value() == number)
    if name in _LARGEST:
        return bool(abs(number) <= _LARGEST[name])
    if not number:
        return True
    _, digits, exponent = number.as_tuple()
    behind = max(0, -int(exponent) - _trailing_zeros(digits))
    return bool(behind <= of["scale"]) and number.adjusted() < of["precision"] - of["scale"]


def _trailing_zeros(digits: tuple[int, ...]) -> int:
    return len(digits) - len("".join(map(str, digits)).rstrip("0"))


def _moment(name: str, value: Json) -> date | time | datetime:
    form = {"date": _DATE, "time": _TIME, "timestamp": _TIMESTAMP}[name]
    if isinstance(value, str) and form.fullmatch(value):
        try:
            return _read_moment(name, value)
        except ValueError:
            pass  # told below, as whatever has not even the form
    raise Unfit(phrase("{value} is no {type}", value=shown_value(value), type=name))


def _read_moment(name: str, value: str) -> date | time | datetime:
    if name == "date":
        return date.fromisoformat(value)
    if name == "time":
        return time.fromisoformat(value)
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _anything(_of: Type, _value: Json) -> Iterator[Sentence]:
    yield from ()


def _boolean(_of: Type, value: Json) -> Iterator[Sentence]:
    if not isinstance(value, bool):
        yield phrase("{value} is neither true nor false", value=shown_value(value))


def _geopoint(_of: Type, value: Json) -> Iterator[Sentence]:
    match value:
        case str() if value.count(",") == 1:
            place = [_coordinate(part.strip()) for part in value.split(",")]
        case {"latitude": latitude, "longitude": longitude}:
            place = [_coordinate(latitude), _coordinate(longitude)]
        case {"type": "Point", "coordinates": [longitude, latitude, *_]}:
            place = [_coordinate(latitude), _coordinate(longitude)]
        case _:
            place = []
    if len(place) != 2 or any(part is None or abs(part) > most for part, most in zip(place, (90, 180), strict=True)):
        yield phrase("{value} is no point on earth", value=shown_value(value))


def _coordinate(value: Json) -> Decimal | None:
    try:
        return _number("double", value)
    except ValueError:
        return None


def _geoshape(_of: Type, value: Json) -> Iterator[Sentence]:
    if not isinstance(value, dict) or value.get("type") not in _GEOMETRIES:
        yield phrase("{value} is no geometry of GeoJSON", value=shown_value(value))


def _vector(of: Type, value: Json) -> Iterator[Sentence]:
    if not isinstance(value, list) or len(value) != of["dimension"]:
        yield phrase("{value} is no vector of {size} numbers", value=shown_value(value), size=of["dimension"])
    else:
        yield from filter(None, (type_problem({"type": "double"}, item) for item in value))


def _array(of: Type, value: Json) -> Iterator[Sentence]:
    if isinstance(value, list):
        yield from filter(None, (type_problem(of["items"], item) for item in value))
    else:
        yield phrase("{value} is no list", value=shown_value(value))


def _map(of: Type, value: Json) -> Iterator[Sentence]:
    if not isinstance(value, dict):
        yield phrase("{value} is no object", value=shown_value(value))
        return
    for key, item in value.items():
        yield from filter(None, (_key_problem(of["keys"], key), type_problem(of["values"], item)))


def _key_problem(of: Type, key: str) -> Sentence | None:
    return type_problem(of, {"true": True, "false": False}.get(key, key) if of["type"] == "boolean" else key)


def _struct(_of: Type, value: Json) -> Iterator[Sentence]:
    if not isinstance(value, dict):
        yield phrase("{value} is no object", value=shown_value(value))


def _object(_of: Type, value: Json) -> Iterator[Sentence]:
    if not isinstance(value, str | int) or isinstance(value, bool):
        yield phrase("{value} identifies no object", value=shown_value(value))


_STRUCTURES: Final[Mapping[str, Callable[[Type, Json], Iterator[Sentence]]]] = {
    "json": _anything,
    "boolean": _boolean,
    "geopoint": _geopoint,
    "geoshape": _geoshape,
    "vector": _vector,
    "array": _array,
    "map": _map,
    "struct": _struct,
    "object": _object,
}


# --- Constraints --------------------------------------------------------------------------------


def constraint_problem(of: Type, value: Json, constraints: Constraints) -> Sentence | None:
    """Why ``value``, one of the type, breaks ``constraints``, as a clause; None where it keeps them.

    Limits, lengths, pattern, format and enum hold for the items of an array, the rest for the array.
    What a constraint cannot be asked of, or is itself invalid, is passed over.
    """
    if of["type"] in ("array", "map"):
        problems = _size_problems(of, value, constraints)
    else:
        problems = _scalar_problems(of, value, constraints)
    return next(problems, None)


def _size_problems(of: Type, value: Json, constraints: Constraints) -> Iterator[Sentence]:
    if len(value) < constraints.get("min_items", 0):
        yield phrase("it has fewer than {limit} items", limit=constraints["min_items"])
    if len(value) > constraints.get("max_items", len(value)):
        yield phrase("it has more than {limit} items", limit=constraints["max_items"])
    if of["type"] == "array":
        if constraints.get("unique_items") and len({canonical_bytes(item) for item in value}) < len(value):
            yield phrase("it has an item twice")
        yield from filter(None, (constraint_problem(of["items"], item, constraints) for item in value))


def _scalar_problems(of: Type, value: Json, constraints: Constraints) -> Iterator[Sentence]:
    if is_ordered(of):
        yield from _limit_problems(of, value, constraints)
    if isinstance(value, str) and of["type"] in _TEXTS:
        yield from _text_problems(value, constraints)
    enum = constraints.get("enum")
    if enum and value not in list(enum) and not any(is_enum_value(of, key, value) for key in enum):
        yield phrase("{value} is none of the enum's values", value=shown_value(value))


def is_enum_value(of: Type, key: str, value: Json) -> bool:
    """Whether ``value``, one of the type, is what the enum's ``key`` stands for."""
    if of["type"] == "boolean":
        return key == str(value).lower()
    if not is_ordered(of):
        return key == value if isinstance(value, str) else False
    try:
        return comparable(of, key) == comparable(of, value)
    except ValueError:
        return False


def limit(of: Type, constraints: Constraints, name: str) -> Comparable | None:
    """The limit of that name; None where there is none or it is no value of the type."""
    try:
        return comparable(of, constraints[name]) if name in constraints else None
    except ValueError:
        return None


_BEYOND: Final[tuple[tuple[str, Sentence, Callable[[Any, Any], bool]], ...]] = (
    ("min", phrase("less than"), operator.lt),
    ("max", phrase("more than"), operator.gt),
    ("exclusive_min", phrase("not more than"), operator.le),
    ("exclusive_max", phrase("not less than"), operator.ge),
)
"""The limits, and how a value stands to one that it breaks."""


def _limit_problems(of: Type, value: Json, constraints: Constraints) -> Iterator[Sentence]:
    place: Any = comparable(of, value)
    for name, relation, is_beyond in _BEYOND:
        bound = limit(of, constraints, name)
        if bound is not None and is_beyond(place, bound):
            yield phrase(
                "{value} is {relation} {limit}", value=shown_value(value), relation=relation, limit=constraints[name]
            )


def _text_problems(value: str, constraints: Constraints) -> Iterator[Sentence]:
    if len(value) < constraints.get("min_length", 0):
        limit = constraints["min_length"]
        yield phrase("{value} has fewer than {limit} characters", value=shown(value), limit=limit)
    if len(value) > constraints.get("max_length", len(value)):
        limit = constraints["max_length"]
        yield phrase("{value} has more than {limit} characters", value=shown(value), limit=limit)
    form = FORMATS.get(constraints.get("format", ""))
    if form and not form.fullmatch(value):
        yield phrase("{value} has not the format {format}", value=shown(value), format=constraints["format"])
    if "pattern" in constraints and _contradicts(constraints["pattern"], value):
        pattern = shown(constraints["pattern"])
        yield phrase("{value} does not match the pattern {pattern}", value=shown(value), pattern=pattern)


def _contradicts(pattern: str, value: str) -> bool:
    try:
        return not patterns.matches(pattern, value)
    except ValueError:
        return False
