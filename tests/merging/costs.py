"""What an act asks of the database."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

READS = ("SELECT", "WITH")


def statements(act: Callable[[], Any]) -> list[str]:
    """The statements of an act, in order."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return [query["sql"].lstrip() for query in queries]


def reads(act: Callable[[], Any]) -> list[str]:
    """Those that write nothing."""
    return [sql for sql in statements(act) if sql.startswith(READS)]
