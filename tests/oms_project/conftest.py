"""Fixtures of the platform's tests."""

import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


def spare_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def port() -> int:
    return spare_port()


@pytest.fixture
def other_port() -> int:
    return spare_port()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """At a path short enough for Unix sockets to lie in it, open for every user."""
    with TemporaryDirectory(prefix="oms-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
