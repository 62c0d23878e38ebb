"""The resolver of conflicts: without JavaScript as forms, and in a browser by keyboard."""

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
from history.services import branch_create
from merging.models import Proposal, Resolution
from merging.services import merge_settings_set, proposal_close, proposal_merge, proposal_open, proposal_preview
from tests.console.conftest import PERSON
from tests.console.pages import WORLD, state, text

Clients = Callable[[User], Client]
ONE = f"{WORLD}proposals/1/"
PAGE = f"{ONE}conflicts/"
WORDS, ICON, BOUND = "description/en", "icon", "properties/fullName/constraints/max_length"


def somebody(side: str, **fields: Any) -> dict[str, Any]:
    person = {**PERSON, "description": {"en": f"A human being, {side}."}, "icon": side}
    return {**person, **fields}


@pytest.fixture
def proposal(alice: User, repository: Repository, person: Commit, commit: Callable[..., Commit]) -> Proposal:
    """Main and topic disagree about the words, the icon and a bound of Person."""

    def bounded(maximum: int) -> dict[str, Any]:
        name = {**PERSON["properties"]["fullName"], "constraints": {"max_length": maximum}}
        return {**PERSON["properties"], "fullName": name}

    commit(Put("object_type", "Person", {**PERSON, "properties": bounded(50)}))
    branch_create(actor=alice, repository=repository, name="topic")
    commit(Put("object_type", "Person", somebody("ours", properties=bounded(80))))
    commit(Put("object_type", "Person", somebody("theirs", properties=bounded(30))), branch="topic")
    return proposal_open(actor=alice, repository=repository, title="Describe people", source="topic")


def conflicts(user: User, proposal: Proposal) -> dict[str, str]:
    """The ids of the conflicts by the ends of their paths."""
    found = proposal_preview(actor=user, proposal=proposal).conflicts
    return {each.conflict.path.removeprefix("/resources/object_type/Person/"): each.conflict.id for each in found}


def send(client: Client, conflict: str, resolution: str, **more: Any) -> Any:
    return client.post(PAGE, {"conflict": conflict, "resolution": resolution, **more})


def test_a_conflict_shows_its_sides_with_the_words_marked(alice: User, proposal: Proposal, client_of: Clients) -> None:
    shown = text(client_of(alice).get(PAGE))
    for words in ("0 of 3 resolved", "Before, at the merge base", "In main", "In topic", "as before, until"):
        assert words in shown
    assert shown.count("<ins>") == 3  # of ours, of theirs and of the newest
    assert "The bound that allows more" in shown
    assert "Resolve them" in text(client_of(alice).get(ONE))


def test_conflicts_are_resolved_by_forms_and_go_on_to_the_next(
    bob: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    client, named = client_of(bob), conflicts(bob, proposal)
    assert send(client, named[WORDS], "theirs", next=named[ICON]).url == f"{PAGE}#c-{named[ICON]}"
    assert send(client, named[ICON], "custom", value="user").status_code == 302
    shown = text(client.get(PAGE))
    assert "2 of 3 resolved" in shown
    assert "Bob took what the source has" in shown
    assert send(client, named[BOUND], "looser").status_code == 302
    shown = text(client.get(PAGE))
    assert "3 of 3 resolved" in shown
    assert "Go on to the merge" in shown
    assert "All 3 conflicts are resolved." in text(client.get(ONE))
    found = proposal_preview(actor=bob, proposal=proposal).preview
    heads = {"merge-expected_head": found.target.digest, "merge-expected_source_head": found.source.digest}
    client.post(f"{ONE}merge/", heads)
    person = state(repository)["object_type", "Person"]
    assert person["description"] == {"en": "A human being, theirs."}
    assert (person["icon"], person["properties"]["fullName"]["constraints"]) == ("user", {"max_length": 80})
    assert 'name="resolution"' not in text(client.get(PAGE))


def test_what_was_changed_last_is_offered_with_what_it_is(bob: User, proposal: Proposal, client_of: Clients) -> None:
    client, named = client_of(bob), conflicts(bob, proposal)
    [row] = [row for row, *_ in client.get(PAGE).context["rows"] if row.id == named[ICON]]
    assert [(way.option, way.shown) for way in row.offered] == [("newest", row.sides[2].shown)]
    assert send(client, named[ICON], "newest").status_code == 302
    [row] = [row for row, *_ in client.get(PAGE).context["rows"] if row.id == named[ICON]]
    assert (row.result_label, row.result) == ("what was changed last", row.sides[2].shown)


def test_a_resolved_conflict_stays_and_is_opened_again(bob: User, proposal: Proposal, client_of: Clients) -> None:
    client, named = client_of(bob), conflicts(bob, proposal)
    send(client, named[ICON], "base")
    assert 'data-key="u"' in text(client.get(PAGE))
    assert send(client, named[ICON], "").url == f"{PAGE}#c-{named[ICON]}"
    assert "0 of 3 resolved" in text(client.get(PAGE))


@pytest.mark.parametrize(
    ("place", "resolution", "value", "sentence"),
    [
        (BOUND, "custom", "{", "not JSON"),
        (BOUND, "custom", '"many"', "must be an integer"),
        (ICON, "best", "", "is none of"),
    ],
)
def test_what_is_refused_is_said_at_its_conflict_and_what_was_typed_is_kept(
    place: str, resolution: str, value: str, sentence: str, bob: User, proposal: Proposal, client_of: Clients
) -> None:
    refused = send(client_of(bob), conflicts(bob, proposal)[place], resolution, value=value)
    assert refused.status_code in (400, 422)
    [row] = [row for row, *_ in refused.context["rows"] if row.errors]
    assert sentence in row.errors[0]
    assert resolution != "custom" or row.editor.text == value
    assert not Resolution.objects.exists()


def test_a_conflict_that_is_not_there_any_more_is_told(bob: User, proposal: Proposal, client_of: Clients) -> None:
    refused = send(client_of(bob), "0" * 64, "ours")
    assert refused.status_code == 404
    assert "no such conflict" in text(refused)


def test_what_was_done_elsewhere_is_offered_with_who_and_where_and_applied_where_the_repository_says_so(
    alice: User, bob: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    client, named = client_of(bob), conflicts(bob, proposal)
    send(client, named[ICON], "custom", value="user")
    send(client, named[WORDS], "theirs")
    send(client, named[BOUND], "theirs")
    branch_create(actor=alice, repository=repository, name="release")
    proposal_merge(actor=bob, proposal=proposal)
    proposal_open(actor=alice, repository=repository, title="Once more", source="topic", target="release")
    again = f"{WORLD}proposals/2/conflicts/"
    shown = text(client_of(alice).get(again))
    assert "Bob took another value in" in shown
    assert f'<a href="{ONE}">#1</a>' in shown
    client_of(alice).post(again, {"conflict": named[ICON], "resolution": "remembered"})
    row = Resolution.objects.get(proposal__number=2)
    assert (row.option, bytes(row.value or b"")) == ("custom", b'"user"')
    merge_settings_set(actor=alice, repository=repository, apply_remembered_resolutions=True)
    shown = text(client_of(alice).get(again))
    assert "3 of 3 resolved" in shown
    assert "applied from memory" in shown


def test_who_may_not_propose_sees_the_conflicts_and_resolves_none(
    carol: User, proposal: Proposal, client_of: Clients
) -> None:
    client, named = client_of(carol), conflicts(carol, proposal)
    shown = text(client.get(PAGE))
    assert "0 of 3 resolved" in shown
    assert "data-key" not in shown
    assert send(client, named[ICON], "ours").status_code == 403


def test_the_page_costs_the_same_for_many_conflicts(
    alice: User, bob: User, repository: Repository, proposal: Proposal, client_of: Clients
) -> None:
    client, named, counts = client_of(bob), conflicts(bob, proposal), []
    for place in (WORDS, ICON, BOUND):
        send(client, named[place], "theirs")
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert counts == counts[:1] * 3


# --- In a browser ---------------------------------------------------------------------------------------


def expect_resolved(page: Page, number: int) -> None:
    """The page says so, and its script listens to the keyboard."""
    expect(page.get_by_text(f"{number} of 3 resolved")).to_be_visible()
    expect(page.locator("[data-conflict][aria-current]")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_a_proposal_is_opened_its_report_read_its_conflicts_resolved_by_keyboard_and_it_is_merged(
    alice: User, repository: Repository, proposal: Proposal, page_of: Callable[..., Page], screenshot: Callable
) -> None:
    proposal_close(actor=alice, proposal=proposal)
    page = page_of(alice)
    page.goto(f"{WORLD}merge/?source=topic&target=main")
    page.get_by_role("link", name="Propose this merge").click()
    page.get_by_label("Title", exact=True).fill("Describe people")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("3 conflicts are open.")).to_be_visible()
    page.get_by_role("link", name="What breaks", exact=False).first.click()
    expect(page.locator(".finding").first).to_be_visible()

    page.get_by_role("link", name="Conflicts").click()
    expect_resolved(page, 0)
    page.keyboard.press("3")
    expect_resolved(page, 1)
    expect(page.locator("[data-conflict][aria-current]")).to_contain_text("Icon")
    page.keyboard.press("c")
    page.keyboard.press("Control+a")
    page.keyboard.type("user")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_resolved(page, 2)
    page.keyboard.press("2")
    expect_resolved(page, 3)
    page.keyboard.press("u")
    expect_resolved(page, 2)
    page.keyboard.press("k")
    expect(page.locator("[data-conflict][aria-current]")).to_contain_text("Icon")
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.keyboard.press("s")
    screenshot(page, "resolver")
    page.keyboard.press("Enter")
    expect_resolved(page, 3)

    page.get_by_role("link", name="Go on to the merge").click()
    page.get_by_role("button", name="Merge into main").click()
    expect(page.get_by_text("topic is merged into main")).to_be_visible()
    person = state(repository)["object_type", "Person"]
    assert person["description"] == {"en": "A human being, theirs."}
    assert (person["icon"], person["properties"]["fullName"]["constraints"]) == ("user", {"max_length": 30})
