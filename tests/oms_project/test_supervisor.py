"""How the supervisor starts, watches, shows and ends processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from oms_project.environment import ConfigurationError
from oms_project.supervisor import children, lock
from oms_project.supervisor.address import Address
from oms_project.supervisor.bound import bound
from oms_project.supervisor.children import Child, Program, StartFailed
from oms_project.supervisor.lock import sole_use
from oms_project.supervisor.output import WAITING_LINES, Output
from oms_project.supervisor.supervisor import StopRequested, Supervisor, stopped_by_signals


class Screen:
    """A pipe in the place of the terminal."""

    def __init__(self) -> None:
        self.reader, writer = os.pipe()
        self.output = Output(writer)
        self._writer = writer

    def text(self) -> str:
        """Everything that was shown; nothing more is shown afterwards."""
        self.output.close()
        os.close(self._writer)
        with os.fdopen(self.reader, "rb") as shown:
            return shown.read().decode()


@pytest.fixture
def screen() -> Screen:
    return Screen()


def shell(script: str, name: str = "shell") -> Program:
    return Program(name, ("/bin/sh", "-c", script))


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def child(screen: Screen) -> Iterator[Callable[[Program], Child]]:
    started: list[Child] = []

    def start(program: Program) -> Child:
        started.append(Child(program, screen.output, []))
        return started[-1]

    yield start
    for each in started:
        each.end(deadline=0)


def test_every_line_carries_the_name_of_who_said_it(screen: Screen, child: Callable[[Program], Child]) -> None:
    web = child(shell("echo one; echo two >&2; printf three", "web"))

    assert eventually(lambda: not web.running)
    time.sleep(0.1)
    assert screen.text() == "web      | one\nweb      | two\nweb      | three\n"


def test_nobody_waits_for_a_terminal_that_takes_no_lines(screen: Screen, child: Callable[[Program], Child]) -> None:
    lines = WAITING_LINES * 3

    talker = child(shell(f"yes a line that fills the pipe | head -n {lines}"))

    assert eventually(lambda: not talker.running)


def test_a_process_that_ends_at_once_again_and_again_ends_everything(
    child: Callable[[Program], Child], screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "FIRST_PAUSE", 0.01)
    broken = child(shell("exit 3", "web"))

    with pytest.raises(StartFailed, match="web does not stay up: it ended with status 3"):
        eventually(lambda: broken.keep_running() is not None)

    assert screen.text().count("web ended with status 3; it starts again in") == children.MOST_FAILED_STARTS - 1


def test_a_process_that_ends_before_it_is_ready_is_told(child: Callable[[Program], Child]) -> None:
    killed = child(shell("kill -9 $$", "postgres"))

    with pytest.raises(StartFailed, match="postgres did not start: it ended with signal SIGKILL"):
        killed.wait_until(lambda: False, 10)


def test_a_process_that_is_never_ready_is_given_up(child: Callable[[Program], Child]) -> None:
    hanging = child(shell("sleep 60", "web"))

    with pytest.raises(StartFailed, match="web did not start within 0 seconds"):
        hanging.wait_until(lambda: False, 0)


def test_what_ignores_the_request_to_stop_is_killed_with_its_children(screen: Screen, tmp_path: Path) -> None:
    script = f"trap '' TERM; sleep 60 & echo $! $$ > {tmp_path}/pids; wait; sleep 60"
    with (
        stopped_by_signals(),
        Path(os.devnull).open() as inherited,
        Supervisor(screen.output, inherited.fileno()) as supervisor,
    ):
        supervisor.start(shell(script))
        assert eventually((tmp_path / "pids").exists)

    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert eventually(lambda: not any(map(alive, pids)), seconds=1)


def test_a_bound_process_ends_with_its_parent_however_that_ends(tmp_path: Path) -> None:
    script = (
        "import os, signal, subprocess\n"
        "from oms_project.supervisor.bound import bound\n"
        "child = subprocess.Popen(bound(['sleep', '60'], signal.SIGKILL), start_new_session=True)\n"
        "print(child.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    parent = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert parent.returncode == -signal.SIGKILL
    assert eventually(lambda: not alive(int(parent.stdout)))


def test_a_bound_process_whose_parent_is_gone_already_does_not_start(tmp_path: Path) -> None:
    command = bound(["touch", str(tmp_path / "started")], signal.SIGTERM)
    command[command.index(str(os.getpid()))] = "1"

    assert subprocess.run(command, check=False).returncode == 1
    assert not (tmp_path / "started").exists()


def test_a_folder_is_free_when_the_last_process_has_ended(tmp_path: Path) -> None:
    with sole_use(tmp_path) as inherited:
        survivor = subprocess.Popen(["sleep", "0.5"], pass_fds=[inherited])
        with pytest.raises(ConfigurationError, match="is in use by another start"), sole_use(tmp_path):
            pass

    with sole_use(tmp_path):
        assert survivor.wait(0.2) == 0


def test_processes_of_an_earlier_start_that_do_not_end_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "ENDING", 0.1)
    with sole_use(tmp_path) as inherited:
        survivor = subprocess.Popen(["sleep", "60"], pass_fds=[inherited])

    with pytest.raises(ConfigurationError, match="Processes of an earlier start still use"), sole_use(tmp_path):
        pass
    survivor.kill()
    survivor.wait()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_an_address_of_all_interfaces_is_reached_at_this_machine(host: str, port: int) -> None:
    with Address.taken(host, port) as address:
        assert (address.host, address.url) == ("127.0.0.1", f"http://localhost:{port}/")
        assert not address.answers("/", "localhost")


@pytest.mark.parametrize(("host", "sentence"), [("no name", "OMS_BIND must be"), ("192.0.2.1", "Port 80 of 192.0.2.1")])
def test_an_address_that_is_not_of_this_machine_is_refused(host: str, sentence: str) -> None:
    with pytest.raises(StartFailed, match=sentence), Address.taken(host, 80):
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_once_and_further_ones_do_not_disturb_the_end(number: signal.Signals) -> None:
    # Where the tests are a job in the background they ignore some, and so would what they start.
    before = signal.signal(number, signal.SIG_DFL)
    try:
        with pytest.raises(StopRequested), stopped_by_signals():
            send_twice(number)

        assert signal.getsignal(number) == signal.SIG_DFL
    finally:
        signal.signal(number, before)


def send_twice(number: signal.Signals) -> None:
    try:
        os.kill(os.getpid(), number)
        time.sleep(1)
    finally:
        os.kill(os.getpid(), number)
