"""Whatever single thing changes, the findings are those of its rule and no others."""

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from history.engine.content import Content, ContentInvalid, Key
from ontology.engine.breaking import Severity
from ontology.engine.content import OntologyContent
from ontology.engine.state import Documents
from tests.ontology.breaking_mutations import FAMILIES, Resources, worlds
from tests.ontology.breaking_world import report, stored
from tests.ontology.strategies import NAMES, resources


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_single_change_yields_the_findings_of_its_rule_and_no_other(family: str, data: st.DataObject) -> None:
    world = data.draw(worlds())
    mutation = FAMILIES[family](data.draw, world)
    found = report(stored(mutation.before), stored(mutation.after))
    assert {(each.rule, each.path) for each in found} == mutation.expected


@settings(max_examples=50)
@given(worlds())
def test_a_state_breaks_nothing_of_itself(world: Resources) -> None:
    assert report(stored(world), stored(deepcopy(world))) == []


@settings(max_examples=50)
@given(worlds(), worlds())
def test_between_any_two_states_there_are_findings_for_all_that_differs(one: Resources, other: Resources) -> None:
    before, after = stored(one), stored(other)
    found = report(before, after)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert {tuple(each.path.split("/")[2:4]) for each in found} == changed
    assert all(each.breaks or each.severity is Severity.LOW for each in found)
    assert all(each.message.endswith(".") for each in found)


@st.composite
def arbitrary_states(draw: st.DrawFn) -> Documents:
    """Contents that are well-formed and otherwise anything, references to what is not there and circles included."""
    model = OntologyContent()
    found: dict[Key, Content] = {}
    for kind, content in draw(st.lists(resources(), max_size=5)):
        key = kind, draw(NAMES)
        try:
            found[key] = model.normalise(*key, content, None, lambda _rid: False)
        except ContentInvalid:
            assume(False)
    return Documents(found)


@settings(max_examples=150, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(arbitrary_states(), arbitrary_states())
def test_whatever_the_states_hold_every_difference_is_told(before: Documents, after: Documents) -> None:
    found = report(before, after)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    converted = {key for key in after.keys() - before.keys() if key[0] != "object_type"}
    told = {tuple(each.path.split("/")[2:4]) for each in found}
    assert changed - converted <= told <= changed
