"""What breaks between two refs, as the pages of comparison and merge tell it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from history.engine.changes import Put, Rename
from history.models import Branch, Commit, Repository
from history.services import branch_create
from tests.console.conftest import PERSON
from tests.console.pages import WORLD, text
from tests.console.test_pages import queries

Clients = Callable[[User], Client]

ACTIVE = {**PERSON, "status": "active"}
BREAKS = f"{WORLD}compare/?base=main&head=topic&view=breaks"


@pytest.fixture
def topic(alice: User, repository: Repository, person: Commit, commit: Callable) -> Branch:
    """Deletes a property of Person, which is active, adds another, and deletes a field of Address and renames it."""
    commit(Put("object_type", "Person", ACTIVE))
    branch = branch_create(actor=alice, repository=repository, name="topic")
    properties = {name: member for name, member in PERSON["properties"].items() if name != "fullName"}
    content = {**ACTIVE, "properties": {**properties, "nickname": {"type": "string"}}}
    commit(Put("object_type", "Person", content), branch="topic")
    fields = {"city": {"type": "string", "required": True}}
    commit(Put("struct_type", "Address", {"fields": fields}), branch="topic")
    commit(Rename("struct_type", "Address", "PostalAddress"), branch="topic")
    return branch


def rules(shown: str) -> list[str]:
    return re.findall(r'<code class="soft">([A-Z_]+)</code>', shown)


def test_the_gravest_is_told_first_with_whom_it_breaks_and_how_to_migrate(
    carol: User, topic: Branch, client_of: Clients
) -> None:
    shown = text(client_of(carol).get(BREAKS))
    assert rules(shown)[0] == "PR_DELETED"
    for part in (
        "The property &#x27;fullName&#x27; of the object type &#x27;Person&#x27; is deleted.",
        '<span class="badge critical">critical</span>',
        "stored data",
        "Migration plan of 3 steps",
        "Deprecate the property",
        "To undo it:",
        "Needed first:",
    ):
        assert part in shown, part
    assert f'href="{WORLD}resources/object_type/Person/?ref=topic"' in shown


def test_users_and_what_is_gone_lead_to_where_they_are_there(alice: User, topic: Branch, client_of: Clients) -> None:
    shown = text(client_of(alice).get(BREAKS))
    assert "1 user" in shown
    assert f'href="{WORLD}resources/struct_type/Address/?ref=main"' in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("&severity=critical", {"PR_DELETED"}),
        ("&severity=low", {"PR_ADDED_OPTIONAL"}),
        ("&breaks=data", {"PR_DELETED"}),
        ("&severity=low&breaks=data", set()),
        ("&severity=nonsense&breaks=nobody", {"PR_DELETED", "PR_ADDED_OPTIONAL"}),
    ],
)
def test_findings_are_filtered_by_severity_and_audience(
    query: str, found: set[str], alice: User, topic: Branch, client_of: Clients
) -> None:
    shown = set(rules(text(client_of(alice).get(BREAKS + query))))
    assert shown >= found
    assert found or not shown
    assert query.startswith("&severity=nonsense") or shown & {"PR_DELETED", "PR_ADDED_OPTIONAL"} == found


def test_filters_keep_one_another_and_the_refs(alice: User, topic: Branch, client_of: Clients) -> None:
    shown = text(client_of(alice).get(f"{BREAKS}&breaks=data"))
    assert 'href="?base=main&amp;head=topic&amp;view=breaks&amp;breaks=data&amp;severity=critical"' in shown


def test_what_changes_and_what_breaks_are_two_views_of_one_page(alice: User, topic: Branch, client_of: Clients) -> None:
    client = client_of(alice)
    changes = text(client.get(f"{WORLD}compare/?base=main&head=topic"))
    assert rules(changes) == []
    assert 'href="?base=main&amp;head=topic&amp;view=breaks"' in changes
    breaks = text(client.get(BREAKS))
    assert 'href="?base=main&amp;head=topic"' in breaks
    assert f"{WORLD}compare/?base=topic&amp;head=main&amp;view=breaks" in breaks


def test_many_findings_have_pages(alice: User, topic: Branch, commit: Callable, client_of: Clients) -> None:
    commit(*(Put("object_type", f"Thing{number:03}", {"properties": {}}) for number in range(60)), branch="topic")
    client = client_of(alice)
    first, second = client.get(BREAKS), client.get(f"{BREAKS}&page=2")
    assert len(rules(text(first))) == 50
    assert set(rules(text(second))) == {"OT_ADDED", "RS_CHANGED"}
    assert f"51–{len(first.context['report'].findings)} of" in text(second)


def test_the_queries_of_the_report_do_not_grow(
    alice: User, topic: Branch, commit: Callable, client_of: Clients
) -> None:
    client = client_of(alice)
    few = queries(client, BREAKS)
    commit(*(Put("object_type", f"Thing{number}", {"properties": {}}) for number in range(20)), branch="topic")
    assert queries(client, BREAKS) <= few


def test_nothing_that_breaks_is_said(alice: User, person: Commit, client_of: Clients) -> None:
    shown = text(client_of(alice).get(f"{WORLD}compare/?base=main&head=main&view=breaks"))
    assert "Nothing breaks" in shown


def test_a_merge_says_in_short_what_it_breaks(bob: User, topic: Branch, commit: Callable, client_of: Clients) -> None:
    commit(Put("value_type", "Shape", {"type": "string"}))
    client = client_of(bob)
    merge = f"{WORLD}merge/?source=topic&target=main"
    shown = text(client.get(merge))
    assert "This can be merged" in shown
    assert "It breaks:" in shown
    assert "<b>1</b> critical" in shown
    assert 'href="?source=topic&amp;target=main&amp;view=breaks&amp;severity=critical"' in shown
    assert "PR_DELETED" in rules(text(client.get(f"{merge}&view=breaks")))
    assert "Shape" not in text(client.get(f"{merge}&view=breaks"))  # it is in main already


def test_a_stranger_sees_no_report(charlie: User, topic: Branch, client_of: Clients) -> None:
    assert client_of(charlie).get(BREAKS).status_code == 404
