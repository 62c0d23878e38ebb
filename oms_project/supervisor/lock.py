"""One start per data folder at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from oms_project.environment import ConfigurationError

ENDING = 10.0
"""Seconds that the processes of a killed supervisor are given to end."""


@contextmanager
def sole_use(folder: Path) -> Iterator[int]:
    """Holds ``folder`` for this process and those that inherit the descriptor which it yields.

    The first lock is the supervisor's alone: while it is held, a second start is refused at once.
    The second is held by every process of a start until the last has ended, so whoever has it knows
    that what a killed start left behind is in nobody's use.
    """
    with _opened(folder / "up.lock") as own, _opened(folder / "processes.lock") as inherited:
        if not _locked(own):
            raise ConfigurationError(f"OMS_DATA_DIR {folder} is in use by another start; stop that one first.")
        deadline = time.monotonic() + ENDING
        while not _locked(inherited):
            if time.monotonic() > deadline:
                raise ConfigurationError(f"Processes of an earlier start still use OMS_DATA_DIR {folder}; stop them.")
            time.sleep(0.05)
        yield inherited


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
