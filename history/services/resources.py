"""Writing one resource as one commit."""

from collections.abc import Callable
from typing import Any

from gateway.engine.sentences import sentence
from history.engine.changes import Change, Delete, Put, merge_patched
from history.engine.content import Key
from history.exceptions import NothingChanged, ResourceNotFound
from history.models import Branch, Commit
from history.permissions import require
from history.selectors import TreeView
from history.services.commits import commit_create
from history.services.heads import NO_AUTHORITY, Authority, branch_lock, moves_heads

Precondition = Callable[[str | None], None]
"""Given the digest that a resource has (None: it is not there), raises unless the write may go on."""


@moves_heads
def resource_put(
    *,
    actor: Any,
    branch: Branch,
    key: Key,
    content: Any,
    message: str,
    precondition: Precondition,
    authority: Authority = NO_AUTHORITY,
) -> tuple[Commit, bool]:
    """Give ``key`` this content. The commit that now holds it, and whether the resource is new.

    Where the resource has that content already, nothing is written and the head is answered.
    """
    require(actor, "history.commit", branch.repository)
    head = branch_lock(branch, actor=actor, authority=authority)
    held = TreeView(head.root).digests([key]).get(key)
    precondition(held)
    try:
        message = message or f"{'Edit' if held else 'Add'} {' '.join(key)}"
        commit = _commit(actor, branch, Put(*key, content), message, authority)
    except NothingChanged:
        commit = head
    return commit, held is None


@moves_heads
def resource_patch(
    *,
    actor: Any,
    branch: Branch,
    key: Key,
    patch: Any,
    message: str,
    precondition: Precondition,
    authority: Authority = NO_AUTHORITY,
) -> Commit:
    """Apply a JSON merge patch (RFC 7396) to the content of ``key``. Raises ResourceNotFound."""
    require(actor, "history.commit", branch.repository)
    head = branch_lock(branch, actor=actor, authority=authority)
    content = TreeView(head.root).contents([key]).get(key)
    if content is None:
        raise ResourceNotFound(sentence("{branch} has no {resource}.", branch=branch.name, resource=" ".join(key)))
    commit, _ = resource_put(
        actor=actor,
        branch=branch,
        key=key,
        content=merge_patched(content, patch),
        message=message,
        precondition=precondition,
        authority=authority,
    )
    return commit


@moves_heads
def resource_delete(
    *,
    actor: Any,
    branch: Branch,
    key: Key,
    message: str,
    precondition: Precondition,
    authority: Authority = NO_AUTHORITY,
) -> Commit:
    """Remove ``key``. Raises ResourceNotFound."""
    require(actor, "history.commit", branch.repository)
    head = branch_lock(branch, actor=actor, authority=authority)
    held = TreeView(head.root).digests([key]).get(key)
    if held is None:
        raise ResourceNotFound(sentence("{branch} has no {resource}.", branch=branch.name, resource=" ".join(key)))
    precondition(held)
    return _commit(actor, branch, Delete(*key), message or f"Delete {' '.join(key)}", authority)


def _place(_number: int, part: str) -> str:
    return f"/{part}"


def _commit(actor: Any, branch: Branch, change: Change, message: str, authority: Authority) -> Commit:
    return commit_create(
        actor=actor, branch=branch, changes=[change], message=message, authority=authority, place=_place
    )
