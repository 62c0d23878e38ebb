"""Alice owns the repository ``world``; Bob works in it; Charlie is a stranger."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from history.models import Branch, Commit, Repository, Role
from history.selectors import branch_get
from history.services import commit_create, membership_set, repository_create
from tests.factories import UserFactory


@pytest.fixture
def alice() -> User:
    return UserFactory(username="alice", role=Role.DEVELOPER)


@pytest.fixture
def bob(repository: Repository, alice: User) -> User:
    bob = UserFactory(username="bob", role=Role.VIEWER)
    membership_set(actor=alice, repository=repository, user=bob, role=Role.VIEWER)
    return bob


@pytest.fixture
def charlie() -> User:
    return UserFactory(username="charlie", role=Role.DEVELOPER)


@pytest.fixture
def repository(alice: User) -> Repository:
    return repository_create(actor=alice, name="world")


@pytest.fixture
def main(repository: Repository) -> Branch:
    return branch_get(repository, "main")


@pytest.fixture
def commit(alice: User, main: Branch) -> Callable[..., Commit]:
    """Make a commit of the given changes on main."""

    def make(*changes: Any, **options: Any) -> Commit:
        return commit_create(actor=alice, branch=main, changes=changes, message="Change", **options)

    return make
