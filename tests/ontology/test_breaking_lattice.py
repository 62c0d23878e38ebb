"""How types stand to each other, and constraints."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ontology.engine.breaking.lattice import Relation, loss, relation
from ontology.engine.breaking.limits import limits
from ontology.engine.breaking.words import type_in_words
from ontology.engine.kinds import PARAMETER_TYPES
from ontology.engine.normalisation import normal_form
from ontology.engine.shapes import TypeExpression
from ontology.engine.types import Type
from ontology.engine.values import constraint_problem, type_problem
from tests.ontology.strategies import values

TYPES = values(TypeExpression(PARAMETER_TYPES - {"object"})).map(
    lambda given: normal_form("value_type", "V", {"type": given})[0]["type"]
)
NUMBERS = ("byte", "short", "integer", "long", "float", "double")


def decimal(precision: int, scale: int) -> Type:
    return {"type": "decimal", "precision": precision, "scale": scale}


def array(of: str) -> Type:
    return {"type": "array", "items": {"type": of}}


def of(name: Any) -> Type:
    return {"type": name} if isinstance(name, str) else name


CHAINS = [
    ("byte", "short", "integer", "long", decimal(38, 18)),
    ("float", "double"),
    ("integer", "double"),
    ("date", "timestamp"),
    (decimal(5, 2), decimal(6, 2), decimal(9, 4)),
    (array("short"), array("long")),
    *(({"type": "map", "keys": {"type": "string"}, "values": {"type": each}} for each in ("date", "timestamp")),),
]


@pytest.mark.parametrize("chain", CHAINS)
def test_types_widen_along_the_chains_of_the_specification_and_narrow_back(chain: tuple[Any, ...]) -> None:
    types = [of(name) for name in chain]
    for place, narrow in enumerate(types):
        for wide in types[place + 1 :]:
            assert relation(narrow, wide) is Relation.WIDENED
            assert relation(wide, narrow) is Relation.NARROWED
            assert loss(narrow, wide) == ""


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ("long", "double", "digits beyond 2^53"),
        ("double", decimal(38, 18), "digits that do not fit"),
        ("long", decimal(9, 2), "digits that do not fit"),
        (decimal(9, 2), decimal(9, 4), "digits that do not fit"),
        ("double", "long", "the fraction"),
        ("integer", "float", "digits beyond 2^24"),
        ("string", "integer", ""),
        ("string", "boolean", ""),
        ("string", "timestamp", ""),
        ("boolean", "string", ""),
        ({"type": "struct", "struct_type": "S"}, "json", ""),
        ("geopoint", "geoshape", ""),
        (array("long"), array("double"), "digits beyond 2^53"),
    ],
)
def test_what_can_be_cast_says_what_it_loses(before: Any, after: Any, lost: str) -> None:
    assert relation(of(before), of(after)) is Relation.CASTABLE
    assert loss(of(before), of(after)) == lost


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("date", "boolean"),
        ("json", "double"),
        ("string", "vector"),
        ("string", "attachment"),
        ({"type": "vector", "dimension": 3}, {"type": "vector", "dimension": 4}),
        ({"type": "struct", "struct_type": "S"}, {"type": "struct", "struct_type": "T"}),
    ],
)
def test_between_some_types_there_is_no_cast(before: Any, after: Any) -> None:
    assert relation(of(before), of(after)) is Relation.INCOMPATIBLE


@given(TYPES, TYPES)
def test_two_types_stand_to_each_other_as_they_do_the_other_way_round(one: Type, other: Type) -> None:
    there, back = relation(one, other), relation(other, one)
    inverse = {
        Relation.SAME: Relation.SAME,
        Relation.WIDENED: Relation.NARROWED,
        Relation.NARROWED: Relation.WIDENED,
        Relation.ARRAY_TO_SCALAR: Relation.SCALAR_TO_ARRAY,
        Relation.SCALAR_TO_ARRAY: Relation.ARRAY_TO_SCALAR,
    }
    assert inverse.get(there, back) is back
    assert (there is Relation.SAME) == (one == other)


@given(TYPES)
def test_every_type_can_be_told_in_words_and_cast_to_text(type_: Type) -> None:
    assert type_["type"] in type_in_words(type_)
    text = relation(type_, {"type": "string"})
    assert text in {Relation.SAME, Relation.CASTABLE, Relation.ARRAY_TO_SCALAR}


# --- Constraints ----------------------------------------------------------------------------------

BOUNDS = st.integers(-3, 3)
CONSTRAINTS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("min", "max", "exclusive_min", "exclusive_max"), BOUNDS),
        "enum": st.dictionaries(BOUNDS.map(str), st.just({}), min_size=1),
    },
)
SIZES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("min_length", "max_length"), st.integers(0, 4)),
        "pattern": st.sampled_from(["a*", "b+"]),
    },
)


def admitted(type_: Type, constraints: Any, candidates: list[Any]) -> set[Any]:
    return {
        value
        for value in candidates
        if type_problem(type_, value) is None and constraint_problem(type_, value, constraints) is None
    }


@pytest.mark.parametrize(
    ("type_", "strategy", "candidates"),
    [
        ({"type": "double"}, CONSTRAINTS, [step / 2 for step in range(-10, 11)]),
        ({"type": "string"}, SIZES, ["", "a", "aa", "aaa", "aaaa", "aaaaa", "b", "bb", "bbb", "bbbb", "bbbbb", "c"]),
    ],
)
@given(data=st.data())
def test_what_is_told_of_constraints_is_what_becomes_of_values(
    type_: Type, strategy: Any, candidates: list[Any], data: st.DataObject
) -> None:
    """Where some value is refused that was not, a constraint is tighter; where one is admitted, one is looser."""
    before, after = data.draw(strategy), data.draw(strategy)
    found = list(limits(type_, before, after))
    was, now = admitted(type_, before, candidates), admitted(type_, after, candidates)
    if was - now:
        assert any(each.tightened for each in found)
    patterns = "pattern" in before and "pattern" in after
    if now - was and not patterns:
        assert any(not each.tightened for each in found)
    assert before != after or not found


@given(CONSTRAINTS, CONSTRAINTS)
def test_what_tightens_one_way_loosens_the_other(one: Any, other: Any) -> None:
    assume(one != other)
    there, back = list(limits({"type": "double"}, one, other)), list(limits({"type": "double"}, other, one))
    assert sorted((each.aspect, each.tightened) for each in there) == sorted(
        (each.aspect, not each.tightened) for each in back
    )


@pytest.mark.parametrize(
    ("type_", "before", "after", "tightened"),
    [
        ("date", {"min": "2020-01-01"}, {"min": "2019-12-31"}, False),
        ("date", {"max": "2020-01-01"}, {"max": "2019-12-31"}, True),
        ("timestamp", {"max": "2020-01-01T00:00:00Z"}, {"max": "2020-01-01T00:00:00+01:00"}, True),
        ("decimal", {"min": "10"}, {"min": "9.5"}, False),
        ("string", {"min": "a"}, {"min": "b"}, True),
        ("double", {"min": 0}, {"exclusive_min": 0}, True),
        ("double", {"exclusive_min": 0}, {"min": 0}, False),
    ],
)
def test_limits_are_compared_as_values_of_the_type(type_: str, before: Any, after: Any, tightened: bool) -> None:
    (limit,) = limits(decimal(9, 3) if type_ == "decimal" else {"type": type_}, before, after)
    assert limit.tightened is tightened


def test_a_length_that_says_what_holds_anyway_is_no_difference() -> None:
    assert list(limits({"type": "string"}, {}, {"min_length": 0})) == []
