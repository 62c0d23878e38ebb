"""Alice administers a repository, Bob works in it, Carol may look, Charlie knows nothing of it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from accounts.models import User
from history.engine.changes import Change, Put
from history.models import Branch, Commit, Repository, Role
from history.selectors import branch_get
from history.services import commit_create, membership_set, repository_create
from tests.factories import UserFactory, console_client_for

PERSON = {
    "display_name": {"en": "Person", "ko": "사람"},
    "description": {"en": "A human being."},
    "primary_key": ["personId"],
    "properties": {
        "personId": {"type": "string", "required": True},
        "fullName": {"type": "string", "display_name": {"en": "Full name"}},
        "home": {"type": {"type": "struct", "struct_type": "Address"}},
    },
}
ADDRESS = {"fields": {"street": {"type": "string"}, "city": {"type": "string", "required": True}}}


@pytest.fixture
def alice(db: None) -> User:
    return UserFactory(username="alice", display_name="Alice", role=Role.DEVELOPER)


@pytest.fixture
def bob(repository: Repository, alice: User) -> User:
    user = UserFactory(username="bob", display_name="Bob")
    membership_set(actor=alice, repository=repository, user=user, role=Role.DEVELOPER)
    return user


@pytest.fixture
def carol(repository: Repository, alice: User) -> User:
    user = UserFactory(username="carol", display_name="Carol")
    membership_set(actor=alice, repository=repository, user=user, role=Role.VIEWER)
    return user


@pytest.fixture
def charlie(db: None) -> User:
    return UserFactory(username="charlie")


@pytest.fixture
def repository(alice: User) -> Repository:
    return repository_create(actor=alice, name="world", title="The world")


@pytest.fixture
def main(repository: Repository) -> Branch:
    return branch_get(repository, "main")


@pytest.fixture
def commit(alice: User, repository: Repository) -> Callable[..., Commit]:
    """Commits changes to a branch, ``main`` unless another is named."""

    def make(*changes: Change, branch: str = "main", message: str = "Change", actor: User = alice) -> Commit:
        return commit_create(actor=actor, branch=branch_get(repository, branch), changes=list(changes), message=message)

    return make


@pytest.fixture
def person(commit: Callable[..., Commit]) -> Commit:
    """The commit by which ``main`` holds Person and Address."""
    changes = Put("struct_type", "Address", ADDRESS), Put("object_type", "Person", PERSON)
    return commit(*changes, message="Describe people")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    return console_client_for


# --- The browser ------------------------------------------------------------------------------------


@pytest.fixture
def page_of(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Opens a page in which a user is signed in; at the end no page may have said anything in its console."""
    contexts, said = [], list[str]()

    def open_page(user: User | None = None, **options: Any) -> Page:
        context = browser.new_context(
            **{"base_url": live_server.url, "viewport": {"width": 1280, "height": 900}, **options}
        )
        contexts.append(context)
        if user:
            cookies = console_client_for(user).cookies
            context.add_cookies([{"name": "sessionid", "value": cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: said.append(f"{page.url} {message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"{page.url} {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [line for line in said if not is_expected(line)] == []


def is_expected(line: str) -> bool:
    """Chromium itself notes answers of 409 and 422, which are what some tests are about, and gives hints to authors."""
    return "the server responded with a status of 4" in line or " verbose: [DOM]" in line


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a picture in ``test-results/`` for people to look at."""
    folder = Path(request.config.rootpath) / "test-results"

    def take(page: Page, name: str) -> None:
        if os.environ.get("OMS_SCREENSHOTS"):
            folder.mkdir(exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take
