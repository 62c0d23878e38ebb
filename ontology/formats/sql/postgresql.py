"""What PostgreSQL's catalog says and Django's introspection does not pass on. It is asked once for all tables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final

from ontology.formats.sql.description import ForeignKey

POSTGRESQL: Final = "postgresql"
"""Django's word for it."""


@dataclass(frozen=True)
class CatalogColumn:
    """The type of a column, or of the items of an array, whose OID ``item_type`` then is."""

    sql_type: str = ""
    is_array: bool = False
    item_type: int = 0
    domain: str = ""
    is_generated: bool = False


@dataclass(frozen=True)
class Catalog:
    """Everything by the names of tables; indexes and columns by table and name."""

    schemas: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], CatalogColumn] = field(default_factory=dict)
    enums: Mapping[str, Sequence[str]] = field(default_factory=dict)
    foreign_keys: Mapping[str, Sequence[ForeignKey]] = field(default_factory=dict)
    checks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    exclusions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    triggers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    partial: AbstractSet[tuple[str, str]] = frozenset()
    widths: Mapping[tuple[str, str], int] = field(default_factory=dict)


# Objects of users have OIDs from 16384 on, those of PostgreSQL itself lower ones.

_SCHEMAS: Final = """
    SELECT c.relname, n.nspname
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid >= 16384 AND pg_catalog.pg_table_is_visible(c.oid)
"""

_COLUMNS: Final = """
    WITH RECURSIVE typed AS (
        SELECT c.relname, a.attname, a.attgenerated <> '' AS generated, a.atttypid AS type, a.atttypmod AS mod,
            ''::name AS domain
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
        WHERE c.oid >= 16384 AND pg_catalog.pg_table_is_visible(c.oid)
            AND c.relkind IN ('f', 'm', 'p', 'r', 'v') AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT relname, attname, generated, t.typbasetype, t.typtypmod,
            CASE domain WHEN '' THEN t.typname ELSE domain END
        FROM typed JOIN pg_catalog.pg_type t ON t.oid = typed.type AND t.typtype = 'd'
    )
    SELECT relname, attname, pg_catalog.format_type(item.oid, mod), t.typcategory = 'A', item.oid, domain, generated
    FROM typed
    JOIN pg_catalog.pg_type t ON t.oid = typed.type AND t.typtype <> 'd'
    JOIN pg_catalog.pg_type item ON item.oid = CASE t.typcategory WHEN 'A' THEN t.typelem ELSE t.oid END
"""

_ENUMS: Final = """
    SELECT pg_catalog.format_type(enumtypid, NULL), pg_catalog.array_agg(enumlabel::text ORDER BY enumsortorder)
    FROM pg_catalog.pg_enum GROUP BY enumtypid
"""

_CONSTRAINTS: Final = """
    SELECT c.relname, con.conname, con.contype::text, pg_catalog.pg_get_expr(con.conbin, con.conrelid),
        con.confdeltype = 'c', other.relname, other_schema.nspname, pg_catalog.pg_table_is_visible(con.confrelid),
        ARRAY(SELECT attname::text FROM pg_catalog.unnest(con.conkey) WITH ORDINALITY key(number, place)
            JOIN pg_catalog.pg_attribute ON attrelid = con.conrelid AND attnum = number ORDER BY place),
        ARRAY(SELECT attname::text FROM pg_catalog.unnest(con.confkey) WITH ORDINALITY key(number, place)
            JOIN pg_catalog.pg_attribute ON attrelid = con.confrelid AND attnum = number ORDER BY place)
    FROM pg_catalog.pg_constraint con
    JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
    LEFT JOIN pg_catalog.pg_class other ON other.oid = con.confrelid
    LEFT JOIN pg_catalog.pg_namespace other_schema ON other_schema.oid = other.relnamespace
    WHERE c.oid >= 16384 AND pg_catalog.pg_table_is_visible(c.oid) AND con.contype IN ('c', 'f', 'x')
        AND con.conparentid = 0  -- a key to a partition is one to its table
    ORDER BY con.conname
"""

_INDEXES: Final = """
    SELECT c.relname, ic.relname, i.indpred IS NOT NULL, i.indnkeyatts
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_index i ON i.indrelid = c.oid
    JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
    WHERE c.oid >= 16384 AND pg_catalog.pg_table_is_visible(c.oid)
"""

_TRIGGERS: Final = """
    SELECT c.relname, t.tgname
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
    WHERE c.oid >= 16384 AND pg_catalog.pg_table_is_visible(c.oid) AND NOT t.tgisinternal
    ORDER BY t.tgname
"""


def catalog_of(cursor: Any) -> Catalog:
    """The catalog as the connection of ``cursor`` sees it."""

    def rows(query: str) -> list[Any]:
        cursor.execute(query)
        found: list[Any] = cursor.fetchall()
        return found

    constraints, indexes = rows(_CONSTRAINTS), rows(_INDEXES)
    return Catalog(
        schemas=dict(rows(_SCHEMAS)),
        columns={(table, name): CatalogColumn(*more) for table, name, *more in rows(_COLUMNS)},
        enums=dict(rows(_ENUMS)),
        foreign_keys=_grouped((row[0], _foreign_key(row)) for row in constraints if row[2] == "f"),
        checks={
            table: dict(named)
            for table, named in _grouped((row[0], (row[1], row[3])) for row in constraints if row[2] == "c").items()
        },
        exclusions=_grouped((row[0], row[1]) for row in constraints if row[2] == "x"),
        triggers=_grouped(rows(_TRIGGERS)),
        partial={(table, name) for table, name, is_partial, _ in indexes if is_partial},
        widths={(table, name): width for table, name, _, width in indexes},
    )


def _foreign_key(row: Sequence[Any]) -> ForeignKey:
    """A table out of sight is called by its schema as well, so it is none of those that are read."""
    _, name, _, _, cascades, table, schema, is_visible, columns, targets = row
    return ForeignKey(name, columns, table if is_visible else f"{schema}.{table}", targets, cascades)


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    groups = defaultdict[str, list[Any]](list)
    for table, value in pairs:
        groups[table].append(value)
    return groups
