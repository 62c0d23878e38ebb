"""Patterns of names with slashes, as of branches or of files: ``release/*``, ``**/draft``."""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from string import ascii_letters, digits
from typing import Final

ANY_DEPTH: Final = "**"
"""As a whole part between slashes it stands for any number of parts, at the end for at least one."""

_PIECE: Final = re.compile(r"\[!?\]?[^\]]*\]|.", re.DOTALL)
_USUAL: Final = f"{ascii_letters}{digits}_-"


def matches(pattern: str, name: str) -> bool:
    """Whether all of ``name`` is described by ``pattern``, in time linear in both.

    Within a part ``*``, ``?`` and ``[…]`` are as in :mod:`fnmatch`, so none of them crosses a slash.
    """
    parts = name.split("/")
    globs = pattern.split("/")
    if globs[-1] == ANY_DEPTH:
        globs.append("*")
    ends = {0}
    for glob in globs:
        if glob == ANY_DEPTH:
            ends = set(range(min(ends), len(parts) + 1)) if ends else ends
        else:
            ends = {end + 1 for end in ends if end < len(parts) and fnmatchcase(parts[end], glob)}
    return len(parts) in ends


def last_match(patterns: Sequence[str], path: str) -> int | None:
    """The place of the last of ``patterns`` that describes ``path``, as in a CODEOWNERS file.

    One without a slash describes what is called so at any depth.
    """
    places = range(len(patterns) - 1, -1, -1)
    return next((place for place in places if matches(_at_any_depth(patterns[place]), path)), None)


def _at_any_depth(pattern: str) -> str:
    return pattern if "/" in pattern else f"{ANY_DEPTH}/{pattern}"


def example(glob: str) -> str:
    """A name without slashes that ``glob`` describes, as short and of as usual characters as can be."""
    pieces = (piece for piece in _PIECE.findall(glob) if piece != "*")
    named = "".join(next((each for each in _USUAL if fnmatchcase(each, piece)), piece) for piece in pieces)
    return named or _USUAL[0]
