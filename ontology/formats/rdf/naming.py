"""Names of what has an IRI."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from ontology.formats.naming import MAX_LENGTH, UniqueNames
from ontology.formats.rdf.vocabulary import split

_NAME = re.compile(rf"[A-Za-z0-9_]{{1,{MAX_LENGTH}}}")
_WORD = re.compile(r"[A-Za-z0-9_]+")


def derived_name(iri: str, *, pascal: bool) -> str:
    """The name in ``iri``: its local part, the words of it joined where that is no name.

    An IRI that has none is named by a digest.
    """
    local = unquote(split(iri.rstrip("/#"))[1])
    if _NAME.fullmatch(local):
        return local
    words = _WORD.findall(local)
    if not words:
        return ("Iri" if pascal else "iri") + hashlib.sha256(iri.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    first = _capital(words[0]) if pascal else words[0][0].lower() + words[0][1:]
    return "".join([first, *map(_capital, words[1:])])[:MAX_LENGTH]


def names(iris: Iterable[str], given: Mapping[str, str], *, pascal: bool) -> dict[str, str]:
    """A name for each of ``iris``, no two the same but for case; those that are ``given`` go first."""
    free = UniqueNames(given.values(), separator="_")
    return {**given, **{iri: free.give(derived_name(iri, pascal=pascal)) for iri in sorted(set(iris) - given.keys())}}


def _capital(word: str) -> str:
    return word[0].upper() + word[1:]
