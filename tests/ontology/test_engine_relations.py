"""How resources belong together, told for all that are asked about at once."""

from typing import Any

import pytest

from history.engine.content import Key
from ontology.engine import relations
from ontology.engine.relations import Relation
from ontology.engine.state import Documents

TEXT = {"type": "string"}


def type_(**fields: Any) -> dict[str, Any]:
    return {"properties": {}, **fields}


def link(source: list[str], target: list[str], **fields: Any) -> dict[str, Any]:
    return {"source": {"types": source}, "target": {"types": target}, "cardinality": "many_to_many", **fields}


STATE = Documents(
    {
        ("interface", "Named"): {"extends": ["Labelled"]},
        ("interface", "Labelled"): {},
        ("interface", "Agent"): {},
        ("object_type", "Thing"): type_(implements=["Labelled"]),
        ("object_type", "Agent"): type_(extends=["Thing"]),
        ("object_type", "Person"): type_(extends=["Agent", "Ghost"], implements=["Named", "Gone"]),
        ("object_type", "Loop"): type_(extends=["Loop"]),
        ("object_type", "Heir"): type_(deprecation={"replacement": "Thing"}),
        ("link_type", "knows"): link(["Agent"], ["Named", "Gone"]),
        ("link_type", "likes"): link([], ["Person"], extends=["knows"]),
    }
)

CASES: list[tuple[Relation, Key, list[str]]] = [
    (relations.extended, ("object_type", "Person"), ["Agent"]),
    (relations.extended, ("link_type", "likes"), ["knows"]),
    (relations.extended, ("object_type", "Loop"), ["Loop"]),
    (relations.implemented, ("object_type", "Person"), ["Named"]),
    (relations.heirs, ("object_type", "Thing"), ["Agent"]),
    (relations.heirs, ("object_type", "Loop"), ["Loop"]),
    (relations.heirs, ("interface", "Labelled"), ["Named"]),
    (relations.heirs, ("link_type", "knows"), ["likes"]),
    (relations.implementers, ("interface", "Labelled"), ["Thing"]),
    (relations.implementers, ("interface", "Agent"), []),
    (relations.lineage, ("object_type", "Person"), ["Agent", "Thing"]),
    (relations.lineage, ("object_type", "Loop"), []),
    (relations.interfaces, ("object_type", "Person"), ["Named", "Labelled"]),
]


@pytest.mark.parametrize(("relation", "key", "expected"), CASES)
def test_a_relation_leads_to_what_exists(relation: Relation, key: Key, expected: list[str]) -> None:
    everything = relation(STATE, dict(STATE))
    assert [name for _, name in everything.get(key, [])] == expected
    assert relation(STATE, STATE.contents([key])).get(key, []) == everything.get(key, [])


def test_links_are_those_of_a_type_and_of_all_that_it_is() -> None:
    ends = relations.links(STATE, dict(STATE))
    told = [
        (end.link[1], end.side, end.origin[1], [name for _, name in end.others])
        for end in ends["object_type", "Person"]
    ]
    assert told == [
        ("likes", "target", "Person", []),
        ("knows", "source", "Agent", ["Named"]),
        ("knows", "target", "Named", ["Agent", "Agent"]),
    ]
    assert ends["object_type", "Thing"] == []


def test_a_side_holds_object_types_and_interfaces_of_its_names() -> None:
    sides = relations.link_sides(STATE, dict(STATE))
    assert sides[("link_type", "knows"), "source"] == [("object_type", "Agent"), ("interface", "Agent")]
    assert sides[("link_type", "knows"), "target"] == [("interface", "Named")]
