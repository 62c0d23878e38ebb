"""``manage.py up`` as a person starts it: real processes, servers of its own, real signals."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
START = 240.0
"""Seconds until a start is given up; the machine may run other tests beside it."""
STOP = 60.0
"""Seconds in which a start must be gone; it takes three on a machine that does nothing else."""
MANAGE_UP = (sys.executable, "manage.py", "up")
AS_NOBODY = (
    *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),  # the project may lie in root's home
)

pytestmark = pytest.mark.slow


class Up:
    """One start, in a session of its own as a terminal would give it."""

    def __init__(self, data: Path, port: int, command: tuple[str, ...]) -> None:
        self.data, self.port = data, port
        self.log = data.with_name(f"{data.name}.log")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMS_", "DJANGO_"))}
        environment |= {"OMS_DATA_DIR": str(data), "PORT": str(port), "PYTHONDONTWRITEBYTECODE": "1"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until_ready(self) -> "Up":
        wait_for(lambda: "OMS is ready" in self.said() or self.process.poll() is not None, START)
        assert "OMS is ready" in self.said(), self.said()
        return self

    def status(self, path: str) -> int:
        """The status of a GET, or 0 where nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()

    def health(self) -> str:
        """What it says of itself, where it answers: on a busy machine a probe may run out of its 100 ms now and then."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                return str(json.load(answer)["status"])
        except HTTPError as unavailable:
            return str(json.load(unavailable)["status"])
        except OSError:
            return ""

    def pids(self) -> set[int]:
        """All processes of the start: those that were told its data folder or hold one of its files."""
        return {pid for pid in process_ids() if belongs(pid, self.data)}

    def pids_running(self, words: str) -> list[int]:
        return sorted(pid for pid in self.pids() if words in command_line(pid))

    def leaves_nothing(self) -> None:
        wait_for(lambda: not self.pids(), STOP)
        assert [command_line(pid) for pid in self.pids()] == []


def belongs(pid: int, data: Path) -> bool:
    try:
        told = f"OMS_DATA_DIR={data}\0".encode() in Path(f"/proc/{pid}/environ").read_bytes() + b"\0"
        files = [entry.readlink() for entry in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:  # it ended
        return False
    return told or any(file.is_relative_to(data) for file in files)


def process_ids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came to hold within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not (holds := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds


@pytest.fixture
def data(short_folder: Path) -> Path:
    return short_folder / "var"


@pytest.fixture
def start(data: Path, port: int) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def begin(*command: str) -> Up:
        started.append(Up(data, port, command or MANAGE_UP))
        return started[-1]

    # Where the tests are a job in the background they ignore it, and so would what they start.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield begin
    signal.signal(signal.SIGINT, heard)
    for up in started:
        for pid in up.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        up.process.wait()


def test_a_start_serves_everything_and_ctrl_c_leaves_nothing(start: Callable[..., Up], data: Path) -> None:
    up = start()
    assert wait_for(lambda: "Preparing" in up.said(), START)
    assert_a_second_start_is_refused(start)
    up.wait_until_ready()

    assert up.status("/") in {200, 302}
    assert "alice  administrator" in up.said()
    assert (data / "demo_password").read_text() in up.said()
    assert wait_for(lambda: up.health() == "ok", START)
    assert {line.split(" | ")[0].strip() for line in up.said().splitlines() if " | " in line} >= {
        "oms",
        "web",
        "worker",
    }
    assert [stat.S_IMODE((data / name).stat().st_mode) for name in (".", "run", "postgres", "valkey")] == [0o700] * 4
    assert [stat.S_IMODE((data / name).stat().st_mode) for name in ("secret_key", "demo_password")] == [0o600] * 2
    for restarts, program in enumerate(["oms_project.wsgi", "postgres -D", "oms_project worker"], start=1):
        assert_started_again(up, program, restarts)

    os.killpg(up.process.pid, signal.SIGINT)

    assert up.process.wait(STOP) == 0
    up.leaves_nothing()
    assert up.status("/health/live") == 0


def assert_a_second_start_is_refused(start: Callable[..., Up]) -> None:
    second = start()
    assert second.process.wait(START) == 1
    assert f"OMS_DATA_DIR {second.data} is in use by another start; stop that one first." in second.said()
    assert "Traceback" not in second.said()


def assert_started_again(up: Up, program: str, restarts: int) -> None:
    """What dies is, for the ``restarts``-th time."""
    oldest = up.pids_running(program)[0]

    os.kill(oldest, signal.SIGKILL)

    assert wait_for(lambda: up.said().count("ended with signal SIGKILL; it starts again") >= restarts, STOP)
    assert wait_for(lambda: bool(up.pids_running(program)), STOP)
    assert oldest not in up.pids()
    assert wait_for(lambda: up.health() == "ok", START)


def test_whatever_ends_it_leaves_nothing_and_the_next_start_works(
    start: Callable[..., Up], tmp_path: Path, data: Path
) -> None:
    """Ctrl-C and the end of the make that started it, and its own without a warning."""
    recipe = tmp_path / "Makefile"
    recipe.write_text(f"run:\n\t@exec {' '.join(MANAGE_UP)} --bound-to-parent\n")
    passwords = set()
    for number, words in [(signal.SIGINT, "make -f"), (signal.SIGKILL, "manage.py up"), (signal.SIGKILL, "make -f")]:
        up = start("make", "-f", str(recipe)).wait_until_ready()
        assert wait_for(lambda: up.health() == "ok", START)  # noqa: B023
        assert (data / "demo_password").read_text() in up.said()
        passwords.add((data / "demo_password").read_text())

        os.kill(up.pids_running(words)[0], number)  # it alone: a terminal tells all of its group

        up.leaves_nothing()
        up.process.wait(STOP)
        up.log.unlink()
    assert len(passwords) == 1


def test_a_taken_port_is_one_sentence(start: Callable[..., Up], port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        up = start()

        assert up.process.wait(START) == 1

    assert f"Port {port} of 127.0.0.1 cannot be used (Address already in use); set PORT to another." in up.said()
    assert "Traceback" not in up.said()
    up.leaves_nothing()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_starts_it_too(start: Callable[..., Up], data: Path) -> None:
    data.mkdir(mode=0o700)
    os.chown(data, 65534, 65534)

    up = start(*AS_NOBODY, *MANAGE_UP).wait_until_ready()

    assert {Path(f"/proc/{pid}").stat().st_uid for pid in up.pids()} <= {
        65534,
        0,
    }  # 0: the kernel hides what had rights
    assert (data / "postgres").stat().st_uid == 65534
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(STOP) == 0
    up.leaves_nothing()
