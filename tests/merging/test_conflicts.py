"""Conflicts of proposals: resolved one at a time, kept while they hold, and remembered."""

from contextlib import nullcontext
from typing import Any
from unittest.mock import Mock

import pytest

from accounts.exceptions import ResourceRefused
from accounts.services import resource_grant_create
from history.engine.changes import Delete, Rename
from history.exceptions import NotAllowed
from merging.exceptions import ConflictNotFound, MergeConflicted, ProposalIsClosed, ResolutionInvalid
from merging.models import Proposal, ProposalState, Resolution
from merging.selectors import merger
from merging.services import (
    ProposalConflict,
    Resolved,
    Way,
    conflict_resolve,
    merge_settings_set,
    proposal_close,
    proposal_merge,
    proposal_preview,
)
from tests.merging.branches import branch, contents, decide, edit, merged, put
from tests.merging.proposing import World, propose, told, world

pytestmark = pytest.mark.django_db

ICON = "/resources/object_type/Person/icon"
COLOR = "/resources/object_type/Person/color"


@pytest.fixture
def here() -> World:
    """Main and topic disagree about the icon and the colour of Person."""
    here = world()
    edit(here.crm, "main", put("Person", icon="ours", color="#000001"))
    edit(here.crm, "topic", put("Person", icon="theirs", color="#000002"))
    return here


@pytest.fixture
def proposal(here: World) -> Proposal:
    return propose(here.crm)


def conflicts(here: World, proposal: Proposal) -> dict[str, ProposalConflict]:
    found = proposal_preview(actor=here.dave, proposal=proposal)
    return {each.conflict.path: each for each in found.conflicts}


def said(here: World, proposal: Proposal) -> dict[str, str | None]:
    """What each conflict is resolved by."""
    found = conflicts(here, proposal)
    return {path: each.resolution.option if each.resolution else None for path, each in found.items()}


def resolve(here: World, proposal: Proposal, path: str, resolution: str | None, **more: Any) -> Resolved:
    found = conflicts(here, proposal)[path].conflict
    arguments = {"actor": here.bob, "proposal": proposal, "conflict": found.id, "resolution": resolution, **more}
    return conflict_resolve(**arguments)


def refused(here: World, proposal: Proposal, path: str, resolution: str, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(ResolutionInvalid) as caught:
        resolve(here, proposal, path, resolution, **more)
    assert not Resolution.objects.exists()
    return [(error.field, error.rule) for error in caught.value.errors]


def test_conflicts_are_resolved_one_by_one_and_then_the_proposal_merges(here: World, proposal: Proposal) -> None:
    assert said(here, proposal) == {COLOR: None, ICON: None}
    resolve(here, proposal, ICON, "theirs")
    assert said(here, proposal) == {COLOR: None, ICON: "theirs"}
    with pytest.raises(MergeConflicted) as caught:
        proposal_merge(actor=here.bob, proposal=proposal)
    assert [each["path"] for each in caught.value.extensions["conflicts"]] == [COLOR]
    resolve(here, proposal, COLOR, "custom", value="#000003")
    proposal_merge(actor=here.bob, proposal=proposal)
    assert (contents(here.crm)["Person"]["icon"], contents(here.crm)["Person"]["color"]) == ("theirs", "#000003")


def test_another_option_replaces_the_first_and_null_opens_the_conflict_again(here: World, proposal: Proposal) -> None:
    resolve(here, proposal, ICON, "theirs")
    resolve(here, proposal, ICON, "base", actor=here.dora)
    row = conflicts(here, proposal)[ICON].resolution
    assert row is not None
    assert (row.option, row.resolved_by) == ("base", here.dora)
    assert resolve(here, proposal, ICON, None).conflict.resolution is None
    assert said(here, proposal) == {COLOR: None, ICON: None}
    assert told(proposal)[1:] == ["conflict.resolved", "conflict.resolved", "conflict.reopened"]


def test_saying_the_same_again_is_nothing_new(here: World, proposal: Proposal) -> None:
    resolve(here, proposal, COLOR, None)
    resolve(here, proposal, ICON, "custom", value="both")
    assert resolve(here, proposal, ICON, "custom", value="both", actor=here.dora).violations == ()
    assert Resolution.objects.get().resolved_by == here.bob
    assert told(proposal) == ["proposal.opened", "conflict.resolved"]


def test_what_no_resolution_may_be_is_refused_at_its_field(here: World, proposal: Proposal) -> None:
    for resolution, more, error in (
        ("union", {}, ("/resolution", "RESOLUTION_UNKNOWN")),
        ("custom", {}, ("/value", "REQUIRED")),
        ("ours", {"value": "x"}, ("/value", "NOT_CUSTOM")),
        (None, {"value": "x"}, ("/value", "NOT_CUSTOM")),
        ("custom", {"value": 7}, ("/value", "FIELD_TYPE")),
        ("custom", {"value": "x" * 1_001}, ("/value", "LENGTH")),
    ):
        assert refused(here, proposal, ICON, resolution, **more) == [error]


def test_a_conflict_that_is_not_there_any_more_is_not_found(here: World, proposal: Proposal) -> None:
    former = conflicts(here, proposal)[ICON].conflict.id
    edit(here.crm, "main", put("Person", icon="other", color="#000001"))
    with pytest.raises(ConflictNotFound):
        conflict_resolve(actor=here.bob, proposal=proposal, conflict=former, resolution="ours")


def test_of_a_branch_that_moved_the_resolutions_stay_whose_conflicts_are_still_the_same(
    here: World, proposal: Proposal
) -> None:
    resolve(here, proposal, ICON, "theirs")
    resolve(here, proposal, COLOR, "ours")
    edit(here.crm, "topic", put("Person", icon="theirs", color="#000009"), put("Toy"))
    assert said(here, proposal) == {COLOR: None, ICON: "theirs"}
    edit(here.crm, "topic", put("Person", icon="theirs", color="#000002"))
    assert said(here, proposal) == {COLOR: "ours", ICON: "theirs"}


def test_who_proposes_resolves_and_others_look(here: World, proposal: Proposal) -> None:
    for somebody in (here.carol, here.dave):
        with pytest.raises(NotAllowed):
            resolve(here, proposal, ICON, "ours", actor=somebody)
    proposal_close(actor=here.alice, proposal=proposal)
    with pytest.raises(ProposalIsClosed):
        resolve(here, proposal, ICON, "ours")


@pytest.mark.parametrize(
    ("pattern", "may"),
    [("object_type/Per*", True), ("**", True), ("object_type/Company", False), ("link_type/Person", False)],
)
def test_a_grant_resolves_what_it_is_for_and_nothing_else(
    here: World, proposal: Proposal, pattern: str, *, may: bool
) -> None:
    """It would land with whoever merges the proposal."""
    grant(here, pattern)
    found = conflicts(here, proposal)[ICON].conflict
    with nullcontext() if may else pytest.raises(ResourceRefused):
        conflict_resolve(actor=here.dave, proposal=proposal, conflict=found.id, resolution="theirs")
    assert said(here, proposal)[ICON] == ("theirs" if may else None)
    resolve(here, proposal, ICON, "ours")
    with nullcontext() if may else pytest.raises(ResourceRefused):
        conflict_resolve(actor=here.dave, proposal=proposal, conflict=found.id, resolution=None)
    assert said(here, proposal)[ICON] == (None if may else "ours")


def grant(here: World, pattern: str) -> None:
    """Have Dave develop some resources."""
    resource_grant_create(actor=here.alice, repository=here.crm, role="developer", pattern=pattern, user=here.dave)


@pytest.mark.parametrize(("pattern", "may"), [("object_type/Store", False), ("object_type/Company", True)])
def test_what_was_deleted_comes_back_by_a_grant_for_it(here: World, pattern: str, *, may: bool) -> None:
    proposal = parted(here, put("Store", extends=["Company"]), Delete("object_type", "Company"))
    grant(here, pattern)
    ((path, found),) = conflicts(here, proposal).items()
    with nullcontext() if may else pytest.raises(ResourceRefused):
        conflict_resolve(actor=here.dave, proposal=proposal, conflict=found.conflict.id, resolution="base")
    assert said(here, proposal) == {path: "base" if may else None}


def test_a_grant_gives_no_name_that_it_is_not_for(here: World) -> None:
    proposal = parted(here, Rename("object_type", "Company", "CompanyA"), Rename("object_type", "Company", "CompanyB"))
    grant(here, "object_type/Company*")
    ((path, found),) = conflicts(here, proposal).items()
    dave = {"actor": here.dave, "proposal": proposal, "conflict": found.conflict.id, "resolution": "custom"}
    with pytest.raises(ResourceRefused):
        conflict_resolve(**dave, value="Firm")
    conflict_resolve(**dave, value="CompanyC")
    assert said(here, proposal) == {path: "custom"}


def test_an_ended_proposal_shows_what_its_conflicts_were(here: World, proposal: Proposal) -> None:
    resolve(here, proposal, ICON, "theirs")
    resolve(here, proposal, COLOR, "ours")
    proposal_merge(actor=here.bob, proposal=proposal)
    proposal.refresh_from_db()
    edit(here.crm, "main", put("Person", icon="later"))
    assert said(here, proposal) == {COLOR: "ours", ICON: "theirs"}


# --- Values of one's own ------------------------------------------------------------------------------


def parted(here: World, ours: Any, theirs: Any) -> Proposal:
    """A proposal of a branch that did ``theirs`` to main, which then did ``ours``."""
    branch(here.crm, "side")
    edit(here.crm, "side", theirs)
    edit(here.crm, "main", ours)
    return propose(here.crm, "side")


def only_path(here: World, proposal: Proposal) -> str:
    (path,) = conflicts(here, proposal)
    return path


def test_a_deletion_against_a_change_takes_a_whole_content_which_stays_who_it_is(here: World) -> None:
    rid = contents(here.crm)["Company"]["rid"]
    proposal = parted(here, put("Company", icon="new"), Delete("object_type", "Company"))
    path = only_path(here, proposal)
    wrong = {"api_name": "Firm", "properties": {"id": {"type": "strin"}}, "colour": "red"}
    assert refused(here, proposal, path, "custom", value=wrong) == [
        ("/value/api_name", "NAME_MISMATCH"),
        ("/value/properties/id/type/type", "TYPE_UNKNOWN"),
        ("/value/colour", "FIELD_UNKNOWN"),
    ]
    given = {"api_name": "Company", "icon": "mine", "properties": {"id": {"type": "long"}, "name": {"type": "string"}}}
    resolve(here, proposal, path, "custom", value=given)
    kept = contents(here.crm)["Company"]["properties"]["id"]["rid"]
    proposal_merge(actor=here.bob, proposal=proposal)
    company = contents(here.crm)["Company"]
    assert (company["rid"], company["icon"]) == (rid, "mine")
    assert (company["properties"]["id"]["rid"], company["properties"]["id"]["type"]) == (kept, {"type": "long"})
    assert company["properties"]["name"]["rid"]


def test_null_takes_away_what_need_not_be_there_and_nothing_else(here: World, proposal: Proposal) -> None:
    resolve(here, proposal, COLOR, "custom", value=None)
    resolve(here, proposal, ICON, "ours")
    proposal_merge(actor=here.bob, proposal=proposal)
    assert "color" not in contents(here.crm)["Person"]
    renamed = parted(here, Rename("object_type", "Pet", "Dog"), Rename("object_type", "Pet", "Cat"))
    path = only_path(here, renamed)
    assert path.endswith("/api_name")
    Resolution.objects.all().delete()
    assert refused(here, renamed, path, "custom", value=None) == [("/value", "FIELD_REQUIRED")]
    assert refused(here, renamed, path, "custom", value="a b") == [("/value", "NAME_INVALID")]
    resolve(here, renamed, path, "custom", value="Animal")
    proposal_merge(actor=here.bob, proposal=renamed)
    assert "Animal" in contents(here.crm)


def test_fields_that_go_together_are_given_together(here: World) -> None:
    def prop(**fields: Any) -> Any:
        return put("Company", properties={"id": fields})

    proposal = parted(here, prop(type="string", required=True), prop(type="long", default=5))
    path = only_path(here, proposal)
    assert path == "/resources/object_type/Company/properties/id"
    assert refused(here, proposal, path, "custom", value={"type": "strin", "unique": True}) == [
        ("/value/type/type", "TYPE_UNKNOWN"),
        ("/value/unique", "FIELD_UNKNOWN"),
    ]
    resolve(here, proposal, path, "custom", value={"type": "long", "required": True})
    proposal_merge(actor=here.bob, proposal=proposal)
    found = contents(here.crm)["Company"]["properties"]["id"]
    assert (found["type"], found["required"], found.get("default")) == ({"type": "long"}, True, None)


def test_a_text_in_one_language_may_be_as_long_as_any_and_an_empty_one_is_none(here: World) -> None:
    def described(text: str) -> Any:
        return put("Company", description={"en": text, "ko": "회사"})

    edit(here.crm, "main", described("A firm."))
    proposal = parted(here, described("A small firm."), described("A large firm."))
    path = only_path(here, proposal)
    resolve(here, proposal, path, "custom", value="x" * 5_000)
    resolve(here, proposal, path, "custom", value="")
    proposal_merge(actor=here.bob, proposal=proposal)
    assert contents(here.crm)["Company"]["description"] == {"ko": "회사"}


def test_what_a_value_breaks_at_its_place_refuses_it_and_what_it_breaks_elsewhere_is_told(here: World) -> None:
    def limited(**limits: Any) -> Any:
        return put("Company", properties={"id": {"type": "string", "constraints": limits}})

    edit(here.crm, "main", limited(pattern="a"))
    proposal = parted(here, limited(pattern="b"), limited(pattern="c"))
    path = only_path(here, proposal)
    assert refused(here, proposal, path, "custom", value="(") == [("/value", "REGEX_INVALID")]

    edit(here.crm, "main", limited(min_length=1, max_length=9))
    second = "second"
    branch(here.crm, second)
    edit(here.crm, second, limited(min_length=2, max_length=8))
    edit(here.crm, "main", limited(min_length=3, max_length=7))
    both = propose(here.crm, second)
    lower, upper = sorted(conflicts(here, both), reverse=True)
    brought = resolve(here, both, lower, "custom", value=20).violations
    assert [each.rule for each in brought] == ["CONSTRAINT_EMPTY"]
    assert resolve(here, both, upper, "custom", value=30).violations == []
    proposal_merge(actor=here.bob, proposal=both)


def test_resolving_one_may_bring_up_another_which_is_then_resolved_as_well(here: World) -> None:
    edit(here.crm, "main", put("Link1"), put("Link2"))
    branch(here.crm, "side")
    edit(here.crm, "main", put("Company", extends=["Link1"], title_property="id"))
    edit(here.crm, "side", Rename("object_type", "Link1", "Left"))
    edit(here.crm, "main", Rename("object_type", "Link1", "Right"))
    proposal = propose(here.crm, "side")
    (path,) = [each for each in conflicts(here, proposal) if each.endswith("api_name")]
    resolve(here, proposal, path, "theirs")
    proposal_merge(actor=here.bob, proposal=proposal)
    assert contents(here.crm)["Company"]["extends"] == ["Left"]


def test_what_is_referred_to_and_was_deleted_comes_back_as_somebody_gives_it(here: World) -> None:
    proposal = parted(here, put("Store", extends=["Company"]), Delete("object_type", "Company"))
    path = only_path(here, proposal)
    assert path == "/resources/object_type/Store/extends/0"
    wrong = {"properties": {"id": {"type": "strin"}}}
    assert refused(here, proposal, path, "custom", value=wrong) == [("/value/properties/id/type/type", "TYPE_UNKNOWN")]
    resolve(here, proposal, path, "custom", value={"icon": "mine", "properties": {"id": {"type": "string"}}})
    rid = contents(here.crm)["Company"]["rid"]
    proposal_merge(actor=here.bob, proposal=proposal)
    found = contents(here.crm)["Company"]
    assert (found["rid"], found["icon"]) == (rid, "mine")


@pytest.mark.parametrize(("resolution", "more"), [("theirs", {}), ("custom", {"value": None})])
def test_what_is_referred_to_and_was_deleted_may_be_gone_with_the_reference(
    here: World, resolution: str, more: dict[str, Any]
) -> None:
    proposal = parted(here, put("Store", extends=["Company"]), Delete("object_type", "Company"))
    resolve(here, proposal, only_path(here, proposal), resolution, **more)
    proposal_merge(actor=here.bob, proposal=proposal)
    assert "Company" not in contents(here.crm)
    assert "extends" not in contents(here.crm)["Store"]


def test_what_breaks_a_rule_together_is_resolved_likewise_and_one_that_breaks_another_opens_it_again(
    here: World,
) -> None:
    def limited(**limits: Any) -> Any:
        return put("Company", properties={"id": {"type": "string", "constraints": limits}})

    edit(here.crm, "main", limited(min_length=1, max_length=9))
    proposal = parted(here, limited(min_length=8, max_length=9), limited(min_length=1, max_length=2))
    path = only_path(here, proposal)
    assert conflicts(here, proposal)[path].conflict.kind == "violation"
    resolve(here, proposal, path, "custom", value=2)
    assert said(here, proposal) == {path: "custom"}
    proposal_merge(actor=here.bob, proposal=proposal)
    found = contents(here.crm)["Company"]["properties"]["id"]["constraints"]
    assert found["min_length"] <= found["max_length"]


# --- Memory -------------------------------------------------------------------------------------------


@pytest.fixture
def again(here: World, proposal: Proposal) -> Proposal:
    """A proposal in the same conflicts for another target, after the first was merged as Bob has resolved them."""
    resolve(here, proposal, ICON, "theirs")
    resolve(here, proposal, COLOR, "custom", value="#000003")
    branch(here.crm, "release")
    branch(here.crm, "second", "topic")
    edit(here.crm, "second", put("Toy"))
    proposal_merge(actor=here.bob, proposal=proposal)
    return propose(here.crm, "second", target="release")


def test_the_same_conflict_in_another_proposal_is_offered_as_it_was_resolved(
    here: World, proposal: Proposal, again: Proposal
) -> None:
    found = conflicts(here, again)
    assert [each.resolution for each in found.values()] == [None, None]
    remembered = found[COLOR].remembered
    assert remembered is not None
    assert (remembered.decision.value, remembered.resolved_by, remembered.proposal) == ("#000003", here.bob, proposal)
    with pytest.raises(MergeConflicted):
        proposal_merge(actor=here.bob, proposal=again)


def test_where_the_repository_says_so_memory_resolves_and_is_named(
    here: World, proposal: Proposal, again: Proposal
) -> None:
    merge_settings_set(actor=here.alice, repository=here.crm, apply_remembered_resolutions=True)
    assert said(here, again) == {COLOR: "custom", ICON: "theirs"}
    proposal_merge(actor=here.dora, proposal=again)
    assert contents(here.crm, "release")["Person"]["color"] == "#000003"
    again.refresh_from_db()
    rows = list(again.resolutions.select_related("remembered"))
    assert {row.remembered.proposal_id for row in rows} == {proposal.pk}
    assert {row.resolved_by for row in rows} == {here.dora}
    assert said(here, again) == {COLOR: "custom", ICON: "theirs"}


def test_what_somebody_says_here_counts_more_than_memory(here: World, again: Proposal) -> None:
    merge_settings_set(actor=here.alice, repository=here.crm, apply_remembered_resolutions=True)
    resolve(here, again, COLOR, "ours")
    resolve(here, again, ICON, None)
    assert said(here, again) == {COLOR: "ours", ICON: None}


def test_of_several_the_last_resolution_is_remembered(here: World, again: Proposal) -> None:
    branch(here.crm, "stage", "release")
    resolve(here, again, ICON, "base")
    resolve(here, again, COLOR, "ours")
    proposal_merge(actor=here.bob, proposal=again)
    found = conflicts(here, propose(here.crm, target="stage"))
    assert {path: each.remembered and each.remembered.option for path, each in found.items()} == {
        COLOR: "ours",
        ICON: "base",
    }


def test_what_was_not_merged_is_not_remembered(here: World, proposal: Proposal) -> None:
    """Else anybody could say something in a proposal of their own that settles conflicts of all others."""
    resolve(here, proposal, ICON, "theirs")
    merge_settings_set(actor=here.alice, repository=here.crm, apply_remembered_resolutions=True)
    branch(here.crm, "second", "topic")
    second = propose(here.crm, "second")
    assert conflicts(here, second)[ICON].remembered is None
    proposal_close(actor=here.bob, proposal=proposal)
    assert conflicts(here, second)[ICON].remembered is None
    assert said(here, second) == {COLOR: None, ICON: None}


def test_what_was_resolved_and_then_no_conflict_any_more_is_not_remembered(
    here: World, proposal: Proposal, unmerged: Proposal
) -> None:
    resolve(here, proposal, ICON, "custom", value="wrong")
    resolve(here, proposal, COLOR, "theirs")
    edit(here.crm, "topic", put("Person", icon="ours", color="#000002"))
    proposal_merge(actor=here.bob, proposal=proposal)
    assert said(here, unmerged) == {COLOR: "theirs", ICON: None}


def test_what_was_resolved_in_a_proposal_and_otherwise_where_it_was_merged_by_hand_is_not_remembered(
    here: World, proposal: Proposal, unmerged: Proposal
) -> None:
    resolve(here, proposal, ICON, "custom", value="wrong")
    found = [each.conflict for each in conflicts(here, proposal).values()]
    merged(here.crm, decisions=decide(found, "theirs"))
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.MERGED
    assert said(here, unmerged) == {COLOR: None, ICON: None}


@pytest.fixture
def unmerged(here: World) -> Proposal:
    """A proposal in the conflicts of the first for another target, where memory settles them."""
    merge_settings_set(actor=here.alice, repository=here.crm, apply_remembered_resolutions=True)
    branch(here.crm, "release")
    branch(here.crm, "second", "topic")
    return propose(here.crm, "second", target="release")


@pytest.mark.parametrize("many", [2, 8])
def test_a_rebase_that_memory_resolves_at_every_commit_makes_each_merge_once_more_at_most(
    here: World, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    names = [f"Type{number}" for number in range(many)]
    edit(here.crm, "main", *map(put, names))
    branch(here.crm, "edits")
    edit(here.crm, "main", *(put(name, icon="ours") for name in names))
    branch(here.crm, "release")
    for name in names:
        edit(here.crm, "edits", put(name, icon="theirs"))
    proposals = [propose(here.crm, "edits", target=target) for target in ("main", "release")]
    for _ in names:
        open_ones = proposal_preview(actor=here.bob, proposal=proposals[0], way=Way.REBASE).preview.conflicts
        conflict_resolve(
            actor=here.bob, proposal=proposals[0], conflict=open_ones[0].id, resolution="theirs", way=Way.REBASE
        )
    proposal_merge(actor=here.bob, proposal=proposals[0], way=Way.REBASE)
    merge_settings_set(actor=here.alice, repository=here.crm, apply_remembered_resolutions=True)
    merges = Mock(wraps=merger.merge_trees)
    monkeypatch.setattr(merger, "merge_trees", merges)
    found = proposal_preview(actor=here.bob, proposal=proposals[1], way=Way.REBASE)
    assert merges.call_count <= 2 * many
    assert [each.is_from_memory for each in found.conflicts] == [True] * many
    assert found.preview.conflicts == ()


def test_other_repositories_remember_nothing_of_it(here: World, again: Proposal) -> None:
    from history.services import repository_create  # noqa: PLC0415

    other = repository_create(actor=here.alice, name="other")
    edit(other, "main", put("Person", icon="user"))
    branch(other, "topic")
    edit(other, "main", put("Person", icon="ours"))
    edit(other, "topic", put("Person", icon="theirs"))
    theirs = propose(other)
    (found,) = proposal_preview(actor=here.alice, proposal=theirs).conflicts
    assert found.conflict.id == conflicts(here, again)[ICON].conflict.id
    assert found.remembered is None


def test_only_who_administers_decides_about_memory(here: World) -> None:
    with pytest.raises(NotAllowed):
        merge_settings_set(actor=here.bob, repository=here.crm, apply_remembered_resolutions=True)


def test_conflicts_of_a_rebase_are_resolved_as_those_of_a_merge(here: World, proposal: Proposal) -> None:
    def open_ones() -> list[Any]:
        found = proposal_preview(actor=here.bob, proposal=proposal, way=Way.REBASE).conflicts
        return [each.conflict for each in found if each.resolution is None]

    for conflict in open_ones():
        conflict_resolve(actor=here.bob, proposal=proposal, conflict=conflict.id, resolution="theirs", way=Way.REBASE)
    assert open_ones() == []
    proposal_merge(actor=here.bob, proposal=proposal, way=Way.REBASE)
    assert contents(here.crm)["Person"]["icon"] == "theirs"
