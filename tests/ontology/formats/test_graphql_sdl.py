"""GraphQL SDL: valid whatever the ontology, and with a field for every property."""

import copy
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, build_schema, validate_schema
from graphql.utilities import BreakingChangeType, find_breaking_changes
from hypothesis import given, settings

from history.engine.content import Content, Key
from ontology.engine.effective import effective_properties
from ontology.engine.state import Documents
from ontology.formats.graphql_sdl import write
from tests.ontology.formats.states import DEMO, STATES, state


def built(contents: Any) -> GraphQLSchema:
    schema = build_schema(write(contents).decode())
    assert validate_schema(schema) == []
    return schema


def fields_of(schema: GraphQLSchema, name: str) -> dict[str, str]:
    type_ = schema.type_map[name]
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
    return {name: str(field.type) for name, field in type_.fields.items()}


@settings(max_examples=200)
@given(STATES)
def test_whatever_is_written_is_a_valid_schema(contents: dict[Key, Content]) -> None:
    built(contents)


def test_every_property_of_the_demo_is_a_field() -> None:
    schema = built(DEMO)
    for (_, name), properties in effective_properties(Documents(DEMO), DEMO).items():
        assert properties.keys() <= fields_of(schema, name).keys()
    for (kind, name), content in DEMO.items():
        if kind == "link_type" and content.get("properties"):
            assert content["properties"].keys() <= fields_of(schema, f"{name[0].upper()}{name[1:]}Link").keys()


def test_the_same_content_is_the_same_bytes() -> None:
    assert write(dict(reversed(DEMO.items()))) == write(DEMO)


PEOPLE = {
    "object_type": {
        "Agent": {"abstract": True, "properties": {"id": {"type": "string"}, "size": {"type": "long"}}, "primary_key": ["id"]},
        "Person": {
            "description": "Who lives.", "extends": ["Agent"], "implements": ["Reachable"],
            "properties": {
                "email": {"type": "string", "required": True}, "size": {"type": "byte"},
                "color": {"value_type": "Color"}, "tags": {"type": {"type": "array", "items": "string"}, "value_type": "Tag"},
                "home": {"type": {"type": "struct", "struct_type": "Address"}}, "spot": {"type": "geopoint"},
                "old": {"type": "date", "status": "deprecated", "deprecation": {"reason": "Too old"}},
            },
        },
        "Student": {"extends": ["Person"], "properties": {"3d": {"type": "boolean"}}},
        "Firm": {"extends": ["Agent"], "properties": {}},
        "Query": {"properties": {}},
    },
    "interface": {"Reachable": {"properties": {"email": {"type": "string", "required": True}}, "links": {"boss": {"target": "Person", "cardinality": "one"}}}},
    "value_type": {
        "Color": {"type": "string", "constraints": {"enum": {"red": {"description": "Like blood."}, "blue": {"status": "deprecated"}}}},
        "Tag": {"type": "string", "constraints": {"enum": {"a b": {}, "true": {}}}},
    },
    "struct_type": {"Address": {"fields": {"zip": {"type": {"type": "decimal", "precision": 5, "scale": 0}, "required": True}}}},
    "link_type": {
        "owns": {"source": {"types": ["Person"], "api_name": "things"}, "target": {"types": ["Firm", "Student"], "api_name": "owner"}, "cardinality": "one_to_many", "properties": {"since": {"type": "date"}}},
        "knows": {"source": {"types": ["Person"]}, "target": {"types": ["Person"]}, "cardinality": "many_to_one", "required": True},
    },
}  # fmt: skip


def test_how_everything_is_shown() -> None:
    schema = built(state(**PEOPLE))
    assert fields_of(schema, "Student") == {
        "boss": "AnyPerson", "color": "Color", "email": "String!", "home": "Address", "id": "String!",
        "knows": "AnyPerson!", "old": "Date", "owner": "AnyPerson", "size": "Long", "spot": "GeoPoint",
        "tags": "[String!]", "things": "[OwnsTarget!]", "x_3d": "Boolean",
    }  # fmt: skip
    assert fields_of(schema, "OwnsLink") == {"since": "Date", "source": "AnyPerson!", "target": "OwnsTarget!"}
    assert fields_of(schema, "Address") == {"zip": "Decimal!"}
    assert fields_of(schema, "Query2") == {"_": "Boolean"}


def test_what_inherits_implements() -> None:
    schema = built(state(**PEOPLE))

    def implemented(name: str) -> set[str]:
        type_ = schema.type_map[name]
        assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        return {each.name for each in type_.interfaces}

    assert implemented("Student") == {"Agent", "AnyPerson", "Reachable"}
    assert implemented("Person") == {"Agent", "AnyPerson", "Reachable"}
    assert implemented("AnyPerson") == {"Agent", "Reachable"}
    assert implemented("Firm") == {"Agent"}


def test_what_people_read_is_there() -> None:
    text = write(state(**PEOPLE)).decode()
    assert '"""Who lives."""\ntype Person' in text
    assert '  old: Date @deprecated(reason: "Too old")' in text
    assert '  """Like blood."""\n  red' in text
    assert "  blue @deprecated\n" in text
    assert "A text and no enum, since not all of its values are names or they have none: 'a b', 'true'." in text
    assert 'scalar Date @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")' in text


def test_the_root_asks_by_primary_key() -> None:
    root = built(state(**PEOPLE)).query_type
    assert root is not None
    assert {name: str(argument.type) for name, argument in root.fields["student"].args.items()} == {"id": "String!"}
    assert str(root.fields["student"].type) == "Student"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda types: types["Person"]["properties"].pop("color"), BreakingChangeType.FIELD_REMOVED),
        (lambda types: types["Person"]["properties"].update(spot={"type": "string"}), BreakingChangeType.FIELD_CHANGED_KIND),
        (lambda types: types.pop("Query"), BreakingChangeType.TYPE_REMOVED),
        (lambda types: types["Firm"].pop("extends"), BreakingChangeType.IMPLEMENTED_INTERFACE_REMOVED),
    ],
)  # fmt: skip
def test_a_break_of_the_ontology_is_one_of_the_schema(change: Any, expected: BreakingChangeType) -> None:
    after = copy.deepcopy(PEOPLE)
    change(after["object_type"])
    changes = find_breaking_changes(built(state(**PEOPLE)), built(state(**after)))
    assert expected in {each.type for each in changes}
    assert find_breaking_changes(built(state(**PEOPLE)), built(state(**PEOPLE))) == []
