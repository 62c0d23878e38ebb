"""What a change breaks: findings, how grave they are and for whom."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gateway.engine.sentences import Sentence
from ontology.engine.breaking.migration import Migration

Json = Any


class Severity(StrEnum):
    """How grave a finding is; ``SEVERITIES`` has them in order."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


SEVERITIES = tuple(Severity)
"""From the lightest to the gravest."""


class Audience(StrEnum):
    """Whom a change breaks."""

    READERS = "readers"
    """Consumers that read instances."""
    WRITERS = "writers"
    """Producers that write instances, or perform actions."""
    DATA = "data"
    """Instances that are already stored."""


@dataclass(frozen=True)
class Finding:
    """A consequence of a change.

    ``path`` and ``users`` are RFC 6901 pointers into the OMS document. Everything in them is called
    as it was before the change, which is what consumers know; only what is new has its new name.
    ``users`` are the resources and members that the change reaches through inheritance, interfaces,
    shared properties, value types and structs, or that named what is gone; ``consumers`` the
    registered ones that it breaks. An empty ``breaks`` means that the change is safe.
    ``lowered_from`` is how grave it is where what consumers have registered makes it lighter.
    """

    rule: str
    severity: Severity
    breaks: frozenset[Audience]
    path: str
    before: Json
    after: Json
    message: Sentence
    users: tuple[str, ...] = ()
    consumers: tuple[str, ...] = ()
    migration: Migration | None = None
    lowered_from: Severity | None = None

    @property
    def own_severity(self) -> Severity:
        """How grave it is whatever consumers have registered, which is for anybody to do."""
        return self.lowered_from or self.severity


def lighter(severity: Severity) -> Severity:
    """The severity one level below; the lightest has none."""
    return SEVERITIES[max(SEVERITIES.index(severity) - 1, 0)]
