"""A merge costs what changed, and no input makes it cost much more."""

import copy
import time
from typing import Any

from history.engine.content import Content, Key
from merging.engine.merge import merge
from tests.merging.schema import SCHEMA

Documents = dict[Key, Content]


def thing(number: int, **fields: Any) -> Content:
    members = {
        f"p{place}": {"rid": f"{number}-{place}", "type": "string", "note": "A property."} for place in range(10)
    }
    return {"rid": f"r{number:05}", "note": f"The {number}th thing.", "members": members, **fields}


def seconds(base: Documents, ours: Documents, theirs: Documents) -> float:
    started = time.process_time()
    merge(base, ours, theirs, SCHEMA)
    return time.process_time() - started


def test_a_hundred_changes_on_each_side_merge_in_milliseconds() -> None:
    base = {("thing", f"T{number}"): thing(number) for number in range(180)}
    ours, theirs = copy.deepcopy(base), copy.deepcopy(base)
    for number in range(100):
        ours["thing", f"T{number}"]["label"] = "ours"
    for number in range(80, 180):
        theirs["thing", f"T{number}"]["label"] = "theirs"
    assert len(merge(base, ours, theirs, SCHEMA).conflicts) == 20
    assert min(seconds(base, ours, theirs) for _ in range(3)) < 0.1


def test_a_chain_of_renames_that_runs_into_a_conflict_unwinds_in_linear_time() -> None:
    """Everything moves up by one name on our side, and their side adds the name at the end."""
    count = 5_000
    contents = [{"rid": f"r{number:05}"} for number in range(count)]
    base = {("thing", f"T{number}"): content for number, content in enumerate(contents)}
    ours = {("thing", f"T{number + 1}"): content for number, content in enumerate(contents)}
    theirs = base | {("thing", f"T{count}"): {"rid": "new"}}
    result = merge(base, ours, theirs, SCHEMA)
    assert result.documents == base
    assert len(result.conflicts) == count
    assert seconds(base, ours, theirs) < 2


class Counted(dict[str, int]):
    """An item that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        type(self).compared += 1
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]  # as a dict


def test_offering_everything_that_either_side_has_in_a_list_looks_at_each_item_once() -> None:
    count = 1_000
    base, ours, theirs = (
        {("thing", "T"): {"rid": "t", "steps": [Counted(step=number) for number in numbers]}}
        for numbers in ([-1], range(count), range(count, 2 * count))
    )
    (conflict,) = merge(base, ours, theirs, SCHEMA).conflicts
    assert "union" in conflict.offers
    assert Counted.compared < 10 * count
