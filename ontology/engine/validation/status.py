"""Whether what is active rests on what is."""

from collections.abc import Iterator
from typing import Final

from gateway.engine.sentences import sentence
from history.engine.content import Content, Key
from ontology.engine.findings import shown
from ontology.engine.references import sites
from ontology.engine.validation.neighbourhood import Neighbourhood
from ontology.engine.validation.rule import Broken

_UNSETTLED: Final = frozenset({"experimental", "deprecated"})


def inconsistent_statuses(near: Neighbourhood, key: Key, content: Content) -> Iterator[Broken]:
    """What an active resource needs and is deprecated or experimental; members that are deprecated need nothing."""
    if content.get("status") != "active":
        return
    for site in sites(key[0], content):
        if site.path.endswith("/deprecation/replacement") or _is_left(content, site.path):
            continue
        for target in sorted(site.targets & near.contents.keys()):
            status = near.contents[target].get("status", "experimental")
            if status in _UNSETTLED:
                message = sentence("{name} is {status}, and this is active.", name=shown(site.name), status=status)
                yield Broken(site.path, message)
        if site.of == "properties" and _is_deprecated_property(near, key, site.name):
            message = sentence("The property {name} is deprecated, and this is active.", name=shown(site.name))
            yield Broken(site.path, message)


def _is_left(content: Content, path: str) -> bool:
    """Whether the place lies in a member that is deprecated or an example."""
    _, field, name, *_ = [*path.split("/"), "", ""]
    member = content.get(field, {})
    inner = member.get(name) if isinstance(member, dict) else None
    return isinstance(inner, dict) and inner.get("status") in ("deprecated", "example")


def _is_deprecated_property(near: Neighbourhood, key: Key, name: str) -> bool:
    held = near.held(key).get(name) if key[0] == "object_type" else None
    return held is not None and held.property.get("status") == "deprecated"
