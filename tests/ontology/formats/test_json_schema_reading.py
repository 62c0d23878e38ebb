"""JSON Schema that others wrote: what comes over, and what is named because it does not."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gateway.exceptions import OMSError
from ontology.exceptions import DocumentMalformed, OntologyInvalid
from ontology.formats import Reading, format_get, settled
from ontology.formats.json_schema import read
from ontology.formats.json_schema.index import LISTS, MAPS, SINGLES

STRING, LONG, DOUBLE = {"type": "string"}, {"type": "long"}, {"type": "double"}
PERSON = {"type": "object", "properties": {"name": {"type": "string"}}}


def array(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


def by_keys(values: Any) -> dict[str, Any]:
    return {"type": "map", "keys": STRING, "values": values}


def told(reading: Reading) -> list[tuple[str, str]]:
    return [(each.place, each.code) for each in reading.omissions]


def read_property(schema: Any, **definitions: Any) -> tuple[Any, list[tuple[str, str]]]:
    """(what the property ``p`` of ``T`` becomes, None where it is none; what was left out)."""
    owner = {"type": "object", "properties": {"p": schema}}
    reading = read({"$defs": {"T": owner, "Person": PERSON, **definitions}})
    return reading.contents["object_type", "T"]["properties"].get("p"), told(reading)


VALUES: list[tuple[Any, Any]] = [
    (True, {"type": {"type": "json"}}),
    ({}, {"type": {"type": "json"}}),
    ({"type": "string"}, {"type": STRING}),
    ({"type": "integer"}, {"type": LONG}),
    ({"type": "integer", "format": "int32"}, {"type": {"type": "integer"}}),
    ({"type": "number"}, {"type": DOUBLE}),
    ({"type": "number", "format": "float"}, {"type": {"type": "float"}}),
    ({"type": ["integer", "number"]}, {"type": DOUBLE}),
    ({"type": "boolean", "default": False}, {"type": {"type": "boolean"}, "default": False}),
    ({"type": "string", "format": "date"}, {"type": {"type": "date"}}),
    ({"type": "string", "format": "date-time"}, {"type": {"type": "timestamp"}}),
    ({"type": "string", "format": "time"}, {"type": {"type": "time"}}),
    ({"type": "string", "format": "hostname"}, {"type": STRING, "constraints": {"format": "hostname"}}),
    ({"minLength": 1, "maxLength": 9}, {"type": STRING, "constraints": {"min_length": 1, "max_length": 9}}),
    ({"type": "string", "pattern": "^a+$"}, {"type": STRING, "constraints": {"pattern": "^a+$"}}),
    (
        {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
        {"type": DOUBLE, "constraints": {"min": 0, "exclusive_max": 1}},
    ),
    (
        {"type": "number", "minimum": 0, "exclusiveMinimum": True},
        {"type": DOUBLE, "constraints": {"exclusive_min": 0}},
    ),
    ({"enum": ["a", "b"]}, {"type": STRING, "constraints": {"enum": {"a": {}, "b": {}}}}),
    ({"const": 7}, {"type": LONG, "constraints": {"enum": {"7": {}}}}),
    ({"enum": [1.5, 2], "type": "number"}, {"type": DOUBLE, "constraints": {"enum": {"1.5": {}, "2": {}}}}),
    ({"enum": [True]}, {"type": {"type": "boolean"}, "constraints": {"enum": {"true": {}}}}),
    (
        {"oneOf": [{"const": "a", "title": "A"}, {"const": "b", "description": "B"}]},
        {"type": STRING, "constraints": {"enum": {"a": {"display_name": "A"}, "b": {"description": "B"}}}},
    ),
    ({"type": "array"}, {"type": array({"type": "json"})}),
    (
        {"type": "array", "items": {"type": "string", "maxLength": 3}, "minItems": 1, "uniqueItems": True},
        {"type": array(STRING), "constraints": {"max_length": 3, "min_items": 1, "unique_items": True}},
    ),
    ({"type": "object"}, {"type": by_keys({"type": "json"})}),
    ({"type": "object", "additionalProperties": {"type": "number"}}, {"type": by_keys(DOUBLE)}),
    ({"type": ["string", "null"]}, {"type": STRING}),
    ({"anyOf": [{"type": "null"}, {"type": "string"}]}, {"type": STRING}),
    ({"oneOf": [{"type": "string"}, {"type": "string"}]}, {"type": STRING}),
    ({"allOf": [{"type": "string"}], "minLength": 2}, {"type": STRING, "constraints": {"min_length": 2}}),
    ({"$ref": "#/$defs/Color"}, {"value_type": "Color"}),
    ({"$ref": "#/$defs/Color", "title": "C"}, {"value_type": "Color", "display_name": "C"}),
    ({"type": "array", "items": {"$ref": "#/$defs/Color"}}, {"type": array(STRING), "value_type": "Color"}),
    ({"title": "T", "description": "D", "deprecated": True, "type": "string"}, {"type": STRING, "display_name": "T", "description": "D", "status": "deprecated"}),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "member"), VALUES, ids=lambda value: json.dumps(value)[:60])
def test_what_has_a_word_here_comes_over_whole(schema: Any, member: Any) -> None:
    assert read_property(schema, Color={"enum": ["red"]}) == (member, [])


AT = "/$defs/T/properties/p"

LEFT_OUT: list[tuple[Any, Any, list[tuple[str, str]]]] = [
    (False, {"type": {"type": "json"}}, [(AT, "KEYWORD")]),
    ({"type": "integer", "multipleOf": 2}, {"type": LONG}, [(f"{AT}/multipleOf", "KEYWORD")]),
    ({"type": "string", "not": {"const": "a"}}, {"type": STRING}, [(f"{AT}/not", "KEYWORD")]),
    ({"type": "string", "examples": ["a"], "x-y": 1}, {"type": STRING}, [(f"{AT}/examples", "KEYWORD"), (f"{AT}/x-y", "KEYWORD")]),
    ({"type": "string", "pattern": "a(?=b)"}, {"type": STRING}, [(f"{AT}/pattern", "REGEX_INVALID")]),
    ({"type": ["string", "integer"]}, {"type": {"type": "json"}}, [(f"{AT}/type", "UNION")]),
    ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, {"type": {"type": "json"}}, [(AT, "UNION")]),
    ({"anyOf": [{"type": "string", "format": "email"}, {"type": "string", "format": "ipv4"}]}, {"type": STRING}, [(AT, "UNION")]),
    ({"allOf": [{"type": "string"}, {"minLength": 1}]}, {"type": STRING}, [(f"{AT}/allOf/1", "ALL_OF")]),
    ({"enum": ["a", 7, None], "type": ["string", "null"]}, {"type": STRING, "constraints": {"enum": {"a": {}}}}, [(AT, "ENUM_VALUE")]),
    ({"enum": ["", "a"]}, {"type": STRING, "constraints": {"enum": {"a": {}}}}, [(AT, "ENUM_VALUE")]),
    ({"type": "array", "items": [{"type": "string"}]}, {"type": array({"type": "json"})}, [(f"{AT}/items", "KEYWORD")]),
    ({"type": "array", "prefixItems": [{}], "contains": {}}, {"type": array({"type": "json"})}, [(f"{AT}/contains", "KEYWORD"), (f"{AT}/prefixItems", "KEYWORD")]),
    ({"type": "array", "items": {"type": "array"}}, {"type": array({"type": "json"})}, [(AT, "NESTED")]),
    ({"type": "object", "patternProperties": {"^x": {"type": "string"}}}, {"type": by_keys(STRING)}, [(f"{AT}/patternProperties/^x", "KEYWORD")]),
    ({"type": "object", "additionalProperties": {"type": "string", "maxLength": 3}}, {"type": by_keys(STRING)}, [(AT, "MAP_VALUES")]),
    ({"type": "object", "propertyNames": {}, "minProperties": 1}, {"type": by_keys({"type": "json"}), "constraints": {"min_items": 1}}, [(f"{AT}/propertyNames", "KEYWORD")]),
    ({"$ref": "https://example.org/other.json#/A"}, {"type": {"type": "json"}}, [(AT, "REFERENCE_EXTERNAL")]),
    ({"$ref": "http://["}, {"type": {"type": "json"}}, [(AT, "REFERENCE_EXTERNAL")]),
    ({"$ref": "#/$defs/Nobody"}, {"type": {"type": "json"}}, [(AT, "REFERENCE_UNRESOLVED")]),
    ({"$ref": "#nobody"}, {"type": {"type": "json"}}, [(AT, "REFERENCE_UNRESOLVED")]),
    ({"$ref": "#/$defs/T/properties/p"}, {"type": {"type": "json"}}, [(AT, "REFERENCE_CYCLE")]),
    ({"$dynamicRef": "#meta"}, {"type": {"type": "json"}}, [(f"{AT}/$dynamicRef", "KEYWORD")]),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "member", "expected"), LEFT_OUT, ids=lambda value: json.dumps(value)[:60])
def test_what_has_no_word_here_is_named_by_its_place(schema: Any, member: Any, expected: list[tuple[str, str]]) -> None:
    assert read_property(schema) == (member, expected)


# --- Objects ------------------------------------------------------------------------------------

LINKS: list[tuple[Any, list[str], str, bool, list[str]]] = [
    ({"$ref": "#/$defs/Person"}, ["Person"], "many_to_one", False, []),
    ({"anyOf": [{"$ref": "#/$defs/Person"}, {"type": "null"}]}, ["Person"], "many_to_one", False, []),
    ({"oneOf": [{"$ref": "#/$defs/Person"}, {"$ref": "#/$defs/T"}]}, ["Person", "T"], "many_to_one", False, []),
    ({"allOf": [{"$ref": "#/$defs/Person"}]}, ["Person"], "many_to_one", False, []),
    ({"type": "array", "items": {"$ref": "#/$defs/Person"}}, ["Person"], "many_to_many", False, []),
    ({"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Person"}}, ["Person"], "many_to_many", True, []),
    ({"$ref": "#/$defs/People"}, ["Person"], "many_to_many", False, ["DEFINITION_INLINED"]),
    ({"type": "object", "additionalProperties": {"$ref": "#/$defs/Person"}}, ["Person"], "many_to_many", False, ["KEYED_OBJECTS"]),
    ({"anyOf": [{"$ref": "#/$defs/Person"}, {"type": "string"}]}, ["Person"], "many_to_one", False, ["UNION"]),
    ({"anyOf": [{"$ref": "#/$defs/Person"}, {"$ref": "#/$defs/People"}]}, ["Person"], "many_to_many", False, ["DEFINITION_INLINED", "UNION"]),
    ({"$ref": "#/$defs/Person", "default": {}}, ["Person"], "many_to_one", False, ["KEYWORD"]),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "targets", "cardinality", "required", "codes"), LINKS)
def test_a_property_of_objects_is_a_link(
    schema: Any, targets: list[str], cardinality: str, required: bool, codes: list[str]
) -> None:
    people = {"People": {"type": "array", "items": {"$ref": "#/$defs/Person"}}} if "People" in str(schema) else {}
    owner = {"type": "object", "properties": {"p": schema}}
    reading = read({"$defs": {"T": owner, "Person": PERSON, **people}})
    assert reading.contents["object_type", "T"]["properties"] == {}
    assert reading.contents["link_type", "tP"] == {
        "source": {"types": ["T"], "api_name": "p"},
        "target": {"types": targets},
        "cardinality": cardinality,
        **({"required": True} if required else {}),
    }
    assert [each.code for each in reading.omissions] == codes


def test_an_object_inside_is_a_struct_where_it_is_flat_and_else_a_type_with_a_link() -> None:
    flat = {"type": "object", "properties": {"zip": {"type": "string"}, "note": {"type": ["string", "null"]}}}
    deep = {"type": "object", "required": ["at"], "properties": {"at": {"type": "string"}, "tags": {"type": "array"}}}
    order = {"type": "object", "properties": {"home": flat, "stops": {"type": "array", "items": deep}}}
    reading = read({"$defs": {"Order": order}})
    assert reading.contents["struct_type", "OrderHome"]["fields"] == {"zip": {"type": STRING}, "note": {"type": STRING}}
    home = reading.contents["object_type", "Order"]["properties"]["home"]
    assert home == {"type": {"type": "struct", "struct_type": "OrderHome"}}
    assert reading.contents["object_type", "OrderStops"]["properties"]["at"] == {"type": STRING, "required": True}
    assert reading.contents["link_type", "orderStops"]["target"] == {"types": ["OrderStops"]}
    assert told(reading) == []


def test_all_of_extends_what_it_refers_to_and_takes_in_the_rest() -> None:
    heir = {
        "allOf": [
            {"$ref": "#/definitions/Person"},
            {"properties": {"grade": {"type": "integer"}}, "required": ["grade", "name"]},
            {"if": {}, "then": {}},
        ]
    }
    reading = read({"definitions": {"Person": PERSON, "Employee": heir}})
    employee = reading.contents["object_type", "Employee"]
    assert employee == {"extends": ["Person"], "properties": {"grade": {"type": LONG, "required": True}}}
    assert told(reading) == [
        ("/definitions/Employee/allOf/2", "ALL_OF"),
        ("/definitions/Employee/required", "REQUIRED_UNKNOWN"),
    ]


def test_names_follow_the_convention_and_originals_are_aliases() -> None:
    properties = {
        "first_name": {"type": "string"},
        "firstName": {"type": "string"},
        "@id": {"type": "string"},
        "이름": {"type": "string"},
    }
    reading = read({"$defs": {"gene to gene": {"type": "object", "required": ["@id"], "properties": properties}}})
    content = reading.contents["object_type", "GeneToGene"]
    assert content["aliases"] == ["gene to gene"]
    assert {name: member.get("aliases") for name, member in content["properties"].items()} == {
        "firstName": ["first_name"],
        "firstName2": ["firstName"],
        "id": ["@id"],
        "unnamed": ["이름"],
    }
    assert content["properties"]["id"]["required"]


def test_the_document_itself_is_a_type_where_it_has_properties() -> None:
    document = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://example.org/order.schema.json",
        "type": "object",
        "properties": {"next": {"$ref": "#"}},
        "additionalProperties": False,
        "dependencies": {"next": ["id"]},
    }
    reading = read(document)
    assert reading.contents["object_type", "Order"] == {
        "aliases": ["order"],
        "mappings": {"exact": ["https://example.org/order.schema.json"]},
        "properties": {},
    }
    assert reading.contents["link_type", "orderNext"]["target"] == {"types": ["Order"]}
    assert told(reading) == [("/dependencies", "KEYWORD")]


def test_references_go_by_addresses_and_anchors_inside_the_document() -> None:
    document = {
        "$id": "https://example.org/all.json",
        "$defs": {
            "A": {"$id": "a.json", "type": "object", "properties": {"x": {"$ref": "#x"}, "b": {"$ref": "all.json#/$defs/B"}}, "$defs": {"X": {"$anchor": "x", "type": "string", "maxLength": 1}}},
            "B": {"type": "object", "properties": {"a": {"$ref": "https://example.org/a.json"}}},
        },
    }  # fmt: skip
    reading = read(document)
    assert reading.contents["object_type", "A"]["properties"] == {"x": {"value_type": "X"}}
    assert {key[1] for key in reading.contents if key[0] == "link_type"} == {"aB", "bA"}
    assert told(reading) == [("/$id", "KEYWORD")]


def test_an_unknown_dialect_is_named() -> None:
    assert told(read({"$schema": "https://example.org/mine", "$defs": {}})) == [("/$schema", "DIALECT_UNKNOWN")]


@pytest.mark.parametrize(
    "document",
    [
        {"$defs": {name: {"$ref": f"#/$defs/{other}"} for name, other in ("AB", "BC", "CA")}},
        {"$defs": {f"A{n}": {"$ref": f"#/$defs/A{n + 1}"} for n in range(1_500)}},
        {"$defs": {f"A{n}": {"anyOf": [{"$ref": f"#/$defs/A{n + 1}"}] * 3} for n in range(200)}},
        {"$defs": {f"A{n}": {"allOf": [{"$ref": f"#/$defs/A{n - 1}"}], "properties": {"p": {}}} for n in range(120)}},
        {"$defs": {"L": {"type": "array", "items": {"$ref": "#/$defs/L"}}, "T": {"properties": {"p": {"$ref": "#/$defs/L"}}}}},
        {"$defs": {"A": {"allOf": [{"$ref": "#/$defs/A"}], "properties": {"a": {"$ref": "#/$defs/A"}}}}},
    ],
    ids=["circle", "chain", "fan", "heirs", "list of itself", "heir of itself"],
)  # fmt: skip
def test_references_that_never_end_are_read_in_good_time(document: Any) -> None:
    settled(read(document))


def test_schemas_deep_inside_each_other_are_read() -> None:
    schema: Any = {"type": "string"}
    for _ in range(45):
        schema = {"type": "object", "properties": {"inner": schema}}
    reading = read({"$defs": {"Outer": schema}})
    assert sum(key[0] == "object_type" for key in reading.contents) == 44
    assert told(reading) == []


# --- What is none -------------------------------------------------------------------------------


def refusal(document: Any) -> tuple[type[Exception], list[tuple[str, str]]]:
    with pytest.raises((DocumentMalformed, OntologyInvalid)) as caught:
        read(document)
    assert isinstance(caught.value, OMSError)
    return type(caught.value), [(error.field, error.rule) for error in caught.value.errors]


@pytest.mark.parametrize(("document", "rule"), [("{", "NOT_JSON"), ("a: &b", "ALIAS"), ([], "FIELD_TYPE"), ("true", "FIELD_TYPE")])  # fmt: skip
def test_what_is_no_json_object_is_malformed(document: Any, rule: str) -> None:
    error, [(place, found)] = refusal(document)
    assert (error, found) == (DocumentMalformed, rule)
    assert place.startswith("/document")


INVALID: list[tuple[Any, str]] = [
    ({"type": 12}, "/type"),
    ({"type": "text"}, "/type"),
    ({"properties": []}, "/properties"),
    ({"$defs": {"A": 7}}, "/$defs/A"),
    ({"$defs": {"A": {"required": ["a", 1]}}}, "/$defs/A/required"),
    ({"properties": {"a/b": {"minLength": -1}}}, "/properties/a~1b/minLength"),
    ({"items": {"maximum": "9"}}, "/items/maximum"),
    ({"anyOf": {}}, "/anyOf"),
    ({"$ref": 7}, "/$ref"),
    ({"enum": "a"}, "/enum"),
    ({"not": []}, "/not"),
    ({"uniqueItems": 1}, "/uniqueItems"),
    ({"minimum": True}, "/minimum"),
]


@pytest.mark.parametrize(("document", "place"), INVALID, ids=json.dumps)
def test_what_the_metaschema_refuses_is_no_schema(document: Any, place: str) -> None:
    assert not Draft202012Validator(Draft202012Validator.META_SCHEMA).is_valid(document)
    assert refusal(document) == (OntologyInvalid, [(f"/document{place}", "SCHEMA_INVALID")])


WORDS = [*LISTS, *MAPS, *SINGLES, "$ref", "$id", "$anchor", "type", "enum", "const", "required", "format", "pattern", "minimum", "minItems", "default", "title", "x-oms"]  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["string", "object", "array", "#", "#/$defs/a", "#/x-oms", "a", "object_type", "value_type", "struct_type", "oms/1"])  # fmt: skip
MARKS = st.dictionaries(st.sampled_from(["kind", "name", "type", "link", "inherited", "interface", "properties", "constraints", "format", "resources", "key_of"]), SCALARS | st.lists(SCALARS, max_size=2), max_size=3)  # fmt: skip
SCHEMAS = st.recursive(
    SCALARS | st.dictionaries(st.sampled_from(WORDS), SCALARS, max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*WORDS, "a", "b", "a_b"]), inner, max_size=4)
        | st.builds(lambda schema, mark: {**schema, "x-oms": mark}, st.dictionaries(st.sampled_from(WORDS), inner, max_size=3), MARKS)
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=400)
@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), SCHEMAS, max_size=3), MARKS)
def test_whatever_comes_in_is_read_or_refused_and_can_be_imported(definitions: Any, mark: Any) -> None:
    try:
        reading = read({"$defs": definitions, "x-oms": mark})
    except OntologyInvalid:
        return
    settled(reading)


def test_a_value_that_is_too_deep_is_refused() -> None:
    schema: Any = {}
    for _ in range(200_000):
        schema = {"not": schema}
    assert refusal(schema)[1] == [(f"/document{'/not' * 101}", "TOO_DEEP")]


def test_yaml_is_read_as_json_is() -> None:
    text = "$defs: {T: {type: object, properties: {p: {type: string}}}}"
    assert format_get("json-schema", ["json-schema"]).read(text).contents == {
        ("object_type", "T"): {"properties": {"p": {"type": STRING}}}
    }
