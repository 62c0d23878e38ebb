"""A file of consumers: a list of ``{name, reads, writes}``, whose usages are ``{kind, type, property}``."""

from collections.abc import Iterator
from typing import Any, Final

from gateway.engine.sentences import phrase, sentence
from gateway.exceptions import FieldError
from ontology.engine.breaking import Mode, Usage
from ontology.engine.findings import Findings
from ontology.engine.usages import Named
from ontology.exceptions import DocumentMalformed
from ontology.formats import notation

_USAGE: Final = {"kind": True, "type": True, "property": False}
"""The fields of a usage, and whether each must be there."""


def read(text: str) -> list[Named]:
    """The usages in a text of JSON or YAML, each with the pointer to it. Raises DocumentMalformed."""
    findings = Findings()
    found = list(_usages(notation.read(text), findings))
    if findings.violations:
        raise DocumentMalformed(errors=[FieldError(each.path, each.rule, each.message) for each in findings.violations])
    return found


def _usages(value: Any, findings: Findings) -> Iterator[Named]:
    for place, consumer in enumerate(findings.sequence(value, phrase("the file")) or ()):
        with findings.below(place):
            given = findings.mapping(consumer, phrase("a consumer")) or {}
            fields = ["name", *(mode.value for mode in Mode)]
            for key in given.keys() - set(fields):
                findings.unknown_field(phrase("a consumer"), key, fields)
            name = _text(given, "name", findings, required=True)
            for mode in Mode:
                with findings.below(mode.value):
                    usages = findings.sequence(given.get(mode, []), phrase("a list of usages")) or ()
                    for number, usage in enumerate(usages):
                        with findings.below(number):
                            yield f"/{place}/{mode}/{number}", _usage(name, mode, usage, findings)


def _usage(consumer: str, mode: Mode, value: Any, findings: Findings) -> Usage:
    given = findings.mapping(value, phrase("a usage")) or {}
    for key in given.keys() - _USAGE.keys():
        findings.unknown_field(phrase("a usage"), key, _USAGE)
    kind, type_, property_ = (_text(given, field, findings, required=needed) for field, needed in _USAGE.items())
    return Usage(consumer, kind, type_, property_, mode)


def _text(given: Any, field: str, findings: Findings, *, required: bool) -> str:
    if field not in given:
        if required:
            findings.refuse("FIELD_REQUIRED", sentence("The field {field} is missing.", field=field), field)
        return ""
    with findings.below(field):
        return findings.string(given[field], phrase("the {field}", field=field)) or ""
