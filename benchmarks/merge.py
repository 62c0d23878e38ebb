"""The three-way merge of two branches that changed one ontology."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from django.db import transaction

from benchmarks.agreement import agree
from benchmarks.git import file_of, key_of, path_of
from benchmarks.measure import Line, Work, beside
from benchmarks.scenario import Scenario
from benchmarks.size import Size
from benchmarks.store import forget_nodes, forget_steps
from history.engine.content import Content, Key
from history.selectors import TreeView, tree_diff
from history.services import draft_write
from merging.engine.merge import Documents, merge
from merging.engine.policy import Decision, Decisions
from merging.engine.result import Conflict, Option
from merging.selectors import Ancestry, TreeMerge, merge_schema, merge_trees
from merging.services import branch_merge, merge_preview
from ontology.engine.validation import RULES, Rule

NO_RULES: Final[Mapping[str, Rule]] = {}


def lines(scenario: Scenario, size: Size) -> Iterator[Line]:
    found = merged(scenario)
    agree("Resources in conflict", conflicted(found.conflicts), git_conflicted(scenario))
    agree("Resources merged cleanly", merged_files(scenario, found), git_merged_files(scenario))
    with tempfile.TemporaryDirectory() as folder:
        git = Work("git merge-tree", lambda: git_merge(scenario, Path(folder) / "objects"), partial(_empty, folder))
        for state, prepare in (("cold", forget_nodes), ("warm", forget_steps)):
            finding = Work(f"merge, {state}", lambda: merged(scenario), prepare)
            writing = Work(f"merge and write the tree, {state}", lambda: write_and_forget(scenario), prepare)
            checking = Work(f"merge and check the result, {state}", lambda: merged(scenario, RULES), prepare)
            yield beside(finding, git, size.times, aim=1)
            yield beside(writing, git, size.times)
            yield beside(checking, git, size.times)
        changed, whole = changed_documents(scenario), whole_documents(scenario)
        yield beside(Work("merge engine alone, on what changed", lambda: _merge(changed)), git, size.times, aim=1)
        yield beside(Work("merge engine alone, on whole documents", lambda: _merge(whole)), git, size.few_times)
        yield beside(
            Work("merge preview, all that the API answers", lambda: preview(scenario), forget_steps), git, size.times
        )
        decisions = {conflict.id: Decision(Option.OURS) for conflict in found.conflicts}
        yield beside(
            Work("merge through the service", lambda: land(scenario, decisions), forget_steps), git, size.times
        )


def merged(scenario: Scenario, rules: Mapping[str, Rule] = NO_RULES) -> TreeMerge:
    """The merge in memory. Without rules it does what git does, which checks nothing."""
    views = [scenario.view(name) for name in ("base", "ours", "theirs")]
    return merge_trees(Ancestry(views[:1]), views[1], views[2], rules=rules)


def write_and_forget(scenario: Scenario) -> None:
    """The merge with its blobs, references and nodes written, which a rollback takes back."""
    with transaction.atomic():
        draft_write(merged(scenario).draft)
        transaction.set_rollback(True)


def preview(scenario: Scenario) -> object:
    return merge_preview(actor=scenario.actor, repository=scenario.repository, source="theirs", target="ours")


def land(scenario: Scenario, decisions: Decisions) -> None:
    """The merge with its commit, head move and event, which a rollback takes back."""
    with transaction.atomic():
        branch_merge(
            actor=scenario.actor, repository=scenario.repository, source="theirs", target="ours", decisions=decisions
        )
        transaction.set_rollback(True)


def conflicted(conflicts: Sequence[Conflict]) -> set[Key]:
    """The resources that have conflicts."""
    keys = (conflict.path.split("/")[2:4] for conflict in conflicts)
    return {(kind, name) for kind, name in keys}


# --- git ------------------------------------------------------------------------------------------


def git_merge(scenario: Scenario, objects: Path) -> bytes:
    """The merged tree and the conflicted paths. What git writes goes to ``objects``, so that it writes every time."""
    return scenario.git.run(
        *("merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", "ours", "theirs"),
        succeeds=(0, 1),
        GIT_OBJECT_DIRECTORY=str(objects),
        GIT_ALTERNATE_OBJECT_DIRECTORIES=str(scenario.git.folder / "objects"),
    )


def git_conflicted(scenario: Scenario) -> set[Key]:
    return {key_of(path) for path in git_merge(scenario, scenario.git.folder / "objects").decode().split("\0")[1:-1]}


def git_merged_files(scenario: Scenario) -> set[tuple[str, str]]:
    """(path, object name) of the files of the merge that are not in conflict and not as they were."""
    tree, *conflicts = git_merge(scenario, scenario.git.folder / "objects").decode().split("\0")[:-1]
    changed = scenario.git.run("diff-tree", "-r", "-z", "--no-renames", "base", tree).decode().split("\0")[:-1]
    files = zip(changed[::2], changed[1::2], strict=True)
    return {(path, entry.split()[3]) for entry, path in files if path not in conflicts}


def merged_files(scenario: Scenario, found: TreeMerge) -> set[tuple[str, str]]:
    """What git would call the files of our merge that are not in conflict and not as they were."""
    with transaction.atomic():
        after = TreeView(draft_write(found.draft))
        keys = {difference.key for difference in tree_diff(scenario.view("base"), after)}
        contents = after.contents(keys)
        transaction.set_rollback(True)
    return {(path_of(key), _object_name(contents.get(key))) for key in keys - conflicted(found.conflicts)}


def _object_name(content: Content | None) -> str:
    if content is None:
        return "0" * 40
    body = file_of(content)
    return hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()


def _empty(folder: str) -> None:
    shutil.rmtree(Path(folder) / "objects", ignore_errors=True)
    (Path(folder) / "objects").mkdir()


# --- Parts of the merge ---------------------------------------------------------------------------


def changed_documents(scenario: Scenario) -> list[Documents]:
    """Base, ours and theirs at the keys at which a side differs."""
    base = scenario.view("base")
    keys = {each.key for side in ("ours", "theirs") for each in tree_diff(base, scenario.view(side))}
    return [scenario.view(side).contents(keys) for side in ("base", "ours", "theirs")]


def whole_documents(scenario: Scenario) -> list[Documents]:
    return [scenario.view(side).everything() for side in ("base", "ours", "theirs")]


def _merge(documents: Sequence[Documents]) -> object:
    base, ours, theirs = documents
    return merge(base, ours, theirs, merge_schema())
