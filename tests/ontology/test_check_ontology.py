"""The check for pipelines: what one file breaks of another, and how the answer reads to others."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from history.engine.changes import Put
from history.selectors import branch_get
from history.services import commit_create, repository_create
from tests.factories import UserFactory

ROOT = Path(__file__).resolve().parent.parent.parent
BASE = """
format: oms/1
resources:
  object_type:
    Person:
      status: active
      primary_key: [personId]
      properties:
        personId: {type: string, required: true, status: active}
        age: {type: integer, status: active}
"""
BREAKING = BASE.replace("age: {type: integer", "age: {type: boolean")
SAFE = BASE + "        height: {type: double}\n"


@pytest.fixture
def files(tmp_path):
    for name, text in {"base": BASE, "breaking": BREAKING, "safe": SAFE, "empty": "", "bad": "{"}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def check(files, base, head, *options):
    """Exit status and standard output, in an environment without any configuration."""
    command = [sys.executable, "manage.py", "check_ontology"]
    done = subprocess.run(
        [*command, "--base", str(files / base), "--head", str(files / head), *options],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "OMS_DATA_DIR": str(files / "none")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("base", "head", "options", "status"),
    [
        ("base.yaml", "base.yaml", [], 0),
        ("base.yaml", "safe.yaml", [], 0),
        ("base.yaml", "safe.yaml", ["--fail-on", "low"], 1),
        ("base.yaml", "breaking.yaml", [], 1),
        ("base.yaml", "breaking.yaml", ["--fail-on", "critical"], 0),
        ("empty.yaml", "base.yaml", [], 0),
        ("base.yaml", "bad.yaml", [], 2),
        ("base.yaml", "missing.yaml", [], 2),
    ],
)
def test_the_exit_status_says_whether_the_change_may_land(files, base, head, options, status):
    assert check(files, base, head, *options)[0] == status


def test_bad_input_is_told_in_sentences_that_name_the_file(files):
    (files / "wrong.yaml").write_text(BASE.replace("personId: {type: string", "personId: {type: strng"), "utf-8")
    status, output, errors = check(files, "base.yaml", "wrong.yaml")
    assert (status, output) == (2, "")
    assert "wrong.yaml: /resources/object_type/Person/properties/personId/type" in errors


def test_findings_are_counted_in_the_table(files):
    _, output, _ = check(files, "base.yaml", "breaking.yaml")
    assert "PR_TYPE_INCOMPATIBLE" in output
    assert output.endswith("1 findings: 1 high.\n")


def test_json_has_the_findings_in_full(files):
    _, output, _ = check(files, "base.yaml", "breaking.yaml", "--format", "json")
    (finding,) = json.loads(output)["findings"]
    assert finding["path"] == "/resources/object_type/Person/properties/age/type"
    assert {step["reverse"]["operation"] for step in finding["migration"]["steps"]}


def test_sarif_places_results_in_the_file(files):
    _, output, _ = check(files, "base.yaml", "breaking.yaml", "--format", "sarif")
    (run,) = json.loads(output)["runs"]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == (run["tool"]["driver"]["rules"][0]["id"], "error")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("breaking.yaml")


def test_github_shows_an_annotation_a_finding(files):
    _, output, _ = check(files, "base.yaml", "breaking.yaml", "--format", "github")
    assert output.startswith("::error file=")
    assert "title=PR_TYPE_INCOMPATIBLE::" in output


@pytest.mark.django_db
def test_two_refs_of_a_repository_are_compared(capsys):
    alice = UserFactory(username="alice", role="developer")
    repository = repository_create(actor=alice, name="crm")
    main = branch_get(repository, "main")
    first = commit_create(
        actor=alice, branch=main, changes=[Put("struct_type", "Money", {"fields": {"amount": {"type": "double"}}})],
        message="Add",
    )  # fmt: skip
    call_command("check_ontology", "--repository", "crm", "--base", first.digest, "--head", "main")
    assert capsys.readouterr().out == "0 findings.\n"
    with pytest.raises(SystemExit, match="2"):
        call_command("check_ontology", "--repository", "crm", "--base", "nowhere", "--head", "main")
