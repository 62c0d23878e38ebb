"""What a rule of validation is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gateway.engine.sentences import Sentence
from history.engine.content import Content, Key
from ontology.engine.kinds import KINDS
from ontology.engine.validation.neighbourhood import Neighbourhood


class Severity(StrEnum):
    """How much a broken rule weighs: an error blocks, a warning is told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Broken:
    """A place in a content, an RFC 6901 pointer, at which a rule is broken.

    ``severity`` is None where it is the rule's own.
    """

    path: str
    message: Sentence
    severity: Severity | None = None


Check = Callable[[Neighbourhood, Key, Content], Iterator[Broken]]
"""Finds the places at which a resource breaks a rule. Looks at nothing but the neighbourhood."""


@dataclass(frozen=True)
class Rule:
    """A rule for the resources of ``kinds``; a repository may move the severity of a ``movable`` one."""

    id: str
    severity: Severity
    sentence: Sentence
    check: Check
    kinds: frozenset[str] = frozenset(KINDS)
    movable: bool = False
