"""Hypothesis strategies made of the shapes: valid contents of every kind, and JSON that is anything."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from ontology.engine.kinds import KINDS, TYPES
from ontology.engine.shapes import (
    Boolean,
    Bound,
    Choice,
    Date,
    FreeJson,
    Integer,
    ListOf,
    LocalisedText,
    MapOf,
    MemberReference,
    Name,
    Record,
    Reference,
    Rid,
    SetOf,
    Shape,
    Tagged,
    Text,
    TypeExpression,
)

NAMES = st.sampled_from(["A", "B", "Person", "gene_2", "x", "3D"])
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | NAMES, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def records(draw: st.DrawFn, record: Record) -> dict[str, Any]:
    """The required fields of ``record``, one of those of which one is needed, and a few others."""
    needed = {*record.required, *record.one_of[:1]}
    others = st.sets(st.sampled_from(sorted(record.fields)), max_size=4) if record.fields else st.just(set())
    chosen = needed | (draw(others) - {"rid"})
    return {name: draw(values(record.fields[name])) for name in sorted(chosen)}


@st.composite
def tagged(draw: st.DrawFn, shape: Tagged) -> dict[str, Any]:
    case = draw(st.sampled_from(sorted(shape.cases)))
    return {shape.tag: case, **draw(records(shape.cases[case]))}


@st.composite
def types(draw: st.DrawFn, shape: TypeExpression) -> Any:
    name = draw(st.sampled_from(sorted(shape.allowed)))
    parameters = draw(records(TYPES[name]))
    if name == "decimal":
        parameters["precision"] = max(parameters.values())
    return {"type": name, **parameters} if parameters or draw(st.booleans()) else name


def items(shape: SetOf | ListOf) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.deferred(lambda: values(shape.item)), max_size=3)


def members(shape: MapOf) -> st.SearchStrategy[dict[str, Any]]:
    keys = NAMES if isinstance(shape.key, Name) else WORDS
    return st.dictionaries(keys, st.deferred(lambda: values(shape.value)), max_size=3)


def translations(_shape: LocalisedText) -> st.SearchStrategy[Any]:
    text = WORDS | st.just("")
    return text | st.dictionaries(st.sampled_from(["en", "ko", "pt-BR"]), text)


STRATEGIES: dict[type, Callable[[Any], st.SearchStrategy[Any]]] = {
    Text: lambda _: WORDS,
    LocalisedText: translations,
    Name: lambda _: NAMES,
    Reference: lambda _: NAMES,
    MemberReference: lambda _: NAMES,
    Rid: lambda _: st.uuids().map(str),
    Date: lambda _: st.dates(min_value=date(1000, 1, 1)).map(date.isoformat),
    Boolean: lambda _: st.booleans(),
    Integer: lambda shape: st.integers(shape.minimum, shape.maximum),
    Bound: lambda _: NUMBERS | WORDS,
    Choice: lambda shape: st.sampled_from(shape.values),
    FreeJson: lambda _: JSON,
    SetOf: items,
    ListOf: items,
    MapOf: members,
    Record: records,
    Tagged: tagged,
    TypeExpression: types,
}


@cache
def values(shape: Shape) -> st.SearchStrategy[Any]:
    """Valid values of ``shape``, not in their normal form."""
    return STRATEGIES[type(shape)](shape)


@st.composite
def resources(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """(kind, valid content)."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    return kind, draw(values(KINDS[kind]))
