"""Reviews and comments: whose verdict counts, what goes stale, and how threads are resolved."""

from typing import Any

import pytest

from accounts.models import User
from history.exceptions import NotAllowed, RepositoryNotFound, StaleHead
from history.models import Role
from history.selectors import branch_get
from history.services import membership_set
from merging.exceptions import (
    CommentInvalid,
    CommentNotFound,
    ProposalChanged,
    ProposalIsClosed,
    ReviewerNotFound,
    ReviewInvalid,
)
from merging.models import Proposal, ProposalState, Verdict
from merging.selectors import comment_get, heads_of, proposal_get, reviewers_of, threads_of
from merging.services import (
    comment_create,
    comment_edit,
    conflict_resolve,
    proposal_close,
    proposal_preview,
    proposal_reopen,
    proposal_update,
    protection_rule_create,
    review_dismiss,
    review_submit,
    reviewer_request,
    reviewer_withdraw,
    thread_reopen,
    thread_resolve,
)
from tests.merging.branches import branch, edit, put
from tests.merging.proposing import World, propose, told
from tests.merging.protected import events

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(here: World) -> Proposal:
    return propose(here.crm, actor=here.bob)


def say(proposal: Proposal, actor: Any, verdict: str, **more: Any) -> str:
    """The state of the proposal after a review."""
    review_submit(actor=actor, proposal=proposal, verdict=Verdict(verdict), **more)
    return state(proposal)


def state(proposal: Proposal) -> str:
    return proposal_get(proposal.repository, proposal.number).state


# --- Reviews ------------------------------------------------------------------------------------------


def test_the_last_verdict_of_each_reviewer_counts_and_a_comment_is_none(here: World, proposal: Proposal) -> None:
    assert say(proposal, here.carol, "approve") == ProposalState.APPROVED
    assert say(proposal, here.dora, "request_changes") == ProposalState.CHANGES_REQUESTED
    assert say(proposal, here.dora, "comment", body="Soon.") == ProposalState.CHANGES_REQUESTED
    assert say(proposal, here.dora, "approve") == ProposalState.APPROVED
    assert say(proposal, here.carol, "request_changes") == ProposalState.CHANGES_REQUESTED


def test_a_review_is_of_the_source_as_it_stands(here: World, proposal: Proposal) -> None:
    seen = branch_get(here.crm, "topic").head_id
    head = edit(here.crm, "topic", put("Toy"))
    with pytest.raises(StaleHead) as caught:
        say(proposal, here.carol, "approve", expected_head=seen)
    assert caught.value.extensions["head"] == head.digest
    review = review_submit(actor=here.carol, proposal=proposal, verdict=Verdict.APPROVE, expected_head=head.digest)
    assert review.commit == head


def test_a_review_is_of_the_target_and_the_resolutions_that_were_seen(here: World, proposal: Proposal) -> None:
    branch(here.crm, "release")
    edit(here.crm, "main", put("Person", icon="ours"))
    edit(here.crm, "topic", put("Person", icon="theirs"))
    (found,) = proposal_preview(actor=here.bob, proposal=proposal).conflicts

    def decide() -> None:
        conflict_resolve(actor=here.bob, proposal=proposal, conflict=found.conflict.id, resolution="ours")

    def decide_otherwise() -> None:
        conflict_resolve(actor=here.bob, proposal=proposal, conflict=found.conflict.id, resolution="theirs")

    def retarget() -> None:
        proposal_update(actor=here.bob, proposal=proposal, target="release")

    for change in (decide, decide_otherwise, retarget):
        seen = proposal_get(here.crm, proposal.number)
        change()
        for verdict in ("approve", "request_changes"):
            with pytest.raises(ProposalChanged) as raised:
                say(proposal_get(here.crm, proposal.number), here.carol, verdict, expected_revision=seen.revision)
            assert raised.value.extensions == {"revision": seen.revision + 1}
    assert not proposal.reviews.exists()
    now = proposal_get(here.crm, proposal.number)
    say(now, here.carol, "approve", expected_revision=now.revision)
    assert [review.revision for review in proposal.reviews.all()] == [3]


def test_who_reviews(here: World, proposal: Proposal) -> None:
    for name in ("alice", "bob", "carol", "dora"):
        say(proposal, getattr(here, name), "comment", body="Seen.")
    with pytest.raises(NotAllowed):
        say(proposal, here.dave, "comment", body="Seen.")
    with pytest.raises(ReviewInvalid):
        say(proposal, here.carol, "comment")
    proposal_close(actor=here.bob, proposal=proposal)
    with pytest.raises(ProposalIsClosed):
        say(proposal, here.carol, "approve")


def test_a_dismissed_verdict_counts_no_longer(here: World, proposal: Proposal) -> None:
    review = review_submit(actor=here.carol, proposal=proposal, verdict=Verdict.REQUEST_CHANGES)
    with pytest.raises(NotAllowed):
        review_dismiss(actor=here.bob, review=review, reason="I disagree")
    with pytest.raises(ReviewInvalid):
        review_dismiss(actor=here.alice, review=review, reason=" ")
    dismissed = review_dismiss(actor=here.alice, review=review, reason="Settled by mail")
    assert (dismissed.dismissed_by, dismissed.dismissal_reason) == (here.alice, "Settled by mail")
    assert state(proposal) == ProposalState.OPEN
    review_dismiss(actor=here.carol, review=review, reason="Again")
    assert told(proposal) == ["proposal.opened", "review.submitted", "review.dismissed"]


def test_reviewers_take_back_their_own_verdicts(here: World, proposal: Proposal) -> None:
    review = review_submit(actor=here.carol, proposal=proposal, verdict=Verdict.APPROVE)
    review_dismiss(actor=here.carol, review=review, reason="Too early")
    assert state(proposal) == ProposalState.OPEN


def test_people_are_asked_and_once_they_have_answered_awaited_no_longer(here: World, proposal: Proposal) -> None:
    reviewer_request(actor=here.bob, proposal=proposal, username="carol")
    reviewer_request(actor=here.bob, proposal=proposal, username="carol")
    reviewer_request(actor=here.bob, proposal=proposal, username="dora")
    say(proposal, here.carol, "approve")
    reviewer_withdraw(actor=here.bob, proposal=proposal, username="dora")

    def people() -> list[tuple[str, bool, bool]]:
        found = reviewers_of(proposal, heads_of(proposal))
        return [(each.user.username, each.is_awaited, each.is_stale) for each in found]

    assert people() == [("carol", False, False)]
    edit(here.crm, "topic", put("Toy"))
    assert people() == [("carol", False, True)]
    reviewer_request(actor=here.bob, proposal=proposal, username="carol")
    assert people() == [("carol", True, True)]
    assert told(proposal)[1:5] == ["reviewer.requested", "reviewer.requested", "review.submitted", "reviewer.withdrawn"]


def test_who_may_not_review_is_not_asked_and_whether_there_is_such_an_account_is_not_told(
    here: World, proposal: Proposal
) -> None:
    for name in ("nobody", "dave", "charlie", "a\0b"):
        with pytest.raises(ReviewInvalid) as caught:
            reviewer_request(actor=here.bob, proposal=proposal, username=name)
        assert caught.value.detail == f"{name} may not review here."


def test_nobody_is_asked_no_longer_who_is_not_asked(here: World, proposal: Proposal) -> None:
    reviewer_request(actor=here.bob, proposal=proposal, username="carol")
    say(proposal, here.carol, "approve")
    for name in ("carol", "dora", "nobody", "a\0b"):
        with pytest.raises(ReviewerNotFound) as caught:
            reviewer_withdraw(actor=here.bob, proposal=proposal, username=name)
        assert caught.value.detail == f"{name} is not asked for a review."


def test_a_comment_is_no_verdict_to_dismiss(here: World, proposal: Proposal) -> None:
    review = review_submit(actor=here.carol, proposal=proposal, verdict=Verdict.COMMENT, body="Why?")
    with pytest.raises(ReviewInvalid) as caught:
        review_dismiss(actor=here.carol, review=review, reason="Settled")
    assert caught.value.detail == "A comment is no verdict, so there is nothing to dismiss."
    assert told(proposal) == ["proposal.opened", "review.submitted"]


def test_approvals_of_another_result_are_dismissed_where_the_rules_of_the_target_say_so(
    here: World, proposal: Proposal
) -> None:
    say(proposal, here.carol, "approve")
    edit(here.crm, "topic", put("Toy"))
    assert state(proposal) == ProposalState.APPROVED
    branch(here.crm, "release")
    for pattern in ("main", "release"):
        rule = {"pattern": pattern, "requires_proposal": False, "dismisses_stale_approvals": True}
        protection_rule_create(actor=here.alice, repository=here.crm, fields=rule)
    say(proposal, here.carol, "approve")
    say(proposal, here.dora, "request_changes")
    edit(here.crm, "main", put("Place"))
    assert proposal.reviews.standing().count() == 2
    edit(here.crm, "topic", put("Ball"))
    assert [review.reviewer for review in proposal.reviews.standing()] == [here.dora]
    assert say(proposal, here.dora, "approve") == ProposalState.APPROVED
    proposal_update(actor=here.bob, proposal=proposal, target="release")
    assert state(proposal) == ProposalState.OPEN
    assert told(proposal)[-2:] == ["proposal.updated", "review.dismissed"]


def test_approvals_are_of_the_conflicts_as_they_were_resolved_and_of_the_source_before_a_break(
    here: World, proposal: Proposal
) -> None:
    rule = {"pattern": "main", "requires_proposal": False, "dismisses_stale_approvals": True}
    protection_rule_create(actor=here.alice, repository=here.crm, fields=rule)
    edit(here.crm, "main", put("Person", icon="ours"))
    edit(here.crm, "topic", put("Person", icon="theirs"))
    say(proposal, here.carol, "approve")
    (found,) = proposal_preview(actor=here.bob, proposal=proposal).conflicts
    conflict_resolve(actor=here.bob, proposal=proposal, conflict=found.conflict.id, resolution="ours")
    assert state(proposal) == ProposalState.OPEN
    say(proposal, here.carol, "approve")
    proposal_close(actor=here.bob, proposal=proposal)
    edit(here.crm, "topic", put("Toy"))
    assert proposal.reviews.standing().count() == 1
    proposal_reopen(actor=here.bob, proposal=proposal)
    assert state(proposal) == ProposalState.OPEN


# --- Comments -----------------------------------------------------------------------------------------


def test_threads_hold_replies_and_are_resolved_as_a_whole(here: World, proposal: Proposal) -> None:
    path = "/resources/object_type/Pet/properties/id/type"
    first = comment_create(actor=here.carol, proposal=proposal, body="Why a string?", path=path)
    reply = comment_create(actor=here.bob, proposal=proposal, body="By law.", parent=first)
    comment_create(actor=here.carol, proposal=proposal, body="I see.", parent=reply)
    comment_create(actor=here.dora, proposal=proposal, body="Nice.")
    thread, other = threads_of(proposal)
    assert (thread.path, [each.body for each in thread.replies.all()]) == (path, ["By law.", "I see."])
    assert proposal_get(here.crm, 1).unresolved_count == 2
    assert thread_resolve(actor=here.bob, comment=comment_get(proposal, reply.pk)).resolved_by == here.bob
    thread_resolve(actor=here.carol, comment=comment_get(proposal, first.pk))
    found = proposal_get(here.crm, 1)
    assert (found.comment_count, found.unresolved_count) == (4, 1)
    assert thread_reopen(actor=here.carol, comment=comment_get(proposal, first.pk)).resolved_at is None
    thread_reopen(actor=here.carol, comment=comment_get(proposal, other.pk))
    assert told(proposal)[-2:] == ["thread.resolved", "thread.reopened"]


def test_a_comment_stands_at_a_place_that_either_branch_has_or_may_have(here: World, proposal: Proposal) -> None:
    for path in (
        "/resources/object_type/Pet",
        "/resources/object_type/Company/description/en",
        "/resources/object_type/Pet/properties/other/type/precision",
    ):
        assert comment_create(actor=here.carol, proposal=proposal, body="Here.", path=path).path == path


def test_what_no_comment_may_be(here: World, proposal: Proposal) -> None:
    unknown = ("/path", "PATH_UNKNOWN")
    for more, error in (
        ({"body": " "}, ("/body", "REQUIRED")),
        ({"body": "x" * 65_537}, ("/body", "LENGTH")),
        ({"path": "resources/object_type/Pet"}, unknown),
        ({"path": "main"}, unknown),
        ({"path": "/resources/object_type"}, unknown),
        ({"path": "/resources/object_type/Nothing"}, unknown),
        ({"path": "/resources/planet/Pet"}, unknown),
        ({"path": "/resources/object_type/Pet/colour"}, unknown),
        ({"path": "/resources/object_type/Pet/\0"}, unknown),
        ({"path": "/" + "x" * 1_000}, ("/path", "LENGTH")),
    ):
        with pytest.raises(CommentInvalid) as caught:
            comment_create(**{"actor": here.carol, "proposal": proposal, "body": "Here.", **more})
        assert [(each.field, each.rule) for each in caught.value.errors] == [error]


def test_a_reply_stands_where_its_thread_does(here: World, proposal: Proposal) -> None:
    first = comment_create(actor=here.carol, proposal=proposal, body="Here.")
    with pytest.raises(CommentInvalid):
        comment_create(
            actor=here.bob, proposal=proposal, body="There.", parent=first, path="/resources/object_type/Pet"
        )


def test_who_may_discuss_does_so_after_the_end_as_well(here: World, proposal: Proposal) -> None:
    proposal_close(actor=here.bob, proposal=proposal)
    first = comment_create(actor=here.carol, proposal=proposal, body="A pity.")
    thread_resolve(actor=here.bob, comment=first)
    with pytest.raises(NotAllowed):
        comment_create(actor=here.dave, proposal=proposal, body="Hm.")
    with pytest.raises(NotAllowed):
        thread_reopen(actor=here.dave, comment=first)


def test_who_wrote_a_comment_has_it_say_something_else(here: World, proposal: Proposal) -> None:
    path = "/resources/object_type/Pet"
    first = comment_create(actor=here.carol, proposal=proposal, body="Why?", path=path)
    reply = comment_create(actor=here.bob, proposal=proposal, body="By lw.", parent=first)
    edited = comment_edit(actor=here.bob, comment=comment_get(proposal, reply.pk), body="By law.")
    assert (edited.body, edited.created_at, edited.parent) == ("By law.", reply.created_at, first)
    assert edited.edited_at is not None
    assert edited.edited_at > edited.created_at
    proposal_close(actor=here.bob, proposal=proposal)
    assert comment_edit(actor=here.carol, comment=comment_get(proposal, first.pk), body="Why so?").path == path
    assert events("io.oms.merging.comment.edited") == [
        {"repository": "crm", "proposal": 1, "comment": reply.pk, "path": "", "thread": first.pk},
        {"repository": "crm", "proposal": 1, "comment": first.pk, "path": path, "thread": first.pk},
    ]


def test_a_comment_that_says_so_already_is_not_edited(here: World, proposal: Proposal) -> None:
    comment = comment_create(actor=here.carol, proposal=proposal, body="Why?")
    assert comment_edit(actor=here.carol, comment=comment, body="Why?").edited_at is None
    assert told(proposal)[-1] == "comment.created"


def test_nobody_else_edits_a_comment(here: World, proposal: Proposal) -> None:
    comment = comment_create(actor=here.carol, proposal=proposal, body="Why?")
    for name, error in (("alice", NotAllowed), ("bob", NotAllowed), ("charlie", RepositoryNotFound)):
        with pytest.raises(error):
            comment_edit(actor=getattr(here, name), comment=comment, body="Never mind.")
    membership_set(actor=here.alice, repository=here.crm, user=here.carol, role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        comment_edit(actor=User.objects.get(pk=here.carol.pk), comment=comment, body="Never mind.")
    comment.refresh_from_db()
    assert (comment.body, comment.edited_at) == ("Why?", None)
    assert told(proposal)[-1] == "comment.created"


@pytest.mark.parametrize(("body", "rule"), [(" ", "REQUIRED"), ("x" * 65_537, "LENGTH"), ("\0", "NULL_CHARACTER")])
def test_an_edited_comment_is_held_to_what_any_is(here: World, proposal: Proposal, body: str, rule: str) -> None:
    comment = comment_create(actor=here.carol, proposal=proposal, body="Why?")
    with pytest.raises(CommentInvalid) as caught:
        comment_edit(actor=here.carol, comment=comment, body=body)
    assert [(each.field, each.rule) for each in caught.value.errors] == [("/body", rule)]
    comment.refresh_from_db()
    assert (comment.body, comment.edited_at) == ("Why?", None)


def test_comments_are_found_in_their_own_proposal_only(here: World, proposal: Proposal) -> None:
    branch(here.crm, "second", "topic")
    other = propose(here.crm, "second")
    first = comment_create(actor=here.carol, proposal=proposal, body="Here.")
    with pytest.raises(CommentNotFound):
        comment_get(other, first.pk)
