"""Writes of the ground floor."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from gateway.exceptions import IdempotencyKeyReused
from gateway.models import IdempotencyRecord

IDEMPOTENCY_RETENTION = timedelta(hours=24)
"""How long a client may rely on getting the first answer again."""


def enqueue(task_name: str, *arguments: Any) -> None:
    """Have a worker run the task of that name with ``arguments``, which are JSON, once the transaction is committed.

    A message may be lost: where the broker is down that is logged and nothing else fails. What must happen therefore
    follows from rows, and a task of the clock looks for those that nobody has come to.
    """

    def send() -> None:
        current_app.send_task(task_name, arguments, retry=False)  # who asks does not wait for a broker that is down

    transaction.on_commit(send, robust=True)


@dataclass(frozen=True)
class Answer:
    """An answer that can be kept and given again, byte for byte."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def idempotent_answer(*, principal: str, key: str, fingerprint: str, execute: Callable[[], Answer]) -> Answer:
    """The answer of the first request with this ``key``, executing it where this is the first.

    Key, effects and answer are one transaction: of equal requests at the same time one executes and the
    others wait for it. An answer of 500 or more undoes everything, the key included, so that the client
    may try again. Raises :class:`IdempotencyKeyReused` where the key came with another request.
    """
    with transaction.atomic():
        record = IdempotencyRecord(principal=principal, key=key, fingerprint=fingerprint)
        IdempotencyRecord.objects.bulk_create([record], ignore_conflicts=True)
        kept = IdempotencyRecord.objects.get(principal=principal, key=key)
        if kept.pk != record.pk:
            return _replay(kept, fingerprint)
        answer = execute()
        if answer.status >= 500:
            transaction.set_rollback(True)
        else:
            kept.status, kept.headers, kept.body = answer.status, answer.headers, answer.body
            kept.save(update_fields=["status", "headers", "body"])
        return answer


def _replay(record: IdempotencyRecord, fingerprint: str) -> Answer:
    if record.fingerprint != fingerprint or record.status is None:
        raise IdempotencyKeyReused
    return Answer(record.status, record.headers, bytes(record.body))


def idempotency_records_purge() -> int:
    """Forget the answers older than :data:`IDEMPOTENCY_RETENTION`; returns how many they were."""
    purged, _by_model = IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - IDEMPOTENCY_RETENTION).delete()
    return purged
