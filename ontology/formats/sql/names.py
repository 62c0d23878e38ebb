"""What tables and columns are called here."""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from ontology.formats.naming import MAX_LENGTH, UniqueNames

_WORD: Final = re.compile(r"[A-Za-z0-9]+")


def pascal(name: str) -> str:
    """``name`` as a type is called: ``sales_order`` is ``SalesOrder``."""
    return _short("".join(word[:1].upper() + word[1:] for word in _words(name)) or "Unnamed")


def camel(name: str) -> str:
    """``name`` as a property is called: ``created_at`` is ``createdAt``."""
    words = _words(name)
    first = words[0] if words else "unnamed"
    first = first.lower() if first.isupper() else first[:1].lower() + first[1:]
    return _short("".join([first, *(word[:1].upper() + word[1:] for word in words[1:])]))


def unique(wanted: Mapping[str, str]) -> dict[str, str]:
    """Names by source, as wanted where they differ from all others; else with a number, in order of the sources.

    Names that differ by case alone count as one.
    """
    free = UniqueNames()
    return {source: free.give(wanted[source]) for source in sorted(wanted)}


def _words(name: str) -> list[str]:
    """The words of ``name``; a letter that no name holds is written by its number, ``가`` as ``uac00``."""
    spelt = "".join(each if each.isascii() or not each.isalnum() else f"_u{ord(each):x}_" for each in name)
    words = _WORD.findall(spelt)
    return [word.capitalize() if word.isupper() and len(words) > 1 else word for word in words]


def _short(name: str) -> str:
    if len(name) <= MAX_LENGTH:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: MAX_LENGTH - len(digest)]}{digest}"
