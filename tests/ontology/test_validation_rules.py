"""Every rule of validation, case by case."""

import pytest

from gateway.engine.json_pointer import pointer
from ontology.engine.state import Documents
from ontology.engine.validation import RULES, validate, with_severities
from tests.ontology.validation_cases import CASES, Case, Resources, holding, stored, types, valued


def violations(resources: Resources) -> list[tuple[str, str, str]]:
    """(rule, severity, pointer into the document) of all that the document breaks."""
    contents = stored(resources)
    found = validate(Documents(contents), contents)
    return [(each.rule, each.severity, pointer("/resources", *key) + each.path) for key, each in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_breaks_a_rule_breaks_it_there_and_no_other(case: Case) -> None:
    assert sorted(violations(case.bad)) == sorted((case.rule, case.severity, place) for place in case.places)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_its_neighbour_breaks_nothing(case: Case) -> None:
    assert violations(case.good) == []


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == RULES.keys()
    assert len({case.id for case in CASES}) == len(CASES)


def test_violations_are_sentences() -> None:
    for case in CASES:
        contents = stored(case.bad)
        for _, found in validate(Documents(contents), contents):
            assert found.message[0].isupper() or not found.message[0].isalpha()
            assert found.message.endswith(".")


def test_the_rules_that_are_warnings_alone_can_be_moved() -> None:
    assert {rule.id for rule in RULES.values() if rule.movable} == {
        "STATUS_INCONSISTENT",
        "NAME_RESERVED",
        "NAMING_CONVENTION",
        "ENUM_EMPTY",
    }


def test_a_rule_weighs_what_it_is_set_to() -> None:
    contents = stored(valued("string", enum={}) | types(object={"properties": {}}))
    state = Documents(contents)
    moved = with_severities({"ENUM_EMPTY": "error", "NAME_RESERVED": "off", "STRUCT_EMPTY": "off", "GONE": "error"})
    found = {(each.rule, each.severity) for _, each in validate(state, contents, moved)}
    assert found == {("ENUM_EMPTY", "error"), ("NAMING_CONVENTION", "warning")}
    assert "STRUCT_EMPTY" in moved


def test_a_pattern_that_would_backtrack_for_ever_takes_linear_time() -> None:
    default = "a" * 100_000 + "!"
    contents = stored(holding(type="string", default=default, constraints={"pattern": "^(a+)+$"}))
    found = validate(Documents(contents), contents)
    assert [each.rule for _, each in found] == ["DEFAULT_VIOLATES_TYPE"]
