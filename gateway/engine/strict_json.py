"""Reading JSON that means one thing only (RFC 8259 with the demands of I-JSON, RFC 7493).

Python's own reader takes the last of two equal keys, NaN, ``1e999`` and halves of surrogate pairs;
databases and other languages read those differently or not at all.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Sentence, sentence
from gateway.engine.text import UNSTORABLE

MAX_DEPTH: Final = 100
"""How deep arrays and objects may nest."""

_SUSPICIOUS_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class JSONRefused(Exception):
    """The bytes are not JSON, or JSON that readers do not agree on.

    ``pointer`` says where (RFC 6901), or is None where the text cannot be taken apart.
    """

    def __init__(self, rule: str, message: Sentence, pointer: str | None = None) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.pointer = pointer


class _Suspect(Exception):
    """A hook met a value that the tolerant reading will locate."""


class _Pairs(list[tuple[str, Any]]):
    """An object as it was written, equal keys included."""


@dataclass(frozen=True)
class _Constant:
    literal: str


def loads(body: bytes) -> Any:
    """The value that ``body`` holds; raises :class:`JSONRefused`."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        message = sentence("The body is not UTF-8: byte {number} is out of place.", number=error.start)
        raise JSONRefused("NOT_UTF8", message) from error
    try:
        value = _read(_STRICT, text)
    except _Suspect:
        _refuse_first_fault(text)
        raise
    if _SUSPICIOUS_ESCAPE.search(text):
        _refuse_first_fault(text)
    if _deeper_than(MAX_DEPTH, value):
        raise _too_deep()
    return value


def _unique_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Suspect
    return members


def _refuse_constant(literal: str) -> Any:
    raise _Suspect


def _finite_float(literal: str) -> float:
    number = float(literal)
    if math.isinf(number):
        raise _Suspect
    return number


_STRICT = json.JSONDecoder(object_pairs_hook=_unique_object, parse_constant=_refuse_constant, parse_float=_finite_float)
_TOLERANT = json.JSONDecoder(object_pairs_hook=_Pairs, parse_constant=_Constant)


def _read(decoder: json.JSONDecoder, text: str) -> Any:
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        message = sentence(
            "The body is not JSON: {reason} at line {line}, column {column}.",
            reason=error.msg,
            line=error.lineno,
            column=error.colno,
        )
        raise JSONRefused("NOT_JSON", message) from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:  # Python reads no integer of more than 4300 digits
        message = sentence("The body holds a number with too many digits.")
        raise JSONRefused("NUMBER_OUT_OF_RANGE", message) from error


def _refuse_first_fault(text: str) -> None:
    for fault in _faults(_read(_TOLERANT, text)):
        raise fault


def _faults(root: Any) -> Iterator[JSONRefused]:
    """What is wrong in the tolerantly read ``root``, in no particular order."""
    open_values: list[tuple[str, Any]] = [("", root)]
    while open_values:
        path, value = open_values.pop()
        match value:
            case str():
                yield from _text_faults(path, value)
            case _Constant():
                yield JSONRefused("NOT_A_NUMBER", sentence("{literal} is not JSON.", literal=value.literal), path)
            case float() if math.isinf(value):
                yield JSONRefused("NUMBER_OUT_OF_RANGE", sentence("The number is too large."), path)
            case _Pairs():
                yield from _key_faults(path, value)
                open_values += [(pointer(path, key), member) for key, member in value]
            case list():
                open_values += [(pointer(path, index), item) for index, item in enumerate(value)]


def _text_faults(path: str, text: str) -> Iterator[JSONRefused]:
    match UNSTORABLE.search(text):
        case None:
            return
        case found if found[0] == "\0":
            yield JSONRefused("NULL_CHARACTER", sentence("A text holds the null character."), path)
        case _:
            yield JSONRefused("LONE_SURROGATE", sentence("A text holds half of a surrogate pair."), path)


def _key_faults(path: str, pairs: _Pairs) -> Iterator[JSONRefused]:
    seen: set[str] = set()
    for key, _value in pairs:
        yield from _text_faults(path, key)
        if key in seen:
            message = sentence("The object holds this key more than once.")
            yield JSONRefused("DUPLICATE_KEY", message, pointer(path, key))
        seen.add(key)


def _deeper_than(limit: int, root: Any) -> bool:
    values = [root]
    for _depth in range(limit + 1):
        containers = [value for value in values if isinstance(value, dict | list)]
        if not containers:
            return False
        values = [child for each in containers for child in (each.values() if isinstance(each, dict) else each)]
    return True


def _too_deep() -> JSONRefused:
    return JSONRefused("TOO_DEEP", sentence("The body nests deeper than {limit} levels.", limit=MAX_DEPTH))
