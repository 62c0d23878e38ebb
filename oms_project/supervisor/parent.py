"""A parent that was told to stop and does not tell.

GNU make, sent SIGINT alone (not with its whole process group, as a terminal does), waits for its recipe
without passing the signal on. What can be seen of that is that it no longer catches the signal.
"""

import os
import re
import signal
from pathlib import Path

STOPPING = (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)


class Parent:
    """The process that started this one, as its signals were when this was made."""

    def __init__(self) -> None:
        self._status = Path(f"/proc/{os.getppid()}/status")
        self._caught = self._catches()

    def was_told_to_stop(self) -> bool:
        return not self._caught <= self._catches()

    def _catches(self) -> set[signal.Signals]:
        try:
            mask = re.search(r"^SigCgt:\s*([0-9a-f]+)$", self._status.read_text(encoding="ascii"), re.MULTILINE)
        except OSError:  # no Linux, or it is gone
            return set()
        return {number for number in STOPPING if mask and int(mask[1], 16) >> (number - 1) & 1}
