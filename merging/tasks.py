"""What merging does in workers and by the clock."""

from celery import shared_task
from django.db import InterfaceError, OperationalError

from history.models import Repository
from merging import services


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=True)
def advance_queue(repository: str, target: str) -> None:
    """Merge what is first in a queue. The next one has a message of its own, so that other tasks have their turn."""
    row = Repository.objects.filter(pk=repository).first()
    if row is not None and services.queue_advance(repository=row, target=target):
        services.queue_wake(repository=row, target=target)


@shared_task
def advance_queues() -> int:
    return services.queues_wake()
