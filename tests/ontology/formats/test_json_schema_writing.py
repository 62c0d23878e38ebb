"""JSON Schema out: valid, true to instances, and read as what it was written from."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from history.engine.content import Content, Key
from ontology.formats import FORMATS
from ontology.formats.json_schema import read, write
from ontology.formats.json_schema.words import is_portable, type_words
from tests.oms_project.markdown import names, table
from tests.ontology.formats.states import DEMO, STATES, normal, state

STRING = {"type": "string"}


def schema_of(contents: Mapping[Key, Content]) -> Any:
    schema = json.loads(write(contents))
    Draft202012Validator.check_schema(schema)
    return schema


def is_valid(schema: Any, definition: str, instance: Any) -> bool:
    reference = {"$ref": f"{schema['$id']}#/$defs/{definition}", "$defs": {"all": schema}}
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(reference, format_checker=checker).is_valid(instance)


# --- Fixed points -------------------------------------------------------------------------------


@settings(max_examples=150)
@given(STATES)
def test_whatever_is_written_is_a_schema_and_is_read_as_it_was(contents: dict[Key, Content]) -> None:
    written = write(contents)
    Draft202012Validator.check_schema(json.loads(written))
    reading = read(written.decode())
    assert normal(reading.contents) == contents
    assert list(reading.omissions) == []
    assert write(normal(reading.contents)) == written


def test_the_demo_comes_back_whole_and_in_the_same_bytes() -> None:
    written = write(DEMO)
    assert write(dict(reversed(DEMO.items()))) == written
    reading = read(json.loads(written))
    assert normal(reading.contents) == DEMO
    assert list(reading.omissions) == []


def test_a_renamed_resource_keeps_its_rids() -> None:
    person = state(object_type={"Person": {"properties": {"name": {"type": "string"}}}})
    renamed = {("object_type", "Human"): person["object_type", "Person"]}
    assert normal(read(write(renamed).decode()).contents) == renamed


def test_rids_that_follow_from_names_are_not_written() -> None:
    assert b'"rid"' not in write(state(object_type={"Person": {"properties": {"name": {"type": "string"}}}}))


# --- What is edited by hand ---------------------------------------------------------------------

BOOK = state(
    object_type={"Book": {"display_name": {"en": "Book", "ko": "책"}, "properties": {"title": {"type": "string", "indexed": True}}}},
    link_type={"lends": {"source": {"types": ["Book"]}, "target": {"types": ["Book"]}, "cardinality": "many_to_many"}},
)  # fmt: skip


def test_words_that_are_edited_count() -> None:
    schema = schema_of(BOOK)
    book = schema["$defs"]["Book"]
    book["properties"]["title"] |= {"maxLength": 9}
    book["properties"]["year"] = {"type": "integer"}
    reading = read(schema)
    assert reading.contents["object_type", "Book"]["properties"] == {
        "title": {"type": STRING, "indexed": True, "constraints": {"max_length": 9}},
        "year": {"type": {"type": "long"}},
    }
    assert reading.contents["link_type", "lends"] == BOOK["link_type", "lends"]
    assert list(reading.omissions) == []


def test_where_the_mark_says_otherwise_it_is_kept_and_told() -> None:
    schema = schema_of(BOOK)
    schema["$defs"]["Book"]["title"] = "Tome"
    reading = read(schema)
    assert reading.contents["object_type", "Book"]["display_name"] == {"en": "Book", "ko": "책"}
    assert [(each.place, each.code) for each in reading.omissions] == [("/$defs/Book/title", "MARK_DIFFERS")]


# --- Instances ----------------------------------------------------------------------------------

WORLD = state(
    object_type={
        "Agent": {"abstract": True, "properties": {"id": {"type": "string", "required": True, "constraints": {"pattern": "^[A-Z]{2}$"}}}, "primary_key": ["id"]},
        "Person": {
            "extends": ["Agent"], "implements": ["Reachable"], "primary_key": ["id"],
            "properties": {
                "born": {"type": "date"}, "level": {"type": "byte", "constraints": {"min": 0}},
                "height": {"type": {"type": "decimal", "precision": 5, "scale": 2}},
                "color": {"value_type": "Color"}, "colors": {"type": {"type": "array", "items": "string"}, "value_type": "Color", "constraints": {"unique_items": True}},
                "home": {"type": {"type": "struct", "struct_type": "Address"}}, "spot": {"type": "geopoint"},
                "at": {"type": "time"}, "email": {"type": "string", "required": True},
                "sizes": {"type": {"type": "map", "keys": "integer", "values": "double"}, "constraints": {"max_items": 1}},
            },
        },
        "Line": {"properties": {"order": {"type": "string"}, "number": {"type": "integer"}}, "primary_key": ["order", "number"]},
    },
    interface={"Reachable": {"properties": {"email": {"type": "string", "required": True}}}},
    value_type={"Color": {"type": "string", "constraints": {"enum": {"red": {}, "blue": {}}}}},
    struct_type={"Address": {"fields": {"zip": {"type": "string", "required": True}}}},
    link_type={
        "employment": {"source": {"types": ["Person"], "api_name": "employer"}, "target": {"types": ["Agent"], "api_name": "staff"}, "cardinality": "many_to_one"},
        "purchase": {"source": {"types": ["Person"], "api_name": "lines"}, "target": {"types": ["Line"]}, "cardinality": "one_to_many"},
    },
)  # fmt: skip
ANN = {"id": "AN", "email": "a@b.c"}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"born": "2001-02-28", "level": 127, "height": "-123.4", "at": "09:30"},
        {"color": "red", "colors": ["red", "blue"], "home": {"zip": "1"}, "sizes": {"7": 1.5}},
        {"spot": {"latitude": 1, "longitude": 2}, "employer": "BO", "staff": ["AN"]},
        {"lines": [{"order": "1", "number": 2}]},
    ],
)
def test_an_object_of_a_type_is_an_instance(more: Any) -> None:
    schema = schema_of(WORLD)
    assert is_valid(schema, "Person", ANN | more)
    assert Draft202012Validator(schema).is_valid(ANN | more)
    assert all(is_valid(schema, name, ANN | more) for name in ("Agent", "Reachable"))


@pytest.mark.parametrize(
    "instance",
    [
        {"id": "AN"},
        {"email": "a@b.c"},
        *(
            ANN | wrong
            for wrong in (
                {"id": "ann"}, {"id": 1}, {"name": "Ann"}, {"born": "2001-02-30"}, {"level": 128}, {"level": -1},
                {"level": 1.5}, {"height": "1234"}, {"height": "1.234"}, {"height": 1}, {"color": "green"},
                {"colors": ["red", "red"]}, {"colors": ["green"]}, {"home": {}}, {"home": {"zip": "1", "city": "A"}},
                {"spot": [1, 2]}, {"spot": {"latitude": 91, "longitude": 0}}, {"at": "9:30"}, {"employer": "bo"},
                {"employer": {"id": "BO"}}, {"staff": "AN"}, {"staff": ["AN", "AN"]}, {"sizes": {"a": 1}},
                {"sizes": {"1": 1, "2": 2}}, {"lines": [{"order": "1"}]},
            )
        ),
    ],
)  # fmt: skip
def test_what_breaks_a_type_or_a_constraint_is_no_instance(instance: Any) -> None:
    assert not is_valid(schema_of(WORLD), "Person", instance)


def test_every_definition_of_the_demo_is_reached_by_a_name() -> None:
    schema = schema_of(DEMO)
    defined = {name for kind, name in DEMO if kind not in ("link_type", "action_type", "shared_property")}
    assert defined <= schema["$defs"].keys()
    assert schema["$defs"]["Customer"]["additionalProperties"] is False
    assert "additionalProperties" not in schema["$defs"]["Party"]


# --- Words --------------------------------------------------------------------------------------


def test_of_things_with_one_name_the_later_kind_is_called_otherwise() -> None:
    contents = state(object_type={"A": {"properties": {}}}, value_type={"A": {"type": "string"}})
    assert list(schema_of(contents)["$defs"]) == ["A", "AValueType"]


PATTERNS = {
    r"^[A-Z]{2,4}-[0-9]+(\.[0-9]{1,2})?$": True,
    r"(?:a|b)*\d\s\w": True,
    r"[^\]\-a]": True,
    r"": True,
    r"(?i)a": False,
    r"(?P<n>a)": False,
    r"\pL": False,
    r"\p{Greek}": False,
    r"\Aa\z": False,
    r"\Qa.b\E": False,
    r"[[:alpha:]]": False,
    r"[]a]": False,
    r"[^]a]": False,
    r"\a": False,
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_only_patterns_that_mean_the_same_are_words(pattern: str) -> None:
    assert is_portable(pattern) is PATTERNS[pattern]
    contents = state(value_type={"V": {"type": "string", "constraints": {"pattern": pattern or "a"}}})
    assert ("pattern" in schema_of(contents)["$defs"]["V"]) is PATTERNS[pattern]
    assert normal(read(write(contents).decode()).contents) == contents


@pytest.mark.parametrize(
    ("type_", "key", "value"),
    [("integer", "07", 7), ("double", "1.50", 1.5), ("boolean", "true", True), ("date", "2001-01-01", "2001-01-01")],
)
def test_values_of_an_enum_are_values_of_the_type(type_: str, key: str, value: Any) -> None:
    contents = state(value_type={"V": {"type": type_, "constraints": {"enum": {key: {}}}}})
    assert schema_of(contents)["$defs"]["V"]["enum"] == [value]


PARAMETERS: dict[str, dict[str, Any]] = {
    "array": {"items": STRING},
    "decimal": {"precision": 2, "scale": 2},
    "map": {"keys": {"type": "integer"}, "values": {"type": "boolean"}},
    "struct": {"struct_type": "Address"},
    "vector": {"dimension": 3},
}


def test_the_words_of_every_type_are_documented() -> None:
    documented = {
        names(row[0])[0]: json.loads(names(row[1])[0])
        for row in table("docs/formats.md", "JSON Schema and generated code")
    }
    types = [*names_of_types()]
    assert documented == {
        name: type_words({"type": name, **PARAMETERS.get(name, {})}, lambda _kind, name: f"#/$defs/{name}")
        for name in types
    }


def names_of_types() -> list[str]:
    return [names(row[0])[0] for row in table("docs/ontology.md", "Types") if names(row[0])[0] != "object"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_documented(name: str) -> None:
    each = FORMATS[name]
    rows = {names(row[0])[0]: row[1:] for row in table("docs/formats.md", "Formats")}
    assert rows[name] == [each.title, "yes" if each.reads else "", "yes" if each.writes else ""]
