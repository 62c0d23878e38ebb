"""The PostgreSQL and the Valkey of one test session."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import redis

from oms_project.embedded.binaries import ServerUnavailable
from oms_project.embedded.postgres import Postgres
from oms_project.embedded.valkey import Valkey
from oms_project.supervisor.bound import bound

MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 1 << 30


@contextmanager
def running(server: Postgres | Valkey) -> Iterator[None]:
    """Runs the server until the end; it ends with this process in any case."""
    server.prepare()
    with tempfile.TemporaryFile() as said:
        command = [*server.run_as(), *bound(server.command(), server.stop_signal)]
        process = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
        try:
            while not server.ready():
                if process.poll() is not None:
                    said.seek(0)
                    raise ServerUnavailable(f"{server.name} did not start: {said.read().decode(errors='replace')}")
                time.sleep(0.02)
            yield
        finally:
            process.send_signal(server.stop_signal)
            process.wait(10)


@contextmanager
def throwaway_folder() -> Iterator[Path]:
    """In memory where there is enough of it."""
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_MEMORY
    folder = Path(tempfile.mkdtemp(prefix="oms-tests-", dir=MEMORY if in_memory else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start_unnamed(stack: ExitStack) -> list[str]:
    """Starts what OMS_DATABASE_URL and OMS_REDIS_URL do not name, until the stack is closed, and sets them.

    Returns why a server is missing; an empty list is what one hopes for.
    """
    missing = []
    folder = stack.enter_context(throwaway_folder())
    servers = {
        "OMS_DATABASE_URL": Postgres(folder / "postgres", folder / "run", durable=False),
        "OMS_REDIS_URL": Valkey(folder / "valkey", folder / "run" / "valkey.sock", durable=False),
    }
    for variable, server in servers.items():
        if os.environ.get(variable):
            continue
        try:
            stack.enter_context(running(server))
        except ServerUnavailable as error:
            missing.append(str(error))
        os.environ[variable] = server.url
    return missing


def unreachable() -> list[str]:
    """Which of the servers that the environment names do not answer, and why."""
    missing = []
    try:
        psycopg.connect(os.environ["OMS_DATABASE_URL"], dbname="postgres", connect_timeout=5).close()
    except psycopg.OperationalError as error:
        missing.append(f"PostgreSQL does not answer: {str(error).strip()}")
    try:
        redis.Redis.from_url(os.environ["OMS_REDIS_URL"], socket_connect_timeout=5).ping()
    except redis.RedisError as error:
        missing.append(f"Redis does not answer: {error}")
    return missing
