"""The merge queue as it is read."""

from django.db.models import QuerySet

from gateway.engine.sentences import sentence
from history.models import Repository
from merging.exceptions import QueueEntryNotFound
from merging.models import Proposal, QueueEntry
from merging.models.queue import QueueEntryQuerySet


def merge_queue_of(repository: Repository, target: str = "") -> "QuerySet[QueueEntry]":
    """What waits to be merged, the first one first: into the branch ``target``, or into any where it is empty."""
    rows = _rows().queued().filter(repository=repository)
    return rows.filter(target=target) if target else rows


def queue_entry_of(proposal: Proposal) -> QueueEntry | None:
    """The last turn that a proposal was given in a queue, be it over or not."""
    return _rows().filter(proposal=proposal).order_by("-pk").first()


def queue_entry_get(proposal: Proposal) -> QueueEntry:
    """The last turn that a proposal was given. Raises QueueEntryNotFound where it was given none."""
    found = queue_entry_of(proposal)
    if found is None:
        raise QueueEntryNotFound(sentence("Proposal {number} was never in the queue.", number=proposal.number))
    return found


def _rows() -> QueueEntryQuerySet:
    rows: QueueEntryQuerySet = QueueEntry.objects.with_position()
    return rows.select_related("proposal", "enqueued_by")
