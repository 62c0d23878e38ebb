"""Consumers: what they have registered that they read and write, and which findings break them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from gateway.engine.sentences import sentence
from history.engine.content import Key
from ontology.engine.breaking.finding import Audience, Finding, Severity, lighter

MEMBER_FIELDS: Final = ("properties", "fields", "parameters", "links")
"""The maps whose members are used by name."""

_ANCESTORS: Final[Mapping[str, str]] = {
    "OT_PARENT_REMOVED": "object_type",
    "OT_INTERFACE_REMOVED": "interface",
    "IF_EXTENDS_REMOVED": "interface",
}
"""The findings that take instances away from what ``before`` names."""


class Mode(StrEnum):
    """What a consumer does."""

    READS = "reads"
    WRITES = "writes"


_AUDIENCES: Final[Mapping[Mode, Audience]] = {Mode.READS: Audience.READERS, Mode.WRITES: Audience.WRITERS}


@dataclass(frozen=True)
class Usage:
    """What a consumer reads or writes: a member of the resource ``type`` of a kind, or, where that is empty, all."""

    consumer: str
    kind: str
    type: str
    property: str
    mode: Mode


def with_usage(findings: Iterable[Finding], usages: Iterable[Usage]) -> list[Finding]:
    """The findings with the consumers that each breaks.

    Where usage is registered at all, a finding of readers or writers that breaks none of them falls one
    level, says so and keeps from which. One that breaks stored data alone stays: no consumer speaks for those. Where
    nothing is registered nothing is known, and the findings stay as they are.
    """
    registered: dict[tuple[str, str], list[Usage]] = {}
    for usage in usages:
        registered.setdefault((usage.kind, usage.type), []).append(usage)
    if not registered:
        return list(findings)
    return [_with_consumers(finding, registered) for finding in findings]


def touched(findings: Iterable[Finding]) -> set[Key]:
    """The resources that the findings are about or reach, called as they were before."""
    return {(kind, name) for finding in findings for kind, name, _ in _touched(finding)}


def _with_consumers(finding: Finding, registered: Mapping[tuple[str, str], list[Usage]]) -> Finding:
    consumers = {
        usage.consumer
        for kind, name, member in _touched(finding)
        for usage in registered.get((kind, name), ())
        if _AUDIENCES[usage.mode] in finding.breaks and (not member or usage.property in {"", member})
    }
    if consumers or finding.severity is Severity.LOW or not finding.breaks & set(_AUDIENCES.values()):
        return replace(finding, consumers=tuple(sorted(consumers)))
    message = sentence(
        "{finding} No registered consumer is affected, so it counts one level less.", finding=finding.message
    )
    return replace(finding, severity=lighter(finding.severity), lowered_from=finding.severity, message=message)


def _touched(finding: Finding) -> Iterator[tuple[str, str, str]]:
    """(kind, name, member) of what the finding is about; without a member it is the whole resource."""
    for place in (finding.path, *finding.users):
        _, _, kind, name, *rest = place.split("/")
        yield kind, name, rest[1] if len(rest) > 1 and rest[0] in MEMBER_FIELDS else ""
    if finding.rule in _ANCESTORS:
        yield _ANCESTORS[finding.rule], str(finding.before), ""
