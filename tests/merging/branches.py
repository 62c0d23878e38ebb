"""A repository with branches to merge, for the tests of merges, picks and reverts."""

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from history.engine.changes import Change, Put
from history.models import Commit, Repository
from history.selectors import TreeView, branch_get, log_page
from history.services import branch_create, commit_create, repository_create
from merging.engine.policy import Decision
from merging.engine.result import Conflict
from merging.engine.values import ABSENT
from merging.exceptions import MergeConflicted
from merging.services import (
    Applied,
    Merged,
    MergePreview,
    branch_merge,
    commit_pick,
    commit_revert,
    merge_preview,
)


def crm_of(owner: User) -> Repository:
    """Person, and Company which is one, on main; the branch topic is at the same commit."""
    repository = repository_create(actor=owner, name="crm")
    edit(repository, "main", put("Person", icon="user"), put("Company", extends=["Person"]))
    branch(repository, "topic")
    return repository


def put(name: str, **fields: Any) -> Put:
    return Put("object_type", name, {"properties": {"id": {"type": "string"}}, **fields})


def branch(repository: Repository, name: str, start: str = "main") -> None:
    branch_create(actor=repository.created_by, repository=repository, name=name, start=start)


def edit(repository: Repository, name: str, *changes: Change, message: str = "") -> Commit:
    held = branch_get(repository, name)
    return commit_create(actor=repository.created_by, branch=held, changes=changes, message=message or f"Edit {name}")


def merged(repository: Repository, source: str = "topic", target: str = "main", **more: Any) -> Merged:
    return branch_merge(actor=repository.created_by, repository=repository, source=source, target=target, **more)


def preview(repository: Repository, source: str = "topic", target: str = "main", **more: Any) -> MergePreview:
    return merge_preview(actor=repository.created_by, repository=repository, source=source, target=target, **more)


def picked(repository: Repository, commit: Commit, name: str = "main", **more: Any) -> Applied:
    held = branch_get(repository, name)
    return commit_pick(**{"actor": repository.created_by, "branch": held, "commit": commit.digest, **more})


def reverted(repository: Repository, commit: Commit, name: str = "main", **more: Any) -> Applied:
    held = branch_get(repository, name)
    return commit_revert(**{"actor": repository.created_by, "branch": held, "commit": commit.digest, **more})


def decide(conflicts: Sequence[Conflict], option: str, value: Any = ABSENT) -> dict[str, Decision]:
    """All of ``conflicts`` resolved alike."""
    return {each.id: Decision(option, value) for each in conflicts}


def told(refused: MergeConflicted) -> list[tuple[str, str]]:
    """Kind and path, below /resources, of the conflicts of a refusal."""
    conflicts = refused.extensions["conflicts"]
    return [(each["kind"], each["path"].removeprefix("/resources")) for each in conflicts]


def found(conflicts: Sequence[Conflict]) -> list[tuple[str, str]]:
    """The same of conflicts."""
    return [(each.kind.value, each.path.removeprefix("/resources")) for each in conflicts]


def settled(seen: MergePreview) -> list[Conflict]:
    """The conflicts that decisions have settled."""
    return [each.conflict for each in seen.decided]


def head(repository: Repository, name: str = "main") -> Commit:
    return branch_get(repository, name).head


def contents(repository: Repository, ref: str = "main") -> dict[str, Any]:
    return {name: content for (_, name), content in TreeView(head(repository, ref).root).everything().items()}


def messages(repository: Repository, name: str = "main") -> list[str]:
    """The messages of a branch, the latest first, without those before the branches parted."""
    return [commit.message for commit in log_page([head(repository, name).digest], 20)[0]][:-2]
