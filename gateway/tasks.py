"""What gateway does by the clock."""

from celery import shared_task

from gateway import services


@shared_task
def purge_idempotency_records() -> int:
    return services.idempotency_records_purge()
