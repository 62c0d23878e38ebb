"""What JSON Schemas use: the properties that they name, of things and of what these are linked to."""

from typing import Any

import pytest

from ontology.engine.usages import usages_of_schema
from ontology.engine.usages.json_schema import MOST
from tests.ontology.consumers_world import VOCABULARY, in_short, wrong

ADDRESS = {"type": "object", "properties": {"street": {"type": "string"}}}

USES: list[tuple[str, Any, list[str]]] = [
    ("Person", {"properties": {"age": {"type": "integer"}, "label": True}}, ["Person.age", "Person.label"]),
    ("Person", {"required": ["age"]}, ["Person.age"]),
    ("Person", {"type": "object"}, ["Person"]),
    ("Person", True, ["Person"]),
    ("Person", {"properties": {"home": ADDRESS}}, ["Address.street", "Person.home"]),
    ("Person", {"properties": {"homes": {"items": ADDRESS}}}, ["Address.street", "Person.homes"]),
    (
        "Person",
        {"properties": {"home": {"$ref": "#/$defs/A"}}, "$defs": {"A": ADDRESS, "B": {"properties": {"x": True}}}},
        ["Address.street", "Person.home"],
    ),
    ("Person", {"allOf": [{"properties": {"age": True}}, {"if": {"required": ["email"]}}]}, ["Person.age", "Person.email"]),
    ("Person", {"properties": {"place": {"properties": {"lat": {"type": "number"}}}}}, ["Person.place"]),
    (
        "Company",
        {"$id": "c", "properties": {"employees": {"items": {"properties": {"employer": {"$ref": "#"}, "age": True}}}}},
        ["Company", "Person.age", "employment"],
    ),
    ("Contactable", {"properties": {"employer": {"required": ["founded"]}}}, ["Company.founded", "Contactable.employer"]),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "schema", "uses"), USES)
def test_what_a_schema_names_is_used(type_: str, schema: Any, uses: list[str]) -> None:
    assert in_short(usages_of_schema(VOCABULARY, type_, schema)) == uses


@pytest.mark.parametrize(
    ("type_", "schema", "error"),
    [
        ("Persn", {}, ("USAGE_UNKNOWN", "/type", "There is no type 'Persn'; the nearest is 'Person'.")),
        (
            "Person",
            {"properties": {"agee": {}}},
            ("USAGE_UNKNOWN", "/schema/properties/agee", "'Person' has no 'agee'; the nearest is 'age'."),
        ),
        (
            "Person",
            {"required": ["age", "x"]},
            ("USAGE_UNKNOWN", "/schema/required/1", "'Person' has no 'x'."),
        ),
        (
            "Person",
            {"properties": {"home": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"required": ["x"]}}},
            ("USAGE_UNKNOWN", "/schema/$defs/A/required/0", "'Address' has no 'x'."),
        ),
        (
            "Person",
            {"$ref": "https://example.com/person.json"},
            (
                "SCHEMA_INVALID",
                "/schema/$ref",
                "The reference 'https://example.com/person.json' leads to nothing in this document.",
            ),
        ),
        (
            "Person",
            {"$ref": "#/$defs/0/none"},
            ("SCHEMA_INVALID", "/schema/$ref", "The reference '#/$defs/0/none' leads to nothing in this document."),
        ),
        ("Person", [], ("SCHEMA_INVALID", "/schema", "A schema is an object or a boolean.")),
        (
            "Person",
            {"properties": {"age": 3}, "allOf": [3]},
            ("SCHEMA_INVALID", "/schema/allOf/0", "A schema is an object or a boolean."),
        ),
    ],
)
def test_what_cannot_be_resolved_is_told_with_its_place(type_: str, schema: Any, error: tuple[str, str, str]) -> None:
    assert wrong(usages_of_schema(VOCABULARY, type_, schema)) == [error]


def test_a_schema_that_refers_to_itself_without_end_is_walked_once() -> None:
    loop: dict[str, Any] = {"$ref": "#/$defs/A", "$defs": {"A": {"allOf": [{"$ref": "#"}], "required": ["age"]}}}
    assert in_short(usages_of_schema(VOCABULARY, "Person", loop)) == ["Person.age"]


def test_no_more_is_looked_at_than_the_limit() -> None:
    schema = {"allOf": [{"required": ["age"]} for _ in range(MOST)]}
    assert wrong(usages_of_schema(VOCABULARY, "Person", schema)) == [
        ("SCHEMA_INVALID", "/schema", f"The schema has more than {MOST} parts, one way or another.")
    ]
