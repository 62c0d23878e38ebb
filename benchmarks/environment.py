"""The database that the benchmarks run on: their own, made for them and dropped behind them."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import django

from benchmarks.progress import step
from oms_project.embedded.postgres import Postgres
from tests.servers import running


@contextmanager
def django_with_database(folder: Path) -> Iterator[None]:
    """Sets Django up on a fresh database: of the server that OMS_DATABASE_URL names, else of one in ``folder``.

    That one writes to the disk as the product's own does, so that a commit costs what it costs there.
    """
    if os.environ.get("OMS_DATABASE_URL"):
        with fresh_database():
            yield
        return
    server = Postgres(folder / "postgres", folder / "run")
    with ExitStack() as until_the_end:
        with step("Starting PostgreSQL"):
            until_the_end.enter_context(running(server))
        os.environ["OMS_DATABASE_URL"] = server.url
        until_the_end.enter_context(fresh_database())
        yield


@contextmanager
def fresh_database() -> Iterator[None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms_project.settings")
    os.environ.setdefault("OMS_SECRET_KEY", "a key for benchmarks, which keep no secret")
    os.environ.setdefault("OMS_HTTPS", "false")
    django.setup()
    from django.db import connection  # noqa: PLC0415  (it reads the settings)

    connection.settings_dict["TEST"]["NAME"] = f"{connection.settings_dict['NAME']}_bench_{os.getpid()}"
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
