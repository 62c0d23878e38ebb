"""What references mean after merges of documents with rids, and that every conflict about that can be decided."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from history.engine.content import Content, Key
from merging.engine.policy import Decision, Policy
from merging.engine.values import ABSENT
from merging.selectors import DocumentMerge, merge_documents
from ontology.engine.normalisation import normal_form

State = dict[Key, Content]
A, B, C, D, Z, PET = (("object_type", name) for name in ("A", "B", "C", "D", "Z", "Pet"))
LINK, ACTION = ("link_type", "L"), ("action_type", "act")
numbers = count(1)


def rid() -> str:
    return str(UUID(int=next(numbers) << 64, version=4))


def typed(*names: str, **fields: Any) -> Content:
    return {"rid": rid(), "properties": {name: {"type": "string", "rid": rid()} for name in names}, **fields}


def link(*source: str, **fields: Any) -> Content:
    sides = {"source": {"types": list(source)}, "target": {"types": ["Z"]}}
    return {"rid": rid(), **sides, "cardinality": "many_to_one", **fields}


def having(content: Content, **properties: Content) -> Content:
    return {**content, "properties": properties}


def state(contents: Mapping[Key, Content]) -> State:
    found = {key: normal_form(*key, content)[0] for key, content in contents.items()}
    return {key: content for key, content in found.items() if content is not None}


def merged(base: State, ours: Mapping[Key, Content], theirs: Mapping[Key, Content], **more: Any) -> DocumentMerge:
    return merge_documents([base], state(ours), state(theirs), **more)


def told(merge: DocumentMerge) -> list[tuple[str, str]]:
    return [(each.kind.value, each.path.removeprefix("/resources")) for each in merge.conflicts]


FOREIGN_KEY = ("violation", "/link_type/L/foreign_key")


@pytest.mark.parametrize("others", [("code", "id"), ("code",)])
def test_a_foreign_key_that_one_end_alone_calls_otherwise_now_is_a_conflict_that_can_be_decided(
    others: tuple[str, ...],
) -> None:
    """Whether the other end has a property of that name or not."""
    base = state({A: typed(*others), D: typed("code"), Z: typed()})
    ours = {**base, LINK: link("A", "D", foreign_key="code")}
    theirs = {**base, D: having(base[D], id=base[D]["properties"]["code"])}
    found = merged(base, ours, theirs)
    assert told(found) == [FOREIGN_KEY]
    for decision in (Decision("theirs"), Decision("base"), Decision("custom", ABSENT), Decision("custom", None)):
        settled = merged(base, ours, theirs, decisions={found.conflicts[0].id: decision})
        assert (settled.clean, settled.contents[LINK].get("foreign_key")) == (True, None)


def test_a_reference_does_not_follow_to_another_property_that_is_nearer() -> None:
    base = state({A: typed("id"), B: typed("own", extends=["A"])})
    theirs = {**base, A: having(base[A], own=base[A]["properties"]["id"])}
    found = merged(base, {**base, B: {**base[B], "title_property": "id"}}, theirs)
    assert told(found) == [("violation", "/object_type/B/title_property")]


def test_what_is_missing_where_something_was_let_go_can_be_decided() -> None:
    one = {"rid": rid(), "type": "object", "object_type": "D"}
    base = state({A: typed(), D: typed(), ACTION: {"rid": rid(), "parameters": {"one": one}}})
    ours = {key: content for key, content in base.items() if key != A}
    theirs = {**base, ACTION: {**base[ACTION], "parameters": {"one": {**one, "object_type": "A"}}}}
    (dangling,) = merged(base, ours, theirs).conflicts
    let_go = {dangling.id: Decision("ours")}
    (violation,) = merged(base, ours, theirs, decisions=let_go).conflicts
    for decision in (Decision("base"), Decision("ours"), Decision("custom", "D")):
        settled = merged(base, ours, theirs, decisions={**let_go, violation.id: decision})
        assert settled.clean
        assert settled.contents[ACTION]["parameters"]["one"]["object_type"] == "D"


def test_what_is_kept_keeps_what_it_means() -> None:
    base = state({A: typed("id", "code"), C: typed(extends=["A"], title_property="id")})
    held = base[A]["properties"]
    ours = {A: having(base[A], id=held["code"], code=held["id"])}
    theirs = {**base, C: {**base[C], "icon": "x"}}
    (conflict,) = merged(base, ours, theirs).conflicts
    kept = merged(base, ours, theirs, decisions={conflict.id: Decision("theirs")})
    assert (kept.clean, kept.contents[C]["title_property"]) == (True, "code")


def test_who_gets_a_name_says_nothing_of_what_it_refers_to() -> None:
    new = ("object_type", "New")
    base = state({B: typed("id", "code")})
    ours = {new: {**base[B], "title_property": "id"}}
    theirs = {B: having(base[B], id=base[B]["properties"]["code"]), new: typed()}
    conflicts = merged(base, ours, theirs).conflicts
    decisions = {each.id: Decision("ours") for each in conflicts if each.kind == "rename_add"}
    left = merged(base, ours, theirs, decisions=decisions)
    assert ("violation", "/object_type/New/title_property") in told(left)


@pytest.mark.parametrize("swapped", [False, True])
def test_a_reference_to_what_is_gone_and_whose_name_is_anothers_is_a_conflict(swapped: bool) -> None:
    base = state({A: typed(), B: typed(), PET: typed()})
    sides = {**base, PET: {**base[PET], "extends": ["A"]}}, {A: base[B], PET: base[PET]}
    found = merged(base, *(reversed(sides) if swapped else sides))
    assert told(found) == [("violation", "/object_type/Pet/extends")]
    settled = merged(
        base, *(reversed(sides) if swapped else sides), decisions={found.conflicts[0].id: Decision("base")}
    )
    assert (settled.clean, settled.contents[PET].get("extends", [])) == (True, [])


def test_a_reference_to_who_has_another_name_now_follows_it_all_the_same() -> None:
    base = state({A: typed(), B: typed(), PET: typed()})
    found = merged(base, {**base, PET: {**base[PET], "extends": ["B"]}}, {A: base[B], PET: base[PET]})
    assert (found.clean, found.contents[PET]["extends"]) == (True, ["A"])


def test_what_replaces_a_deprecated_property_is_what_was_meant() -> None:
    base = state({A: typed("id", "code", "old")})
    held = base[A]["properties"]
    deprecated = {**held["old"], "status": "deprecated", "deprecation": {"replacement": "id"}}
    ours = {A: having(base[A], **{**held, "old": deprecated})}
    found = merged(base, ours, {A: having(base[A], id=held["code"], old=held["old"])})
    assert told(found) == [("violation", "/object_type/A/properties/old/deprecation/replacement")]


@pytest.mark.parametrize("chosen", [None, "ours", "theirs", "base"])
def test_a_strategy_settles_nothing_where_one_side_only_calls_it_otherwise(chosen: str | None) -> None:
    base = state({A: typed("id", "code"), Z: typed(), LINK: link("A", foreign_key="id")})
    held = base[A]["properties"]
    theirs = {A: having(base[A], key=held["id"], code=held["code"]), LINK: {**base[LINK], "foreign_key": "key"}}
    ours = {**base, LINK: {**base[LINK], "foreign_key": "code"}}
    choose: Callable[[str], str | None] = lambda path: chosen if path.endswith("foreign_key") else None  # noqa: E731
    found = merged(base, ours, {**base, **theirs}, policy=Policy(chosen=choose))
    assert (found.clean, found.contents[LINK]["foreign_key"]) == (True, "code")


@pytest.mark.parametrize(
    ("decision", "name"), [("ours", "mine"), ("theirs", "yours"), ("base", "id"), ("custom", "key")]
)
def test_references_to_an_inherited_property_follow_what_is_decided_about_its_name(decision: str, name: str) -> None:
    base = state({A: typed("id", "code"), B: typed(extends=["A"]), C: typed(extends=["B"])})
    held = base[A]["properties"]
    mine = {A: having(base[A], mine=held["id"], code=held["code"]), C: {**base[C], "title_property": "mine"}}
    yours = {A: having(base[A], yours=held["id"], code=held["code"]), B: {**base[B], "title_property": "yours"}}
    (conflict,) = merged(base, {**base, **mine}, {**base, **yours}).conflicts
    value = name if decision == "custom" else ABSENT
    found = merged(base, {**base, **mine}, {**base, **yours}, decisions={conflict.id: Decision(decision, value)})
    assert found.clean
    assert [found.contents[key]["title_property"] for key in (B, C)] == [name, name]


def test_the_place_in_a_list_does_not_tell_one_dangling_reference_from_another() -> None:
    base = state({A: typed(), B: typed(), PET: typed()})
    theirs = {key: content for key, content in base.items() if key != B}
    found = [
        merged(base, {**base, PET: {**base[PET], "extends": parents}}, theirs).conflicts
        for parents in (["B"], ["A", "B"])
    ]
    (alone,), (second,) = found
    assert (alone.path, second.path) == ("/resources/object_type/Pet/extends/0", "/resources/object_type/Pet/extends/1")
    assert alone.id == second.id
    settled = merged(
        base, {**base, PET: {**base[PET], "extends": ["A", "B"]}}, theirs, decisions={alone.id: Decision("theirs")}
    )
    assert (settled.clean, settled.contents[PET]["extends"]) == (True, ["A"])
