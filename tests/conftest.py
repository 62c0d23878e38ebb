"""The servers, the environment and the fixtures that all tests share.

PostgreSQL and Redis are those of OMS_DATABASE_URL and OMS_REDIS_URL, or the session's own. What a test
needs and the machine has not is a reason to skip it, or to fail it where OMS_REQUIRE_SERVICES is 1.
Fixtures for that: ``db`` and its kin, ``redis_client``, ``browser`` and ``oms_test_data``. Tests that use
one of the first two carry the mark ``services``, those with ``browser`` the mark ``browser`` too.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import django
import hypothesis
import pytest
import redis
from django.core.management.commands import flush
from django.db import connection
from django.utils import translation
from playwright.sync_api import Browser, sync_playwright

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = os.environ.get("OMS_REQUIRE_SERVICES") == "1"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def redis_database_of_worker(url: str, worker: str) -> str:
    """A database of its own for each worker of pytest-xdist, counted from the one that ``url`` names."""
    parts = urlsplit(url)
    named = parts.query.removeprefix("db=") if parts.scheme == "unix" else parts.path.strip("/")
    number = int(named or 0) + int(worker.removeprefix("gw") or 0)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    return parts._replace(path=f"/{number}").geturl()


# --- Before Django reads its settings -------------------------------------------------------------

session = ExitStack()
missing = servers.start_unnamed(session) or servers.unreachable()
if WORKER:
    os.environ["OMS_REDIS_URL"] = redis_database_of_worker(os.environ["OMS_REDIS_URL"], WORKER)
os.environ.setdefault("OMS_SECRET_KEY", "test-secret-key-that-is-long-enough-for-the-check")
os.environ.setdefault("OMS_HTTPS", "false")
os.environ.setdefault("OMS_ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms_project.settings")
django.setup()

from accounts.hashers import PasswordHasher  # noqa: E402  (Django must be set up)
from accounts.receivers import policies_provide  # noqa: E402

HASHING_COSTS = PasswordHasher.time_cost, PasswordHasher.memory_cost

hypothesis.settings.register_profile("oms", deadline=None)  # the machine may be busy
hypothesis.settings.load_profile("oms")


def pytest_unconfigure() -> None:
    session.close()


ABOUT_MODELS = frozenset({"django_content_type", "auth_permission"})


def emptied(_style: Any, tables: Iterable[str], **_options: Any) -> list[str]:
    """How tests that commit leave no rows behind, in any order: foreign keys are checked at the end.

    TRUNCATE makes new files for every table, however few rows there are. Django's own rows about models stay, so
    that they need not be made anew.
    """
    return [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables if table not in ABOUT_MODELS]


# --- What a test needs ------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)  # before -m chooses by the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or used & {*DATABASE_FIXTURES, "redis_client"}:
            item.add_marker("services")
        if "chromium" in used:
            item.add_marker("browser")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if missing and item.get_closest_marker("services"):
        leave_out(" ".join(missing))


def leave_out(reason: str) -> NoReturn:
    if REQUIRED:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def dropped(name: str, _verbosity: int) -> None:
    """How a test database ends, whoever is still connected: a thread that has ended may not have hung up yet."""
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {connection.ops.quote_name(name)} WITH (FORCE)")


@pytest.fixture(scope="session", autouse=True)
def cheap_clearing() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "sql_flush", emptied)
        patch.setattr(connection.creation, "_destroy_test_db", dropped)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_options: policies_provide())
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_hashing() -> Iterator[None]:
    """Passwords cost next to nothing to hash, but for the tests that use ``real_hashing``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PasswordHasher, "time_cost", 1)
        patch.setattr(PasswordHasher, "memory_cost", 64)
        yield


@pytest.fixture
def real_hashing() -> Iterator[None]:
    """Passwords cost what they cost in production."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PasswordHasher, "time_cost", HASHING_COSTS[0])
        patch.setattr(PasswordHasher, "memory_cost", HASHING_COSTS[1])
        yield


@pytest.fixture(autouse=True)
def default_language() -> Iterator[None]:
    """A request leaves its thread in the language of who asked; the next test speaks none yet."""
    yield
    translation.deactivate()


@pytest.fixture
def redis_client() -> Iterator[redis.Redis]:
    """An empty Redis."""
    with redis.Redis.from_url(os.environ["OMS_REDIS_URL"]) as client:
        client.flushdb()
        yield client


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium."""
    for name in CHROMIUM_NAMES:
        if path := shutil.which(name):
            return path
    leave_out(f"None of {', '.join(CHROMIUM_NAMES)} is on PATH.")


@pytest.fixture(scope="session")
def browser(chromium: str, django_db_setup: None) -> Iterator[Browser]:
    """A headless Chromium for the whole session: Playwright runs once in a thread."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in this thread
        # The sandbox needs rights that neither root nor a container has.
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def oms_test_data() -> Path:
    """The folder of the real ontologies: OMS_TEST_DATA, or ``shared/data`` beside the repository."""
    folder = Path(os.environ.get("OMS_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        leave_out(f"The real ontologies are not at {folder}; OMS_TEST_DATA says where they are.")
    return folder
