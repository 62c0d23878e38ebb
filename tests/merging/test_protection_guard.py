"""The guard of protected branches: what is asked of a move, who may go past it, and what is told."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from history.engine.changes import Delete, Put, Rename
from history.exceptions import NotAllowed
from history.models import Branch, Membership, Role
from history.selectors import TreeView, log_page
from history.services import (
    BRANCH_DELETED,
    Authority,
    HeadChange,
    branch_archive,
    branch_create,
    branch_delete,
    branch_reset,
    branch_restore,
    membership_set,
)
from merging.exceptions import BranchProtected
from merging.models import Proposal, RuleMode, Verdict
from merging.selectors import requirements_of
from merging.services import (
    ProposalAuthority,
    Way,
    branch_merge,
    check_post,
    comment_create,
    conflict_resolve,
    finding_override,
    merge_settings_set,
    owners_set,
    proposal_close,
    proposal_open,
    proposal_preview,
    proposal_requirements,
    proposal_update,
    protection_guard,
    protection_rule_delete,
    protection_rule_update,
    review_dismiss,
    thread_resolve,
)
from ontology.services import consumer_register
from ontology.services.declared import Declared
from tests.factories import UserFactory, api_client_for, console_client_for, lock_by
from tests.merging.protected import BYPASSED, EVALUATED, REFUSED, World, events, thing

pytestmark = pytest.mark.django_db


def refused(call: Any, *arguments: Any, **named: Any) -> dict[str, str]:
    """What a refusal says, by the rule."""
    with pytest.raises(BranchProtected) as raised:
        call(*arguments, **named)
    return {error.rule: str(error.message) for error in raised.value.errors}


# --- Which branches, which moves ----------------------------------------------------------------------


def test_a_branch_that_no_rule_describes_is_free_and_asking_costs_one_query(protected: World) -> None:
    protected.rule("release/**", requires_proposal=True)
    with CaptureQueriesContext(connection) as queries:
        protected.commit()
    with CaptureQueriesContext(connection) as of_the_guard:
        protection_guard(HeadChange(protected.dan, protected.branch(), protected.head, None, BRANCH_DELETED))
    assert [query["sql"] for query in queries if "merging_protectionrule" in query["sql"]] == [
        query["sql"] for query in of_the_guard if "merging_" in query["sql"]
    ]
    assert sum("merging_" in query["sql"] for query in of_the_guard) == 1


@pytest.mark.parametrize("pattern", ["main", "m*", "*", "**"])
def test_a_branch_that_a_rule_describes_takes_no_direct_write_and_the_refusal_is_an_event(
    protected: World, pattern: str
) -> None:
    rule = protected.rule(pattern, requires_proposal=True)
    before = protected.head
    assert refused(protected.commit) == {"PROPOSAL_REQUIRED": "The branch changes by the merge of a proposal only."}
    assert protected.head == before
    [event] = events(REFUSED)
    assert (event["code"], event["rules"]) == ("branch-protected", ["PROPOSAL_REQUIRED"])
    assert event["detail"] == f"main is protected by {pattern}."
    protection_rule_delete(actor=protected.alice, rule=rule)
    assert protected.commit() == protected.head


def test_a_refusal_tells_everything_that_is_missing_at_once(protected: World) -> None:
    protected.rule(requires_proposal=True, required_approvals=2)
    protected.rule("**", required_checks=["lint", "impact"])
    with pytest.raises(BranchProtected) as raised:
        protected.commit()
    assert [error.rule for error in raised.value.errors] == [
        "PROPOSAL_REQUIRED",
        "APPROVALS_REQUIRED",
        "CHECK_REQUIRED",
        "CHECK_REQUIRED",
    ]
    assert str(raised.value.detail) == "main is protected by **, main."


def test_a_merge_without_a_proposal_is_a_direct_write_and_one_with_it_is_none(protected: World) -> None:
    protected.rule(requires_proposal=True)
    proposal = protected.proposal()
    merge = {"actor": protected.dan, "repository": protected.repository, "source": "topic", "target": "main"}
    assert refused(branch_merge, **merge).keys() == {"PROPOSAL_REQUIRED"}
    assert protected.land(proposal) == protected.head


def test_the_proposal_of_another_branch_opens_nothing(protected: World) -> None:
    protected.rule(requires_proposal=True)
    other = protected.proposal()
    branch_create(actor=protected.dan, repository=protected.repository, name="release")
    other.target = "release"
    other.save()
    authority = ProposalAuthority(proposal=other, source_head=protected.branch("topic").head)
    merge = {"actor": protected.dan, "repository": protected.repository, "source": "topic", "target": "main"}
    assert refused(branch_merge, **merge, authority=authority).keys() == {"PROPOSAL_REQUIRED"}


def test_a_branch_is_neither_reset_nor_deleted_where_a_rule_forbids_it(protected: World) -> None:
    first = protected.head
    protected.commit()
    branch_create(actor=protected.dan, repository=protected.repository, name="release")
    rule = protected.rule("**", forbids_reset=True, forbids_deletion=True)
    release = protected.branch("release")
    reset = {"actor": protected.dan, "branch": release, "to": first.digest}
    assert refused(branch_reset, **reset).keys() == {"RESET_FORBIDDEN"}
    assert refused(branch_delete, actor=protected.dan, branch=release).keys() == {"DELETION_FORBIDDEN"}
    assert protected.branch("release").head == protected.head
    assert [event["deletion"] for event in events(REFUSED)] == [False, True]
    protection_rule_delete(actor=protected.alice, rule=rule)
    assert branch_reset(**reset).head == first
    branch_delete(actor=protected.dan, branch=release)


def test_a_branch_that_may_not_be_deleted_is_not_archived_and_one_that_is_archived_is_restored(
    protected: World,
) -> None:
    branch_create(actor=protected.dan, repository=protected.repository, name="release")
    release = {"actor": protected.dan, "branch": protected.branch("release")}
    branch_archive(**release)
    protected.rule("release", requires_proposal=True, forbids_deletion=True)
    assert branch_archive(**release).state == "archived"  # as it was
    assert branch_restore(**release).state == "active"
    assert refused(branch_archive, **release) == {"ARCHIVING_FORBIDDEN": "The branch may not be archived."}
    assert protected.branch("release").state == "active"


def test_a_lock_stays_where_its_branch_is_not_archived(protected: World) -> None:
    branch_create(actor=protected.dan, repository=protected.repository, name="release")
    lock = lock_by(protected.dan, protected.branch("release"))
    protected.rule("release", forbids_deletion=True)
    authority = Authority(lock_token=lock.token)
    archive = {"actor": protected.dan, "branch": protected.branch("release"), "authority": authority}
    assert refused(branch_archive, **archive).keys() == {"ARCHIVING_FORBIDDEN"}
    assert protected.branch("release").state == "locked"


def test_a_reset_that_loses_nothing_is_none(protected: World) -> None:
    branch_create(actor=protected.dan, repository=protected.repository, name="release")
    ahead = protected.commit()
    protected.rule("release", forbids_reset=True)
    branch_reset(actor=protected.dan, branch=protected.branch("release"), to=ahead.digest)
    assert protected.branch("release").head == ahead


def test_what_else_is_asked_for_does_not_keep_a_branch_from_being_archived_and_deleted(protected: World) -> None:
    branch_create(actor=protected.dan, repository=protected.repository, name="release")
    protected.rule("release", requires_proposal=True, required_checks=["lint"], requires_linear_history=True)
    branch_archive(actor=protected.dan, branch=protected.branch("release"))
    branch_delete(actor=protected.dan, branch=protected.branch("release"))
    assert not protected.repository.branches.filter(name="release").exists()


@pytest.mark.parametrize(
    "asked", [{"requires_proposal": True}, {"required_approvals": 1}, {"requires_owner_approval": True}]
)
def test_a_protected_branch_is_made_of_what_the_default_branch_or_another_one_like_it_holds(
    protected: World, asked: dict[str, Any]
) -> None:
    make = {"actor": protected.dan, "repository": protected.repository}
    earlier = protected.head
    protected.commit()
    branch_create(**make, name="release/1")
    branch_create(**make, name="topic")
    ahead, unseen = protected.commit(branch="release/1"), protected.commit(branch="topic")
    for pattern in ("main", "release/*"):
        protected.rule(pattern, **asked)
    assert refused(branch_create, **make, name="release/2", start="topic").keys() == {"PROTECTED_START_REQUIRED"}
    assert not protected.repository.branches.filter(name="release/2").exists()
    [event] = events(REFUSED)
    assert (event["branch"], event["head"]) == ("release/2", unseen.digest)
    assert (event["move"], event["deletion"]) == ("io.oms.history.branch.created", False)
    for number, start in enumerate(["main", earlier.digest, "release/1", ahead.digest]):
        branch_create(**make, name=f"release/{start[:8]}-{number}", start=start)
    branch_create(**make, name="another", start="topic")


def test_a_protected_branch_is_not_deleted_and_made_anew_of_something_else(protected: World) -> None:
    make = {"actor": protected.dan, "repository": protected.repository}
    for name in ("stage", "topic"):
        branch_create(**make, name=name)
    protected.commit(branch="topic")
    for name in ("main", "stage"):
        protected.rule(name, requires_proposal=True)
    branch_delete(actor=protected.dan, branch=protected.branch("stage"))
    assert refused(branch_create, **make, name="stage", start="topic").keys() == {"PROTECTED_START_REQUIRED"}
    assert branch_create(**make, name="stage").head == protected.head


STRICT: dict[str, Any] = {
    "requires_proposal": True,
    "required_approvals": 2,
    "requires_owner_approval": True,
    "author_may_not_approve": True,
    "dismisses_stale_approvals": True,
    "requires_resolved_comments": True,
    "requires_up_to_date": True,
    "forbids_findings_from": "medium",
    "required_checks": ["lint"],
    "bypass_roles": ["administrator"],
}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"required_approvals": 3},
        {"forbids_findings_from": "low"},
        {"required_checks": ["impact", "lint"]},
        {"bypass_roles": []},
    ],
)
def test_a_release_is_made_of_a_main_of_which_as_much_is_asked(protected: World, more: dict[str, Any]) -> None:
    protected.rule("release/*", **STRICT, requires_linear_history=True, forbids_deletion=True, forbids_reset=True)
    protected.rule("main", **STRICT | more)
    assert protected_create(protected).head == protected.head


@pytest.mark.parametrize(
    ("less", "told"),
    [
        ({"required_approvals": 1}, "approvals"),
        ({"requires_owner_approval": False}, "approvals by owners"),
        ({"author_may_not_approve": False}, "approvals by authors"),
        ({"dismisses_stale_approvals": False}, "approvals of earlier commits"),
        ({"requires_resolved_comments": False}, "resolved comments"),
        ({"requires_up_to_date": False}, "sources that are up to date"),
        ({"forbids_findings_from": "high"}, "findings"),
        ({"required_checks": ["impact"]}, "checks"),
        ({"bypass_roles": ["administrator", "developer"]}, "who may go past them"),
        ({"required_approvals": 0, "required_checks": []}, "approvals, checks"),
    ],
)
def test_a_release_is_not_made_of_a_main_of_which_less_is_asked(
    protected: World, less: dict[str, Any], told: str
) -> None:
    protected.rule("release/*", **STRICT)
    protected.rule("main", **STRICT | less)
    [why] = refused(protected_create, protected).values()
    assert why.endswith(f". main holds it, but its rules (main) are weaker in this: {told}.")
    protected.rule("m*", **STRICT)
    assert protected_create(protected).head == protected.head


def test_a_release_is_not_made_of_a_main_that_nothing_protects(protected: World) -> None:
    protected.rule("release/*", requires_proposal=True)
    protected.rule("main", required_checks=["lint"], mode=RuleMode.EVALUATE)
    [why] = refused(protected_create, protected).values()
    assert why.endswith(". main holds it, but no rule protects it.")


def test_one_branch_of_which_as_much_is_asked_is_enough_and_else_the_closest_is_named(protected: World) -> None:
    branch_create(actor=protected.dan, repository=protected.repository, name="stage")
    protected.rule("release/*", **STRICT)
    rule = protected.rule("stage", **STRICT | {"required_approvals": 1})
    [why] = refused(protected_create, protected).values()
    assert why.endswith(". stage holds it, but its rules (stage) are weaker in this: approvals.")
    protection_rule_update(actor=protected.alice, rule=rule, fields={"required_approvals": 2})
    assert protected_create(protected).head == protected.head


def protected_create(protected: World, start: str = "") -> Branch:
    """A branch of Dan's that ``release/*`` describes."""
    return branch_create(actor=protected.dan, repository=protected.repository, name="release/1", start=start)


@pytest.mark.parametrize("approvals", [1, 2])
def test_where_a_branch_may_begin_costs_no_more_where_many_branches_hold_that_than_where_one_does(
    protected: World, approvals: int
) -> None:
    """By merge commits, so that it is found on nobody's line of first parents; in as many ways as there are rules."""
    make = {"actor": protected.dan, "repository": protected.repository}
    branch_create(**make, name="topic")
    start = protected.commit(branch="topic")
    protected.commit()
    counts = []
    for number in (1, 2, 3, 4, 5, 6):
        branch_create(**make, name=f"stage/{number}")
        protected.commit(branch=f"stage/{number}")
        branch_merge(**make, source="topic", target=f"stage/{number}", way=Way.MERGE)
        rules = [protected.rule(f"stage/{number}", required_approvals=approvals)]
        rules.append(protected.rule("release/*", required_approvals=2))
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            if approvals == 2:
                protected_create(protected, start.digest)
            else:
                assert refused(protected_create, protected, start.digest).keys() == {"PROTECTED_START_REQUIRED"}
            transaction.set_rollback(True)
        counts.append(len(queries))
        protection_rule_delete(actor=protected.alice, rule=rules[-1])
    assert counts == counts[:1] * 6


def test_who_may_makes_a_protected_branch_of_anything_with_a_reason(protected: World) -> None:
    protected.rule("release/*", requires_proposal=True, bypass_roles=["administrator"])
    protected.proposal()
    make = {"actor": protected.alice, "repository": protected.repository, "name": "release/1", "start": "topic"}
    with pytest.raises(BranchProtected) as raised:
        branch_create(**make)
    assert raised.value.may_be_bypassed
    branch_create(**make, authority=Authority(bypass_reason="A hotfix"))
    [event] = events(BYPASSED)
    assert (event["reason"], event["branch"]) == ("A hotfix", "release/1")
    assert event["requirements"] == [{"name": "PROTECTED_START_REQUIRED", "subject": ""}]


def test_a_rule_in_evaluation_only_records_of_what_a_branch_is_made(protected: World) -> None:
    """Another rule in evaluation counts for where it begins as it would once both are active."""
    protected.rule("release/*", requires_proposal=True, mode=RuleMode.EVALUATE)
    protected.proposal()
    make = {"actor": protected.dan, "repository": protected.repository}
    branch_create(**make, name="release/1", start="topic")
    [event] = events(EVALUATED)
    assert (event["branch"], event["move"]) == ("release/1", "io.oms.history.branch.created")
    branch_create(**make, name="release/2", start="release/1")
    assert len(events(EVALUATED)) == 1


# --- People -------------------------------------------------------------------------------------------


def test_a_proposal_lands_with_as_many_approvals_as_the_strictest_rule_asks_for(protected: World) -> None:
    protected.rule(required_approvals=1)
    protected.rule("m*", required_approvals=2)
    proposal = protected.proposal()
    protected.review(proposal, protected.bob)
    assert refused(protected.land, proposal) == {"APPROVALS_REQUIRED": "2 approvals are needed; there is 1."}
    protected.review(proposal, protected.carol)
    assert protected.land(proposal) == protected.head


def test_an_author_approves_where_no_rule_minds(protected: World) -> None:
    rule = protected.rule(required_approvals=1, author_may_not_approve=True)
    proposal = protected.proposal()
    protected.review(proposal, protected.dan)
    assert refused(protected.land, proposal).keys() == {"APPROVALS_REQUIRED"}
    protection_rule_delete(actor=protected.alice, rule=rule)
    protected.rule(required_approvals=1)
    protected.land(proposal)


@pytest.mark.parametrize("own", ["commit", "reset", "resolution", "target"])
def test_who_made_some_of_what_lands_does_not_approve_it(protected: World, own: str) -> None:
    eve = protected.member("eve", Role.DEVELOPER)
    proposal = protected.proposal(thing("Person", status="active", icon="theirs"))
    match own:
        case "commit":
            protected.commit(branch="topic", actor=eve)
            protected.commit(branch="topic")
        case "reset":
            first = protected.branch("topic").head
            protected.commit(branch="topic")
            branch_reset(actor=eve, branch=protected.branch("topic"), to=first.digest)
        case "resolution":
            protected.commit(thing("Person", status="active", icon="ours"))
            resolve(proposal, eve)
        case "target":
            branch_create(actor=protected.alice, repository=protected.repository, name="dev")
            proposal = proposal_update(actor=protected.dan, proposal=proposal, target="dev")
            proposal = proposal_update(actor=eve, proposal=proposal, target="main")
    protected.rule(required_approvals=1, author_may_not_approve=True, dismisses_stale_approvals=True)
    protected.review(proposal, eve)
    assert [each.name.value for each in requirements_of(proposal, eve) if not each.satisfied] == ["APPROVALS_REQUIRED"]
    assert refused(protected.land, proposal, actor=eve).keys() == {"APPROVALS_REQUIRED"}
    protected.review(proposal, protected.bob)
    protected.land(proposal, actor=eve)


def resolve(proposal: Proposal, actor: User, value: str = "chosen", way: Way = Way.MERGE) -> None:
    """Have somebody choose what each conflict of a proposal comes to."""
    for each in proposal_preview(actor=actor, proposal=proposal, way=way).conflicts:
        conflict_resolve(
            actor=actor, proposal=proposal, conflict=each.conflict.id, resolution="custom", value=value, way=way
        )


def test_who_moved_a_source_before_it_parted_from_the_target_approves(protected: World) -> None:
    eve = protected.member("eve", Role.DEVELOPER)
    protected.land(protected.proposal())
    protected.commit(branch="topic", actor=eve)
    protected.land(proposal_open(actor=eve, repository=protected.repository, title="Again", source="topic"))
    protected.rule(required_approvals=1, author_may_not_approve=True)
    protected.commit(branch="topic")
    proposal = proposal_open(actor=protected.dan, repository=protected.repository, title="Last", source="topic")
    protected.review(proposal, eve)
    assert protected.land(proposal) == protected.head


@pytest.mark.parametrize("way", [Way.MERGE, Way.SQUASH, Way.REBASE])
def test_an_approval_of_an_earlier_commit_does_not_count_where_a_rule_dismisses_it(protected: World, way: Way) -> None:
    """Also where the rule came after that commit."""
    proposal = protected.proposal()
    protected.review(proposal, protected.bob)
    protected.commit(branch="topic")
    rule = protected.rule(required_approvals=1, dismisses_stale_approvals=True)
    assert refused(protected.land, proposal, way=way).keys() == {"APPROVALS_REQUIRED"}
    protection_rule_delete(actor=protected.alice, rule=rule)
    protected.rule(required_approvals=1)
    assert protected.land(proposal, way=way) == protected.head


def test_what_lands_is_what_was_approved(protected: World) -> None:
    """The approvals of one commit do not stand for another, whichever of the two is said to be merged."""
    protected.rule(required_approvals=1, dismisses_stale_approvals=True)
    proposal = protected.proposal()
    unapproved = protected.branch("topic").head
    approved = protected.commit(branch="topic")
    protected.review(proposal, protected.bob)
    merge = {"actor": protected.dan, "repository": protected.repository, "target": "main", "way": Way.MERGE}
    for said in (unapproved, approved):
        merge["authority"] = ProposalAuthority(proposal=proposal, source_head=said)
        assert refused(branch_merge, **merge, source=unapproved.digest).keys() == {"APPROVALS_REQUIRED"}
    branch_merge(**merge, source=approved.digest)


FULL: dict[str, Any] = {
    "requires_proposal": True,
    "required_approvals": 1,
    "author_may_not_approve": True,
    "dismisses_stale_approvals": True,
}


def test_an_approval_is_of_what_memory_settled_then(protected: World) -> None:
    """Somebody else's resolution of the same conflict, which comes later, is not what the reviewer saw."""
    eve = protected.member("eve", Role.DEVELOPER)
    merge_settings_set(actor=protected.alice, repository=protected.repository, apply_remembered_resolutions=True)
    proposal = protected.proposal(thing("Person", status="active", icon="theirs"))
    protected.commit(thing("Person", status="active", icon="ours"))
    protected.rule(**FULL)
    elsewhere(protected, "copy", "good")
    protected.review(proposal, protected.bob)
    elsewhere(protected, "evil", "evil", actor=eve)
    needed = [each.name.value for each in proposal_requirements(actor=eve, proposal=proposal) if not each.satisfied]
    assert needed == ["APPROVALS_REQUIRED"]
    assert refused(protected.land, proposal, actor=eve).keys() == {"APPROVALS_REQUIRED"}
    protected.review(proposal, eve)
    assert refused(protected.land, proposal, actor=eve).keys() == {"APPROVALS_REQUIRED"}
    protected.review(proposal, protected.bob)
    assert all(each.satisfied for each in proposal_requirements(actor=eve, proposal=proposal))
    protected.land(proposal, actor=eve)
    assert icon(protected) == "evil"


def test_who_resolved_a_conflict_does_not_approve_what_memory_makes_of_it_however_far_it_went(
    protected: World,
) -> None:
    eve = protected.member("eve", Role.DEVELOPER)
    merge_settings_set(actor=protected.alice, repository=protected.repository, apply_remembered_resolutions=True)
    proposal = protected.proposal(thing("Person", status="active", icon="theirs"))
    protected.commit(thing("Person", status="active", icon="ours"))
    protected.rule(**FULL)
    elsewhere(protected, "first", "evil", actor=eve)
    elsewhere(protected, "second")
    elsewhere(protected, "third")
    protected.review(proposal, eve)
    needed = [each.name.value for each in proposal_requirements(actor=eve, proposal=proposal) if not each.satisfied]
    assert needed == ["APPROVALS_REQUIRED"]
    assert refused(protected.land, proposal).keys() == {"APPROVALS_REQUIRED"}
    protected.review(proposal, protected.bob)
    protected.land(proposal)
    assert icon(protected) == "evil"


def elsewhere(world: World, name: str, value: str = "", actor: User | None = None) -> None:
    """Have the same branches meet in another target, where somebody else's resolution is merged, or what memory has."""
    for branch, start in ((f"{name}-target", "main"), (name, "topic")):
        branch_create(actor=world.dan, repository=world.repository, name=branch, start=start)
    proposal = proposal_open(
        actor=world.dan, repository=world.repository, title=name, source=name, target=f"{name}-target"
    )
    if value:
        resolve(proposal, actor or world.dan, value)
    world.land(proposal)


def icon(world: World) -> Any:
    return TreeView(world.head.root).contents([("object_type", "Person")])["object_type", "Person"].get("icon")


APPROVE_A_REBASE = {
    "/api/v1/repositories/crm/proposals/1/reviews/": {"verdict": "approve", "method": "rebase"},
    "/graphql/": {
        "query": 'mutation { reviewSubmit(repository: "crm", number: 1, verdict: APPROVE, method: REBASE) { id } }'
    },
    "/console/repositories/crm/proposals/1/review/?method=rebase": {"review-verdict": "approve"},
}


@pytest.mark.parametrize("edge", APPROVE_A_REBASE)
def test_an_approval_of_a_merge_is_not_one_of_what_a_rebase_alone_meets(protected: World, edge: str) -> None:
    protected.commit(thing("Person", status="active", icon="a"))
    proposal = protected.proposal(thing("Person", status="active", icon="b"))
    protected.commit(thing("Person", status="active", icon="a"), thing("New"), branch="topic")
    protected.commit(thing("Person", status="active", icon="c"))
    protected.rule(**FULL)
    for value in ("evil", "evil"):
        resolve(proposal, protected.dan, value, Way.REBASE)
    protected.review(proposal, protected.bob)
    assert refused(protected.land, proposal, way=Way.REBASE).keys() == {"APPROVALS_REQUIRED"}
    client = (console_client_for if "console" in edge else api_client_for)(protected.bob)
    client.post(edge, APPROVE_A_REBASE[edge])
    protected.land(proposal, way=Way.REBASE)
    assert icon(protected) == "evil"


def test_an_approval_holds_where_a_conflict_has_gone(protected: World) -> None:
    proposal = protected.proposal(thing("Person", status="active", icon="theirs"))
    before = protected.head
    protected.commit(thing("Person", status="active", icon="ours"))
    resolve(proposal, protected.dan, "chosen")
    protected.review(proposal, protected.bob)
    branch_reset(actor=protected.dan, branch=protected.branch(), to=before.digest)
    protected.rule(**FULL)
    protected.land(proposal)
    assert icon(protected) == "theirs"


def test_a_dismissed_approval_does_not_count_and_brings_none_back(protected: World) -> None:
    protected.rule(required_approvals=1)
    proposal = protected.proposal()
    protected.review(proposal, protected.bob)
    last = protected.review(proposal, protected.bob)
    review_dismiss(actor=protected.alice, review=last, reason="Not looked at")
    assert refused(protected.land, proposal).keys() == {"APPROVALS_REQUIRED"}


@pytest.mark.parametrize("loss", ["membership", "role", "account"])
def test_the_approval_of_who_has_lost_access_does_not_count(protected: World, loss: str) -> None:
    protected.rule(required_approvals=1)
    proposal = protected.proposal()
    protected.review(proposal, protected.bob)
    match loss:
        case "membership":
            Membership.objects.filter(user=protected.bob).delete()
        case "role":
            membership_set(actor=protected.alice, repository=protected.repository, user=protected.bob, role=Role.VIEWER)
        case "account":
            protected.bob.is_active = False
            protected.bob.save()
    assert refused(protected.land, proposal).keys() == {"APPROVALS_REQUIRED"}


def test_an_approval_by_way_of_a_group_counts(protected: World) -> None:
    protected.rule(required_approvals=1)
    proposal = protected.proposal()
    protected.review(proposal, protected.bob)
    Membership.objects.filter(user=protected.bob).delete()
    team = Group.objects.create(name="reviewers")
    protected.bob.groups.add(team)
    Membership.objects.create(repository=protected.repository, group=team, role=Role.REVIEWER)
    assert protected.land(proposal) == protected.head


def test_who_asks_for_changes_holds_a_proposal_until_heard_otherwise(protected: World) -> None:
    protected.rule(required_approvals=1, dismisses_stale_approvals=True)
    proposal = protected.proposal()
    protected.review(proposal, protected.carol, Verdict.REQUEST_CHANGES)
    protected.commit(branch="topic")
    protected.review(proposal, protected.bob)
    assert refused(protected.land, proposal) == {"CHANGES_REQUESTED": "Changes are asked for by Carol."}
    protected.review(proposal, protected.carol)
    protected.land(proposal)


def test_owners_of_what_changes_have_to_approve_and_the_last_pattern_says_who_they_are(protected: World) -> None:
    protected.rule(requires_owner_approval=True)
    set_owners(protected, "*", users=["carol"])
    set_owners(protected, "object_type/Person", users=["bob"])
    proposal = protected.proposal(thing("Person"))
    protected.review(proposal, protected.carol)
    assert refused(protected.land, proposal) == {
        "OWNER_APPROVAL_REQUIRED": "What object_type/Person describes needs the approval of an owner: bob."
    }
    protected.review(proposal, protected.bob)
    protected.land(proposal)


def set_owners(world: World, pattern: str, **owners: Any) -> None:
    _ = world.bob, world.carol
    owners_set(actor=world.alice, repository=world.repository, pattern=pattern, **owners)


def test_a_member_of_a_group_approves_for_it(protected: World) -> None:
    protected.rule(requires_owner_approval=True)
    team = Group.objects.create(name="sales")
    set_owners(protected, "Comp*", groups=["sales"])
    proposal = protected.proposal(thing("Company", icon="office"))
    protected.review(proposal, protected.bob)
    assert refused(protected.land, proposal) == {
        "OWNER_APPROVAL_REQUIRED": "What Comp* describes needs the approval of an owner: @sales."
    }
    protected.bob.groups.add(team)
    protected.land(proposal)


def test_nobody_is_asked_for_what_nobody_owns_or_what_does_not_change(protected: World) -> None:
    protected.rule(requires_owner_approval=True)
    set_owners(protected, "**", users=["bob"])
    set_owners(protected, "object_type/*", users=[])
    protected.land(protected.proposal(thing("Company", icon="office")))
    proposal = protected.proposal(Put("value_type", "Color", {"type": "string"}), source="colors")
    assert refused(protected.land, proposal).keys() == {"OWNER_APPROVAL_REQUIRED"}


def test_a_rename_asks_the_owners_of_both_names(protected: World) -> None:
    protected.rule(requires_owner_approval=True)
    set_owners(protected, "Person", users=["bob"])
    set_owners(protected, "Human", users=["carol"])
    proposal = protected.proposal(Rename("object_type", "Person", "Human"))
    with pytest.raises(BranchProtected) as raised:
        protected.land(proposal)
    assert len(raised.value.errors) == 2


# --- What is said, found and checked ------------------------------------------------------------------


def test_every_thread_has_to_be_resolved(protected: World) -> None:
    protected.rule(requires_resolved_comments=True)
    proposal = protected.proposal()
    comment = comment_create(actor=protected.bob, proposal=proposal, body="Why?")
    comment_create(actor=protected.dan, proposal=proposal, body="Because.", parent=comment)
    assert refused(protected.land, proposal) == {"COMMENTS_UNRESOLVED": "1 comment is not resolved."}
    thread_resolve(actor=protected.bob, comment=comment)
    protected.land(proposal)


@pytest.mark.parametrize("way", [Way.MERGE, Way.SQUASH, Way.REBASE])
def test_the_source_has_to_hold_the_target(protected: World, way: Way) -> None:
    proposal = protected.proposal()
    protected.commit()
    protected.rule(requires_up_to_date=True)
    assert refused(protected.land, proposal, way=way).keys() == {"UPDATE_REQUIRED"}
    branch_merge(actor=protected.dan, repository=protected.repository, source="main", target="topic")
    protected.land(proposal, way=way)


def test_a_direct_merge_of_what_does_not_hold_the_target_is_not_up_to_date_either(protected: World) -> None:
    protected.proposal()
    protected.commit()
    protected.rule(requires_up_to_date=True)
    merge = {"actor": protected.dan, "repository": protected.repository, "source": "topic", "target": "main"}
    assert refused(branch_merge, **merge).keys() == {"UPDATE_REQUIRED"}
    protected.commit()


def test_grave_findings_land_when_somebody_answers_for_each(protected: World) -> None:
    protected.rule(forbids_findings_from="high")
    proposal = protected.proposal(Delete("object_type", "Person"), thing("Other"))
    assert refused(protected.land, proposal).keys() == {"FINDINGS_FORBIDDEN"}
    finding_override(
        actor=protected.ada,
        proposal=proposal,
        rule="OT_DELETED",
        path="/resources/object_type/Person",
        reason="Nobody uses it",
    )
    protected.land(proposal)


def test_light_findings_land(protected: World) -> None:
    protected.rule(forbids_findings_from="medium")
    protected.commit(thing("Company", icon="office"))
    assert refused(protected.commit, Delete("object_type", "Person")).keys() == {"FINDINGS_FORBIDDEN"}


def test_a_consumer_of_something_else_makes_no_finding_lighter(protected: World) -> None:
    protected.rule(forbids_findings_from="critical")
    proposal = protected.proposal(Delete("object_type", "Person"), thing("Other"))
    declared = Declared(reads=[(("object_type", "Company"), "")])
    consumer_register(actor=protected.dan, repository=protected.repository, name="crawler", declared=declared)
    deleted = proposal_preview(actor=protected.dan, proposal=proposal).preview.findings[0]
    assert (deleted.severity, deleted.own_severity) == ("high", "critical")
    assert refused(protected.land, proposal) == {
        "FINDINGS_FORBIDDEN": "1 finding is too grave and not overridden: OT_DELETED (critical)"
        " at /resources/object_type/Person."
    }
    override = finding_override(
        actor=protected.ada, proposal=proposal, rule=deleted.rule, path=deleted.path, reason="Nobody uses it"
    )
    assert override.severity == "critical"
    protected.land(proposal)


def test_an_override_does_not_stand_for_something_graver(protected: World) -> None:
    protected.rule(forbids_findings_from="medium")
    proposal = protected.proposal(Delete("object_type", "Person"), thing("Other"))
    override = finding_override(
        actor=protected.ada,
        proposal=proposal,
        rule="OT_DELETED",
        path="/resources/object_type/Person",
        reason="Nobody uses it",
    )
    override.severity = "medium"
    override.save()
    assert refused(protected.land, proposal).keys() == {"FINDINGS_FORBIDDEN"}


def override(proposal: Proposal, giver: User) -> None:
    """Have somebody answer for the gravest finding of a proposal."""
    gravest = proposal_preview(actor=giver, proposal=proposal).preview.findings[0]
    finding_override(actor=giver, proposal=proposal, rule=gravest.rule, path=gravest.path, reason="It is known")


def test_an_override_for_one_target_does_not_count_for_another(protected: World) -> None:
    protected.rule(forbids_findings_from="high")
    branch_create(actor=protected.dan, repository=protected.repository, name="sandbox")
    proposal = protected.proposal(Delete("object_type", "Person"))
    proposal_update(actor=protected.dan, proposal=proposal, target="sandbox")
    proposal.refresh_from_db()
    override(proposal, protected.ada)
    proposal = proposal_update(actor=protected.dan, proposal=proposal, target="main")
    assert refused(protected.land, proposal).keys() == {"FINDINGS_FORBIDDEN"}
    override(proposal, protected.ada)
    protected.land(proposal)


def test_an_override_of_one_change_does_not_count_for_another(protected: World) -> None:
    def person(type_: str) -> Put:
        properties = {"id": {"type": "string"}, "age": {"type": type_, "status": "active"}}
        return Put("object_type", "Person", {"status": "active", "properties": properties})

    protected.commit(person("string"))
    protected.rule(forbids_findings_from="high")
    proposal = protected.proposal(person("integer"))
    override(proposal, protected.ada)
    protected.commit(person("boolean"), branch="topic")
    assert refused(protected.land, proposal).keys() == {"FINDINGS_FORBIDDEN"}
    protected.commit(person("integer"), branch="topic")
    protected.land(proposal)


@pytest.mark.parametrize("own", ["proposal", "commit", "resolution"])
def test_an_owner_who_made_some_of_what_lands_does_not_answer_for_what_it_breaks(protected: World, own: str) -> None:
    eve = protected.member("eve", Role.DEVELOPER)
    owners_set(actor=protected.alice, repository=protected.repository, pattern="object_type/Person", users=["eve"])
    protected.rule(forbids_findings_from="high")
    proposal = protected.proposal(Delete("object_type", "Person"), thing("Company", icon="theirs"))
    override(proposal, eve)
    match own:
        case "proposal":
            proposal_close(actor=protected.dan, proposal=proposal)
            proposal = proposal_open(actor=eve, repository=protected.repository, title="Own", source="topic")
        case "commit":
            protected.commit(branch="topic", actor=eve)
        case "resolution":
            protected.commit(thing("Company", icon="ours"))
            resolve(proposal, eve)
    needed = [each.name.value for each in proposal_requirements(actor=eve, proposal=proposal) if not each.satisfied]
    assert needed == ["FINDINGS_FORBIDDEN"]
    assert refused(protected.land, proposal).keys() == {"FINDINGS_FORBIDDEN"}
    with pytest.raises(NotAllowed):
        override(proposal, eve)
    override(proposal, protected.ada)
    protected.land(proposal)


@pytest.mark.parametrize("loss", ["role", "ownership", "membership", "account"])
def test_the_override_of_who_may_not_any_more_does_not_count(protected: World, loss: str) -> None:
    protected.rule(forbids_findings_from="high")
    proposal = protected.proposal(Delete("object_type", "Person"))
    role = Role.ADMINISTRATOR if loss == "role" else Role.VIEWER
    mallory = protected.member("mallory", role)
    if loss != "role":
        owners_set(actor=protected.alice, repository=protected.repository, pattern="Person", users=["mallory"])
    override(proposal, mallory)
    match loss:
        case "role":
            membership_set(actor=protected.alice, repository=protected.repository, user=mallory, role=Role.VIEWER)
        case "ownership":
            owners_set(actor=protected.alice, repository=protected.repository, pattern="Person", users=["alice"])
        case "membership":
            Membership.objects.filter(user=mallory).delete()
        case "account":
            mallory.is_active = False
            mallory.save()
    assert refused(protected.land, proposal).keys() == {"FINDINGS_FORBIDDEN"}


def test_checks_are_those_of_the_source_and_the_last_of_a_name_counts(protected: World) -> None:
    protected.rule(required_checks=["lint"])
    proposal = protected.proposal()
    head = protected.branch("topic").head

    def post(state: str, commit: Any = head) -> None:
        check_post(actor=protected.ci, commit=commit, name="lint", state=state)

    assert refused(protected.land, proposal) == {"CHECK_REQUIRED": "The check lint has not been posted."}
    post("success", protected.head)
    post("success")
    post("failure")
    assert refused(protected.land, proposal) == {"CHECK_REQUIRED": "The check lint has failed."}
    post("success")
    protected.land(proposal)


def test_without_a_proposal_checks_are_those_of_the_new_head(protected: World) -> None:
    branch_create(actor=protected.dan, repository=protected.repository, name="topic")
    head = protected.commit(branch="topic")
    protected.rule(required_checks=["lint"])
    merge = {"actor": protected.dan, "repository": protected.repository, "source": "topic", "target": "main"}
    assert refused(branch_merge, **merge).keys() == {"CHECK_REQUIRED"}
    check_post(actor=protected.ci, commit=head, name="lint", state="success")
    branch_merge(**merge)
    assert refused(protected.commit).keys() == {"CHECK_REQUIRED"}


def test_a_linear_history_takes_no_merge_commit_and_what_squash_and_rebase_make(protected: World) -> None:
    protected.rule(requires_linear_history=True)
    for number, way in enumerate((Way.SQUASH, Way.REBASE)):
        proposal = protected.proposal(source=f"topic{number}")
        protected.commit(branch=f"topic{number}")
        protected.commit()
        assert refused(protected.land, proposal).keys() == {"LINEAR_HISTORY_REQUIRED"}
        protected.land(proposal, way=way)
    line, _ = log_page([protected.head.digest], 50)
    assert all(len(commit.parent_edges.all()) <= 1 for commit in line)


def test_a_fast_forward_over_a_merge_commit_is_not_linear(protected: World) -> None:
    protected.proposal()
    branch_create(actor=protected.dan, repository=protected.repository, name="side")
    protected.commit(branch="side")
    branch_merge(actor=protected.dan, repository=protected.repository, source="side", target="topic", way=Way.MERGE)
    protected.commit(branch="topic")
    protected.rule(requires_linear_history=True)
    merge = {"actor": protected.dan, "repository": protected.repository, "source": "topic", "target": "main"}
    assert refused(branch_merge, **merge).keys() == {"LINEAR_HISTORY_REQUIRED"}


# --- Going past, trying out, failing ------------------------------------------------------------------


def test_who_a_rule_lets_past_gives_a_reason_and_it_is_told(protected: World) -> None:
    protected.rule(requires_proposal=True, required_approvals=1, bypass_roles=["administrator"])
    assert refused(protected.commit, actor=protected.alice).keys() == {"PROPOSAL_REQUIRED", "APPROVALS_REQUIRED"}
    assert refused(protected.commit, actor=protected.alice, reason="  ")
    before = protected.head
    protected.commit(actor=protected.alice, reason="The night shift waits")
    [event] = events(BYPASSED)
    assert event == {
        "repository": "crm",
        "branch": "main",
        "head": before.digest,
        "move": "io.oms.history.commit.created",
        "rules": ["main"],
        "requirements": [
            {"name": "PROPOSAL_REQUIRED", "subject": ""},
            {"name": "APPROVALS_REQUIRED", "subject": ""},
        ],
        "reason": "The night shift waits",
    }


def test_the_reason_of_who_may_not_go_past_does_not_help_and_does_not_harm(protected: World) -> None:
    protected.rule(requires_proposal=True, bypass_roles=["administrator"])
    assert refused(protected.commit, reason="I am in a hurry").keys() == {"PROPOSAL_REQUIRED"}
    protected.commit(branch=protected.proposal().source, reason="I am in a hurry")
    assert events(BYPASSED) == []


def test_what_another_rule_asks_for_still_holds_who_goes_past_one(protected: World) -> None:
    protected.rule(requires_proposal=True, bypass_roles=["developer"])
    protected.rule("**", required_checks=["lint"])
    assert refused(protected.commit, reason="Hotfix").keys() == {"CHECK_REQUIRED"}
    assert events(BYPASSED) == []


def test_a_reason_where_nothing_is_gone_past_is_not_told(protected: World) -> None:
    protected.rule(requires_proposal=True, bypass_roles=["developer"])
    protected.land(protected.proposal(), reason="To be safe")
    assert events(BYPASSED) == []


def test_archiving_and_deletion_are_bypassed_likewise(protected: World) -> None:
    branch_create(actor=protected.dan, repository=protected.repository, name="release")
    protected.rule("release", forbids_deletion=True, bypass_roles=["developer"])
    past = {"actor": protected.dan, "authority": Authority(bypass_reason="A typo")}
    branch_archive(branch=protected.branch("release"), **past)
    branch_delete(branch=protected.branch("release"), **past)
    assert [(event["move"], event["reason"]) for event in events(BYPASSED)] == [
        ("io.oms.history.branch.archived", "A typo"),
        ("io.oms.history.branch.deleted", "A typo"),
    ]


def test_a_rule_in_evaluation_lets_everything_pass_and_tells_what_it_would_refuse(protected: World) -> None:
    protected.rule(mode="evaluate", requires_proposal=True, required_checks=["lint"])
    protected.commit()
    [event] = events(EVALUATED)
    assert event["rules"] == ["main"]
    assert event["requirements"] == [
        {"name": "PROPOSAL_REQUIRED", "subject": ""},
        {"name": "CHECK_REQUIRED", "subject": "lint"},
    ]
    assert events(REFUSED) == []


def test_a_rule_in_evaluation_only_records_that_a_branch_is_archived(protected: World) -> None:
    branch_create(actor=protected.dan, repository=protected.repository, name="release")
    protected.rule("release", mode="evaluate", forbids_deletion=True)
    assert branch_archive(actor=protected.dan, branch=protected.branch("release")).state == "archived"
    [event] = events(EVALUATED)
    assert (event["move"], event["requirements"]) == (
        "io.oms.history.branch.archived",
        [{"name": "ARCHIVING_FORBIDDEN", "subject": ""}],
    )


def test_a_move_that_an_active_rule_refuses_is_not_told_as_evaluated(protected: World) -> None:
    protected.rule(requires_proposal=True)
    protected.rule("**", mode="evaluate", required_checks=["lint"])
    refused(protected.commit)
    assert events(EVALUATED) == []


def fail(*_arguments: Any) -> None:
    raise RuntimeError("The rules are on fire.")


def test_a_branch_does_not_move_where_it_cannot_be_found_out_what_is_asked(
    protected: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    protected.rule(requires_proposal=True, bypass_roles=["administrator"])
    proposal, before = protected.proposal(), protected.head
    monkeypatch.setattr("merging.services.guard.facts_of", fail)
    assert refused(protected.land, proposal).keys() == {"PROTECTION_UNDECIDED"}
    assert refused(protected.commit, actor=protected.alice, reason="Now").keys() == {"PROTECTION_UNDECIDED"}
    assert protected.head == before
    assert [event["rules"] for event in events(REFUSED)] == [["PROTECTION_UNDECIDED"]] * 2


def test_a_rule_in_evaluation_stops_nobody_however_it_fails(protected: World, monkeypatch: pytest.MonkeyPatch) -> None:
    protected.rule(mode="evaluate", requires_proposal=True)
    monkeypatch.setattr("merging.services.guard.facts_of", fail)
    assert protected.commit() == protected.head


# --- Beforehand ---------------------------------------------------------------------------------------


def test_what_will_be_asked_is_known_before_the_merge(protected: World) -> None:
    protected.rule(
        requires_proposal=True, required_approvals=1, required_checks=["lint"], bypass_roles=["administrator"]
    )
    proposal = protected.proposal()
    asked = {each.name.value: each for each in requirements_of(proposal, protected.dan)}
    assert {name: each.satisfied for name, each in asked.items()} == {
        "PROPOSAL_REQUIRED": True,
        "APPROVALS_REQUIRED": False,
        "CHANGES_REQUESTED": True,
        "CHECK_REQUIRED": False,
    }
    assert not any(each.may_be_bypassed for each in asked.values())
    of_alice = requirements_of(proposal, protected.alice)
    assert {each.name.value for each in of_alice if each.may_be_bypassed} == {"APPROVALS_REQUIRED", "CHECK_REQUIRED"}


def test_nothing_is_asked_of_an_ended_proposal_or_a_free_branch(protected: World) -> None:
    proposal = protected.proposal()
    assert requirements_of(proposal, protected.dan) == []
    protected.rule(requires_proposal=True)
    assert len(requirements_of(proposal, protected.dan)) == 1
    proposal_close(actor=protected.dan, proposal=proposal)
    proposal.refresh_from_db()
    assert requirements_of(proposal, protected.dan) == []


def test_what_a_rule_in_evaluation_would_ask_is_known_apart(protected: World) -> None:
    protected.rule(mode="evaluate", required_checks=["lint"])
    proposal = protected.proposal()
    assert requirements_of(proposal, protected.dan) == []
    [asked] = requirements_of(proposal, protected.dan, mode=RuleMode.EVALUATE)
    assert (asked.name.value, asked.subject, asked.satisfied) == ("CHECK_REQUIRED", "lint", False)


EVERYTHING: dict[str, Any] = {
    "requires_proposal": True,
    "required_approvals": 1,
    "requires_owner_approval": True,
    "author_may_not_approve": True,
    "dismisses_stale_approvals": True,
    "requires_resolved_comments": True,
    "requires_up_to_date": True,
    "forbids_findings_from": "low",
    "required_checks": ["lint"],
    "requires_linear_history": True,
    "forbids_deletion": True,
    "forbids_reset": True,
}


def test_what_is_asked_costs_no_more_for_many_reviewers_owners_and_checks_than_for_few(protected: World) -> None:
    protected.rule(**EVERYTHING)
    counts = []
    for size in (1, 6):
        source = f"topic{size}"
        proposal = protected.proposal(*(thing(f"T{size}x{number}") for number in range(size)), source=source)
        for number in range(size):
            reviewer = UserFactory(username=f"r{size}x{number}")
            membership_set(actor=protected.alice, repository=protected.repository, user=reviewer, role=Role.REVIEWER)
            protected.review(proposal, reviewer)
            set_owners(protected, f"T{size}x{number}", users=[reviewer.username])
            comment_create(actor=reviewer, proposal=proposal, body="Hm")
            check_post(actor=protected.ci, commit=protected.branch(source).head, name="lint", state="success")
        with CaptureQueriesContext(connection) as queries:
            assert refused(protected.land, proposal, way=Way.SQUASH).keys() == {
                "COMMENTS_UNRESOLVED",
                "FINDINGS_FORBIDDEN",
            }
        counts.append(len(queries))
    assert counts[0] == counts[1]
