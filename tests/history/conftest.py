"""Who acts in the tests of history, and what they act on.

Alice may create repositories and owns ``crm``, Bob is a member of it as a developer, Charlie is a
stranger whose role would let him do a lot elsewhere, Ada administers the instance. ``as_alice`` and
the like are REST clients with their tokens. Modules that use ``note_content`` version notes instead
of ontologies.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from history.models import Branch, Repository, Role
from history.selectors import branch_get, content_model
from history.services import membership_set, repository_create
from tests.factories import UserFactory, api_client_for


@pytest.fixture
def note_content(settings: Any) -> Iterator[None]:
    settings.HISTORY_CONTENT_MODEL = "tests.history.notes.NoteContent"
    settings.HISTORY_COMMIT_HOOKS = []
    content_model.cache_clear()
    yield
    content_model.cache_clear()


@pytest.fixture
def alice(db: None) -> User:
    return UserFactory(username="alice", role=Role.DEVELOPER)


@pytest.fixture
def bob(db: None) -> User:
    return UserFactory(username="bob", role=Role.VIEWER)


@pytest.fixture
def charlie(db: None) -> User:
    return UserFactory(username="charlie", role=Role.DEVELOPER)


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(username="ada", role=Role.ADMINISTRATOR)


@pytest.fixture
def as_alice(alice: User) -> APIClient:
    return api_client_for(alice)


@pytest.fixture
def as_bob(bob: User) -> APIClient:
    return api_client_for(bob)


@pytest.fixture
def as_charlie(charlie: User) -> APIClient:
    return api_client_for(charlie)


@pytest.fixture
def as_ada(ada: User) -> APIClient:
    return api_client_for(ada)


@pytest.fixture
def repository(alice: User, bob: User) -> Repository:
    """Alice's private repository, with Bob in it."""
    crm = repository_create(actor=alice, name="crm", title="Customers")
    membership_set(actor=alice, repository=crm, user=bob, role=Role.DEVELOPER)
    return crm


@pytest.fixture
def main(repository: Repository) -> Branch:
    return branch_get(repository, "main")
