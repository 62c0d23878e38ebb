"""One process that the supervisor keeps running."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from oms_project.supervisor.bound import bound
from oms_project.supervisor.output import Output

BASE_DIR = Path(__file__).resolve().parent.parent.parent
STEADY = 10.0
"""Seconds after which a process that ends is taken to have been started well."""
MOST_FAILED_STARTS = 5
FIRST_PAUSE = 0.5
"""Seconds before the first new start; each further one waits twice as long."""


class StartFailed(Exception):
    """A process cannot be started; the message is one sentence."""


@dataclass(frozen=True)
class Program:
    """What to run, and how it is told to end: by the supervisor, and by the kernel where that was killed.

    By then the servers are ending too, so a program that waits for them must not be asked but killed.
    """

    name: str
    command: tuple[str, ...]
    run_as: tuple[str, ...] = ()
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    environment: tuple[tuple[str, str], ...] = ()
    descriptors: tuple[int, ...] = ()


class Child:
    """A running program in a session of its own, bound to the supervisor: it ends when that ends.

    ``inherited`` are descriptors that every process of the session keeps open.
    """

    def __init__(self, program: Program, output: Output, inherited: Sequence[int]) -> None:
        self.program = program
        self._output = output
        self._inherited = (*inherited, *program.descriptors)
        self._failed_starts = 0
        self._due = 0.0
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [*self.program.run_as, *bound(self.program.command, self.program.death_signal)],
            cwd=BASE_DIR,
            env={**os.environ, **dict(self.program.environment)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=self._inherited,
        )
        self._started = time.monotonic()
        self._due = 0.0
        if self._process.stdout:
            self._output.follow(self.program.name, self._process.stdout)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def wait_until(self, ready: Callable[[], bool], timeout: float) -> None:
        """Returns when ``ready`` says so; raises StartFailed where the process ends or takes too long."""
        deadline = time.monotonic() + timeout
        while not ready():
            if not self.running:
                raise StartFailed(f"{self.program.name} did not start: it ended with {self._ending()}.")
            if time.monotonic() > deadline:
                raise StartFailed(f"{self.program.name} did not start within {timeout:.0f} seconds.")
            time.sleep(0.05)

    def keep_running(self) -> None:
        """Starts the process again where it ended, each time after a longer pause.

        Raises StartFailed where it ended soon after its start several times in a row.
        """
        if self.running:
            return
        now = time.monotonic()
        if not self._due:
            self._end_session()
            self._failed_starts = self._failed_starts + 1 if now - self._started < STEADY else 1
            if self._failed_starts >= MOST_FAILED_STARTS:
                raise StartFailed(f"{self.program.name} does not stay up: it ended with {self._ending()}.")
            pause = FIRST_PAUSE * 2 ** (self._failed_starts - 1)
            self._due = now + pause
            self._output.say(f"{self.program.name} ended with {self._ending()}; it starts again in {pause:g} s.")
        elif now >= self._due:
            self.start()

    def ask_to_stop(self) -> None:
        if self.running:
            self._process.send_signal(self.program.stop_signal)

    def end(self, deadline: float) -> None:
        """Waits for the process until ``deadline`` of the monotonic clock, then kills all of its session."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, deadline - time.monotonic()))
        self._end_session()
        self._process.wait()

    def _end_session(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _ending(self) -> str:
        code = self._process.returncode
        return f"status {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
