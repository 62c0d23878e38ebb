"""Rows in bulk, in PostgreSQL's binary form.

Here go the rows of whole trees. A statement has one array for each column and bytes travel as
they are; with a parameter for each value, written out as text, it takes several times as long.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from psycopg.pq import Format
from psycopg.sql import SQL, Identifier

BATCH: Final = 5_000
"""Rows written by one statement, which bounds what is held in memory."""

INSERT: Final = SQL("INSERT INTO {table} ({columns}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING")
SELECT: Final = SQL("SELECT digest, body FROM {table} WHERE digest = ANY(%s)")


class BodyQuerySet(models.QuerySet[Any]):
    """Rows of a digest and the bytes that it is the digest of."""

    def bodies(self, digests: Sequence[str]) -> dict[str, bytes]:
        """The bodies of those of ``digests`` that are there."""
        if not digests:
            return {}
        with binary_cursor() as cursor:
            cursor.execute(SELECT.format(table=_table(self.model)), [list(digests)])
            return dict(cursor.fetchall())

    def write(self, bodies: Mapping[str, bytes]) -> None:
        """Insert what is not there yet. Rows go in by digest, so that writers do not deadlock."""
        rows_insert(self.model, {"digest": "text", "body": "bytea"}, sorted(bodies.items()))


def rows_insert(model: type[models.Model], columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert those of ``rows`` that are not there yet, in the order given.

    ``columns`` names the columns that a row gives, in that order, with their types in PostgreSQL.
    """
    statement = INSERT.format(
        table=_table(model),
        columns=SQL(", ").join(map(Identifier, columns)),
        arrays=SQL(", ").join(SQL("%s::{}[]").format(Identifier(kind)) for kind in columns.values()),
    )
    with binary_cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            cursor.execute(statement, [list(column) for column in zip(*rows[start : start + BATCH], strict=True)])


def _table(model: type[models.Model]) -> Identifier:
    return Identifier(model._meta.db_table)  # noqa: SLF001  (a documented interface of Django's)


@contextmanager
def binary_cursor() -> Iterator[CursorWrapper]:
    """Django's cursor around one of psycopg's that speaks the binary form, which Django's own does not."""
    connection.ensure_connection()
    cursor: Any = psycopg.Cursor(connection.connection)
    cursor.format = Format.BINARY
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(cursor) as wrapped:
        yield wrapped
