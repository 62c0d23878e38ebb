"""One ontology and two branches that changed it, in OMS and in git."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.git import GitRepository, commit_stream
from benchmarks.ontology import edits, resources
from benchmarks.progress import step
from benchmarks.size import Size
from benchmarks.store import analyze, changes_to, repository_of
from history.engine.content import Content, Key
from history.models import Branch, Repository
from history.selectors import TreeView, tree_diff
from history.services import branch_create, commit_create


@dataclass(frozen=True)
class Scenario:
    """The branches ``base``, ``ours`` and ``theirs``: their names in both stores, and their roots in OMS."""

    actor: Any
    repository: Repository
    git: GitRepository
    roots: Mapping[str, str]
    contested: frozenset[Key]

    def view(self, branch: str) -> TreeView:
        return TreeView(self.roots[branch])


def load(actor: Any, size: Size, folder: Path) -> Scenario:
    """Fills both stores; what the branches change is checked as any commit is."""
    given = resources(size.resources)
    edited = edits(given, changed=size.changed, conflicts=size.conflicts)
    with step(f"Committing {size.resources:,} resources and what two branches change of them"):
        main = repository_of(actor, "compared", given)
        roots = {
            name: _edited(actor, main, name, contents)
            for name, contents in (("base", {}), ("ours", edited.ours), ("theirs", edited.theirs))
        }
        analyze()
    with step("Loading the same into git"):
        git = GitRepository(folder / "compared.git")
        git.load(commit_stream("base", TreeView(roots["base"]).everything()))
        for name in ("ours", "theirs"):
            git.load(commit_stream(name, _changed(roots["base"], roots[name]), start="base"))
        git.tidy()
    return Scenario(actor, main.repository, git, roots, edited.contested)


def _edited(actor: Any, main: Branch, name: str, contents: Mapping[Key, Content | None]) -> str:
    """The root of a branch of ``main`` that was given ``contents``."""
    branch = branch_create(actor=actor, repository=main.repository, name=name)
    if contents:
        changes = list(changes_to(contents))
        branch.head = commit_create(actor=actor, branch=branch, changes=changes, message="Edit")
    return branch.head.root


def _changed(before: str, after: str) -> dict[Key, Content | None]:
    view = TreeView(after)
    keys = [difference.key for difference in tree_diff(TreeView(before), view)]
    contents = view.contents(keys)
    return {key: contents.get(key) for key in keys}
