"""The OMS document: all resources of an ontology in one JSON value."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.engine.sentences import phrase, sentence
from history.engine.content import Content, Key, Violation
from ontology.engine.findings import Findings, shown
from ontology.engine.kinds import KINDS

FORMAT: Final = "oms/1"

_DOCUMENT: Final = phrase("an OMS document")
_RESOURCES: Final = phrase("the resources")
_RESOURCES_OF_A_KIND: Final = phrase("the resources of a kind")


def document_of(contents: Mapping[Key, Content]) -> dict[str, Any]:
    """The document that holds ``contents``, with kinds that have any."""
    resources: dict[str, dict[str, Content]] = {}
    for kind, name in sorted(contents):
        resources.setdefault(kind, {})[name] = contents[kind, name]
    return {"format": FORMAT, "resources": resources}


def contents_of(document: Any) -> tuple[dict[Key, Any], list[Violation]]:
    """The contents in ``document``, as they are given, and what is wrong with the document around them.

    The paths of violations are pointers into the document. Names and contents are not looked at.
    """
    found = Findings()
    given = found.mapping(document, _DOCUMENT) or {}
    for key in given.keys() - {"format", "resources"}:
        found.unknown_field(_DOCUMENT, key, ("format", "resources"))
    if isinstance(document, dict):
        _check_format(found, given)
    return _contents(found, given), found.violations


def _check_format(found: Findings, given: Mapping[str, Any]) -> None:
    for key in ("format", "resources"):
        if key not in given:
            found.refuse("FIELD_REQUIRED", sentence("An OMS document needs the field {field}.", field=shown(key)), key)
    if given.get("format", FORMAT) != FORMAT:
        message = sentence(
            "{given} is not a format that is read here; it is {format}.",
            given=shown(given["format"]),
            format=shown(FORMAT),
        )
        found.refuse("FORMAT_UNKNOWN", message, "format")


def _contents(found: Findings, given: Mapping[str, Any]) -> dict[Key, Any]:
    contents: dict[Key, Any] = {}
    with found.below("resources"):
        kinds = found.mapping(given.get("resources", {}), _RESOURCES) or {}
        for kind, resources in kinds.items():
            if kind not in KINDS:
                near = found.nearest(kind, KINDS)
                message = sentence("{kind} is not a kind of resource{nearest}.", kind=shown(kind), nearest=near)
                found.refuse("KIND_UNKNOWN", message, kind)
                continue
            with found.below(kind):
                named = found.mapping(resources, _RESOURCES_OF_A_KIND) or {}
                contents.update({(kind, name): content for name, content in named.items()})
    return contents
