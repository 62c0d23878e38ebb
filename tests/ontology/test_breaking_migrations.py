"""Migration plans: which findings have one, in which order, and that every step is undone by its reverse.

The plans are carried out symbolically: places have definitions and values that are formulas, so that a
reverse which restores less than all shows.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest

from ontology.engine.breaking import RULES, Finding, Migration, Operation
from ontology.engine.breaking.migration import ARGUMENTS, REVERSES
from tests.ontology.breaking_cases import CASES, Case, states
from tests.ontology.breaking_world import report

PLANNED = {
    *("OT_DELETED", "OT_PRIMARY_KEY_CHANGED", "OT_RENAMED", "OT_INTERFACE_REMOVED", "OT_PARENT_REMOVED"),
    *("OT_DATASOURCE_REPLACED", "OT_DELETED_BEFORE_DEADLINE"),
    *("PR_DELETED", "PR_RENAMED", "PR_TYPE_INCOMPATIBLE", "PR_TYPE_NARROWED", "PR_TYPE_CASTABLE", "PR_TYPE_WIDENED"),
    *("PR_ARRAY_TO_SCALAR", "PR_SCALAR_TO_ARRAY", "PR_BECAME_REQUIRED", "PR_ADDED_REQUIRED", "PR_UNIQUE_ADDED"),
    *("PR_CONSTRAINT_TIGHTENED", "PR_ADDED_REQUIRED_WITH_DEFAULT"),
    *("VT_BASE_CHANGED", "VT_ENUM_VALUE_REMOVED", "VT_MIN_RAISED", "VT_MAX_LOWERED", "VT_LENGTH_TIGHTENED"),
    *("VT_REGEX_CHANGED", "VT_FORMAT_ADDED", "VT_UNIQUE_ITEMS_ADDED"),
    *("ST_DELETED", "ST_FIELD_DELETED", "ST_FIELD_RENAMED", "ST_FIELD_TYPE_CHANGED"),
    *("LK_DELETED", "LK_RENAMED", "LK_SIDE_RENAMED", "LK_END_CHANGED", "LK_END_NARROWED", "LK_MANY_TO_ONE"),
    *("LK_ONE_TO_MANY", "LK_KEY_CHANGED", "LK_BECAME_REQUIRED"),
    *("IF_DELETED", "IF_RENAMED", "IF_PROPERTY_REMOVED", "IF_PROPERTY_TYPE_CHANGED", "IF_REQUIRED_PROPERTY_ADDED"),
    *("IF_REQUIRED_LINK_ADDED", "IF_LINK_CARDINALITY_CHANGED", "IF_LINK_TARGET_NARROWED", "IF_EXTENDS_REMOVED"),
    *("SP_TYPE_CHANGED", "AC_DELETED", "AC_RENAMED", "AC_PARAMETER_REMOVED", "AC_PARAMETER_TYPE_CHANGED"),
    *("AC_PARAMETER_BECAME_REQUIRED", "AC_REQUIRED_PARAMETER_ADDED"),
}
"""The rules whose findings tell how to get there safely."""

Arguments = Mapping[str, Any]


# --- Carrying out ---------------------------------------------------------------------------------


@dataclass
class Store:
    """What there is at each place; a place that nobody has touched is there with a value of its own."""

    values: dict[str, Any] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    deprecated: set[str] = field(default_factory=set)
    names: dict[str, Any] = field(default_factory=dict)
    aliases: set[tuple[str, Any]] = field(default_factory=set)
    limits: dict[tuple[str, str], str] = field(default_factory=dict)
    doubled: set[tuple[str, str]] = field(default_factory=set)

    def carry_out(self, operation: Operation, arguments: Arguments) -> None:
        assert arguments.keys() == ARGUMENTS[operation]
        at = arguments.get("at", "")
        if "from" in arguments and not at:
            CARRIED_OUT[operation](self, arguments["from"], arguments)
        else:
            CARRIED_OUT[operation](self, at, arguments)


def toggle(name: str, *, on: bool, key: Callable[[str, Arguments], Any] = lambda at, _: at) -> Any:
    def carry_out(store: Store, at: str, arguments: Arguments) -> None:
        found = getattr(store, name)
        assert (key(at, arguments) in found) != on
        (found.add if on else found.remove)(key(at, arguments))

    return carry_out


def wrap(tag: str, *names: str) -> Any:
    def carry_out(store: Store, at: str, arguments: Arguments) -> None:
        store.values[at] = (tag, store.values.get(at, "original"), repr([arguments[name] for name in names]))

    return carry_out


def unwrap(tag: str, *names: str) -> Any:
    def carry_out(store: Store, at: str, arguments: Arguments) -> None:
        found, value, rest = store.values[at]
        assert (found, rest) == (tag, repr([arguments[name] for name in names]))
        put(store, at, value)

    return carry_out


def put(store: Store, at: str, value: Any) -> None:
    if value == "original":
        store.values.pop(at, None)
    else:
        store.values[at] = value


def add(store: Store, at: str, _arguments: Arguments) -> None:
    assert at not in store.values
    store.values[at] = "empty"


def remove(store: Store, at: str, _arguments: Arguments) -> None:
    assert store.values.pop(at) == "empty"


def rename(store: Store, at: str, arguments: Arguments) -> None:
    assert store.names.get(at, arguments["from"]) == arguments["from"]
    store.names[at] = arguments["to"]
    store.aliases.add((at, arguments["from"]))


def rename_back(store: Store, at: str, arguments: Arguments) -> None:
    assert store.names.pop(at) == arguments["from"]
    store.aliases.remove((at, arguments["to"]))


def split(store: Store, at: str, arguments: Arguments) -> None:
    for part, by in zip(arguments["into"], arguments["by"], strict=True):
        assert store.values[part] == "empty"
        store.values[part] = ("part", at, repr(by))


def join(store: Store, at: str, arguments: Arguments) -> None:
    for part, by in zip(arguments["into"], arguments["by"], strict=True):
        assert store.values[part] == ("part", at, repr(by))
        store.values[part] = "empty"


def switch(store: Store, at: str, arguments: Arguments) -> None:
    first, second = (store.values.get(place, "original") for place in (at, arguments["to"]))
    put(store, at, second)
    put(store, arguments["to"], first)


def copy(store: Store, at: str, arguments: Arguments) -> None:
    assert arguments["to"] not in store.values
    store.values[arguments["to"]] = ("copy", deepcopy(store.values.get(at, "original")))


def discard(store: Store, at: str, arguments: Arguments) -> None:
    assert store.values.pop(arguments["to"]) == ("copy", store.values.get(at, "original"))


def drop(store: Store, at: str, arguments: Arguments) -> None:
    assert store.values[arguments["copy"]] == ("copy", store.values.get(at, "original")), "What is lost has no copy."
    store.values[at] = "dropped"


def restore(store: Store, at: str, arguments: Arguments) -> None:
    assert store.values[at] == "dropped"
    put(store, at, store.values[arguments["copy"]][1])


def limit(store: Store, at: str, arguments: Arguments) -> None:
    key = at, arguments["aspect"]
    assert store.limits.pop(key, repr(arguments["from"])) == repr(arguments["from"])
    store.limits[key] = repr(arguments["to"])


def pair(at: str, arguments: Arguments) -> tuple[str, str]:
    return at, arguments["to"]


CARRIED_OUT: Mapping[Operation, Callable[[Store, str, Arguments], None]] = {
    Operation.DEPRECATE: toggle("deprecated", on=True),
    Operation.REINSTATE: toggle("deprecated", on=False),
    Operation.RENAME_WITH_ALIAS: rename,
    Operation.RENAME_BACK: rename_back,
    Operation.DROP_ALIAS: toggle("aliases", on=False, key=lambda at, arguments: (at, arguments["alias"])),
    Operation.ADD_ALIAS: toggle("aliases", on=True, key=lambda at, arguments: (at, arguments["alias"])),
    Operation.ADD_NULLABLE: add,
    Operation.REMOVE_ADDED: remove,
    Operation.MAKE_REQUIRED: toggle("required", on=True),
    Operation.MAKE_NULLABLE: toggle("required", on=False),
    Operation.BACKFILL: wrap("filled", "by"),
    Operation.CLEAR_BACKFILLED: unwrap("filled", "by"),
    Operation.CAST: wrap("cast"),
    Operation.CAST_BACK: unwrap("cast"),
    Operation.MAP_VALUES: wrap("mapped", "from", "to"),
    Operation.UNMAP_VALUES: unwrap("mapped", "from", "to"),
    Operation.SPLIT: split,
    Operation.JOIN: join,
    Operation.DUAL_WRITE: toggle("doubled", on=True, key=pair),
    Operation.SINGLE_WRITE: toggle("doubled", on=False, key=pair),
    Operation.SWITCH: switch,
    Operation.COPY: copy,
    Operation.DISCARD_COPY: discard,
    Operation.DROP: drop,
    Operation.RESTORE: restore,
    Operation.CONSTRAIN: limit,
    Operation.UNCONSTRAIN: limit,
}


# --- Tests ----------------------------------------------------------------------------------------


def planned(case: Case) -> list[tuple[Finding, Migration]]:
    return [(each, each.migration) for each in report(*states(case)) if each.migration]


MIGRATIONS = [(f"{each.rule} {each.path}", migration) for case in CASES for each, migration in planned(case)]


def begun(migration: Migration) -> Store:
    """A store in which what the plan relaxes first was demanded, and every limit was what the plan says."""
    store = Store()
    for step in migration.steps:
        at = step.arguments.get("at", "")
        if step.operation is Operation.MAKE_NULLABLE:
            store.required.add(at)
        if step.operation in {Operation.CONSTRAIN, Operation.UNCONSTRAIN}:
            store.limits.setdefault((at, step.arguments["aspect"]), repr(step.arguments["from"]))
    return store


@pytest.mark.parametrize("migration", [each for _, each in MIGRATIONS], ids=[name for name, _ in MIGRATIONS])
def test_every_step_is_undone_by_its_reverse(migration: Migration) -> None:
    store = begun(migration)
    initial = deepcopy(store)
    for step in migration.steps:
        before = deepcopy(store)
        store.carry_out(step.operation, step.arguments)
        assert store != before, "A step does something."
        tried = deepcopy(store)
        tried.carry_out(step.reverse.operation, step.reverse.arguments)
        assert tried == before
    for step in reversed(migration.steps):
        store.carry_out(step.reverse.operation, step.reverse.arguments)
    assert store == initial


@pytest.mark.parametrize("migration", [each for _, each in MIGRATIONS], ids=[name for name, _ in MIGRATIONS])
def test_a_plan_in_words_says_every_step_and_how_it_is_undone(migration: Migration) -> None:
    for step in migration.steps:
        assert step.words.endswith(".")
        assert step.reverse.words.endswith(".")
        assert all(need.endswith(".") for need in step.needs)


def test_the_findings_that_have_a_way_to_get_there_tell_it() -> None:
    found = {each.rule for case in CASES for each, _ in planned(case)}
    assert found == PLANNED
    assert found <= RULES.keys()


def test_every_operation_has_a_reverse_whose_reverse_it_is() -> None:
    assert all(REVERSES[REVERSES[operation]] is operation for operation in Operation)
    assert ARGUMENTS.keys() == set(Operation) == CARRIED_OUT.keys()


def steps_of(rule: str) -> list[str]:
    case = next(case for case in CASES if case.rule == rule)
    return [step.operation for finding, migration in planned(case) if finding.rule == rule for step in migration.steps]


@pytest.mark.parametrize(
    ("rule", "steps"),
    [
        ("PR_RENAMED", "rename_with_alias drop_alias"),
        ("PR_TYPE_WIDENED", "cast"),
        ("PR_TYPE_CASTABLE", "add_nullable dual_write backfill switch single_write copy drop"),
        ("PR_ARRAY_TO_SCALAR", "add_nullable add_nullable dual_write split switch single_write copy drop"),
        ("PR_BECAME_REQUIRED", "backfill make_required"),
        ("PR_ADDED_REQUIRED", "add_nullable backfill make_required"),
        ("PR_DELETED", "deprecate copy drop"),
        ("VT_ENUM_VALUE_REMOVED", "deprecate map_values copy drop"),
        ("LK_MANY_TO_ONE", "copy map_values constrain"),
        ("OT_PRIMARY_KEY_CHANGED", "add_nullable dual_write backfill switch single_write copy drop"),
    ],
)
def test_the_steps_come_in_the_order_in_which_they_are_safe(rule: str, steps: str) -> None:
    assert steps_of(rule) == steps.split()


def test_a_property_that_must_have_a_value_is_made_nullable_before_it_is_dropped() -> None:
    case = next(case for case in CASES if case.rule == "PR_DELETED" and case.given)
    (_, migration), *_ = planned(case)
    assert [step.operation for step in migration.steps] == ["make_nullable", "copy", "drop"]
