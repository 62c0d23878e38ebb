"""What accounts does by the clock."""

from celery import shared_task

from accounts import services


@shared_task
def purge_expired() -> None:
    services.expired_purge()
