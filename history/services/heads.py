"""The one place where a branch's head moves: state, guards, hooks, the move and its event."""

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Final, ParamSpec, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError, Invalid
from history.engine.content import Content, Key
from history.exceptions import HeadRefused, StaleHead
from history.models import Branch, Commit, HeadMove, Repository
from history.selectors import TreeView, tree_diff
from history.services.events import event_record
from history.services.locks import archive_check, branch_row, lock_check

BRANCH_CREATED: Final = "io.oms.history.branch.created"
BRANCH_DELETED: Final = "io.oms.history.branch.deleted"
BRANCH_RESET: Final = "io.oms.history.branch.reset"
BRANCH_ARCHIVED: Final = "io.oms.history.branch.archived"


@dataclass(frozen=True)
class Transition:
    """A step from one state of a repository's ontology to another, as commit hooks are asked about it."""

    repository: Repository
    before: TreeView
    after: TreeView
    known: Mapping[Key, Content] = field(default_factory=dict, repr=False)
    """Contents of the after state that the caller has at hand."""

    @cached_property
    def changed(self) -> Mapping[Key, Content | None]:
        """The new content of every key that changed; None for what is gone."""
        keys = [difference.key for difference in tree_diff(self.before, self.after)]
        contents = {**self.after.contents(key for key in keys if key not in self.known), **self.known}
        return {key: contents.get(key) for key in keys}

    def referrers(self, keys: Iterable[Key]) -> Mapping[Key, set[Key]]:
        """For each of ``keys`` the resources of the after state that refer to it."""
        return self.after.referrers(keys)


@dataclass(frozen=True)
class Authority:
    """What somebody brings to the move of a head, beside who they are.

    Apps above extend it by what their own guards want to be shown.
    """

    bypass_reason: str = ""
    """Why a guard's rule is to be gone past by who may; empty where it is not."""
    lock_token: int | None = None
    """The token of the lock under which its owner writes; None where they write without one."""


NO_AUTHORITY: Final = Authority()


@dataclass(frozen=True)
class HeadChange:
    """What guards are asked: whether ``actor`` may move ``branch`` like this, make it, archive it, or delete it."""

    actor: Any
    branch: Branch
    before: Commit
    """Where a branch that is made is to stand is here as well."""
    after: Commit | None
    """None where the branch is to be deleted; where it is to be archived it stands where it is."""
    event: str
    """The type of the event that it becomes, which tells a commit, a merge, a reset, an archival and the ends apart."""
    authority: Authority = NO_AUTHORITY

    @property
    def is_creation(self) -> bool:
        """Whether the branch is a new one: it was made in this transaction."""
        return self.event == BRANCH_CREATED

    @property
    def is_archival(self) -> bool:
        """Whether nothing is to be written to the branch any more; its head stays."""
        return self.event == BRANCH_ARCHIVED

    @property
    def is_deletion(self) -> bool:
        return self.event == BRANCH_DELETED

    @property
    def is_reset(self) -> bool:
        """Whether the branch is to stand somewhere else, whatever it held."""
        return self.event == BRANCH_RESET


P = ParamSpec("P")
T = TypeVar("T")
_is_watched: ContextVar[bool] = ContextVar("is_watched", default=False)
"""Whether a service further out records refusals; what an inner one wrote would be undone with the outer one."""


def moves_heads(service: Callable[P, T]) -> Callable[P, T]:
    """A service that moves heads: one transaction, and a guard's refusal is an event although all else is undone."""

    @wraps(service)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        if _is_watched.get():
            with transaction.atomic():
                return service(*args, **kwargs)
        token = _is_watched.set(True)
        try:
            with transaction.atomic():
                return service(*args, **kwargs)
        except HeadRefused as refused:
            if refused.change is not None:
                _refusal_record(refused.change, refused)
            raise
        finally:
            _is_watched.reset(token)

    return call


def branch_lock(
    branch: Branch, *, actor: Any, expected_head: str | None = None, authority: Authority = NO_AUTHORITY
) -> Commit:
    """Hold the row of ``branch`` until the transaction ends and give its head, for ``actor`` to move it.

    Raises StaleHead, which carries the head that is there, where it is not ``expected_head``;
    BranchLocked where the branch is archived or somebody else's, LockLost where the authority is that
    of a lock which has ended, and BranchNotFound where the branch is gone by now.
    """
    return _row_to_move(branch, actor, expected_head, authority).head


def _row_to_move(branch: Branch, actor: Any, expected_head: str | None, authority: Authority) -> Branch:
    row = branch_row(branch)
    if expected_head is not None and expected_head != row.head_id:
        message = sentence("{name} has moved to {head}.", name=branch.name, head=row.head_id)
        raise StaleHead(message, head=row.head_id)
    archive_check(row)
    lock_check(row, actor, authority.lock_token)
    return row


def guards_ask(change: HeadChange) -> None:
    """Ask every guard whether the head may move like this; one that says no raises HeadRefused."""
    try:
        for guard in settings.HISTORY_HEAD_GUARDS:
            import_string(guard)(change)
    except HeadRefused as refused:
        refused.change = change
        raise


def _refusal_record(change: HeadChange, refused: HeadRefused) -> None:
    branch, repository = change.branch, change.branch.repository
    event_record(
        type="io.oms.history.branch.refused",
        subject=f"repositories/{repository.name}/branches/{branch.name}",
        actor=change.actor,
        repository=repository,
        branch=branch.name,
        data={
            "repository": repository.name,
            "branch": branch.name,
            "head": change.before.digest,
            "deletion": change.is_deletion,
            "move": change.event,
            "code": refused.code,
            "rules": [error.rule for error in refused.errors],
            "detail": str(refused.detail),
        },
    )


def hooks_ask(transition: Transition) -> list[FieldError]:
    """Everything that the commit hooks have against a step, whereas a commit hears of the first that refuses."""
    found: list[FieldError] = []
    for hook in settings.HISTORY_COMMIT_HOOKS:
        try:
            import_string(hook)(transition)
        except Invalid as error:
            found.extend(error.errors)
    return found


def head_move(
    *,
    actor: Any,
    branch: Branch,
    before: Commit,
    after: Commit,
    event: str,
    data: dict[str, Any] | None = None,
    authority: Authority = NO_AUTHORITY,
    known: Mapping[Key, Content] | None = None,
) -> None:
    """Move ``branch`` from ``before`` to ``after``, or not at all.

    Guards are asked whether it may move, with the ``authority`` that the caller brings, hooks
    whether the state it would have is valid; either refuses by raising. At last the branch must
    still stand at ``before`` and be one that ``actor`` may write to, else this raises what
    :func:`branch_lock` does: no write goes around this place, and a lock must hold until here.
    ``event`` is the type of the event and the reason of the head move
    (``io.oms.history.commit.created``). Listeners are told of it last, in the same transaction.
    """
    change = HeadChange(actor, branch, before, after, event, authority)
    guards_ask(change)
    transition = Transition(branch.repository, TreeView(before.root), TreeView(after.root), known or {})
    for hook in settings.HISTORY_COMMIT_HOOKS:
        import_string(hook)(transition)
    row = _row_to_move(branch, actor, before.digest, authority)
    row.head = branch.head = after
    row.save(update_fields=["head"])
    HeadMove.objects.create(
        repository=branch.repository, branch=branch.name, before=before, after=after, actor=actor, reason=event
    )
    event_record(
        type=event,
        subject=f"repositories/{branch.repository.name}/branches/{branch.name}",
        actor=actor,
        repository=branch.repository,
        branch=branch.name,
        commit=after.digest,
        data={
            "repository": branch.repository.name,
            "branch": branch.name,
            "before": before.digest,
            "after": after.digest,
            **(data or {}),
        },
    )
    for listener in settings.HISTORY_HEAD_LISTENERS:
        import_string(listener)(change)
