"""Findings as others read them: JSON, a table, SARIF 2.1.0 and GitHub's workflow commands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ontology.engine.breaking.finding import SEVERITIES, Finding, Severity
from ontology.engine.breaking.migration import Migration

SARIF: Final = "2.1.0"
_SARIF_LEVELS: Final[Mapping[Severity, str]] = {
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
_GITHUB_COMMANDS: Final[Mapping[Severity, str]] = {
    Severity.LOW: "notice",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}


def finding_json(finding: Finding) -> dict[str, Any]:
    """``{rule, severity, breaks, path, before, after, message, users, consumers, migration}``."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "breaks": sorted(audience.value for audience in finding.breaks),
        "path": finding.path,
        "before": finding.before,
        "after": finding.after,
        "message": finding.message,
        "users": list(finding.users),
        "consumers": list(finding.consumers),
        "migration": migration_json(finding.migration) if finding.migration else None,
    }


def migration_json(migration: Migration) -> dict[str, Any]:
    """``{steps: [{operation, arguments, needs, words, reverse: {operation, arguments, words}}]}``."""
    return {
        "steps": [
            {
                "operation": step.operation.value,
                "arguments": dict(step.arguments),
                "needs": list(step.needs),
                "words": step.words,
                "reverse": {
                    "operation": step.reverse.operation.value,
                    "arguments": dict(step.reverse.arguments),
                    "words": step.reverse.words,
                },
            }
            for step in migration.steps
        ]
    }


def at_least(findings: Iterable[Finding], severity: Severity) -> list[Finding]:
    """The findings that are ``severity`` or graver."""
    return [each for each in findings if SEVERITIES.index(each.severity) >= SEVERITIES.index(severity)]


def table(findings: Sequence[Finding]) -> str:
    """One line a finding, in columns, and a line that counts them."""
    counts = {severity: sum(each.severity is severity for each in findings) for severity in reversed(SEVERITIES)}
    total = ", ".join(f"{count} {severity}" for severity, count in counts.items() if count)
    lines = [f"{each.severity:<8}  {each.rule:<34}  {each.path}\n{'':<10}{each.message}" for each in findings]
    return "\n".join([*lines, f"{len(findings)} findings{f': {total}' if total else ''}."])


def sarif(findings: Sequence[Finding], *, file: str) -> dict[str, Any]:
    """A SARIF log (OASIS SARIF 2.1.0) of one run, its results placed in ``file``."""
    rules = sorted({each.rule for each in findings})
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": SARIF,
        "runs": [
            {
                "tool": {"driver": {"name": "OMS check_ontology", "rules": [{"id": rule} for rule in rules]}},
                "results": [_sarif_result(each, rules, file) for each in findings],
            }
        ],
    }


def github(findings: Sequence[Finding], *, file: str) -> str:
    """One workflow command a finding, as GitHub shows it at a change."""
    lines = (
        f"::{_GITHUB_COMMANDS[each.severity]} file={_property(file)},title={_property(each.rule)}::"
        f"{_data(f'{each.path}: {each.message}')}"
        for each in findings
    )
    return "\n".join(lines)


def _sarif_result(finding: Finding, rules: Sequence[str], file: str) -> dict[str, Any]:
    return {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": file}},
                "logicalLocations": [{"fullyQualifiedName": finding.path}],
            }
        ],
        "properties": finding_json(finding),
    }


def _data(text: str) -> str:
    """``text`` as the data of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
