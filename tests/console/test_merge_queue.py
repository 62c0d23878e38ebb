"""The merge queue: into it and out of it on a proposal's page, and the page of what waits."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, expect

from accounts.models import User
from history.engine.changes import Put
from history.models import Commit, Repository
from history.selectors import branch_get
from history.services import branch_create, lock_take
from merging.models import Proposal, QueueEntry, QueueState
from merging.selectors import queue_entry_of
from merging.services import proposal_draft, proposal_open, protection_rule_create, queue_advance, queue_enter
from tests.console.pages import WORLD, text
from tests.factories import UserFactory

Clients = Callable[[User], Client]
QUEUE = f"{WORLD}queue/"
ONE = f"{WORLD}proposals/1/"
ENTER = f"{ONE}queue/"
LEAVE = f"{ONE}queue/leave/"
OFFER = "Put it into the merge queue"


@pytest.fixture
def proposal(alice: User, repository: Repository, person: Commit, commit: Callable[..., Commit]) -> Proposal:
    branch_create(actor=alice, repository=repository, name="topic")
    commit(Put("interface", "Named", {}), branch="topic")
    return proposal_open(actor=alice, repository=repository, title="Name things", source="topic")


def seen(repository: Repository, **more: str) -> dict[str, str]:
    """What the form sends of the branches as they are now."""
    heads = {"expected_head": "main", "expected_source_head": "topic"}
    return {f"merge-{name}": branch_get(repository, branch).head_id for name, branch in heads.items()} | more


def entry_of(proposal: Proposal) -> QueueEntry:
    entry = queue_entry_of(proposal)
    assert entry is not None
    return entry


# --- On the page of a proposal ------------------------------------------------------------------------


def test_a_proposal_is_put_into_the_queue_in_the_chosen_way_and_taken_out(
    bob: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    client = client_of(bob)
    assert f'formaction="{ENTER}?method=squash"' in text(client.get(f"{ONE}?method=squash"))
    given = seen(repository, **{"merge-message": "Name all things"})
    shown = text(client.post(f"{ENTER}?method=squash", given, follow=True))
    for words in ("It waits for its turn to be merged into main.", "place 1", "It waits to be merged into main"):
        assert words in shown
    assert OFFER not in shown
    assert "Merge into main" in shown
    entry = entry_of(proposal)
    assert (entry.method, entry.message, entry.enqueued_by) == ("squash", "Name all things", bob)
    assert entry.source_head_id == given["merge-expected_source_head"]
    shown = text(client.post(LEAVE, follow=True))
    assert "Proposal 1 is out of the merge queue." in shown
    assert OFFER in shown
    assert entry_of(proposal).state == QueueState.WITHDRAWN
    assert "Proposal 1 is not in the queue." in text(client.post(LEAVE, follow=True))


def test_what_is_queued_is_what_the_page_has_shown(
    bob: User, repository: Repository, proposal: Proposal, commit: Callable[..., Commit], client_of: Clients
) -> None:
    given = seen(repository)
    commit(Put("interface", "Aged", {}), branch="topic")
    refused = client_of(bob).post(ENTER, given)
    assert refused.status_code == 409
    assert "topic has moved to" in text(refused)
    assert not QueueEntry.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"), [({"merge-message": "x\0"}, "message"), ({"merge-expected_source_head": ""}, None)]
)
def test_what_is_wrong_with_the_form_is_told(
    given: dict[str, str], field: str | None, bob: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    refused = client_of(bob).post(ENTER, {**seen(repository), **given})
    assert refused.status_code == 422
    assert refused.context["forms"]["merge"].errors[field or "expected_source_head"]
    assert not QueueEntry.objects.exists()


def test_it_waits_once_and_no_draft_does(
    bob: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    client = client_of(bob)
    client.post(ENTER, seen(repository))
    refused = client.post(ENTER, seen(repository))
    assert refused.status_code == 409
    assert "Proposal 1 is in the queue already." in text(refused)
    proposal_draft(actor=bob, proposal=proposal)
    assert OFFER not in text(client.get(ONE))
    assert client.post(ENTER, seen(repository)).status_code == 409
    assert QueueEntry.objects.count() == 1


def test_who_may_not_merge_sees_where_it_stands_and_changes_nothing(
    alice: User, carol: User, charlie: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    client = client_of(carol)
    assert OFFER not in text(client.get(ONE))
    assert client.post(ENTER, seen(repository)).status_code == 403
    assert not QueueEntry.objects.exists()
    queue_enter(actor=alice, proposal=proposal)
    shown = text(client.get(ONE))
    assert "place 1" in shown
    assert "Take it out of the queue" not in shown
    assert "This needs the permission" in text(client.post(LEAVE, follow=True))
    assert client_of(charlie).post(LEAVE).status_code == 404
    assert entry_of(proposal).is_queued


def test_it_waits_for_a_target_that_is_locked(
    alice: User, bob: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    lock_take(actor=alice, branch=branch_get(repository, "main"), reason="A release", duration=60)
    shown = text(client_of(bob).get(ONE))
    assert "Merge into main" not in shown
    assert OFFER in shown


def test_what_failed_says_why_until_it_waits_again(
    alice: User, bob: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    fields: Any = {"pattern": "main", "required_approvals": 1}
    protection_rule_create(actor=alice, repository=repository, fields=fields)
    client = client_of(bob)
    client.post(ENTER, seen(repository))
    queue_advance(repository=repository, target="main")
    shown = text(client.get(ONE))
    for words in ("It left the merge queue with a problem", "main is protected by main.", "1 approval is needed"):
        assert words in shown
    shown = text(client.post(ENTER, seen(repository), follow=True))
    assert "It left the merge queue" not in shown
    assert "place 1" in shown


def test_a_problem_is_told_in_the_language_of_the_reader_on_the_page_and_its_timeline(
    alice: User, bob: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    fields: Any = {"pattern": "main", "required_approvals": 1}
    protection_rule_create(actor=alice, repository=repository, fields=fields)
    client = client_of(bob)
    client.post(ENTER, seen(repository))
    queue_advance(repository=repository, target="main")
    for language, reason, error in (
        ("en", "main is protected by main.", "1 approval is needed; there is 0."),
        ("ko", "main 브랜치는 main 규칙으로 보호됩니다.", "승인 1건이 필요한데 0건 있습니다."),
    ):
        shown = text(client.get(ONE, headers={"accept-language": language}))
        timeline, turn = shown.split('id="queue"')
        assert reason in timeline
        assert reason in turn
        assert error in turn
    assert "is protected by" not in shown


# --- The page of what waits ---------------------------------------------------------------------------


@pytest.fixture
def others(alice: User, repository: Repository, proposal: Proposal) -> list[Proposal]:
    """Three more that wait, the second of them to be merged into another branch."""
    branch_create(actor=alice, repository=repository, name="beta", start="main")
    made = []
    for name, target in (("one", "main"), ("two", "beta"), ("three", "main")):
        branch_create(actor=alice, repository=repository, name=name, start="topic")
        made.append(proposal_open(actor=alice, repository=repository, title=f"Do {name}", source=name, target=target))
        queue_enter(actor=alice, proposal=made[-1])
    return made


def rows(response: Any) -> list[tuple[str, int | None, str]]:
    """(target, place, title) of what is listed, in order."""
    return [(each.entry.target, each.entry.position, each.entry.proposal.title) for each in response.context["turns"]]


def test_what_waits_is_listed_by_target_in_order_and_taken_out(
    bob: User, proposal: Proposal, others: list[Proposal], client_of: Clients
) -> None:
    queue_enter(actor=bob, proposal=proposal)
    client = client_of(bob)
    assert f'href="{QUEUE}"' in text(client.get(f"{WORLD}proposals/"))
    response = client.get(QUEUE)
    assert rows(response) == [
        ("beta", 1, "Do two"),
        ("main", 1, "Do one"),
        ("main", 2, "Do three"),
        ("main", 3, "Name things"),
    ]
    for words in ("Queue of main", "Alice", "Bob", "Take out proposal 3"):
        assert words in text(response)
    response = client.post(QUEUE, {"id": others[0].number}, follow=True)
    assert "Proposal 2 is out of the merge queue." in text(response)
    assert rows(response)[1:] == [("main", 1, "Do three"), ("main", 2, "Name things")]


def test_who_may_look_takes_nothing_out(carol: User, charlie: User, others: list[Proposal], client_of: Clients) -> None:
    client = client_of(carol)
    shown = text(client.get(QUEUE))
    assert "Do one" in shown
    assert "Take out" not in shown
    refused = text(client.post(QUEUE, {"id": others[0].number}, follow=True))
    assert "This needs the permission" in refused
    assert client_of(charlie).get(QUEUE).status_code == 404
    assert client_of(charlie).post(QUEUE, {"id": others[0].number}).status_code == 404
    assert QueueEntry.objects.queued().count() == 3


@pytest.mark.parametrize(
    ("number", "words"),
    [("9", "has no proposal 9"), ("1", "Proposal 1 is not in the queue."), ("x", "Enter a whole number.")],
)
def test_what_does_not_wait_cannot_be_taken_out(
    number: str, words: str, bob: User, proposal: Proposal, client_of: Clients
) -> None:
    assert words in text(client_of(bob).post(QUEUE, {"id": number}, follow=True))


def test_an_empty_queue_says_so(carol: User, proposal: Proposal, client_of: Clients) -> None:
    assert "Nothing waits" in text(client_of(carol).get(QUEUE))


def test_the_queue_has_pages_and_costs_the_same_for_many(
    alice: User,
    repository: Repository,
    others: list[Proposal],
    client_of: Clients,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, counts = client_of(alice), []
    for number in range(4):
        branch_create(actor=alice, repository=repository, name=f"b{number}", start="topic")
        more = proposal_open(actor=alice, repository=repository, title=f"T{number}", source=f"b{number}")
        queue_enter(actor=alice, proposal=more)
        QueueEntry.objects.filter(proposal=more).update(enqueued_by=UserFactory(username=f"p{number}"))
        if number in (0, 3):
            with CaptureQueriesContext(connection) as queries:
                client.get(QUEUE)
            counts.append(len(queries))
    assert counts[0] == counts[1]
    monkeypatch.setattr("merging.views.queue.PAGE", 5)
    assert [place for _, place, _ in rows(client.get(f"{QUEUE}?page=2"))] == [5, 6]


# --- In a browser -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_proposal_is_put_into_the_queue_by_keyboard_and_taken_out_without_javascript(
    bob: User, proposal: Proposal, page_of: Callable[..., Page], screenshot: Callable
) -> None:
    page = page_of(bob, java_script_enabled=False)
    page.goto(ONE)
    page.get_by_role("link", name="Squash").click()
    page.get_by_label("Commit message", exact=True).fill("Name all things")
    page.get_by_role("button", name=OFFER).press("Enter")
    expect(page.get_by_text("It waits for its turn to be merged into main.")).to_be_visible()
    expect(page.locator("#queue")).to_contain_text("place 1")
    screenshot(page, "queued")
    entry = entry_of(proposal)
    assert (entry.method, entry.message) == ("squash", "Name all things")
    page.locator("#queue").get_by_role("link", name="Merge queue").click()
    expect(page.get_by_role("region", name="Queue of main")).to_contain_text("Name things")
    page.get_by_role("button", name="Take out proposal 1").press("Enter")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    assert entry_of(proposal).state == QueueState.WITHDRAWN
