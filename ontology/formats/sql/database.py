"""Reading what a configured database says of its tables, by Django's introspection."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, NotSupportedError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from ontology.exceptions import DatabaseUnavailable, DatabaseUnknown
from ontology.formats.reading import Omission
from ontology.formats.sql.description import Column, Description, ForeignKey, Index, Table
from ontology.formats.sql.postgresql import POSTGRESQL, Catalog, CatalogColumn, catalog_of

CONNECT_TIMEOUT: Final = 5
"""Seconds in which a database has to let us in, where its URL says nothing else."""
STATEMENT_TIMEOUT: Final = 10
"""Seconds that the database may take for one question, and for the wait for a lock in it."""
LONGEST: Final = 60
"""Seconds after which no further table is asked for."""

SQLITE: Final = "django.db.backends.sqlite3"
_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "django.db.backends.postgresql": {
        "connect_timeout": CONNECT_TIMEOUT,
        "tcp_user_timeout": STATEMENT_TIMEOUT * 1000,  # an address that falls silent once it is connected
        "keepalives_idle": CONNECT_TIMEOUT,
    },
    "django.db.backends.mysql": {
        "connect_timeout": CONNECT_TIMEOUT,
        "read_timeout": STATEMENT_TIMEOUT,
        "init_command": "SET SESSION TRANSACTION READ ONLY",
    },
    SQLITE: {"timeout": STATEMENT_TIMEOUT},
}
_BEGIN: Final = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
    f"SET LOCAL statement_timeout = {STATEMENT_TIMEOUT * 1000}",
)
"""How the transaction begins on PostgreSQL, whatever the role may and a connection pooler stands between."""
_PERMANENT: Final = ("42", "55000", "0A", "22", "HV")
"""SQLSTATEs that will be there at the next attempt as well: no right, or a view that cannot be computed."""

_UNTOLD: Final = CatalogColumn()

logger = structlog.get_logger(__name__)


def description_of(document: Any) -> Description:
    """What the database of that name says of itself.

    The connection is made for the call and closed after it; nothing can be written over it. Raises
    DatabaseUnknown, and DatabaseUnavailable where it does not answer in time.
    """
    with _connected(_configured(document)) as connection:
        return _Reader(connection).description()


def _configured(document: Any) -> Mapping[str, Any]:
    """The settings of the database. What other names there are is not told: they are the operator's."""
    databases: Mapping[str, Mapping[str, Any]] = settings.IMPORT_DATABASES
    if isinstance(document, str) and document.strip() in databases:
        return databases[document.strip()]
    message = sentence("The document must be the name of one of the databases that can be imported from here.")
    raise DatabaseUnknown(message, errors=[FieldError("/document", "DATABASE_UNKNOWN", message)])


@contextmanager
def _connected(configured: Mapping[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """A connection in a transaction that cannot write, undone at the end."""
    engine, name = configured["ENGINE"], configured["NAME"]
    options = {**_OPTIONS[engine], **configured.get("OPTIONS", {})}
    if engine == SQLITE:
        name = f"file:{quote(name)}?mode=ro"  # which makes no file where there is none
    handler = ConnectionHandler({"default": {}, "source": {**configured, "NAME": name, "OPTIONS": options}})
    connection: Any = handler["source"]
    if engine == SQLITE:
        # Django would find this out in a transaction of the connection of that alias, which it does not know.
        connection.features.supports_json_field = True
    try:
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            for statement in _BEGIN if connection.vendor == POSTGRESQL else ():
                cursor.execute(statement)
        yield connection
    except (OperationalError, InterfaceError, NotSupportedError) as error:  # the last of a version that is too old
        logger.warning("import_database_unavailable", exc_info=error)
        raise DatabaseUnavailable from error
    finally:
        connection.close()


class _Reader:
    """Asks one connection for its tables."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._vendor: str = connection.vendor
        self._deadline = time.monotonic() + LONGEST
        self._unread: list[Omission] = []

    def description(self) -> Description:
        with self._connection.cursor() as cursor:
            catalog = catalog_of(cursor) if self._vendor == POSTGRESQL else Catalog()
            listed = sorted(self._connection.introspection.get_table_list(cursor), key=lambda each: str(each.name))
        tables = [table for each in listed if (table := self._attempt(each, catalog))]
        return Description(tables, self._vendor == POSTGRESQL, catalog.enums, self._unread)

    def _attempt(self, listed: Any, catalog: Catalog) -> Table | None:
        """The table; None where it is a partition of another, or where the reader may not look into it."""
        if listed.type == "p":
            message = sentence("A partition is read as the table that it belongs to.")
            self._unread.append(Omission(listed.name, "PARTITION", message))
            return None
        if time.monotonic() > self._deadline:
            message = sentence("The database took more than {limit} seconds to describe its tables.", limit=LONGEST)
            raise DatabaseUnavailable(message)
        savepoint = self._connection.savepoint()
        try:
            with self._connection.cursor() as cursor:
                return self._table(cursor, listed, catalog)
        except DatabaseError as error:
            state = getattr(error.__cause__, "sqlstate", None) or ""
            if not state.startswith(_PERMANENT):
                raise
            self._connection.savepoint_rollback(savepoint)
            message = sentence("The database refuses it ({state}).", state=state)
            self._unread.append(Omission(listed.name, "TABLE_NOT_READABLE", message))
            return None

    def _table(self, cursor: Any, listed: Any, catalog: Catalog) -> Table:
        name, introspection = listed.name, self._connection.introspection
        columns = [self._column(name, row, catalog) for row in introspection.get_table_description(cursor, name)]
        constraints: dict[str, dict[str, Any]] = introspection.get_constraints(cursor, name)
        primary = next((each["columns"] for each in constraints.values() if each["primary_key"]), ())
        return Table(
            name,
            columns,
            schema=catalog.schemas.get(name, ""),
            is_view=listed.type == "v",
            comment=getattr(listed, "comment", None) or "",
            primary_key=tuple(primary),
            foreign_keys=catalog.foreign_keys.get(name, ())
            if self._vendor == POSTGRESQL
            else _foreign_keys(constraints),
            indexes=[
                _index(key, each, is_partial=(name, key) in catalog.partial, width=catalog.widths.get((name, key)))
                for key, each in sorted(constraints.items())
                if (each["unique"] or each["index"]) and not each["primary_key"]
            ],
            checks=catalog.checks.get(name, {}),
            triggers=catalog.triggers.get(name, ()),
            exclusions=catalog.exclusions.get(name, ()),
        )

    def _column(self, table: str, row: Any, catalog: Catalog) -> Column:
        more = catalog.columns.get((table, row.name), _UNTOLD)
        kind = self._type(row, more)
        size, precision, scale = row.display_size, row.precision, row.scale
        if more.is_array:
            numbers = [int(number) for number in re.findall(r"\d+", more.sql_type)]
            size, precision, scale = ([*numbers, None][0], *[*numbers, None, None][:2])
        default = "" if row.default is None else str(row.default)
        return Column(
            row.name,
            kind,
            more.sql_type,
            is_array=more.is_array,
            size=size if kind == "CharField" else None,
            precision=precision if kind == "DecimalField" else None,
            scale=scale if kind == "DecimalField" else None,
            nullable=bool(row.null_ok),
            default="" if more.is_generated else default,
            generated=default if more.is_generated else "",
            identity=kind.endswith("AutoField"),
            domain=more.domain,
            collation=row.collation or "",
            comment=getattr(row, "comment", None) or "",
        )

    def _type(self, row: Any, more: CatalogColumn) -> str:
        """Django's field for a column, or for the items of an array; empty where it has none."""
        introspection = self._connection.introspection
        if more.is_array:
            return str(introspection.data_types_reverse.get(more.item_type, ""))
        try:
            return str(introspection.get_field_type(row.type_code, row))
        except KeyError:
            return ""


def _index(name: str, constraint: Mapping[str, Any], *, is_partial: bool, width: int | None) -> Index:
    """``width`` is how many of the columns are its key; what is stored beside them is none of it."""
    columns = list(constraint["columns"])[:width]
    named = [column for column in columns if column is not None]
    has_expressions = len(named) < len(columns) or not columns or bool(constraint.get("definition"))
    return Index(name, named, constraint["unique"], is_partial, has_expressions)


def _foreign_keys(constraints: Mapping[str, Mapping[str, Any]]) -> list[ForeignKey]:
    """The foreign keys as introspection has them: of a composite one only the first target is known."""
    found = [(name, each["columns"], *each["foreign_key"]) for name, each in constraints.items() if each["foreign_key"]]
    return [ForeignKey(name, tuple(columns), table, (target,)) for name, columns, table, target in sorted(found)]
