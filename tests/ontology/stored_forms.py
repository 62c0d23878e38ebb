"""Documents as they would be stored. Most resources of neighbouring documents are the same, and are made once."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from history.engine.content import Content, Key
from ontology.engine.content import OntologyContent
from ontology.engine.document import contents_of
from ontology.engine.state import Documents
from ontology.engine.validation import Found, affected, validate


class StoredForms:
    def __init__(self) -> None:
        self._model = OntologyContent()
        self._known: dict[tuple[Key, bytes], Content] = {}

    def of(self, document: Any) -> dict[Key, Content]:
        """What a document becomes where nothing was before."""
        contents, violations = contents_of(document)
        assert violations == []
        return {key: self._form(key, content) for key, content in contents.items()}

    def _form(self, key: Key, content: Any) -> Content:
        place = (key, json.dumps(content))
        if place not in self._known:
            self._known[place] = self._model.normalise(*key, content, None, lambda _rid: False)
        return self._known[place]


def errors(states: Iterable[Mapping[Key, Content]]) -> list[Found]:
    """What commits of the states, one after the other, would be refused for."""
    before, found = Documents({}), list[Found]()
    for state in map(Documents, states):
        changed = {key for key in before.keys() | state.keys() if before.get(key) != state.get(key)}
        found += validate(state, affected(state, before, changed))
        before = state
    return [(key, violation) for key, violation in found if violation.severity == "error"]
