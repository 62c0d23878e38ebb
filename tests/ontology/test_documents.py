"""Documents come in as one commit and go out as the same bytes."""

from typing import Any

import pytest

from accounts.models import User
from gateway.exceptions import OMSError
from history.engine.canonical import canonical_bytes
from history.exceptions import ChangesInvalid, NotAllowed, NothingChanged, RepositoryNotFound, StaleHead
from history.models import Branch
from history.selectors import ChangeKind, log_page
from history.services import branch_create
from ontology.exceptions import DocumentMalformed, OntologyInvalid
from ontology.formats.notation import read, write_yaml
from ontology.selectors import compare, document_export
from ontology.services import ImportReport, document_import

pytestmark = pytest.mark.django_db

PERSON: dict[str, Any] = {"status": "active", "properties": {"name": {"type": "string"}}, "title_property": "name"}
RID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def document(**kinds: Any) -> dict[str, Any]:
    return {"format": "oms/1", "resources": kinds}


PEOPLE = document(
    object_type={"Person": PERSON, "Company": {"properties": {}}},
    link_type={
        "employment": {"source": {"types": ["Person"]}, "target": {"types": ["Company"]}, "cardinality": "many_to_one"}
    },
)


def bring(actor: User, branch: Branch, value: Any, **options: Any) -> ImportReport:
    return document_import(actor=actor, branch=branch, document=value, message="Import", **options)


def errors_of(caught: pytest.ExceptionInfo[Any]) -> set[tuple[str, str]]:
    error = caught.value
    assert isinstance(error, OMSError)
    return {(found.rule, found.field) for found in error.errors}


def test_a_document_is_one_commit(alice: User, main: Branch) -> None:
    root = main.head
    report = bring(alice, main, PEOPLE)
    assert [edge.parent for edge in report.commit.parent_edges.all()] == [root]
    assert report.counts == {"added": 3, "modified": 0, "renamed": 0, "removed": 0}
    assert log_page([main.head_id], 10)[0][0] == report.commit


def test_what_the_document_does_not_hold_is_deleted_unless_it_is_to_stay(alice: User, main: Branch) -> None:
    bring(alice, main, PEOPLE)
    agent = document(object_type={"Agent": {"properties": {}}})
    assert bring(alice, main, agent, replace=False).counts["removed"] == 0
    assert bring(alice, main, agent).counts == {"added": 0, "modified": 0, "renamed": 0, "removed": 3}


def test_an_unchanged_resource_keeps_its_rids_and_is_not_touched(alice: User, main: Branch) -> None:
    first = bring(alice, main, PEOPLE).commit
    changed = document(
        **{**PEOPLE["resources"], "object_type": {"Person": PERSON, "Company": {"properties": {}, "icon": "x"}}}
    )
    [change] = bring(alice, main, changed).changes
    assert (change.api_name, change.change) == ("Company", ChangeKind.MODIFIED)
    assert change.after is not None
    assert change.after["rid"] == document_export(first)["resources"]["object_type"]["Company"]["rid"]


def test_a_document_that_changes_nothing_makes_no_commit(alice: User, main: Branch) -> None:
    bring(alice, main, PEOPLE)
    with pytest.raises(NothingChanged):
        bring(alice, main, PEOPLE)


def test_a_rid_under_another_name_is_a_rename(alice: User, main: Branch) -> None:
    bring(alice, main, PEOPLE)
    exported = document_export(main.head)
    people = exported["resources"]["object_type"]
    people["Human"] = people.pop("Person")
    exported["resources"]["link_type"]["employment"]["source"]["types"] = ["Human"]
    report = bring(alice, main, exported)
    assert report.counts == {"added": 0, "modified": 1, "renamed": 1, "removed": 0}


def test_a_name_with_another_rid_is_another_resource(alice: User, main: Branch) -> None:
    bring(alice, main, PEOPLE)
    exported = document_export(main.head)
    exported["resources"]["object_type"]["Company"]["rid"] = RID
    bring(alice, main, exported)
    assert document_export(main.head) == exported


def test_the_same_content_is_the_same_bytes_and_survives_a_round_trip(alice: User, main: Branch) -> None:
    head = bring(alice, main, PEOPLE).commit
    copy = branch_create(
        actor=alice, repository=main.repository, name="copy", start=log_page([head.digest], 9)[0][-1].digest
    )
    body = canonical_bytes(document_export(head))
    bring(alice, copy, body.decode())
    assert copy.head.root == head.root
    assert canonical_bytes(document_export(copy.head)) == body


def test_compare_tells_added_modified_renamed_and_removed_and_its_inverse(alice: User, main: Branch) -> None:
    base = bring(alice, main, PEOPLE).commit
    exported = document_export(base)
    types = exported["resources"]["object_type"]
    types["Human"] = types.pop("Person")
    types["Company"]["icon"] = "building"
    types["Agent"] = {"properties": {}}
    del exported["resources"]["link_type"]
    head = bring(alice, main, exported).commit

    def told(first: Any, second: Any) -> set[tuple[str, str, str]]:
        changes = compare(first, second).changes
        return {(change.api_name, change.former_name, change.change.value) for change in changes}

    assert told(base, head) == {
        ("Agent", "Agent", "added"),
        ("Company", "Company", "modified"),
        ("Human", "Person", "renamed"),
        ("employment", "employment", "removed"),
    }
    assert told(head, base) == {
        ("Agent", "Agent", "removed"),
        ("Company", "Company", "modified"),
        ("Person", "Human", "renamed"),
        ("employment", "employment", "added"),
    }
    assert compare(base, base).changes == []
    assert compare(head, base).merge_base == base


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([], {("FIELD_TYPE", "/document")}),
        ({}, {("FIELD_REQUIRED", "/document/format"), ("FIELD_REQUIRED", "/document/resources")}),
        ({"format": "oms/2", "resources": {}}, {("FORMAT_UNKNOWN", "/document/format")}),
        ({"format": "oms/1", "resources": []}, {("FIELD_TYPE", "/document/resources")}),
        ({**document(), "resource": {}}, {("FIELD_UNKNOWN", "/document/resource")}),
        (document(object_types={}), {("KIND_UNKNOWN", "/document/resources/object_types")}),
        (document(object_type=[]), {("FIELD_TYPE", "/document/resources/object_type")}),
    ],
)
def test_an_envelope_that_is_wrong_is_told_where(
    alice: User, main: Branch, value: Any, expected: set[tuple[str, str]]
) -> None:
    with pytest.raises(OntologyInvalid) as caught:
        bring(alice, main, value)
    assert errors_of(caught) == expected


def test_contents_that_are_wrong_are_told_where_in_the_document(alice: User, main: Branch) -> None:
    wrong = document(
        object_type={"Per son": {"properties": {}}, "Company": {"propertis": {}, "properties": {}}, "Agent": 7}
    )
    with pytest.raises(ChangesInvalid) as caught:
        bring(alice, main, wrong)
    assert errors_of(caught) == {
        ("NAME_INVALID", "/document/resources/object_type/Per son"),
        ("FIELD_UNKNOWN", "/document/resources/object_type/Company/propertis"),
        ("FIELD_TYPE", "/document/resources/object_type/Agent"),
    }


def test_a_dangling_reference_is_told_where_in_the_document(alice: User, main: Branch) -> None:
    with pytest.raises(OntologyInvalid) as caught:
        bring(alice, main, document(object_type={"Person": {"properties": {}, "extends": ["Agent"]}}))
    assert errors_of(caught) == {("DANGLING_REFERENCE", "/document/resources/object_type/Person/extends/0")}


def test_a_branch_that_moved_since_is_not_overwritten(alice: User, main: Branch) -> None:
    seen = main.head_id
    bring(alice, main, PEOPLE)
    with pytest.raises(StaleHead):
        bring(alice, main, document(), expected_head=seen)


def test_only_who_may_import_does(bob: User, charlie: User, main: Branch) -> None:
    with pytest.raises(NotAllowed):
        bring(bob, main, PEOPLE)
    with pytest.raises(RepositoryNotFound):
        bring(charlie, main, PEOPLE)


# --- Notation -----------------------------------------------------------------------------------

YAML = """
# people
format: oms/1
resources:
  object_type:
    Person:
      status: active
      title_property: name
      properties: {name: {type: string}}
      metadata:
        since: 2027-01-01
        norway: no
        at: 12:30:00
        number: 7
        half: .5
        nothing: ~
        quoted: "7"
        text: |
          one
          two
"""


def test_yaml_means_what_it_says(alice: User, main: Branch) -> None:
    bring(alice, main, YAML)
    assert document_export(main.head)["resources"]["object_type"]["Person"]["metadata"] == {
        "since": "2027-01-01",
        "norway": "no",
        "at": "12:30:00",
        "number": 7,
        "half": 0.5,
        "nothing": None,
        "quoted": "7",
        "text": "one\ntwo\n",
    }


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: 1\na: 2", "DUPLICATE_KEY"),
        ("1: a", "KEY_NOT_TEXT"),
        ("true: a", "KEY_NOT_TEXT"),
        ("? [a]\n: b", "KEY_NOT_TEXT"),
        ("a: &x [1]\nb: *x", "ALIAS"),
        ("a: *x", "ALIAS"),
        ("a: !!python/object:os.system {}", "TAG"),
        ("a: !!binary aGk=", "TAG"),
        ("a: [", "NOT_YAML"),
        ("a: \0", "NOT_YAML"),
        ("a: \ud800", "NOT_YAML"),
        ("", "NOT_ONE_DOCUMENT"),
        ("a: 1\n---\nb: 2", "NOT_ONE_DOCUMENT"),
        ("[" * 200_000, "TOO_DEEP"),
        ('{"a": 1, "a": 2}', "DUPLICATE_KEY"),
        ('{"a": NaN}', "NOT_A_NUMBER"),
        ('{"a": ', "NOT_JSON"),
        ('{"a":' * 200_000, "TOO_DEEP"),
    ],
)
def test_text_that_readers_do_not_agree_on_is_refused(alice: User, main: Branch, text: str, rule: str) -> None:
    with pytest.raises(DocumentMalformed) as caught:
        bring(alice, main, text)
    [(found, field)] = errors_of(caught)
    assert found == rule
    assert field.startswith("/document")


@pytest.mark.parametrize(
    "value",
    ["", "yes", "no", "null", "~", "1e5", ".5", "+1.", "007", "0x1F", "2027-01-01", "12:30", "=", "<<", "a\nb ", "가", "\u2028", 1e21, -1.5e-7, 7, True, None],
)  # fmt: skip
def test_what_is_written_as_yaml_reads_the_same(value: Any) -> None:
    written = write_yaml({"value": value, "list": [value, {"deep": value}]})
    assert read(written.decode()) == {"value": value, "list": [value, {"deep": value}]}
