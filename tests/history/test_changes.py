"""What differs between two trees, resource by resource: what was renamed is told as renamed."""

from collections.abc import Sequence

import pytest

from accounts.models import User
from history.engine.changes import Change, Delete, Put, Rename
from history.models import Branch
from history.selectors import TreeView, resource_changes
from history.services import commit_create

pytestmark = pytest.mark.usefixtures("note_content")


def put(name: str, text: str = "") -> Put:
    return Put("note", name, {"text": text or name})


def rename(name: str, to: str) -> Rename:
    return Rename("note", name, to)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param([put("c")], ["added c"], id="added"),
        pytest.param([Delete("note", "a")], ["removed a"], id="removed"),
        pytest.param([put("a", "new")], ["modified a"], id="modified"),
        pytest.param([rename("a", "c")], ["renamed a to c"], id="renamed"),
        pytest.param([rename("a", "c"), put("c", "new")], ["renamed a to c"], id="renamed and modified"),
        pytest.param([rename("a", "c"), put("a")], ["added a", "renamed a to c"], id="its old name is another's now"),
        pytest.param(
            [Delete("note", "b"), rename("a", "b")], ["renamed a to b", "removed b"], id="its new name was another's"
        ),
        pytest.param(
            [rename("a", "c"), rename("b", "a"), rename("c", "b")],
            ["renamed b to a", "renamed a to b"],
            id="two change names",
        ),
        pytest.param([Delete("note", "a"), Put("tag", "a", {})], ["removed a", "added a"], id="another kind"),
    ],
)
def test_a_resource_is_known_again_by_its_rid(
    alice: User, main: Branch, changes: Sequence[Change], told: list[str]
) -> None:
    before = commit_create(actor=alice, branch=main, changes=[put("a"), put("b")], message="Begin")
    after = commit_create(actor=alice, branch=main, changes=changes, message="Go on")
    found = resource_changes(TreeView(before.root), TreeView(after.root))
    assert [
        f"{each.change} {each.former_name} to {each.api_name}"
        if each.change == "renamed"
        else f"{each.change} {each.api_name}"
        for each in found
    ] == told
    held = TreeView(before.root).everything(), TreeView(after.root).everything()
    assert all(each.before == held[0].get((each.kind, each.former_name)) for each in found if each.before)
    assert all(each.after == held[1].get((each.kind, each.api_name)) for each in found if each.after)
