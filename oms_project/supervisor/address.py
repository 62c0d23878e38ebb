"""The address that the web process serves."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Self

from oms_project.supervisor.children import StartFailed

BACKLOG = 2048


@dataclass(frozen=True)
class Address:
    """A TCP address that ``listener`` holds."""

    listener: socket.socket

    @classmethod
    @contextmanager
    def taken(cls, host: str, port: int) -> Iterator[Self]:
        """Takes the address until the end; raises StartFailed where somebody else has it."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
        except OSError as error:
            number = error.errno or 0
            if number <= 0:  # as the resolver's are
                raise StartFailed(f"OMS_BIND must be an address of this machine, not {host!r}.") from error
            reason = os.strerror(number)
            raise StartFailed(f"Port {port} of {host} cannot be used ({reason}); set PORT to another.") from error
        with listener:
            yield cls(listener)

    @property
    def host(self) -> str:
        """How this machine reaches the address, also where it stands for all of its interfaces."""
        host: str = self.listener.getsockname()[0]
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  nothing is bound here

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    @property
    def url(self) -> str:
        """Where this machine's browsers find it: by name where that is the same, since passkeys serve no IP address."""
        if self.host == "127.0.0.1":
            return f"http://localhost:{self.port}/"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    def answers(self, path: str, name: str) -> bool:
        """Whether a GET of ``path`` for the host ``name`` is answered with 200 within two seconds."""
        connection = HTTPConnection(self.host, self.port, timeout=2)
        try:
            connection.request("GET", path, headers={"Host": name.lstrip(".")})
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
