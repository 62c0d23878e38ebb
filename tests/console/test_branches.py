"""The console's list of branches: who holds one until when, and what can be done about it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from history.engine.changes import Put
from history.models import Branch, BranchLock, Commit, Repository
from history.selectors import branch_get
from history.services import branch_archive, branch_create
from tests.console.pages import PERSON_PAGE, WORLD, state, text
from tests.factories import lock_by

pytestmark = pytest.mark.django_db

Clients = Callable[[User], Client]
BRANCHES = f"{WORLD}branches/"


@pytest.fixture
def topic(alice: User, repository: Repository) -> Branch:
    return branch_create(actor=alice, repository=repository, name="topic")


def offers(client: Client, page: str = BRANCHES) -> set[str]:
    """The addresses of the list of branches that its forms post to."""
    shown = text(client.get(page))
    return {
        name for name in ("archive", "restore", "lock", "unlock", "delete") if f'action="{BRANCHES}{name}/"' in shown
    }


def test_a_branch_is_locked_shown_and_unlocked(bob: User, carol: User, topic: Branch, client_of: Clients) -> None:
    client, name = client_of(bob), {"name": "topic"}
    given = {**name, "reason": "다음 배포", "duration": "3600"}
    assert "only you write to it now" in text(client.post(f"{BRANCHES}lock/", given, follow=True))
    lock = BranchLock.objects.get()
    assert (lock.owner, lock.reason) == (bob, "다음 배포")
    assert lock.expires_at - lock.taken_at == timedelta(hours=1)
    assert "You have locked this branch until" in text(client.get(BRANCHES))
    shown = text(client_of(carol).get(BRANCHES))
    for part in (
        "Locked",
        "This branch is locked by Bob until",
        lock.expires_at.isoformat(timespec="seconds"),
        "다음 배포",
    ):
        assert part in shown
    assert "Branch topic unlocked" in text(client.post(f"{BRANCHES}unlock/", name, follow=True))
    assert not BranchLock.objects.exists()


def test_a_lock_that_cannot_be_is_told(bob: User, alice: User, topic: Branch, client_of: Clients) -> None:
    client = client_of(bob)
    for given, told in (
        ({"reason": " ", "duration": "900"}, "This field is required"),
        ({"reason": "x", "duration": "1"}, "is not one of the available choices"),
    ):
        assert told in text(client.post(f"{BRANCHES}lock/", {"name": "topic", **given}, follow=True))
    lock_by(alice, topic)
    given = {"name": "topic", "reason": "x", "duration": "900"}
    assert "topic is locked by alice until" in text(client.post(f"{BRANCHES}lock/", given, follow=True))


def test_each_is_offered_what_they_may_do(
    alice: User, bob: User, carol: User, topic: Branch, client_of: Clients
) -> None:
    alices, bobs, carols = client_of(alice), client_of(bob), client_of(carol)
    assert offers(carols) == set()
    assert offers(bobs) == {"archive", "lock", "delete"}
    lock_by(alice, topic)
    assert "unlock" in offers(alices)
    assert "unlock" not in offers(bobs)
    assert offers(bobs) == {"lock", "delete"}  # main can be locked
    BranchLock.objects.all().delete()
    branch_archive(actor=alice, branch=topic)
    assert offers(bobs) == {"restore", "lock", "delete"}


def test_somebody_else_s_lock_is_ended_by_who_administers(
    alice: User, bob: User, carol: User, topic: Branch, client_of: Clients
) -> None:
    lock_by(bob, topic)
    client_of(carol).post(f"{BRANCHES}unlock/", {"name": "topic"})
    assert BranchLock.objects.exists()
    client_of(alice).post(f"{BRANCHES}unlock/", {"name": "topic"})
    assert not BranchLock.objects.exists()


def test_a_branch_is_archived_and_restored(bob: User, topic: Branch, client_of: Clients) -> None:
    client = client_of(bob)
    shown = text(client.post(f"{BRANCHES}archive/", {"name": "topic"}, follow=True))
    assert "Branch topic archived" in shown
    assert "Archived" in shown
    assert "This branch is archived" in text(client.get(f"{WORLD}?ref=topic"))
    assert "is the default branch" in text(client.post(f"{BRANCHES}archive/", {"name": "main"}, follow=True))
    assert "Branch topic restored" in text(client.post(f"{BRANCHES}restore/", {"name": "topic"}, follow=True))
    assert branch_get(topic.repository, "topic").state == "active"


def test_the_owner_of_a_lock_works_on_in_the_console(
    bob: User, topic: Branch, person: Commit, commit: Callable[..., Commit], main: Branch, client_of: Clients
) -> None:
    """Their browser needs no token: they write, delete, import and merge under the lock that they hold."""
    commit(Put("value_type", "Colour", {"type": {"type": "string"}}), branch="topic")
    lock_by(bob, main)
    client, repository = client_of(bob), main.repository
    assert "New resource" in text(client.get(WORLD))
    content = '{"type": {"type": "string"}}'
    edited = {"name": "Code", "content": content, "expected_head": person.digest, "message": ""}
    assert client.post(f"{WORLD}resources/new/?kind=value_type&ref=main", edited).status_code == 302
    head = branch_get(repository, "main").head_id
    assert client.post(f"{WORLD}resources/value_type/Code/delete/?ref=main", {"expected_head": head}).status_code == 302
    document = '{"format": "oms/1", "resources": {"value_type": {"Code": {"type": {"type": "string"}}}}}'
    imported = {"branch": "main", "format": "oms", "text": document, "message": "", "expected_head": ""}
    assert client.post(f"{WORLD}import/", imported).status_code == 200
    assert "Merge into main" in text(client.get(f"{WORLD}merge/?source=topic&target=main"))
    merge = {"source": "topic", "target": "main", "message": "", "expected_head": ""}
    assert client.post(f"{WORLD}merge/", merge).status_code == 302
    assert state(repository).keys() >= {("value_type", "Code"), ("value_type", "Colour")}


def test_others_are_not_offered_what_would_be_refused(
    alice: User, bob: User, topic: Branch, person: Commit, client_of: Clients
) -> None:
    lock_by(alice, topic)
    client = client_of(bob)
    page = text(client.get(f"{WORLD}?ref=topic"))
    assert "This branch is locked by Alice until" in page
    assert "New resource" not in page
    assert "topic is locked or archived" in text(client.get(f"{WORLD}merge/?source=main&target=topic"))
    with time_machine.travel(timezone.now() + timedelta(seconds=600)):
        later = text(client.get(f"{WORLD}?ref=topic"))
        assert "This branch is locked" not in later
        assert "New resource" in later
    assert "Rename" in text(client.get(f"{PERSON_PAGE}?ref=main"))
