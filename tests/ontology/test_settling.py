"""What is read from a foreign source becomes valid, and what had to go for that is named."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology.engine.state import Documents
from ontology.engine.validation import Severity, validate
from ontology.formats import Reading, settled

TEXT = {"type": "string"}


def settle(**kinds: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What is left, by name, and (place, code) of what is not."""
    given = {(kind, name): content for kind, named in kinds.items() for name, content in named.items()}
    reading = settled(Reading(given))
    return {name: content for (_, name), content in reading.contents.items()}, [
        (each.place, each.code) for each in reading.omissions
    ]


def test_what_is_valid_stays_as_it_is():
    left, gone = settle(object_type={"Person": {"properties": {"name": TEXT}, "title_property": "name"}})
    assert left["Person"]["properties"]["name"]["type"] == TEXT
    assert gone == []


@pytest.mark.parametrize(
    ("content", "place", "code"),
    [
        ({"properties": {}, "extends": ["Agent"]}, "/extends/0", "DANGLING_REFERENCE"),
        ({"properties": {}, "title_property": "name"}, "/title_property", "DANGLING_REFERENCE"),
        ({"properties": {"a b": TEXT}}, "/properties/a b", "NAME_INVALID"),
        ({"properties": {"a": {"required": True}}}, "/properties/a/type", "FIELD_REQUIRED"),
        ({"properties": {"a": {"type": "string", "default": 7}}}, "/properties/a/default", "DEFAULT_VIOLATES_TYPE"),
        ({"properties": {}, "colour": "red"}, "/colour", "FIELD_UNKNOWN"),
    ],
)
def test_a_part_that_breaks_a_rule_goes_by_itself(content, place, code):
    left, gone = settle(object_type={"Person": content})
    assert "Person" in left
    assert gone == [(f"/resources/object_type/Person{place}", code)]


def test_a_resource_that_is_nothing_without_what_is_wrong_goes_with_whoever_needs_it():
    left, gone = settle(
        struct_type={"Address": {"fields": {"a": {"type": "strin"}}}},
        object_type={"Person": {"properties": {"home": {"type": {"type": "struct", "struct_type": "Address"}}}}},
    )
    assert left == {"Person": {"properties": {}, "rid": left["Person"]["rid"]}}
    assert {"TYPE_UNKNOWN", "STRUCT_EMPTY", "DANGLING_REFERENCE"} <= {code for _, code in gone}


def test_of_what_breaks_a_rule_together_one_gives_way():
    types = {"A": {"properties": {}, "extends": ["B"]}, "B": {"properties": {}, "extends": ["A"]}}
    left, gone = settle(object_type=types)
    assert [bool(left[name].get("extends")) for name in "AB"] == [True, False]
    assert gone == [("/resources/object_type/B/extends/0", "INHERITANCE_CYCLE")]


def test_items_of_a_list_go_by_their_places():
    names = [f"T{number}" for number in range(12)]
    there = {name: {"properties": {}} for name in names if name not in {"T10", "T2"}}
    left, gone = settle(object_type={**there, "All": {"properties": {}, "extends": names}})
    assert left["All"]["extends"] == sorted(there)
    assert len(gone) == 2


CONTENTS = st.fixed_dictionaries(
    {},
    optional={
        "properties": st.dictionaries(
            st.sampled_from(["a", "A", "b", "rid", "x y"]),
            st.sampled_from([TEXT, {"type": "long"}, {"type": "strin"}, {}, 7, {"value_type": "Missing"}]),
            max_size=3,
        ),
        "extends": st.lists(st.sampled_from(["A", "B", "C", "a", "Z"]), max_size=3),
        "primary_key": st.lists(st.sampled_from(["a", "b", "c"]), max_size=3),
        "status": st.sampled_from(["active", "odd"]),
    },
)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(["A", "B", "C", "a", "1 2"]), CONTENTS, max_size=4))
def test_whatever_comes_in_is_valid_and_nothing_goes_in_silence(types):
    read = {("object_type", name): content for name, content in types.items()}
    reading = settled(Reading(read))
    state = Documents(reading.contents)
    assert [found for found in validate(state, state) if found[1].severity == Severity.ERROR] == []
    assert bool(reading.omissions) or reading.contents.keys() == read.keys()
    assert settled(reading) == Reading(reading.contents, reading.omissions)
