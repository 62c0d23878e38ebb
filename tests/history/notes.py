"""A content model for tests: history is content-agnostic."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from history.engine.content import Content, ContentInvalid, Key, Violation


class NoteContent:
    """Two kinds of notes that refer to one another by ``see``."""

    kinds = ("note", "tag")

    def name_violations(self, kind: str, name: str) -> list[Violation]:
        return [] if name.isidentifier() else [Violation("NAME_INVALID", "", f"{name!r} is no identifier.")]

    def normalise(
        self, kind: str, name: str, content: Any, previous: Content | None, taken: Callable[[str], bool]
    ) -> Content:
        if not isinstance(content, dict):
            raise ContentInvalid([Violation("FIELD_TYPE", "", "A note is an object.")])
        if "bad" in content:
            raise ContentInvalid([Violation("BAD", "/bad", "Bad is bad."), Violation("WORSE", "/bad", "Worse.")])
        rid = content.get("rid") or (previous or {}).get("rid")
        counter = 0
        while rid is None or ("rid" not in content and previous is None and taken(rid)):
            rid = str(uuid5(NAMESPACE_URL, f"{kind}/{name}/{counter}"))
            counter += 1
        return {**content, "rid": rid}

    def references(self, kind: str, name: str, content: Content) -> frozenset[Key]:
        return frozenset(("note", target) for target in content.get("see", []))

    def rewrite(self, kind: str, content: Content, renames: Mapping[Key, str]) -> Content:
        if "see" not in content:
            return content
        return {**content, "see": [renames.get(("note", target), target) for target in content["see"]]}
