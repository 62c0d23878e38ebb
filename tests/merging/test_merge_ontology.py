"""The merge of files on the command line, and as git's merge driver."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
import yaml
from django.core.management import call_command

from ontology.engine.content import OntologyContent

ROOT = Path(__file__).resolve().parent.parent.parent
RID = "00000000-0000-4000-8000-000000000001"
BASE = """
format: oms/1
resources:
  object_type:
    Company: {properties: {name: {type: string}}}
    Person:
      description: Somebody who works
      properties:
        age: {type: short}
        name: {type: string}
"""
WIDER = BASE.replace("short", "long")
LABELLED = """
format: oms/1
resources:
  object_type:
    Person:
      properties:
        name: {type: string, display_name: Name}
        age: {type: short}
      description: Somebody who works
    Company: {properties: {name: {type: string}}}
"""
NARROWER = BASE.replace("short", "byte")
AGE = "/resources/object_type/Person/properties/age/type"
EMPLOYED = f"""{BASE}
  link_type:
    employs: {{source: {{types: [Company]}}, target: {{types: [Person]}}, cardinality: one_to_many}}
"""
WITHOUT_COMPANY = BASE.replace("    Company: {properties: {name: {type: string}}}\n", "")


class Done(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return yaml.safe_load(self.out)["resources"]

    @property
    def report(self) -> Any:
        return json.loads(self.out)


Merge = Callable[..., Done]


@pytest.fixture
def merge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Merge:
    """Runs the command on texts, which lie in files called base, ours and theirs."""

    def run(base: str, ours: str, theirs: str, *options: str, suffix: str = ".yaml") -> Done:
        arguments = []
        for side, text in {"base": base, "ours": ours, "theirs": theirs}.items():
            (tmp_path / f"{side}{suffix}").write_text(text, encoding="utf-8")
            arguments += [f"--{side}", str(tmp_path / f"{side}{suffix}")]
        status = 0
        try:
            call_command("merge_ontology", *arguments, *options)
        except SystemExit as ended:
            status = int(str(ended.code))
        return Done(status, *capsys.readouterr())

    return run


def ages(document: Any) -> str:
    age: str = document["object_type"]["Person"]["properties"]["age"]["type"]["type"]
    return age


# --- Exit status and output -----------------------------------------------------------------------


def test_it_needs_neither_configuration_nor_a_database(tmp_path: Path) -> None:
    for name, text in {"base": BASE, "ours": WIDER, "theirs": LABELLED}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "manage.py", "merge_ontology"]
        + [f"--{side}={tmp_path / side}.yaml" for side in ("base", "ours", "theirs")],
        cwd=ROOT, env={"PATH": os.environ["PATH"], "OMS_DATA_DIR": str(tmp_path / "none")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "0 conflicts, 0 violations, 0 settled.\n")
    assert yaml.safe_load(done.stdout)["resources"]["object_type"]["Person"]["properties"]["age"] == {
        "type": {"type": "long"}
    }


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "status"),
    [
        (BASE, BASE, BASE, 0),
        (BASE, WIDER, LABELLED, 0),
        (BASE, WIDER, NARROWER, 1),
        (BASE, WITHOUT_COMPANY, EMPLOYED, 1),
        ("", BASE, BASE, 0),
        ("", BASE, "", 0),
        ("", "", "", 0),
        (BASE, "{", BASE, 2),
        (BASE, BASE, BASE.replace("short", "shrt"), 2),
    ],
)
def test_the_exit_status_says_whether_the_result_may_be_taken(
    merge: Merge, base: str, ours: str, theirs: str, status: int
) -> None:
    assert merge(base, ours, theirs).status == status


def test_bad_input_is_told_in_sentences_that_name_the_file_and_nothing_is_written(merge: Merge, tmp_path: Path) -> None:
    done = merge(BASE, BASE, BASE.replace("short", "shrt"), "--output", str(tmp_path / "merged.yaml"))
    assert (done.status, done.out) == (2, "")
    assert f"{tmp_path / 'theirs.yaml'}: {AGE}" in done.err
    assert not (tmp_path / "merged.yaml").exists()


def test_a_file_that_is_not_there_is_told(merge: Merge, tmp_path: Path) -> None:
    done = merge(BASE, BASE, BASE, "--base", str(tmp_path / "missing.yaml"))
    assert done.status == 2
    assert "missing.yaml: It cannot be read" in done.err


def test_an_output_that_cannot_be_written_is_told(merge: Merge, tmp_path: Path) -> None:
    done = merge(BASE, BASE, BASE, "--output", str(tmp_path))
    assert (done.status, done.out) == (2, "")
    assert f"{tmp_path}: It cannot be written" in done.err


def test_the_document_goes_to_standard_output_and_the_report_beside_it(merge: Merge) -> None:
    done = merge(BASE, WIDER, NARROWER)
    assert ages(done.document) == "short"
    assert done.err.splitlines()[0] == f"value          {AGE}"
    assert '"type": "byte"' in done.err
    assert "options  ours, theirs, base, custom, wider" in done.err
    assert done.err.endswith("1 conflicts, 0 violations, 0 settled.\n")


def test_the_table_shows_the_beginning_of_long_values(merge: Merge) -> None:
    one, other = (BASE.replace("works", word * 300) for word in ("a", "b"))
    (line,) = [line for line in merge(BASE, one, other).err.splitlines() if line.strip().startswith("ours")]
    assert len(line) < 250
    assert line.endswith("…")


def test_an_output_file_holds_what_standard_output_would(merge: Merge, tmp_path: Path) -> None:
    shown = merge(BASE, WIDER, LABELLED).out
    done = merge(BASE, WIDER, LABELLED, "--output", str(tmp_path / "merged.yaml"))
    assert done.out == ""
    assert (tmp_path / "merged.yaml").read_text(encoding="utf-8") == shown


def test_json_has_the_document_and_everything_about_it(merge: Merge) -> None:
    done = merge(BASE, WIDER, NARROWER, "--format", "json")
    assert (done.status, done.err) == (1, "")
    assert done.report.keys() == {"document", "conflicts", "strategies", "violations"}
    assert done.report["document"]["format"] == "oms/1"
    assert ages(done.report["document"]["resources"]) == "short"
    (conflict,) = done.report["conflicts"]
    assert (conflict["kind"], conflict["path"], conflict["ours"]) == ("value", AGE, {"type": "long"})
    assert merge(BASE, WIDER, BASE.replace("short", "integer"), "--format", "json").report["strategies"] == [
        {"path": AGE, "strategy": "wider"}
    ]


@pytest.mark.parametrize(
    ("output", "suffix", "is_json"),
    [
        ("out.json", ".yaml", True),
        ("out.yaml", ".json", False),
        ("out.yml", ".json", False),
        ("out", ".json", True),
        ("out", ".yaml", False),
        ("out", "", False),
    ],
)
def test_the_form_of_the_document_follows_the_names_and_else_ours(
    merge: Merge, tmp_path: Path, output: str, suffix: str, is_json: bool
) -> None:
    text = json.dumps(yaml.safe_load(BASE)) if suffix == ".json" else BASE
    merge(text, text, text, "--output", str(tmp_path / output), suffix=suffix)
    assert (tmp_path / output).read_text(encoding="utf-8").startswith("{") == is_json


def test_json_without_a_name_stays_json(merge: Merge) -> None:
    text = json.dumps(yaml.safe_load(BASE))
    assert json.loads(merge(text, text, text, suffix="").out)["format"] == "oms/1"


def test_equal_contents_have_equal_bytes(merge: Merge) -> None:
    assert merge(BASE, WIDER, LABELLED).out == merge(BASE, LABELLED, WIDER).out


def test_one_side_may_come_by_standard_input_but_not_two(
    tmp_path: Path, merge: Merge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(WIDER.encode())))
    assert ages(merge(BASE, BASE, BASE, "--ours", "-").document) == "long"
    done = merge(BASE, BASE, BASE, "--ours", "-", "--theirs", "-")
    assert (done.status, done.err) == (2, "-: Standard input can be read once only.\n")


def test_several_bases_become_one(merge: Merge, tmp_path: Path) -> None:
    """Both sides have what either base brought; alone, the first base would make a conflict of it."""
    (tmp_path / "second.yaml").write_text(WIDER, encoding="utf-8")
    assert merge(BASE, BASE, BASE, "--base", str(tmp_path / "second.yaml")).status == 0
    assert merge(WIDER, WIDER, NARROWER, "--base", str(tmp_path / "second.yaml")).status == 0
    assert merge(BASE, WIDER, NARROWER, "--base", str(tmp_path / "second.yaml")).status == 1


def test_foreign_formats_are_merged_and_what_does_not_come_over_is_told(merge: Merge) -> None:
    def schema(**properties: str) -> str:
        described = {name: {"type": kind} for name, kind in properties.items()}
        return json.dumps({"$defs": {"Person": {"type": "object", "properties": described, "not": {}}}})

    done = merge(
        schema(a="string"), schema(a="string", b="string"), schema(a="boolean"), "--from", "json-schema", suffix=".json"
    )
    assert (done.status, done.document["object_type"]["Person"]["properties"].keys()) == (0, {"a", "b"})
    assert "rid" not in done.out
    assert "ours.json: 1 part did not come over." in done.err


# --- Identities -----------------------------------------------------------------------------------


def test_a_merge_invents_no_rids(merge: Merge) -> None:
    assert "rid" not in merge(BASE, WIDER, EMPLOYED).out


def test_rids_that_a_file_gives_stay_and_no_others_come(merge: Merge) -> None:
    given = WIDER.replace("age: {", f"age: {{rid: {RID}, ")
    done = merge(BASE, given, LABELLED)
    assert done.out.count("rid") == 1
    assert done.document["object_type"]["Person"]["properties"]["age"]["rid"] == RID


def test_a_rid_stays_even_where_it_is_the_one_that_the_name_gives(merge: Merge) -> None:
    """What a file says is kept: without it the next rename would make another thing of it."""
    content = OntologyContent().normalise("object_type", "Thing", {"properties": {}}, None, lambda _rid: False)
    given = f"{BASE}    Thing: {{rid: {content['rid']}, properties: {{}}}}\n"
    assert merge(BASE, given, WIDER).document["object_type"]["Thing"]["rid"] == content["rid"]


def test_a_rename_is_seen_by_the_rid(merge: Merge) -> None:
    known = BASE.replace("    Person:\n", f"    Person:\n      rid: {RID}\n")
    renamed = known.replace("    Person:", "    Human:")
    edited = known.replace("works", "rests")
    human = merge(known, renamed, edited).document["object_type"]["Human"]
    assert (human["rid"], human["description"]) == (RID, "Somebody who rests")


# --- What the merged state breaks -----------------------------------------------------------------


def test_a_reference_to_what_the_other_side_deleted_is_a_conflict_that_names_both(merge: Merge) -> None:
    done = merge(BASE, WITHOUT_COMPANY, EMPLOYED, "--format", "json")
    (conflict,) = done.report["conflicts"]
    assert (conflict["kind"], conflict["path"]) == ("dangling", "/resources/link_type/employs/source/types/0")
    assert conflict["theirs"]["api_name"] == conflict["base"]["api_name"] == "Company"
    assert (conflict["ours"], conflict["resolution"]) == (None, None)
    assert conflict["options"] == ["ours", "theirs", "base", "custom"]
    assert "Company" in done.report["document"]["resources"]["object_type"]
    assert (done.report["violations"], done.report["strategies"]) == ([], [])


def test_what_was_deleted_comes_back_or_goes_with_what_refers_to_it_where_that_is_decided(
    merge: Merge, tmp_path: Path
) -> None:
    (conflict,) = merge(BASE, WITHOUT_COMPANY, EMPLOYED, "--format", "json").report["conflicts"]
    decisions = tmp_path / "decisions.yaml"
    for said, properties in (("theirs", {"name"}), ({"custom": {"properties": {}}}, set())):
        decisions.write_text(json.dumps({conflict["id"]: said}), encoding="utf-8")
        done = merge(BASE, WITHOUT_COMPANY, EMPLOYED, "--resolve", str(decisions))
        assert done.status == 0
        assert done.document["object_type"]["Company"]["properties"].keys() == properties
    decisions.write_text(json.dumps({conflict["id"]: "ours"}), encoding="utf-8")
    done = merge(BASE, WITHOUT_COMPANY, EMPLOYED, "--resolve", str(decisions))
    assert (done.status, done.document["object_type"].keys()) == (0, {"Person"})
    assert "types" not in done.document["link_type"]["employs"]["source"]


def test_a_reference_that_a_side_let_dangle_itself_is_a_violation(merge: Merge) -> None:
    broken = EMPLOYED.replace("[Company]", "[Nobody]")
    done = merge(BASE, LABELLED, broken, "--format", "json")
    assert (done.status, done.report["conflicts"]) == (1, [])
    (violation,) = (each for each in done.report["violations"] if each["severity"] == "error")
    assert (violation["rule"], violation["path"]) == (
        "DANGLING_REFERENCE",
        "/resources/link_type/employs/source/types/0",
    )


def test_a_side_that_deleted_what_it_refers_to_has_a_violation_and_no_conflict(merge: Merge) -> None:
    broken = EMPLOYED.replace("    Company: {properties: {name: {type: string}}}\n", "")
    done = merge(BASE, LABELLED, broken, "--format", "json")
    assert done.report["conflicts"] == []
    assert "DANGLING_REFERENCE" in {each["rule"] for each in done.report["violations"]}


def test_rules_that_only_the_union_breaks_are_violations(merge: Merge) -> None:
    low, high = (BASE.replace("{type: short}", f"{{type: short, constraints: {limit}}}") for limit in LIMITS)
    done = merge(BASE, low, high)
    assert done.status == 1
    assert "error          CONSTRAINT_EMPTY  /resources/object_type/Person/properties/age" in done.err


LIMITS = ("{max: 3}", "{min: 5}")


def test_warnings_are_told_and_hold_nothing_up(merge: Merge) -> None:
    done = merge(BASE, BASE.replace("age", "the_age"), BASE)
    assert done.status == 0
    assert "warning        NAMING_CONVENTION  /resources/object_type/Person/properties/the_age" in done.err


# --- Decisions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "age"),
    [
        ("ours", "long"),
        ("theirs", "byte"),
        ("base", "short"),
        ("wider", "long"),
        ({"custom": {"type": "date"}}, "date"),
    ],
)
def test_a_conflict_is_resolved_by_its_id(merge: Merge, tmp_path: Path, said: Any, age: str) -> None:
    (conflict,) = merge(BASE, WIDER, NARROWER, "--format", "json").report["conflicts"]
    (tmp_path / "decisions.json").write_text(json.dumps({conflict["id"]: said}), encoding="utf-8")
    done = merge(BASE, WIDER, NARROWER, "--resolve", str(tmp_path / "decisions.json"))
    assert (done.status, ages(done.document)) == (0, age)


def turned(value: Any) -> Any:
    """``value`` with the members of every object in the reverse order."""
    if isinstance(value, list):
        return [turned(each) for each in value]
    return {key: turned(value[key]) for key in reversed(value)} if isinstance(value, dict) else value


def test_the_report_has_the_same_bytes_whatever_order_the_files_have(merge: Merge) -> None:
    sides = [yaml.safe_load(side) for side in (EMPLOYED, EMPLOYED.replace("short", "byte"), EMPLOYED)]
    sides[2]["resources"]["object_type"]["Person"]["properties"]["age"] = {"type": "integer", "required": True}
    first = merge(*map(json.dumps, sides), "--format", "json", suffix=".json")
    assert first.report["conflicts"]
    assert merge(*(json.dumps(turned(side)) for side in sides), "--format", "json", suffix=".json").out == first.out


@pytest.mark.parametrize("text", ["[1", '"a', "a: 1", "x: [", "{"])
def test_a_file_that_is_called_json_is_told_to_be_none(merge: Merge, text: str) -> None:
    whole = json.dumps(yaml.safe_load(BASE))
    done = merge(whole, text, whole, suffix=".json")
    assert done.status == 2
    assert "ours.json: The body is not JSON" in done.err


def test_a_decision_that_makes_no_valid_content_is_told(merge: Merge, tmp_path: Path) -> None:
    (conflict,) = merge(BASE, WIDER, NARROWER, "--format", "json").report["conflicts"]
    (tmp_path / "decisions.json").write_text(json.dumps({conflict["id"]: {"custom": 5}}), encoding="utf-8")
    done = merge(BASE, WIDER, NARROWER, "--resolve", str(tmp_path / "decisions.json"))
    assert done.status == 1
    assert AGE in done.err


@pytest.mark.parametrize(
    ("decisions", "sentence"),
    [
        ("{", "The body is not JSON"),
        ("[", "The body is not JSON"),
        ("[]", "Decisions are an object of the conflicts' ids."),
        ('{"a": "newest"}', '/a: A decision is one of ours, theirs, base, union, wider, looser, stricter or {"custom"'),
        ('{"a": {"custom": 1, "more": 2}}', "/a: A decision is one of"),
        ('{"a": 1}', "/a: A decision is one of"),
    ],
)
def test_decisions_that_are_none_are_refused(merge: Merge, tmp_path: Path, decisions: str, sentence: str) -> None:
    (tmp_path / "decisions.json").write_text(decisions, encoding="utf-8")
    done = merge(BASE, WIDER, NARROWER, "--resolve", str(tmp_path / "decisions.json"))
    assert (done.status, done.out) == (2, "")
    assert f"{tmp_path / 'decisions.json'}: {sentence}" in done.err


def test_decisions_for_no_conflict_and_an_empty_file_decide_nothing(merge: Merge, tmp_path: Path) -> None:
    for decisions in ("", '{"a": "ours"}'):
        (tmp_path / "decisions.json").write_text(decisions, encoding="utf-8")
        assert merge(BASE, WIDER, NARROWER, "--resolve", str(tmp_path / "decisions.json")).status == 1


def test_a_strategy_is_preferred_where_it_has_an_answer(merge: Merge) -> None:
    done = merge(BASE, WIDER, NARROWER, "--prefer", "wider", "--format", "json")
    assert (done.status, done.report["strategies"]) == (0, [{"path": AGE, "strategy": "wider"}])
    assert merge(BASE, WIDER, NARROWER, "--prefer", "looser").status == 1
    assert merge(BASE, WITHOUT_COMPANY, EMPLOYED, "--prefer", "theirs").status == 0
    assert merge(BASE, WITHOUT_COMPANY, EMPLOYED, "--prefer", "ours").status == 1


# --- In a git repository --------------------------------------------------------------------------


class Git:
    """A repository whose ontology merges with the command as its driver."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "ontology.yaml"
        self("init", "--quiet", "--initial-branch", "main")
        command = f"'{sys.executable}' '{ROOT / 'manage.py'}' merge_ontology"
        self("config", "merge.oms.driver", f"{command} --base %O --ours %A --theirs %B --output %A")
        (folder / ".gitattributes").write_text("ontology.yaml merge=oms\n", encoding="utf-8")
        self.commit(BASE)

    def __call__(self, *arguments: str, status: int = 0) -> str:
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1",
            "OMS_DATA_DIR": str(self.folder / "none"),
            **{f"GIT_{who}_{what}": "alice@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }  # fmt: skip
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stderr
        return done.stdout + done.stderr

    def commit(self, text: str) -> None:
        self.file.write_text(text, encoding="utf-8")
        self("add", ".")
        self("commit", "--quiet", "--message", "Change the ontology")

    def diverge(self, ours: str, theirs: str) -> None:
        self("checkout", "--quiet", "-b", "topic")
        self.commit(theirs)
        self("checkout", "--quiet", "main")
        self.commit(ours)


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(tmp_path)


def test_branches_that_reorder_and_edit_one_type_merge_in_git(git: Git) -> None:
    git.diverge(WIDER, LABELLED)
    git("merge", "--no-edit", "topic")
    merged = yaml.safe_load(git.file.read_text(encoding="utf-8"))["resources"]["object_type"]["Person"]["properties"]
    assert merged == {"age": {"type": {"type": "long"}}, "name": {"type": {"type": "string"}, "display_name": "Name"}}
    assert git("status", "--porcelain") == ""


def test_a_conflict_stops_git_and_leaves_the_base_at_its_place(git: Git) -> None:
    git.diverge(WIDER.replace("works", "rests"), NARROWER)
    told = git("merge", "--no-edit", "topic", status=1)
    assert AGE in told
    assert "CONFLICT (content): Merge conflict in ontology.yaml" in told
    document = yaml.safe_load(git.file.read_text(encoding="utf-8"))["resources"]
    assert ages(document) == "short"
    assert document["object_type"]["Person"]["description"] == "Somebody who rests"
    assert git("status", "--porcelain") == "UU ontology.yaml\n"


def test_what_cannot_be_read_stops_git_and_leaves_our_file(git: Git) -> None:
    git.diverge(WIDER, "{")
    assert "The body is not JSON" in git("merge", "--no-edit", "topic", status=1)
    assert git.file.read_text(encoding="utf-8") == WIDER
