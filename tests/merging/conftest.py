"""The world of protected branches."""

import pytest

from tests.merging.protected import World


@pytest.fixture
def protected(db: None) -> World:
    return World()
