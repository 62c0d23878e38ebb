"""The pages of consumers and of the compatibility of branches."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page

from accounts.models import User
from history.engine.changes import Delete, Put
from history.models import Commit, Repository
from history.selectors import branch_get
from history.services import branch_create
from ontology.models import Consumer, ConsumerUsage
from tests.console.conftest import PERSON
from tests.console.pages import WORLD, text

Clients = Callable[[User], Client]

TYPED = {"name": "billing", "contact": "billing@example.com", "reads": "Person.fullName\n\n struct_type Address "}


@pytest.fixture
def registered(bob: User, person: Commit, client_of: Clients) -> Consumer:
    """The consumer ``billing`` that Bob registered."""
    client_of(bob).post(f"{WORLD}consumers/", TYPED)
    return Consumer.objects.get()


@pytest.mark.parametrize("page", ["consumers/", "compatibility/"])
def test_a_stranger_is_told_that_there_is_no_such_repository(
    page: str, charlie: User, repository: Repository, client_of: Clients
) -> None:
    assert client_of(charlie).get(WORLD + page).status_code == 404


def test_a_consumer_is_registered_shown_and_removed(bob: User, person: Commit, client_of: Clients) -> None:
    client = client_of(bob)
    shown = text(client.post(f"{WORLD}consumers/", {**TYPED, "query": "{ person { personId } }"}, follow=True))
    assert "Consumer billing registered." in shown
    assert set(ConsumerUsage.objects.values_list("mode", "kind", "type", "property")) == {
        ("reads", "object_type", "Person", "fullName"),
        ("reads", "object_type", "Person", "personId"),
        ("reads", "struct_type", "Address", ""),
    }
    for part in ("billing@example.com", "Person.fullName", "Address", "Remove consumer"):
        assert part in shown
    shown = text(client.post(f"{WORLD}consumers/remove/", {"name": "billing"}, follow=True))
    assert "Consumer billing removed." in shown
    assert not Consumer.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": "a/b"}, "A consumer&#x27;s name has 1 to 100"),
        ({"reads": "Persn"}, "There is no object type &#x27;Persn&#x27;"),
        ({"writes": "Person.ful"}, "The object type &#x27;Person&#x27; has no &#x27;ful&#x27;"),
        ({"query": "{ person { nme } }"}, "Line 1, column 12: &#x27;Person&#x27; has no &#x27;nme&#x27;"),
        ({"reads": ""}, "A consumer reads or writes something."),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    given: dict, sentence: str, bob: User, person: Commit, client_of: Clients
) -> None:
    response = client_of(bob).post(f"{WORLD}consumers/", {**TYPED, **given})
    assert response.status_code == 422
    assert sentence in text(response)
    assert 'aria-invalid="true"' in text(response)
    assert not Consumer.objects.exists()


def test_only_who_may_change_a_consumer_is_offered_to(
    alice: User, bob: User, carol: User, registered: Consumer, client_of: Clients
) -> None:
    viewer = client_of(carol)
    shown = text(viewer.get(f"{WORLD}consumers/"))
    assert "billing" in shown
    assert "Register a consumer" not in shown
    assert "Remove consumer" not in shown
    assert viewer.post(f"{WORLD}consumers/", TYPED).status_code == 403
    assert "This needs the permission" in text(
        viewer.post(f"{WORLD}consumers/remove/", {"name": "billing"}, follow=True)
    )
    client_of(alice).post(f"{WORLD}consumers/", {**TYPED, "name": "crm"})
    assert len(re.findall("Remove consumer", text(client_of(bob).get(f"{WORLD}consumers/")))) == 1
    assert len(re.findall("Remove consumer", text(client_of(alice).get(f"{WORLD}consumers/")))) == 2


def test_what_the_default_branch_has_no_longer_is_stale(
    bob: User, registered: Consumer, commit: Callable, client_of: Clients
) -> None:
    client = client_of(bob)
    assert "stale" not in text(client.get(f"{WORLD}consumers/"))
    commit(Delete("object_type", "Person"))
    assert "stale" in text(client.get(f"{WORLD}consumers/"))


@pytest.fixture
def branches(alice: User, bob: User, registered: Consumer, repository: Repository, commit: Callable) -> None:
    """``risky`` deletes what billing reads, ``safe`` adds something; ``crm`` reads something else."""
    commit(Put("object_type", "Person", {**PERSON, "status": "active"}))
    for name in ("risky", "safe"):
        branch_create(actor=alice, repository=repository, name=name)
    properties = {name: each for name, each in PERSON["properties"].items() if name != "fullName"}
    commit(Put("object_type", "Person", {**PERSON, "status": "active", "properties": properties}), branch="risky")
    commit(Put("value_type", "Color", {"type": "string"}), branch="safe")


def test_a_table_shows_which_branch_breaks_which_consumer(
    alice: User, branches: None, repository: Repository, client_of: Clients
) -> None:
    client = client_of(alice)
    client.post(f"{WORLD}consumers/", {"name": "crm", "reads": "Person.personId"})
    shown = re.sub(r"\s+", " ", text(client.get(f"{WORLD}compatibility/")))
    risky, safe = (row for row in re.findall(r"<tr> .*?</tr>", shown))
    assert re.search(r"risky.*?<b>1</b> critical.*?PR_DELETED.*?critical.*?compatible", risky)
    assert safe.count("compatible") == 2
    assert f"compare/?base={branch_get(repository, 'main').head_id}&amp;head=risky" in risky
    assert "Which branches break which consumers" in text(client.get(f"{WORLD}branches/"))


def queries(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
        return len(captured)


def test_the_queries_of_the_list_do_not_grow(bob: User, registered: Consumer, client_of: Clients) -> None:
    client = client_of(bob)
    few = queries(client, f"{WORLD}consumers/")
    for number in range(8):
        client.post(f"{WORLD}consumers/", {**TYPED, "name": f"more-{number}"})
    assert queries(client, f"{WORLD}consumers/") <= few


@pytest.mark.django_db(transaction=True)
def test_the_pages_in_a_browser(
    alice: User, branches: None, client_of: Clients, page_of: Callable[..., Page], screenshot: Callable
) -> None:
    client_of(alice).post(
        f"{WORLD}consumers/", {"name": "crm", "writes": "Person.personId", "description": "Keeps people."}
    )
    page = page_of(alice)
    page.goto(f"{WORLD}consumers/")
    page.get_by_label("Name").fill("search")
    page.get_by_label("Reads").fill("Person.none")
    page.get_by_role("button", name="Register", exact=True).click()
    assert page.get_by_text("has no 'none'").is_visible()
    screenshot(page, "consumers-refused")
    page.get_by_label("Reads").fill("Person")
    page.get_by_role("button", name="Register", exact=True).click()
    assert page.get_by_text("Consumer search registered.").is_visible()
    screenshot(page, "consumers")
    page.get_by_role("link", name="Compatibility of branches").click()
    screenshot(page, "compatibility")
    page.get_by_role("row", name=re.compile("^risky")).get_by_role("link").last.click()
    assert page.get_by_text("fullName").first.is_visible()
