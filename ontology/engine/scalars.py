"""The stored forms of values without fields and items. Each is None where the value is refused."""

import math
import re
from datetime import date
from typing import Any

from gateway.engine.sentences import phrase, sentence
from gateway.engine.text import is_storable
from history.engine.canonical import MAX_SAFE_INTEGER
from ontology.engine.findings import Findings, shown
from ontology.engine.shapes import (
    Boolean,
    Bound,
    Choice,
    Date,
    FreeJson,
    Integer,
    LocalisedText,
    MemberReference,
    Name,
    Reference,
    Rid,
    Text,
)

THE_VALUE = phrase("the value")
_A_TEXT = phrase("a text")
_TEXTS = phrase("a text, or an object of texts by language,")
_A_REFERENCE = phrase("a reference")
_A_MEMBER = phrase("the name of a member")
_A_RID = phrase("a rid")
_A_DATE = phrase("a date")

_NAME = re.compile(r"[A-Za-z0-9_]{1,100}")
_HYPHENATED_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_RID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_NAME = Name()
_ACTION_NAME = Name(hyphens=True)

_LARGEST_INTEGRAL = 1e21
"""Doubles from here on are written with an exponent (ECMA-262) and stay doubles when read back."""
_LONGEST_INTEGER = 4_096


def text(found: Findings, shape: Text, value: Any) -> str | None:
    given = found.string(value, THE_VALUE)
    return None if given is None else _fitting(found, given, shape.min_length, shape.max_length)


def _fitting(found: Findings, given: str, shortest: int, longest: int) -> str | None:
    if shortest <= len(given) <= longest:
        return given
    if shortest:
        span = phrase("{shortest} to {longest}", shortest=shortest, longest=longest)
    else:
        span = phrase("at most {longest}", longest=longest)
    message = sentence("The text must have {span} characters; it has {length}.", span=span, length=len(given))
    found.refuse("LENGTH", message)
    return None


def localised_text(found: Findings, shape: LocalisedText, value: Any) -> str | dict[str, str] | None:
    if not isinstance(value, dict):
        given = found.string(value, _TEXTS)
        return None if given is None else _fitting(found, given, 0, shape.max_length)
    normal = {}
    for language, translation in value.items():
        if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
            message = sentence("{tag} is not a language tag such as 'en' or 'pt-BR'.", tag=shown(language))
            found.refuse("VALUE_UNKNOWN", message)
            continue
        with found.below(language):
            given = found.string(translation, _A_TEXT)
            if given and _fitting(found, given, 0, shape.max_length):
                normal[language] = given
    return normal or ""


def name(found: Findings, shape: Name, value: Any) -> str | None:
    form = _HYPHENATED_NAME if shape.hyphens else _NAME
    if isinstance(value, str) and form.fullmatch(value):
        return value
    if shape.hyphens:
        characters = phrase("letters, digits, underscores and hyphens")
    else:
        characters = phrase("letters, digits and underscores")
    message = sentence("{value} is not a name: 1 to 100 ASCII {characters}.", value=shown(value), characters=characters)
    found.refuse("NAME_INVALID", message)
    return None


def reference(found: Findings, shape: Reference, value: Any) -> str | None:
    given = found.string(value, _A_REFERENCE)
    form = _ACTION_NAME if "action_type" in shape.kinds else _PLAIN_NAME
    return None if given is None else name(found, form, given)


def member_reference(found: Findings, _shape: MemberReference, value: Any) -> str | None:
    given = found.string(value, _A_MEMBER)
    return None if given is None else name(found, _PLAIN_NAME, given)


def rid(found: Findings, _shape: Rid, value: Any) -> str | None:
    given = found.string(value, _A_RID)
    if given is None or _RID.fullmatch(given.lower()):
        return given and given.lower()
    found.refuse("RID_INVALID", sentence("{value} is not a UUID.", value=shown(given)))
    return None


def calendar_date(found: Findings, _shape: Date, value: Any) -> str | None:
    given = found.string(value, _A_DATE)
    if given is None or _is_date(given):
        return given
    found.refuse("FIELD_TYPE", sentence("{value} is not a date such as '2027-01-31'.", value=shown(given)))
    return None


def _is_date(given: str) -> bool:
    if not _DATE.fullmatch(given):
        return False
    try:
        date.fromisoformat(given)
    except ValueError:
        return False
    return True


def boolean(found: Findings, _shape: Boolean, value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    found.mistyped(phrase("the value must be true or false"), value)
    return None


def integer(found: Findings, shape: Integer, value: Any) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        found.mistyped(phrase("the value must be an integer"), value)
        return None
    if shape.minimum <= value <= shape.maximum:
        return value
    message = sentence("The value must be from {minimum} to {maximum}.", minimum=shape.minimum, maximum=shape.maximum)
    found.refuse("VALUE_RANGE", message)
    return None


def bound(found: Findings, _shape: Bound, value: Any) -> int | float | str | None:
    if isinstance(value, str):
        return text(found, Text(min_length=1), value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(found, value)
    found.mistyped(phrase("the limit must be a number, or a string for decimals, dates and times"), value)
    return None


def choice(found: Findings, shape: Choice, value: Any) -> str | None:
    given = found.string(value, THE_VALUE)
    if given is None or given in shape.values:
        return given
    options, near = ", ".join(shape.values), found.nearest(given, shape.values)
    message = sentence("{value} is none of {options}{nearest}.", value=shown(given), options=options, nearest=near)
    found.refuse("VALUE_UNKNOWN", message)
    return None


def free_json(found: Findings, _shape: FreeJson, value: Any) -> Any:
    """The value as canonical JSON gives it back."""
    match value:
        case None | bool():
            return value
        case int() | float():
            return _number(found, value)
        case str():
            return found.string(value, THE_VALUE)
        case list():
            items = found.sequence(value, THE_VALUE) or []
            return [_inside(found, place, item) for place, item in enumerate(items)]
        case dict():
            return _free_object(found, value)
    found.mistyped(phrase("the value must be JSON"), value)
    return None


def _free_object(found: Findings, value: dict[Any, Any]) -> dict[str, Any]:
    normal = {}
    for key, member in (found.mapping(value, THE_VALUE) or {}).items():
        if isinstance(key, str) and is_storable(key):
            normal[key] = _inside(found, key, member)
        else:
            found.unknown_field(THE_VALUE, key, ())
    return normal


_FREE = FreeJson()


def _inside(found: Findings, token: str | int, value: Any) -> Any:
    with found.below(token):
        return free_json(found, _FREE, value)


def _number(found: Findings, value: Any) -> int | float | str | None:
    """A number as canonical JSON gives it back: integral doubles as integers, large integers as text."""
    if isinstance(value, float) and not math.isfinite(value):
        found.refuse("FIELD_TYPE", sentence("The number must be finite."))
        return None
    if isinstance(value, float):
        return _number(found, int(value)) if value.is_integer() and abs(value) < _LARGEST_INTEGRAL else value
    if value.bit_length() > _LONGEST_INTEGER:
        found.refuse("VALUE_RANGE", sentence("The number must have at most {limit} bits.", limit=_LONGEST_INTEGER))
        return None
    return value if abs(value) <= MAX_SAFE_INTEGER else str(value)
