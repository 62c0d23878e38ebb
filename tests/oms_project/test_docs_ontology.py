"""The page about the ontology says what the meta-model and its merge rules are, field by field."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import BaseCommand, call_command, load_command_class

from accounts.models import User
from history.models import Role
from merging.engine import schema as rules
from merging.engine.result import ConflictKind, Strategy
from merging.engine.strategies import BUILT_IN
from merging.management.decisions import STRATEGIES
from merging.selectors import merge_schema
from ontology.engine import shapes
from ontology.engine.json_schemas import ANNOTATION, schema_of
from ontology.engine.kinds import KINDS, TYPES
from ontology.engine.shapes import Choice, FreeJson, ListOf, LocalisedText, MapOf, MemberReference, Record, Shape
from tests.factories import UserFactory, api_client_for
from tests.oms_project.markdown import Table, fenced, first_names, names, sections, table, tables

PAGE = "docs/ontology.md"
DJANGOS_OPTIONS = {action.dest for action in BaseCommand().create_parser("manage.py", "merge_ontology")._actions}
REQUIRED = " ✱"
COMMON = KINDS["interface"].fields.keys() & KINDS["value_type"].fields.keys()


def noun(record: Record) -> str:
    return record.noun.partition(" ")[2]


def parts_of(shape: Shape) -> Iterator[Record]:
    """The records below ``shape``, the cases of a rule left out."""
    match shape:
        case Record():
            yield shape
            for part in shape.fields.values():
                yield from parts_of(part)
        case MapOf(value=value):
            yield from parts_of(value)


RECORDS = {f"`{kind}`": record for kind, record in KINDS.items()} | {
    noun(part).capitalize(): part
    for record in KINDS.values()
    for field in record.fields.values()
    for part in parts_of(field)
}
WORDS: dict[type, str] = {
    shapes.Text: "text",
    shapes.Name: "name",
    shapes.Rid: "rid",
    shapes.Date: "date",
    shapes.Boolean: "boolean",
    shapes.Integer: "integer",
    shapes.Bound: "bound",
    Choice: "choice",
    FreeJson: "JSON",
    shapes.TypeExpression: "type",
}


def described(shape: Shape) -> str:
    """What stands in a table's second column."""
    match shape:
        case LocalisedText(prose=is_prose):
            return "prose" if is_prose else "label"
        case shapes.Reference(kinds=kinds):
            return f"→ {' / '.join(kinds)}"
        case MemberReference():
            return "property name"
        case shapes.SetOf(item=item):
            return f"set: {described(item)}"
        case ListOf(item=item):
            return f"list: {described(item)}"
        case MapOf(value=value):
            return f"map: {described(value)}"
        case Record() | shapes.Tagged():
            return shape.noun.partition(" ")[2]
    return WORDS[type(shape)]


def documented_fields(rows: Table) -> dict[str, tuple[str, bool]]:
    return {names(row[0])[0]: (row[1], row[0].endswith(REQUIRED)) for row in rows}


def fields_of(record: Record, left_out: Any = ()) -> dict[str, tuple[str, bool]]:
    return {
        name: (described(shape), name in record.required)
        for name, shape in record.fields.items()
        if name not in left_out
    }


def test_the_common_fields_are_documented() -> None:
    common = {name: field for name, field in fields_of(KINDS["interface"]).items() if name in COMMON}
    assert documented_fields(table(PAGE, "Common")) == common


@pytest.mark.parametrize("heading", RECORDS)
def test_every_field_of_every_kind_is_documented(heading: str) -> None:
    record = RECORDS[heading]
    expected = fields_of(record, COMMON if record.identified else ())
    if heading == "Deprecation":
        expected["replacement"] = ("→ its own kind", False)
    found = tables(sections(PAGE)[heading])
    assert documented_fields(found[0] if found else []) == expected
    for row in found[0] if found else []:
        shape = record.fields[names(row[0])[0]]
        assert not isinstance(shape, Choice) or set(shape.values) <= set(names(row[2]))


def test_every_type_is_documented_with_its_parameters() -> None:
    rows = table(PAGE, "Types")
    documented = {names(row[0])[0]: set(re.findall(r"`(\w+)`:", row[1])) for row in rows}
    assert documented == {name: set(record.fields) for name, record in TYPES.items()}


def test_every_rule_of_an_action_is_documented() -> None:
    listed = KINDS["action_type"].fields["rules"]
    assert isinstance(listed, ListOf)
    assert isinstance(listed.item, shapes.Tagged)
    documented = {
        names(row[0])[0]: {names(part)[0]: part.endswith(REQUIRED) for part in row[1].split(", ")}
        for row in table(PAGE, "Rule")
    }
    assert documented == {
        name: {field: field in case.required for field in case.fields} for name, case in listed.item.cases.items()
    }


def sort_of(shape: Shape) -> str:
    match shape:
        case ListOf(item=MemberReference()):
            return "list of member names"
        case shapes.SetOf():
            return "set"
        case ListOf():
            return "list"
        case MapOf(value=value):
            return "map of JSON" if isinstance(value, FreeJson) else "map of members"
        case Record():
            return "part"
        case shapes.Reference():
            return "reference"
        case MemberReference():
            return "member name"
    return described(shape)


MERGES: dict[type, str] = {
    rules.Scalar: "whole",
    rules.FreeJson: "by key",
    rules.Text: "by words",
    rules.SetOf: "as a set",
    rules.Record: "by field",
    rules.KeyedMap: "by member",
    rules.Limit: "as a limit",
    rules.Ranked: "by stage",
    rules.Joined: "by widening",
}


NAMED = {
    (rules.Ranked, Choice): "status",
    (rules.Joined, Choice): "cardinality",
}
"""Sorts of values of which some merge in a way of their own."""


def merges(record: Record, rule: rules.Record) -> Iterator[tuple[str, str]]:
    """How the sorts of values below ``record`` merge."""
    for name, shape in record.fields.items():
        how = rule.field(name).rule
        if name == merge_schema().identity:
            yield "rid", "by identity"
        elif isinstance(how, rules.OrderedList):
            yield sort_of(shape), "as one" if how.atomic else "in order"
        else:
            yield NAMED.get((type(how), type(shape)), sort_of(shape)), MERGES[type(how)]
        if isinstance(shape, Record) and isinstance(how, rules.Record):
            yield from merges(shape, how)
        if isinstance(shape, MapOf) and isinstance(shape.value, Record) and isinstance(how, rules.KeyedMap):
            yield from merges(shape.value, how.entry)


def test_how_every_sort_of_value_merges_is_documented() -> None:
    documented = [(row[0], row[2]) for row in table(PAGE, "Values")]
    found = {pair for kind, record in KINDS.items() for pair in merges(record, merge_schema().record(kind))}
    assert sorted(documented) == sorted(found)
    assert {row[0] for row in table(PAGE, "Merging")} == {how for _, how in found}


def test_every_conflict_and_strategy_is_documented() -> None:
    assert first_names(table(PAGE, "Merging", 1)) == [kind.value for kind in ConflictKind]
    assert first_names(table(PAGE, "Merging", 2)) == [strategy.value for strategy in Strategy]


def test_every_strategy_that_can_be_chosen_is_documented() -> None:
    rows = table(PAGE, "Merging", 3)
    assert first_names(rows) == list(BUILT_IN)
    assert tuple(names(row[0])[0] for row in rows if "not between files" not in row[1]) == STRATEGIES


def test_every_option_of_a_merge_of_files_is_documented() -> None:
    parser = load_command_class("merging", "merge_ontology").create_parser("manage.py", "merge_ontology")
    own = {action.option_strings[0] for action in parser._actions if action.dest not in DJANGOS_OPTIONS}
    assert set(first_names(table(PAGE, "Merging files"))) == own - {"--base", "--ours", "--theirs"}


def annotations(node: Any) -> Iterator[str]:
    """The words of ``x-oms`` below a node of a JSON Schema."""
    if isinstance(node, dict):
        yield from node.get(ANNOTATION, {})
        for part in node.values():
            yield from annotations(part)
    if isinstance(node, list):
        for part in node:
            yield from annotations(part)


def test_every_word_that_the_schemas_add_is_documented() -> None:
    assert set(first_names(table(PAGE, "JSON Schema"))) == {
        word for kind in KINDS for word in annotations(schema_of(kind))
    }


def test_the_example_of_a_document_is_valid_and_has_every_kind(db: None) -> None:
    bob = api_client_for(UserFactory(username="bob", role=Role.DEVELOPER))
    bob.post("/api/v1/repositories/", {"name": "library"})
    body = {"branch": "main", "document": json.loads(fenced(PAGE, "json")[0])}
    assert bob.post("/api/v1/repositories/library/import/", body).status_code == 201
    exported = bob.get("/api/v1/repositories/library/export/").json()
    assert exported["resources"].keys() == KINDS.keys()


def test_the_example_of_a_conflict_is_one_of_the_demo(db: None) -> None:
    call_command("load_demo", password="walk-the-river")
    bob = api_client_for(User.objects.get(username="bob"))
    branches = {"source": "bob/dual-sourcing", "target": "alice/trade-compliance"}
    preview = bob.post("/api/v1/repositories/hangang-electronics/merge-preview/", branches).json()
    assert json.loads(fenced(PAGE, "json")[1]) in preview["conflicts"]
