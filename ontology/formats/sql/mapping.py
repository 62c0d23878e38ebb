"""Tables as object types, foreign keys as link types: a pure function of what a database says of itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from gateway.engine.sentences import sentence
from history.engine.content import Key
from ontology.formats.reading import Omission, Reading
from ontology.formats.sql.columns import described, is_unique, properties_of, unheld
from ontology.formats.sql.description import Description, ForeignKey, Table
from ontology.formats.sql.names import camel, pascal, unique

NOT_READ: Final = sentence(
    "Checks, partial indexes, triggers, enumerated types, what deletes cascade to and all columns but the first "
    "that a composite key leads to were not looked at."
)


def reading_of(description: Description) -> Reading:
    """The ontology that a database is of: an object type a table or view, a link type a foreign key.

    A table that does nothing but join two others is a link type of its own.
    """
    return _Mapping(description).reading()


class _Mapping:
    """What names and omissions have to be known of while a description is walked."""

    def __init__(self, description: Description) -> None:
        self._description = description
        self._tables = {table.name: table for table in description.tables}
        self._joins = {table.name for table in description.tables if is_join(table, self._tables, description.tables)}
        self._types = unique({name: pascal(name) for name in self._tables.keys() - self._joins})
        used = {column.sql_type for table in description.tables for column in table.columns}
        self._enums = unique({name: pascal(name) for name in description.enums.keys() & used})
        self._columns = {
            table.name: unique({column.name: camel(column.name) for column in table.columns})
            for table in description.tables
        }
        self._omissions = list(description.unread)

    def reading(self) -> Reading:
        if not self._description.is_complete:
            self._omissions.append(Omission("", "CATALOG_NOT_READ", NOT_READ))
        contents: dict[Key, Any] = {
            ("value_type", name): _enum(source, self._description.enums[source], name)
            for source, name in self._enums.items()
        }
        for source, name in self._types.items():
            contents["object_type", name] = self._object_type(self._tables[source])
        contents.update({("link_type", name): link for name, link in self._links()})
        return Reading(contents, self._omissions)

    def _object_type(self, table: Table) -> dict[str, Any]:
        names = self._columns[table.name]
        properties, omissions = properties_of(table, names, self._enums)
        self._omissions += omissions
        content = described(table.name, self._types[table.name], table.comment) | {"properties": properties}
        if table.primary_key:
            content["primary_key"] = [names[column] for column in table.primary_key]
        content["datasource"] = _where(table) | {"view" if table.is_view else "table": table.name}
        return content

    # --- Links ------------------------------------------------------------------------------------

    def _links(self) -> Iterator[tuple[str, dict[str, Any]]]:
        wanted, links = dict[str, str](), dict[str, dict[str, Any]]()
        for table in self._description.tables:
            if table.name in self._joins:
                wanted[table.name], links[table.name] = camel(table.name), self._join(table)
                continue
            sides = self._side_names(table)
            for key in table.foreign_keys:
                if key.table not in self._types:
                    message = sentence(
                        "It refers to {table}, which is not among the tables that were read.", table=key.table
                    )
                    self._omissions.append(Omission(f"{table.name}.{key.name}", "FOREIGN_KEY_ELSEWHERE", message))
                    continue
                source = f"{table.name}.{','.join(key.columns)}.{key.name}"
                wanted[source] = camel(f"{table.name}_{'_'.join(map(_without_id, key.columns))}")
                links[source] = self._link(table, key, sides[key.name])
        for source, name in unique(wanted).items():
            yield name, links[source]

    def _link(self, table: Table, key: ForeignKey, side: str) -> dict[str, Any]:
        here, there = self._columns[table.name], self._tables[key.table]
        nullable = {column.name for column in table.columns if column.nullable}
        content: dict[str, Any] = {
            "source": {"types": [self._types[table.name]]} | ({"api_name": side} if side else {}),
            "target": {"types": [self._types[key.table]]},
            "cardinality": "one_to_one" if is_unique(table, key.columns) else "many_to_one",
            "required": not nullable & set(key.columns),
            "cascade_delete": key.cascades,
        }
        if len(key.columns) == 1 and list(key.targets) == list(there.primary_key):
            return content | {"foreign_key": here[key.columns[0]]}
        theirs = self._columns[key.table]
        pairs = zip(key.columns, key.targets, strict=False)  # of a database that is not asked in full some are unknown
        joined = [[here[column], theirs[target]] for column, target in pairs if target in theirs]
        return content | {"join": {"properties": joined}}

    def _join(self, table: Table) -> dict[str, Any]:
        one, other = sorted(table.foreign_keys, key=lambda key: _position(table, key))
        self._omissions += unheld(table)
        return described(table.name, camel(table.name), table.comment) | {
            "source": {"types": [self._types[one.table]]},
            "target": {"types": [self._types[other.table]]},
            "cardinality": "many_to_many",
            "join": _where(table) | {"table": table.name, "source": one.columns[0], "target": other.columns[0]},
        }

    def _side_names(self, table: Table) -> dict[str, str]:
        """How the way along each foreign key is called; empty where a property or another way is called so."""
        names, taken = dict[str, str](), set(self._columns[table.name].values())
        for key in table.foreign_keys:
            name = camel(_without_id(key.columns[0])) if len(key.columns) == 1 else ""
            names[key.name] = "" if name in taken else name
            taken.add(name)
        return names


def is_join(table: Table, tables: Mapping[str, Table], others: Sequence[Table]) -> bool:
    """Whether the table does nothing but join two others: two foreign keys, and at most a generated key of its own."""
    if table.is_view or len(table.foreign_keys) != 2 or table.checks:
        return False
    linking = [key.columns[0] for key in table.foreign_keys if len(key.columns) == 1]
    targets = [key for key in table.foreign_keys if key.table in tables and key.table != table.name]
    if len(set(linking)) != 2 or len(targets) != 2:
        return False
    own = [column for column in table.columns if column.name not in linking]
    is_numbered = [column.name for column in own] == list(table.primary_key) and all(column.identity for column in own)
    return (
        (not own or is_numbered)
        and not any(is_unique(table, [column]) for column in linking)
        and not any(key.table == table.name for other in others for key in other.foreign_keys)
        and all(list(key.targets) == list(tables[key.table].primary_key) for key in table.foreign_keys)
    )


def _position(table: Table, key: ForeignKey) -> int:
    return [column.name for column in table.columns].index(key.columns[0])


def _without_id(column: str) -> str:
    """``author`` of ``author_id``."""
    return column[:-3] if column.lower().endswith("_id") and len(column) > 3 else column


def _enum(source: str, labels: Sequence[str], name: str) -> dict[str, Any]:
    values = {"type": {"type": "string"}, "constraints": {"enum": {label: {} for label in labels}}}
    return described(source, name, "") | values


def _where(table: Table) -> dict[str, str]:
    return {"schema": table.schema} if table.schema else {}
