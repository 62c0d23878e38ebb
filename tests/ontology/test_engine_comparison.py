"""Differences between two versions of a resource, as people read them."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ontology.engine.comparison import field_changes, words_aligned
from ontology.engine.shapes import Name, Record, SetOf, TypeExpression

ID = "00000000-0000-4000-8000-00000000000{}"


def person(**fields: Any) -> dict[str, Any]:
    return {"rid": ID.format(0), "properties": {"name": {"rid": ID.format(1), "type": {"type": "string"}}}, **fields}


def changes(before: Any, after: Any, kind: str = "object_type") -> list[tuple[tuple[str, ...], Any, Any]]:
    return [(change.path, change.before, change.after) for change in field_changes(kind, before, after)]


def test_equal_versions_differ_in_nothing() -> None:
    assert changes(person(), person()) == []


def test_a_field_that_one_version_leaves_out_has_its_default() -> None:
    assert changes(person(), person(status="active", abstract=True)) == [
        (("status",), "experimental", "active"),
        (("abstract",), False, True),
    ]


def test_a_new_resource_is_told_by_what_it_says_and_not_by_defaults() -> None:
    found = changes(None, person(description="A human being."))
    assert found == [
        (("description",), None, "A human being."),
        (("properties", "name"), None, person()["properties"]["name"]),
    ]


def test_texts_differ_language_by_language() -> None:
    before, after = (
        person(display_name={"en": "Person", "ko": "사람"}),
        person(display_name={"en": "Human", "ko": "사람"}),
    )
    assert changes(before, after) == [(("display_name", "en"), "Person", "Human")]


def test_a_renamed_member_is_known_again_by_its_rid() -> None:
    after = person(properties={"fullName": {"rid": ID.format(1), "type": {"type": "string"}, "required": True}})
    found = field_changes("object_type", person(), after)
    assert [(change.path, change.before, change.after) for change in found] == [
        (("properties", "fullName"), "name", "fullName"),
        (("properties", "fullName", "required"), False, True),
    ]
    assert isinstance(found[0].shape, Name)


def test_swapped_names_are_two_renames() -> None:
    first, second = ({"rid": ID.format(n), "type": {"type": kind}} for n, kind in ((1, "string"), (2, "long")))
    before, after = person(properties={"a": first, "b": second}), person(properties={"a": second, "b": first})
    assert changes(before, after) == [(("properties", "a"), "b", "a"), (("properties", "b"), "a", "b")]


def test_a_name_taken_over_by_another_member_is_a_removal_and_an_addition() -> None:
    after = person(properties={"name": {"rid": ID.format(9), "type": {"type": "long"}}})
    found = field_changes("object_type", person(), after)
    assert [(change.before is None, change.after is None) for change in found] == [(False, True), (True, False)]
    assert all(isinstance(change.shape, Record) for change in found)


def test_every_change_knows_how_it_is_to_be_read() -> None:
    before = person(extends=["Agent"])
    after = person(
        extends=["Being"], properties={"name": {"rid": ID.format(1), "type": {"type": "long"}, "default": 1}}
    )
    shapes = {change.path[-1]: type(change.shape) for change in field_changes("object_type", before, after)}
    assert shapes["extends"] is SetOf
    assert shapes["type"] is TypeExpression


def test_changed_words_are_marked_and_blanks_between_them_too() -> None:
    before, after = words_aligned("The old grey cat sat.", "The new black cat sat.")
    assert [(piece.value, piece.changed) for piece in before] == [
        ("The ", False),
        ("old grey", True),
        (" cat sat.", False),
    ]
    assert [(piece.value, piece.changed) for piece in after] == [
        ("The ", False),
        ("new black", True),
        (" cat sat.", False),
    ]


@given(st.text(), st.text())
def test_the_pieces_make_up_the_texts(before: str, after: str) -> None:
    left, right = words_aligned(before, after)
    assert ("".join(piece.value for piece in left), "".join(piece.value for piece in right)) == (before, after)


members = st.dictionaries(
    st.sampled_from("abcd"),
    st.fixed_dictionaries({"type": st.just({"type": "string"})}, optional={"required": st.just(True)}),
).map(lambda found: {name: {**member, "rid": ID.format(place)} for place, (name, member) in enumerate(found.items())})


@given(members, members)
def test_swapped_versions_have_the_same_changes_the_other_way(one: Any, other: Any) -> None:
    def facts(before: Any, after: Any) -> list[tuple[int, str, str]]:
        found = field_changes("object_type", {"properties": before}, {"properties": after})
        return sorted((len(change.path), repr(change.before), repr(change.after)) for change in found)

    assert facts(one, other) == sorted((depth, before, after) for depth, after, before in facts(other, one))
    assert facts(one, one) == []
