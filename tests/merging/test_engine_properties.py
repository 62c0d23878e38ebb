"""What holds of every merge, over generated states and edits with renames, moves and deletions."""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.engine.json_pointer import pointer
from merging.engine.merge import merge
from merging.engine.result import Conflict, ConflictKind, MergeResult, Strategy
from tests.merging.schema import SCHEMA
from tests.merging.worlds import Leaf, World, edits, leaves, rendered, worlds

ABSENT = "nothing here"


@st.composite
def two_sides(draw: st.DrawFn) -> tuple[World, World, World]:
    base = draw(worlds())
    return base, draw(edits(base)), draw(edits(base))


def merged(base: World, ours: World, theirs: World) -> MergeResult:
    return merge(rendered(base), rendered(ours), rendered(theirs), SCHEMA)


@given(two_sides())
def test_what_one_side_changed_is_taken_exactly(sides: tuple[World, World, World]) -> None:
    base, side, _ = sides
    for result in (merged(base, base, side), merged(base, side, base), merged(base, side, side)):
        assert result.documents == rendered(side)
        assert result.clean


@given(two_sides())
def test_swapped_sides_give_the_same_resources_and_mirrored_conflicts(sides: tuple[World, World, World]) -> None:
    """A mirrored conflict has ours and theirs swapped; its path differs in renamed names at most."""
    base, ours, theirs = sides
    result, swapped = merged(base, ours, theirs), merged(base, theirs, ours)
    assert swapped.resources == result.resources
    mirrored = [Conflict(one.kind, one.path, one.base, one.theirs, one.ours) for one in result.conflicts]
    assert _told(swapped.conflicts) == _told(mirrored)
    if _names(base) | _names(ours) | _names(theirs) == _names(base):
        assert _told(swapped.conflicts, paths=True) == _told(mirrored, paths=True)
        assert swapped.strategies == result.strategies


def _told(conflicts: Any, *, paths: bool = False) -> list[str]:
    return sorted(repr((one.kind, one.path if paths else "", one.base, one.ours, one.theirs)) for one in conflicts)


def _names(world: World) -> set[tuple[str, ...]]:
    """Who has which name."""
    return {(*place[:-1], name) for place, name in leaves(rendered(world)).items() if place[-1] == "api_name"}


@given(two_sides())
def test_the_inputs_are_left_alone_and_the_answer_is_always_the_same(sides: tuple[World, World, World]) -> None:
    documents = [rendered(side) for side in sides]
    before = copy.deepcopy(documents)
    result = merge(*documents, SCHEMA)
    assert documents == before
    reordered = [dict(reversed(side.items())) for side in documents]
    assert merge(*reordered, SCHEMA) == result


@given(two_sides())
def test_merging_the_result_again_changes_nothing(sides: tuple[World, World, World]) -> None:
    base, ours, theirs = map(rendered, sides)
    result = merge(base, ours, theirs, SCHEMA)
    if result.clean:
        assert merge(base, result.documents, result.documents, SCHEMA).documents == result.documents
        assert merge(ours, result.documents, ours, SCHEMA).documents == result.documents


@given(two_sides())
def test_keys_that_no_side_changed_need_not_be_there(sides: tuple[World, World, World]) -> None:
    base, ours, theirs = map(rendered, sides)
    changed = {key for key in {*base, *ours, *theirs} if not base.get(key) == ours.get(key) == theirs.get(key)}
    full = merge(base, ours, theirs, SCHEMA)
    part = merge(*({key: side[key] for key in side if key in changed} for side in (base, ours, theirs)), SCHEMA)
    assert (part.conflicts, part.strategies) == (full.conflicts, full.strategies)
    assert part.resources == {key: content for key, content in full.resources.items() if key in changed}


@settings(max_examples=300)
@given(two_sides())
def test_no_change_is_lost(sides: tuple[World, World, World]) -> None:
    """Of every leaf, by an oracle that knows no rules and no names.

    What both sides changed differently is under a conflict or a strategy. Anything else is as the
    side has it that changed it, unless it is under one.
    """
    result = merged(*sides)
    base, ours, theirs = (leaves(rendered(side)) for side in sides)
    noted = {_covered(settled.strategy, settled.path) for settled in result.strategies}
    noted |= {conflict.path for conflict in result.conflicts}
    found = leaves(result.documents)
    for leaf in base.keys() | ours.keys() | theirs.keys():
        before, left, right = (side.get(leaf, ABSENT) for side in (base, ours, theirs))
        if any(_is_under(path, noted) for path in _paths(leaf, (ours, base, theirs), sides)):
            continue
        assert left == right or before in (left, right), (leaf, before, left, right)
        expected = right if left == before else left
        assert _known(found.get(leaf, ABSENT), found) == _known(expected, found), (leaf, before, left, right)


def _covered(strategy: Strategy, path: str) -> str:
    """Two things that became one have their leaves under one of their rids."""
    return path.removesuffix("/rid") if strategy is Strategy.SMALLER_RID else path


def _paths(leaf: Leaf, labelled: Sequence[dict[Leaf, Any]], sides: Sequence[World]) -> Iterator[str]:
    """Where a leaf is in the document by our names, else the base's, else theirs; a name by each of them.

    A name that two things came to is in conflict at the name, not at either thing.
    """
    rid, *rest = leaf
    kind = next(side[rid].kind for side in sides if rid in side)
    things = _names_of(leaf[:1], labelled)
    members = _names_of(leaf[:3], labelled) if rest[0] == "members" else []
    inner = rest[2:] if members else rest
    for thing in things if rest == ["api_name"] else things[:1]:
        for member in members if inner == ["api_name"] else members[:1]:
            yield pointer("/resources", kind, thing, "members", member, *inner)
        if not members:
            yield pointer("/resources", kind, thing, *inner)


def _names_of(place: Leaf, labelled: Sequence[dict[Leaf, Any]]) -> list[str]:
    return [side[*place, "api_name"] for side in labelled if (*place, "api_name") in side]


def _is_under(path: str, paths: set[str]) -> bool:
    return any(path == above or path.startswith(f"{above}/") for above in paths)


def _known(value: Any, found: dict[Leaf, Any]) -> Any:
    """References to what is not in the result are dangling, whatever they were; but what became one with another is it."""
    if isinstance(value, frozenset):
        return frozenset(_known(rid, found) for rid in value)
    is_thing = isinstance(value, str) and value[:1] in ("r", "n") and len(value) == 2
    if not is_thing or (value, "api_name") in found:
        return value
    return next((leaf[0] for leaf, held in found.items() if leaf[1:] == ("aliases",) and value in held), "?")


@given(two_sides())
def test_no_two_conflicts_share_an_id_and_each_stands_in_its_document(sides: tuple[World, World, World]) -> None:
    result = merged(*sides)
    assert len({conflict.id for conflict in result.conflicts}) == len(result.conflicts)
    for conflict in result.conflicts:
        assert conflict.path.startswith("/resources/")
        assert isinstance(conflict.kind, ConflictKind)
