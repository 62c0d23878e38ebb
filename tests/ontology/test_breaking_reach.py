"""Effects beyond the place of a change: inheritance, interfaces, shared properties, value types, names, statuses."""

from typing import Any

import pytest

from ontology.engine.breaking import Finding, Severity
from tests.ontology.breaking_cases import OTHER_RID, contactable, person, prop
from tests.ontology.breaking_world import WORLD, Patch, changed, patched, report, stored


def found(
    patch: Patch | None = None, *, given: Patch | None = None, renames: dict[str, str] | None = None
) -> list[Finding]:
    before = stored(patched(WORLD, given or {}))
    return report(before, changed(before, patch or {}, renames or {}))


def one(patch: Patch | None = None, **options: Any) -> Finding:
    (finding,) = found(patch, **options)
    return finding


def users(finding: Finding) -> set[str]:
    return {user.removeprefix("/resources") for user in finding.users}


def rules(findings: list[Finding]) -> list[tuple[str, str]]:
    return sorted((each.rule, each.path.removeprefix("/resources")) for each in findings)


# --- Users ----------------------------------------------------------------------------------------


def test_a_property_removed_from_a_parent_reaches_all_that_inherit_it() -> None:
    finding = one({"object_type": {"Agent": {"properties": {"label": None}}}})
    assert users(finding) == {"/object_type/Person/properties/label", "/object_type/Student/properties/label"}


def test_a_type_that_declares_the_property_itself_is_no_user() -> None:
    own = {"object_type": {"Person": {"properties": {"label": {"type": "string"}}}}}
    finding = one({"object_type": {"Agent": {"properties": {"label": None}}}}, given=own)
    assert users(finding) == set()


def test_a_property_pushed_down_is_missed_by_those_who_got_none() -> None:
    findings = found(
        {
            "object_type": {
                "Agent": {"properties": {"label": None}},
                "Student": {"properties": {"label": {"type": "string"}}},
            }
        }
    )
    deleted = next(each for each in findings if each.rule == "PR_DELETED")
    assert users(deleted) == {"/object_type/Person/properties/label"}
    assert rules(findings) == [
        ("PR_ADDED_OPTIONAL", "/object_type/Student/properties/label"),
        ("PR_DELETED", "/object_type/Agent/properties/label"),
    ]


def test_a_property_pulled_up_is_told_and_breaks_nobody() -> None:
    pulled = {
        "object_type": {
            "Person": {"properties": {"birthday": None}},
            "Agent": {"properties": {"birthday": {"type": "date"}}},
        }
    }
    findings = found(pulled)
    assert rules(findings) == [
        ("PR_ADDED_OPTIONAL", "/object_type/Agent/properties/birthday"),
        ("PR_DELETED", "/object_type/Person/properties/birthday"),
    ]
    assert {each.severity for each in findings} == {Severity.LOW}
    assert not any(each.breaks for each in findings)


def test_a_property_pulled_up_with_another_type_breaks_by_the_type() -> None:
    pulled = {
        "object_type": {
            "Person": {"properties": {"birthday": None}},
            "Agent": {"properties": {"birthday": {"type": "string"}}},
        }
    }
    assert ("PR_TYPE_CASTABLE", "/object_type/Person/properties/birthday/type") in rules(found(pulled))


def test_what_a_new_parent_demands_is_demanded_of_the_type() -> None:
    demanding = {"object_type": {"Company": {"properties": {"label": {"required": True}}}}}
    findings = found({"object_type": {"Typewriter": {"extends": ["Company"]}}}, given=demanding)
    assert rules(findings) == [
        ("OT_PARENT_ADDED", "/object_type/Typewriter/extends"),
        ("PR_ADDED_REQUIRED", "/object_type/Typewriter/properties/companyId"),
        ("PR_ADDED_REQUIRED", "/object_type/Typewriter/properties/label"),
    ]


def test_what_is_new_in_a_parent_is_told_there_and_not_again_where_it_is_inherited() -> None:
    findings = found({"object_type": {"Agent": {"properties": {"tax": {"type": "string", "required": True}}}}})
    assert rules(findings) == [("PR_ADDED_REQUIRED", "/object_type/Agent/properties/tax")]
    assert users(findings[0]) == {"/object_type/Person/properties/tax", "/object_type/Student/properties/tax"}


def test_a_parent_that_goes_takes_its_properties_along() -> None:
    finding = one(person(extends=None))
    assert "'label', 'remark'" in finding.message
    assert users(finding) >= {"/object_type/Person/properties/label", "/object_type/Student"}


def test_a_member_of_an_interface_reaches_implementers_and_their_heirs_even_with_properties_of_their_own() -> None:
    finding = one(contactable(properties={"email": None}))
    assert users(finding) == {"/object_type/Person/properties/email", "/object_type/Student/properties/email"}


def test_an_inherited_interface_reaches_as_far() -> None:
    finding = one({"interface": {"Named": {"properties": {"title": None}}}})
    assert users(finding) == {
        "/interface/Contactable/properties/title",
        "/object_type/Person/properties/title",
        "/object_type/Student/properties/title",
    }


def test_a_value_type_is_told_once_with_every_user() -> None:
    shared = {
        "shared_property": {"mail": {"value_type": "EmailAddress"}},
        "object_type": {"Company": {"properties": {"mail": {"shared_property": "mail"}}}},
        "struct_type": {"Address": {"fields": {"mail": {"value_type": "EmailAddress"}}}},
        "action_type": {"hire": {"parameters": {"mail": {"value_type": "EmailAddress"}}}},
        "link_type": {"employment": {"properties": {"mail": {"value_type": "EmailAddress"}}}},
    }
    finding = one({"value_type": {"EmailAddress": {"constraints": {"max_length": 10}}}}, given=shared)
    assert finding.rule == "VT_LENGTH_TIGHTENED"
    assert users(finding) == {
        "/object_type/Person/properties/email",
        "/object_type/Student/properties/email",
        "/shared_property/mail",
        "/object_type/Company/properties/mail",
        "/struct_type/Address/fields/mail",
        "/object_type/Person/properties/home",
        "/object_type/Student/properties/home",
        "/action_type/hire/parameters/mail",
        "/link_type/employment/properties/mail",
    }


def test_a_shared_property_reaches_every_type_that_has_it() -> None:
    finding = one({"shared_property": {"createdAt": {"type": {"type": "string"}}}})
    assert finding.rule == "SP_TYPE_CHANGED"
    assert users(finding) == {"/object_type/Person/properties/createdAt", "/object_type/Student/properties/createdAt"}


def test_inheritance_in_a_circle_ends() -> None:
    circle = {"object_type": {"Agent": {"extends": ["Student"]}}}
    finding = one({"object_type": {"Agent": {"properties": {"label": None}}}}, given=circle)
    assert users(finding) == {"/object_type/Person/properties/label", "/object_type/Student/properties/label"}


# --- Resolved values ------------------------------------------------------------------------------


def test_a_value_type_that_replaces_what_it_says_is_no_break() -> None:
    finding = one(
        prop("fullName", {"type": None, "constraints": None, "value_type": "FullName"}),
        given={"value_type": {"FullName": {"type": "string", "constraints": {"min_length": 1, "max_length": 200}}}},
    )
    assert (finding.rule, finding.severity) == ("RS_CHANGED", Severity.LOW)


def test_a_value_type_that_says_more_tightens() -> None:
    finding = one(prop("fullName", {"value_type": "EmailAddress", "constraints": {"max_length": 250}}))
    assert finding.rule == "PR_CONSTRAINT_LOOSENED"
    findings = found(prop("birthday", {"type": None, "value_type": "Percentage"}))
    assert rules(findings) == [
        ("PR_CONSTRAINT_TIGHTENED", "/object_type/Person/properties/birthday/constraints/max"),
        ("PR_CONSTRAINT_TIGHTENED", "/object_type/Person/properties/birthday/constraints/min"),
        ("PR_TYPE_INCOMPATIBLE", "/object_type/Person/properties/birthday/type"),
    ]


# --- Names ----------------------------------------------------------------------------------------


def test_what_refers_to_a_renamed_resource_has_not_changed() -> None:
    assert rules(found(renames={"/value_type/EmailAddress": "Email", "/object_type/Agent": "Actor"})) == [
        ("OT_RENAMED", "/object_type/Agent"),
        ("RS_CHANGED", "/value_type/EmailAddress"),
    ]


def test_paths_and_users_are_called_as_they_were() -> None:
    findings = found(
        {"object_type": {"Human": {"properties": {"years": {"type": {"type": "long"}}}}}},
        renames={"/object_type/Person/properties/age": "years", "/object_type/Person": "Human"},
    )
    assert rules(findings) == [
        ("OT_RENAMED", "/object_type/Person"),
        ("PR_RENAMED", "/object_type/Person/properties/age"),
        ("PR_TYPE_WIDENED", "/object_type/Person/properties/age/type"),
    ]


def test_a_key_of_renamed_properties_is_the_same_key() -> None:
    findings = found(
        {
            "object_type": {"Person": {"primary_key": ["id"], "title_property": "name"}},
            "link_type": {"employment": {"foreign_key": "mail"}},
        },
        renames={
            "/object_type/Person/properties/personId": "id",
            "/object_type/Person/properties/fullName": "name",
            "/object_type/Person/properties/email": "mail",
        },
    )
    assert {each.rule for each in findings} == {"PR_RENAMED", "RS_CHANGED"}


def test_types_that_exchange_their_names_are_renamed_and_their_names_reused() -> None:
    findings = found(
        renames={
            "/object_type/Sketch": "Elsewhere",
            "/object_type/Company": "Sketch",
            "/object_type/Elsewhere": "Company",
        }
    )
    assert rules(findings) == [
        ("OT_NAME_REUSED", "/object_type/Company"),
        ("OT_NAME_REUSED", "/object_type/Sketch"),
        ("OT_RENAMED", "/object_type/Company"),
        ("OT_RENAMED", "/object_type/Sketch"),
    ]


def test_properties_that_exchange_their_names_are_renamed_and_their_names_reused() -> None:
    findings = found(
        renames={
            "/object_type/Person/properties/fax": "elsewhere",
            "/object_type/Person/properties/telex": "fax",
            "/object_type/Person/properties/elsewhere": "telex",
        }
    )
    assert [each.rule for each in findings].count("PR_RENAMED") == 2
    assert [each.rule for each in findings].count("PR_NAME_REUSED") == 2


def test_another_link_under_the_name_of_one_that_went_is_one_deleted_and_one_added() -> None:
    friend = {"rid": OTHER_RID, "inverse_of": None}
    findings = found({"link_type": {"friendship": friend}})
    assert rules(findings) == [("LK_ADDED", "/link_type/friendship"), ("LK_DELETED", "/link_type/friendship")]


def test_a_value_of_an_enumeration_under_another_name_says_which() -> None:
    findings = found(renames={"/value_type/Color/constraints/enum/red": "crimson"})
    removed, new = findings
    assert (removed.rule, removed.before, removed.after) == ("VT_ENUM_VALUE_REMOVED", "red", "crimson")
    assert (new.rule, new.path) == ("VT_ENUM_VALUE_ADDED", "/resources/value_type/Color/constraints/enum/crimson")
    assert removed.migration
    assert removed.migration.steps[1].arguments["to"] == {"value": "crimson"}


# --- Statuses -------------------------------------------------------------------------------------

STATUSES = [
    ({}, Severity.HIGH),
    ({"status": "experimental"}, Severity.LOW),
    ({"status": "example"}, Severity.LOW),
    ({"status": "deprecated"}, Severity.HIGH),
    ({"status": "deprecated", "deprecation": {"deadline": "2027-06-01"}}, Severity.HIGH),
    ({"status": "deprecated", "deprecation": {"deadline": "2027-05-31"}}, Severity.LOW),
]


@pytest.mark.parametrize(("status", "severity"), STATUSES)
def test_a_break_is_as_grave_as_its_resource_is_settled(status: Patch, severity: Severity) -> None:
    finding = one(
        {"link_type": {"employment": {"target": {"api_name": "staff"}}}}, given={"link_type": {"employment": status}}
    )
    assert finding.severity is severity
    assert ("counts as low" in finding.message) == (severity is Severity.LOW)


@pytest.mark.parametrize(("status", "severity"), STATUSES)
def test_a_property_that_says_no_status_has_that_of_its_type(status: Patch, severity: Severity) -> None:
    fields = {"object_type": {"Company": {**status, "properties": {"label": {}}}}}
    assert (
        one({"object_type": {"Company": {"properties": {"label": {"unique": True}}}}}, given=fields).severity
        is severity
    )


def test_an_experimental_value_type_that_something_active_uses_is_relied_on() -> None:
    given = {"value_type": {"EmailAddress": {"status": "experimental"}, "Percentage": {"status": "experimental"}}}
    used, unused = {"EmailAddress": {"constraints": {"max_length": 9}}}, {"Percentage": {"constraints": {"max": 9}}}
    assert one({"value_type": used}, given=given).severity is Severity.HIGH
    assert one({"value_type": unused}, given=given).severity is Severity.LOW


def test_a_value_past_its_deadline_goes_without_much_ado() -> None:
    gone = {"status": "deprecated", "deprecation": {"deadline": "2027-05-31"}}
    given = {"value_type": {"Color": {"constraints": {"enum": {"red": gone}}}}}
    finding = one({"value_type": {"Color": {"constraints": {"enum": {"red": None}}}}}, given=given)
    assert (finding.rule, finding.severity) == ("VT_ENUM_VALUE_REMOVED", Severity.LOW)


# --- Enumerations ---------------------------------------------------------------------------------


def test_listing_the_values_of_a_value_type_takes_all_others_away() -> None:
    finding = one({"value_type": {"EmailAddress": {"constraints": {"enum": {"a@b": {}}}}}})
    assert (finding.rule, finding.before, finding.after) == ("VT_ENUM_VALUE_REMOVED", None, ["a@b"])
    assert finding.message == "Only 'a@b' are values of the value type 'EmailAddress'."


def test_listing_them_no_more_lets_readers_meet_any() -> None:
    finding = one({"value_type": {"Color": {"constraints": None}}})
    assert (finding.rule, finding.before, finding.after) == ("VT_ENUM_VALUE_ADDED", ["blue", "red"], None)
    assert finding.message == "Values that are not listed are values of the value type 'Color'."
