"""The list of proposals and the page of one, as people use them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from history.engine.changes import Put
from history.models import Commit, Repository, Role
from history.selectors import branch_get
from history.services import branch_create, membership_set
from merging.models import Proposal, ProposalState, Review, Verdict
from merging.services import (
    comment_create,
    comment_edit,
    proposal_close,
    proposal_open,
    protection_rule_create,
    review_submit,
    reviewer_request,
)
from tests.console.conftest import PERSON
from tests.console.pages import WORLD, state, text
from tests.factories import UserFactory

Clients = Callable[[User], Client]
PROPOSALS = f"{WORLD}proposals/"
ONE = f"{PROPOSALS}1/"


@pytest.fixture
def topic(alice: User, repository: Repository, person: Commit, commit: Callable[..., Commit]) -> Commit:
    """Topic describes Person, and main has gone on elsewhere."""
    branch_create(actor=alice, repository=repository, name="topic")
    head = commit(
        Put("object_type", "Person", {**PERSON, "description": {"en": "Somebody."}}),
        branch="topic",
        message="Describe a person",
    )
    commit(Put("interface", "Named", {}))
    return head


@pytest.fixture
def proposal(alice: User, repository: Repository, topic: Commit) -> Proposal:
    return proposal_open(
        actor=alice, repository=repository, title="Say who a person is", source="topic", description="It was vague."
    )


def merging(repository: Repository) -> dict[str, str]:
    """What the form of the merge sends of the branches as they are now."""
    return {
        "merge-expected_head": branch_get(repository, "main").head_id,
        "merge-expected_source_head": branch_get(repository, "topic").head_id,
    }


def test_a_stranger_is_told_that_there_is_no_such_repository(
    charlie: User, proposal: Proposal, client_of: Clients
) -> None:
    client = client_of(charlie)
    for page in ("", "new/", "1/", "1/commits/", "1/changes/", "1/breaks/", "1/conflicts/", "1/edit/"):
        assert client.get(PROPOSALS + page).status_code == 404, page


def test_a_proposal_that_is_not_there_is_told(alice: User, repository: Repository, client_of: Clients) -> None:
    assert client_of(alice).get(ONE).status_code == 404


# --- The list -----------------------------------------------------------------------------------------


def test_the_list_shows_what_is_to_be_decided_and_is_filtered(
    alice: User, bob: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    for name in ("one", "two"):
        branch_create(actor=alice, repository=repository, name=name, start="topic")
    proposal_close(actor=bob, proposal=proposal_open(actor=bob, repository=repository, title="Drop it", source="one"))
    proposal_open(actor=bob, repository=repository, title="Later", source="two", draft=True)
    reviewer_request(actor=alice, proposal=proposal, username="bob")
    client = client_of(alice)

    def titles(query: str) -> list[str]:
        return [each.title for each in client.get(PROPOSALS + query).context["page_obj"]]

    assert titles("") == ["Later", "Say who a person is"]
    assert titles("?state=all") == ["Later", "Drop it", "Say who a person is"]
    assert titles("?state=closed") == ["Drop it"]
    assert titles("?author=bob&state=all") == ["Later", "Drop it"]
    assert titles("?reviewer=bob") == ["Say who a person is"]
    assert titles("?search=vague") == ["Say who a person is"]
    assert "No proposal is in this state." in text(client.get(f"{PROPOSALS}?state=merged"))


def test_the_list_costs_the_same_for_many_proposals(
    alice: User, repository: Repository, topic: Commit, client_of: Clients
) -> None:
    client, counts = client_of(alice), []
    for number in range(4):
        branch_create(actor=alice, repository=repository, name=f"b{number}", start="topic")
        proposal_open(actor=alice, repository=repository, title=f"T{number}", source=f"b{number}")
        if number in (0, 3):
            with CaptureQueriesContext(connection) as queries:
                client.get(PROPOSALS)
            counts.append(len(queries))
    assert counts[0] == counts[1]


# --- A new one ----------------------------------------------------------------------------------------


def test_a_proposal_is_opened_from_the_preview_of_a_merge(
    alice: User, bob: User, topic: Commit, client_of: Clients
) -> None:
    client = client_of(alice)
    new = f"{PROPOSALS}new/?source=topic&amp;target=main"
    assert new in text(client.get(f"{WORLD}merge/?source=topic&target=main"))
    assert new in text(client.get(f"{WORLD}branches/"))
    assert 'value="topic"' in text(client.get(new.replace("&amp;", "&")))
    typed = {"source": "topic", "target": "main", "title": "Say it", "description": "", "reviewers": "bob"}
    shown = text(client.post(f"{PROPOSALS}new/", typed, follow=True))
    assert "Proposal 1 is open." in shown
    assert "proposed to merge topic into main" in shown
    assert "asked Bob for a review" in shown
    again = client.post(f"{PROPOSALS}new/", typed)
    assert again.status_code == 409
    assert f'href="{ONE}"' in text(again)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"source": "main"}, "target"),
        ({"source": "gone"}, "source"),
        ({"reviewers": "x"}, "reviewers"),
    ],
)
def test_what_is_wrong_with_a_new_proposal_stands_at_its_field(
    typed: dict[str, str], field: str, alice: User, topic: Commit, client_of: Clients
) -> None:
    given = {"source": "topic", "target": "main", "title": "Say it", **typed}
    response = client_of(alice).post(f"{PROPOSALS}new/", given)
    assert response.status_code in (404, 422)
    assert response.context["form"].errors[field]
    assert not Proposal.objects.exists()


# --- The page -----------------------------------------------------------------------------------------


def test_the_page_shows_everything_about_it(alice: User, proposal: Proposal, client_of: Clients) -> None:
    client = client_of(alice)
    shown = text(client.get(ONE))
    for words in (
        "Say who a person is",
        "It was vague.",
        "There are no conflicts.",
        "This can be merged",
        "Merge into main",
    ):
        assert words in shown
    assert "Describe a person" in text(client.get(f"{ONE}commits/"))
    changes = text(client.get(f"{ONE}changes/"))
    assert "<ins>Somebody" in changes
    assert f"{ONE}?path=/resources/object_type/Person#comment" in changes
    assert "in all" in text(client.get(f"{ONE}breaks/"))


def test_people_comment_in_threads_and_resolve_them(
    alice: User, bob: User, proposal: Proposal, client_of: Clients
) -> None:
    client = client_of(bob)
    place = "/resources/object_type/Person/description"
    assert f'value="{place}"' in text(client.get(f"{ONE}?path={place}"))
    client.post(f"{ONE}comment/", {"body": "Why?", "path": place})
    thread = proposal.comments.get()
    client.post(f"{ONE}comment/", {"body": "Since it was vague.", "parent": thread.pk})
    shown = text(client.get(ONE))
    assert shown.index("Why?") < shown.index("Since it was vague.")
    assert "resolved by Bob" in text(client.post(f"{ONE}thread/", {"id": thread.pk}, follow=True))
    shown = text(client.post(f"{ONE}thread/", {"id": thread.pk, "action": "reopen"}, follow=True))
    assert "opened a thread again" in shown
    assert "resolved by Bob" not in shown
    refused = client.post(f"{ONE}comment/", {"body": "Hm", "path": "/resources/object_type/Nobody"})
    assert refused.status_code == 422
    assert "leads to nothing" in text(refused)
    assert "Hm</textarea>" in text(refused)
    assert "There is no such comment." in text(client.post(f"{ONE}thread/", {"id": 0}, follow=True))


def test_a_comment_is_edited_by_its_author(
    alice: User, bob: User, carol: User, charlie: User, proposal: Proposal, client_of: Clients
) -> None:
    comment = comment_create(actor=bob, proposal=proposal, body="Wy?")
    reply = comment_create(actor=alice, proposal=proposal, body="Since it was vague.", parent=comment)
    client, edit = client_of(bob), f"{ONE}comments/{comment.pk}/edit/"
    shown = text(client.get(ONE))
    assert f'href="{edit}"' in shown
    assert f'comments/{reply.pk}/edit/"' not in shown
    assert "edited" not in shown
    assert "Wy?</textarea>" in text(client.get(edit))
    refused = client.post(edit, {"body": "x" * 65_537})
    assert refused.status_code == 422
    assert "at most 65536 characters" in text(refused)
    assert client.post(edit, {"body": ""}).status_code == 422
    saved = client.post(edit, {"body": "Why?"})
    assert saved.url == f"{ONE}#thread-{comment.pk}"
    shown = text(client.get(ONE))
    for words in ("Why?", "edited <time", "edited a comment"):
        assert words in shown
    for person, status in ((alice, 403), (carol, 403), (charlie, 404)):
        assert client_of(person).post(edit, {"body": "Never mind."}).status_code == status
    assert client_of(alice).get(edit).url == f"{ONE}#thread-{comment.pk}"
    assert client.get(f"{ONE}comments/0/edit/").status_code == 404
    comment.refresh_from_db()
    assert comment.body == "Why?"


def test_a_comment_that_is_saved_as_it_was_is_not_edited(bob: User, proposal: Proposal, client_of: Clients) -> None:
    client = client_of(bob)
    client.post(f"{ONE}comment/", {"body": "One line\r\nand another"})
    comment = proposal.comments.get()
    assert comment.body == "One line\nand another"
    client.post(f"{ONE}comments/{comment.pk}/edit/", {"body": "One line\r\nand another"})
    comment.refresh_from_db()
    assert (comment.body, comment.edited_at) == ("One line\nand another", None)


def test_reviewers_are_asked_say_what_they_think_and_are_dismissed(
    alice: User, bob: User, proposal: Proposal, topic: Commit, client_of: Clients
) -> None:
    client = client_of(bob)
    assert "awaited" in text(client.post(f"{ONE}reviewers/", {"reviewer-username": "bob"}, follow=True))
    assert "no longer" in text(client.post(f"{ONE}reviewers/", {"withdraw": "bob"}, follow=True))
    refused = client.post(f"{ONE}reviewers/", {"reviewer-username": "nobody"})
    assert "nobody may not review here." in text(refused)
    given = {"review-verdict": "request_changes", "review-body": "Too short.", "review-expected_head": topic.digest}
    shown = text(client.post(f"{ONE}review/", given, follow=True))
    for words in ("asks for changes", "Too short.", "Changes requested"):
        assert words in shown
    dismissing = {"id": Review.objects.get().pk, "reason": "It was mended."}
    shown = text(client_of(alice).post(f"{ONE}review/dismiss/", dismissing, follow=True))
    for words in ("dismissed a review of Bob", "It was mended."):
        assert words in shown
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.OPEN


def test_a_review_is_of_what_was_seen(
    bob: User, proposal: Proposal, topic: Commit, commit: Callable[..., Commit], client_of: Clients
) -> None:
    commit(Put("interface", "Aged", {}), branch="topic")
    given = {"review-verdict": "approve", "review-body": "Good", "review-expected_head": topic.digest}
    refused = client_of(bob).post(f"{ONE}review/", given)
    assert refused.status_code == 409
    assert "topic has moved to" in text(refused)
    assert not Review.objects.exists()


def test_a_review_is_of_the_proposal_that_was_seen(
    bob: User, proposal: Proposal, topic: Commit, client_of: Clients
) -> None:
    client = client_of(bob)
    assert 'name="review-expected_revision" value="0"' in text(client.get(ONE))
    Proposal.objects.update(revision=1)
    given = {"review-verdict": "approve", "review-body": "Good", "review-expected_head": topic.digest}
    refused = client.post(f"{ONE}review/", {**given, "review-expected_revision": "0"})
    assert refused.status_code == 409
    assert "look at it again" in text(refused)
    assert not Review.objects.exists()
    assert 'name="review-expected_revision" value="1"' in text(refused)
    client.post(f"{ONE}review/", {**given, "review-expected_revision": "1"})
    assert Review.objects.get().revision == 1


def test_it_is_edited_made_a_draft_closed_and_opened_again(alice: User, proposal: Proposal, client_of: Clients) -> None:
    client = client_of(alice)
    typed = {"title": "Describe people", "description": "Better.", "target": "main"}
    assert "It was vague." in text(client.get(f"{ONE}edit/"))
    shown = text(client.post(f"{ONE}edit/", typed, follow=True))
    assert "changed the description, title" in shown
    assert client.post(f"{ONE}edit/", {**typed, "target": "topic"}).status_code == 422

    def stated(action: str) -> str:
        shown = text(client.post(f"{ONE}state/", {"action": action}, follow=True))
        proposal.refresh_from_db()
        return shown

    assert "It is a draft." in stated("draft")
    assert "marked it as ready for review" in stated("ready")
    assert "Merge into main" not in stated("close")
    assert proposal.state == ProposalState.CLOSED
    assert "Proposal 1 is closed." in stated("draft")
    assert "opened it again" in stated("reopen")
    assert proposal.state == ProposalState.OPEN


# --- Merging ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("way", "parents"), [("merge", 2), ("squash", 1), ("rebase", 1)])
def test_it_is_merged_in_the_way_that_is_chosen(
    way: str, parents: int, bob: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    shown = text(client_of(bob).post(f"{ONE}merge/?method={way}", merging(repository), follow=True))
    assert "topic is merged into main as" in shown
    assert "merged it into main" in shown
    assert state(repository)["object_type", "Person"]["description"] == {"en": "Somebody."}
    assert branch_get(repository, "main").head.parent_edges.count() == parents
    assert "Merge into main" not in shown


def test_nobody_merges_what_they_have_not_seen(
    alice: User, repository: Repository, proposal: Proposal, commit: Callable[..., Commit], client_of: Clients
) -> None:
    for branch in ("main", "topic"):
        seen = merging(repository)
        commit(Put("interface", f"Late{branch}", {}), branch=branch)
        refused = client_of(alice).post(f"{ONE}merge/", seen)
        assert refused.status_code == 409
        assert f"{branch} has moved to" in text(refused)
        assert merging(repository)["merge-expected_head"] in text(refused)
    proposal.refresh_from_db()
    assert proposal.is_pending


def test_what_protects_the_target_is_said_and_gone_past_with_a_reason(
    alice: User, bob: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    fields: Any = {
        "pattern": "main",
        "required_approvals": 1,
        "required_checks": ["lint"],
        "bypass_roles": ["administrator"],
    }
    protection_rule_create(actor=alice, repository=repository, fields=fields)
    shown = text(client_of(bob).get(ONE))
    for words in (
        "1 approval is needed; there is 0.",
        "The check lint has not been posted.",
        "This cannot be merged yet",
    ):
        assert words in shown
    assert "Merge into main" not in shown
    assert client_of(bob).post(f"{ONE}merge/", merging(repository)).status_code == 403
    assert "Why the rules are gone past" in text(client_of(alice).get(ONE))
    given = {**merging(repository), "merge-bypass_reason": "Lint is down."}
    assert "topic is merged into main" in text(client_of(alice).post(f"{ONE}merge/", given, follow=True))


def test_who_may_look_only_is_offered_nothing(
    carol: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    client = client_of(carol)
    shown = text(client.get(ONE))
    assert "You may look at this merge, but not make it." in shown
    for offer in ("Submit review", "Ask for a review", "Merge into main", "Close", 'name="body"'):
        assert offer not in shown
    assert "New proposal" not in text(client.get(PROPOSALS))
    assert client.post(f"{ONE}merge/", merging(repository)).status_code == 403
    assert client.post(f"{ONE}comment/", {"body": "x"}).status_code == 403
    assert client.post(f"{ONE}review/", {"review-verdict": "approve"}).status_code == 403
    assert client.post(f"{ONE}edit/", {"title": "x", "target": "main"}).status_code == 403
    assert "This needs the permission" in text(client.post(f"{ONE}state/", {"action": "close"}, follow=True))
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.OPEN


def test_a_branch_that_is_gone_is_told(
    alice: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    repository.branches.filter(name="topic").delete()
    for page in ("", "commits/", "changes/", "breaks/", "conflicts/"):
        response = client_of(alice).get(ONE + page)
        assert response.status_code == 200
        assert "The branch topic of proposal 1 is gone." in text(response)


def test_the_page_costs_the_same_for_a_long_conversation(
    alice: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    client, counts = client_of(alice), []
    for number in range(4):
        person = UserFactory(username=f"p{number}")
        membership_set(actor=alice, repository=repository, user=person, role=Role.DEVELOPER)
        comment = comment_create(actor=person, proposal=proposal, body="Hm")
        reply = comment_create(actor=alice, proposal=proposal, body="Yes", parent=comment)
        comment_edit(actor=alice, comment=reply, body="No")
        reviewer_request(actor=alice, proposal=proposal, username=f"p{number}")
        review_submit(actor=person, proposal=proposal, verdict=Verdict.COMMENT, body="Hm")
        reviewer_request(actor=alice, proposal=proposal, username=f"p{number}")
        if number in (0, 3):
            with CaptureQueriesContext(connection) as queries:
                client.get(ONE)
            counts.append(len(queries))
    assert counts[0] == counts[1]
