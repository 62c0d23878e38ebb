"""Making, resetting, archiving and deleting branches."""

from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.engine.names import branch_name_problem
from history.exceptions import DefaultBranchKept, NameInvalid, NameTaken
from history.models import Branch, Commit, HeadMove, Repository
from history.permissions import require
from history.selectors import ref_resolve
from history.services.events import event_record
from history.services.heads import (
    BRANCH_ARCHIVED,
    BRANCH_CREATED,
    BRANCH_DELETED,
    BRANCH_RESET,
    NO_AUTHORITY,
    Authority,
    HeadChange,
    branch_lock,
    guards_ask,
    head_move,
    moves_heads,
)
from history.services.locks import branch_row, lock_check, lock_current, lock_end

ARCHIVE: Final = "history.archive_branch"


@moves_heads
def branch_create(
    *, actor: Any, repository: Repository, name: str, start: str = "", authority: Authority = NO_AUTHORITY
) -> Branch:
    """A new branch at the commit that the ref ``start`` names, by default the default branch's head.

    Raises NameInvalid, NameTaken, RefNotFound and what guards refuse with.
    """
    require(actor, "history.create_branch", repository)
    if problem := branch_name_problem(name):
        raise NameInvalid(problem, errors=[FieldError("/name", "BRANCH_NAME", problem)])
    head = ref_resolve(repository, start or repository.default_branch)
    branch = branch_open(actor=actor, repository=repository, name=name, head=head)
    guards_ask(HeadChange(actor, branch, head, head, BRANCH_CREATED, authority))
    return branch


def branch_open(*, actor: Any, repository: Repository, name: str, head: Commit) -> Branch:
    """The row, the head move and the event of a new branch, which no guard is asked about."""
    try:
        with transaction.atomic():
            branch = Branch.objects.create(repository=repository, name=name, head=head, created_by=actor)
    except IntegrityError as error:
        message = sentence("{repository} has a branch {name} already.", repository=repository.name, name=name)
        raise NameTaken(message, errors=[FieldError("/name", "TAKEN", message)]) from error
    _tell(BRANCH_CREATED, actor=actor, branch=branch, head=head, after=head)
    return branch


@moves_heads
def branch_delete(*, actor: Any, branch: Branch, authority: Authority = NO_AUTHORITY) -> None:
    """Remove the name, archived or not; its commits and head moves stay.

    Raises DefaultBranchKept, BranchLocked, LockLost and what guards refuse with.
    """
    require(actor, "history.delete_branch", branch.repository)
    _keep_default(branch)
    row = branch_row(branch)
    lock_check(row, actor, authority.lock_token)
    head = row.head
    guards_ask(HeadChange(actor, branch, head, None, BRANCH_DELETED, authority))
    _tell(BRANCH_DELETED, actor=actor, branch=branch, head=head, before=head)
    branch.delete()


@moves_heads
def branch_reset(
    *,
    actor: Any,
    branch: Branch,
    to: str,
    expected_head: str | None = None,
    authority: Authority = NO_AUTHORITY,
) -> Branch:
    """Let ``branch`` stand at the commit that the ref ``to`` names, whatever it held; nothing happens where it does.

    Raises RefNotFound, StaleHead where the head is not ``expected_head``, BranchLocked, LockLost, and
    what guards and hooks refuse with.
    """
    require(actor, "history.reset_branch", branch.repository)
    head = branch_lock(branch, actor=actor, expected_head=expected_head, authority=authority)
    commit = ref_resolve(branch.repository, to)
    if commit != head:
        head_move(actor=actor, branch=branch, before=head, after=commit, event=BRANCH_RESET, authority=authority)
    return branch


@moves_heads
def branch_archive(*, actor: Any, branch: Branch, authority: Authority = NO_AUTHORITY) -> Branch:
    """Have nothing be written to ``branch`` any more; it can be read, merged from, deleted and restored.

    Nothing happens to one that is archived. Ends the lock under which ``actor`` does it. Raises DefaultBranchKept,
    BranchLocked, LockLost and what guards refuse with.
    """
    require(actor, ARCHIVE, branch.repository)
    _keep_default(branch)
    row = branch_row(branch)
    if row.archived_at is None:
        lock_check(row, actor, authority.lock_token)
        head = row.head
        guards_ask(HeadChange(actor, branch, head, head, BRANCH_ARCHIVED, authority))
        if lock := lock_current(row):
            lock_end(actor, branch, lock)
        row.archived_at = timezone.now()
        row.save(update_fields=["archived_at"])
        _tell_state(BRANCH_ARCHIVED, actor=actor, branch=branch, head=head.digest)
    return row


@transaction.atomic
def branch_restore(*, actor: Any, branch: Branch) -> Branch:
    """Let work go on on a branch that is archived; nothing happens to one that is not.

    No guard is asked: the branch is again what it was, and guards are asked about all that comes to it from then on.
    """
    require(actor, ARCHIVE, branch.repository)
    row = branch_row(branch)
    if row.archived_at is not None:
        row.archived_at = None
        row.save(update_fields=["archived_at"])
        _tell_state("io.oms.history.branch.restored", actor=actor, branch=branch, head=row.head_id)
    return row


def _keep_default(branch: Branch) -> None:
    repository = branch.repository
    if branch.name == repository.default_branch:
        message = sentence(
            "{name} is the default branch of {repository}.", name=branch.name, repository=repository.name
        )
        raise DefaultBranchKept(message)


def _tell(event: str, *, actor: Any, branch: Branch, head: Commit, **move: Commit) -> None:
    """Record the event and the head move, ``before`` or ``after`` it, of a name that comes or goes at ``head``."""
    repository, name = branch.repository, branch.name
    HeadMove.objects.create(repository=repository, branch=name, actor=actor, reason=event, **move)
    _tell_state(event, actor=actor, branch=branch, head=head.digest)


def _tell_state(event: str, *, actor: Any, branch: Branch, head: str) -> None:
    repository, name = branch.repository, branch.name
    event_record(
        type=event,
        subject=f"repositories/{repository.name}/branches/{name}",
        actor=actor,
        repository=repository,
        branch=name,
        commit=head,
        data={"repository": repository.name, "branch": name, "head": head},
    )
