"""What is loaded before gunicorn forks its workers is shared by them."""

import subprocess
import sys

from tests.oms_project.markdown import ROOT

LOADED = """
import threading
import oms_project.wsgi
from django.db import connections
print([thread.name for thread in threading.enumerate()], [each.connection for each in connections.all()])
"""


def test_loading_the_application_connects_to_nothing_and_starts_no_thread() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)

    assert loaded.stdout == "['MainThread'] [None]\n"
