"""What a content names, and how a rename follows."""

from typing import Any

import pytest

from history.engine.content import Key
from ontology.engine.members import rewrite_members
from tests.ontology.test_engine_structure import MODEL, normalise

STRUCT = {"type": "struct", "struct_type": "Address"}
LINK = {"source": {}, "target": {}, "cardinality": "one_to_one"}

CASES: list[tuple[str, dict[str, Any], str, set[Key]]] = [
    # kind, content, old name, the keys that are meant
    ("object_type", {"properties": {}, "extends": ["Agent"]}, "Agent", {("object_type", "Agent")}),
    ("object_type", {"properties": {}, "implements": ["Named"]}, "Named", {("interface", "Named")}),
    ("object_type", {"properties": {}, "deprecation": {"replacement": "New"}}, "New", {("object_type", "New")}),
    ("object_type", {"properties": {"home": {"type": STRUCT}}}, "Address", {("struct_type", "Address")}),
    (
        "object_type",
        {"properties": {"homes": {"type": {"type": "array", "items": STRUCT}}}},
        "Address",
        {("struct_type", "Address")},
    ),
    (
        "object_type",
        {"properties": {"homes": {"type": {"type": "map", "keys": "string", "values": STRUCT}}}},
        "Address",
        {("struct_type", "Address")},
    ),
    ("object_type", {"properties": {"mail": {"value_type": "Email"}}}, "Email", {("value_type", "Email")}),
    ("object_type", {"properties": {"at": {"shared_property": "createdAt"}}}, "createdAt", {("shared_property", "createdAt")}),
    ("link_type", {**LINK, "source": {"types": ["Person"]}}, "Person", {("object_type", "Person"), ("interface", "Person")}),
    ("link_type", {**LINK, "target": {"types": ["Person"]}}, "Person", {("object_type", "Person"), ("interface", "Person")}),
    ("link_type", {**LINK, "extends": ["knows"]}, "knows", {("link_type", "knows")}),
    ("link_type", {**LINK, "inverse_of": "knownBy"}, "knownBy", {("link_type", "knownBy")}),
    ("link_type", {**LINK, "properties": {"mail": {"value_type": "Email"}}}, "Email", {("value_type", "Email")}),
    ("interface", {"extends": ["Named"]}, "Named", {("interface", "Named")}),
    ("interface", {"links": {"boss": {"target": "Person"}}}, "Person", {("object_type", "Person"), ("interface", "Person")}),
    ("shared_property", {"type": STRUCT}, "Address", {("struct_type", "Address")}),
    ("shared_property", {"value_type": "Email"}, "Email", {("value_type", "Email")}),
    ("value_type", {"type": STRUCT}, "Address", {("struct_type", "Address")}),
    ("struct_type", {"fields": {"mail": {"value_type": "Email"}}}, "Email", {("value_type", "Email")}),
    (
        "action_type",
        {"parameters": {"who": {"type": "object", "object_type": "Person"}}},
        "Person",
        {("object_type", "Person"), ("interface", "Person")},
    ),
    (
        "action_type",
        {"rules": [{"rule": "create_object", "object_type": "Person"}]},
        "Person",
        {("object_type", "Person")},
    ),
    (
        "action_type",
        {"rules": [{"rule": "add_link", "link_type": "knows", "source": "a", "target": "b"}]},
        "knows",
        {("link_type", "knows")},
    ),
    ("action_type", {"affected_types": ["Person"]}, "Person", {("object_type", "Person"), ("link_type", "Person")}),
    ("action_type", {"deprecation": {"replacement": "hire-all"}}, "hire-all", {("action_type", "hire-all")}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "content", "name", "keys"), CASES, ids=[f"{case[0]}-{case[2]}" for case in CASES])
def test_a_name_that_points_to_a_resource_is_found_and_renamed(
    kind: str, content: dict[str, Any], name: str, keys: set[Key]
) -> None:
    normal = normalise(kind, content)
    assert MODEL.references(kind, "Thing", normal) == keys
    renamed = MODEL.rewrite(kind, normal, {max(keys): "Renamed"})
    assert repr(renamed) == repr(normal).replace(repr(name), "'Renamed'")


def test_a_rename_within_a_set_keeps_it_sorted_and_without_repetition() -> None:
    normal = normalise("object_type", {"properties": {}, "extends": ["A", "C", "D"]})
    assert MODEL.rewrite("object_type", normal, {("object_type", "A"): "Z"})["extends"] == ["C", "D", "Z"]
    assert MODEL.rewrite("object_type", normal, {("object_type", "A"): "C"})["extends"] == ["C", "D"]


def test_what_only_looks_like_a_reference_is_left_alone() -> None:
    content = {
        "properties": {"Agent": {"type": "string", "default": "Agent", "metadata": {"Agent": "Agent"}}},
        "primary_key": ["Agent"],
        "aliases": ["Agent"],
        "display_name": "Agent",
    }
    normal = normalise("object_type", content)
    assert MODEL.references("object_type", "Thing", normal) == frozenset()
    assert MODEL.rewrite("object_type", normal, {("object_type", "Agent"): "Z"}) == normal


def test_references_to_a_members_name_follow_it_in_the_resource_that_has_the_member() -> None:
    deprecated = {"type": "string", "status": "deprecated", "deprecation": {"reason": "r", "replacement": "a"}}
    content = {"properties": {"a": {"type": "string"}, "b": deprecated}, "primary_key": ["b", "a"]}
    normal = normalise("object_type", {**content, "title_property": "a"})
    renamed = rewrite_members("object_type", normal, "properties", {"a": "b", "b": "a"})
    assert (renamed["primary_key"], renamed["title_property"]) == (["a", "b"], "b")
    assert renamed["properties"]["b"]["deprecation"]["replacement"] == "b"
    ends = {side: {"types": ["Person"]} for side in ("source", "target")}
    link = normalise("link_type", {**ends, "cardinality": "many_to_one", "foreign_key": "a", "properties": {}})
    assert rewrite_members("link_type", link, "properties", {"a": "b"}) == link
