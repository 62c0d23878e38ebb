"""The merge queue: proposals wait for their turn, and workers merge them one after the other.

What is kept is which proposals wait and what became of the others. An entry ends in the transaction of its merge, so
whoever dies in the middle leaves it waiting, and nothing is merged twice.
"""

from enum import Enum, auto
from typing import Any, Final

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from gateway.connections import sqlstate_of
from gateway.engine.sentences import sentence
from gateway.exceptions import Internal, Locked, OMSError, RetryableError
from gateway.services import enqueue
from history.exceptions import NotAllowed, StaleHead
from history.models import Repository
from history.permissions import require
from history.services import branch_lock, check_message, moves_heads
from merging.exceptions import ProposalChanged, ProposalIsDraft, ProposalQueued, QueueEntryNotFound
from merging.models import Proposal, ProposalState, QueueEntry, QueueState
from merging.services.proposal_merges import proposal_merge
from merging.services.proposed import (
    MERGE,
    branch_of,
    heads_there,
    proposal_hold,
    proposal_lock,
    queue_entry_end,
    queue_exit,
    queue_tell,
    require_pending,
)
from merging.services.ways import Way

ATTEMPTS: Final = 10
"""At so many attempts PostgreSQL may fail an entry. With those that Celery makes at once they take minutes."""

NOT_COUNTED: Final = ("08", "53300", "55P03", "57P")
"""SQLSTATEs that say nothing of the entry: no connection, another's lock, a server that ends, starts or is full."""

logger = structlog.get_logger(__name__)


class Turn(Enum):
    """What came of looking for the next entry of a queue."""

    ENDED = auto()
    """It was merged, failed, or was taken out meanwhile."""
    NOBODY = auto()
    """Nothing waits."""
    BLOCKED = auto()
    """The target cannot be written to for now."""
    BUSY = auto()
    """Another worker is at it."""


@transaction.atomic
def queue_enter(
    *,
    actor: Any,
    proposal: Proposal,
    way: Way = Way.MERGE,
    message: str = "",
    expected_source_head: str | None = None,
) -> QueueEntry:
    """Have a proposal merged in its turn, by what ``actor`` may do then, as its source and resolutions are now.

    What the target asks for is looked at when its turn has come. Raises ProposalIsMerged, ProposalIsClosed,
    ProposalIsDraft, ProposalQueued, ProposalBranchGone, ChangesInvalid for the message, and StaleHead where the source
    is not at ``expected_source_head``.
    """
    require(actor, MERGE, proposal.repository)
    proposal = proposal_lock(proposal)
    require_pending(proposal)
    if proposal.state == ProposalState.DRAFT:
        raise ProposalIsDraft(sentence("Proposal {number} is a draft.", number=proposal.number))
    if QueueEntry.objects.queued().filter(proposal=proposal).exists():
        raise ProposalQueued(sentence("Proposal {number} is in the queue already.", number=proposal.number))
    if message:
        check_message(message)
    source, _ = heads_there(proposal)
    if expected_source_head not in (None, source.digest):
        problem = sentence("{name} has moved to {head}.", name=proposal.source, head=source.digest)
        raise StaleHead(problem, head=source.digest)
    entry = QueueEntry.objects.create(
        proposal=proposal,
        repository=proposal.repository,
        target=proposal.target,
        method=way.value,
        message=message,
        source_head=source,
        revision=proposal.revision,
        enqueued_by=actor,
    )
    queue_tell(actor, entry, proposal)
    queue_wake(repository=proposal.repository, target=proposal.target)
    return entry


@transaction.atomic
def queue_leave(*, actor: Any, proposal: Proposal) -> None:
    """Take a proposal out of the queue; a merge that is under way ends first. Raises QueueEntryNotFound."""
    require(actor, MERGE, proposal.repository)
    proposal = proposal_lock(proposal)
    if not queue_exit(actor=actor, proposals=[proposal]):
        raise QueueEntryNotFound(sentence("Proposal {number} is not in the queue.", number=proposal.number))


def queue_wake(*, repository: Repository, target: str) -> None:
    """Have a worker look after the queue of a target, once the transaction is committed."""
    enqueue("merging.tasks.advance_queue", str(repository.pk), target)


def queues_wake() -> int:
    """Have workers look after every queue in which something waits; returns how many there are.

    Called by the clock, for queues whose message was lost, whose worker died or whose target was locked.
    """
    waiting = QueueEntry.objects.filter(state=QueueState.QUEUED).order_by("repository_id", "target")
    found = list(waiting.distinct("repository_id", "target").select_related("repository"))
    for entry in found:
        queue_wake(repository=entry.repository, target=entry.target)
    return len(found)


def queue_advance(*, repository: Repository, target: str) -> bool:
    """Let the first in the queue of ``target`` have its turn; whether another waits whose turn it is now.

    It is merged into the head that is there, or leaves the queue with the problem that it met. Of any number of
    workers one is at a target at a time, the others are told that there is nothing for them. While the target is
    locked or archived all wait. Where the database fails this raises Django's OperationalError or InterfaceError, and
    the entry waits for another attempt, unless its statements were refused at :data:`ATTEMPTS` of them.
    """
    turn = _turn(repository, target)
    # Asked after the queue was let go of: whoever came meanwhile and found it busy is seen here.
    return turn in (Turn.ENDED, Turn.NOBODY) and _queued(repository, target).exists()


def _queued(repository: Repository, target: str) -> Any:
    return QueueEntry.objects.queued().filter(repository=repository, target=target)


def _turn(repository: Repository, target: str) -> Turn:
    entry: QueueEntry | None = None
    try:
        with transaction.atomic():
            if not _is_alone(repository, target):
                return Turn.BUSY
            entry = _queued(repository, target).select_related("proposal", "repository", "enqueued_by").first()
            return _take(entry) if entry else Turn.NOBODY
    except (OperationalError, InterfaceError) as failure:  # out here, since the commit may fail as well
        if entry is None or not _is_given_up(entry, failure):
            raise
        return Turn.ENDED


def _take(entry: QueueEntry) -> Turn:
    try:
        queue_entry_merge(entry=entry)
    except (Locked, RetryableError):
        return Turn.BLOCKED
    except (OperationalError, InterfaceError):  # undoes all of this, so it is seen to further out
        raise
    except OMSError as problem:
        _fail(entry, problem)
    except Exception:  # whatever it is, the others are not held up by it
        logger.exception("queue_entry_failed", entry=entry.pk)
        _fail(entry, Internal())
    return Turn.ENDED


def _is_given_up(entry: QueueEntry, failure: Exception) -> bool:
    """Count an attempt at which the database failed; whether it was the last one, and the entry has left with that.

    What counts is that PostgreSQL was there and refused a statement of this very merge: a serialization failure, a
    deadlock, a time-out, a disk or a memory that it fills. Each may pass, but one that comes back time after time would
    hold up everybody behind. What says that the database is not to be had (:data:`NOT_COUNTED`, or no answer at all)
    counts for nobody, since all would meet it, and a restart must not empty the queues.

    It is counted in a transaction of its own, for that of the attempt is undone. Where not even this can be written
    (the disk is full for everybody, the server died meanwhile) it is not counted, and the entry waits as before.
    """
    state = sqlstate_of(failure)
    if state is None or state.startswith(NOT_COUNTED):
        return False
    try:
        QueueEntry.objects.queued().filter(pk=entry.pk).update(failures=F("failures") + 1)
        entry.refresh_from_db(fields=["failures"])
        if entry.failures < ATTEMPTS:
            return False
        logger.error("queue_entry_given_up", entry=entry.pk, exc_info=failure)
        reason = sentence("The database failed at {count} attempts to merge it.", count=entry.failures)
        with transaction.atomic():
            _fail(entry, Internal(reason))
    except (OperationalError, InterfaceError):
        logger.exception("queue_failure_not_counted", entry=entry.pk)
        return False
    return True


def _is_alone(repository: Repository, target: str) -> bool:
    """Whether nobody else is at this queue; then nobody will be until the transaction ends, however it does."""
    name = f"merging.queue/{repository.pk}/{target}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])


@moves_heads
def queue_entry_merge(*, entry: QueueEntry) -> None:
    """Merge the proposal of an entry as who put it into the queue; nothing happens where it waits no longer."""
    actor = entry.enqueued_by
    if not actor.has_perm(MERGE, entry.repository):
        message = sentence("{user} may not merge here any more.", user=actor.get_username())
        raise NotAllowed(message)
    proposal = proposal_hold(entry.proposal)
    # A lock is found before anything is computed.
    branch_lock(branch_of(proposal, proposal.target), actor=actor)
    waiting = _locked(entry)
    if waiting is None:
        return
    if waiting.revision not in (None, proposal.revision):
        message = sentence("How conflicts of proposal {number} are resolved has changed.", number=proposal.number)
        raise ProposalChanged(message)
    queue_entry_end(actor=actor, entry=waiting, proposal=proposal, state=QueueState.MERGED)
    proposal_merge(
        actor=actor,
        proposal=proposal,
        way=Way(waiting.method),
        message=waiting.message,
        expected_source_head=waiting.source_head_id,
    )


def _fail(entry: QueueEntry, problem: OMSError) -> None:
    """Take an entry out of the queue for a problem, unless somebody else has taken it out since it was read."""
    proposal = proposal_lock(entry.proposal)
    if waiting := _locked(entry):
        queue_entry_end(
            actor=entry.enqueued_by,
            entry=waiting,
            proposal=proposal,
            state=QueueState.FAILED,
            code=problem.code,
            reason=problem.detail,
            errors=problem.errors,
        )


def _locked(entry: QueueEntry) -> QueueEntry | None:
    """The row as it is now, locked after its proposal; None where it waits no longer."""
    row: QueueEntry | None = QueueEntry.objects.queued().select_for_update().filter(pk=entry.pk).first()
    return row
