"""A repository with branches to merge, one with people and a proposal to make, and one with protected branches."""

import pytest

from accounts.models import User
from history.models import Repository, Role
from tests.factories import UserFactory
from tests.merging import proposing, protected
from tests.merging.branches import crm_of


@pytest.fixture
def alice(db: None) -> User:
    return UserFactory(username="alice", role=Role.DEVELOPER)


@pytest.fixture
def crm(alice: User) -> Repository:
    return crm_of(alice)


@pytest.fixture
def here(db: None) -> proposing.World:
    return proposing.world()


@pytest.fixture(name="protected")
def protected_world(db: None) -> protected.World:
    return protected.World()
