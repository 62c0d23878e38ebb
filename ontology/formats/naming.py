"""Names as OMS writes them, out of whatever a source calls things."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain, count
from typing import Final

MAX_LENGTH: Final = 100
"""The most characters that a name has."""

_SEPARATORS = re.compile(r"[^A-Za-z0-9]+")
_CAPITALS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]")


def pascal_case(text: str) -> str:
    """``text`` as a name of types: "gene to gene association" is GeneToGeneAssociation.

    What is PascalCase already stays as it is. Letters outside ASCII lose their marks, and others are
    spelled by their code points, so the same text has the same name wherever it stands.
    """
    words = [word for word in _SEPARATORS.split(_ascii(text)) if word]
    return "".join(word[0].upper() + word[1:] for word in words)[:MAX_LENGTH] or "Unnamed"


def camel_case(text: str) -> str:
    """``text`` as a name of properties and links: "related to" is relatedTo, "RNA product" rnaProduct.

    What is camelCase already stays as it is.
    """
    name = pascal_case(text)
    return _CAPITALS.sub(lambda capitals: capitals[0].lower(), name, count=1) if name[0].isupper() else name


def _ascii(text: str) -> str:
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() or not letter.isalnum() else f"u{ord(letter):x}" for letter in letters)


class UniqueNames:
    """Names that are given once each, regardless of case."""

    def __init__(self, taken: Iterable[str] = (), *, separator: str = "") -> None:
        self._taken = {name.lower() for name in taken}
        self._separator = separator

    def is_free(self, name: str) -> bool:
        return name.lower() not in self._taken

    def give(self, wanted: str) -> str:
        """``wanted``, or it with the first number from 2 on that makes it another name than all before."""
        endings = (f"{self._separator}{number}" for number in count(2))
        numbered = (wanted[: MAX_LENGTH - len(ending)] + ending for ending in endings)
        name = next(name for name in chain([wanted], numbered) if self.is_free(name))
        self._taken.add(name.lower())
        return name
