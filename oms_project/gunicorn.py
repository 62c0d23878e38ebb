"""How gunicorn serves OMS: ``gunicorn -c python:oms_project.gunicorn oms_project.wsgi``.

Reading the settings here stops a wrong start before there is a worker, which gunicorn would start
again and again.
"""

import signal
from typing import Any, Final

from django.conf import settings

from oms_project.environment import Environment
from oms_project.supervisor.bound import bind_to_parent

_environment = Environment.of_process()
_host = f"[{settings.WEB_HOST}]" if ":" in settings.WEB_HOST else settings.WEB_HOST

bind = f"{_host}:{settings.WEB_PORT}"
workers = _environment.integer("OMS_WEB_WORKERS", 2, minimum=1, maximum=256)
preload_app = True
"""Loaded once for all workers: it opens no connection and starts no thread, so nothing is shared that must not be."""
worker_class = "gthread"
threads = _environment.integer("OMS_WEB_THREADS", 8, minimum=1, maximum=256)
"""Each keeps a connection to the database."""
timeout = 60
graceful_timeout = 2
keepalive = 15
control_socket_disable = True
limit_request_line = 8190
"""A cursor into a history of many open branches is long."""

DRAINED: Final = 64 * 1024
"""So many bytes of a body gunicorn reads to its end where nobody has; with more it closes the connection."""


def pre_request(_worker: object, request: Any) -> None:
    """Where a body may be too long to be read to its end, the answer says that the connection closes."""
    length = dict(request.headers).get("CONTENT-LENGTH", "")
    if length.isdecimal() and int(length) >= DRAINED:
        request.force_close()


def post_fork(_arbiter: object, _worker: object) -> None:
    """A worker ends with the arbiter, even where that was killed."""
    bind_to_parent(signal.SIGKILL)
