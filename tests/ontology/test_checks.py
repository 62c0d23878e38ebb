"""No commit leaves a reference dangling."""

from collections.abc import Callable
from typing import Any

import pytest

from history.engine.changes import Delete, Put, Rename
from history.exceptions import ChangesInvalid
from history.models import Branch, Commit
from history.selectors import TreeView
from ontology.exceptions import OntologyInvalid

pytestmark = pytest.mark.django_db

CommitMaker = Callable[..., Commit]

EMPTY: dict[str, Any] = {"properties": {}}
NAME = {"name": {"type": "string"}}


def put(name: str, kind: str = "object_type", **fields: Any) -> Put:
    return Put(kind, name, {"properties": {}, **fields} if kind == "object_type" else fields)


def link(name: str, **fields: Any) -> Put:
    return put(name, "link_type", **{"source": {}, "target": {}, "cardinality": "many_to_one", **fields})


@pytest.fixture
def refused(commit: CommitMaker, main: Branch) -> Callable[..., set[tuple[str, str]]]:
    """(rule, field) of everything for which the changes are refused; and nothing is written."""

    def attempt(*changes: Any) -> set[tuple[str, str]]:
        head = main.head_id
        with pytest.raises((OntologyInvalid, ChangesInvalid)) as caught:
            commit(*changes)
        main.refresh_from_db()
        assert main.head_id == head
        return {(error.rule, error.field) for error in caught.value.errors}

    return attempt


Refused = Callable[..., set[tuple[str, str]]]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (put("Person", extends=["Nobody"]), "/extends/0"),
        (put("Person", implements=["Nobody"]), "/implements/0"),
        (put("Person", deprecation={"replacement": "Nobody"}), "/deprecation/replacement"),
        (put("Person", properties={"a": {"value_type": "Nobody"}}), "/properties/a/value_type"),
        (put("Person", properties={"a": {"shared_property": "nobody"}}), "/properties/a/shared_property"),
        (put("Person", primary_key=["nothing"]), "/primary_key/0"),
        (put("Person", title_property="nothing"), "/title_property"),
        (link("knows", source={"types": ["Nobody"]}), "/source/types/0"),
        (link("knows", inverse_of="nobody"), "/inverse_of"),
        (put("hire", "action_type", rules=[{"rule": "delete_object", "object": "nobody"}]), "/rules/0/object"),
        (put("hire", "action_type", affected_types=["Nobody"]), "/affected_types/0"),
    ],
)
def test_a_reference_to_nothing_is_refused(refused: Refused, change: Put, path: str) -> None:
    assert refused(change) == {("DANGLING_REFERENCE", f"/changes/0/content{path}")}


def test_resources_of_one_commit_may_refer_to_one_another(commit: CommitMaker) -> None:
    commit(
        put("Person", extends=["Agent"], properties=NAME, primary_key=["name"]),
        put("Agent"),
        link("knows", source={"types": ["Person"]}, target={"types": ["Person"]}, inverse_of="knows"),
    )


def test_what_is_referred_to_cannot_be_deleted(commit: CommitMaker, refused: Refused) -> None:
    commit(put("Agent"), put("Person", extends=["Agent"]))
    assert refused(Delete("object_type", "Agent")) == {
        ("DANGLING_REFERENCE", "/resources/object_type/Person/extends/0")
    }
    commit(Delete("object_type", "Agent"), put("Person"))


def test_a_link_may_end_at_an_interface_that_takes_the_name_of_a_type(commit: CommitMaker, refused: Refused) -> None:
    commit(put("Party"), link("knows", source={"types": ["Party"]}))
    assert refused(Delete("object_type", "Party"))
    commit(Delete("object_type", "Party"), put("Party", "interface"))


def test_a_rename_takes_the_references_along(commit: CommitMaker, main: Branch) -> None:
    commit(put("Agent", properties=NAME), put("Person", extends=["Agent"], title_property="name"))
    commit(Rename("object_type", "Agent", "Actor"))
    contents = TreeView(main.head.root).everything()
    assert contents["object_type", "Person"]["extends"] == ["Actor"]


def test_a_key_may_be_inherited_from_afar(commit: CommitMaker) -> None:
    commit(
        put("Thing", properties=NAME),
        put("Agent", extends=["Thing"]),
        put("Person", extends=["Agent"], primary_key=["name"], title_property="name"),
    )


@pytest.mark.parametrize("loss", [put("Thing"), put("Agent")], ids=["property", "parent"])
def test_an_inherited_property_that_is_a_key_cannot_go(commit: CommitMaker, refused: Refused, loss: Put) -> None:
    commit(
        put("Thing", properties=NAME),
        put("Agent", extends=["Thing"]),
        put("Person", extends=["Agent"], primary_key=["name"]),
        link("knows", source={"types": ["Person"]}, foreign_key="name"),
    )
    assert refused(loss) == {
        ("DANGLING_REFERENCE", "/resources/object_type/Person/primary_key/0"),
        ("DANGLING_REFERENCE", "/resources/link_type/knows/foreign_key"),
    }


def test_types_that_extend_one_another_are_looked_at_once(refused: Refused) -> None:
    cycle = (
        put("A", extends=["B"], title_property="name"),
        put("B", extends=["C"], title_property="name"),
        put("C", extends=["A"], properties=NAME, title_property="name"),
    )
    assert refused(*cycle) == {("INHERITANCE_CYCLE", f"/changes/{number}/content/extends/0") for number in range(3)}


@pytest.mark.parametrize(
    ("cardinality", "accepted"),
    [("many_to_one", False), ("one_to_many", True), ("one_to_one", True)],
)
def test_a_foreign_key_is_a_property_of_the_side_that_holds_it(
    commit: CommitMaker, refused: Refused, cardinality: str, accepted: bool
) -> None:
    commit(put("Person"), put("Company", properties={"ownerId": {"type": "string"}}))
    change = link(
        "owns",
        source={"types": ["Person"]},
        target={"types": ["Company"]},
        cardinality=cardinality,
        foreign_key="ownerId",
    )
    if accepted:
        commit(change)
    else:
        assert refused(change) == {("DANGLING_REFERENCE", "/changes/0/content/foreign_key")}


def test_what_does_not_touch_a_reference_is_not_looked_at_again(
    commit: CommitMaker, django_assert_max_num_queries: Any
) -> None:
    commit(*(put(f"T{number}", extends=["T0"] if number else []) for number in range(100)))
    with django_assert_max_num_queries(40):
        commit(put("T0", description="The first"))
