"""Every structure rule: one content that breaks it, where, and by which rule."""

import copy
from typing import Any

import pytest

from history.engine.content import ContentInvalid
from ontology.engine.content import OntologyContent
from ontology.engine.findings import MOST
from ontology.engine.kinds import KINDS, TYPES

MODEL = OntologyContent()
RID = "0f8fad5b-d9cb-469f-a165-70867728950e"
OTHER_RID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"

MINIMAL: dict[str, Any] = {
    "object_type": {"properties": {}},
    "link_type": {"source": {}, "target": {}, "cardinality": "many_to_many"},
    "interface": {},
    "shared_property": {"type": "string"},
    "value_type": {"type": "string"},
    "struct_type": {"fields": {}},
    "action_type": {},
}


def normalise(kind: str, content: Any, name: str = "Thing", previous: Any = None) -> dict[str, Any]:
    return MODEL.normalise(kind, name, copy.deepcopy(content), previous, lambda _rid: False)


def broken(kind: str, content: Any, name: str = "Thing", previous: Any = None) -> set[tuple[str, str]]:
    """(rule, path) of each violation."""
    with pytest.raises(ContentInvalid) as caught:
        normalise(kind, content, name, previous)
    return {(violation.rule, violation.path) for violation in caught.value.violations}


def thing(**fields: Any) -> dict[str, Any]:
    return {"properties": {}, **fields}


def with_property(**fields: Any) -> dict[str, Any]:
    return {"properties": {"age": {"type": "integer", **fields}}}


def typed(type_expression: Any) -> dict[str, Any]:
    return {"properties": {"age": {"type": type_expression}}}


def link(**fields: Any) -> dict[str, Any]:
    return {**MINIMAL["link_type"], **fields}


TYPE = "/properties/age/type"
DEEP: Any = []
for _level in range(40):
    DEEP = [DEEP]

CASES: list[tuple[str, Any, str, str]] = [
    # kind, content, rule, path
    ("object_type", [], "FIELD_TYPE", ""),
    ("object_type", "Person", "FIELD_TYPE", ""),
    ("object_type", None, "FIELD_TYPE", ""),
    ("object_type", {}, "FIELD_REQUIRED", "/properties"),
    ("object_type", {"properties": None}, "FIELD_TYPE", "/properties"),
    ("object_type", {"properties": []}, "FIELD_TYPE", "/properties"),
    ("object_type", thing(propertys={}), "FIELD_UNKNOWN", "/propertys"),
    ("object_type", thing(**{"a/b~c": 1}), "FIELD_UNKNOWN", "/a~1b~0c"),
    ("object_type", thing(**{"\0": 1}), "TEXT_INVALID", ""),
    ("object_type", thing(api_name="Other"), "NAME_MISMATCH", "/api_name"),
    ("object_type", thing(api_name=7), "NAME_MISMATCH", "/api_name"),
    ("object_type", thing(display_name=7), "FIELD_TYPE", "/display_name"),
    ("object_type", thing(display_name="x" * 1_001), "LENGTH", "/display_name"),
    ("object_type", thing(display_name={"english": "x"}), "VALUE_UNKNOWN", "/display_name"),
    ("object_type", thing(display_name={"en": 7}), "FIELD_TYPE", "/display_name/en"),
    ("object_type", thing(description="x" * 100_001), "LENGTH", "/description"),
    ("object_type", thing(description={"en": "x" * 100_001}), "LENGTH", "/description/en"),
    ("object_type", thing(description="a\0b"), "TEXT_INVALID", "/description"),
    ("object_type", thing(description="\ud800"), "TEXT_INVALID", "/description"),
    ("object_type", thing(status="activ"), "VALUE_UNKNOWN", "/status"),
    ("object_type", thing(status=True), "FIELD_TYPE", "/status"),
    ("object_type", thing(visibility="secret"), "VALUE_UNKNOWN", "/visibility"),
    ("object_type", thing(deprecation={"deadline": "2027-02-30"}), "FIELD_TYPE", "/deprecation/deadline"),
    ("object_type", thing(deprecation={"deadline": "next year"}), "FIELD_TYPE", "/deprecation/deadline"),
    ("object_type", thing(deprecation={"replacement": "a b"}), "NAME_INVALID", "/deprecation/replacement"),
    ("object_type", thing(groups="core"), "FIELD_TYPE", "/groups"),
    ("object_type", thing(groups=["core", 7]), "FIELD_TYPE", "/groups/1"),
    ("object_type", thing(aliases=[""]), "LENGTH", "/aliases/0"),
    ("object_type", thing(mappings={"exakt": []}), "FIELD_UNKNOWN", "/mappings/exakt"),
    ("object_type", thing(mappings={"exact": [7]}), "FIELD_TYPE", "/mappings/exact/0"),
    ("object_type", thing(metadata=[]), "FIELD_TYPE", "/metadata"),
    ("object_type", thing(metadata={"": 1}), "LENGTH", "/metadata/"),
    ("object_type", thing(metadata={"x": float("nan")}), "FIELD_TYPE", "/metadata/x"),
    ("object_type", thing(metadata={"x": {"y": ["\ud800"]}}), "TEXT_INVALID", "/metadata/x/y/0"),
    ("object_type", thing(metadata={"x": {"y": object()}}), "FIELD_TYPE", "/metadata/x/y"),
    ("object_type", thing(metadata={"x": 1 << 5_000}), "VALUE_RANGE", "/metadata/x"),
    ("object_type", thing(metadata={"x": DEEP}), "NESTED_TOO_DEEP", "/metadata/x" + "/0" * 30),
    ("object_type", thing(rid="42"), "RID_INVALID", "/rid"),
    ("object_type", thing(rid=42), "FIELD_TYPE", "/rid"),
    ("object_type", thing(abstract="yes"), "FIELD_TYPE", "/abstract"),
    ("object_type", thing(extends=["a b"]), "NAME_INVALID", "/extends/0"),
    ("object_type", thing(extends=[7]), "FIELD_TYPE", "/extends/0"),
    ("object_type", thing(implements={"A": True}), "FIELD_TYPE", "/implements"),
    ("object_type", thing(primary_key="id"), "FIELD_TYPE", "/primary_key"),
    ("object_type", thing(primary_key=["id", None]), "FIELD_TYPE", "/primary_key/1"),
    ("object_type", thing(title_property="full name"), "NAME_INVALID", "/title_property"),
    ("object_type", thing(properties={"full name": {"type": "string"}}), "NAME_INVALID", "/properties/full name"),
    ("object_type", thing(properties={"": {"type": "string"}}), "NAME_INVALID", "/properties/"),
    ("object_type", thing(properties={"x" * 101: {"type": "string"}}), "NAME_INVALID", "/properties/" + "x" * 101),
    ("object_type", thing(properties={"age": "integer"}), "FIELD_TYPE", "/properties/age"),
    ("object_type", thing(properties={"age": {}}), "FIELD_REQUIRED", TYPE),
    ("object_type", with_property(api_name="years"), "NAME_MISMATCH", "/properties/age/api_name"),
    ("object_type", with_property(requird=True), "FIELD_UNKNOWN", "/properties/age/requird"),
    ("object_type", with_property(required=1), "FIELD_TYPE", "/properties/age/required"),
    ("object_type", with_property(rid="x"), "RID_INVALID", "/properties/age/rid"),
    ("object_type", with_property(status="new"), "VALUE_UNKNOWN", "/properties/age/status"),
    ("object_type", with_property(constraints={"maximum": 3}), "FIELD_UNKNOWN", "/properties/age/constraints/maximum"),
    ("object_type", with_property(constraints={"max": True}), "FIELD_TYPE", "/properties/age/constraints/max"),
    ("object_type", with_property(constraints={"max": float("inf")}), "FIELD_TYPE", "/properties/age/constraints/max"),
    ("object_type", with_property(constraints={"min_length": -1}), "VALUE_RANGE", "/properties/age/constraints/min_length"),
    ("object_type", with_property(constraints={"min_length": 1.5}), "FIELD_TYPE", "/properties/age/constraints/min_length"),
    ("object_type", with_property(constraints={"enum": ["a"]}), "FIELD_TYPE", "/properties/age/constraints/enum"),
    ("object_type", with_property(constraints={"enum": {"": {}}}), "LENGTH", "/properties/age/constraints/enum/"),
    ("object_type", typed("strnig"), "TYPE_UNKNOWN", f"{TYPE}/type"),
    ("object_type", typed({"type": 7}), "TYPE_UNKNOWN", f"{TYPE}/type"),
    ("object_type", typed({}), "FIELD_REQUIRED", f"{TYPE}/type"),
    ("object_type", typed(7), "FIELD_TYPE", TYPE),
    ("object_type", typed("object"), "TYPE_PARAMETER", f"{TYPE}/type"),
    ("object_type", typed({"type": "string", "precision": 3}), "TYPE_PARAMETER", f"{TYPE}/precision"),
    ("object_type", typed({"type": "decimal", "scale": 2}), "TYPE_PARAMETER", f"{TYPE}/precision"),
    ("object_type", typed({"type": "decimal", "precision": 5}), "TYPE_PARAMETER", f"{TYPE}/scale"),
    ("object_type", typed({"type": "decimal", "precision": 39, "scale": 2}), "TYPE_PARAMETER", f"{TYPE}/precision"),
    ("object_type", typed({"type": "decimal", "precision": 2, "scale": 3}), "TYPE_PARAMETER", f"{TYPE}/scale"),
    ("object_type", typed("vector"), "TYPE_PARAMETER", f"{TYPE}/dimension"),
    ("object_type", typed({"type": "vector", "dimension": 0}), "TYPE_PARAMETER", f"{TYPE}/dimension"),
    ("object_type", typed("array"), "TYPE_PARAMETER", f"{TYPE}/items"),
    ("object_type", typed({"type": "array", "items": {"type": "array", "items": "string"}}), "TYPE_PARAMETER", f"{TYPE}/items/type"),
    ("object_type", typed({"type": "array", "items": {"type": "vector", "dimension": 3}}), "TYPE_PARAMETER", f"{TYPE}/items/type"),
    ("object_type", typed({"type": "array", "items": "time_series"}), "TYPE_PARAMETER", f"{TYPE}/items/type"),
    ("object_type", typed({"type": "array", "items": "txt"}), "TYPE_UNKNOWN", f"{TYPE}/items/type"),
    ("object_type", typed({"type": "map", "keys": "string"}), "TYPE_PARAMETER", f"{TYPE}/values"),
    ("object_type", typed({"type": "map", "keys": "double", "values": "string"}), "TYPE_PARAMETER", f"{TYPE}/keys/type"),
    ("object_type", typed("struct"), "TYPE_PARAMETER", f"{TYPE}/struct_type"),
    ("object_type", typed({"type": "struct", "struct_type": "a b"}), "NAME_INVALID", f"{TYPE}/struct_type"),
    ("link_type", {"target": {}, "cardinality": "one_to_one"}, "FIELD_REQUIRED", "/source"),
    ("link_type", {"source": {}, "cardinality": "one_to_one"}, "FIELD_REQUIRED", "/target"),
    ("link_type", {"source": {}, "target": {}}, "FIELD_REQUIRED", "/cardinality"),
    ("link_type", link(cardinality="one_to_n"), "VALUE_UNKNOWN", "/cardinality"),
    ("link_type", link(source={"type": ["Person"]}), "FIELD_UNKNOWN", "/source/type"),
    ("link_type", link(source={"types": "Person"}), "FIELD_TYPE", "/source/types"),
    ("link_type", link(target={"types": ["a b"]}), "NAME_INVALID", "/target/types/0"),
    ("link_type", link(target={"api_name": "a-b"}), "NAME_INVALID", "/target/api_name"),
    ("link_type", link(inverse_of="a-b"), "NAME_INVALID", "/inverse_of"),
    ("link_type", link(symmetric="no"), "FIELD_TYPE", "/symmetric"),
    ("interface", {"links": []}, "FIELD_TYPE", "/links"),
    ("interface", {"links": {"manager": {"cardinality": "two"}}}, "VALUE_UNKNOWN", "/links/manager/cardinality"),
    ("interface", {"links": {"manager": {"target": ["Person"]}}}, "FIELD_TYPE", "/links/manager/target"),
    ("interface", {"properties": {"email": {"required": True}}}, "FIELD_REQUIRED", "/properties/email/type"),
    ("shared_property", {}, "FIELD_REQUIRED", "/type"),
    ("shared_property", {"type": "text"}, "TYPE_UNKNOWN", "/type/type"),
    ("value_type", {"constraints": {}}, "FIELD_REQUIRED", "/type"),
    ("value_type", {"type": "string", "constraints": {"enum": {"red": 1}}}, "FIELD_TYPE", "/constraints/enum/red"),
    ("value_type", {"type": "string", "constraints": {"enum": {"red": {"hex": 1}}}}, "FIELD_UNKNOWN", "/constraints/enum/red/hex"),
    ("struct_type", {}, "FIELD_REQUIRED", "/fields"),
    ("struct_type", {"fields": {"a": {"required": True}}}, "FIELD_REQUIRED", "/fields/a/type"),
    ("struct_type", {"fields": {"a": {"type": {"type": "struct", "struct_type": "B"}}}}, "STRUCT_NESTED", "/fields/a/type/type"),
    ("struct_type", {"fields": {"a": {"type": {"type": "array", "items": "string"}}}}, "STRUCT_NESTED", "/fields/a/type/type"),
    ("action_type", {"parameters": {"person": {}}}, "FIELD_REQUIRED", "/parameters/person/type"),
    ("action_type", {"rules": {}}, "FIELD_TYPE", "/rules"),
    ("action_type", {"rules": ["create"]}, "FIELD_TYPE", "/rules/0"),
    ("action_type", {"rules": [{}]}, "FIELD_REQUIRED", "/rules/0/rule"),
    ("action_type", {"rules": [{"rule": "create"}]}, "VALUE_UNKNOWN", "/rules/0/rule"),
    ("action_type", {"rules": [{"rule": "create_object"}]}, "FIELD_REQUIRED", "/rules/0/object_type"),
    ("action_type", {"rules": [{"rule": "delete_object", "object": "p", "set": {}}]}, "FIELD_UNKNOWN", "/rules/0/set"),
    ("action_type", {"rules": [{"rule": "modify_object", "object": "a b"}]}, "NAME_INVALID", "/rules/0/object"),
    ("action_type", {"affected_types": ["a b"]}, "NAME_INVALID", "/affected_types/0"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "content", "rule", "path"), CASES, ids=[f"{c[0]}-{c[2]}-{c[3][:40]}" for c in CASES])
def test_a_content_that_breaks_a_rule_is_told_which_and_where(kind: str, content: Any, rule: str, path: str) -> None:
    assert broken(kind, content) == {(rule, path)}


@pytest.mark.parametrize("kind", KINDS)
def test_of_every_kind_only_what_is_required_must_be_there(kind: str) -> None:
    normal = normalise(kind, MINIMAL[kind])
    assert normal.keys() - {"rid"} == MINIMAL[kind].keys()


def test_all_violations_are_told_at_once() -> None:
    content = {"status": "new", "propertis": {}, "properties": {"a b": {"type": "text"}, "c": {"required": "no"}}}
    assert broken("object_type", content, previous={"rid": RID, "properties": {}}) == {
        ("VALUE_UNKNOWN", "/status"),
        ("FIELD_UNKNOWN", "/propertis"),
        ("NAME_INVALID", "/properties/a b"),
        ("TYPE_UNKNOWN", "/properties/a b/type/type"),
        ("FIELD_TYPE", "/properties/c/required"),
        ("FIELD_REQUIRED", "/properties/c/type"),
    }


@pytest.mark.parametrize(
    ("kind", "content", "sentence"),
    [
        ("object_type", thing(propertys={}), "An object type has no field 'propertys'; the nearest is 'properties'."),
        ("object_type", typed("intger"), "'intger' is not a type; the nearest is 'integer'."),
        ("object_type", thing(status="deprecatd"), "the nearest is 'deprecated'"),
        ("object_type", thing(status=None), "The value must be a string, not null."),
        ("object_type", thing(groups={}), "A set must be a list, not an object."),
        ("object_type", thing(abstract=0), "The value must be true or false, not a number."),
        ("object_type", thing(icon=[]), "The value must be a string, not a list."),
        ("object_type", thing(extends=True), "A set must be a list, not a boolean."),
        ("object_type", thing(metadata="x"), "The value must be an object, not a string."),
    ],
)
def test_messages_say_what_was_meant(kind: str, content: Any, sentence: str) -> None:
    with pytest.raises(ContentInvalid, match=r".") as caught:
        normalise(kind, content)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("name", ["", "x" * 101, "a/b", "a b", "a\0", "e\u0301", "é", "사람", "a-b", "a.b", "a\n"])
def test_names_have_1_to_100_ascii_characters(name: str) -> None:
    assert [violation.rule for violation in MODEL.name_violations("object_type", name)] == ["NAME_INVALID"]
    assert broken("object_type", thing(), name) == {("NAME_INVALID", "")}


@pytest.mark.parametrize("name", ["A", "x" * 100, "3DModel", "snake_case", "_"])
def test_these_are_names(name: str) -> None:
    assert MODEL.name_violations("object_type", name) == []


def test_only_action_types_are_called_in_kebab_case() -> None:
    assert MODEL.name_violations("action_type", "hire-person") == []
    assert normalise("action_type", {"deprecation": {"replacement": "hire-person"}})["deprecation"]


def test_an_unknown_kind_is_told_with_the_nearest() -> None:
    [violation] = MODEL.name_violations("object_typ", "Person")
    assert (violation.rule, violation.path) == ("KIND_UNKNOWN", "")
    assert "the nearest is 'object_type'" in violation.message


@pytest.mark.parametrize("name", [name for name, record in TYPES.items() if not record.fields and name != "object"])
def test_a_type_without_parameters_may_be_a_bare_string(name: str) -> None:
    assert normalise("value_type", {"type": name}) == normalise("value_type", {"type": {"type": name}})


def test_types_with_parameters_are_expanded_inside_too() -> None:
    normal = normalise(
        "value_type", {"type": {"type": "map", "keys": "string", "values": {"type": "array", "items": "long"}}}
    )
    assert normal["type"] == {
        "type": "map",
        "keys": {"type": "string"},
        "values": {"type": "array", "items": {"type": "long"}},
    }


def test_defaults_are_left_out_and_sets_are_sorted_once() -> None:
    content = {
        "api_name": "Thing",
        "display_name": "",
        "description": {"en": ""},
        "status": "experimental",
        "visibility": "normal",
        "groups": [],
        "aliases": ["b", "a", "b"],
        "mappings": {"exact": []},
        "metadata": {},
        "deprecation": {},
        "abstract": False,
        "primary_key": [],
        "datasource": None,
        "properties": {
            "age": {"type": "integer", "required": False, "constraints": {}, "default": None, "unique": True}
        },
    }
    normal = normalise("object_type", content)
    normal["properties"]["age"].pop("rid")
    normal.pop("rid")
    assert normal == {"aliases": ["a", "b"], "properties": {"age": {"type": {"type": "integer"}, "unique": True}}}


def test_what_free_json_holds_stays_as_canonical_json_gives_it_back() -> None:
    metadata = {"a": 1.0, "b": 2**60, "c": -0.0, "d": 1e20, "e": 1e300, "f": [None, {"x": None}], "g": 1.5}
    assert normalise("object_type", thing(metadata=metadata))["metadata"] == {
        "a": 1,
        "b": str(2**60),
        "c": 0,
        "d": "100000000000000000000",
        "e": 1e300,
        "f": [None, {"x": None}],
        "g": 1.5,
    }


def test_an_enum_without_values_is_kept() -> None:
    assert normalise("value_type", {"type": "string", "constraints": {"enum": {}}})["constraints"] == {"enum": {}}


@pytest.mark.parametrize(
    "content",
    [
        {"properties": {}} | {f"propertie{number}": None for number in range(3_000)},
        {"properties": {f"p{number}": {"type": f"strin{number}"} for number in range(3_000)}},
        {"properties": {f"p{number}": {"type": "string", "status": f"activ{number}"} for number in range(3_000)}},
    ],
)
def test_of_a_million_faults_the_first_are_told_and_no_nearest_name_is_looked_for_beyond(
    content: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr("ontology.engine.findings.get_close_matches", lambda *_, **__: asked.append(1) or [])
    with pytest.raises(ContentInvalid) as refused:
        normalise("object_type", content)
    assert len(refused.value.violations) == len(asked) == MOST
