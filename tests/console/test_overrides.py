"""Answering for what a proposal breaks, on its page "What breaks"."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from history.engine.changes import Put
from history.models import Commit, Repository, Role
from history.services import branch_create, membership_set
from merging.models import FindingOverride, Proposal
from merging.services import (
    finding_override,
    owners_set,
    proposal_close,
    proposal_open,
    proposal_preview,
    protection_rule_create,
)
from tests.console.conftest import PERSON
from tests.console.pages import WORLD, text
from tests.console.test_pages import queries
from tests.factories import UserFactory

Clients = Callable[[User], Client]
ONE = f"{WORLD}proposals/1/"
BREAKS = f"{ONE}breaks/"
ACTIVE = {**PERSON, "status": "active"}
FINDING = {"rule": "PR_DELETED", "path": "/resources/object_type/Person/properties/fullName"}
GIVEN = {**FINDING, "reason": "Nobody reads it."}
OFFER = "Override the finding"


@pytest.fixture
def topic(alice: User, repository: Repository, person: Commit, commit: Callable[..., Commit]) -> Commit:
    """Deletes a property of Person, which is active."""
    commit(Put("object_type", "Person", ACTIVE))
    branch_create(actor=alice, repository=repository, name="topic")
    properties = {name: member for name, member in PERSON["properties"].items() if name != "fullName"}
    return commit(Put("object_type", "Person", {**ACTIVE, "properties": properties}), branch="topic")


@pytest.fixture
def proposal(bob: User, repository: Repository, topic: Commit) -> Proposal:
    """Bob's, who is a developer; Alice administers."""
    return proposal_open(actor=bob, repository=repository, title="Drop the name", source="topic")


@pytest.fixture
def owner(alice: User, bob: User, repository: Repository) -> User:
    """Who owns Person, and may else review only."""
    user = UserFactory(username="olga", display_name="Olga")
    membership_set(actor=alice, repository=repository, user=user, role=Role.REVIEWER)
    owners_set(actor=alice, repository=repository, pattern="Person", users=["olga", "bob"])
    return user


def answer(response: Any, rule: str = "PR_DELETED") -> Any:
    """What the page says beside the finding of a rule."""
    [row] = [row for row in response.context["report"].rows if row.finding.rule == rule]
    return row.beside


def test_a_finding_is_overridden_with_a_reason_and_the_override_withdrawn(
    alice: User, carol: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    fields: Any = {"pattern": "main", "forbids_findings_from": "high"}
    protection_rule_create(actor=alice, repository=repository, fields=fields)
    client, asked = client_of(alice), "1 finding is too grave and not overridden"
    assert asked in text(client.get(ONE))
    assert OFFER in text(client.get(BREAKS))
    response = client.post(f"{BREAKS}?method=squash&severity=critical&page=1", GIVEN)
    assert response.url == f"{BREAKS}?method=squash&severity=critical&page=1"
    row = FindingOverride.objects.get()
    assert (row.rule, row.path, row.reason, row.overridden_by) == (*GIVEN.values(), alice)
    assert asked not in text(client.get(ONE))
    shown = text(client_of(carol).get(BREAKS))
    for words in ("overridden", "Alice", "Nobody reads it."):
        assert words in shown
    assert OFFER not in shown
    assert "Withdraw" not in shown
    assert "Withdraw the override of PR_DELETED at Person" in text(client.get(BREAKS))
    assert client.post(BREAKS, {"withdraw": row.pk}).status_code == 302
    assert not FindingOverride.objects.exists()
    assert "Nobody reads it." not in text(client.get(BREAKS))


def test_owners_of_what_breaks_override_it_and_nothing_else(
    alice: User,
    owner: User,
    repository: Repository,
    proposal: Proposal,
    commit: Callable[..., Commit],
    client_of: Clients,
) -> None:
    commit(Put("object_type", "Thing", {"properties": {}}), branch="topic")
    client = client_of(owner)
    response = client.get(BREAKS)
    assert answer(response).form is not None
    assert answer(response, "OT_ADDED").form is None
    assert client.post(BREAKS, GIVEN).status_code == 302
    other = {"rule": "OT_ADDED", "path": "/resources/object_type/Thing", "reason": "x"}
    assert client.post(BREAKS, other).status_code == 403
    assert [row.rule for row in FindingOverride.objects.all()] == ["PR_DELETED"]
    owners_set(actor=alice, repository=repository, pattern="object_type/Person", users=["bob"])
    assert answer(client.get(BREAKS)).form is None
    assert client.post(BREAKS, GIVEN).status_code == 403


def test_who_proposes_and_who_may_look_override_nothing(
    alice: User, bob: User, carol: User, charlie: User, owner: User, proposal: Proposal, client_of: Clients
) -> None:
    row = finding_override(actor=alice, proposal=proposal, **GIVEN)
    for user in (bob, carol):
        client = client_of(user)
        assert answer(client.get(BREAKS)).form is None
        for given in (GIVEN | {"reason": "Mine."}, {"withdraw": row.pk}):
            refused = client.post(BREAKS, given)
            assert refused.status_code == 403
            assert "Findings are overridden by who has the permission" in text(refused)
    assert client_of(charlie).post(BREAKS, GIVEN).status_code == 404
    assert FindingOverride.objects.get().reason == "Nobody reads it."


@pytest.mark.parametrize(("reason", "words"), [(" ", "This field is required."), ("x" * 65_537, "at most 65536")])
def test_what_is_wrong_with_a_reason_stands_at_its_field(
    reason: str, words: str, alice: User, proposal: Proposal, client_of: Clients
) -> None:
    refused = client_of(alice).post(BREAKS, GIVEN | {"reason": reason})
    assert refused.status_code == 422
    form = answer(refused).form
    assert words in form.errors["reason"][0]
    assert refused.context["refused"] is None
    assert '<details class="fold" open>' in text(refused)
    assert not FindingOverride.objects.exists()


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        (GIVEN | {"rule": "PR_ADDED"}, 422, "has no finding PR_ADDED"),
        ({"withdraw": "9"}, 404, "There is no such overridden finding."),
        ({"withdraw": "x"}, 422, "Enter a whole number."),
        ({}, 422, "This field is required."),
    ],
)
def test_what_is_not_there_is_told_above_the_findings(
    given: dict[str, str], status: int, words: str, alice: User, proposal: Proposal, client_of: Clients
) -> None:
    refused = client_of(alice).post(BREAKS, given)
    assert refused.status_code == status
    assert words in text(refused)
    assert not FindingOverride.objects.exists()


def test_what_has_become_graver_is_told_and_overridden_again(
    alice: User, proposal: Proposal, client_of: Clients
) -> None:
    finding_override(actor=alice, proposal=proposal, **GIVEN)
    FindingOverride.objects.update(severity="low")
    client = client_of(alice)
    shown = text(client.get(BREAKS))
    for words in ("does not count", "It was overridden for another change", OFFER):
        assert words in shown
    client.post(BREAKS, GIVEN | {"reason": "Still nobody."})
    shown = text(client.get(BREAKS))
    assert "does not count" not in shown
    assert "Still nobody." in shown


def test_what_was_overridden_stays_to_be_read_when_the_proposal_has_ended(
    alice: User, proposal: Proposal, client_of: Clients
) -> None:
    row = finding_override(actor=alice, proposal=proposal, **GIVEN)
    proposal_close(actor=alice, proposal=proposal)
    client = client_of(alice)
    shown = text(client.get(BREAKS))
    assert "Nobody reads it." in shown
    assert "Withdraw" not in shown
    for given in (GIVEN, {"withdraw": row.pk}):
        refused = client.post(BREAKS, given)
        assert refused.status_code == 409
        assert "Proposal 1 is closed." in text(refused)
    assert FindingOverride.objects.exists()


def test_the_page_costs_the_same_for_many_findings_overrides_and_owners(
    alice: User,
    owner: User,
    repository: Repository,
    proposal: Proposal,
    commit: Callable[..., Commit],
    client_of: Clients,
) -> None:
    client = client_of(owner)
    finding_override(actor=owner, proposal=proposal, **GIVEN)

    def own(*numbers: int) -> None:
        """Add things to the proposal, each with an owner of its own."""
        commit(*(Put("object_type", f"Thing{number}", {"properties": {}}) for number in numbers), branch="topic")
        for number in numbers:
            user = UserFactory(username=f"p{number}")
            membership_set(actor=alice, repository=repository, user=user, role=Role.REVIEWER)
            owners_set(actor=alice, repository=repository, pattern=f"Thing{number}", users=[user.username, "olga"])

    own(0)
    few = queries(client, BREAKS)
    own(*range(1, 9))
    findings = proposal_preview(actor=alice, proposal=proposal).preview.findings
    for number, found in enumerate(findings[1:6]):
        finding_override(actor=alice, proposal=proposal, rule=found.rule, path=found.path, reason="Known")
        FindingOverride.objects.filter(path=found.path).update(overridden_by=User.objects.get(username=f"p{number}"))
    assert text(client.get(BREAKS)).count("Known") == 5
    assert queries(client, BREAKS) <= few


# --- In a browser -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_finding_is_overridden_by_keyboard_without_javascript(
    alice: User, proposal: Proposal, page_of: Callable[..., Page], screenshot: Callable
) -> None:
    page = page_of(alice, java_script_enabled=False)
    page.goto(f"{BREAKS}?severity=critical")
    finding = page.locator(".finding").filter(has_text="PR_DELETED")
    finding.get_by_text("Override", exact=True).press("Enter")
    finding.get_by_label("Why it may land", exact=True).fill("Nobody reads it.")
    screenshot(page, "overriding")
    finding.get_by_role("button", name=OFFER).press("Enter")
    expect(finding).to_contain_text("overridden")
    expect(finding).to_contain_text("Nobody reads it.")
    assert "severity=critical" in page.url
    screenshot(page, "overridden")
    finding.get_by_role("button", name="Withdraw the override of PR_DELETED at Person").press("Enter")
    expect(finding).not_to_contain_text("Nobody reads it.")
    assert not FindingOverride.objects.exists()
