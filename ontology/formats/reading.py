"""What reading a source yields: the ontology in it, and what of the source OMS cannot hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.engine.sentences import Sentence
from history.engine.content import Key


@dataclass(frozen=True)
class Omission:
    """Something of a source that did not come over, or not as it stands there.

    ``place`` says where in the source it is, in the source's own terms (a pointer, an IRI, a table and
    column); ``code`` is an UPPER_SNAKE name that programs may rely on, ``message`` one sentence.
    """

    place: str
    code: str
    message: Sentence


def by_code(omissions: Iterable[Omission]) -> dict[str, list[Omission]]:
    """The omissions of each code, the most frequent first."""
    groups: dict[str, list[Omission]] = {}
    for each in omissions:
        groups.setdefault(each.code, []).append(each)
    return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])))


@dataclass(frozen=True)
class Reading:
    """The contents of a source, as an OMS document would give them, and everything that was left out."""

    contents: Mapping[Key, Any]
    omissions: Sequence[Omission] = ()
