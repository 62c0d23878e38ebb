"""What accounts does by the clock, and what it leaves to a worker."""

from celery import shared_task

from accounts import services


@shared_task
def purge_expired() -> None:
    services.expired_purge()


@shared_task
def send_mails() -> None:
    services.mails_send()


@shared_task
def begin_password_reset(email: str) -> None:
    services.password_reset_begin(email=email)
