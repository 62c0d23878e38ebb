"""What trees that are looked at together read, and what of drafts they find."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from history.engine.changes import Change, Put
from history.models import Branch
from history.selectors import TreeView, tree_draft
from history.services import commit_create

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("note_content")]

A, B, C = (("note", name) for name in ("a", "b", "c"))


def note(name: str, *see: str) -> Put:
    return Put("note", name, {"see": list(see)})


def tree(alice: User, branch: Branch, *changes: Change) -> TreeView:
    return TreeView(commit_create(actor=alice, branch=branch, changes=changes, message="Edit").root)


def queries(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as found:
        act()
    return len(found)


def test_trees_that_are_looked_at_together_read_every_row_once(alice: User, main: Branch) -> None:
    first = tree(alice, main, note("a"), note("A"), note("b", "a"), Put("tag", "t", {"see": ["a"]}))
    second = first.at(tree(alice, main, note("c", "b")).root)

    def look(view: TreeView) -> tuple[Any, ...]:
        found = [view.referrers([A, B], kinds) for kinds in ((), ("note",), ("tag",))]
        return view.contents([A, B]), found, view.namesakes([A, C]), view.rows.identities(view.digests([A]).values())

    seen = look(first)
    assert seen[1:3] == (
        [{A: {B, ("tag", "t")}}, {A: {B}}, {A: {("tag", "t")}}],
        {A: {("note", "A")}},
    )
    assert queries(lambda: look(second)) == 0
    assert look(second)[1] == [{A: {B, ("tag", "t")}, B: {C}}, {A: {B}, B: {C}}, {A: {("tag", "t")}}]


def test_what_was_read_of_some_kinds_is_read_again_of_others(alice: User, main: Branch) -> None:
    view = tree(alice, main, note("a"), note("b", "a"), Put("tag", "t", {"see": ["a"]}))
    assert view.referrers([A], ("tag",)) == {A: {("tag", "t")}}
    assert view.referrers([A], ("note",)) == {A: {B}}
    assert queries(lambda: view.referrers([A], ("note", "tag"))) == 0
    assert view.referrers([A]) == {A: {B, ("tag", "t")}}


def test_a_draft_that_is_held_is_read_like_what_is_written(alice: User, main: Branch) -> None:
    before = tree(alice, main, note("a"))
    assert before.referrers([A]) == {}
    content = {"rid": "00000000-0000-0000-0000-000000000001", "see": ["a"]}
    drafted = tree_draft(before, {B: content, ("note", "A"): {**content, "see": []}}).held()
    assert drafted.contents([B]) == {B: content}
    assert drafted.referrers([A]) == drafted.referrers([A], ("note",)) == {A: {B}}
    assert drafted.namesakes([A]) == {A: {("note", "A")}}
    assert drafted.holders([content["rid"]]) == {content["rid"]: {B, ("note", "A")}}
    assert drafted.rows.identities(drafted.digests([B]).values()).popitem()[1] == content["rid"]
    assert before.referrers([A]) == {}
