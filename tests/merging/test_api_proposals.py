"""/api/v1/repositories/{repository}/proposals/ and what is below: shapes, statuses, and nothing by halves."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from history.selectors import branch_get
from history.services import branch_delete
from merging.services import protection_rule_create
from tests.factories import api_client_for
from tests.merging.branches import branch, contents, edit, put
from tests.merging.proposing import World, propose
from tests.rows import rows

pytestmark = pytest.mark.django_db

CRM = "/api/v1/repositories/crm/"
PROPOSALS = f"{CRM}proposals/"
BODY = {"title": "Pets", "source": "topic", "target": "main"}


@pytest.fixture
def bob(here: World) -> APIClient:
    return api_client_for(here.bob)


@pytest.fixture
def carol(here: World) -> APIClient:
    return api_client_for(here.carol)


@pytest.fixture
def opened(bob: APIClient) -> dict[str, Any]:
    answer = bob.post(PROPOSALS, BODY)
    assert answer.status_code == 201
    proposal: dict[str, Any] = answer.json()
    return proposal


def conflicted(here: World) -> None:
    """Main and topic disagree about the icon and the colour of Person."""
    edit(here.crm, "main", put("Person", icon="ours", color="#000001"))
    edit(here.crm, "topic", put("Person", icon="theirs", color="#000002"))


def test_the_walk_from_a_proposal_to_its_merge(here: World, bob: APIClient, carol: APIClient) -> None:
    opened = bob.post(PROPOSALS, {**BODY, "description": "All of them", "reviewers": ["carol"]}).json()
    heads = {name: branch_get(here.crm, name).head_id for name in ("topic", "main")}
    assert opened["heads"] == {"source": heads["topic"], "target": heads["main"], "merge_base": heads["main"]}
    assert (opened["number"], opened["state"], opened["author"]) == (1, "open", "bob")
    awaited = {"user": "carol", "awaited": True, "verdict": None, "review": None, "stale": False}
    assert (opened["reviewers"], opened["requirements"], opened["merged_commit"]) == ([awaited], [], None)
    difference = carol.get(f"{PROPOSALS}1/difference/").json()
    assert [change["api_name"] for change in difference["changes"]] == ["Pet"]
    assert [finding["rule"] for finding in difference["findings"]] == ["OT_ADDED"]
    assert (difference["conflicts"], difference["violations"], difference["method"]) == ([], [], "merge")
    review = carol.post(f"{PROPOSALS}1/reviews/", {"verdict": "approve", "body": "Nice."})
    assert (review.status_code, review.json()["commit"]) == (201, heads["topic"])
    assert bob.get(f"{PROPOSALS}1/").json()["state"] == "approved"
    merged = bob.post(f"{PROPOSALS}1/merge/", {"method": "merge", "expected_head": heads["main"]})
    assert merged.status_code == 200
    assert merged.json().keys() == {"commit", "method", "strategies", "reverted"}
    ended = bob.get(f"{PROPOSALS}1/").json()
    assert (ended["state"], ended["merged_commit"], ended["ended_by"]) == ("merged", merged.json()["commit"], "bob")
    assert ended["heads"] == opened["heads"]
    types = [
        entry["type"].removeprefix("io.oms.merging.") for entry in bob.get(f"{PROPOSALS}1/timeline/").json()["results"]
    ]
    assert types == ["proposal.opened", "reviewer.requested", "review.submitted", "proposal.merged"]


def test_conflicts_are_read_resolved_and_opened_again(here: World, bob: APIClient, opened: dict[str, Any]) -> None:
    conflicted(here)
    url = f"{PROPOSALS}1/conflicts/"
    page = bob.get(url).json()
    assert page["count"] == 2
    color, icon = page["results"]
    assert icon == {
        "id": icon["id"],
        "kind": "value",
        "path": "/resources/object_type/Person/icon",
        "base": "user",
        "ours": "ours",
        "theirs": "theirs",
        "options": ["ours", "theirs", "base", "custom", "newest"],
        "resolution": None,
        "resolved_by": None,
        "resolved_at": None,
        "from_memory": False,
        "remembered": None,
    }
    assert color["base"] is None
    answer = bob.patch(f"{url}{icon['id']}/", {"resolution": "custom", "value": "both"})
    assert answer.status_code == 200
    assert {**icon, "resolution": "custom", "value": "both", "resolved_by": "bob", "violations": []} == {
        **answer.json(),
        "resolved_at": None,
    }
    difference = bob.get(f"{PROPOSALS}1/difference/").json()
    (decided,) = difference["decided"]
    assert (decided["resolution"], {**answer.json(), **decided}) == ("custom", answer.json())
    assert [(each["id"], each["resolution"]) for each in difference["conflicts"]] == [(color["id"], None)]
    refused = bob.post(f"{PROPOSALS}1/merge/", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:oms:problem:merge-conflicted")
    assert [conflict["id"] for conflict in refused.json()["conflicts"]] == [color["id"]]
    assert bob.patch(f"{url}{icon['id']}/", {"resolution": None}).json()["resolution"] is None
    assert bob.get(f"{url}{icon['id']}/").json() == icon
    assert bob.patch(f"{url}{'0' * 64}/", {"resolution": "ours"}).json()["type"] == "urn:oms:problem:conflict-not-found"
    assert bob.get(f"{url}nothing/").status_code == 404
    wrong = bob.patch(f"{url}{icon['id']}/", {"resolution": "custom", "value": 7})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "/value")


def test_a_conflict_is_resolved_by_the_side_that_was_changed_last(
    here: World, bob: APIClient, opened: dict[str, Any]
) -> None:
    conflicted(here)
    for conflict in bob.get(f"{PROPOSALS}1/conflicts/").json()["results"]:
        answer = bob.patch(f"{PROPOSALS}1/conflicts/{conflict['id']}/", {"resolution": "newest"})
        assert (answer.status_code, answer.json()["resolution"]) == (200, "newest")
    decided = bob.get(f"{PROPOSALS}1/difference/").json()["decided"]
    assert [each["resolution"] for each in decided] == ["newest"] * 2
    bob.post(f"{PROPOSALS}1/merge/")
    assert contents(here.crm)["Person"]["icon"] == "theirs"


def test_a_conflict_that_a_rebase_alone_meets_is_found_and_resolved_by_its_method(here: World, bob: APIClient) -> None:
    for icon in ("star", "user"):
        edit(here.crm, "topic", put("Person", icon=icon))
    edit(here.crm, "main", put("Person", icon="face"))
    bob.post(PROPOSALS, BODY)
    url, rebase = f"{PROPOSALS}1/conflicts/", "?method=rebase"
    assert bob.get(url).json()["count"] == 0
    (found,) = bob.get(f"{url}{rebase}").json()["results"]
    assert bob.get(f"{url}{found['id']}/").status_code == 404
    assert bob.get(f"{url}{found['id']}/{rebase}").json() == found
    assert bob.patch(f"{url}{found['id']}/", {"resolution": "ours"}).status_code == 404
    assert bob.patch(f"{url}{found['id']}/{rebase}", {"resolution": "ours"}).json()["resolution"] == "ours"


def test_what_is_remembered_is_named_and_applied_where_the_repository_says_so(
    here: World, bob: APIClient, opened: dict[str, Any]
) -> None:
    conflicted(here)
    for conflict in bob.get(f"{PROPOSALS}1/conflicts/").json()["results"]:
        bob.patch(f"{PROPOSALS}1/conflicts/{conflict['id']}/", {"resolution": "custom", "value": "#000003"})
    branch(here.crm, "release")
    bob.post(f"{PROPOSALS}1/merge/")
    bob.post(PROPOSALS, {**BODY, "target": "release"})
    icon = bob.get(f"{PROPOSALS}2/conflicts/").json()["results"][1]
    remembered = icon["remembered"]
    assert remembered.pop("at")
    assert remembered == {"resolution": "custom", "value": "#000003", "by": "bob", "proposal": 1}
    settings = f"{CRM}merge-settings/"
    assert bob.get(settings).json() == {"apply_remembered_resolutions": False}
    assert bob.patch(settings, {"apply_remembered_resolutions": True}).status_code == 403
    alice = api_client_for(here.alice)
    assert alice.patch(settings, {"apply_remembered_resolutions": True}).json() == {
        "apply_remembered_resolutions": True
    }
    found = bob.get(f"{PROPOSALS}2/conflicts/").json()["results"]
    assert [(each["resolution"], each["from_memory"], each["resolved_by"]) for each in found] == [
        ("custom", True, "bob")
    ] * 2
    assert bob.post(f"{PROPOSALS}2/merge/").status_code == 200


def test_states_change_by_their_own_addresses(bob: APIClient, opened: dict[str, Any]) -> None:
    states = [
        bob.post(f"{PROPOSALS}1/{step}/").json()["state"] for step in ("draft", "ready", "close", "reopen", "draft")
    ]
    assert states == ["draft", "open", "closed", "open", "draft"]
    refused = bob.post(f"{PROPOSALS}1/merge/", {"method": "merge"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:oms:problem:proposal-draft")
    bob.post(f"{PROPOSALS}1/close/")
    refused = bob.post(f"{PROPOSALS}1/merge/", {"method": "merge"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:oms:problem:proposal-closed")
    changed = bob.patch(f"{PROPOSALS}1/", {"title": "Other"})
    assert (changed.status_code, changed.json()["type"]) == (409, "urn:oms:problem:proposal-closed")


def test_reviewers_comments_and_dismissals(
    here: World, bob: APIClient, carol: APIClient, opened: dict[str, Any]
) -> None:
    assert bob.put(f"{PROPOSALS}1/reviewers/carol/").json()["reviewers"][0]["awaited"] is True
    assert bob.delete(f"{PROPOSALS}1/reviewers/carol/").status_code == 204
    for name in ("carol", "nobody", "%00"):
        absent = bob.delete(f"{PROPOSALS}1/reviewers/{name}/")
        assert (absent.status_code, absent.json()["type"]) == (404, "urn:oms:problem:reviewer-not-found")
    assert bob.put(f"{PROPOSALS}1/reviewers/dave/").json()["errors"][0]["field"] == "/username"
    review = carol.post(f"{PROPOSALS}1/reviews/", {"verdict": "request_changes"}).json()
    assert bob.get(f"{PROPOSALS}1/").json()["state"] == "changes_requested"
    assert carol.get(f"{PROPOSALS}1/reviews/").json()["count"] == 1
    assert carol.get(f"{PROPOSALS}1/reviews/{review['id']}/").json() == review
    gone = carol.post(f"{PROPOSALS}1/reviews/{review['id']}/dismiss/", {"reason": "Settled"}).json()
    assert (gone["dismissed_by"], gone["dismissal_reason"]) == ("carol", "Settled")
    path = "/resources/object_type/Pet"
    thread = carol.post(f"{PROPOSALS}1/comments/", {"body": "Why?", "path": path})
    assert (thread.status_code, thread.json()["path"], thread.json()["replies"]) == (201, path, [])
    number = thread.json()["id"]
    replied = bob.post(f"{PROPOSALS}1/comments/", {"body": "Because.", "reply_to": number}).json()
    assert (replied["id"], [reply["body"] for reply in replied["replies"]]) == (number, ["Because."])
    resolved = bob.post(f"{PROPOSALS}1/comments/{replied['replies'][0]['id']}/resolve/").json()
    assert (resolved["id"], resolved["resolved_by"]) == (number, "bob")
    assert bob.get(f"{PROPOSALS}1/").json()["counts"] == {"comments": 2, "unresolved": 0}
    assert bob.post(f"{PROPOSALS}1/comments/{number}/reopen/").json()["resolved_at"] is None
    assert bob.get(f"{PROPOSALS}1/comments/").json()["results"][0]["replies"] == replied["replies"]


def test_a_review_of_what_the_proposal_was_is_refused(here: World, bob: APIClient, carol: APIClient) -> None:
    branch(here.crm, "dev")
    seen = bob.post(PROPOSALS, {**BODY, "target": "dev"}).json()
    bob.patch(f"{PROPOSALS}1/", {"target": "main"})
    review = {"verdict": "approve", "expected_head": seen["heads"]["source"], "expected_revision": seen["revision"]}
    refused = carol.post(f"{PROPOSALS}1/reviews/", review)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:oms:problem:proposal-changed")
    assert refused.json()["revision"] == carol.get(f"{PROPOSALS}1/").json()["revision"]
    review["expected_revision"] = refused.json()["revision"]
    assert carol.post(f"{PROPOSALS}1/reviews/", review).status_code == 201


def test_what_the_protection_of_the_target_asks_for_is_told_and_holds_the_merge(
    here: World, bob: APIClient, carol: APIClient, opened: dict[str, Any]
) -> None:
    rule = {"pattern": "main", "required_approvals": 1, "author_may_not_approve": True}
    protection_rule_create(actor=here.alice, repository=here.crm, fields=rule)
    bob.post(f"{PROPOSALS}1/reviews/", {"verdict": "approve"})
    found = {each["name"]: each["satisfied"] for each in bob.get(f"{PROPOSALS}1/").json()["requirements"]}
    assert found["APPROVALS_REQUIRED"] is False
    refused = bob.post(f"{PROPOSALS}1/merge/", {"method": "merge"})
    assert (refused.status_code, refused.json()["errors"][0]["rule"]) == (403, "APPROVALS_REQUIRED")
    carol.post(f"{PROPOSALS}1/reviews/", {"verdict": "approve"})
    assert bob.post(f"{PROPOSALS}1/merge/", {"method": "merge"}).status_code == 200


def test_a_branch_that_is_gone_is_told_in_the_proposal_and_refuses_what_needs_it(
    here: World, bob: APIClient, opened: dict[str, Any]
) -> None:
    branch_delete(actor=here.alice, branch=branch_get(here.crm, "topic"))
    found = bob.get(f"{PROPOSALS}1/").json()
    assert (found["state"], found["heads"]["source"], found["heads"]["merge_base"]) == ("open", None, None)
    for answer in (
        bob.get(f"{PROPOSALS}1/difference/"),
        bob.get(f"{PROPOSALS}1/conflicts/"),
        bob.post(f"{PROPOSALS}1/merge/"),
        bob.post(f"{PROPOSALS}1/reviews/", {"verdict": "approve"}),
    ):
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:oms:problem:proposal-branch-gone")
        assert answer.json()["branch"] == "topic"


def test_a_dry_run_leaves_nothing_and_a_key_does_things_once(bob: APIClient, here: World) -> None:
    before = rows("history", "merging")
    tried = bob.post(f"{PROPOSALS}?dry_run=true", BODY)
    assert (tried.status_code, tried.json()["number"]) == (201, 1)
    assert rows("history", "merging") == before
    key = {"headers": {"Idempotency-Key": "open-1"}}
    first = bob.post(PROPOSALS, BODY, **key)
    before = rows("history", "merging")
    assert bob.post(PROPOSALS, BODY, **key).content == first.content
    taken = bob.post(PROPOSALS, BODY)
    assert (taken.status_code, taken.json()["type"], taken.json()["number"]) == (
        409,
        "urn:oms:problem:proposal-exists",
        1,
    )
    for step in ("merge", "close", "draft"):
        assert bob.post(f"{PROPOSALS}1/{step}/?dry_run=true").status_code == 200
    assert rows("history", "merging") == before
    assert bob.get(f"{PROPOSALS}1/").json()["state"] == "open"


def test_bad_input_is_told_with_status_and_field_and_nothing_is_written(bob: APIClient) -> None:
    before = rows("history", "merging")
    for body, status, field in (
        ({}, 400, "/title"),
        ({**BODY, "title": ""}, 422, "/title"),
        ({**BODY, "sauce": "topic"}, 400, "/sauce"),
        ({**BODY, "source": "nothing"}, 404, "/source"),
        ({**BODY, "source": "main", "target": "topic"}, 422, "/source"),
        ({**BODY, "source": "main"}, 422, "/target"),
        ({**BODY, "reviewers": ["nobody"]}, 422, "/reviewers/0"),
        ({**BODY, "reviewers": ["carol"] * 51}, 422, "/reviewers"),
        ({**BODY, "draft": "perhaps"}, 400, "/draft"),
    ):
        answer = bob.post(PROPOSALS, body)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert field in {error["field"] for error in answer.json()["errors"]}
    assert rows("history", "merging") == before


def test_what_is_not_there_is_404(bob: APIClient, opened: dict[str, Any], here: World) -> None:
    huge = 2**70
    for address in (
        f"{PROPOSALS}2/",
        f"{PROPOSALS}{huge}/",
        f"{PROPOSALS}1/reviews/{huge}/",
        f"{PROPOSALS}0/timeline/",
    ):
        assert bob.get(address).status_code == 404
    assert bob.post(f"{PROPOSALS}1/comments/{huge}/resolve/").status_code == 404
    reply = bob.post(f"{PROPOSALS}1/comments/", {"body": "Hm.", "reply_to": huge})
    assert (reply.status_code, reply.json()["type"]) == (404, "urn:oms:problem:comment-not-found")
    charlie = api_client_for(here.charlie)
    for address in (PROPOSALS, f"{PROPOSALS}1/", f"{PROPOSALS}1/conflicts/", f"{CRM}merge-settings/"):
        assert charlie.get(address).status_code == 404
        assert APIClient().get(address).status_code == 401
    assert charlie.post(f"{PROPOSALS}1/merge/").status_code == 404


def test_lists_are_chosen_by_query_and_refuse_what_they_do_not_know(bob: APIClient, opened: dict[str, Any]) -> None:
    assert bob.get(PROPOSALS, {"state": "open,draft", "author": "bob", "search": "pet"}).json()["count"] == 1
    assert bob.get(PROPOSALS, {"state": "closed"}).json()["count"] == 0
    assert bob.get(PROPOSALS, {"target": "topic"}).json()["count"] == 0
    refused = bob.get(PROPOSALS, {"state": "opne"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "?state")
    assert bob.get(f"{PROPOSALS}1/conflicts/", {"method": "automatic"}).status_code == 400


def test_commits_are_those_that_the_target_has_not(here: World, bob: APIClient, opened: dict[str, Any]) -> None:
    commit = edit(here.crm, "topic", put("Toy"))
    found = bob.get(f"{PROPOSALS}1/commits/", {"limit": 1}).json()
    assert (found["count"], [each["id"] for each in found["results"]]) == (2, [commit.digest])


def test_a_comment_is_edited_by_its_author(here: World, bob: APIClient, carol: APIClient) -> None:
    propose(here.crm)
    thread = carol.post(f"{PROPOSALS}1/comments/", {"body": "Why?"}).json()
    reply = bob.post(f"{PROPOSALS}1/comments/", {"body": "So.", "reply_to": thread["id"]}).json()["replies"][0]
    assert (thread["edited_at"], reply["edited_at"]) == (None, None)
    at = f"{PROPOSALS}1/comments/{reply['id']}/"
    answer = bob.patch(at, {"body": "By law."})
    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["id"], shown["edited_at"], shown["replies"][0]["body"]) == (thread["id"], None, "By law.")
    assert shown["replies"][0]["edited_at"]
    for client, body, status, kind in (
        (carol, {"body": "No."}, 403, "not-allowed"),
        (api_client_for(here.charlie), {"body": "No."}, 404, "repository-not-found"),
        (APIClient(), {"body": "No."}, 401, "unauthenticated"),
        (bob, {"body": ""}, 422, "comment-invalid"),
        (bob, {"body": "No.", "path": "/"}, 400, "malformed"),
        (bob, {}, 400, "malformed"),
    ):
        refused = client.patch(at, body)
        assert (refused.status_code, refused.json()["type"]) == (status, f"urn:oms:problem:{kind}")
    assert bob.patch(f"{PROPOSALS}1/comments/{2**70}/", {"body": "No."}).status_code == 404
    assert bob.patch(f"{at}?dry_run=true", {"body": "No."}).status_code == 200
    assert bob.get(f"{PROPOSALS}1/comments/").json()["results"] == [shown]


def test_lists_ask_as_many_questions_for_many_rows_as_for_few(here: World, bob: APIClient, carol: APIClient) -> None:
    def counted() -> dict[str, int]:
        found = {}
        for part in ("", "1/reviews/", "1/comments/", "1/timeline/", "1/commits/"):
            with CaptureQueriesContext(connection) as queries:
                assert bob.get(f"{PROPOSALS}{part}").status_code == 200
            found[part] = len(queries)
        return found

    def more(number: int) -> None:
        branch(here.crm, f"b{number}", "topic")
        propose(here.crm, f"b{number}")
        edit(here.crm, "topic", put(f"Toy{number}"))
        carol.post(f"{PROPOSALS}1/reviews/", {"verdict": "comment", "body": "Hm."})
        thread = bob.post(f"{PROPOSALS}1/comments/", {"body": "Hm."}).json()
        carol.post(f"{PROPOSALS}1/comments/", {"body": "Hm.", "reply_to": thread["id"]})

    propose(here.crm)
    more(0)
    few = counted()
    for number in range(1, 4):
        more(number)
    assert counted() == few
    assert max(few.values()) <= 15
