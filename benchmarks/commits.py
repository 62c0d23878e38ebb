"""Committing one resource in a small and in a large ontology."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.git import GitRepository, commit_stream
from benchmarks.measure import Line, Work, nothing, timings
from benchmarks.ontology import SEED, edited, resources
from benchmarks.progress import step
from benchmarks.size import Size
from benchmarks.store import analyze, forget_nodes, repository_of
from history.engine.changes import Put
from history.engine.content import Content, Key
from history.services import commit_create


def lines(actor: Any, size: Size, folder: Path) -> Iterator[Line]:
    works = []
    for count in size.repositories:
        contents = resources(count)
        with step(f"Committing {count:,} resources"):
            works += _in_oms(actor, contents)
        with step("Loading the same into git"):
            works.append(_in_git(folder, contents))
    analyze()
    cold, warm, git, cold_large, warm_large, git_large = timings(works, size.short_times)
    yield Line(cold_large, cold, aim=1.5)
    yield Line(warm_large, warm, aim=1.5)
    yield Line(warm, git)
    yield Line(warm_large, git_large)


class Edits:
    """An edit of any one resource after the other."""

    def __init__(self, contents: Mapping[Key, Content]) -> None:
        self._contents = contents
        self._keys = sorted(contents)
        self._random = Random(SEED)
        self.key = self._keys[0]
        self.content: Content = {}

    def choose(self) -> None:
        self.key = self._random.choice(self._keys)
        description = {"en": f"Edit {self._random.random()}."}
        self.content = {**edited(self._random, self._contents[self.key]), "description": description}


def _in_oms(actor: Any, contents: Mapping[Key, Content]) -> list[Work]:
    branch = repository_of(actor, f"commits-{len(contents)}", contents)
    edits = Edits(contents)

    def commit() -> None:
        commit_create(actor=actor, branch=branch, changes=[Put(*edits.key, edits.content)], message="Edit")

    def after(prepare: Callable[[], None]) -> Callable[[], None]:
        def prepare_and_choose() -> None:
            prepare()
            edits.choose()

        return prepare_and_choose

    name = f"commit to one of {len(contents):,}"
    return [Work(f"{name}, cold", commit, after(forget_nodes)), Work(f"{name}, warm", commit, after(nothing))]


def _in_git(folder: Path, contents: Mapping[Key, Content]) -> Work:
    git = GitRepository(folder / f"commits-{len(contents)}.git")
    git.load(commit_stream("main", contents))
    git.tidy()
    edits = Edits(contents)
    return Work(
        f"git fast-import, one of {len(contents):,}",
        lambda: git.load(commit_stream("main", {edits.key: edits.content}, start="main")),
        edits.choose,
    )
