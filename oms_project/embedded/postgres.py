"""A PostgreSQL of our own on a Unix socket."""

import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import psycopg

from oms_project.embedded.binaries import ServerUnavailable, postgres_major, postgres_programs
from oms_project.embedded.folders import private_folder
from oms_project.embedded.identity import unprivileged
from oms_project.supervisor.bound import bound

OWNER = "oms"
BOOTSTRAP = f"CREATE ROLE {OWNER} LOGIN CREATEDB;\nCREATE DATABASE {OWNER} OWNER {OWNER};\n"
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Postgres:
    """A cluster in ``data`` with the role and the database ``oms``, listening in the folder ``sockets``.

    With ``port`` it listens on that port of 127.0.0.1 too, where the role needs its password.
    ``durable=False`` is for tests: the data does not survive a crash of the machine.
    """

    data: Path
    sockets: Path
    durable: bool = True
    port: int | None = None

    name: ClassVar[str] = "postgres"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # the fast shutdown: it does not wait for clients

    def prepare(self) -> None:
        """Makes the cluster where there is none, at once or not at all: a crash leaves no half of it."""
        private_folder(self.sockets)
        if not self.data.exists():
            self._create()
        unprivileged().own(self.data)

    def forget_previous_run(self) -> None:
        """Removes what a killed server left. The caller knows that none of its processes is alive."""
        for leftover in (self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            leftover.unlink(missing_ok=True)

    def command(self) -> list[str]:
        options = [
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            f"listen_addresses={'127.0.0.1' if self.port else ''}",
            "log_min_messages=fatal",
            "log_checkpoints=off",
            *(() if self.durable else THROWAWAY),
        ]
        if self.port:
            options.append(f"port={self.port}")
        flags = [part for option in options for part in ("-c", option)]
        return [str(self._programs() / "postgres"), "-D", str(self.data), *flags]

    def run_as(self) -> tuple[str, ...]:
        return unprivileged().prefix

    def ready(self) -> bool:
        try:
            if (self.data / "postmaster.pid").read_text(encoding="utf-8").split()[-1] != "ready":
                return False  # it would log whoever asks now
            self._connection().close()
        except (FileNotFoundError, IndexError):
            return False
        except psycopg.OperationalError:
            return False
        return True

    def set_password(self, password: str) -> None:
        """The one that the role gives over TCP; the socket's folder is its password there."""
        with self._connection() as connection:
            connection.execute(psycopg.sql.SQL("ALTER ROLE oms PASSWORD {}").format(password))

    @property
    def url(self) -> str:
        """Over the socket, without a password."""
        return f"postgresql://{OWNER}@/{OWNER}?host={quote(str(self.sockets), safe='')}"

    def _connection(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self.sockets), port=self.port or 5432, user=OWNER, dbname=OWNER, connect_timeout=2
        )

    def _programs(self) -> Path:
        version = self.data / "PG_VERSION"
        return postgres_programs(int(version.read_text(encoding="ascii"))) if version.exists() else postgres_programs()

    def _create(self) -> None:
        programs, identity = postgres_programs(), unprivileged()
        for unfinished in self.data.parent.glob(f"{self.data.name}-*.new"):
            shutil.rmtree(unfinished)
        made = Path(tempfile.mkdtemp(prefix=f"{self.data.name}-", suffix=".new", dir=self.data.parent))
        try:
            identity.own(made)
            initdb = [programs / "initdb", "--pgdata", made, "--username", "postgres", "--encoding", "UTF8"]
            options = ["--auth-local=trust", "--auth-host=scram-sha-256", *_locale(programs)]
            _run([*map(str, initdb), *options, *(() if self.durable else ("--no-sync",))])
            _run([str(programs / "postgres"), "--single", "-D", str(made), "postgres"], given=BOOTSTRAP)
            made.rename(self.data)
        finally:
            shutil.rmtree(made, ignore_errors=True)


def _locale(programs: Path) -> list[str]:
    if postgres_major(programs) >= 17:
        return ["--locale-provider=builtin", "--locale=C.UTF-8"]
    return ["--locale=C"]


def _run(command: list[str], *, given: str = "") -> None:
    unprivileged_command = [*unprivileged().prefix, *bound(command, signal.SIGKILL)]
    done = subprocess.run(unprivileged_command, input=given, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise ServerUnavailable(f"PostgreSQL's data could not be made: {' '.join(reason)}")
