"""Going past the rules of a protected branch from the console: whoever may is asked for a reason once they are refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from history.engine.changes import Put
from history.models import Branch, Commit, Repository
from history.selectors import branch_get
from history.services import branch_create
from merging.models import ProtectionRule
from merging.services import protection_rule_create
from tests.console.conftest import PERSON
from tests.console.pages import PERSON_PAGE, WORLD, text
from tests.merging.protected import BYPASSED, LAX, REFUSED, events

Clients = Callable[[User], Client]

FIELD = 'name="bypass_reason"'
REASON = "The night shift waits"
EDITED = {**PERSON, "status": "active"}
DOCUMENT = json.dumps({"format": "oms/1", "resources": {"value_type": {"Color": {"type": "string"}}}})

WAYS: dict[str, tuple[str, dict[str, Any], str]] = {
    "edit": (
        f"{PERSON_PAGE}edit/?ref=main",
        {"name": "Person", "content": json.dumps(EDITED), "message": "Set it active"},
        "Set it active",
    ),
    "new": (
        f"{WORLD}resources/new/?ref=main&kind=value_type",
        {"name": "Color", "content": '{"type": "string"}', "message": "Add colors"},
        "Add colors",
    ),
    "rename": (f"{PERSON_PAGE}rename/?ref=main", {"to": "Human", "message": "Call them humans"}, "Call them humans"),
    "delete": (f"{PERSON_PAGE}delete/?ref=main", {"message": "Nobody needs them"}, "Nobody needs them"),
    "import": (
        f"{WORLD}import/?ref=main",
        {"branch": "main", "format": "oms", "text": DOCUMENT, "message": "Only colors"},
        "Only colors",
    ),
    "merge": (
        f"{WORLD}merge/",
        {"source": "topic", "target": "main", "message": "Take the topic in"},
        "Take the topic in",
    ),
}
"""Where a form is sent to, what is typed into it, and the part of that which must not be lost."""


def rule(alice: User, repository: Repository, **fields: Any) -> ProtectionRule:
    given = {"pattern": "main", **LAX, "bypass_roles": ["administrator"], **fields}
    return protection_rule_create(actor=alice, repository=repository, fields=given)


@pytest.fixture
def main(alice: User, repository: Repository, person: Commit, commit: Callable[..., Commit]) -> Branch:
    """It takes proposals only, which administrators may go past; another branch has something for it."""
    branch_create(actor=alice, repository=repository, name="topic")
    commit(Put("interface", "Named", {}), branch="topic")
    commit(Put("interface", "Aged", {}))
    rule(alice, repository, requires_proposal=True)
    return branch_get(repository, "main")


def typed(way: str, main: Branch, **more: str) -> tuple[str, dict[str, Any]]:
    address, fields, _kept = WAYS[way]
    return address, {**fields, "expected_head": main.head_id, **more}


def head(repository: Repository) -> str:
    return branch_get(repository, "main").head_id


@pytest.mark.parametrize("way", WAYS)
def test_who_may_go_past_what_refuses_is_asked_for_a_reason_which_is_recorded(
    way: str, alice: User, repository: Repository, main: Branch, client_of: Clients
) -> None:
    client = client_of(alice)
    address, given = typed(way, main)
    assert FIELD not in text(client.get(WAYS[way][0]))
    refused = client.post(address, given)
    assert refused.status_code == 403
    for words in ("The branch changes by the merge of a proposal only.", FIELD, WAYS[way][2]):
        assert words in text(refused)
    assert "autofocus" in text(refused)
    assert (head(repository), events(BYPASSED)) == (main.head_id, [])
    assert client.post(address, {**given, "bypass_reason": REASON}).status_code in (200, 302)
    assert head(repository) != main.head_id
    [past] = events(BYPASSED)
    assert (past["reason"], past["rules"], past["head"]) == (REASON, ["main"], main.head_id)


@pytest.mark.parametrize("way", WAYS)
def test_nobody_else_is_asked_and_a_reason_does_nothing_for_them(
    way: str, bob: User, repository: Repository, main: Branch, client_of: Clients
) -> None:
    client = client_of(bob)
    address, given = typed(way, main)
    refused = client.post(address, given)
    assert refused.status_code == 403
    assert FIELD not in text(refused)
    assert client.post(address, {**given, "bypass_reason": REASON}).status_code == 403
    assert (head(repository), events(BYPASSED)) == (main.head_id, [])
    assert len(events(REFUSED)) == 2


def test_a_reason_is_asked_for_only_where_it_opens_everything(
    alice: User, repository: Repository, main: Branch, client_of: Clients
) -> None:
    rule(alice, repository, pattern="ma*", required_checks=["lint"], bypass_roles=[])
    address, given = typed("edit", main)
    refused = client_of(alice).post(address, given)
    assert refused.status_code == 403
    assert "The check lint has not been posted." in text(refused)
    assert FIELD not in text(refused)


@pytest.mark.parametrize(
    ("reason", "status", "sentence"),
    [
        (" ", 403, "The branch changes by the merge of a proposal only."),
        ("x" * 501, 422, "at most 500 characters"),
        ("a\0b", 422, "Null characters are not allowed."),
    ],
)
@pytest.mark.parametrize("way", ["edit", "rename", "import", "merge"])
def test_a_reason_that_is_none_is_asked_for_again(
    way: str,
    reason: str,
    status: int,
    sentence: str,
    alice: User,
    repository: Repository,
    main: Branch,
    client_of: Clients,
) -> None:
    address, given = typed(way, main, bypass_reason=reason)
    refused = client_of(alice).post(address, given)
    assert refused.status_code == status
    assert sentence in text(refused)
    assert FIELD in text(refused)
    assert head(repository) == main.head_id


def test_a_reason_outlasts_another_refusal(
    alice: User, repository: Repository, main: Branch, person: Commit, client_of: Clients
) -> None:
    address, given = typed("rename", main, bypass_reason=REASON)
    refused = client_of(alice).post(address, {**given, "expected_head": person.digest})
    assert refused.status_code == 409
    assert f'value="{REASON}"' in text(refused)
    assert head(repository) == main.head_id


def test_a_reason_that_was_not_needed_is_no_bypass(
    alice: User, repository: Repository, main: Branch, client_of: Clients
) -> None:
    ProtectionRule.objects.all().delete()
    address, given = typed("rename", main, bypass_reason=REASON)
    assert client_of(alice).post(address, given).status_code == 302
    assert events(BYPASSED) == []


# --- The end of a branch ------------------------------------------------------------------------------

ENDS: dict[str, tuple[str, str]] = {
    "delete": ("The branch may not be deleted.", "Branch topic deleted."),
    "archive": ("The branch may not be archived.", "Branch topic archived."),
}
"""What ends a branch, with what is said where it is refused and where it is done."""


def is_in_use(repository: Repository) -> bool:
    return repository.branches.filter(name="topic", archived_at=None).exists()


@pytest.mark.parametrize("end", ENDS)
def test_a_branch_that_may_not_end_does_with_a_reason(
    end: str, alice: User, repository: Repository, main: Branch, client_of: Clients
) -> None:
    rule(alice, repository, pattern="topic", forbids_deletion=True)
    client, address, (why_not, done) = client_of(alice), f"{WORLD}branches/{end}/", ENDS[end]
    refused = client.post(address, {"name": "topic"})
    assert refused.status_code == 403
    for words in (why_not, FIELD, 'name="name" value="topic"', f'action="{address}"'):
        assert words in text(refused)
    assert is_in_use(repository)
    assert done in text(client.post(address, {"name": "topic", "bypass_reason": REASON}, follow=True))
    assert not is_in_use(repository)
    assert [each["reason"] for each in events(BYPASSED)] == [REASON]


@pytest.mark.parametrize("end", ENDS)
def test_who_may_not_go_past_it_is_led_back_to_the_list(
    end: str, alice: User, bob: User, repository: Repository, main: Branch, client_of: Clients
) -> None:
    rule(alice, repository, pattern="topic", forbids_deletion=True)
    told = text(client_of(bob).post(f"{WORLD}branches/{end}/", {"name": "topic"}, follow=True))
    assert ENDS[end][0] in told
    assert FIELD not in told
    assert is_in_use(repository)


# --- The beginning of a branch ------------------------------------------------------------------------


def test_a_branch_that_may_not_be_made_of_something_is_with_a_reason(
    alice: User, bob: User, repository: Repository, main: Branch, client_of: Clients
) -> None:
    rule(alice, repository, pattern="release/*", requires_proposal=True)
    branches, given = f"{WORLD}branches/", {"name": "release/1", "start": "topic"}
    assert FIELD not in text(client_of(bob).post(branches, given))
    client = client_of(alice)
    refused = client.post(branches, given)
    assert refused.status_code == 403
    for words in ("The branch begins at what another holds", FIELD, 'value="release/1"', 'value="topic"'):
        assert words in text(refused)
    assert not repository.branches.filter(name="release/1").exists()
    assert "Branch release/1 created." in text(client.post(branches, {**given, "bypass_reason": REASON}, follow=True))
    assert [each["reason"] for each in events(BYPASSED)] == [REASON]


# --- In the browser -----------------------------------------------------------------------------------


def test_the_editor_keeps_what_was_typed_and_puts_the_cursor_where_the_reason_goes(
    page_of: Callable[..., Page], alice: User, repository: Repository, main: Branch, screenshot: Callable[..., None]
) -> None:
    page = page_of(alice)
    page.goto(f"{PERSON_PAGE}edit/?ref=main")
    page.get_by_label("Description, en", exact=True).fill("Somebody")
    page.get_by_label("Commit message").fill("Say it shorter")
    page.get_by_role("button", name="Commit", exact=True).click()
    reason = page.get_by_label("Why the rules are gone past")
    expect(reason).to_be_focused()
    expect(page.get_by_text("The branch changes by the merge of a proposal only.").first).to_be_visible()
    expect(page.get_by_label("Description, en", exact=True)).to_have_value("Somebody")
    expect(page.get_by_label("Commit message")).to_have_value("Say it shorter")
    screenshot(page, "bypass-reason")
    page.keyboard.type(REASON)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Committed as")).to_be_visible()
    assert branch_get(repository, "main").head.message == "Say it shorter"
    assert [each["reason"] for each in events(BYPASSED)] == [REASON]


def test_without_javascript_a_merge_is_made_with_a_reason(
    page_of: Callable[..., Page], alice: User, repository: Repository, main: Branch
) -> None:
    page = page_of(alice, java_script_enabled=False)
    page.goto(f"{WORLD}merge/?source=topic&target=main")
    page.get_by_role("button", name="Merge into main").click()
    page.get_by_label("Why the rules are gone past").fill(REASON)
    page.get_by_role("button", name="Merge into main").click()
    expect(page.get_by_text("topic is merged into main")).to_be_visible()
    assert [each["reason"] for each in events(BYPASSED)] == [REASON]
