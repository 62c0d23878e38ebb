"""Merging again what was merged and taken back: nothing comes back or is lost in silence."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from history.models import Commit, Repository
from merging.exceptions import MainlineInvalid, MergeConflicted
from merging.models import Revert
from merging.selectors import reverts as reverts_module
from merging.services import Method, Way
from tests.merging.branches import branch, contents, crm_of, edit, head, merged, picked, preview, put, reverted, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm(alice: User) -> Repository:
    """Main has a commit of its own, and topic one that adds pets."""
    repository = crm_of(alice)
    edit(repository, "main", put("Plant"))
    edit(repository, "topic", put("Pet"), message="Pets")
    return repository


def warned(preview_or_merge: Any) -> list[tuple[Commit, Commit, bool]]:
    return [(each.commit, each.by, each.returns) for each in preview_or_merge.reverted]


@pytest.fixture
def taken_back(crm: Repository) -> tuple[Commit, Commit]:
    """The merge of topic into main, and its revert."""
    made = merged(crm).commit
    return made, reverted(crm, made, mainline=1).commit


def test_a_merge_is_reverted_against_a_parent_that_is_named(crm: Repository) -> None:
    made = merged(crm).commit
    with pytest.raises(MainlineInvalid):
        reverted(crm, made)
    reverted(crm, made, mainline=2)  # what main brought to topic
    assert contents(crm).keys() == {"Person", "Company", "Pet"}


def test_the_same_branch_merged_again_brings_nothing_back_and_says_so(
    crm: Repository, taken_back: tuple[Commit, Commit]
) -> None:
    assert contents(crm).keys() == {"Person", "Company", "Plant"}
    for seen in (preview(crm), merged(crm), preview(crm, way=Way.MERGE)):
        assert (seen.method, warned(seen)) == (Method.UP_TO_DATE, [(*taken_back, False)])


def test_what_came_to_the_branch_since_lands_and_what_was_taken_back_stays_so(
    crm: Repository, taken_back: tuple[Commit, Commit]
) -> None:
    edit(crm, "topic", put("Bird"))
    seen = preview(crm)
    assert ([change.api_name for change in seen.changes], warned(seen)) == (["Bird"], [(*taken_back, False)])
    assert warned(merged(crm)) == [(*taken_back, False)]
    assert contents(crm).keys() == {"Person", "Company", "Plant", "Bird"}


def test_a_change_of_what_was_taken_back_is_a_conflict(crm: Repository, taken_back: tuple[Commit, Commit]) -> None:
    edit(crm, "topic", put("Pet", icon="paw"))
    with pytest.raises(MergeConflicted) as refused:
        merged(crm)
    assert told(refused.value) == [("modify_delete", "/object_type/Pet")]


def test_a_revert_of_the_revert_brings_it_back_and_then_all_is_as_before(
    crm: Repository, taken_back: tuple[Commit, Commit]
) -> None:
    again = reverted(crm, taken_back[1]).commit
    assert again.root == taken_back[0].root
    edit(crm, "topic", put("Pet", icon="paw"))
    assert warned(preview(crm)) == []
    merged(crm)
    assert contents(crm)["Pet"]["icon"] == "paw"


def test_a_third_revert_has_the_first_hold_again(crm: Repository, taken_back: tuple[Commit, Commit]) -> None:
    reverted(crm, reverted(crm, taken_back[1]).commit)
    edit(crm, "topic", put("Bird"))
    assert warned(preview(crm)) == [(*taken_back, False)]


def test_where_the_branch_took_the_revert_over_there_is_nothing_to_say(
    crm: Repository, taken_back: tuple[Commit, Commit]
) -> None:
    merged(crm, "main", "topic")
    edit(crm, "topic", put("Bird"))
    assert warned(preview(crm)) == []


def test_a_revert_on_a_third_branch_does_not_matter(crm: Repository) -> None:
    made = merged(crm).commit
    branch(crm, "release")
    reverted(crm, made, "release", mainline=1)
    edit(crm, "topic", put("Bird"))
    assert warned(preview(crm)) == []
    assert [commit for commit, _, _ in warned(preview(crm, target="release"))] == [made]


def test_a_revert_counts_where_it_was_picked_and_where_it_was_merged(crm: Repository) -> None:
    made = merged(crm).commit
    branch(crm, "picks")
    branch(crm, "merges")
    branch(crm, "fix")
    by = reverted(crm, made, "fix", mainline=1).commit
    edit(crm, "topic", put("Bird"))
    anew = picked(crm, by, "picks").commit
    assert warned(preview(crm, target="picks")) == [(made, anew, False)]
    edit(crm, "merges", put("Stone"))
    merged(crm, "fix", "merges")
    assert warned(preview(crm, target="merges")) == [(made, by, False)]


def test_a_commit_of_the_branch_that_was_taken_back_by_itself_is_told_too(crm: Repository) -> None:
    pets = head(crm, "topic")
    merged(crm)
    by = reverted(crm, pets).commit
    edit(crm, "topic", put("Bird"))
    assert warned(preview(crm)) == [(pets, by, False)]


@pytest.mark.parametrize("way", [Way.SQUASH, Way.REBASE, "pick"])
def test_what_came_anew_and_was_taken_back_is_brought_back_by_a_merge_which_says_so(
    crm: Repository, way: Way | str
) -> None:
    """The histories did not join, so the branch's own commits are new to the target: as in git they come."""
    pets = head(crm, "topic")
    anew = picked(crm, pets).commit if way == "pick" else merged(crm, way=Way(way)).commit
    by = reverted(crm, anew).commit
    assert "Pet" not in contents(crm)
    edit(crm, "topic", put("Bird"))
    assert warned(preview(crm)) == [(anew, by, True)]
    assert warned(merged(crm)) == [(anew, by, True)]
    assert "Pet" in contents(crm)
    assert warned(preview(crm)) == [(anew, by, False)]


def test_a_revert_within_the_branch_is_part_of_it(crm: Repository) -> None:
    """Squashed or rebased it takes back nothing of the target's."""
    by = reverted(crm, head(crm, "topic"), "topic").commit
    edit(crm, "topic", put("Bird"))
    branch(crm, "rebased")
    merged(crm, target="rebased", way=Way.REBASE)
    assert warned(preview(crm, target="rebased")) == []
    merged(crm, way=Way.SQUASH)
    assert [row.commit for row in Revert.objects.filter(commit=head(crm))] == []
    assert Revert.objects.filter(reverted=by).count() == 0
    assert contents(crm).keys() == {"Person", "Company", "Plant", "Bird"}


def test_a_squash_of_a_revert_is_one(crm: Repository) -> None:
    made = merged(crm).commit
    branch(crm, "fix")
    reverted(crm, made, "fix", mainline=1)
    edit(crm, "main", put("Stone"))
    squashed = merged(crm, "fix", way=Way.SQUASH).commit
    edit(crm, "topic", put("Bird"))
    assert warned(preview(crm)) == [(made, squashed, False)]


def test_many_reverts_cost_no_more_questions_than_few(crm: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for many in (2, 12):
        for _ in range(many):
            reverted(crm, edit(crm, "main", put("Stone")))
        with CaptureQueriesContext(connection) as queries:
            assert warned(preview(crm)) == []
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 4
    made = merged(crm).commit
    reverted(crm, made, mainline=1)
    assert warned(preview(crm)) != []
    monkeypatch.setattr(reverts_module, "LATEST", 0)
    assert warned(preview(crm)) == []
