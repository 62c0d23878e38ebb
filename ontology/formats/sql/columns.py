"""The columns of a table as properties, with what its keys, indexes and checks say of single ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.engine.sentences import Sentence, phrase, sentence
from ontology.engine.constraints import joined
from ontology.engine.types import Type
from ontology.formats.reading import Omission
from ontology.formats.sql.constants import conditions, constant
from ontology.formats.sql.description import Column, Index, Table
from ontology.formats.sql.expressions import NotPlain
from ontology.formats.sql.types import held

Properties = dict[str, dict[str, Any]]
"""Properties by the names of their columns."""


def properties_of(
    table: Table, names: Mapping[str, str], enums: Mapping[str, str]
) -> tuple[Properties, list[Omission]]:
    """The properties of a table by their ``names``, and what of the table they do not hold."""
    found: Properties = {}
    omissions = list[Omission]()
    for column in table.columns:
        found[column.name], losses = _property(table, column, names[column.name], enums)
        omissions += [Omission(f"{table.name}.{column.name}", code, message) for code, message in losses]
    omissions += _index(table, found)
    omissions += _check(table, found)
    omissions += unheld(table)
    return {names[column]: content for column, content in found.items()}, omissions


def described(source: str, name: str, comment: str) -> dict[str, Any]:
    """What remains of a name in the database that is not the ``name`` here, and what is said about the thing."""
    content: dict[str, Any] = {} if source == name else {"aliases": [source]}
    if not source.isascii():
        content["display_name"] = source
    return content | ({"description": comment} if comment.strip() else {})


def unheld(table: Table) -> list[Omission]:
    """What is seen of a table and has no place here."""
    rows = [(name, "TRIGGER", sentence("A trigger is not held.")) for name in table.triggers]
    rows += [
        (name, "EXCLUSION_CONSTRAINT", sentence("An exclusion constraint is not held.")) for name in table.exclusions
    ]
    return [Omission(f"{table.name}.{name}", code, message) for name, code, message in rows]


def is_unique(table: Table, columns: Sequence[str]) -> bool:
    """Whether no two rows have the same values in all of ``columns``."""
    keys = [index.columns for index in table.indexes if index.unique and _is_whole(index)]
    return any(key and set(key) <= set(columns) for key in [*keys, table.primary_key])


def _is_whole(index: Index) -> bool:
    return not index.is_partial and not index.has_expressions


# --- Columns ------------------------------------------------------------------------------------


def _property(
    table: Table, column: Column, name: str, enums: Mapping[str, str]
) -> tuple[dict[str, Any], list[tuple[str, Sentence]]]:
    """The property that a column is, and (code, sentence) of what it does not hold."""
    fields, loss = held(column, enums)
    losses = [("TYPE_APPROXIMATED", loss)] if loss else []
    content = described(column.name, name, column.comment) | fields
    content["required"] = not column.nullable or column.name in table.primary_key
    content["unique"] = is_unique(table, [column.name])
    if column.domain:
        message = sentence("It is of the domain {domain}, of which only the base type is held.", domain=column.domain)
        losses.append(("DOMAIN", message))
    if column.collation:
        losses.append(("COLLATION", sentence("Its collation, {collation}, is not held.", collation=column.collation)))
    if column.generated:
        content["derived"] = {"sql": column.generated}
    elif column.identity:
        losses.append(("DEFAULT_COMPUTED", sentence("The database numbers its values.")))
    elif column.default:
        losses += _default(content, column)
    return content, losses


def _default(content: dict[str, Any], column: Column) -> list[tuple[str, Sentence]]:
    """Add the default where it is a constant."""
    try:
        value = constant(column.default, _type(content))
    except NotPlain:
        message = sentence("Its default, {default}, is no constant.", default=_shortened(column.default))
        return [("DEFAULT_COMPUTED", message)]
    if value is not None:
        content["default"] = value
    return []


def _type(content: Mapping[str, Any]) -> Type:
    """The type of a property; one that has only a value type is of an enumerated type."""
    found: Type = content.get("type", {"type": "string"})
    return found


# --- Indexes and checks ----------------------------------------------------------------------------


def _index(table: Table, found: Properties) -> list[Omission]:
    """Mark the columns with an index of their own; what other indexes and keys there are is left out."""
    omissions = []
    for index in table.indexes:
        if len(index.columns) == 1 and _is_whole(index):
            found[index.columns[0]]["indexed"] = True
        else:
            code, noun = _sort(index)
            columns = ", ".join(index.columns) or phrase("an expression")
            message = sentence("{index} over {columns} is not held.", index=noun, columns=columns)
            omissions.append(Omission(f"{table.name}.{index.name}", code, message))
    return omissions


def _sort(index: Index) -> tuple[str, Sentence]:
    """The code of an index that does not come over, and what it is."""
    sort = phrase("a unique key") if index.unique else phrase("an index")
    if index.is_partial:
        return "PARTIAL_INDEX", phrase("{index} of some rows only", index=sort)
    if index.has_expressions:
        return "EXPRESSION_INDEX", phrase("{index} of expressions", index=sort)
    return ("COMPOSITE_UNIQUE" if index.unique else "COMPOSITE_INDEX"), sort


def _check(table: Table, found: Properties) -> list[Omission]:
    """Add the checks that single columns keep as constraints; the others are left out."""
    types = {column: _type(content) for column, content in found.items()}
    omissions = []
    for name, text in table.checks.items():
        try:
            parts = conditions(text, types)
        except NotPlain:
            message = sentence("The condition {condition} is not held.", condition=_shortened(text))
            omissions.append(Omission(f"{table.name}.{name}", "CHECK", message))
            continue
        for column, constraints in parts:
            before = found[column].get("constraints", {})
            found[column]["constraints"] = joined(types[column], before, constraints)
    return omissions


def _shortened(expression: str) -> str:
    return expression if len(expression) <= 120 else f"{expression[:119]}…"
