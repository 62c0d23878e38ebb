"""A repository with branches to merge, and the world of protected branches."""

import pytest

from accounts.models import User
from history.models import Repository, Role
from tests.factories import UserFactory
from tests.merging.branches import crm_of
from tests.merging.protected import World


@pytest.fixture
def alice(db: None) -> User:
    return UserFactory(username="alice", role=Role.DEVELOPER)


@pytest.fixture
def crm(alice: User) -> Repository:
    return crm_of(alice)


@pytest.fixture
def protected(db: None) -> World:
    return World()
