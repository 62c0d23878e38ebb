"""Differences side by side and unified, and what is told of renames."""

import re
from collections.abc import Callable
from http.cookies import Morsel
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from history.engine.changes import Put, Rename
from history.models import Branch, Commit, Repository
from history.selectors import branch_get
from history.services import branch_create
from tests.console.conftest import ADDRESS, PERSON
from tests.console.pages import WORLD, text

Clients = Callable[[User], Client]
COMPARE = f"{WORLD}compare/?base=main&head=topic"


@pytest.fixture
def topic(alice: User, repository: Repository, person: Commit, commit: Callable) -> Branch:
    """Has Person's description changed and Address renamed since it left ``main``; Home refers to that."""
    commit(Put("shared_property", "home", {"type": {"type": "struct", "struct_type": "Address"}}))
    branch = branch_create(actor=alice, repository=repository, name="topic")
    commit(Put("object_type", "Person", {**PERSON, "description": {"en": "A living human being."}}), branch="topic")
    commit(Rename("struct_type", "Address", "PostalAddress"), branch="topic", message="Rename addresses")
    return branch_get(repository, branch.name)


def layout(response: Any) -> str:
    """The layout of the tables on a page."""
    found = set(re.findall(r'<table class="difference (\w+)"', text(response)))
    assert len(found) == 1, found
    return found.pop()


def cell(shown: str, side: str) -> str:
    """The first cell of a side, without its tags."""
    found = re.search(rf'<td class="{side}">(.*?)</td>', shown, re.DOTALL)
    assert found
    return re.sub(r"<[^>]*>", "", found[1]).strip()


def test_the_sides_stand_beside_one_another_until_another_layout_is_chosen(
    alice: User, topic: Branch, client_of: Clients
) -> None:
    client = client_of(alice)
    assert layout(client.get(COMPARE)) == "split"
    assert "difference_layout" not in client.cookies
    assert layout(client.get(f"{COMPARE}&layout=unified")) == "unified"
    for page in (COMPARE, f"{WORLD}commits/{topic.head_id}/", f"{WORLD}merge/?source=topic&target=main"):
        assert layout(client.get(page)) == "unified"
    assert layout(client.get(f"{COMPARE}&layout=split")) == "split"
    assert layout(client.get(COMPARE)) == "split"


def test_the_choice_is_kept_in_this_browser_alone(alice: User, topic: Branch, client_of: Clients) -> None:
    client = client_of(alice)
    client.get(f"{COMPARE}&layout=unified")
    kept: Morsel[str] = client.cookies["difference_layout"]
    assert (kept["httponly"], kept["samesite"], kept["max-age"]) == (True, "Lax", 365 * 24 * 60 * 60)
    assert layout(client_of(alice).get(COMPARE)) == "split"


@pytest.mark.parametrize("asked", ["sideways", ""])
def test_a_layout_that_is_none_is_not_kept(asked: str, alice: User, topic: Branch, client_of: Clients) -> None:
    client = client_of(alice)
    assert layout(client.get(f"{COMPARE}&layout={asked}")) == "split"
    client.cookies["difference_layout"] = "sideways"
    assert layout(client.get(COMPARE)) == "split"


def test_the_switch_keeps_what_the_reader_chose_otherwise(alice: User, topic: Branch, client_of: Clients) -> None:
    shown = text(client_of(alice).get(f"{COMPARE}&kind=object_type"))
    assert 'href="?base=main&amp;head=topic&amp;kind=object_type&amp;layout=unified"' in shown


@pytest.mark.parametrize("chosen", ["split", "unified"])
def test_both_sides_are_told_by_signs_and_words(chosen: str, alice: User, topic: Branch, client_of: Clients) -> None:
    shown = text(client_of(alice).get(f"{COMPARE}&layout={chosen}&kind=object_type"))
    body = shown.partition("<tbody")[2]
    assert body.index("−") < body.index("+")
    assert "Before" in shown
    assert "After" in shown
    assert cell(body, "before").removeprefix("−") == "A human being."
    assert cell(body, "after").removeprefix("+") == "A living human being."
    assert re.search(r"<ins>\s*living\s*</ins>", body)


@pytest.mark.parametrize("chosen", ["split", "unified"])
def test_a_member_under_another_name_is_told_as_renamed(
    chosen: str, alice: User, topic: Branch, repository: Repository, commit: Callable, client_of: Clients
) -> None:
    contents = (
        client_of(alice).get(f"{WORLD}resources/struct_type/PostalAddress/?ref=topic&view=json").context["content"]
    )
    fields = {**contents["fields"]}
    fields["road"] = fields.pop("street")
    made = commit(Put("struct_type", "PostalAddress", {**contents, "fields": fields}), branch="topic")
    shown = text(client_of(alice).get(f"{WORLD}commits/{made.digest}/?layout={chosen}"))
    assert '<span class="badge renamed">renamed</span>' in shown
    assert "street" in cell(shown.partition("<tbody")[2], "before" if chosen == "split" else "after")


def test_what_only_follows_a_rename_says_so_and_is_folded_up(
    alice: User, topic: Branch, commit: Callable, client_of: Clients
) -> None:
    shown = text(client_of(alice).get(COMPARE))
    followed = shown.partition('id="shared_property-home"')[2].partition("</details>")[0]
    assert followed.startswith(">")
    assert "follows renames" in followed
    changed = shown.partition('id="object_type-Person"')[2].partition("</details>")[0]
    assert changed.startswith(" open>")
    assert "follows renames" not in changed
    assert changed.count("follows a rename") == 1


def test_a_name_that_is_used_again_is_told_apart(
    alice: User, topic: Branch, commit: Callable, client_of: Clients
) -> None:
    commit(Put("struct_type", "Address", ADDRESS), branch="topic", message="Another one of that name")
    shown = text(client_of(alice).get(f"{COMPARE}&kind=struct_type"))
    assert '<span class="former">Address</span>' in shown
    assert 'id="struct_type-Address"' in shown
    assert "<b>1</b> added" in shown
    assert "<b>1</b> renamed" in shown
