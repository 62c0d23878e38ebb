"""Which texts can be kept everywhere, and which of them people take for the same."""

import re
import unicodedata
from typing import Final

UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
"""What PostgreSQL (NUL) or UTF-8 (halves of surrogate pairs) cannot hold."""

BREAKS: Final = frozenset({"Cc", "Zl", "Zp"})
"""The categories of control characters and of separators of lines and paragraphs."""


def is_storable(text: str) -> bool:
    """Whether a database and canonical JSON can hold ``text``."""
    return UNSTORABLE.search(text) is None


def is_one_line(text: str) -> bool:
    """Whether ``text`` holds no line break and no control character, which letters and forms would act upon."""
    return not any(unicodedata.category(character) in BREAKS for character in text)


def folded(text: str) -> str:
    """The key under which ``text`` is unique: Kim, kim and ＫＩＭ share one, and so do both normal forms of 김.

    Compatibility normal form around a full case fold (as in Unicode's D146, without the removal of
    ignorable characters, which names may not hold). Folding twice changes nothing.
    """
    compatible = unicodedata.normalize("NFKC", text)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", compatible.casefold()).casefold())
