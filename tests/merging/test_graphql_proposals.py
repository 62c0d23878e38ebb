"""Proposals at ``/graphql/``: the same as over REST."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from merging.services import Way, proposal_preview
from tests.factories import api_client_for
from tests.merging.branches import branch, edit, put
from tests.merging.proposing import World, propose

pytestmark = pytest.mark.django_db

ONE = '(repository: "crm", number: 1)'
OPEN = """
mutation {
  proposalOpen(repository: "crm", title: "Pets", source: "topic", reviewers: ["carol"]) {
    number state author heads { source target mergeBase } reviewers { user awaited } requirements { name }
  }
}"""
PROPOSAL = """
query ($method: MergeWay! = MERGE) {
  proposal(repository: "crm", number: 1) {
    state mergedCommit commentCount unresolvedCount
    heads { source target }
    reviewers { user awaited verdict stale }
    difference(method: $method) {
      preview { changes { apiName } conflicts decided findings violations { rule } }
      conflicts { conflict resolution value resolvedBy fromMemory remembered { resolution value by proposal } }
    }
    sourceCommits { id }
    reviews { id verdict body dismissalReason }
    threads { comment { id body } path resolvedBy replies { body } }
    timeline { type actor data }
  }
}"""
RESOLVE = """
mutation ($conflict: String!, $resolution: String, $value: JSON) {
  conflictResolve(repository: "crm", number: 1, conflict: $conflict, resolution: $resolution, value: $value) {
    conflict { resolution value resolvedBy } violations { rule }
  }
}"""


def asked(client: APIClient, query: str, **variables: Any) -> Any:
    body = client.post("/graphql/", {"query": query, "variables": variables}).json()
    assert "errors" not in body, body
    return body["data"]


def done(client: APIClient, field: str, selection: str, **arguments: str) -> Any:
    """What a mutation of proposal 1 answers; the arguments are written as they are."""
    more = "".join(f", {name}: {value}" for name, value in arguments.items())
    query = f'mutation {{ {field}(repository: "crm", number: 1{more}) {selection} }}'
    return asked(client, query)[field]


def refused(client: APIClient, query: str, **variables: Any) -> dict[str, Any]:
    (error,) = client.post("/graphql/", {"query": query, "variables": variables}).json()["errors"]
    extensions: dict[str, Any] = error["extensions"]
    return extensions


@pytest.fixture
def bob(here: World) -> APIClient:
    return api_client_for(here.bob)


@pytest.fixture
def carol(here: World) -> APIClient:
    return api_client_for(here.carol)


def test_the_walk_from_a_proposal_to_its_merge(here: World, bob: APIClient, carol: APIClient) -> None:
    opened = asked(bob, OPEN)["proposalOpen"]
    assert (opened["number"], opened["state"], opened["author"]) == (1, "OPEN", "bob")
    assert opened["reviewers"] == [{"user": "carol", "awaited": True}]
    review = done(carol, "reviewSubmit", "{ id verdict }", verdict="REQUEST_CHANGES")
    done(carol, "reviewDismiss", "{ id }", review=str(review["id"]), reason='"Settled"')
    other = 'mutation { reviewSubmit(repository: "crm", number: 1, verdict: APPROVE, expectedRevision: 1) { id } }'
    assert refused(carol, other)["code"] == "proposal-changed"
    revision = str(asked(carol, '{ proposal(repository: "crm", number: 1) { revision } }')["proposal"]["revision"])
    done(carol, "reviewSubmit", "{ id }", verdict="APPROVE", body='"Nice."', expectedRevision=revision)
    thread = done(carol, "commentCreate", "{ comment { id } }", body='"Why?"', path='"/resources/object_type/Pet"')
    first = str(thread["comment"]["id"])
    said = done(bob, "commentCreate", "{ replies { id editedAt } }", body='"S."', replyTo=first)
    (reply,) = said["replies"]
    edited = done(bob, "commentEdit", "{ replies { editedAt } }", comment=str(reply["id"]), body='"So."')
    assert (reply["editedAt"], bool(edited["replies"][0]["editedAt"])) == (None, True)
    query = f'mutation {{ commentEdit(repository: "crm", number: 1, comment: {first}, body: "No.") {{ path }} }}'
    assert refused(bob, query)["code"] == "not-allowed"
    done(bob, "threadReopen", "{ path }", comment=first)
    done(bob, "threadResolve", "{ path }", comment=first)
    found = asked(carol, PROPOSAL)["proposal"]
    assert (found["state"], found["commentCount"], found["unresolvedCount"]) == ("APPROVED", 2, 0)
    assert found["reviewers"] == [{"user": "carol", "awaited": False, "verdict": "APPROVE", "stale": False}]
    assert [change["apiName"] for change in found["difference"]["preview"]["changes"]] == ["Pet"]
    assert [each["id"] for each in found["sourceCommits"]] == [found["heads"]["source"]]
    assert [(each["verdict"], each["dismissalReason"]) for each in found["reviews"]] == [
        ("REQUEST_CHANGES", "Settled"),
        ("APPROVE", ""),
    ]
    (shown,) = found["threads"]
    assert (shown["comment"]["body"], shown["resolvedBy"], shown["replies"]) == ("Why?", "bob", [{"body": "So."}])
    merged = done(bob, "proposalMerge", "{ commit method }", method="SQUASH")
    assert merged["method"] == "squash"
    found = asked(carol, PROPOSAL)["proposal"]
    assert (found["state"], found["mergedCommit"]) == ("MERGED", merged["commit"])
    assert (found["timeline"][-1]["type"], found["timeline"][-1]["actor"]) == ("io.oms.merging.proposal.merged", "bob")


def test_conflicts_are_resolved_and_opened_again(here: World, bob: APIClient) -> None:
    edit(here.crm, "main", put("Person", icon="ours"))
    edit(here.crm, "topic", put("Person", icon="theirs"))
    asked(bob, OPEN)
    (found,) = asked(bob, PROPOSAL)["proposal"]["difference"]["conflicts"]
    assert (found["conflict"]["ours"], found["resolution"], found["remembered"]) == ("ours", None, None)
    name = found["conflict"]["id"]
    assert refused(bob, f"mutation {{ proposalMerge{ONE} {{ commit }} }}")["code"] == "merge-conflicted"
    resolved = asked(bob, RESOLVE, conflict=name, resolution="custom", value="both")["conflictResolve"]
    assert resolved["conflict"] == {"resolution": "custom", "value": "both", "resolvedBy": "bob"}
    difference = asked(bob, PROPOSAL)["proposal"]["difference"]
    said = {**found["conflict"], "resolution": "custom", "value": "both"}
    assert (difference["preview"]["decided"], difference["conflicts"][0]["conflict"]) == ([said], said)
    assert asked(bob, RESOLVE, conflict=name, resolution=None)["conflictResolve"]["conflict"]["resolution"] is None
    assert "newest" in found["conflict"]["options"]
    resolved = asked(bob, RESOLVE, conflict=name, resolution="newest")["conflictResolve"]
    assert resolved["conflict"] == {"resolution": "newest", "value": None, "resolvedBy": "bob"}
    asked(bob, RESOLVE, conflict=name, resolution="custom", value=None)
    wrong = refused(bob, RESOLVE, conflict=name, resolution="custom", value=7)
    assert (wrong["code"], wrong["errors"][0]["field"]) == ("resolution-invalid", "/value")
    assert refused(bob, RESOLVE, conflict=name, resolution="custom")["errors"][0]["rule"] == "REQUIRED"
    done(bob, "proposalMerge", "{ commit }")
    branch(here.crm, "release", here.crm.proposals.get().target_head_id)
    propose(here.crm, "topic", target="release")
    second = PROPOSAL.replace("number: 1", "number: 2")
    (again,) = asked(bob, second)["proposal"]["difference"]["conflicts"]
    assert again["remembered"] == {"resolution": "custom", "value": None, "by": "bob", "proposal": 1}
    settings = 'mutation { mergeSettingsSet(repository: "crm", applyRememberedResolutions: true) { applyRememberedResolutions } }'
    assert refused(bob, settings)["code"] == "not-allowed"
    asked(api_client_for(here.alice), settings)
    assert asked(bob, '{ mergeSettings(repository: "crm") { applyRememberedResolutions } }')["mergeSettings"] == {
        "applyRememberedResolutions": True
    }
    (again,) = asked(bob, second)["proposal"]["difference"]["conflicts"]
    assert (again["resolution"], again["fromMemory"]) == ("custom", True)


def test_a_conflict_that_a_rebase_alone_meets_is_resolved_and_opened_again(here: World, bob: APIClient) -> None:
    for icon in ("star", "user"):
        edit(here.crm, "topic", put("Person", icon=icon))
    edit(here.crm, "main", put("Person", icon="face"))
    proposal = propose(here.crm)
    (found,) = proposal_preview(actor=here.bob, proposal=proposal, way=Way.REBASE).conflicts
    assert refused(bob, RESOLVE, conflict=found.conflict.id, resolution="ours")["code"] == "conflict-not-found"
    rebase = RESOLVE.replace("number: 1", "number: 1, method: REBASE")
    for resolution in ("ours", None):
        said = asked(bob, rebase, conflict=found.conflict.id, resolution=resolution)["conflictResolve"]["conflict"]
        assert said["resolution"] == resolution


def test_states_titles_and_reviewers_change(here: World, bob: APIClient) -> None:
    asked(bob, OPEN)
    steps = ("proposalDraft", "proposalReady", "proposalClose", "proposalReopen")
    assert [done(bob, step, "{ state }")["state"] for step in steps] == ["DRAFT", "OPEN", "CLOSED", "OPEN"]
    assert done(bob, "proposalUpdate", "{ title description }", title='"All pets"') == {
        "title": "All pets",
        "description": "",
    }
    assert done(bob, "reviewerWithdraw", "{ reviewers { user } }", username='"carol"')["reviewers"] == []
    assert done(bob, "reviewerRequest", "{ reviewers { user } }", username='"dora"')["reviewers"] == [{"user": "dora"}]


def test_lists_are_chosen_and_ask_as_many_questions_for_many_as_for_few(here: World, bob: APIClient) -> None:
    query = """query ($states: [ProposalState!]) {
      proposals(repository: "crm", states: $states, author: "alice", target: "main", search: "merge") {
        number state author commentCount
      }
    }"""

    def counted(expected: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(asked(bob, query, states=["OPEN", "DRAFT"])["proposals"]) == expected
        return len(queries)

    propose(here.crm)
    few = counted(1)
    for number in range(3):
        branch(here.crm, f"b{number}", "topic")
        propose(here.crm, f"b{number}", draft=True)
    assert counted(4) == few
    assert asked(bob, query, states=["CLOSED"])["proposals"] == []


def test_what_one_may_not_see_is_not_there(here: World, bob: APIClient) -> None:
    asked(bob, OPEN)
    charlie = api_client_for(here.charlie)
    assert refused(charlie, PROPOSAL)["code"] == "repository-not-found"
    assert refused(charlie, '{ proposals(repository: "crm") { number } }')["code"] == "repository-not-found"
    assert refused(bob, PROPOSAL.replace("number: 1", "number: 2"))["code"] == "proposal-not-found"
    assert refused(api_client_for(here.dave), OPEN)["code"] == "not-allowed"
