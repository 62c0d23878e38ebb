"""What becomes of one field of one resource, rule by rule. The table is the specification.

Every case is merged as it stands and with its sides swapped, which must give the same value.
"""

from typing import Any, NamedTuple

import pytest

from merging.engine.merge import merge
from merging.engine.result import ConflictKind, MergeResult, Strategy
from merging.engine.values import ABSENT, same
from tests.merging.schema import SCHEMA

VALUE, TEXT, ORDER = ConflictKind.VALUE, ConflictKind.TEXT, ConflictKind.ORDER
MODIFY_DELETE, RENAME_DELETE, RENAME_RENAME = (
    ConflictKind.MODIFY_DELETE,
    ConflictKind.RENAME_DELETE,
    ConflictKind.RENAME_RENAME,
)
SAME, UNION, TEXT_MERGE, LIST_MERGE = (
    Strategy.SAME_CHANGE,
    Strategy.SET_UNION,
    Strategy.TEXT_MERGE,
    Strategy.LIST_MERGE,
)
CLEAN = None


class Case(NamedTuple):
    field: str
    base: Any
    ours: Any
    theirs: Any
    merged: Any
    note: ConflictKind | Strategy | None = CLEAN
    below: str = ""
    """Where under the field the note is."""


SCALARS = {
    "changed by one side": Case("label", "a", "b", "a", "b"),
    "changed by both alike": Case("label", "a", "b", "b", "b", SAME),
    "changed by both differently": Case("label", "a", "b", "c", "a", VALUE),
    "given by one side": Case("label", ABSENT, "b", ABSENT, "b"),
    "given by both differently": Case("label", ABSENT, "b", "c", ABSENT, VALUE),
    "taken away by one side": Case("label", "a", ABSENT, "a", ABSENT),
    "taken away by one, changed by the other": Case("label", "a", ABSENT, "b", "a", VALUE),
    "a default written out is no change": Case("label", ABSENT, "", "b", "b"),
    "set back to its default, changed by the other": Case("label", "a", "", "b", "a", VALUE),
    "null is a value": Case("extra", {"x": 1}, {"x": None}, {"x": 1}, {"x": None}),
    "null and nothing differ": Case("extra", {"x": 1}, {"x": None}, {}, {"x": 1}, VALUE, "/x"),
    "true is not one": Case("extra", {"x": 1}, {"x": True}, {"x": 1}, {"x": True}),
    "true and one conflict": Case("extra", {"x": 0}, {"x": True}, {"x": 1}, {"x": 0}, VALUE, "/x"),
    "objects are not looked into": Case(
        "label", {"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 1}, VALUE
    ),
}

TEXTS = {
    "different words": Case("note", "a b c", "x b c", "a b y", "x b y", TEXT_MERGE),
    "the same word": Case("note", "a b c", "a x c", "a y c", "a b c", TEXT),
    "written by both": Case("note", ABSENT, "a", "b", ABSENT, TEXT),
    "written by both, one says a sentence more": Case("note", ABSENT, "a.", "a. b.", "a. b."),
    "deleted and changed": Case("note", "a", ABSENT, "b", "a", TEXT),
    "different languages": Case("note", {"en": "a"}, {"en": "b"}, {"en": "a", "ko": "가"}, {"en": "b", "ko": "가"}),
    "the same language": Case(
        "note", {"en": "a b c"}, {"en": "x b c"}, {"en": "a b y"}, {"en": "x b y"}, TEXT_MERGE, "/en"
    ),
    "the same word in one of two languages": Case(
        "note",
        {"en": "a", "ko": "가"},
        {"en": "b", "ko": "나"},
        {"en": "c", "ko": "가"},
        {"en": "a", "ko": "나"},
        TEXT,
        "/en",
    ),
    "both brought languages": Case("note", ABSENT, {"en": "a"}, {"ko": "가"}, {"en": "a", "ko": "가"}),
    "a text beside texts by language": Case("note", "a", {"en": "a"}, "b", "a", TEXT),
}

SETS = {
    "both added": Case("parents", ["b"], ["a", "b"], ["b", "c"], ["a", "b", "c"], UNION),
    "both removed": Case("parents", ["a", "b", "c"], ["b", "c"], ["a", "b"], ["b"], UNION),
    "one removed, the other added": Case("parents", ["a"], [], ["a", "b"], ["b"], UNION),
    "one removed what the other kept": Case("parents", ["a", "b"], ["a"], ["a", "b", "c"], ["a", "c"], UNION),
    "given by both": Case("parents", ABSENT, ["b"], ["a"], ["a", "b"], UNION),
    "emptied between them": Case("parents", ["a", "b"], ["a"], ["b"], ABSENT, UNION),
    "another order is no change": Case("parents", ["a", "b"], ["b", "a"], ["a", "b", "c"], ["a", "b", "c"], UNION),
    "something that is no set": Case("parents", ["a"], ["a", {}], ["a", "b"], ["a"], VALUE),
}

LISTS = {
    "an atomic list changed by one side": Case("key", ["a"], ["a", "b"], ["a"], ["a", "b"]),
    "an atomic list changed by both": Case("key", ["a"], ["a", "b"], ["c", "a"], ["a"], ORDER),
    "an atomic list changed by both alike": Case("key", ["a"], ["b"], ["b"], ["b"], SAME),
    "changes apart": Case("steps", [1, 2, 3], [0, 1, 2, 3], [1, 2, 3, 4], [0, 1, 2, 3, 4], LIST_MERGE),
    "both appended": Case("steps", [1], [1, 2], [1, 3], [1], ORDER),
    "both may have put the same item there": Case("steps", [1, 5], [1, 2, 5], [1, 2, 6], [1, 5], ORDER),
    "an item edited on one side, another on the other": Case(
        "steps",
        [{"do": "a"}, {"do": "b"}],
        [{"do": "x"}, {"do": "b"}],
        [{"do": "a"}, {"do": "y"}],
        [{"do": "x"}, {"do": "y"}],
        LIST_MERGE,
    ),
    "one item edited differently": Case("steps", [{"do": "a"}], [{"do": "x"}], [{"do": "y"}], [{"do": "a"}], ORDER),
    "moved on one side, another item removed on the other": Case(
        "steps", [1, 2, 3, 4, 5], [2, 3, 1, 4, 5], [1, 2, 3, 4], [2, 3, 1, 4], LIST_MERGE
    ),
    "one item moved to different places": Case("steps", [1, 2, 3], [2, 3, 1], [2, 1, 3], [1, 2, 3], ORDER),
    "removed on one side, moved on the other": Case("steps", [1, 2, 3], [2, 3], [2, 3, 1], [1, 2, 3], ORDER),
    "given by both": Case("steps", ABSENT, [1], [2], ABSENT, ORDER),
    "something that is no list": Case("steps", [1], "x", [2], [1], VALUE),
}

OBJECTS = {
    "different fields of a record": Case(
        "limits", {"min": 1, "max": 9}, {"min": 2, "max": 9}, {"min": 1, "max": 8}, {"min": 2, "max": 8}
    ),
    "the same field of a record": Case(
        "limits", {"min": 1, "max": 9}, {"min": 2, "max": 9}, {"min": 3, "max": 8}, {"min": 1, "max": 8}, VALUE, "/min"
    ),
    "a record that is gone has all fields absent": Case("limits", {"min": 1}, ABSENT, {"min": 1, "max": 8}, {"max": 8}),
    "a record gone, its field changed": Case(
        "limits", {"min": 1, "max": 9}, ABSENT, {"min": 1, "max": 8}, {"max": 9}, VALUE, "/max"
    ),
    "a record emptied between them": Case("limits", {"min": 1, "max": 9}, {"min": 1}, {"max": 9}, ABSENT),
    "a record on one side only": Case("limits", {"min": 1}, [], {"min": 2}, {"min": 1}, VALUE),
    "undeclared fields": Case("other", {"x": 1, "y": 1}, {"x": 2, "y": 1}, {"x": 1, "y": 2}, {"x": 2, "y": 2}),
    "free JSON by key at every depth": Case(
        "extra",
        {"x": {"y": {"a": 1, "b": 1}}},
        {"x": {"y": {"a": 2, "b": 1}}},
        {"x": {"y": {"a": 1, "b": 2}}},
        {"x": {"y": {"a": 2, "b": 2}}},
    ),
    "free JSON, the same key": Case(
        "extra", {"x": {"a": 1}}, {"x": {"a": 2}}, {"x": {"a": 3}}, {"x": {"a": 1}}, VALUE, "/x/a"
    ),
    "free lists are scalar": Case("extra", {"x": [1]}, {"x": [1, 2]}, {"x": [0, 1]}, {"x": [1]}, VALUE, "/x"),
    "free object deleted and changed": Case(
        "extra", {"x": {"a": 1}}, {}, {"x": {"a": 1, "b": 2}}, {"x": {"a": 1}}, VALUE, "/x"
    ),
    "both brought keys": Case("extra", ABSENT, {"x": 1}, {"y": 1}, {"x": 1, "y": 1}),
    "keys are escaped in paths": Case("extra", {"a/b~": 1}, {"a/b~": 2}, {"a/b~": 3}, {"a/b~": 1}, VALUE, "/a~1b~0"),
}

ORDERS = {
    "both went up": Case("size", 1, 2, 3, 6, Strategy.WIDER),
    "both went up, one further": Case("size", 1, 2, 4, 4, Strategy.WIDER),
    "one went up, the other aside": Case("size", 2, 4, 3, 2, VALUE),
    "both went up, to nothing in common": Case("size", 1, 7, 30, 1, VALUE),
    "given by both, over nothing": Case("size", ABSENT, 2, 3, ABSENT, VALUE),
    "gone and up": Case("size", 1, ABSENT, 2, 1, VALUE),
    "further along": Case("stage", ABSENT, "used", "gone", "gone", Strategy.FURTHER),
    "one further, the other back": Case("stage", "used", ABSENT, "gone", "gone", Strategy.FURTHER),
    "a stage that is none": Case("stage", "used", "odd", "gone", "used", VALUE),
    "two bounds": Case("limits", {"min": 5}, {"min": 3}, {"min": 7}, {"min": 5}, VALUE, "/min"),
}

STRING, NUMBER, DATE = {"type": "string"}, {"type": "number"}, {"type": "date"}

ENTRIES = {
    "different entries added": Case("members", {}, {"a": STRING}, {"b": NUMBER}, {"a": STRING, "b": NUMBER}),
    "one entry added by both, merged over nothing": Case(
        "members", {}, {"a": {**STRING, "note": "x"}}, {"a": STRING}, {"a": {**STRING, "note": "x"}}, SAME, "/a/type"
    ),
    "one entry added by both differently": Case(
        "members", {}, {"a": STRING}, {"a": NUMBER}, {"a": {}}, VALUE, "/a/type"
    ),
    "different fields of one entry": Case(
        "members",
        {"a": STRING},
        {"a": NUMBER},
        {"a": {**STRING, "required": True}},
        {"a": {**NUMBER, "required": True}},
    ),
    "one field of one entry": Case(
        "members", {"a": STRING}, {"a": NUMBER}, {"a": DATE}, {"a": STRING}, VALUE, "/a/type"
    ),
    "deleted by one": Case("members", {"a": STRING, "b": DATE}, {"a": STRING}, {"a": NUMBER, "b": DATE}, {"a": NUMBER}),
    "deleted by both": Case(
        "members", {"a": STRING, "b": DATE}, {"a": STRING}, {"a": NUMBER}, {"a": NUMBER}, SAME, "/b"
    ),
    "deleted and changed": Case("members", {"a": STRING}, {}, {"a": NUMBER}, {"a": STRING}, MODIFY_DELETE, "/a"),
    "deleted, and no more than a text changed": Case(
        "members", {"a": STRING}, {}, {"a": {**STRING, "note": "x"}}, {"a": STRING}, MODIFY_DELETE, "/a"
    ),
    "deleted, the other wrote a default out": Case(
        "members", {"a": STRING}, {}, {"a": {**STRING, "required": False}}, {}
    ),
    "all deleted and the map with them": Case(
        "members", {"a": STRING}, ABSENT, {"a": NUMBER}, {"a": STRING}, MODIFY_DELETE, "/a"
    ),
    "emptied between them, the map stays": Case("members", {"a": STRING, "b": DATE}, {"a": STRING}, {"b": DATE}, {}),
    "renamed by one": Case(
        "members",
        {"a": {"rid": "1", **STRING}},
        {"z": {"rid": "1", **STRING}},
        {"a": {"rid": "1", **STRING}},
        {"z": {"rid": "1", **STRING}},
    ),
    "renamed by one, edited by the other": Case(
        "members",
        {"a": {"rid": "1", **STRING}},
        {"z": {"rid": "1", **STRING}},
        {"a": {"rid": "1", **NUMBER}},
        {"z": {"rid": "1", **NUMBER}},
        Strategy.RENAME_FOLLOWED,
        "/{}/api_name",
    ),
    "renamed by both differently": Case(
        "members",
        {"a": {"rid": "1", **STRING}},
        {"y": {"rid": "1", **STRING}},
        {"z": {"rid": "1", **STRING}},
        {"a": {"rid": "1", **STRING}},
        RENAME_RENAME,
        "/{}/api_name",
    ),
    "renamed and deleted": Case(
        "members",
        {"a": {"rid": "1", **STRING}},
        {"z": {"rid": "1", **STRING}},
        {},
        {"a": {"rid": "1", **STRING}},
        RENAME_DELETE,
        "/{}",
    ),
    "something that is no map": Case("members", {"a": STRING}, [], {"a": NUMBER}, {"a": STRING}, VALUE),
}


def table(**sections: dict[str, Case]) -> list[Any]:
    return [
        pytest.param(case, id=f"{section}: {name}")
        for section, cases in sections.items()
        for name, case in cases.items()
    ]


def holding(field: str, value: Any) -> Any:
    return {("thing", "T"): {} if value is ABSENT else {field: value}}


def merged_field(case: Case, *, swapped: bool) -> tuple[Any, MergeResult]:
    sides = (case.theirs, case.ours) if swapped else (case.ours, case.theirs)
    result = merge(*(holding(case.field, value) for value in (case.base, *sides)), SCHEMA)
    content = result.resources["thing", "T"]
    assert content is not None
    return content.get(case.field, ABSENT), result


@pytest.mark.parametrize("swapped", [False, True], ids=["", "swapped"])
@pytest.mark.parametrize(
    "case", table(scalar=SCALARS, text=TEXTS, set=SETS, list=LISTS, order=ORDERS, object=OBJECTS, entry=ENTRIES)
)
def test_a_field_merges_by_its_rule(case: Case, swapped: bool) -> None:
    value, result = merged_field(case, swapped=swapped)
    assert same(value, case.merged)
    assert result.clean == (not isinstance(case.note, ConflictKind))
    our_name = next(iter(case.theirs if swapped else case.ours), "a") if "{}" in case.below else ""
    path = f"/resources/thing/T/{case.field}{case.below.format(our_name)}"
    if isinstance(case.note, ConflictKind):
        assert [(conflict.kind, conflict.path) for conflict in result.conflicts] == [(case.note, path)]
    elif case.note is not None:
        assert any(one.strategy == case.note and path.startswith(one.path) for one in result.strategies)


def test_a_conflict_over_what_is_absent_and_what_is_null_is_shown_alike_and_known_apart() -> None:
    base, ours, theirs = holding("extra", {"x": 1}), holding("extra", {"x": None}), holding("extra", {})
    (conflict,) = merge(base, ours, theirs, SCHEMA).conflicts
    assert conflict.to_json() == {
        "id": conflict.id,
        "kind": "value",
        "path": "/resources/thing/T/extra/x",
        "base": 1,
        "ours": None,
        "theirs": None,
        "options": ["ours", "theirs", "base", "custom"],
    }
    assert conflict.sides.there == {"base": 1, "ours": None}


def test_a_conflict_is_named_by_its_place_and_its_three_values() -> None:
    def conflict_id(base: Any, ours: Any, theirs: Any) -> str:
        (conflict,) = merge(*(holding("label", value) for value in (base, ours, theirs)), SCHEMA).conflicts
        return conflict.id

    assert conflict_id("a", "b", "c") == conflict_id("a", "b", "c")
    assert (
        len(
            {
                conflict_id("a", "b", "c"),
                conflict_id("a", "c", "b"),
                conflict_id(ABSENT, "b", "c"),
                conflict_id(None, "b", "c"),
            }
        )
        == 4
    )


def test_conflicts_and_strategies_come_sorted_by_path() -> None:
    base = {("thing", name): {"label": "a", "parents": []} for name in "CAB"}
    ours = {("thing", name): {"label": "b", "parents": ["x"]} for name in "BCA"}
    theirs = {("thing", name): {"label": "c", "parents": ["y"]} for name in "ABC"}
    result = merge(base, ours, theirs, SCHEMA)
    assert [conflict.path for conflict in result.conflicts] == [f"/resources/thing/{name}/label" for name in "ABC"]
    assert [settled.to_json() for settled in result.strategies] == [
        {"path": f"/resources/thing/{name}/parents", "strategy": "set_union"} for name in "ABC"
    ]
