"""What is loaded before gunicorn forks its workers is shared by them, and what a connection can be relied on for."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from time import monotonic, sleep

import pytest

from tests.oms_project.markdown import ROOT

START = 60.0

LOADED = """
import threading
import oms_project.wsgi
from django.db import connections
print([thread.name for thread in threading.enumerate()], [each.connection for each in connections.all()])
"""


def test_loading_the_application_connects_to_nothing_and_starts_no_thread() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)

    assert loaded.stdout == "['MainThread'] [None]\n"


@pytest.fixture
def served(port: int) -> Iterator[HTTPConnection]:
    """A connection to gunicorn, which serves the application as it is deployed."""
    command = [sys.executable, "-m", "gunicorn", "-c", "python:oms_project.gunicorn", "--bind", f"127.0.0.1:{port}"]
    environment = {**os.environ, "OMS_WEB_WORKERS": "1"}
    process = subprocess.Popen([*command, "oms_project.wsgi"], cwd=ROOT, env=environment)
    connection = HTTPConnection("127.0.0.1", port, timeout=START)
    try:
        end = monotonic() + START
        while connection.sock is None and process.poll() is None and monotonic() < end:
            with suppress(ConnectionRefusedError):
                connection.connect()
            sleep(0.05)
        yield connection
    finally:
        connection.close()
        process.terminate()
        process.wait(START)


@pytest.mark.parametrize(("length", "status", "says"), [(10, 400, "keep-alive"), (2_000_000, 413, "close")])
def test_a_connection_stays_as_its_answer_says(served: HTTPConnection, length: int, status: int, says: str) -> None:
    served.request("POST", "/api/v1/auth/unlock/", b"x" * length, {"Content-Type": "application/json"})
    answer = served.getresponse()
    answer.read()
    assert (answer.status, answer.headers["Connection"]) == (status, says)
    served.request("GET", "/health/live")
    assert served.getresponse().status == 200
