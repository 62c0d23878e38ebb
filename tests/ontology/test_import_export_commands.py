"""Import and export on the command line: what is told on the way, and what the exit status says."""

import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from accounts.models import User
from history.models import Branch
from history.selectors import TreeView, branch_get
from ontology.selectors import ontology_export

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent
PEOPLE = """
format: oms/1
resources:
  object_type:
    Person: {properties: {name: {type: string}}}
"""


@pytest.fixture
def people(tmp_path: Path) -> str:
    (tmp_path / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    return str(tmp_path / "people.yaml")


@pytest.fixture
def erp(settings: LazySettings, tmp_path: Path) -> str:
    """A database by the name of ``erp``, of which a few things do not come over."""
    with closing(sqlite3.connect(tmp_path / "erp.db")) as made:
        made.execute(
            "CREATE TABLE item (id integer PRIMARY KEY AUTOINCREMENT, made datetime DEFAULT CURRENT_TIMESTAMP)"
        )
        made.execute(
            "CREATE TABLE unit (id integer PRIMARY KEY AUTOINCREMENT, made datetime DEFAULT CURRENT_TIMESTAMP)"
        )
    configured = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "erp.db")}
    settings.IMPORT_DATABASES = {"erp": configured}
    return "erp"


def names(branch: Branch) -> set[str]:
    return {name for _, name in TreeView(branch_get(branch.repository, branch.name).head.root).everything()}


def bring(source: str, *options: str, actor: str = "alice", branch: str = "main", repository: str = "world") -> None:
    where = ["--repository", repository, "--branch", branch, "--actor", actor]
    call_command("import_ontology", source, *where, *options)


# --- import_ontology ------------------------------------------------------------------------------------


def test_an_import_tells_its_stages_and_commits(
    alice: User, main: Branch, people: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(people, "--message", "People come in")
    head = branch_get(main.repository, "main").head
    assert capsys.readouterr().out.splitlines() == [
        f"Reading {people} as oms-yaml …",
        "1 resources; 0 parts did not come over.",
        f"Committed as {head.digest}: 1 added, 0 removed, 0 modified, 0 renamed.",
    ]
    assert (head.message, head.author, names(main)) == ("People come in", alice, {"Person"})


def test_what_the_source_lacks_is_deleted_unless_it_is_merged_in(
    alice: User, main: Branch, people: str, erp: str
) -> None:
    bring(people)
    bring(erp, "--format", "sql", "--merge")
    assert names(main) == {"Person", "Item", "Unit"}
    bring(erp, "--format", "sql")
    assert names(main) == {"Item", "Unit"}


def test_what_did_not_come_over_is_grouped_with_examples_and_kept_in_full(
    alice: User, main: Branch, erp: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(erp, "--format", "sql", "--examples", "1", "--omissions", str(tmp_path / "omissions.json"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:5] == [
        "2 resources; 5 parts did not come over.",
        "      4 DEFAULT_COMPUTED",
        "        item.id: The database numbers its values.",
        "      1 CATALOG_NOT_READ",
    ]
    kept = json.loads((tmp_path / "omissions.json").read_text(encoding="utf-8"))
    assert len(kept) == 5
    assert kept[-1] == {
        "place": "unit.made",
        "code": "DEFAULT_COMPUTED",
        "message": "Its default, CURRENT_TIMESTAMP, is no constant.",
    }


def test_a_dry_run_leaves_nothing_behind(
    alice: User, main: Branch, people: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(people, "--dry-run")
    assert "1 added" in capsys.readouterr().out
    assert names(main) == set()


def test_the_source_may_come_by_standard_input(alice: User, main: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(PEOPLE.encode())))
    bring("-")
    assert names(main) == {"Person"}


INVALID = PEOPLE.replace("properties:", "extends: [Agent], properties:")


@pytest.mark.parametrize(
    ("text", "options", "status", "sentence"),
    [
        (PEOPLE, {"actor": "bob"}, 1, "This needs the permission ontology.import on world."),
        (INVALID, {}, 1, "/resources/object_type/Person/extends/0: There is no object type 'Agent'."),
        (" \n", {}, 2, "The text holds 0 documents instead of one."),
        ("{", {}, 2, "The body is not JSON"),
        ("a: 1", {}, 2, "/format: An OMS document needs the field 'format'."),
        (PEOPLE.replace("string", "strin"), {}, 2, "/resources/object_type/Person/properties/name/type/type: "),
        (PEOPLE, {"actor": "nobody"}, 2, "nobody: There is no active account nobody."),
        (PEOPLE, {"branch": "topic"}, 2, "topic: "),
        (PEOPLE, {"repository": "nowhere"}, 2, "nowhere: There is no repository nowhere."),
    ],
)
def test_what_is_refused_and_what_cannot_be_read_end_with_a_sentence_and_a_status(
    text: str, options: dict[str, str], status: int, sentence: str,
    bob: User, main: Branch, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "given.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        bring(str(tmp_path / "given.yaml"), **options)
    assert ended.value.code == status
    assert sentence in capsys.readouterr().err
    assert names(main) == set()


def test_an_import_that_changes_nothing_and_one_of_a_branch_that_moved_on_are_refused(
    alice: User, main: Branch, people: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(people)
    for options in ([], ["--expected-head", main.head_id]):
        with pytest.raises(SystemExit, match="1"):
            bring(people, *options)
    assert "leave everything as it is" in capsys.readouterr().err


@pytest.mark.parametrize("source", ["missing.yaml", "unknown"])
def test_a_source_that_is_not_there_is_bad_input(
    source: str, alice: User, main: Branch, erp: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        bring(source, *(["--format", "sql"] if source == "unknown" else []))
    assert capsys.readouterr().err.startswith(f"{source}: ")


# --- export_ontology ------------------------------------------------------------------------------------


def export(*arguments: str, given: str = "") -> tuple[int, str, str]:
    """Exit status, standard output and errors, in an environment without any configuration."""
    done = subprocess.run(
        [sys.executable, "manage.py", "export_ontology", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "OMS_DATA_DIR": "/nonexistent"},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_file_is_written_in_another_format_without_a_database_or_configuration(people: str, tmp_path: Path) -> None:
    status, output, errors = export(people, "--format", "oms")
    assert (status, errors) == (0, "")
    assert set(json.loads(output)["resources"]["object_type"]) == {"Person"}
    (tmp_path / "people.json").write_text(output, encoding="utf-8")
    written = tmp_path / "back.yaml"
    assert export(str(tmp_path / "people.json"), "--format", "oms-yaml", "--output", str(written))[:2] == (0, "")
    assert export("-", "--format", "oms", given=written.read_text(encoding="utf-8"))[1] == output


@pytest.mark.parametrize("arguments", [["none.yaml"], ["none", "--from", "oms"], ["none", "--from", "sql"]])
def test_what_cannot_be_exported_is_told_with_its_name(arguments: list[str]) -> None:
    status, output, errors = export(*arguments, "--format", "oms")
    assert (status, output) == (2, "")
    assert errors.startswith(f"{arguments[0]}: ")


def test_a_file_that_cannot_be_written_is_told(people: str) -> None:
    status, _, errors = export(people, "--format", "oms", "--output", "/nonexistent/file")
    assert (status, errors.split(":")[0]) == (2, "/nonexistent/file")


def test_a_ref_is_exported_as_over_the_api(
    alice: User, main: Branch, people: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(people)
    capsys.readouterr()
    call_command("export_ontology", "main", "--repository", "world", "--format", "oms")
    assert capsys.readouterr().out.encode() == ontology_export(branch_get(main.repository, "main").head, "oms")


# --- check_ontology of foreign formats --------------------------------------------------------------------


def test_a_foreign_source_is_checked_and_what_did_not_come_over_is_counted(
    erp: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_ontology", "--from", "sql", "--base", erp, "--head", erp)
    told = capsys.readouterr()
    assert told.out == "0 findings.\n"
    assert told.err == "erp: 5 parts did not come over.\n" * 2
