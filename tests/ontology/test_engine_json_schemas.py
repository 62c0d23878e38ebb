"""What the schemas accept and what normalisation accepts is the same, but for what the documentation names."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from history.engine.content import Violation
from ontology.engine.json_schemas import schema_id, schema_of
from ontology.engine.kinds import KINDS
from ontology.engine.normalisation import normal_form
from ontology.engine.shapes import blank
from tests.ontology.strategies import JSON, resources
from tests.ontology.test_engine_structure import CASES, DEEP, thing, typed, with_property

NAME = "Thing"
UNSAID = frozenset({"NAME_MISMATCH", "NESTED_TOO_DEEP", "TEXT_INVALID", "RID_DUPLICATE"})
"""Rules of which a schema knows nothing."""

LAXER: list[tuple[str, Any, str]] = [
    # kind, content that a schema accepts, the rule that it breaks
    ("object_type", thing(api_name="Other"), "NAME_MISMATCH"),
    ("object_type", with_property(api_name="years"), "NAME_MISMATCH"),
    ("object_type", thing(deprecation={"deadline": "2027-02-30"}), "FIELD_TYPE"),
    ("object_type", thing(description="a\0b"), "TEXT_INVALID"),
    ("object_type", thing(metadata={"x": DEEP}), "NESTED_TOO_DEEP"),
    ("object_type", thing(metadata={"x": 1 << 5_000}), "VALUE_RANGE"),
    ("object_type", with_property(constraints={"max_length": 3.0}), "FIELD_TYPE"),
    ("object_type", typed({"type": "decimal", "precision": 2, "scale": 3}), "TYPE_PARAMETER"),
]

Path = tuple[str | int, ...]


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(kind))


def accepts(kind: str, content: Any) -> bool:
    return bool(validator(kind).is_valid(content))


def has_words(content: Any, violation: Violation) -> bool:
    """Whether a schema refuses all that breaks a rule as ``violation`` does."""
    value = at(content, violation.path)
    match violation.rule:
        case "FIELD_TYPE":
            is_day = violation.path.endswith("/deadline") and isinstance(value, str)
            return not is_day and not (isinstance(value, float) and value.is_integer())
        case "TYPE_PARAMETER":
            return not violation.path.endswith("/scale")
    return violation.rule not in UNSAID


def at(content: Any, pointer: str) -> Any:
    """The value to which ``pointer`` leads; None where there is none."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(content, list):
            content = content[int(key)]
        else:
            content = content.get(key) if isinstance(content, dict) else None
    return content


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    held = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in held:
        yield from places(part, (*path, key))


def replaced(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    copy = list(value) if isinstance(value, list) else dict(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


def without(value: Any, path: Path) -> Any:
    *front, last = path
    holder = value
    for key in front:
        holder = holder[key]
    left = [part for place, part in enumerate(holder) if place != last] if isinstance(holder, list) else dict(holder)
    if isinstance(left, dict):
        del left[last]
    return replaced(value, tuple(front), left)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Any]:
    """A valid content of a kind in which one place holds something else, or nothing, or one thing more."""
    kind, content = draw(resources())
    path = draw(st.sampled_from(list(places(content))))
    match draw(st.sampled_from(["replace", "remove", "add"])):
        case "remove" if path:
            return kind, without(content, path)
        case "add" if isinstance(inner := inside(content, path), dict):
            key = draw(st.sampled_from(["type", "required", "nonsense", "api_name", "rid", "a b", "en"]))
            return kind, replaced(content, path, {**inner, key: draw(JSON)})
    return kind, replaced(content, path, draw(JSON))


def inside(content: Any, path: Path) -> Any:
    for key in path:
        content = content[key]
    return content


def is_json(content: Any) -> bool:
    try:
        return bool(json.dumps(content, allow_nan=False))
    except (TypeError, ValueError):
        return False


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_is_one_and_json(kind: str) -> None:
    schema = schema_of(kind)
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    assert schema["$id"] == schema_id(kind)
    assert set(schema["properties"]) == {*KINDS[kind].fields, "api_name"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_new_resource_starts_from_is_accepted(kind: str) -> None:
    assert accepts(kind, blank(KINDS[kind]))


@given(resources())
def test_what_is_valid_is_accepted_as_given_and_as_stored(resource: tuple[str, Any]) -> None:
    kind, content = resource
    stored, violations = normal_form(kind, NAME, content)
    assert violations == []
    assert accepts(kind, content)
    assert accepts(kind, stored)


@given(mutated())
@example(("value_type", {"type": "decimal"}))
@example(("value_type", {"type": {"type": "integer", "items": "string"}}))
@example(("value_type", {"type": "string", "constraints": {"enum": {"": {}}}}))
def test_what_is_changed_anywhere_is_accepted_as_far_as_there_are_words(resource: tuple[str, Any]) -> None:
    kind, content = resource
    violations = normal_form(kind, NAME, content)[1]
    if accepts(kind, content):
        assert not [each for each in violations if has_words(content, each)]
    else:
        assert violations


REFUSED = [
    (kind, content)
    for kind, content, rule, _path in CASES
    if rule not in UNSAID - {"NAME_MISMATCH"} and (kind, content, rule) not in LAXER and is_json(content)
]


@pytest.mark.parametrize(("kind", "content"), REFUSED)
def test_what_breaks_a_rule_is_refused(kind: str, content: Any) -> None:
    assert not accepts(kind, content)


@pytest.mark.parametrize(("kind", "content", "rule"), LAXER)
def test_what_there_are_no_words_for_is_accepted(kind: str, content: Any, rule: str) -> None:
    assert [each.rule for each in normal_form(kind, NAME, content)[1]] == [rule]
    assert accepts(kind, content)


def annotation(kind: str, *path: str) -> Any:
    return inside(schema_of(kind), path)["x-oms"]


def test_the_annotation_says_what_there_are_no_words_for() -> None:
    assert annotation("object_type", "properties", "extends") == {"set": True}
    assert annotation("object_type", "properties", "extends", "items") == {"reference": ["object_type"]}
    assert annotation("object_type", "properties", "primary_key", "items") == {"member_of": "properties"}
    assert annotation("object_type", "properties", "description") == {"localised": "prose"}
    assert annotation("object_type", "properties", "rid") == {"identity": True}
    assert annotation("action_type", "$defs", "rule") == {"tag": "rule"}


def test_a_default_is_told_where_a_field_may_be_left_out() -> None:
    fields = schema_of("link_type")["properties"]
    assert fields["status"]["default"] == "experimental"
    assert fields["properties"]["default"] == {}
    assert "default" not in fields["cardinality"]
    assert "default" not in schema_of("object_type")["properties"]["properties"]
