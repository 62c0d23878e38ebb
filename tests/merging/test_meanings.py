"""Merges in which the name of a member came to be another's, and the references that name it."""

from typing import Any

import pytest

from history.engine.changes import Put, Rename
from history.models import Repository
from merging.engine.values import ABSENT
from tests.merging.branches import branch, contents, decide, edit, found, merged, preview

pytestmark = pytest.mark.django_db

STRING = {"type": "string"}
TITLE = "/object_type/Person/title_property"

HANDED: dict[str, Any] = {
    "swapped": lambda held: {"id": held["code"], "code": held["id"]},
    "deleted": lambda held: {"id": held["code"]},
}
"""How the name ``id`` is given to the property ``code``."""


@pytest.fixture
def codes(crm: Repository) -> Repository:
    """Person has an id and a code, of which the latter is the title, and Company inherits both; as has topic."""
    both = {"id": STRING, "code": STRING}
    edit(crm, "main", put_type("Person", both, title_property="code"), put_type("Company", {}, extends=["Person"]))
    branch(crm, "ours")
    branch(crm, "theirs")
    return crm


def put_type(name: str, properties: dict[str, Any], **fields: Any) -> Put:
    return Put("object_type", name, {"properties": properties, **fields})


def put_link(name: str = "WorksFor", **fields: Any) -> Put:
    sides = {"source": {"types": ["Company"]}, "target": {"types": ["Person"]}}
    return Put("link_type", name, {**sides, "cardinality": "many_to_one", **fields})


def hand_over(repository: Repository, branch_name: str, how: str, title: str = "id") -> None:
    held = contents(repository, branch_name)["Person"]["properties"]
    edit(repository, branch_name, put_type("Person", HANDED[how](held), title_property=title))


@pytest.mark.parametrize(("ours", "theirs"), [("ours", "theirs"), ("theirs", "ours")])
def test_a_title_whose_property_is_gone_and_whose_name_is_anothers_is_a_conflict(
    codes: Repository, ours: str, theirs: str
) -> None:
    held = contents(codes)["Person"]["properties"]
    edit(codes, ours, put_type("Person", held, title_property="id"))
    hand_over(codes, theirs, "deleted")
    seen = preview(codes, theirs, ours)
    assert found(seen.conflicts) == [("violation", TITLE)]
    assert [(each.rule, each.field) for each in seen.violations] == [("MEANING_LOST", f"/resources{TITLE}")]
    merged(codes, theirs, ours, decisions=decide(seen.conflicts, "custom", "id"))
    assert contents(codes, ours)["Person"]["title_property"] == "id"


@pytest.mark.parametrize(("ours", "theirs"), [("ours", "theirs"), ("theirs", "ours")])
@pytest.mark.parametrize(
    ("field", "named", "meant"), [("title_property", "id", "code"), ("primary_key", ["id"], ["code"])]
)
def test_a_reference_to_an_inherited_property_keeps_it(
    codes: Repository, ours: str, theirs: str, field: str, named: Any, meant: Any
) -> None:
    edit(codes, ours, put_type("Company", {}, extends=["Person"], **{field: named}))
    hand_over(codes, theirs, "swapped")
    result = merged(codes, theirs, ours)
    assert contents(codes, ours)["Company"][field] == meant
    assert any(
        each.strategy == "rename_followed" and each.path.startswith(f"/resources/object_type/Company/{field}")
        for each in result.strategies
    )


@pytest.mark.parametrize("field", ["title_property", "primary_key"])
def test_a_reference_to_an_inherited_property_that_is_gone_is_a_conflict(codes: Repository, field: str) -> None:
    edit(
        codes,
        "ours",
        put_type("Company", {}, extends=["Person"], **{field: "id" if field == "title_property" else ["id"]}),
    )
    hand_over(codes, "theirs", "deleted")
    conflicts = preview(codes, "theirs", "ours").conflicts
    assert found(conflicts) == [("violation", f"/object_type/Company/{field}")]
    merged(codes, "theirs", "ours", decisions=decide(conflicts, "base"))
    assert field not in contents(codes, "ours")["Company"]


@pytest.mark.parametrize(
    ("how", "told"), [("swapped", []), ("deleted", [("violation", "/link_type/WorksFor/foreign_key")])]
)
def test_a_foreign_key_is_that_of_the_types_at_its_side(codes: Repository, how: str, told: list[Any]) -> None:
    edit(codes, "ours", put_link(foreign_key="id"))
    hand_over(codes, "theirs", how)
    assert found(preview(codes, "theirs", "ours").conflicts) == told
    if not told:
        merged(codes, "theirs", "ours")
        assert contents(codes, "ours")["WorksFor"]["foreign_key"] == "code"


def test_a_foreign_key_that_no_one_name_stands_for_at_all_types_is_a_conflict(codes: Repository) -> None:
    both = {"source": {"types": ["Company", "Pet"]}}
    edit(codes, "ours", put_type("Pet", {"id": STRING, "code": STRING}), put_link(foreign_key="id", **both))
    hand_over(codes, "theirs", "swapped")
    assert found(preview(codes, "theirs", "ours").conflicts) == [("violation", "/link_type/WorksFor/foreign_key")]


def test_a_reference_keeps_what_it_means_where_both_its_resource_and_its_holder_are_renamed(codes: Repository) -> None:
    edit(codes, "ours", put_type("Company", {}, extends=["Person"], title_property="id"))
    edit(codes, "ours", Rename("object_type", "Company", "Business"))
    hand_over(codes, "theirs", "swapped")
    edit(codes, "theirs", Rename("object_type", "Person", "Human"))
    merged(codes, "theirs", "ours")
    business = contents(codes, "ours")["Business"]
    assert (business["extends"], business["title_property"]) == (["Human"], "code")


def test_a_property_that_replaces_another_under_its_name_stands_for_it(codes: Repository) -> None:
    edit(codes, "ours", put_type("Company", {}, extends=["Person"], title_property="id"))
    code = contents(codes)["Person"]["properties"]["code"]
    new = {**STRING, "rid": "00000000-0000-4000-8000-000000000001"}
    edit(codes, "theirs", put_type("Person", {"code": code}, title_property="code"))
    edit(codes, "theirs", put_type("Person", {"code": code, "id": new}, title_property="code"))
    assert preview(codes, "theirs", "ours").conflicts == ()


def test_who_gave_a_name_a_new_meaning_meant_it(codes: Repository) -> None:
    """Theirs alone made the title that both have another property."""
    held = contents(codes)["Person"]["properties"]
    edit(codes, "main", put_type("Person", held, title_property="id"))
    branch(codes, "mine")
    branch(codes, "yours")
    edit(codes, "mine", put_type("Company", {}, extends=["Person"], icon="house"))
    hand_over(codes, "yours", "deleted")
    assert preview(codes, "yours", "mine").conflicts == ()


def test_an_action_names_the_parameter_that_it_was_given(codes: Repository) -> None:
    reference = {"type": "object", "object_type": "Person"}
    edit(codes, "main", Put("action_type", "close", {"parameters": {"one": reference, "other": reference}}))
    branch(codes, "mine")
    branch(codes, "yours")
    held = contents(codes)["close"]["parameters"]
    deleting = [{"rule": "delete_object", "object": "one"}]
    edit(codes, "mine", Put("action_type", "close", {"parameters": held, "rules": deleting}))
    edit(codes, "yours", Put("action_type", "close", {"parameters": {"one": held["other"]}}))
    assert found(preview(codes, "yours", "mine").conflicts) == [("violation", "/action_type/close/rules")]


# --- Renames on both sides ----------------------------------------------------------------------------


def rename_id(repository: Repository, branch_name: str, to: str) -> None:
    held = contents(repository, branch_name)["Person"]["properties"]
    renamed = {to: held["id"], "code": held["code"]}
    edit(repository, branch_name, put_type("Person", renamed, title_property=to, primary_key=[to]))


@pytest.mark.parametrize(
    ("option", "value", "name"), [("ours", ABSENT, "mine"), ("theirs", ABSENT, "yours"), ("custom", "key", "key")]
)
def test_a_property_renamed_on_both_sides_is_one_conflict_and_its_references_follow(
    codes: Repository, option: str, value: Any, name: str
) -> None:
    held = contents(codes)["Person"]["properties"]
    edit(codes, "main", put_type("Person", held, title_property="id", primary_key=["id"]))
    for side in ("mine", "yours"):
        branch(codes, side)
        rename_id(codes, side, side)
    conflicts = preview(codes, "yours", "mine").conflicts
    assert found(conflicts) == [("rename_rename", "/object_type/Person/properties/mine/api_name")]
    merged(codes, "yours", "mine", decisions=decide(conflicts, option, value))
    person = contents(codes, "mine")["Person"]
    assert (person["properties"].keys(), person["title_property"], person["primary_key"]) == (
        {name, "code"},
        name,
        [name],
    )


def test_a_key_that_one_side_changed_and_the_other_called_otherwise_is_no_conflict(codes: Repository) -> None:
    held = contents(codes)["Person"]["properties"]
    edit(codes, "main", put_type("Person", held, title_property="id", primary_key=["id"]))
    branch(codes, "mine")
    branch(codes, "yours")
    rename_id(codes, "mine", "number")
    edit(codes, "yours", put_type("Person", held, title_property="code", primary_key=["id", "code"]))
    merged(codes, "yours", "mine")
    person = contents(codes, "mine")["Person"]
    assert (person["title_property"], person["primary_key"]) == ("code", ["number", "code"])


@pytest.mark.parametrize("renamed", [["mine", "yours"], ["mine", "id"]])
def test_a_reference_to_a_property_of_another_type_is_no_conflict_for_its_name(
    codes: Repository, renamed: list[str]
) -> None:
    """Where one side renamed the property, or both did; where not both did, theirs chose another one."""
    titled = {"extends": ["Person"], "title_property": "id"}
    edit(codes, "main", put_link(foreign_key="id"), put_type("Company", {}, **titled))
    for side, name in zip(("mine", "yours"), renamed, strict=True):
        branch(codes, side)
        held = contents(codes, side)["Person"]["properties"]
        other = name if name != "id" else "code"
        edit(
            codes,
            side,
            put_type("Person", {name: held["id"], "code": held["code"]}, title_property="code"),
            put_type("Company", {}, **{**titled, "title_property": other}),
            put_link(foreign_key=other),
        )
    conflicts = preview(codes, "yours", "mine").conflicts
    path = "/object_type/Person/properties/mine/api_name"
    assert found(conflicts) == ([("rename_rename", path)] if renamed == ["mine", "yours"] else [])
    merged(codes, "yours", "mine", decisions=decide(conflicts, "theirs"))
    after = contents(codes, "mine")
    named = "yours" if conflicts else "code"
    assert (after["WorksFor"]["foreign_key"], after["Company"]["title_property"]) == (named, named)
