import pytest
from rest_framework.test import APIClient


@pytest.fixture
def site(settings):
    """The small site instead of the real one."""
    settings.ROOT_URLCONF = "tests.gateway.site"


@pytest.fixture
def client(site):
    """A stranger."""
    return APIClient(raise_request_exception=False)


@pytest.fixture
def alice(site):
    return APIClient(headers={"x-user": "alice"}, raise_request_exception=False)


@pytest.fixture
def bob(site):
    return APIClient(headers={"x-user": "bob"}, raise_request_exception=False)
