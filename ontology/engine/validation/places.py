"""The places in a resource that rules go over."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from history.engine.content import Content
from ontology.engine.shapes import Record, member_maps

VALUED_FIELDS: Final = ("properties", "fields", "parameters")
"""The maps of members that take values."""


def members(content: Content, *fields: str) -> Iterator[tuple[str, str, Content]]:
    """(path, name, member) of the members of a resource in the maps ``fields``."""
    for field in fields:
        for name, member in content.get(field, {}).items():
            yield pointer("", field, name), name, member


def valued(content: Content) -> Iterator[tuple[str, Content]]:
    """(path, content) of whatever may say which values it takes: the resource itself and its members."""
    yield "", content
    for path, _, member in members(content, *VALUED_FIELDS):
        yield path, member


def groups(record: Record, holder: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Content]]]:
    """(path, members by name) of every map of members in ``holder``, at any depth."""
    for place, member_record in member_maps(record):
        group: Mapping[str, Any] = holder
        for field in place:
            group = group.get(field, {})
        here = pointer(path, *place)
        yield here, group
        for name, member in group.items():
            yield from groups(member_record, member, pointer(here, name))
