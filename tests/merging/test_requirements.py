"""What merging a proposal takes, foreseen: the same in the console, over REST and GraphQL, and from the guard at last."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gateway.http.translation import translated
from history.engine.changes import Delete, Rename
from history.services import branch_reset
from merging.exceptions import BranchProtected, RebaseTooLong
from merging.models import Proposal, ProposalState, Verdict
from merging.selectors import requirements_of
from merging.services import (
    Way,
    comment_create,
    conflict_resolve,
    owners_set,
    proposal_preview,
    proposal_requirements,
    requirements,
)
from tests.factories import api_client_for, console_client_for
from tests.merging.protected import World, thing
from tests.merging.test_protection_guard import EVERYTHING

pytestmark = pytest.mark.django_db

PROPOSALS = "/api/v1/repositories/crm/proposals/"
ASK = """
query ($method: MergeWay! = MERGE) {
  proposal(repository: "crm", number: 1) { requirements(method: $method) { name satisfied detail mayBeBypassed } }
}"""
WAYS = [Way.MERGE, Way.SQUASH, Way.REBASE]


@pytest.fixture
def renamed(protected: World) -> Proposal:
    """Dan's proposal breaks Person, which Bob owns by the name that main has given it since."""
    owners_set(
        actor=protected.alice,
        repository=protected.repository,
        pattern="Human",
        users=[protected.bob.username],
    )
    proposal = protected.proposal(Delete("object_type", "Company"), thing("Person", properties={}))
    protected.commit(Rename("object_type", "Person", "Human"))
    return proposal


def missing(found: list[Any]) -> dict[str, str]:
    return {each.name.value: translated(each.detail) for each in found if not each.satisfied}


def refused(world: World, proposal: Proposal, way: Way) -> dict[str, str]:
    with pytest.raises(BranchProtected) as raised:
        world.land(proposal, way=way)
    return {error.rule: translated(error.message) for error in raised.value.errors}


def over_rest(user: User, way: Way | None = None) -> dict[str, str]:
    answer = api_client_for(user).get(f"{PROPOSALS}1/", {"method": way.value} if way else {})
    assert answer.status_code == 200
    return {each["name"]: each["detail"] for each in answer.json()["requirements"] if not each["satisfied"]}


def over_graphql(user: User, way: Way | None = None) -> dict[str, str]:
    variables = {"method": way.name} if way else {}
    body = api_client_for(user).post("/graphql/", {"query": ASK, "variables": variables}).json()
    assert "errors" not in body, body
    return {each["name"]: each["detail"] for each in body["data"]["proposal"]["requirements"] if not each["satisfied"]}


def in_the_console(user: User, way: Way) -> str:
    answer = console_client_for(user).get(f"/console/repositories/crm/proposals/1/?method={way.value}")
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("way", WAYS)
def test_what_is_foreseen_everywhere_is_what_the_guard_then_says(way: Way, protected: World, renamed: Proposal) -> None:
    comment_create(actor=protected.bob, proposal=renamed, body="Hm")
    protected.review(renamed, protected.carol, Verdict.REQUEST_CHANGES)
    protected.rule(**EVERYTHING)
    foreseen = missing(proposal_requirements(actor=protected.dan, proposal=renamed, way=way))
    assert over_rest(protected.dan, way) == over_graphql(protected.dan, way) == foreseen
    shown = in_the_console(protected.dan, way)
    assert all(detail in shown for detail in foreseen.values())
    assert refused(protected, renamed, way) == foreseen
    assert foreseen.keys() == {
        "APPROVALS_REQUIRED",
        "CHANGES_REQUESTED",
        "OWNER_APPROVAL_REQUIRED",
        "COMMENTS_UNRESOLVED",
        "UPDATE_REQUIRED",
        "FINDINGS_FORBIDDEN",
        "CHECK_REQUIRED",
        *(["LINEAR_HISTORY_REQUIRED"] if way is Way.MERGE else []),
    }
    assert "Human" in foreseen["OWNER_APPROVAL_REQUIRED"]


def test_the_place_of_a_finding_is_that_in_the_target(protected: World) -> None:
    proposal = protected.proposal(thing("Person", properties={}))
    protected.commit(Rename("object_type", "Person", "Human"))
    protected.rule(forbids_findings_from="low")
    found = over_rest(protected.dan)
    assert "at /resources/object_type/Human/" in found["FINDINGS_FORBIDDEN"]
    assert found == over_graphql(protected.dan) == refused(protected, proposal, Way.MERGE)


def test_a_conflict_that_was_resolved_counts_as_it_was_resolved(protected: World) -> None:
    proposal = protected.proposal(thing("Person", properties={"id": {"type": "integer"}}))
    protected.commit(thing("Person", properties={"id": {"type": "boolean"}}))
    protected.rule(forbids_findings_from="low")
    [found] = proposal_preview(actor=protected.dan, proposal=proposal).conflicts
    conflict_resolve(actor=protected.dan, proposal=proposal, conflict=found.conflict.id, resolution="ours")
    assert missing(requirements_of(proposal, protected.dan)).keys() == {"FINDINGS_FORBIDDEN"}
    assert over_rest(protected.dan) == over_graphql(protected.dan) == {}
    protected.land(proposal)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.MERGED


def test_who_may_look_sees_them_and_a_stranger_nothing(protected: World, renamed: Proposal) -> None:
    protected.rule(forbids_findings_from="low")
    assert over_rest(protected.carol) == over_rest(protected.dan)
    stranger = api_client_for(protected.charlie)
    assert stranger.get(f"{PROPOSALS}1/").status_code == 404
    [error] = stranger.post("/graphql/", {"query": ASK}).json()["errors"]
    assert error["extensions"]["code"] == "repository-not-found"


def test_a_way_that_is_none_is_refused(protected: World, renamed: Proposal) -> None:
    answer = api_client_for(protected.dan).get(f"{PROPOSALS}1/", {"method": "automatic"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "?method")


def test_looking_leaves_nothing_behind(protected: World, renamed: Proposal) -> None:
    protected.rule(**EVERYTHING)
    head = protected.head
    with CaptureQueriesContext(connection) as queries:
        over_rest(protected.dan)
    assert any("SAVEPOINT" in query["sql"] for query in queries)
    assert protected.head == head
    renamed.refresh_from_db()
    assert renamed.is_pending


def fail(**_: Any) -> None:
    raise AssertionError("Nobody needs to know.")


def test_nothing_is_foreseen_that_no_rule_asks_for(
    protected: World, renamed: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requirements, "proposal_preview", fail)
    assert over_rest(protected.dan) == {}
    protected.rule(required_approvals=1, required_checks=["lint"], requires_linear_history=True)
    assert over_rest(protected.dan).keys() == {"APPROVALS_REQUIRED", "CHECK_REQUIRED", "LINEAR_HISTORY_REQUIRED"}


def test_lists_foresee_nothing(protected: World, renamed: Proposal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "proposal_preview", fail)
    protected.rule(**EVERYTHING)
    client = api_client_for(protected.dan)
    assert client.get(PROPOSALS).json()["count"] == 1
    query = {"query": '{ proposals(repository: "crm") { number } }'}
    assert client.post("/graphql/", query).json()["data"]["proposals"] == [{"number": 1}]


def test_a_preview_that_is_there_is_not_made_again(
    protected: World, renamed: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    protected.rule(**EVERYTHING)
    preview = proposal_preview(actor=protected.dan, proposal=renamed)
    expected = missing(proposal_requirements(actor=protected.dan, proposal=renamed))
    monkeypatch.setattr(requirements, "proposal_preview", fail)
    assert missing(proposal_requirements(actor=protected.dan, proposal=renamed, preview=preview)) == expected


def test_where_the_merge_cannot_be_foreseen_what_the_source_did_counts(
    protected: World, renamed: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    protected.rule(forbids_findings_from="low")
    monkeypatch.setattr("merging.services.ways.REBASE_LIMIT", 0)
    with pytest.raises(RebaseTooLong):
        proposal_preview(actor=protected.dan, proposal=renamed, way=Way.REBASE)
    assert over_rest(protected.dan, Way.REBASE).keys() == {"FINDINGS_FORBIDDEN"}


def test_a_merge_that_moves_nothing_adds_no_merge_commit(protected: World) -> None:
    start = protected.head
    proposal = protected.proposal()
    protected.commit()
    protected.rule(requires_linear_history=True)
    assert over_rest(protected.dan).keys() == {"LINEAR_HISTORY_REQUIRED"}
    branch_reset(actor=protected.alice, branch=protected.branch("topic"), to=start.digest)
    proposal.refresh_from_db()
    assert proposal.is_pending
    assert over_rest(protected.dan) == {}
