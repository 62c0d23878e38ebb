"""The processes that serve OMS, each as it runs on one machine."""

import socket
import sys

from oms_project.supervisor.children import Program

PYTHON = (sys.executable, "-u", "-m")
UNBUFFERED = ("PYTHONUNBUFFERED", "1")
COLD_SHUTDOWN = ("REMAP_SIGTERM", "SIGQUIT")
"""Has Celery end within its soft shutdown timeout on SIGTERM, rather than when every task is done."""
ROOT_IS_WELCOME = ("PYTHONWARNINGS", "ignore:You're running the worker with superuser privileges")


def web(listener: socket.socket) -> Program:
    """Serves the socket that the supervisor holds, so that no request is refused while it starts anew."""
    command = ("gunicorn", "-c", "python:oms_project.gunicorn", "--bind", f"fd://{listener.fileno()}")
    return Program(
        "web", (*PYTHON, *command, "oms_project.wsgi"), environment=(UNBUFFERED,), descriptors=(listener.fileno(),)
    )


def worker() -> Program:
    command = ("celery", "--quiet", "-A", "oms_project", "worker", "--concurrency", "2", "--loglevel", "INFO")
    lonely = ("--without-gossip", "--without-mingle")  # it need not wait for other workers
    return Program("worker", (*PYTHON, *command, *lonely), environment=(UNBUFFERED, COLD_SHUTDOWN, ROOT_IS_WELCOME))


def beat() -> Program:
    command = ("celery", "--quiet", "-A", "oms_project", "beat", "--loglevel", "INFO")
    return Program("beat", (*PYTHON, *command), environment=(UNBUFFERED,))
