"""The locks that hold now."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from gateway.engine.sentences import sentence
from history.exceptions import LockNotFound
from history.models import BranchLock, Repository
from history.selectors.refs import branch_get


def locks_of(repository: Repository) -> QuerySet[BranchLock]:
    """Those on the branches of ``repository``, by the names of these."""
    locks: QuerySet[BranchLock] = BranchLock.objects.live(timezone.now()).filter(branch__repository=repository)
    return locks.select_related("branch", "owner").order_by("branch__name")


def token_held(user: Any, repository: Repository, branch: str) -> int | None:
    """The token of the lock that ``user`` holds on the branch of that name; None where they hold none."""
    return locks_of(repository).filter(branch__name=branch, owner=user).values_list("token", flat=True).first()


def lock_get(repository: Repository, branch: str) -> BranchLock:
    """The lock on the branch of that name. Raises BranchNotFound or LockNotFound."""
    lock = branch_get(repository, branch).current_lock
    if lock is None:
        raise LockNotFound(sentence("{branch} is not locked.", branch=branch))
    return lock
