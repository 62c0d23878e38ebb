"""The cost of a report follows the change and not the ontology."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest

from history.engine.content import Content, Key
from ontology.engine.breaking import differing, findings
from ontology.engine.state import Documents
from tests.ontology.breaking_world import TODAY, changed, stored


class Counting(Documents):
    """A state in memory that counts how often it is asked, and for how much."""

    def __init__(self, contents: Documents) -> None:
        super().__init__(dict(contents))
        self.calls = 0
        self.read: set[Key] = set()

    def contents(self, keys: Iterable[Key]) -> dict[Key, Content]:
        found = super().contents(keys)
        self.calls += 1
        self.read |= found.keys()
        return found

    def referrers(self, keys: Iterable[Key], kinds: Collection[str] = ()) -> dict[Key, set[Key]]:
        self.calls += 1
        return super().referrers(keys, kinds)


def world(size: int) -> Documents:
    """Families of three types, each with a value type of its own."""
    resources: dict[str, dict[str, Any]] = {"object_type": {}, "value_type": {}, "link_type": {}}
    for number in range(size):
        parent = f"Parent{number}"
        resources["value_type"][f"Code{number}"] = {"status": "active", "type": "string"}
        resources["object_type"][parent] = {
            "status": "active",
            "properties": {"code": {"value_type": f"Code{number}"}, "label": {"type": "string"}},
        }
        for child in ("First", "Second"):
            resources["object_type"][f"{child}{number}"] = {"extends": [parent], "properties": {}}
        resources["link_type"][f"link{number}"] = {
            "source": {"types": [parent]},
            "target": {"types": [f"First{number}"]},
            "cardinality": "many_to_many",
        }
    return stored(resources)


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("a property of a parent", {"object_type": {"Parent0": {"properties": {"label": None}}}}),
    ("a value type", {"value_type": {"Code0": {"constraints": {"max_length": 3}}}}),
    ("a parent", {"object_type": {"First0": {"extends": []}}}),
    ("the end of a link", {"link_type": {"link0": {"source": {"types": ["First0"]}}}}),
]


@pytest.mark.parametrize(("what", "patch"), CHANGES)
def test_a_larger_ontology_is_read_no_more(what: str, patch: dict[str, Any]) -> None:
    asked = []
    for size in (3, 60):
        small = world(size)
        before, after = Counting(small), Counting(changed(small, patch, {}))
        assert findings(before, after, differing(before, after), today=TODAY)
        asked.append((before.calls, before.read, after.calls, after.read))
    assert asked[0] == asked[1]


def test_a_larger_change_is_read_in_as_many_steps() -> None:
    steps = []
    for size in (1, 40):
        state = world(40)
        patch = {"object_type": {f"Parent{number}": {"properties": {"label": None}} for number in range(size)}}
        before, after = Counting(state), Counting(changed(state, patch, {}))
        found = findings(before, after, differing(before, after), today=TODAY)
        assert [len(each.users) for each in found] == [2] * size
        steps.append((before.calls, after.calls))
    assert steps[0] == steps[1]


class Name(str):
    """Counts how often one is looked up, or walked past, in a set or mapping."""

    __slots__ = ()

    hashed = 0

    def __hash__(self) -> int:
        Name.hashed += 1
        return super().__hash__()


def test_a_larger_change_costs_each_resource_the_same() -> None:
    state = Documents({(kind, Name(name)): content for (kind, name), content in world(200).items()})
    costs = []
    for size in (20, 200):
        patch = {"object_type": {f"Parent{number}": {"properties": {"label": None}} for number in range(size)}}
        edited = changed(state, patch, {})
        after = Documents({key: edited[key] for key in state})
        changes = differing(state, after)
        assert len(changes) == size
        findings(state, after, changes, today=TODAY)  # which makes the indexes of the states
        Name.hashed = 0
        assert len(findings(state, after, changes, today=TODAY)) == size
        costs.append(Name.hashed / size)
    assert 0 < costs[1] <= 1.2 * costs[0]
