"""The Celery application: tasks are found in each app's ``tasks.py``."""

import os
import signal

from celery import Celery
from celery.signals import worker_process_init

from oms_project.supervisor.bound import bind_to_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms_project.settings")

app = Celery("oms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def end_with_the_worker(**_: object) -> None:
    """A process of the pool ends with its worker, even where that was killed in the middle of a task."""
    bind_to_parent(signal.SIGKILL)
