"""The demo as data: its people, its repository and the steps of its history, read from the YAML beside."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from history.engine.changes import Change, Delete, Put, Rename
from history.engine.content import Content
from ontology.engine.document import contents_of

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True)
class Patch:
    """Change parts of a resource: an RFC 7396 merge patch of the content that the branch holds."""

    kind: str
    name: str
    content: Content


@dataclass(frozen=True)
class Person:
    username: str
    display_name: str
    role: str


@dataclass(frozen=True)
class CommitStep:
    """``branch`` is empty for the default branch. No two changes touch one resource, but for a last rename."""

    author: str
    branch: str
    message: str
    changes: tuple[Change | Patch, ...]


@dataclass(frozen=True)
class BranchStep:
    """A new branch from the head of the default branch."""

    author: str
    name: str


@dataclass(frozen=True)
class MergeStep:
    """``source`` is merged into the default branch."""

    author: str
    source: str
    message: str


Step = CommitStep | BranchStep | MergeStep


@dataclass(frozen=True)
class Story:
    people: tuple[Person, ...]
    owner: str
    repository: Mapping[str, str]
    """What the repository is made with: name, title, description and visibility."""
    history: tuple[Mapping[str, Any], ...]

    def steps(self) -> Iterator[Step]:
        """The history from the first commit to the last; reads the documents and branches that it names."""
        for entry in self.history:
            if "branch" in entry:
                yield from _branch(_read(entry["branch"]))
            elif "merge" in entry:
                yield MergeStep(entry["author"], entry["merge"], entry["message"])
            else:
                yield _commit(entry, author=entry["author"], branch="")


def story_read() -> Story:
    """The story, without what its steps name."""
    story = _read("story.yaml")
    people = (Person(username, **person) for username, person in story["people"].items())
    repository = dict(story["repository"])
    return Story(tuple(people), repository.pop("owner"), repository, tuple(story["history"]))


def _read(name: str) -> Any:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return yaml.safe_load(file)


def _branch(branch: Mapping[str, Any]) -> Iterator[Step]:
    yield BranchStep(branch["author"], branch["branch"])
    for entry in branch["commits"]:
        yield _commit(entry, author=branch["author"], branch=branch["branch"])


def _commit(entry: Mapping[str, Any], *, author: str, branch: str) -> CommitStep:
    changes = (*_puts(entry.get("documents", ())), *map(_change, entry.get("changes", ())))
    return CommitStep(author, branch, entry["message"].rstrip(), changes)


def _puts(documents: Iterable[str]) -> Iterator[Put]:
    for name in documents:
        contents, _ = contents_of(_read(name))
        for (kind, resource), content in contents.items():
            yield Put(kind, resource, content)


def _change(change: Mapping[str, Any]) -> Change | Patch:
    match change:
        case {"op": "put", "kind": kind, "name": name, "content": content}:
            return Put(kind, name, content)
        case {"op": "delete", "kind": kind, "name": name}:
            return Delete(kind, name)
        case {"op": "rename", "kind": kind, "name": name, "to": to}:
            return Rename(kind, name, to)
    return Patch(change["kind"], change["name"], change["content"])
