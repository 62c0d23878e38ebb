"""TypeScript and Pydantic: code that compiles and takes what the JSON Schema takes."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pydantic
import pytest
from hypothesis import given, settings

from history.engine.content import Content, Key
from ontology.formats import pydantic_models, typescript
from ontology.formats.json_schema import write as write_schema
from tests.conftest import leave_out
from tests.ontology.formats.states import DEMO, STATES, state

WORLD = state(
    object_type={
        "Person": {
            "description": 'Who lives.\n*/ and """ too', "primary_key": ["id"],
            "properties": {
                "id": {"type": "string"}, "class": {"type": "short", "status": "deprecated"}, "3d": {"type": "boolean", "default": True},
                "height": {"type": {"type": "decimal", "precision": 5, "scale": 2}}, "born": {"type": "date"},
                "at": {"type": "time"}, "seen": {"type": "timestamp"}, "email": {"type": "string", "constraints": {"format": "email"}},
                "colors": {"type": {"type": "array", "items": "string"}, "value_type": "Color"}, "home": {"type": {"type": "struct", "struct_type": "string"}},
                "spot": {"type": "geopoint"}, "notes": {"type": {"type": "map", "keys": "string", "values": "long"}}, "any": {"type": "json"},
            },
        },
        "Record": {"properties": {}},
    },
    value_type={"Color": {"type": "string", "constraints": {"enum": {"red": {}, "dark blue": {}}}}},
    struct_type={"string": {"fields": {"zip": {"type": "string", "required": True}}}},
    link_type={"knows": {"source": {"types": ["Person"]}, "target": {"types": ["Person", "Record"]}, "cardinality": "many_to_many"}},
)  # fmt: skip
ANN = {
    "id": "ann", "class": 3, "3d": False, "height": "1.75", "born": "2001-02-03", "at": "09:30", "seen": "2027-01-31T12:00:00Z",
    "email": "ann@example.org", "colors": ["red", "dark blue"], "home": {"zip": "1"}, "spot": {"latitude": 1.5, "longitude": 2},
    "notes": {"a": 1}, "any": [None, {"x": 1}], "knows": ["bob", 7],
}  # fmt: skip


# --- TypeScript ---------------------------------------------------------------------------------

Compile = Callable[..., str]


@pytest.fixture
def compiled(tmp_path: Path) -> Compile:
    """What ``tsc --strict`` has against sources."""
    tsc = shutil.which("tsc")
    if tsc is None:
        leave_out("tsc is not on PATH; node-typescript has it.")

    def run(*sources: str) -> str:
        paths = [tmp_path / f"source{number}.ts" for number in range(len(sources))]
        for path, source in zip(paths, sources, strict=True):
            path.write_text(source, encoding="utf-8")
        found = subprocess.run(
            [tsc, "--noEmit", "--strict", *map(str, paths)], capture_output=True, text=True, check=False
        )
        return found.stdout + found.stderr

    return run


def test_declarations_compile_and_take_only_what_the_schema_takes(compiled: Compile) -> None:
    code = typescript.write(WORLD).decode()
    given_ = f"{code}\nexport const ann: Person = {json.dumps(ANN)};\n"
    wrong = 'import {Person} from "./source0";\nexport const a: Person = {id: 1};\nexport const b: Person = {id: "a", nobody: 1};\n'
    assert compiled(given_) == ""
    problems = compiled(given_, wrong)
    assert "TS2322" in problems
    assert "'nobody' does not exist" in problems


def test_declarations_of_the_demo_and_of_any_names_compile(compiled: Compile) -> None:
    words = ("any", "class", "Array", "string", "Promise", "3D", "_3D", "x", "X")
    odd = state(
        object_type={word: {"properties": {"a": {"value_type": "v"}}} for word in words if word != "X"},
        value_type={"v": {"type": "string", "constraints": {"enum": {'"\\ \u2028': {}, "*/": {}}}}, "w": {"type": "json"}},
        shared_property={word: {"type": {"type": "array", "items": {"type": "map", "keys": "long", "values": "json"}}} for word in words},
    )  # fmt: skip
    assert (
        compiled(typescript.write(DEMO).decode(), typescript.write(odd).decode(), typescript.write({}).decode()) == ""
    )


def test_there_is_a_type_for_every_definition() -> None:
    code = typescript.write(DEMO).decode()
    for name in json.loads(write_schema(DEMO))["$defs"]:
        assert f"export interface {name} " in code or f"export type {name} " in code


@settings(max_examples=30)
@given(STATES)
def test_any_state_has_declarations_that_are_the_same_again(contents: dict[Key, Content]) -> None:
    assert typescript.write(contents) == typescript.write(dict(reversed(contents.items())))


# --- Pydantic -----------------------------------------------------------------------------------


def models(contents: Mapping[Key, Content]) -> ModuleType:
    """The module that the models make, run; warnings are errors here."""
    module = ModuleType("oms_models")
    sys.modules[module.__name__] = module  # where Pydantic looks for what annotations name
    exec(compile(pydantic_models.write(contents), "models.py", "exec"), module.__dict__)
    return module


def test_models_take_what_the_schema_takes() -> None:
    ann = models(WORLD).Person.model_validate(ANN)
    assert ann.model_dump(mode="json", by_alias=True, exclude_unset=True) == {**ANN, "at": "09:30:00"}
    assert str(ann.height) == "1.75"
    assert ann.born.year == 2001


@pytest.mark.parametrize("wrong", [{"id": 1}, {"class": 40_000}, {"nobody": 1}, {"colors": ["green"]}, {"home": {}}, {"born": "no"}, {"spot": {}}])  # fmt: skip
def test_models_refuse_what_the_schema_refuses(wrong: Any) -> None:
    with pytest.raises(pydantic.ValidationError):
        models(WORLD).Person.model_validate(ANN | wrong)


def test_there_is_a_model_for_every_definition_of_the_demo() -> None:
    module = models(DEMO)
    made = {
        name for name, value in vars(module).items() if isinstance(value, type) and value.__module__ == module.__name__
    }
    schema = json.loads(write_schema(DEMO))["$defs"]
    assert {name[:1].upper() + name[1:] for name in schema} <= made
    for name, definition in schema.items():
        if "properties" in definition:
            fields = getattr(module, name[:1].upper() + name[1:]).model_fields
            assert {field.alias or key for key, field in fields.items()} == definition["properties"].keys()


@settings(max_examples=15)
@given(STATES)
def test_any_state_has_models_that_run(contents: dict[Key, Content]) -> None:
    models(contents)


def test_models_are_the_same_again_wherever_they_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = pydantic_models.write(WORLD)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.datamodel-codegen]\nclass-name = "X"\n[tool.black]\nline-length = 1\n'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket, "socket", None)
    assert pydantic_models.write(dict(reversed(WORLD.items()))) == first
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]
    assert pydantic_models.write({}) == b"# Made from an ontology by OMS; do not edit.\n"
