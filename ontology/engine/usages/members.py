"""The members that consumers use by name, own and inherited ones."""

from collections.abc import Iterable, Mapping

from history.engine.content import Content, Key
from ontology.engine.breaking.usage import MEMBER_FIELDS
from ontology.engine.effective import ancestry, lineage, properties_of, reached
from ontology.engine.members import HOLDERS
from ontology.engine.state import State

Members = Mapping[str, Content]


def members_of(state: State, keys: Iterable[Key]) -> dict[Key, Members]:
    """The members of those of ``keys`` that exist, by name, as they are written where they come from.

    What types and interfaces inherit from is read generation by generation for all of them together.
    """
    wanted = state.contents(keys)
    heirs = {key: content for key, content in wanted.items() if key[0] in HOLDERS}
    read = reached(state, heirs, ancestry) if heirs else {}
    return {key: _inherited(key, read) | _own(content) for key, content in wanted.items()}


def _own(content: Content) -> dict[str, Content]:
    return {name: member for field in MEMBER_FIELDS for name, member in content.get(field, {}).items()}


def _inherited(key: Key, read: Mapping[Key, Content]) -> dict[str, Content]:
    if key not in read:
        return {}
    links = {name: link for near in reversed(lineage(key, read)) for name, link in read[near].get("links", {}).items()}
    properties = properties_of(key, read, lambda near: read[near].get("properties", {}))
    return links | {name: effective.property for name, effective in properties.items()}
