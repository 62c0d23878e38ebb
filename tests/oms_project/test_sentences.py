"""What engines and services say to people can be translated: it is made of templates that makemessages finds."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management.commands.makemessages import TranslatableFile

from gateway.engine import strict_json
from gateway.engine.sentences import Sentence
from history.engine.content import ContentInvalid
from oms_project.management.commands.makemessages import Command
from ontology.engine.breaking import RULES, Usage, with_usage
from ontology.engine.breaking.usage import Mode
from ontology.engine.state import Documents
from ontology.engine.validation import RULES as VALIDATION
from ontology.engine.validation import validate
from ontology.exceptions import DocumentMalformed
from ontology.formats import notation
from tests.conftest import ROOT, leave_out
from tests.console.test_translation import CATALOGUE, ENTRY, unquoted
from tests.oms_project.test_errors import every_error
from tests.ontology import breaking_cases, test_engine_structure, validation_cases
from tests.ontology.breaking_world import report

APPS = ("gateway", "history", "accounts", "ontology", "merging")
DOMAIN = {"engine", "services", "selectors", "formats", "permissions", "backends"}
"""The layers that do not know who reads what they say; edges translate at once, by gettext."""


def modules(*apps: str) -> list[Path]:
    return sorted(path for app in apps for path in (ROOT / app).rglob("*.py"))


def domain_modules() -> list[Path]:
    return [path for path in modules(*APPS) if DOMAIN & {path.stem, *path.relative_to(ROOT).parts}]


# --- What makemessages finds ----------------------------------------------------------------------


def marked_apart(path: Path) -> list[str]:
    """What makemessages marks in a copy of the module."""
    file = TranslatableFile(str(path.parent), path.name, None)
    return list(Command.build_file_class(Command(), "django", file).texts)


@cache
def found_templates() -> frozenset[str]:
    program = shutil.which("xgettext") or leave_out("xgettext is not on this machine.")
    command = [program, *Command.xgettext_options, "--language=Python", "--output=-", *map(str, modules(*APPS))]
    catalogue = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = {unquoted(entry["id"]) for entry in ENTRY.finditer(catalogue)}
    return frozenset(found.union(*(marked_apart(path) for path in modules(*APPS))) - {""})


def sentences_in(text: str) -> Iterator[Sentence]:
    """``text``, which must be a sentence, and those among its words."""
    assert isinstance(text, Sentence), f"{text!r} cannot be translated"
    yield text
    for word in text.words.values():
        if isinstance(word, Sentence):
            yield from sentences_in(word)


def untranslatable(texts: list[str]) -> set[str]:
    """The templates in ``texts`` that makemessages does not find."""
    return {each.template for text in texts for each in sentences_in(text)} - found_templates()


def test_every_template_that_is_found_has_its_korean() -> None:
    entries = ENTRY.finditer(CATALOGUE.read_text(encoding="utf-8"))
    assert found_templates() - {unquoted(entry["id"]) for entry in entries if unquoted(entry["text"])} == set()


def test_what_is_translated_takes_the_same_words() -> None:
    for entry in ENTRY.finditer(CATALOGUE.read_text(encoding="utf-8")):
        source, text = unquoted(entry["id"]), unquoted(entry["text"])
        assert placeholders(text) <= placeholders(source), source


def placeholders(template: str) -> set[str]:
    return {part.split("}")[0] for part in template.split("{")[1:] if "}" in part}


# --- What is said -----------------------------------------------------------------------------------


@pytest.mark.parametrize("case", validation_cases.CASES, ids=lambda case: case.id)
def test_a_violation_can_be_translated(case: validation_cases.Case) -> None:
    contents = validation_cases.stored(case.bad)
    assert untranslatable([found.message for _, found in validate(Documents(contents), contents)]) == set()


def test_the_violations_of_a_content_can_be_translated() -> None:
    said = []
    for kind, content, _rule, _path in test_engine_structure.CASES:
        with pytest.raises(ContentInvalid) as caught:
            test_engine_structure.normalise(kind, content)
        said += [violation.message for violation in caught.value.violations]
    said += [violation.message for violation in test_engine_structure.MODEL.name_violations("object_typ", "Person")]
    assert untranslatable(said) == set()


def test_findings_and_their_plans_can_be_translated() -> None:
    nobody = [Usage("billing", "object_type", "Nothing", "", Mode.READS)]
    said: list[str] = []
    for case in breaking_cases.CASES:
        for finding in with_usage(report(*breaking_cases.states(case)), nobody):
            said.append(finding.message)
            for step in finding.migration.steps if finding.migration else ():
                said += [step.words, *step.needs, step.reverse.words]
    assert untranslatable(said) == set()


def test_the_sentences_of_rules_can_be_translated() -> None:
    assert untranslatable([rule.sentence for rule in VALIDATION.values()]) == set()
    assert {rule.sentence for rule in RULES.values()} <= found_templates()


@pytest.mark.parametrize("body", [b"\xff", b"{", b'{"a": 1, "a": 2}', b"[NaN]", b"[1e999]", b'["\\u0000"]', b"[" * 200])
def test_what_is_wrong_with_json_can_be_translated(body: bytes) -> None:
    with pytest.raises(strict_json.JSONRefused) as refused:
        strict_json.loads(body)
    assert untranslatable([refused.value.message]) == set()


@pytest.mark.parametrize("text", ["a: *x", "a: !!int 1", "? [a]\n: 1", "1: 2", "a: 1\na: 2", "a: [", "", "a\n---\nb"])
def test_what_is_wrong_with_a_document_can_be_translated(text: str) -> None:
    with pytest.raises(DocumentMalformed) as refused:
        notation.read(text)
    assert untranslatable([refused.value.detail, *(error.message for error in refused.value.errors)]) == set()


# --- What the code says that no case here makes it say ----------------------------------------------

MESSAGES = {"FieldError": (2, "message"), "Violation": (2, "message"), "Omission": (2, "message")}
"""Where the message of each stands, by position and by name; that of an error comes first."""


def said_in(function: ast.AST, refusals: dict[str, tuple[int, str]]) -> Iterator[ast.expr]:
    """What a function says to people, with what is bound to the names by which it says it."""
    bound: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    bound.setdefault(target.id, []).append(node.value)
    for node in ast.walk(function):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in refusals:
            place, keyword = refusals[name]
            given = [*node.args[place : place + 1], *(each.value for each in node.keywords if each.arg == keyword)]
            for value in given:
                yield from bound.get(value.id, []) if isinstance(value, ast.Name) else [value]


def plain_texts(path: Path) -> list[str]:
    """The texts in a module that are told to people and are no sentences."""
    refusals = {kind.__name__: (0, "detail") for kind in every_error()} | MESSAGES
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    said = [value for function in functions for value in said_in(function, refusals)]
    return [ast.unparse(value) for value in said if isinstance(value, ast.JoinedStr | ast.Constant | ast.BinOp)]


def test_no_domain_code_tells_people_a_text_that_is_no_sentence() -> None:
    found = {str(path.relative_to(ROOT)): plain_texts(path) for path in domain_modules()}
    assert {path: texts for path, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    "body",
    [
        'raise NotFound(f"There is no {name}.")',
        'raise NotFound("There is nothing.")',
        'message = f"There is no {name}."\n    raise NotFound(message)',
        'errors.append(FieldError("/a", "B", "There is " + name))',
        'yield Omission(place="a", code="B", message=f"There is no {name}.")',
    ],
)
def test_plain_texts_are_noticed(tmp_path: Path, body: str) -> None:
    module = tmp_path / "services.py"
    module.write_text(f"def refuse(name):\n    {body}\n")
    assert len(plain_texts(module)) == 1
