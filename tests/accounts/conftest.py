import pytest
from rest_framework.test import APIClient

from accounts.models import User
from history.models import Role
from tests.factories import UserFactory


@pytest.fixture
def alice(db: None) -> User:
    """Administers the instance."""
    return UserFactory(username="alice", display_name="Alice", role=Role.ADMINISTRATOR)


@pytest.fixture
def bob(db: None) -> User:
    """Works on ontologies."""
    return UserFactory(username="bob", email="Bob@example.org", role=Role.DEVELOPER)


@pytest.fixture
def charlie(db: None) -> User:
    """Has nothing to do with anything."""
    return UserFactory(username="charlie")


@pytest.fixture
def anonymous() -> APIClient:
    return APIClient()
