"""Values for places in conflict: whatever is valid there is taken in its stored form, whatever is not is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merging.engine.result import Conflict, ConflictKind
from merging.engine.values import ABSENT
from merging.selectors import custom_value
from ontology.engine.content import OntologyContent
from ontology.engine.kinds import KINDS
from ontology.engine.shapes import MapOf, Record
from tests.ontology.strategies import ANYTHING, resources

MODEL = OntologyContent()


def stored(kind: str, content: Any) -> dict[str, Any]:
    normal: dict[str, Any] = MODEL.normalise(kind, "A", content, None, lambda _rid: False)
    return normal


def over(path: str, *sides: Any, kind: ConflictKind = ConflictKind.VALUE) -> Conflict:
    return Conflict(kind, f"/resources/{path}", *sides)


@given(resources())
def test_a_resource_that_is_given_once_more_is_what_was_stored_identities_included(resource: Any) -> None:
    kind, content = resource
    normal = stored(kind, content)
    conflict = over(f"{kind}/A", {"api_name": "A", **normal}, ABSENT, ABSENT, kind=ConflictKind.MODIFY_DELETE)
    for given_again in (content, normal, {"api_name": "A", **normal}):
        assert custom_value(conflict, given_again) == (normal, [])


@given(resources())
def test_a_field_is_taken_as_it_is_stored(resource: Any) -> None:
    kind, content = resource
    normal = stored(kind, content)
    for field, value in content.items():
        shape = KINDS[kind].fields[field]
        # Maps of members merge member by member, so none is ever in conflict as a whole.
        if not isinstance(shape, MapOf | Record):
            found, violations = custom_value(over(f"{kind}/A/{field}", ABSENT, ABSENT, ABSENT), value)
            assert violations == []
            rest = {name: other for name, other in content.items() if name != field}
            assert stored(kind, rest if found is ABSENT else {**rest, field: found}) == normal


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_whatever_is_given_is_stored_or_told(kind: str, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted(KINDS[kind].fields)))
    value = data.draw(ANYTHING)
    found, violations = custom_value(over(f"{kind}/A/{field}", ABSENT, ABSENT, ABSENT), value)
    again = custom_value(over(f"{kind}/A/{field}", ABSENT, ABSENT, ABSENT), None if found is ABSENT else found)
    assert violations or again == (found, [])


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("object_type/A/metadata/owner", {"team": "x"}, {"team": "x"}),
        ("object_type/A/metadata/owner", None, ABSENT),
        ("object_type/A/properties/age/type", "long", {"type": "long"}),
        ("object_type/A/description/en", "", ABSENT),
        ("action_type/A/api_name", "hire-now", "hire-now"),
        ("value_type/A/constraints/enum/red/api_name", "deep red", "deep red"),
    ],
)
def test_places_below_a_field(path: str, value: Any, expected: Any) -> None:
    assert custom_value(over(path, ABSENT, ABSENT, ABSENT), value) == (expected, [])


@pytest.mark.parametrize("path", ["link_type/A/cardinality", "object_type/A/api_name", "value_type/A/type"])
def test_what_must_be_there_is_not_taken_away(path: str) -> None:
    found, violations = custom_value(over(path, ABSENT, ABSENT, ABSENT), None)
    assert (found, [(each.rule, each.path) for each in violations]) == (ABSENT, [("FIELD_REQUIRED", "")])


def test_a_member_keeps_who_it_is() -> None:
    before = {"api_name": "red", "rid": "11111111-1111-4111-8111-111111111111"}
    conflict = over("value_type/A/constraints/enum/red", before, ABSENT, before, kind=ConflictKind.MODIFY_DELETE)
    assert custom_value(conflict, {"display_name": "Red"}) == ({"display_name": "Red", "rid": before["rid"]}, [])
    other = "22222222-2222-4222-8222-222222222222"
    _, violations = custom_value(conflict, {"rid": other})
    assert [(each.rule, each.path) for each in violations] == [("RID_CHANGED", "/rid")]


@pytest.mark.parametrize(
    ("path", "given", "rules"),
    [
        ("object_type/A/title_property", {"type": "string"}, []),
        ("object_type/A/title_property", {"required": True}, ["FIELD_REQUIRED"]),
        ("link_type/A/source/types/0", {"properties": {}}, []),
        ("link_type/A/source/types/0", {"fields": {}}, ["FIELD_UNKNOWN", "FIELD_REQUIRED"]),
        ("object_type/A/properties/color/value_type", {"type": "string"}, []),
    ],
)
def test_what_a_reference_means_is_given_as_what_it_may_be(path: str, given: Any, rules: list[str]) -> None:
    before = {"api_name": "Color", "rid": "11111111-1111-4111-8111-111111111111"}
    found, violations = custom_value(over(path, before, before, ABSENT, kind=ConflictKind.DANGLING), given)
    assert [each.rule for each in violations] == rules
    assert rules or found["rid"] == before["rid"]


def test_what_a_reference_means_may_be_gone() -> None:
    before = {"api_name": "Color", "rid": "11111111-1111-4111-8111-111111111111"}
    conflict = over("object_type/A/properties/color/value_type", before, before, ABSENT, kind=ConflictKind.DANGLING)
    assert custom_value(conflict, None) == (ABSENT, [])
