"""Merges of branches whose histories criss-cross, so that they have several bases: nothing done since is lost."""

import pytest

from history.engine.changes import Delete, Rename
from history.models import Repository
from merging.selectors.ancestry import ancestry_of
from merging.services import Way
from tests.merging.branches import branch, contents, decide, edit, found, merged, preview, put

pytestmark = pytest.mark.django_db

HOTFIXES = ("h1", "h2", "h3")


@pytest.fixture
def three(crm: Repository) -> Repository:
    """The branches left and right share three bases; the first of these is older than X, the others have it."""
    branch(crm, "old")
    edit(crm, "old", put("Three"))
    edit(crm, "main", put("X"))
    for name, other, type_name in (("one", "left", "One"), ("two", "right", "Two")):
        branch(crm, name)
        edit(crm, name, put(type_name))
        branch(crm, other, name)
    for target, source in (("left", "two"), ("right", "one")):
        merged(crm, source, target)
        merged(crm, "old", target)
    return crm


def test_a_deletion_holds_over_three_bases(three: Repository) -> None:
    edit(three, "right", Delete("object_type", "X"))
    seen = preview(three, "right", "left")
    assert (len(seen.bases), seen.conflicts) == (3, ())
    assert [(each.change, each.api_name) for each in seen.changes] == [("removed", "X")]
    merged(three, "right", "left")
    assert contents(three, "left").keys() == {"Company", "Person", "One", "Two", "Three"}


@pytest.mark.parametrize("older", HOTFIXES)
@pytest.mark.parametrize("undoes", ["an edit", "an addition"])
def test_what_is_taken_back_stays_so_whichever_of_three_bases_is_older(
    crm: Repository, older: str, undoes: str
) -> None:
    """Three hotfixes went into both main and dev, one of which had parted before what dev then takes back."""
    branch(crm, "dev")
    branch(crm, older)
    edit(crm, "main", put("Person", icon="new"), put("X"))
    for name in HOTFIXES:
        if name != older:
            branch(crm, name)
    for name in HOTFIXES:
        edit(crm, name, put(f"Type{name.title()}"))
    for name in HOTFIXES:
        for target in ("dev", "main"):
            merged(crm, name, target, way=Way.MERGE)
    edit(crm, "dev", put("Person", icon="user") if undoes == "an edit" else Delete("object_type", "X"))
    seen = preview(crm, "dev")
    assert (len(seen.bases), seen.conflicts) == (3, ())
    merged(crm, "dev")
    found = contents(crm)
    assert found["Person"]["icon"] == ("user" if undoes == "an edit" else "new")
    assert ("X" in found) == (undoes == "an edit")


def crossed(repository: Repository, number: int = 1, resolution: str = "ours") -> None:
    """Main and topic merge each other as they were; main resolves conflicts so, topic by its own values."""
    heads = {"main": f"main{number}", "topic": f"topic{number}"}
    for name, kept in heads.items():
        branch(repository, kept, name)
    for target, source, option in (("main", heads["topic"], resolution), ("topic", heads["main"], "ours")):
        conflicts = preview(repository, source, target, way=Way.MERGE).conflicts
        merged(repository, source, target, way=Way.MERGE, decisions=decide(conflicts, option))


def edited_and_crossed(repository: Repository, times: int) -> None:
    """Each of the two edits something of its own before they merge each other, so many times."""
    for number in range(1, times + 1):
        edit(repository, "main", put("Person", icon=f"i{number}"))
        edit(repository, "topic", put("Pet", icon=f"i{number}"))
        crossed(repository, number)


def test_bases_that_criss_cross_themselves_are_merged_over_what_all_their_bases_brought(crm: Repository) -> None:
    """Topic takes back, to what was there at first, what main made of it between two crossings."""
    edit(crm, "main", put("Person", icon="first"))
    edit(crm, "topic", put("Pet"))
    crossed(crm, 1)
    edit(crm, "main", put("Person", icon="second"))
    edit(crm, "topic", put("Pet", icon="paw"))
    crossed(crm, 2)
    for icon in ("user", "first"):
        edit(crm, "topic", put("Person", icon=icon))
        seen = preview(crm)
        assert (len(seen.bases), seen.conflicts) == (2, ())
        assert [(each.change, each.api_name) for each in seen.changes] == [("modified", "Person")]
    merged(crm)
    assert contents(crm)["Person"]["icon"] == "first"
    assert contents(crm)["Pet"]["icon"] == "paw"


def test_what_was_taken_back_stays_so_after_many_crossings(crm: Repository) -> None:
    edited_and_crossed(crm, 7)
    edit(crm, "topic", put("Person", icon="user"))
    seen = preview(crm)
    assert (len(seen.bases), seen.conflicts) == (2, ())
    merged(crm)
    assert contents(crm)["Person"]["icon"] == "user"


def test_a_history_of_crossings_costs_so_many_merges_at_most(crm: Repository) -> None:
    edited_and_crossed(crm, 5)
    bases = preview(crm).bases
    assert [len(list(ancestry_of(bases, limit).views())) for limit in (0, 1, 2, 3, 20)] == [1, 3, 5, 7, 11]


# --- What is in conflict between the bases -------------------------------------------------------------


def test_another_resolution_of_what_the_bases_disagree_about_is_a_conflict_though_it_be_the_first_value(
    crm: Repository,
) -> None:
    edit(crm, "main", put("Person", icon="m"))
    edit(crm, "topic", put("Person", icon="t"))
    crossed(crm, resolution="base")
    (conflict,) = preview(crm).conflicts
    assert (conflict.base, conflict.ours, conflict.theirs) == ("user", "user", "t")
    merged(crm, decisions=decide([conflict], "ours"))
    assert contents(crm)["Person"]["icon"] == "user"


def test_a_resolution_that_both_sides_share_is_none(crm: Repository) -> None:
    edit(crm, "main", put("Person", icon="m"))
    edit(crm, "topic", put("Person", icon="t"))
    crossed(crm, resolution="theirs")
    edit(crm, "topic", put("Pet"))
    assert preview(crm).conflicts == ()


def test_another_resolution_of_a_name_is_a_conflict(crm: Repository) -> None:
    edit(crm, "main", Rename("object_type", "Person", "Human"))
    edit(crm, "topic", Rename("object_type", "Person", "Folk"))
    crossed(crm, resolution="base")
    assert (set(contents(crm)), set(contents(crm, "topic"))) == ({"Person", "Company"}, {"Folk", "Company"})
    assert found(preview(crm).conflicts) == [("rename_rename", "/object_type/Person/api_name")]


def test_another_resolution_of_a_deletion_is_a_conflict(crm: Repository) -> None:
    edit(crm, "main", put("Company"))
    edit(crm, "main", put("Person", icon="m"))
    edit(crm, "topic", put("Company"), Delete("object_type", "Person"))
    crossed(crm, resolution="base")
    assert found(preview(crm).conflicts) == [("modify_delete", "/object_type/Person")]


def test_a_place_that_the_bases_disagree_about_is_known_by_another_name(crm: Repository) -> None:
    edit(crm, "main", put("Person", icon="m"))
    edit(crm, "topic", put("Person", icon="t"))
    crossed(crm, resolution="base")
    edit(crm, "main", Rename("object_type", "Person", "Human"))
    assert found(preview(crm).conflicts) == [("value", "/object_type/Human/icon")]
    assert found(preview(crm, "main", "topic").conflicts) == [("value", "/object_type/Person/icon")]
