"""A state answers the same out of the database and out of memory."""

from collections.abc import Callable
from typing import Any

import pytest

from history.engine.changes import Delete, Put
from history.models import Commit
from history.selectors import TreeView
from ontology.engine.state import Documents, State
from ontology.selectors import TreeState

pytestmark = pytest.mark.django_db

THING, PERSON, OTHER = ("object_type", "Thing"), ("object_type", "Person"), ("object_type", "PERSON")
KNOWS, NOBODY = ("link_type", "knows"), ("object_type", "Nobody")


@pytest.fixture(params=["database", "memory"])
def state(request: Any, commit: Callable[..., Commit]) -> State:
    link: dict[str, Any] = {"source": {"types": ["Person"]}, "target": {"types": ["Thing"]}}
    commit(
        Put(*THING, {"properties": {}}),
        Put(*PERSON, {"properties": {}, "extends": ["Thing"]}),
        Put(*KNOWS, link | {"cardinality": "one_to_one"}),
    )
    tree = TreeView(commit(Put(*THING, {"properties": {}, "status": "active"})).root)
    return TreeState(tree) if request.param == "database" else Documents(tree.everything())


def test_contents_are_those_that_exist(state: State) -> None:
    assert state.contents([THING, NOBODY])[THING]["status"] == "active"
    assert state.contents([NOBODY]) == {}
    assert state.existing([THING, PERSON, NOBODY]) == {THING, PERSON}


def test_referrers_name_a_key_directly(state: State) -> None:
    assert state.referrers([THING, PERSON, KNOWS]) == {THING: {PERSON, KNOWS}, PERSON: {KNOWS}}
    assert state.referrers([THING, PERSON], kinds=["link_type"]) == {THING: {KNOWS}, PERSON: {KNOWS}}


def test_namesakes_differ_by_case_alone(state: State) -> None:
    assert state.namesakes([OTHER, ("object_type", "person"), THING]) == {
        OTHER: {PERSON},
        ("object_type", "person"): {PERSON},
    }
    assert state.namesakes([PERSON, ("interface", "person")]) == {}


def test_a_namesake_that_is_gone_is_none(commit: Callable[..., Commit]) -> None:
    commit(Put(*PERSON, {"properties": {}}))
    root = commit(Delete(*PERSON), Put(*THING, {"properties": {}})).root
    assert TreeState(TreeView(root)).namesakes([OTHER]) == {}


def test_what_is_known_is_not_read(commit: Callable[..., Commit], django_assert_num_queries: Any) -> None:
    state = TreeState(TreeView(commit(Put(*THING, {"properties": {}})).root), {PERSON: {"a": 1}, THING: None})
    with django_assert_num_queries(0):
        assert state.contents([PERSON, THING]) == {PERSON: {"a": 1}}
        assert state.existing([PERSON, THING]) == {PERSON}
