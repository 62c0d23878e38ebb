"""Contents in words."""

from typing import Any

import pytest

from history.selectors import ChangeKind, ResourceChange
from ontology.engine.comparison import field_changes
from ontology.engine.kinds import KINDS
from ontology.views.difference import difference
from ontology.views.presentation import path_words, record_facts, shown_change, type_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"type": "string"}, "string"),
        ({"type": "decimal", "precision": 10, "scale": 2}, "decimal(10, 2)"),
        ({"type": "array", "items": {"type": "struct", "struct_type": "Address"}}, "array<struct Address>"),
        ({"type": "map", "keys": {"type": "string"}, "values": {"type": "long"}}, "map<string, long>"),
        ({"type": "vector", "dimension": 3}, "vector(3)"),
    ],
)
def test_types_read_as_a_programmer_would_write_them(value: Any, text: str) -> None:
    assert type_text(value) == text


def test_a_path_is_told_in_words_and_names() -> None:
    words = path_words("object_type", ["properties", "email", "display_name", "ko"])
    assert [(word.text, word.is_name) for word in words] == [
        ("Properties", False),
        ("email", True),
        ("Display name", False),
        ("Korean", False),
    ]


def test_a_member_is_told_by_its_type_and_its_facts() -> None:
    record = KINDS["object_type"].fields["properties"].value
    content = {"required": True, "default": 0, "type": {"type": "long"}, "constraints": {"min": 0}, "rid": "x"}
    facts = [(fact.label, fact.text) for fact in record_facts(record, content)]
    assert facts == [("", "long"), ("", "required"), ("Default", "0"), ("Minimum", "0")]


def test_sets_mark_what_only_one_side_has() -> None:
    before, after = {"aliases": ["a", "b"], "properties": {}}, {"aliases": ["b", "c"], "properties": {}}
    row = shown_change("object_type", field_changes("object_type", before, after)[0])
    assert [(piece.text, piece.changed) for piece in row.before.pieces] == [("a", True), ("b", False)]
    assert [(piece.text, piece.changed) for piece in row.after.pieces] == [("b", False), ("c", True)]


def test_json_marks_the_lines_that_only_one_side_has() -> None:
    sides = [{"properties": {}, "metadata": {"note": {"by": "x", "of": number}}} for number in (1, 2)]
    row = shown_change("object_type", field_changes("object_type", *sides)[0])
    assert [(piece.text, piece.changed) for piece in row.after.pieces] == [
        ("{\n", False),
        ('  "by": "x",\n', False),
        ('  "of": 2\n', True),
        ("}", False),
    ]
    assert [piece.changed for piece in row.before.pieces] == [False, False, True, False]


def test_a_choice_is_not_taken_apart_into_words() -> None:
    before, after = {"cardinality": "one_to_many"}, {"cardinality": "many_to_many"}
    row = shown_change("link_type", field_changes("link_type", before, after)[0])
    assert [piece.text for piece in (*row.before.pieces, *row.after.pieces)] == ["one to many", "many to many"]


@pytest.mark.parametrize(
    ("sorts", "squares"),
    [
        ([], []),
        (["added"], ["added"] * 5),
        (["added"] + ["modified"] * 100, ["added"] + ["modified"] * 4),
        (["added", "removed", "modified", "renamed"], ["added", "added", "removed", "modified", "renamed"]),
    ],
)
def test_the_squares_show_every_sort_of_change(sorts: list[str], squares: list[str]) -> None:
    changes = [
        ResourceChange("object_type", f"T{n}", f"T{n}", ChangeKind(sort), {}, {}) for n, sort in enumerate(sorts)
    ]
    assert difference(changes, {}).balance == squares
