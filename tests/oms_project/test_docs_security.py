"""What the tables of docs/security say: every requirement is there, and every test that is named exists."""

import ast
import re

import pytest

from tests.oms_project.markdown import ROOT, Table, names, sections, tables

ASVS = "docs/security/asvs.md"
CHAPTERS = (
    "V6 Authentication",
    "V7 Session Management",
    "V8 Authorization",
    "V9 Self-contained Tokens",
    "V10 OAuth and OIDC",
)
LEVELS_1_AND_2 = {
    "6.1": [1, 2, 3],
    "6.2": [*range(1, 13)],
    "6.3": [1, 2, 3, 4],
    "6.4": [1, 2, 3, 4],
    "6.5": [1, 2, 3, 4, 5],
    "6.6": [1, 2, 3],
    "6.8": [1, 2, 3, 4],
    "7.1": [1, 2, 3],
    "7.2": [1, 2, 3, 4],
    "7.3": [1, 2],
    "7.4": [1, 2, 3, 4, 5],
    "7.5": [1, 2],
    "7.6": [1, 2],
    "8.1": [1, 2],
    "8.2": [1, 2, 3],
    "8.3": [1],
    "8.4": [1],
    "9.1": [1, 2, 3],
    "9.2": [1, 2, 3, 4],
    "10.1": [1, 2],
    "10.2": [1, 2],
    "10.3": [1, 2, 3, 4],
    "10.4": [*range(1, 12)],
    "10.5": [1, 2, 3, 4, 5],
    "10.6": [1, 2],
    "10.7": [1, 2, 3],
}
"""The numbers of version 5.0.0; what is not here is of level 3."""


@pytest.fixture(scope="module")
def rows() -> Table:
    text = sections(ASVS)
    return [row for chapter in CHAPTERS for table in tables(text[chapter]) for row in table]


def collected(path: str) -> set[str]:
    """The tests of a file, those of a class as ``Class::test``."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return found | {
        f"{of.name}::{node.name}" for of in classes for node in of.body if isinstance(node, ast.FunctionDef)
    }


def test_every_requirement_of_the_two_levels_is_there_once_and_in_order(rows: Table) -> None:
    assert [row[0] for row in rows] == [
        f"{section}.{number}" for section, numbers in LEVELS_1_AND_2.items() for number in numbers
    ]
    assert {row[1] for row in rows} == {"1", "2"}


def test_each_is_shown_by_a_test_or_does_not_apply(rows: Table) -> None:
    assert [row[0] for row in rows if not names(row[4]) and not row[3].startswith("Does not apply")] == []


def test_the_tests_that_are_named_exist(rows: Table) -> None:
    named = {name for row in rows for name in names(row[4])}
    assert [name for name in named if not re.fullmatch(r"tests/[\w/]+\.py::[\w:]+", name)] == []
    missing = []
    for name in sorted(named):
        path, _, test = name.partition("::")
        if not (ROOT / path).exists() or test not in collected(path):
            missing.append(name)
    assert missing == []
