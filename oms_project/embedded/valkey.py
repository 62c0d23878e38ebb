"""A Valkey of our own on a Unix socket."""

import signal
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import redis

from oms_project.embedded.binaries import valkey_program
from oms_project.embedded.folders import private_folder


@dataclass(frozen=True)
class Valkey:
    """A server that keeps its data in ``data`` and listens on ``socket``.

    With ``port`` it listens on that port of 127.0.0.1 too, and everybody gives ``password``.
    ``durable=False`` is for tests: nothing is written to disk.
    """

    data: Path
    socket: Path
    durable: bool = True
    port: int = 0
    password: str = ""

    name: ClassVar[str] = "valkey"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def prepare(self) -> None:
        private_folder(self.data)
        private_folder(self.socket.parent)
        self._configuration.write_text(self._options(), encoding="utf-8")

    def forget_previous_run(self) -> None:
        """Removes what a killed server left. The caller knows that none of its processes is alive."""
        self.socket.unlink(missing_ok=True)

    def command(self) -> list[str]:
        return [str(valkey_program()), str(self._configuration)]

    def run_as(self) -> tuple[str, ...]:
        return ()

    def ready(self) -> bool:
        with redis.Redis(unix_socket_path=str(self.socket), password=self.password or None, socket_timeout=2) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def _configuration(self) -> Path:
        return self.data / "valkey.conf"

    def _options(self) -> str:
        """In a file, since every user of the machine may read a command line, the password on it too."""
        options = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "loglevel": "warning",
            "requirepass": self.password,
        }
        return "".join(f"{name} {_quoted(value)}\n" for name, value in options.items())


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
