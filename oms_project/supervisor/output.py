"""Shows the lines of several processes on one output, each with the name of who said it."""

import os
import threading
from queue import Full, Queue
from typing import IO

WAITING_LINES = 10_000
LONGEST_LINE = 64 * 1024


class Output:
    """Writes lines to a file descriptor from a thread of its own.

    Who writes never waits: where the descriptor does not take the lines (a paused terminal), up to
    10,000 of them wait and the rest are dropped and counted.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: Queue[bytes | None] = Queue(WAITING_LINES)
        self._dropped = 0
        self._writer = threading.Thread(target=self._write_lines, daemon=True)
        self._writer.start()

    def say(self, text: str, name: str = "oms") -> None:
        """Queues each line of ``text`` as said by ``name``."""
        for line in text.splitlines():
            self._queue(_prefixed(name, line.encode()))

    def show(self, text: str) -> None:
        """Queues ``text`` as it is."""
        self._queue(text.encode() + b"\n")

    def follow(self, name: str, stream: IO[bytes]) -> None:
        """Queues every line of ``stream`` until it ends."""
        threading.Thread(target=self._read_lines, args=(name, stream), daemon=True).start()

    def close(self, timeout: float = 1) -> None:
        """Writes what waits, for ``timeout`` seconds at most."""
        try:
            self._lines.put(None, timeout=timeout)
        except Full:
            return
        self._writer.join(timeout)

    def _read_lines(self, name: str, stream: IO[bytes]) -> None:
        with stream:
            while line := stream.readline(LONGEST_LINE):
                self._queue(_prefixed(name, line.rstrip(b"\r\n")))

    def _queue(self, line: bytes) -> None:
        try:
            if self._dropped:
                self._lines.put_nowait(_prefixed("oms", f"{self._dropped} lines were not shown.".encode()))
                self._dropped = 0
            self._lines.put_nowait(line)
        except Full:
            self._dropped += 1

    def _write_lines(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                while line:
                    line = line[os.write(self._descriptor, line) :]
            except OSError:  # nobody reads any more; the processes run on
                continue


def _prefixed(name: str, line: bytes) -> bytes:
    return f"{name:<8} | ".encode() + line + b"\n"
