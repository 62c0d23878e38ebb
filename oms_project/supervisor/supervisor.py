"""Starts programs in order, keeps them running and stops them in the reverse order."""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, Protocol, Self

from oms_project.supervisor.children import Child, Program
from oms_project.supervisor.output import Output
from oms_project.supervisor.parent import Parent

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WATCH_INTERVAL = 0.2
APPLICATION_GRACE = 2.5
"""Seconds that web, worker and beat have to end; then they are killed and the servers are stopped."""
SERVER_GRACE = 1.5
START_TIMEOUT = 60.0


class StopRequested(BaseException):
    """Somebody pressed Ctrl-C or sent SIGTERM; no ``except Exception`` may swallow that."""


class Server(Protocol):
    """What an embedded server offers."""

    @property
    def name(self) -> str: ...
    @property
    def stop_signal(self) -> signal.Signals: ...
    def prepare(self) -> None: ...
    def forget_previous_run(self) -> None: ...
    def command(self) -> list[str]: ...
    def run_as(self) -> tuple[str, ...]: ...
    def ready(self) -> bool: ...


class Supervisor:
    """The processes of one start; ``inherited`` is the lock that each of them holds.

    They stop too when ``parent``, where one is given, was told to.
    """

    def __init__(self, output: Output, inherited: int, parent: Parent | None = None) -> None:
        self.output = output
        self._inherited = inherited
        self._parent = parent
        self._servers: list[Child] = []
        self._applications: list[Child] = []

    def start_server(self, server: Server) -> None:
        """Starts an embedded server and waits until it answers."""
        server.prepare()
        server.forget_previous_run()
        program = Program(server.name, tuple(server.command()), server.run_as(), server.stop_signal, server.stop_signal)
        child = Child(program, self.output, [self._inherited])
        self._servers.append(child)
        child.wait_until(server.ready, START_TIMEOUT)

    def start(self, program: Program) -> Child:
        child = Child(program, self.output, [self._inherited])
        self._applications.append(child)
        return child

    def watch(self) -> NoReturn:
        """Keeps everything running; ends by StopRequested or StartFailed only."""
        while True:
            for child in (*self._servers, *self._applications):
                child.keep_running()
            if self._parent and self._parent.was_told_to_stop():
                raise StopRequested
            time.sleep(WATCH_INTERVAL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Ends every process, the servers last, within four seconds, which no further signal disturbs."""
        _ignore_signals()
        _end(self._applications, APPLICATION_GRACE)
        _end(self._servers, SERVER_GRACE)


def _end(children: Sequence[Child], grace: float) -> None:
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + grace
    for child in children:
        child.end(deadline)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP raise StopRequested inside; once one did, further ones are ignored.

    A SIGHUP that is ignored already (``nohup``) stays so; an ignored SIGINT does not, since shells
    ignore it for every command in the background.
    """

    def request(_number: int, _frame: FrameType | None) -> None:
        _ignore_signals()
        raise StopRequested

    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    for number, handler in before.items():
        if number != signal.SIGHUP or handler != signal.SIG_IGN:
            signal.signal(number, request)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
