"""Who refers to whom in the project's code, as far as it can be read off without running it.

A function is ``module:Class.name``. That it mentions another counts, called or handed on: lambdas and inner functions
belong to the function that they stand in. What is asked of an object whose class is not known is not seen, apart from
``self``.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.oms_project.markdown import ROOT

APPS = ("gateway", "history", "accounts", "ontology", "merging", "oms_project")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> Mapping[str, ast.Module]:
    """Every module of the apps, by its dotted name."""
    paths = (path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts)
    return {_dotted(path): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def functions() -> Mapping[str, Function]:
    """Every function and method by its name here."""
    return {
        f"{module}:{owner}{node.name}": node
        for module, tree in modules().items()
        for owner, node in _functions_in(tree.body)
    }


def _functions_in(body: list[ast.stmt], owner: str = "") -> Iterator[tuple[str, Function]]:
    for statement in body:
        if isinstance(statement, Function):
            yield owner, statement
        elif isinstance(statement, ast.ClassDef):
            yield from _functions_in(statement.body, f"{owner}{statement.name}.")


@cache
def _imports() -> Mapping[str, Mapping[str, str]]:
    """For each module what its names stand for: another module, or a name in one as ``module:name``."""
    known = modules()
    found: dict[str, dict[str, str]] = {}
    for module, tree in known.items():
        names = found.setdefault(module, {})
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    names[alias.asname or alias.name] = whole if whole in known else f"{node.module}:{alias.name}"
            elif isinstance(node, ast.Import):
                names.update({alias.asname or alias.name: alias.name for alias in node.names})
    return found


def _resolved(module: str, name: str) -> str | None:
    """The function that ``name`` is in ``module``, by way of what packages export again."""
    for _ in range(10):
        if f"{module}:{name}" in functions():
            return f"{module}:{name}"
        meant = _imports().get(module, {}).get(name)
        if meant is None or ":" not in meant:
            return None
        module, name = meant.split(":")
    return None


@cache
def mentions() -> Mapping[str, frozenset[str]]:
    """For each function those that it mentions."""
    return {name: frozenset(_mentioned(name, node)) for name, node in functions().items()}


def _mentioned(name: str, function: Function) -> Iterator[str]:
    module, qualified = name.split(":")
    owner = qualified.rpartition(".")[0]
    for node in ast.walk(function):
        found = None
        if isinstance(node, ast.Name):
            found = _resolved(module, node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "self" and f"{module}:{owner}.{node.attr}" in functions():
                found = f"{module}:{owner}.{node.attr}"
            else:
                meant = _imports()[module].get(node.value.id, "")
                found = _resolved(meant, node.attr) if meant and ":" not in meant else None
        if found is not None and found != name:
            yield found


def leading_to(targets: set[str]) -> set[str]:
    """The functions that mention one of ``targets``, or one that does, and so on; the targets among them."""
    reached = set(targets)
    while more := {name for name, mentioned in mentions().items() if mentioned & reached} - reached:
        reached |= more
    return reached


def decorated(decorator: str) -> set[str]:
    """The functions that carry a decorator of that name."""
    return {
        name
        for name, node in functions().items()
        if any(isinstance(each, ast.Name) and each.id == decorator for each in node.decorator_list)
    }
