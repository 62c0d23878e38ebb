"""Where the embedded servers keep their data and sockets."""

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oms_project.environment import ConfigurationError

SOCKET_PATH_LIMIT = 90
"""Unix socket paths end at 107 bytes; PostgreSQL appends ``.s.PGSQL.5432``."""


@dataclass(frozen=True)
class EmbeddedPaths:
    data: Path
    sockets: Path

    @classmethod
    def under(cls, data: Path) -> "EmbeddedPaths":
        """The layout under ``data``; sockets move to a short private folder where the path is too long."""
        sockets = data / "run"
        if len(os.fsencode(sockets / "valkey.sock")) > SOCKET_PATH_LIMIT:
            digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
            sockets = Path(tempfile.gettempdir()) / f"oms-{os.getuid()}-{digest}"
        return cls(data=data, sockets=sockets)

    @property
    def postgres_data(self) -> Path:
        return self.data / "postgres"

    @property
    def valkey_data(self) -> Path:
        return self.data / "valkey"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def secret_key_file(self) -> Path:
        return self.data / "secret_key"

    @property
    def database(self) -> dict[str, Any]:
        """Django's database settings for the embedded PostgreSQL."""
        return {"NAME": "oms", "USER": "oms", "HOST": str(self.sockets), "OPTIONS": {}}

    @property
    def redis_url(self) -> str:
        return f"unix://{self.valkey_socket}"

    @property
    def demo_password_file(self) -> Path:
        return self.data / "demo_password"

    def secret_key(self) -> str:
        """The key that ``manage.py up`` keeps, or one for this process alone where it has not run yet."""
        return _read(self.secret_key_file) or secrets.token_urlsafe(50)

    def keep_secret_key(self) -> str:
        return _keep(self.secret_key_file, secrets.token_urlsafe(50))

    def keep_demo_password(self) -> str:
        return _keep(self.demo_password_file, secrets.token_urlsafe(12))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from error


def _keep(path: Path, fresh: str) -> str:
    """What ``path`` holds, or ``fresh``, which it holds from now on; written at once or not at all."""
    if kept := _read(path):
        return kept
    written = path.with_name(f"{path.name}.new")
    written.touch(mode=0o600)
    written.write_text(fresh, encoding="ascii")
    written.rename(path)
    return fresh
