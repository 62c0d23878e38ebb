"""Our report and graphql-core's, on the same states: what both can see, both tell."""

from dataclasses import replace
from typing import Any

import pytest
from graphql.utilities import find_breaking_changes

from benchmarks.evolution import evolution, evolved, stored
from benchmarks.graphql_core import as_read, breaking_types, compared, deletions, peer_removals, schema
from benchmarks.growth import report

PROPERTIES: dict[str, Any] = {"id": {"type": "string", "required": True}, "weight": {"type": "integer"}}


def types(**patches: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """A crate and a box, which is one; with other fields where ``patches`` say so."""
    crate = {"status": "active", "primary_key": ["id"], "properties": PROPERTIES}
    box = {"status": "active", "extends": ["Crate"], "properties": {"label": {"type": "string"}}}
    made = {"Crate": crate, "Box": box}
    return stored({("object_type", name): {**content, **patches.get(name, {})} for name, content in made.items()})


DELETED = {"Crate": {"properties": {"id": PROPERTIES["id"]}}}
CHANGED = {"Box": {"properties": {"label": {"type": "boolean"}}}}
ORPHANED: dict[str, dict[str, Any]] = {"Box": {"extends": []}}


@pytest.mark.parametrize(
    ("patches", "rule", "users", "told"),
    [
        (
            DELETED,
            "PR_DELETED",
            ("/resources/object_type/Box/properties/weight",),
            {f"Field {name}.weight was removed." for name in ("AnyCrate", "Box", "Crate")},
        ),
        (
            CHANGED,
            "PR_TYPE_CASTABLE",
            (),
            {"Field Box.label changed type from String to Boolean."},
        ),
        (
            ORPHANED,
            "OT_PARENT_REMOVED",
            ("/resources/object_type/Box/properties/id", "/resources/object_type/Box/properties/weight"),
            {
                "Box no longer implements interface AnyCrate.",
                "Field Box.id was removed.",
                "Field Box.weight was removed.",
            },
        ),
    ],
    ids=["a property that is gone", "another type", "a parent that is gone"],
)
def test_both_tell_what_breaks(patches: dict[str, Any], rule: str, users: tuple[str, ...], told: set[str]) -> None:
    of = evolved(2, types(), types(**patches))

    assert [(found.rule, found.users) for found in report(of) if found.breaks] == [(rule, users)]
    assert {change.description for change in find_breaking_changes(schema(of.before), schema(of.after))} >= told


def test_what_nobody_reads_otherwise_is_told_by_neither() -> None:
    of = evolved(2, types(), types(Box={"description": "A box."}))

    assert [found.rule for found in report(of) if found.breaks] == []
    assert find_breaking_changes(schema(of.before), schema(of.after)) == []


def test_fields_that_are_gone_are_told_of_types_that_we_say_break() -> None:
    of = evolution(100, 40)
    ours, peer = report(of), find_breaking_changes(schema(of.before), schema(of.after))
    removed = peer_removals(of.before, peer)

    assert removed
    assert {name for name, _ in removed} <= breaking_types(ours)
    assert deletions(ours)
    assert deletions(ours) <= removed


def test_what_differs_is_found_as_it_was_made() -> None:
    of = evolution(100, 40)

    assert compared(replace(of, after=as_read(of.after), changes=[])) == report(of) != []
