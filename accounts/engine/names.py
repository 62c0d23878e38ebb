"""What an account may be called."""

import re
import unicodedata

from gateway.engine.text import folded

INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Hangul fillers: letters by category, blank on the screen."""
USERNAME = re.compile(r"[\w.@+-]+")


def composed(text: str) -> str:
    """``text`` as it is kept: in NFC, otherwise as it was written."""
    return unicodedata.normalize("NFC", text)


def is_username(text: str) -> bool:
    """Whether ``text`` can be a username: letters, digits and ``.@+-_`` of any script, all visible, in its key too."""
    written_right = USERNAME.fullmatch(text) is not None and USERNAME.fullmatch(folded(text)) is not None
    return written_right and INVISIBLE_LETTERS.isdisjoint(text)
