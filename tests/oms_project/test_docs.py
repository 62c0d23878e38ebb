"""What every page of the documentation says holds: links resolve, and what is named exists."""

import importlib
import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.utils.module_loading import import_string

from tests.oms_project.markdown import HEADING, ROOT, first_names, names, page, prose, table

APPS = ("gateway", "history", "accounts", "ontology", "merging", "oms_project")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def anchors(path: Path) -> set[str]:
    """The fragments of a page's headings as GitHub makes them."""
    titles = (heading[2].lower() for heading in HEADING.finditer(prose(path.read_text(encoding="utf-8"))))
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_resolve(path: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path.read_text(encoding="utf-8"))):
        address, _, fragment = target.partition("#")
        if "://" in target:
            continue
        found = (path.parent / address) if address else path
        if not found.exists() or (fragment and fragment not in anchors(found)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_names_and_commands_that_are_mentioned_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    mentioned = names(prose(text))
    folders = {entry.name for entry in ROOT.iterdir() if entry.is_dir()} - {"var"}
    files = [name for name in mentioned if re.fullmatch(r"[\w.]+/[\w./]*", name) and name.split("/")[0] in folders]
    assert [name for name in files if not (ROOT / name).exists()] == []
    dotted = [name for name in mentioned if re.fullmatch(rf"({'|'.join(APPS)})(\.\w+){{2,}}", name)]
    assert [name for name in dotted if not is_importable(name)] == []
    assert set(re.findall(r"manage\.py (\w+)", text)) <= get_commands().keys()
    assert set(re.findall(r"(?<=[`\n])make (\w+)", text)) <= make_targets()


def is_importable(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        try:
            import_string(name)
        except ImportError:
            return False
    return True


def make_targets() -> set[str]:
    found = re.search(r"^\.PHONY: (.+)$", page("Makefile"), re.MULTILINE)
    assert found
    return set(found[1].split())


def test_the_architecture_names_every_app_and_every_import_contract() -> None:
    configuration = tomllib.loads(page("pyproject.toml"))["tool"]["importlinter"]
    assert first_names(table("docs/architecture.md", "Apps")) == configuration["contracts"][0]["layers"]
    contracts = [row[0] for row in table("docs/architecture.md", "Layers", 1)]
    assert contracts == [contract["name"] for contract in configuration["contracts"]]


def test_contributing_explains_every_make_target() -> None:
    assert {
        name.removeprefix("make ") for name in first_names(table("CONTRIBUTING.md", "Setting up"))
    } == make_targets()
