"""Canonical JSON bytes after RFC 8785 (JCS), and the digests taken over them.

Equal values have equal bytes whatever wrote them, so a digest names a value. Content is never
normalised or trimmed. Two limits are I-JSON's (RFC 7493): text holds no lone surrogate and no
NUL, and an integer beyond 2^53 is written as a string, since a double cannot hold it. A double
beyond 2^53 stays a number, as the RFC prints it; a content model that takes such numbers gives
them the form in which they are read back.
"""

import hashlib
import json
import math
import re
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Sentence, sentence

FORMAT: Final = 1
"""Version of the hashed form; it is part of every digest."""

MAX_SAFE_INTEGER: Final = 2**53

_STRINGS: Final = frozenset({str})
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode

# What the standard library's encoder may write differently from RFC 8785: a number with a
# fraction, an exponent or many digits; keys that sort differently by UTF-16 code units; and
# what is to be refused. A match inside a string only costs the slower way.
_UNUSUAL = re.compile(r"[:,\[]-?\d+[.eE]|[:,\[]-?\d{16}|\\u0000|\x7f|[\ud800-\U0010ffff]|^-?\d")


class CanonicalError(ValueError):
    """The value has no canonical form; ``path`` is an RFC 6901 pointer to the culprit."""

    def __init__(self, message: Sentence, path: str) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


def canonical_bytes(value: Any) -> bytes:
    """The one byte string for a JSON value (dict with string keys, list, str, int, float, bool, None)."""
    try:
        text = _encode(value)
    except (ValueError, TypeError, RecursionError):
        text = ""
    if not text or _UNUSUAL.search(text) or not _keys_are_strings(value):
        try:
            text = _written(value, "")
        except RecursionError:
            raise CanonicalError(sentence("The value is nested too deeply."), "") from None
    return text.encode()


def digest(domain: str, body: bytes) -> str:
    """SHA-256 in hexadecimal over ``body`` as a thing of ``domain`` (``blob``, ``node``, ``commit`` …)."""
    return hashlib.sha256(b"oms/%d/%s\n" % (FORMAT, domain.encode()) + body).hexdigest()


def _keys_are_strings(value: Any) -> bool:
    """Whether no key in ``value`` is another thing that the standard library would write as one."""
    pending = [value]
    for each in pending:
        if isinstance(each, dict):
            if not _STRINGS.issuperset(map(type, each)):
                return False
            pending.extend(each.values())
        elif isinstance(each, list | tuple):
            pending.extend(each)
    return True


def _written(value: Any, path: str) -> str:
    """The canonical text of ``value``, written with the rules of RFC 8785 section 3.2."""
    match value:
        case None | bool():
            return _encode(value)
        case str():
            return _text(value, path)
        case int():
            return str(value) if abs(value) <= MAX_SAFE_INTEGER else _large_integer(value, path)
        case float():
            return _number(value, path)
        case list() | tuple():
            items = (_written(item, pointer(path, place)) for place, item in enumerate(value))
            return f"[{','.join(items)}]"
        case dict():
            return _object(value, path)
    raise CanonicalError(sentence("A {type} is not a JSON value.", type=type(value).__name__), path)


def _object(value: dict[Any, Any], path: str) -> str:
    for key in value:
        if not isinstance(key, str):
            raise CanonicalError(sentence("The key {key} is not a string.", key=repr(key)), path)
        _text(key, path)
    ordered = sorted(value, key=lambda key: key.encode("utf-16-be"))
    members = (f"{_encode(key)}:{_written(value[key], pointer(path, key))}" for key in ordered)
    return "{" + ",".join(members) + "}"


def _text(value: str, path: str) -> str:
    if "\0" in value:
        raise CanonicalError(sentence("The text holds a NUL character."), path)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise CanonicalError(sentence("The text holds a lone surrogate."), path) from None
    return _encode(value)


def _large_integer(value: int, path: str) -> str:
    try:
        return f'"{value}"'
    except ValueError:  # more digits than Python writes (sys.get_int_max_str_digits)
        raise CanonicalError(sentence("The integer has too many digits."), path) from None


def _number(value: float, path: str) -> str:
    """A double as ECMAScript prints it (ECMA-262, Number::toString)."""
    if not math.isfinite(value):
        raise CanonicalError(sentence("{value} is not a JSON number.", value=value), path)
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    point = len(whole) + int(exponent or 0)
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    return sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """``digits`` with the decimal point after the first ``point`` of them (``0.digits`` times ten to ``point``)."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    exponent = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return f"{digits[0]}.{digits[1:]}{exponent}" if count > 1 else digits + exponent
