"""What settles a disagreement beforehand or afterwards: strategies of a repository, decisions of people."""

from typing import Any

import pytest
from hypothesis import given

from history.engine.content import Content, Key
from merging.engine.merge import merge, resolved
from merging.engine.policy import Decision, Policy
from merging.engine.result import Conflict, ConflictKind
from merging.engine.strategies import BUILT_IN, UNSETTLED, Question
from merging.engine.values import ABSENT
from tests.merging.schema import SCHEMA
from tests.merging.test_engine_properties import two_sides
from tests.merging.worlds import World, rendered

Documents = dict[Key, Content]


def thing(**fields: Any) -> Documents:
    return {("thing", "T"): {"rid": "t", **fields}}


def things(**contents: Any) -> Documents:
    return {("thing", name): content for name, content in contents.items()}


def decide(base: Documents, ours: Documents, theirs: Documents, option: str, value: Any = ABSENT) -> Documents:
    """The resources where every conflict is decided alike; none is left."""
    conflicts = merge(base, ours, theirs, SCHEMA).conflicts
    assert conflicts
    decisions = {each.id: Decision(option, value) for each in conflicts}
    result = resolved(base, ours, theirs, SCHEMA, decisions)
    assert result.conflicts == ()
    assert {settled.strategy for settled in result.strategies} >= {option}
    return result.documents


# --- Strategies -----------------------------------------------------------------------------------

MIN = ({"min": 5}, {"min": 3}, {"min": 7})
MAX = ({"max": 5}, {"max": 3}, {"max": 7})


@pytest.mark.parametrize(
    ("strategy", "field", "sides", "expected"),
    [
        ("ours", "label", ("a", "b", "c"), "b"),
        ("theirs", "label", ("a", "b", "c"), "c"),
        ("base", "label", ("a", "b", "c"), "a"),
        ("newest", "label", ("a", "b", "c"), "c"),
        ("union", "steps", ([1], [1, 2], [1, 3]), [1, 2, 3]),
        (
            "union",
            "steps",
            ([1], [1, True, 1], [1, 1.0, {"b": 1, "a": 2}, {"a": 2, "b": 1}]),
            [1, True, {"b": 1, "a": 2}],
        ),
        ("union", "label", ("a", "b", "c"), None),
        ("union", "key", (["a"], ["b"], ["c"]), None),
        ("wider", "size", (12, 4, 6), 12),
        ("wider", "size", (1, 7, 30), None),
        ("wider", "label", ("a", "b", "c"), None),
        ("looser", "limits", MIN, {"min": 3}),
        ("stricter", "limits", MIN, {"min": 7}),
        ("looser", "limits", MAX, {"max": 7}),
        ("stricter", "limits", MAX, {"max": 3}),
        ("looser", "limits", ({"max": 5}, {}, {"max": 7}), ABSENT),
        ("stricter", "limits", ({"max": 5}, {}, {"max": 7}), {"max": 7}),
        (
            "looser",
            "limits",
            ({"min": "2026-01-01"}, {"min": "2026-01-03"}, {"min": "2026-01-02"}),
            {"min": "2026-01-02"},
        ),
        ("looser", "limits", ({"min": 5}, {"min": 3}, {"min": "2026-01-01"}), None),
    ],
)
def test_a_strategy_settles_what_it_can(strategy, field, sides, expected):
    documents = [thing(**{field: side}) for side in sides]
    result = merge(*documents, SCHEMA, Policy(chosen=lambda _path: strategy, newer=lambda _path: "theirs"))
    if expected is None:
        assert len(result.conflicts) == 1
    else:
        assert result.conflicts == ()
        assert result.documents["thing", "T"].get(field, ABSENT) == expected
        assert [settled.strategy for settled in result.strategies] == [strategy]


def test_a_strategy_holds_where_it_was_chosen_only():
    sides = (thing(label=label, width=label) for label in "abc")
    policy = Policy(chosen=lambda path: "ours" if path.endswith("/label") else None)
    result = merge(*sides, SCHEMA, policy)
    assert [conflict.path for conflict in result.conflicts] == ["/resources/thing/T/width"]
    assert result.documents == thing(label="b", width="a")


def test_an_operator_can_bring_a_strategy():
    def longest(question: Question) -> Any:
        texts = [text for text in question.sides if isinstance(text, str)]
        return max(texts, key=len) if texts else UNSETTLED

    policy = Policy({**BUILT_IN, "longest": longest}, lambda _path: "longest")
    result = merge(thing(label="a"), thing(label="ab"), thing(label="abc"), SCHEMA, policy)
    assert result.documents == thing(label="abc")


@pytest.mark.parametrize(
    ("field", "sides", "offered"),
    [
        ("label", ("a", "b", "c"), ()),
        ("limits", MIN, ("looser", "stricter")),
        ("steps", ([1], [1, 2], [1, 3]), ("union",)),
        ("size", (2, 4, 3), ("wider",)),
    ],
)
def test_a_conflict_offers_the_strategies_that_would_settle_it(field, sides, offered):
    (conflict,) = merge(*(thing(**{field: side}) for side in sides), SCHEMA).conflicts
    assert conflict.options == ("ours", "theirs", "base", "custom", *offered)


@pytest.mark.parametrize(("newer", "offered"), [("ours", {"newest": "b"}), ("theirs", {"newest": "c"}), (None, {})])
def test_a_conflict_offers_the_newest_side_where_that_is_known_and_asks_for_it_then_only(newer, offered):
    asked: list[str] = []
    policy = Policy(newer=lambda path: asked.append(path) or newer)
    (conflict,) = merge(thing(label="a"), thing(label="b"), thing(label="c"), SCHEMA, policy).conflicts
    assert asked == []
    assert conflict.offers == offered
    assert asked == [conflict.path]


# --- Decisions ------------------------------------------------------------------------------------

A, B = {"rid": "a", "label": "a"}, {"rid": "b", "label": "b"}
EDITED = {**A, "label": "x"}


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "option", "value", "expected"),
    [
        (thing(label="a"), thing(label="b"), thing(label="c"), "theirs", ABSENT, thing(label="c")),
        (thing(label="a"), thing(label="b"), thing(label="c"), "custom", "d", thing(label="d")),
        (thing(label="a"), thing(), thing(label="c"), "ours", ABSENT, thing()),
        (things(A=A), {}, things(A=EDITED), "ours", ABSENT, {}),
        (things(A=A), {}, things(A=EDITED), "theirs", ABSENT, things(A=EDITED)),
        (things(A=A), {}, things(A=EDITED), "base", ABSENT, things(A=A)),
        (things(A=A), {}, things(A=EDITED), "custom", {"api_name": "A", **B}, things(A=B)),
        (things(A=A), {}, things(Z=A), "ours", ABSENT, {}),
        (things(A=A), {}, things(Z=EDITED), "theirs", ABSENT, things(Z=EDITED)),
        (things(A=A), things(Y=A), things(Z=A), "theirs", ABSENT, things(Z=A)),
        (things(A=A), things(Y=A), things(Z=A), "base", ABSENT, things(A=A)),
        (things(A=A), things(Y=A), things(Z=A), "custom", "X", things(X=A)),
        ({}, things(Y=A), things(Z=A), "theirs", ABSENT, things(Z=A)),
        ({}, things(Y=A), things(Z=A), "base", ABSENT, {}),
        ({}, things(Y=A), things(Z=A), "custom", "X", things(X=A)),
        (things(A=A), things(Z=A), things(A=A, Z=B), "theirs", ABSENT, things(A=A, Z=B)),
        (things(A=A), things(Z=A), things(A=A, Z=B), "ours", ABSENT, things(Z=A)),
    ],
)
def test_a_conflict_is_resolved_as_it_was_decided(base, ours, theirs, option, value, expected):
    assert decide(base, ours, theirs, option, value) == expected


def test_what_refers_to_a_thing_follows_the_name_that_was_decided():
    base = things(A=A, C={"rid": "c", "parents": ["A"]})
    ours = things(Y=A, C={"rid": "c", "parents": ["Y"]})
    theirs = things(Z=A, C={"rid": "c", "parents": ["Z"], "label": "l"})
    assert decide(base, ours, theirs, "theirs") == theirs


@pytest.mark.parametrize("option", ["union", "unheard of"])
def test_a_decision_that_settles_nothing_leaves_the_conflict(option):
    sides = [thing(label=label) for label in "abc"]
    (conflict,) = merge(*sides, SCHEMA).conflicts
    assert resolved(*sides, SCHEMA, {conflict.id: Decision(option)}).conflicts == (conflict,)


def test_a_decision_about_another_conflict_is_none_about_this_one():
    sides = [thing(label=label) for label in "abc"]
    result = resolved(*sides, SCHEMA, {"0" * 64: Decision("ours")})
    assert len(result.conflicts) == 1


@given(two_sides())
def test_whatever_the_sides_are_every_conflict_can_be_resolved_by_taking_a_side(sides: tuple[World, World, World]):
    base, ours, theirs = map(rendered, sides)
    for option in ("ours", "theirs", "base"):
        decisions: dict[str, Decision] = {}
        for _ in range(10):
            result = resolved(base, ours, theirs, SCHEMA, decisions)
            decisions |= {each.id: Decision(option) for each in result.conflicts}
            if result.clean:
                break
        assert result.conflicts == ()


@given(two_sides())
def test_decisions_of_swapped_sides_are_swapped(sides: tuple[World, World, World]):
    base, ours, theirs = map(rendered, sides)
    found = merge(base, ours, theirs, SCHEMA).conflicts
    swapped = merge(base, theirs, ours, SCHEMA).conflicts
    left = resolved(base, ours, theirs, SCHEMA, {each.id: Decision("ours") for each in found if _is_value(each)})
    right = resolved(base, theirs, ours, SCHEMA, {each.id: Decision("theirs") for each in swapped if _is_value(each)})
    assert left.resources == right.resources


def _is_value(conflict: Conflict) -> bool:
    return conflict.kind in {ConflictKind.VALUE, ConflictKind.TEXT, ConflictKind.ORDER, ConflictKind.COUPLED}


# --- Fields that belong together ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged", "is_conflict"),
    [
        ({"width": 1}, {"width": 2}, {"width": 1}, {"width": 2}, False),
        ({"width": 1}, {"width": 2}, {"width": 1, "height": 3}, {"width": 1}, True),
        ({"width": 1}, {"width": 2, "height": 3}, {"width": 2, "height": 3}, {"width": 2, "height": 3}, False),
        ({"width": 1}, {"width": 2, "height": 3}, {"width": 2}, {"width": 2, "height": 3}, False),
        ({"width": 1}, {"width": 2, "height": 3}, {"width": 4}, {"width": 1}, True),
        ({}, {"width": 2}, {"height": 3}, {}, True),
    ],
)
def test_fields_that_mean_something_together_conflict_where_the_sides_changed_different_ones(
    base, ours, theirs, merged, is_conflict
):
    for one, other in ((ours, theirs), (theirs, ours)):
        result = merge(thing(**base), thing(**one), thing(**other), SCHEMA)
        assert result.documents == thing(**merged)
        assert [(each.kind, each.path) for each in result.conflicts] == (
            [(ConflictKind.COUPLED, "/resources/thing/T")] if is_conflict else []
        )


def test_a_conflict_over_several_fields_is_resolved_over_all_of_them():
    base, ours, theirs = thing(width=1, label="l"), thing(width=2, label="l"), thing(width=1, height=3, label="m")
    assert decide(base, ours, theirs, "theirs") == theirs
    assert decide(base, ours, theirs, "ours") == thing(width=2, label="m")
    assert decide(base, ours, theirs, "custom", {"width": 2, "height": 3}) == thing(width=2, height=3, label="m")


@pytest.mark.parametrize("value", [ABSENT, None, {}])
def test_fields_that_go_together_can_be_left_out_together(value):
    base, ours, theirs = thing(width=1), thing(width=2), thing(width=1, height=3)
    assert decide(base, ours, theirs, "custom", value) == thing()


@pytest.mark.parametrize("value", ["", "width", "x", 1, 1.5, True, [], ["width"]])
def test_a_value_that_holds_no_fields_settles_nothing_about_several_of_them(value):
    base, ours, theirs = thing(width=1), thing(width=2), thing(width=1, height=3)
    (conflict,) = merge(base, ours, theirs, SCHEMA).conflicts
    result = resolved(base, ours, theirs, SCHEMA, {conflict.id: Decision("custom", value)})
    assert (result.documents, result.conflicts, result.decided) == (base, (conflict,), ())
