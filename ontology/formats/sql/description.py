"""What a database says of its tables, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ontology.formats.reading import Omission


@dataclass(frozen=True)
class Column:
    """``type`` is the name of Django's field for it, empty where there is none; ``sql_type`` the database's own.

    Both are of the base type where the column has a ``domain``, and of the items where it is an array;
    ``sql_type`` is empty where the database does not tell. ``size`` is the most characters of text,
    ``precision`` and ``scale`` are of numbers. ``default`` is an expression, and so is ``generated``,
    which computes every value.
    """

    name: str
    type: str = ""
    sql_type: str = ""
    is_array: bool = False
    size: int | None = None
    precision: int | None = None
    scale: int | None = None
    nullable: bool = True
    default: str = ""
    generated: str = ""
    identity: bool = False
    domain: str = ""
    collation: str = ""
    comment: str = ""


@dataclass(frozen=True)
class ForeignKey:
    """``columns`` name a row of ``table`` by its ``targets``."""

    name: str
    columns: Sequence[str]
    table: str
    targets: Sequence[str]
    cascades: bool = False


@dataclass(frozen=True)
class Index:
    """``is_partial`` where it holds for some rows only; ``columns`` lack its expressions."""

    name: str
    columns: Sequence[str]
    unique: bool = False
    is_partial: bool = False
    has_expressions: bool = False


@dataclass(frozen=True)
class Table:
    """A table or view. ``checks`` are conditions by name, ``triggers`` and ``exclusions`` names."""

    name: str
    columns: Sequence[Column]
    schema: str = ""
    is_view: bool = False
    comment: str = ""
    primary_key: Sequence[str] = ()
    foreign_keys: Sequence[ForeignKey] = ()
    indexes: Sequence[Index] = ()
    checks: Mapping[str, str] = field(default_factory=dict)
    triggers: Sequence[str] = ()
    exclusions: Sequence[str] = ()


@dataclass(frozen=True)
class Description:
    """A database. ``enums`` are the labels of its enumerated types by name, ``unread`` is what could not be described.

    It is not ``is_complete`` where there may be checks, partial indexes and triggers that nobody asked for.
    """

    tables: Sequence[Table]
    is_complete: bool = True
    enums: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unread: Sequence[Omission] = ()
