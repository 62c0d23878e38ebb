"""The annotation ``oms``: what OMS knows of an element and LinkML has no place for.

It holds fields of the element's content in OMS, and where they cannot be told otherwise its ``kind`` and
``api_name``. A field that is null is none.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from ontology.formats.linkml.schema import NOTHING, Body, annotations

TAG: Final = "oms"
KIND: Final = "kind"
NAME: Final = "api_name"

_BY_KEY: Final = frozenset(
    {"constraints", "deprecation", "fields", "links", "mappings", "metadata", "properties", "source", "target"}
)
"""Fields of which the annotation holds single members."""


def patch_of(body: Body) -> Mapping[str, Any]:
    """What the element's annotation says."""
    found = annotations(body).get(TAG)
    return found if isinstance(found, dict) else NOTHING


def patched(content: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """``content`` with the fields of ``patch``."""
    result = dict(content)
    for field, value in patch.items():
        if field in (KIND, NAME):
            continue
        if value is None:
            result.pop(field, None)
        elif field in _BY_KEY and isinstance(value, dict) and isinstance(result.get(field, NOTHING), dict):
            result[field] = _merged(field, result.get(field, NOTHING), value)
        else:
            result[field] = value
    return result


def difference(content: Mapping[str, Any], target: Mapping[str, Any], without: Collection[str]) -> dict[str, Any]:
    """The patch that makes ``target`` of ``content``, but for the fields in ``without``."""
    patch: dict[str, Any] = {field: None for field in content if field not in target and field not in without}
    for field, value in target.items():
        if field in without or content.get(field) == value:
            continue
        before = content.get(field, NOTHING)
        if field in _BY_KEY and isinstance(before, dict) and isinstance(value, dict):
            patch[field] = {
                **dict.fromkeys(before.keys() - value.keys()),
                **{key: part for key, part in value.items() if key not in before or before[key] != part},
            }
        else:
            patch[field] = value
    return patch


def _merged(field: str, before: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    both = {**before, **patch}
    if field == "metadata":  # of which null is a value
        return both
    return {key: value for key, value in both.items() if value is not None}
