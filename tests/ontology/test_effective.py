"""Which properties a type has, where each comes from, and what it takes."""

from typing import Any

import pytest

from history.engine.content import Content, Key
from ontology.engine.content import OntologyContent
from ontology.engine.effective import Effective, effective_properties
from ontology.engine.state import Documents

MODEL = OntologyContent()


def documents(resources: dict[str, dict[str, Any]]) -> Documents:
    contents = {(kind, name): content for kind, named in resources.items() for name, content in named.items()}
    return Documents(
        {key: MODEL.normalise(*key, content, None, lambda _rid: False) for key, content in contents.items()}
    )


def effective(resources: dict[str, dict[str, Any]], key: Key) -> dict[str, Effective]:
    return effective_properties(documents(resources), [key])[key]


def origins(found: dict[str, Effective]) -> dict[str, tuple[str, str]]:
    return {name: (each.origin[1], each.via) for name, each in found.items()}


TEXT = {"type": "string"}
PERSON = ("object_type", "Person")


def test_own_go_before_inherited_and_those_before_what_interfaces_ask_for() -> None:
    found = effective(
        {
            "object_type": {
                "Thing": {"properties": {"name": TEXT, "id": TEXT, "url": TEXT}, "implements": ["Dated"]},
                "Agent": {"properties": {"id": {"type": "long"}}, "extends": ["Thing"]},
                "Person": {"properties": {"name": TEXT}, "extends": ["Agent"], "implements": ["Named"]},
            },
            "interface": {
                "Named": {"properties": {"name": TEXT, "nick": TEXT}, "extends": ["Labelled"]},
                "Labelled": {"properties": {"label": TEXT}},
                "Dated": {"properties": {"date": {"type": "date"}}},
            },
        },
        PERSON,
    )
    assert origins(found) == {
        "name": ("Person", "own"),
        "id": ("Agent", "extends"),
        "url": ("Thing", "extends"),
        "nick": ("Named", "implements"),
        "label": ("Labelled", "implements"),
        "date": ("Dated", "implements"),
    }
    assert found["id"].property["type"] == {"type": "long"}


def test_an_interface_inherits_from_those_that_it_extends() -> None:
    resources = {
        "interface": {
            "Named": {"properties": {"name": TEXT}, "extends": ["Labelled"]},
            "Labelled": {"properties": {"label": TEXT}},
        }
    }
    assert origins(effective(resources, ("interface", "Named"))) == {
        "name": ("Named", "own"),
        "label": ("Labelled", "extends"),
    }


def test_types_that_extend_one_another_have_all_that_any_has() -> None:
    resources = {
        "object_type": {
            "A": {"properties": {"a": TEXT}, "extends": ["B"]},
            "B": {"properties": {"b": TEXT}, "extends": ["A"]},
        }
    }
    state = documents(resources)
    found = effective_properties(state, [("object_type", "A"), ("object_type", "B"), ("object_type", "C")])
    assert {key[1]: set(each) for key, each in found.items()} == {"A": {"a", "b"}, "B": {"a", "b"}}


@pytest.mark.parametrize(
    ("member", "type_", "constraints"),
    [
        ({"type": "date"}, {"type": "date"}, {}),
        ({"value_type": "Share"}, {"type": "double"}, {"min": 0, "max": 1}),
        ({"value_type": "Share", "constraints": {"max": 0.5, "min": -1}}, {"type": "double"}, {"min": 0, "max": 0.5}),
        ({"shared_property": "share"}, {"type": "double"}, {"min": 0.25, "max": 1}),
        ({"shared_property": "share", "type": "float"}, {"type": "float"}, {"min": 0.25, "max": 1}),
        ({"value_type": "Nothing"}, None, {}),
        (
            {"type": {"type": "array", "items": "double"}, "value_type": "Share", "constraints": {"max_items": 2}},
            {"type": "array", "items": {"type": "double"}},
            {"min": 0, "max": 1, "max_items": 2},
        ),
    ],
)
def test_type_and_constraints_come_from_wherever_they_are_said(
    member: Content, type_: Content | None, constraints: Content
) -> None:
    found = effective(
        {
            "object_type": {"Person": {"properties": {"p": member}}},
            "shared_property": {"share": {"value_type": "Share", "constraints": {"min": 0.25}}},
            "value_type": {"Share": {"type": "double", "constraints": {"min": 0, "max": 1}}},
        },
        PERSON,
    )["p"].property
    assert found.get("type") == type_
    assert found.get("constraints", {}) == constraints


def test_of_two_enums_the_values_that_are_in_both_remain() -> None:
    found = effective(
        {
            "object_type": {
                "Person": {
                    "properties": {"p": {"value_type": "Color", "constraints": {"enum": {"red": {}, "blue": {}}}}}
                }
            },
            "value_type": {"Color": {"type": "string", "constraints": {"enum": {"red": {}, "green": {}}}}},
        },
        PERSON,
    )
    assert found["p"].property["constraints"]["enum"].keys() == {"red"}


class Counting(Documents):
    """Counts how often it is read."""

    reads = 0

    def contents(self, keys: Any) -> dict[Key, Content]:
        self.reads += 1
        return super().contents(keys)


def test_reads_follow_the_generations_and_not_the_types() -> None:
    names = [f"T{number}" for number in range(200)]
    resources: dict[str, dict[str, Any]] = {
        "object_type": {"Root": {"properties": {"p": TEXT}}, "Mid": {"properties": {}, "extends": ["Root"]}}
    }
    resources["object_type"] |= {name: {"properties": {}, "extends": ["Mid"]} for name in names}
    state = Counting(documents(resources))
    found = effective_properties(state, [("object_type", name) for name in names])
    assert all(origins(each) == {"p": ("Root", "extends")} for each in found.values())
    assert state.reads <= 4
