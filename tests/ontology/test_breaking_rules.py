"""The findings of each rule, and that no rule is missing."""

import pytest

from ontology.engine.breaking import RULES
from tests.ontology.breaking_cases import CASES, Case, states
from tests.ontology.breaking_world import report

SPECIFIED = """
OT_DELETED OT_PRIMARY_KEY_CHANGED OT_NAME_REUSED
OT_RENAMED OT_INTERFACE_REMOVED OT_PARENT_REMOVED OT_DATASOURCE_REPLACED OT_EDITS_DISABLED
OT_DELETED_BEFORE_DEADLINE OT_KIND_CHANGED
OT_TITLE_CHANGED OT_STATUS_DOWNGRADED OT_DEPRECATED_WITHOUT_REPLACEMENT OT_HIDDEN
OT_ADDED OT_INTERFACE_ADDED OT_PARENT_ADDED OT_DISPLAY_CHANGED
PR_DELETED
PR_RENAMED PR_NAME_REUSED PR_TYPE_INCOMPATIBLE PR_TYPE_NARROWED PR_TYPE_CASTABLE PR_ARRAY_TO_SCALAR
PR_SCALAR_TO_ARRAY PR_BECAME_REQUIRED PR_ADDED_REQUIRED PR_UNIQUE_ADDED PR_CONSTRAINT_TIGHTENED
PR_TYPE_WIDENED PR_BECAME_OPTIONAL PR_ADDED_REQUIRED_WITH_DEFAULT PR_DEFAULT_CHANGED PR_INDEX_REMOVED
PR_SHARED_DETACHED PR_DERIVED_CHANGED PR_MARKING_CHANGED
PR_ADDED_OPTIONAL PR_UNIQUE_REMOVED PR_CONSTRAINT_LOOSENED PR_DISPLAY_CHANGED
VT_DELETED VT_BASE_CHANGED VT_ENUM_VALUE_REMOVED VT_MIN_RAISED VT_MAX_LOWERED VT_LENGTH_TIGHTENED
VT_REGEX_CHANGED VT_FORMAT_ADDED VT_UNIQUE_ITEMS_ADDED
VT_ENUM_VALUE_ADDED
ST_DELETED ST_FIELD_DELETED ST_FIELD_RENAMED ST_FIELD_TYPE_CHANGED
ST_FIELD_ADDED
LK_DELETED
LK_RENAMED LK_SIDE_RENAMED LK_END_CHANGED LK_END_NARROWED LK_MANY_TO_ONE LK_ONE_TO_MANY LK_KEY_CHANGED
LK_BECAME_REQUIRED LK_INVERSE_CHANGED
LK_END_WIDENED
LK_ADDED
IF_DELETED
IF_PROPERTY_REMOVED IF_PROPERTY_TYPE_CHANGED IF_REQUIRED_PROPERTY_ADDED IF_REQUIRED_LINK_ADDED
IF_LINK_CARDINALITY_CHANGED IF_LINK_TARGET_NARROWED IF_EXTENDS_REMOVED
IF_OPTIONAL_ADDED
SP_TYPE_CHANGED
SP_DELETED
AC_DELETED AC_RENAMED AC_PARAMETER_REMOVED AC_PARAMETER_TYPE_CHANGED AC_PARAMETER_BECAME_REQUIRED
AC_REQUIRED_PARAMETER_ADDED AC_ALLOWED_VALUES_NARROWED
AC_RULES_CHANGED AC_CRITERIA_TIGHTENED AC_PERMISSION_TIGHTENED AC_SIDE_EFFECT_CHANGED
AC_OPTIONAL_PARAMETER_ADDED
"""
"""The rules of the specification, in its order."""

UNNAMED = {
    "VT_LOOSENED": "any loosening of a value type is low",
    "IF_RENAMED": "readers ask for an interface by its name",
    "RS_ADDED": "everything that is safe is listed: a resource of a kind that has no rule for it",
    "RS_CHANGED": "everything that is safe is listed: a field that no other rule speaks of",
}
"""What the specification asks for without a name, and why there is a rule."""


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_change_breaks_exactly_what_the_table_says(case: Case) -> None:
    found = report(*states(case))
    expected = [(case.rule, case.severity, f"/resources{case.path}")]
    expected += [(rule, severity, f"/resources{path}") for rule, severity, path in case.also]
    assert sorted((each.rule, each.severity, each.path) for each in found) == sorted(expected)
    assert next(each for each in found if each.rule == case.rule).breaks == case.breaks


def test_the_table_of_rules_is_that_of_the_specification() -> None:
    assert set(RULES) == set(SPECIFIED.split()) | set(UNNAMED)


def test_every_rule_has_a_case_at_each_of_its_severities() -> None:
    tried = {(case.rule, case.severity) for case in CASES}
    assert {(rule.id, severity) for rule in RULES.values() for severity in rule.severities} <= tried
