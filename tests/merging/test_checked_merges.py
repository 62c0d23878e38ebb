"""Merges of branches whose result breaks what each side keeps: what is told, and how decisions repair it."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import merging.selectors.documents
from history.engine.changes import Delete, Put, Rename
from history.engine.content import Content, Key
from history.engine.tree import EMPTY_ROOT
from history.models import Blob, Repository
from history.selectors import TreeView, tree_draft
from history.services import draft_write
from merging.engine.policy import Decision
from merging.engine.values import ABSENT
from merging.exceptions import DecisionInvalid, MergeConflicted
from merging.selectors import Ancestry, merge_documents, merge_trees
from ontology.engine.content import OntologyContent
from ontology.engine.effective import effective_properties
from ontology.engine.state import Documents as DocumentState
from ontology.engine.validation import RULES, validate
from ontology.exceptions import OntologyInvalid
from ontology.selectors import TreeState, states, violations_between
from ontology.services import rule_setting_set
from tests.merging.branches import (
    branch,
    contents,
    decide,
    edit,
    found,
    merged,
    preview,
    put,
    settled,
    told,
)

pytestmark = pytest.mark.django_db


# --- References that dangle ---------------------------------------------------------------------------


@pytest.mark.parametrize(("deleting", "referring"), [("topic", "main"), ("main", "topic")])
def test_a_reference_to_what_the_other_side_deleted_is_a_conflict_until_it_is_decided(
    crm: Repository, deleting: str, referring: str
) -> None:
    edit(crm, deleting, put("Company"), Delete("object_type", "Person"))
    edit(crm, referring, put("Pet", extends=["Person"]))
    told_before = preview(crm)
    assert found(told_before.conflicts) == [("dangling", "/object_type/Pet/extends/0")]
    (conflict,) = told_before.conflicts
    remaining = "ours" if referring == "main" else "theirs"
    assert conflict.options == ("ours", "theirs", "base", "custom")
    assert conflict.base["api_name"] == "Person"
    assert told_before.violations == []
    with pytest.raises(MergeConflicted) as refused:
        merged(crm)
    assert told(refused.value) == found(told_before.conflicts)
    decisions = decide([conflict], remaining)
    seen = preview(crm, decisions=decisions)
    assert (seen.conflicts, settled(seen)) == ((), [conflict])
    merged(crm, decisions=decisions)
    assert contents(crm).keys() == {"Company", "Person", "Pet"}
    assert contents(crm)["Person"]["icon"] == "user"


@pytest.mark.parametrize(("option", "value"), [("theirs", ABSENT), ("custom", ABSENT), ("custom", None)])
def test_what_is_decided_to_be_gone_takes_all_references_to_it_along(crm: Repository, option: str, value: Any) -> None:
    edit(crm, "main", put("Thing"), put("Group"))
    branch(crm, "deleting")
    edit(crm, "deleting", put("Company"), Delete("object_type", "Person"), Delete("object_type", "Group"))
    heir = {"properties": {}, "extends": ["Group", "Person", "Thing"], "title_property": "id"}
    edit(crm, "main", Put("object_type", "Pet", heir), put("Plant", extends=["Person"]))
    conflicts = preview(crm, "deleting").conflicts
    assert found(conflicts) == [
        ("dangling", "/object_type/Pet/extends/0"),
        ("dangling", "/object_type/Pet/extends/1"),
        ("dangling", "/object_type/Plant/extends/0"),
    ]
    result = merged(crm, "deleting", decisions=decide(conflicts, option, value))
    after = contents(crm)
    assert after.keys() == {"Company", "Pet", "Plant", "Thing"}
    assert (after["Pet"]["extends"], after["Plant"].get("extends", [])) == (["Thing"], [])
    assert after["Pet"]["title_property"] == "id"
    assert {each.conflict.id for each in result.decided} == {each.id for each in conflicts}


def test_a_reference_through_what_is_decided_to_be_gone_goes_as_well(crm: Repository) -> None:
    edit(crm, "topic", put("Company"), Delete("object_type", "Person"))
    edit(crm, "main", Put("object_type", "Pet", {"properties": {}, "extends": ["Person"], "title_property": "id"}))
    conflicts = preview(crm).conflicts
    assert [path for _, path in found(conflicts)] == ["/object_type/Pet/extends/0", "/object_type/Pet/title_property"]
    merged(crm, decisions=decide(conflicts[:1], "theirs"))
    assert contents(crm)["Pet"].keys() == {"properties", "rid"}


def test_a_reference_that_is_needed_does_not_go(crm: Repository) -> None:
    rule = {"rule": "create_object", "object_type": "Person"}
    edit(crm, "topic", put("Company"), Delete("object_type", "Person"))
    edit(crm, "main", Put("action_type", "hire", {"rules": [rule]}))
    (conflict,) = preview(crm).conflicts
    seen = preview(crm, decisions=decide([conflict], "theirs"))
    assert [each.rule for each in seen.violations] == ["FIELD_REQUIRED"]
    with pytest.raises(OntologyInvalid):
        merged(crm, decisions=decide([conflict], "theirs"))


def test_one_decision_brings_back_what_several_refer_to(crm: Repository) -> None:
    edit(crm, "topic", put("Company"), Delete("object_type", "Person"))
    edit(crm, "main", put("Pet", extends=["Person"]), put("Plant", extends=["Person"]))
    conflicts = preview(crm).conflicts
    assert len(conflicts) == 2
    merged(crm, decisions=decide(conflicts[:1], "custom", {"properties": {}, "icon": "leaf"}))
    assert contents(crm)["Person"]["icon"] == "leaf"
    assert contents(crm)["Person"]["rid"] == conflicts[0].base["rid"]


def test_decisions_that_say_different_things_of_what_was_deleted_settle_nothing(crm: Repository) -> None:
    edit(crm, "topic", put("Company"), Delete("object_type", "Person"))
    edit(crm, "main", put("Pet", extends=["Person"]), put("Plant", extends=["Person"]))
    conflicts = preview(crm).conflicts
    one, other = ({"properties": {}, "icon": icon} for icon in ("leaf", "paw"))
    decisions = {**decide(conflicts[:1], "custom", one), **decide(conflicts[1:], "custom", other)}
    seen = preview(crm, decisions=decisions)
    assert (seen.conflicts, seen.decided) == (conflicts, ())
    assert not {"custom", "base"} & {each.strategy for each in seen.strategies}
    with pytest.raises(MergeConflicted):
        merged(crm, decisions=decisions)
    alike = {**decide(conflicts[:1], "base"), **decide(conflicts[1:], "ours")}
    assert settled(preview(crm, decisions=alike)) == list(conflicts)


def test_a_property_that_one_side_deleted_and_the_other_made_its_title_is_a_conflict(crm: Repository) -> None:
    edit(crm, "topic", Put("object_type", "Person", {"properties": {}, "icon": "user"}))
    edit(crm, "main", put("Person", icon="user", title_property="id"))
    (conflict,) = preview(crm).conflicts
    assert found([conflict]) == [("dangling", "/object_type/Person/title_property")]
    assert (conflict.base["api_name"], conflict.options) == ("id", ("ours", "theirs", "base", "custom"))
    merged(crm, decisions=decide([conflict], "ours"))
    assert contents(crm)["Person"]["title_property"] == "id"
    assert contents(crm)["Person"]["properties"]["id"]["rid"] == conflict.base["rid"]


def test_of_several_that_a_property_may_come_from_the_first_by_name_is_what_was_meant(crm: Repository) -> None:
    """It names the conflict, which every process has to call the same."""
    parents = [f"Parent{letter}" for letter in "ABCDEFGHIJKL"]
    edit(
        crm, "main", *(put(name) for name in parents), Put("object_type", "Pet", {"properties": {}, "extends": parents})
    )
    branch(crm, "emptying")
    edit(crm, "main", Put("object_type", "Pet", {"properties": {}, "extends": parents, "title_property": "id"}))
    edit(crm, "emptying", *(Put("object_type", name, {"properties": {}}) for name in parents))
    (conflict,) = preview(crm, "emptying").conflicts
    assert conflict.meant == "/resources/object_type/ParentA/properties/id"


def test_a_reference_follows_a_property_that_the_other_side_renamed(crm: Repository) -> None:
    rid = contents(crm)["Person"]["properties"]["id"]["rid"]
    renamed = {"properties": {"code": {"type": "string", "rid": rid}}, "icon": "user"}
    edit(crm, "topic", Put("object_type", "Person", renamed))
    edit(crm, "main", put("Person", icon="user", primary_key=["id"], title_property="id"))
    result = merged(crm)
    person = contents(crm)["Person"]
    assert (person["primary_key"], person["title_property"]) == (["code"], "code")
    noted = {each.path for each in result.strategies if each.strategy == "rename_followed"}
    assert "/resources/object_type/Person/title_property" in noted


@pytest.mark.parametrize("swapped", [True, False])
@pytest.mark.parametrize(
    ("field", "named", "meant"), [("title_property", "id", "code"), ("primary_key", ["id"], ["code"])]
)
def test_a_reference_keeps_its_property_where_the_other_side_gave_the_name_to_another(
    crm: Repository, field: str, named: Any, meant: Any, swapped: bool
) -> None:
    string = {"type": "string"}
    edit(crm, "main", put("Person", properties={"id": string, **({"code": string} if swapped else {})}))
    branch(crm, "renaming")
    held = contents(crm)["Person"]["properties"]
    former = {"id": {**string, "rid": held["code"]["rid"]} if swapped else string}
    edit(crm, "main", Put("object_type", "Person", {"properties": held, field: named}))
    renamed = {"properties": {"code": {**string, "rid": held["id"]["rid"]}, **former}}
    edit(crm, "renaming", Put("object_type", "Person", renamed))
    assert preview(crm, "main", "renaming").conflicts == ()
    result = merged(crm, "renaming")
    person = contents(crm)["Person"]
    assert (person[field], person["properties"]["code"]["rid"]) == (meant, held["id"]["rid"])
    assert f"/resources/object_type/Person/{field}" in {
        each.path for each in result.strategies if each.strategy == "rename_followed"
    }


@pytest.mark.parametrize(("ours", "theirs"), [("main", "swapping"), ("swapping", "main")])
def test_one_name_for_different_properties_is_a_conflict_over_what_refers_to_it(
    crm: Repository, ours: str, theirs: str
) -> None:
    string = {"type": "string"}
    edit(crm, "main", put("Person", properties={"id": string, "code": string}))
    branch(crm, "swapping")
    held = contents(crm)["Person"]["properties"]
    edit(crm, "main", Put("object_type", "Person", {"properties": held, "title_property": "id"}))
    swapped = {"id": held["code"], "code": held["id"]}
    edit(crm, "swapping", Put("object_type", "Person", {"properties": swapped, "title_property": "id"}))
    (conflict,) = preview(crm, theirs, ours).conflicts
    assert found([conflict]) == [("value", "/object_type/Person/title_property")]
    assert {ours: conflict.ours, theirs: conflict.theirs} == {"main": "code", "swapping": "id"}


def test_what_comes_back_brings_back_what_it_refers_to_and_that_under_its_new_name(crm: Repository) -> None:
    edit(crm, "main", put("Pet", extends=["Person"]), put("Dog", extends=["Pet"]), put("Breed"))
    edit(crm, "main", put("Pet", extends=["Breed", "Person"]))
    branch(crm, "chain")
    edit(
        crm, "main", Delete("object_type", "Dog"), Delete("object_type", "Pet"), Rename("object_type", "Breed", "Kind")
    )
    edit(crm, "chain", put("Puppy", extends=["Dog"]))
    conflicts = preview(crm, "chain").conflicts
    assert found(conflicts) == [
        ("dangling", "/object_type/Dog/extends/0"),
        ("dangling", "/object_type/Puppy/extends/0"),
    ]
    assert [conflict.options for conflict in conflicts] == [("ours", "theirs", "base", "custom")] * 2
    merged(crm, "chain", decisions=decide(conflicts, "theirs"))
    assert contents(crm)["Pet"]["extends"] == ["Kind", "Person"]
    assert contents(crm)["Dog"]["extends"] == ["Pet"]


def test_a_chain_of_what_was_deleted_takes_as_many_merges_as_one_link(monkeypatch: pytest.MonkeyPatch) -> None:
    merges = []
    merge = merging.selectors.documents.resolved
    monkeypatch.setattr(merging.selectors.documents, "resolved", lambda *given: merges.append(1) or merge(*given))
    taken = []
    for count in (1, 40):
        links = [(f"T{number}", {"properties": {}, "extends": [f"T{number + 1}"]}) for number in range(count)]
        state: Documents = {}
        for name, content in reversed([*links, (f"T{count}", {"properties": {}})]):
            state = placed(name, content)(state)
        result = merge_documents([state], {}, placed("New", {"properties": {}, "extends": ["T0"]})(state))
        assert len(result.conflicts) == count + 1
        assert result.contents.keys() == {*state, ("object_type", "New")}
        taken.append(len(merges))
        merges.clear()
    assert taken == [2, 2]


# --- Rules that both sides break together -----------------------------------------------------------------


@pytest.fixture
def loop(crm: Repository) -> Repository:
    """Each side lets one of two types extend the other."""
    edit(crm, "main", put("A"), put("B"))
    branch(crm, "loop")
    edit(crm, "main", put("A", extends=["B"]))
    edit(crm, "loop", put("B", extends=["A"]))
    return crm


def test_what_the_sides_break_together_is_a_conflict_with_the_rule_beside_it(loop: Repository) -> None:
    seen = preview(loop, "loop")
    assert found(seen.conflicts) == [
        ("violation", "/object_type/A/extends"),
        ("violation", "/object_type/B/extends"),
    ]
    assert {error.rule for error in seen.violations} == {"INHERITANCE_CYCLE"}
    (first, _) = seen.conflicts
    assert (first.sides.there, first.options) == ({"ours": ["B"]}, ("ours", "theirs", "base", "custom"))
    with pytest.raises(MergeConflicted) as refused:
        merged(loop, "loop")
    assert told(refused.value) == found(seen.conflicts)
    assert {error.rule for error in refused.value.errors} == {"INHERITANCE_CYCLE"}


def test_a_decision_repairs_a_violation_and_one_that_does_not_leaves_the_conflict(loop: Repository) -> None:
    first, _ = preview(loop, "loop").conflicts
    useless = decide([first], "ours")
    seen = preview(loop, "loop", decisions=useless)
    assert (first in seen.conflicts, seen.decided) == (True, ())
    assert "ours" not in {each.strategy for each in seen.strategies}
    with pytest.raises(MergeConflicted):
        merged(loop, "loop", decisions=useless)
    helpful = preview(loop, "loop", decisions=decide([first], "theirs"))
    assert (helpful.conflicts, settled(helpful), helpful.violations) == ((), [first], [])
    merged(loop, "loop", decisions=decide([first], "theirs"))
    assert "extends" not in contents(loop)["A"]
    assert contents(loop)["B"]["extends"] == ["A"]


def test_what_a_decision_puts_there_is_checked_again(loop: Repository) -> None:
    first, _ = preview(loop, "loop").conflicts
    seen = preview(loop, "loop", decisions=decide([first], "custom", ["Nobody"]))
    assert (seen.conflicts, {error.rule for error in seen.violations}) == ((), {"DANGLING_REFERENCE"})
    with pytest.raises(OntologyInvalid):
        merged(loop, "loop", decisions=decide([first], "custom", ["Nobody"]))


def test_a_rule_that_only_a_given_value_breaks_is_no_conflict(crm: Repository) -> None:
    """Whoever gave it is told; the sides have nothing to do with it."""
    for name, pattern in (("main", "b"), ("topic", "c")):
        edit(crm, name, Put("value_type", "Code", {"type": "string", "constraints": {"pattern": pattern}}))
    (conflict,) = preview(crm).conflicts
    seen = preview(crm, decisions=decide([conflict], "custom", "("))
    assert (seen.conflicts, [each.rule for each in seen.violations]) == ((), ["REGEX_INVALID"])
    assert settled(seen) == [conflict]


def test_where_something_else_is_open_a_violation_is_told_and_no_conflict_yet(loop: Repository) -> None:
    edit(loop, "main", put("Person", icon="ours"))
    edit(loop, "loop", put("Person", icon="theirs"))
    seen = preview(loop, "loop")
    assert found(seen.conflicts) == [("value", "/object_type/Person/icon")]
    assert {error.rule for error in seen.violations} == {"INHERITANCE_CYCLE"}


def test_a_place_that_neither_side_touched_takes_a_value_of_its_own_only(crm: Repository) -> None:
    """Each side gave another parent of Robot a property, and the two do not go together."""
    edit(crm, "main", put("Machine"), put("Robot", extends=["Machine"]), put("Toy", extends=["Robot"]))
    branch(crm, "apart")
    edit(crm, "main", put("Machine", extends=["Person"]))
    edit(crm, "apart", put("Person", icon="user", extends=["Robot"]))
    conflicts = preview(crm, "apart").conflicts
    untouched = [each for each in conflicts if each.path == "/resources/object_type/Robot/extends"]
    assert [each.options for each in untouched] == [("custom",)]
    merged(crm, "apart", decisions=decide(untouched, "custom", []))
    assert "extends" not in contents(crm)["Robot"]


def test_what_the_source_breaks_by_itself_is_no_conflict_and_does_not_land(crm: Repository) -> None:
    """A rule that became an error after the source had broken it."""
    edit(crm, "main", put("Other"))
    edit(crm, "topic", put("pet"))
    rule_setting_set(actor=crm.created_by, repository=crm, rule="NAMING_CONVENTION", severity="error")
    seen = preview(crm)
    assert (seen.conflicts, {error.rule for error in seen.violations}) == ((), {"NAMING_CONVENTION"})
    with pytest.raises(OntologyInvalid):
        merged(crm)


# --- Decisions that people give ------------------------------------------------------------------------


@pytest.fixture
def contested(crm: Repository) -> Repository:
    edit(crm, "main", put("Person", icon="ours"))
    edit(crm, "topic", put("Person", icon="theirs"), put("Pet"))
    return crm


def test_a_decision_settles_its_conflict_and_one_that_fits_none_does_nothing(contested: Repository) -> None:
    (conflict,) = preview(contested).conflicts
    decisions = {**decide([conflict], "custom", "face"), "0" * 64: Decision("ours")}
    seen = preview(contested, decisions=decisions)
    assert (seen.conflicts, settled(seen)) == ((), [conflict])
    result = merged(contested, decisions=decisions)
    assert contents(contested)["Person"]["icon"] == "face"
    assert ("/resources/object_type/Person/icon", "custom") in {
        (each.path, each.strategy) for each in result.strategies
    }


def test_a_value_that_has_not_the_form_of_its_place_is_told_and_does_not_land(contested: Repository) -> None:
    (conflict,) = preview(contested).conflicts
    for value in (5, {"a": 1}, "a\0b", "\ud800"):
        decisions = decide([conflict], "custom", value)
        seen = preview(contested, decisions=decisions)
        assert [error.field for error in seen.violations] == ["/resources/object_type/Person/icon"]
        before = Blob.objects.count()
        with pytest.raises(OntologyInvalid):
            merged(contested, decisions=decisions)
        assert Blob.objects.count() == before


def test_a_value_for_several_fields_that_holds_none_leaves_the_conflict(crm: Repository) -> None:
    """One side gave the identifier a default, the other another type."""
    edit(crm, "main", put("Pet"))
    branch(crm, "typing")
    edit(crm, "main", put("Pet", properties={"id": {"type": "string", "default": "x"}}))
    edit(crm, "typing", put("Pet", properties={"id": {"type": "integer"}}))
    (conflict,) = preview(crm, "typing").conflicts
    assert conflict.kind == "coupled"
    for value in ("string", ["type"], 5):
        decisions = decide([conflict], "custom", value)
        assert preview(crm, "typing", decisions=decisions).conflicts == (conflict,)
        with pytest.raises(MergeConflicted):
            merged(crm, "typing", decisions=decisions)
    for value in (ABSENT, None, {}):  # no type, which a property needs
        with pytest.raises(OntologyInvalid) as refused:
            merged(crm, "typing", decisions=decide([conflict], "custom", value))
        assert {error.rule for error in refused.value.errors} == {"FIELD_REQUIRED"}


def test_what_is_no_option_and_no_strategy_is_refused(contested: Repository) -> None:
    (conflict,) = preview(contested).conflicts
    for act in (preview, merged):
        with pytest.raises(DecisionInvalid) as refused:
            act(contested, decisions={conflict.id: Decision("mine")})
        assert [error.field for error in refused.value.errors] == [f"/decisions/{conflict.id}/resolution"]


def test_a_value_beside_another_resolution_than_custom_is_refused(contested: Repository) -> None:
    (conflict,) = preview(contested).conflicts
    for act in (preview, merged):
        for option in ("ours", "theirs", "base", "newest"):
            with pytest.raises(DecisionInvalid) as refused:
                act(contested, decisions={conflict.id: Decision(option, "face")})
            found = [(error.field, error.rule) for error in refused.value.errors]
            assert found == [(f"/decisions/{conflict.id}/value", "NOT_CUSTOM")]


def test_a_given_content_keeps_the_identity_of_what_it_stands_for(crm: Repository) -> None:
    """Whoever writes a whole resource need not know its rids, and cannot give it another's."""
    edit(crm, "main", put("Company"), Delete("object_type", "Person"))
    edit(crm, "topic", put("Person", icon="face"))
    (conflict,) = preview(crm).conflicts
    company = contents(crm)["Company"]["rid"]
    with pytest.raises(OntologyInvalid) as refused:
        merged(crm, decisions=decide([conflict], "custom", {"properties": {}, "rid": company}))
    assert {error.rule for error in refused.value.errors} == {"RID_CHANGED"}
    given = {"properties": {"id": {"type": "string"}, "new": {"type": "string"}}}
    merged(crm, decisions=decide([conflict], "custom", given))
    person = contents(crm)["Person"]
    assert person["rid"] == conflict.base["rid"]
    assert person["properties"]["id"]["rid"] == conflict.base["properties"]["id"]["rid"]
    assert person["properties"]["new"]["rid"]


@pytest.mark.parametrize(("name", "kind"), [("Company", "rename_add"), ("not a name", None), ("Human", None)])
def test_a_given_name_takes_no_other_things_name(crm: Repository, name: str, kind: str | None) -> None:
    edit(crm, "main", put("Untouched"))
    branch(crm, "renaming")
    edit(crm, "main", Rename("object_type", "Person", "Individual"))
    edit(crm, "renaming", Rename("object_type", "Person", "Actor"))
    (conflict,) = preview(crm, "renaming").conflicts
    assert conflict.kind == "rename_rename"
    decisions = decide([conflict], "custom", name)
    seen = preview(crm, "renaming", decisions=decisions)
    assert [each.kind for each in seen.conflicts] == ([kind] if kind else [])
    if name == "Human":
        merged(crm, "renaming", decisions=decisions)
        assert contents(crm).keys() == {"Human", "Company", "Untouched"}
        return
    with pytest.raises((MergeConflicted, OntologyInvalid)):
        merged(crm, "renaming", decisions=decisions)


def test_a_given_name_does_not_overwrite_what_neither_side_changed(crm: Repository) -> None:
    """The name of a resource that the merge had no need to look at."""
    edit(crm, "main", put("Untouched"))
    branch(crm, "renaming")
    edit(crm, "main", Rename("object_type", "Company", "Firm"))
    edit(crm, "renaming", Rename("object_type", "Company", "Business"))
    (conflict,) = preview(crm, "renaming").conflicts
    seen = preview(crm, "renaming", decisions=decide([conflict], "custom", "Untouched"))
    assert [each.kind for each in seen.conflicts] == ["rename_add"]


# --- Against the merge of documents, and against the commit hook ------------------------------------------

Documents = dict[Key, Content]
MODEL = OntologyContent()
BASE: dict[str, Any] = {
    "A": {"properties": {"id": {"type": "string"}, "age": {"type": "integer"}}},
    "B": {"properties": {}, "extends": ["A"]},
    "C": {"properties": {"id": {"type": "string"}}, "title_property": "id"},
    "D": {"properties": {}},
}
names = st.sampled_from([*BASE, "New"])
ages = st.sampled_from([{}, {"min": 5}, {"max": 3}, {"min": 1, "max": 9}])
puts = st.fixed_dictionaries(
    {
        "properties": st.builds(
            lambda at, given: {"id": at, "age": {"type": "integer", "constraints": given}},
            st.sampled_from([{"type": "string"}, {"type": "long"}]),
            ages,
        )
        | st.just({})
    },
    optional={
        "icon": st.sampled_from(["a", "b"]),
        "extends": st.lists(names, max_size=1),
        "title_property": st.sampled_from(["id", "age"]),
    },
)
Step = Callable[[Documents], Documents]


def placed(name: str, content: Content) -> Step:
    def step(state: Documents) -> Documents:
        key = ("object_type", name)
        held = {each["rid"] for other, each in state.items() if other != key}
        return {**state, key: MODEL.normalise(*key, content, state.get(key), held.__contains__)}

    return step


def removed(name: str) -> Step:
    return lambda state: {key: content for key, content in state.items() if key[1] != name}


def renamed(name: str, to: str) -> Step:
    def step(state: Documents) -> Documents:
        if ("object_type", name) not in state or ("object_type", to) in state:
            return state
        moved = {(kind, to if own == name else own): content for (kind, own), content in state.items()}
        renames = {("object_type", name): to}
        return {key: MODEL.rewrite(key[0], content, renames) for key, content in moved.items()}

    return step


def handed_over(name: str, is_swap: bool) -> Step:
    """What was called age is called id, and what was called id is gone or called age."""

    def step(state: Documents) -> Documents:
        held = state.get(("object_type", name), {"properties": {}})
        if held["properties"].keys() != {"id", "age"}:
            return state
        id_, age = held["properties"]["id"], held["properties"]["age"]
        return {**state, ("object_type", name): {**held, "properties": {"id": age} | ({"age": id_} if is_swap else {})}}

    return step


steps = st.lists(
    st.builds(placed, names, puts)
    | st.builds(removed, names)
    | st.builds(handed_over, st.just("A") | names, st.booleans())
    | st.builds(renamed, names, st.sampled_from(["A", "E", "F"])),
    min_size=1,
    max_size=4,
)


def is_valid(state: Documents) -> bool:
    return not any(each.severity == "error" for _, each in validate(DocumentState(state), state))


def base() -> Documents:
    state: Documents = {}
    for name, content in BASE.items():
        state = placed(name, content)(state)
    return state


def side(taken: Sequence[Step]) -> Documents:
    """The base after those of the steps that leave it valid."""
    state = base()
    for step in taken:
        after = step(state)
        state = after if is_valid(after) else state
    return state


def written(state: Documents) -> TreeView:
    return TreeView(draft_write(tree_draft(TreeView(EMPTY_ROOT), state)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ours=steps, theirs=steps)
def test_trees_merge_as_documents_do_and_are_found_valid_where_the_commit_hook_finds_them_so(
    db: None, ours: list[Step], theirs: list[Step]
) -> None:
    states_of = [base(), side(ours), side(theirs)]
    documents = merge_documents(states_of[:1], *states_of[1:])
    views = [written(state) for state in states_of]
    trees = merge_trees(Ancestry(views[:1]), views[1], views[2])
    assert trees.conflicts == documents.conflicts
    assert trees.strategies == documents.strategies
    errors = [found for found in trees.violations if found[1].severity == "error"]
    assert errors == [found for found in documents.violations if found[1].severity == "error"]
    if trees.malformed:
        return
    result = TreeView(draft_write(trees.draft))
    assert result.everything() == documents.contents
    states.STEP_CACHE.clear()
    seen = [found for found in trees.violations if found[1].rule in RULES]
    assert list(violations_between(TreeState(views[1]), TreeState(result), RULES)) == seen


@settings(max_examples=100)
@given(ours=steps, theirs=steps)
def test_swapped_sides_give_the_same_state_and_mirrored_conflicts(ours: list[Step], theirs: list[Step]) -> None:
    states_of = [base(), side(ours), side(theirs)]
    result = merge_documents(states_of[:1], *states_of[1:])
    swapped = merge_documents(states_of[:1], *reversed(states_of[1:]))
    assert (swapped.contents, swapped.violations) == (result.contents, result.violations)
    # Paths go by ours' names.
    mirrored = sorted(repr((each.kind, each.base, each.theirs, each.ours)) for each in result.conflicts)
    assert sorted(repr((each.kind, *each.sides)) for each in swapped.conflicts) == mirrored


@settings(max_examples=100)
@given(taken=steps)
def test_what_one_side_did_and_what_both_did_alike_lands_as_it_is(taken: list[Step]) -> None:
    before, after = base(), side(taken)
    for sides in ((after, after), (before, after), (after, before)):
        result = merge_documents([before], *sides)
        assert (result.contents, result.conflicts) == (after, ())


def members(state: Documents) -> dict[str, dict[str, str]]:
    """The rids of the properties that the types have, by the types' rids and the properties' names."""
    effective = effective_properties(DocumentState(state), state)
    return {
        state[key]["rid"]: {name: each.property["rid"] for name, each in found.items()}
        for key, found in effective.items()
    }


@settings(max_examples=300)
@given(ours=steps, theirs=steps)
def test_what_a_title_means_in_a_clean_merge_is_what_a_side_made_it(ours: list[Step], theirs: list[Step]) -> None:
    states_of = [base(), side(ours), side(theirs)]
    result = merge_documents(states_of[:1], *states_of[1:])
    if not result.clean:
        return

    def titles(state: Documents) -> dict[str, str]:
        held = members(state)
        named = {each["rid"]: each["title_property"] for each in state.values() if "title_property" in each}
        return {who: held[who][name] for who, name in named.items()}

    before, *after = map(titles, states_of)
    for who, title in titles(dict(result.contents)).items():
        changed = [at for at, side in enumerate(after) if side.get(who) != before.get(who)] or [0, 1]
        if title not in {after[at].get(who) for at in changed}:
            # It took the place of one that is gone, and is none of those from which a side has chosen.
            assert not any(title in members(states_of[1 + at]).get(who, {}).values() for at in changed)


# --- What it costs ------------------------------------------------------------------------------------


def test_a_merge_with_all_its_checks_asks_as_many_questions_of_a_large_ontology_as_of_a_small_one(
    crm: Repository,
) -> None:
    counts = []
    for size in (0, 400):
        edit(crm, "main", *(put(f"Type{number:03}", extends=["Company"]) for number in range(size)), put(f"At{size}"))
        for name in ("ours", "theirs"):
            branch(crm, f"{name}{size}")
        edit(crm, f"ours{size}", put("Pet", extends=["Person"]), put("Cat"), put("Dog", extends=["Cat"]))
        edit(crm, f"theirs{size}", put("Cat", extends=["Dog"]), put("Dog"), put("Person", icon="face"))
        states.STEP_CACHE.clear()
        with CaptureQueriesContext(connection) as queries:
            seen = preview(crm, f"theirs{size}", f"ours{size}")
        assert found(seen.conflicts)
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 4  # a level of nodes more may be read
    assert max(counts) <= 90
