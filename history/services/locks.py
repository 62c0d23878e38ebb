"""Locking a branch for one writer, and whether somebody may write to it now.

Safe is what the rows say, not what the clocks do: whoever writes, takes or ends a lock holds the
branch's row meanwhile, and who writes under a lock shows its token. Clocks only decide when a lock
that was not renewed may be taken over.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.exceptions import BranchLocked, BranchNotFound, LockInvalid, LockLost, LockNotFound
from history.models import Branch, BranchLock
from history.permissions import ADMINISTER, require
from history.services.events import event_record

LOCK: Final = "history.lock_branch"
REASON_LENGTH: Final = 500
MAX_DURATION: Final = 7 * 24 * 60 * 60
"""Seconds that a lock holds at most without being renewed."""


@transaction.atomic
def lock_take(*, actor: Any, branch: Branch, reason: str, duration: int) -> BranchLock:
    """Lock ``branch`` for ``actor`` alone, for ``duration`` seconds unless it is renewed.

    Raises LockInvalid, and BranchLocked where the branch is archived or locked already, be it by
    ``actor``: of several processes of one account one has the lock.
    """
    require(actor, LOCK, branch.repository)
    _check(reason, duration)
    row = branch_row(branch)
    archive_check(row)
    lock_check(row, actor, None)
    now = timezone.now()
    lock = BranchLock.objects.create(
        branch=branch,
        owner=actor,
        reason=reason,
        taken_at=now,
        renewed_at=now,
        expires_at=now + timedelta(seconds=duration),
    )
    data = {"reason": reason, "expires_at": _moment(lock.expires_at)}
    _tell("io.oms.history.branch.locked", actor, branch, lock, data)
    return lock


@transaction.atomic
def lock_renew(*, actor: Any, branch: Branch, token: int, duration: int) -> BranchLock:
    """Have the lock expire ``duration`` seconds from now: its owner's heartbeat, which is no event.

    Raises LockInvalid, and what writing under the token would be refused with. It does not wait for
    a write, so the owner can renew the lock while a long one of theirs is under way.
    """
    require(actor, LOCK, branch.repository)
    _raise(_duration_errors(duration))
    rows = BranchLock.objects.select_for_update(of=("self",)).select_related("owner")
    lock = rows.filter(branch_id=branch.pk).first()
    now = timezone.now()
    lock = token_check(branch, lock if lock and lock.is_live(now) else None, actor, token)
    lock.renewed_at, lock.expires_at = now, now + timedelta(seconds=duration)
    lock.save(update_fields=["renewed_at", "expires_at"])
    return lock


@transaction.atomic
def lock_release(*, actor: Any, branch: Branch, token: int | None = None, force: bool = False) -> None:
    """End the lock that ``actor`` holds with ``token``; with ``force`` anybody's, by who administers the repository.

    Raises LockNotFound where there is none to be forced open, and what writing under the token would
    be refused with. A write that is under way ends first.
    """
    require(actor, ADMINISTER if force else LOCK, branch.repository)
    lock = lock_current(branch_row(branch))
    if lock is None and (force or token is None):
        raise LockNotFound(sentence("{branch} is not locked.", branch=branch.name))
    if lock is None or not force:
        lock = token_check(branch, lock, actor, token)
    lock_end(actor, branch, lock)


def lock_end(actor: Any, branch: Branch, lock: BranchLock) -> None:
    """Delete the lock and tell of it."""
    _tell("io.oms.history.branch.unlocked", actor, branch, lock, {"forced": lock.owner_id != actor.pk})
    lock.delete()


def branch_row(branch: Branch) -> Branch:
    """The row of ``branch`` as it is now, held until the transaction ends. Raises BranchNotFound where it is gone."""
    # The head is read apart: a join would be checked again against the head from before the wait
    # for the row, and a branch that moved meanwhile would not be found. So is the lock.
    row = Branch.objects.select_for_update().filter(pk=branch.pk).first()
    if row is None:
        raise BranchNotFound(sentence("There is no branch {name} any more.", name=branch.name))
    return row


def archive_check(row: Branch) -> None:
    """Raise BranchLocked where the branch is archived."""
    if row.archived_at is not None:
        raise BranchLocked(sentence("{name} is archived.", name=row.name))


def lock_check(row: Branch, actor: Any, token: int | None) -> None:
    """Refuse unless ``actor`` may write to the branch, whose ``row`` is held, with ``token`` or without one.

    Raises BranchLocked where another lock holds, and LockLost where ``token`` is that of none.
    """
    lock = lock_current(row)
    if lock is not None or token is not None:
        token_check(row, lock, actor, token)


def lock_current(row: Branch) -> BranchLock | None:
    """The lock that holds now, while the branch's ``row`` is held; one that has expired is removed."""
    locks = BranchLock.objects.filter(branch_id=row.pk)
    lock: BranchLock | None = locks.select_related("owner").first()
    if lock is None or lock.is_live(timezone.now()):
        return lock
    # Its owner may be renewing it at this moment; who waits for that sees it.
    lock = locks.select_for_update(of=("self",)).select_related("owner").first()
    if lock is not None and lock.is_live(timezone.now()):
        return lock
    locks.delete()
    return None


def token_check(branch: Branch, lock: BranchLock | None, actor: Any, token: int | None) -> BranchLock:
    """The ``lock`` that holds now, refused unless it is the one of ``actor`` and ``token``."""
    if lock is None:
        raise LockLost(sentence("The lock of {branch} that this token belongs to has ended.", branch=branch.name))
    if lock.token != token or lock.owner_id != actor.pk:
        owner, moment = lock.owner.get_username(), _moment(lock.expires_at)
        message = sentence("{name} is locked by {owner} until {moment}.", name=branch.name, owner=owner, moment=moment)
        raise BranchLocked(message, owner=owner, expires_at=moment, reason=lock.reason)
    return lock


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check(reason: str, duration: int) -> None:
    rules = (
        (not reason.strip(), "REQUIRED", sentence("Who locks a branch says why.")),
        ("\0" in reason, "NULL_CHARACTER", sentence("A reason holds no NUL character.")),
        (
            len(reason) > REASON_LENGTH,
            "LENGTH",
            sentence("A reason has at most {limit} characters.", limit=REASON_LENGTH),
        ),
    )
    errors = [FieldError("/reason", rule, message) for broken, rule, message in rules if broken]
    _raise(errors + _duration_errors(duration))


def _duration_errors(duration: int) -> list[FieldError]:
    if 1 <= duration <= MAX_DURATION:
        return []
    message = sentence("A lock is taken for 1 to {limit} seconds.", limit=MAX_DURATION)
    return [FieldError("/duration", "OUT_OF_RANGE", message)]


def _raise(errors: list[FieldError]) -> None:
    if errors:
        raise LockInvalid(errors[0].message, errors=errors)


def _tell(event: str, actor: Any, branch: Branch, lock: BranchLock, data: dict[str, Any]) -> None:
    repository = branch.repository
    event_record(
        type=event,
        subject=f"repositories/{repository.name}/branches/{branch.name}",
        actor=actor,
        repository=repository,
        branch=branch.name,
        data={
            "repository": repository.name,
            "branch": branch.name,
            "owner": str(lock.owner_id),
            "token": lock.token,
            **data,
        },
    )
