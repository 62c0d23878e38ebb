"""Consumers that say what they read and write: which findings break them, and which break nobody."""

import pytest

from ontology.engine.breaking import Finding, Mode, Severity, Usage, with_usage
from tests.ontology.breaking_cases import Patch, agent, contactable, hire, link, parameter, person, prop
from tests.ontology.breaking_world import WORLD, changed, report, stored


def found(patch: Patch, **renames: str) -> list[Finding]:
    before = stored(WORLD)
    return report(before, changed(before, patch, renames))


def reads(type_: str, property_: str = "", *, kind: str = "object_type", by: str = "billing") -> Usage:
    return Usage(by, kind, type_, property_, Mode.READS)


def writes(type_: str, property_: str = "", *, kind: str = "object_type", by: str = "intake") -> Usage:
    return Usage(by, kind, type_, property_, Mode.WRITES)


ELSEWHERE = reads("Nowhere", by="somebody")


def broken(patch: Patch, *usages: Usage) -> list[tuple[str, ...]]:
    return [each.consumers for each in with_usage(found(patch), [ELSEWHERE, *usages])]


def test_a_finding_lists_the_consumers_that_it_breaks() -> None:
    patch = prop("nicknames", None)
    assert broken(patch, reads("Person", "nicknames"), writes("Person", "nicknames")) == [("billing", "intake")]
    assert broken(patch, reads("Person")) == [("billing",)]
    assert broken(patch, reads("Person", "age"), reads("Company", "nicknames")) == [()]


def test_readers_are_broken_by_what_breaks_readers_and_writers_by_what_breaks_writers() -> None:
    narrowed, widened = prop("age", {"type": {"type": "short"}}), prop("age", {"type": {"type": "long"}})
    assert broken(narrowed, reads("Person", "age"), writes("Person", "age")) == [("intake",)]
    assert broken(widened, reads("Person", "age"), writes("Person", "age")) == [("billing",)]


def test_a_change_of_a_type_breaks_whoever_uses_any_of_its_properties() -> None:
    assert broken(person(datasource={"table": "other"}), reads("Person", "age")) == [("billing",)]


def test_a_consumer_of_an_heir_is_broken_by_a_change_of_the_parent() -> None:
    patch = agent(properties={"label": None})
    assert broken(patch, reads("Student", "label")) == [("billing",)]
    assert broken(patch, reads("Student", "school")) == [()]


def test_a_consumer_of_a_property_is_broken_by_a_change_of_its_value_type() -> None:
    patch = {"value_type": {"EmailAddress": {"constraints": {"max_length": 9}}}}
    assert broken(patch, writes("Person", "email"), reads("Person", "email")) == [("intake",)]


def test_a_consumer_of_a_parent_is_broken_by_a_type_that_leaves() -> None:
    assert broken(person(extends=None), reads("Agent", "label")) == [("billing",)]
    assert broken(person(implements=None), reads("Contactable", kind="interface")) == [("billing",)]
    assert broken(contactable(extends=None), reads("Named", kind="interface")) == [("billing",)]


def test_links_and_actions_are_used_too() -> None:
    assert broken(link("employment", required=True), writes("employment", kind="link_type")) == [("intake",)]
    assert broken(hire(side_effects=[]), writes("hire", "grade", kind="action_type")) == [("intake",)]
    assert broken(parameter("note", None), writes("hire", "note", kind="action_type")) == [("intake",)]


def test_a_consumer_is_found_by_the_name_that_it_knows() -> None:
    before = stored(WORLD)
    after = changed(before, {}, {"/object_type/Person": "Human"})
    (finding,) = with_usage(report(before, after), [reads("Person", "age")])
    assert finding.consumers == ("billing",)


FALLS = [
    (prop("nicknames", None), Severity.CRITICAL, Severity.HIGH),
    (prop("age", {"type": {"type": "short"}}), Severity.HIGH, Severity.MEDIUM),
    (prop("age", {"type": {"type": "long"}}), Severity.MEDIUM, Severity.LOW),
]


@pytest.mark.parametrize(("patch", "before", "after"), FALLS)
def test_what_breaks_no_consumer_falls_one_level_and_says_so(patch: Patch, before: Severity, after: Severity) -> None:
    (finding,) = found(patch)
    (fallen,) = with_usage([finding], [ELSEWHERE])
    assert (finding.severity, fallen.severity) == (before, after)
    assert (finding.own_severity, fallen.own_severity) == (before, before)
    assert fallen.message == f"{finding.message} No registered consumer is affected, so it counts one level less."


def test_what_breaks_a_consumer_stays_as_grave() -> None:
    (finding,) = with_usage(found(prop("nicknames", None)), [reads("Person", "nicknames")])
    assert finding.severity is Severity.CRITICAL


def test_what_is_low_stays_low_and_says_nothing() -> None:
    findings = found(prop("age", {"display_name": "Age"}))
    assert with_usage(findings, [ELSEWHERE]) == findings


def test_what_breaks_stored_data_alone_stays_since_no_consumer_speaks_for_it() -> None:
    findings = found(link("employment", cardinality="one_to_one"))
    assert with_usage(findings, [ELSEWHERE]) == findings


def test_where_nobody_registered_anything_nothing_is_known() -> None:
    findings = found(prop("nicknames", None))
    assert with_usage(findings, []) == findings
