"""Patterns of constraints: regular expressions in RE2's syntax, which match in linear time."""

from typing import Final

import re2

_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.never_capture = True  # what groups hold is not asked for; keeping it takes space by their number and the text


def matches(pattern: str, text: str) -> bool:
    """Whether ``pattern`` is found in ``text``; ``^`` and ``$`` bind it to the ends.

    Takes time linear in the text. Raises ValueError where RE2 knows no such pattern.
    """
    try:
        return re2.search(pattern, text, _OPTIONS) is not None
    except re2.error as error:
        raise ValueError(_reason(error)) from error


def problem(pattern: str) -> str | None:
    """What RE2 has against ``pattern``; None where it is one of RE2's."""
    try:
        re2.compile(pattern, _OPTIONS)
    except re2.error as error:
        return _reason(error)
    return None


def _reason(error: re2.error) -> str:
    reason = error.args[0]
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
