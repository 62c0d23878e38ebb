"""What one branch changed: the resources by themselves, and field by field."""

from collections.abc import Iterator

from benchmarks.agreement import agree
from benchmarks.git import key_of
from benchmarks.measure import Line, Work, beside, nothing
from benchmarks.scenario import Scenario
from benchmarks.size import Size
from benchmarks.store import forget_nodes
from history.engine.content import Key
from history.selectors import ResourceChange, resource_changes, tree_diff
from ontology.engine.comparison import FieldChange, field_changes


def lines(scenario: Scenario, size: Size) -> Iterator[Line]:
    agree("Resources that differ", differing(scenario), git_differing(scenario))
    raw = Work("git diff --raw", lambda: git_differing(scenario))
    patch = Work("git diff -p", lambda: scenario.git.run("diff", "--no-ext-diff", "-p", "base", "ours"))
    for state, prepare in (("cold", forget_nodes), ("warm", nothing)):
        which = Work(f"which resources differ, {state}", lambda: differing(scenario), prepare)
        what = Work(f"what differs in them, {state}", lambda: fields(scenario), prepare)
        yield beside(which, raw, size.times, aim=1)
        yield beside(what, patch, size.times, aim=1)


def differing(scenario: Scenario) -> set[Key]:
    return {difference.key for difference in tree_diff(scenario.view("base"), scenario.view("ours"))}


def changes(scenario: Scenario) -> list[ResourceChange]:
    return resource_changes(scenario.view("base"), scenario.view("ours"))


def fields(scenario: Scenario) -> list[FieldChange]:
    found = changes(scenario)
    return [field for change in found for field in field_changes(change.kind, change.before, change.after)]


def git_differing(scenario: Scenario) -> set[Key]:
    """By the names alone, as ``tree_diff`` tells them."""
    printed = scenario.git.run("diff", "--no-ext-diff", "--no-renames", "--raw", "-z", "base", "ours")
    return {key_of(path) for path in printed.decode().split("\0")[1::2]}
