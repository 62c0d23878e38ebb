"""``manage.py services``: PostgreSQL and Redis for a developer."""

import secrets
import socket
from pathlib import Path
from typing import Any

from oms_project.embedded.paths import EmbeddedPaths
from oms_project.embedded.postgres import Postgres
from oms_project.embedded.valkey import Valkey
from oms_project.supervisor.command import SupervisedCommand
from oms_project.supervisor.supervisor import Supervisor


class Command(SupervisedCommand):
    help = "Starts PostgreSQL and Redis on spare ports of 127.0.0.1 and prints how to use them, until Ctrl-C."
    subfolder = "services"

    def supervise(self, supervisor: Supervisor, folder: Path, options: dict[str, Any]) -> None:
        paths, password = EmbeddedPaths.under(folder), secrets.token_hex(12)
        postgres = Postgres(paths.postgres_data, paths.sockets, port=_spare_port())
        valkey = Valkey(paths.valkey_data, paths.valkey_socket, port=_spare_port(), password=password)
        supervisor.start_server(postgres)
        supervisor.start_server(valkey)
        postgres.set_password(password)
        supervisor.output.show(
            f"\n  export OMS_DATABASE_URL=postgresql://oms:{password}@127.0.0.1:{postgres.port}/oms"
            f"\n  export OMS_REDIS_URL=redis://:{password}@127.0.0.1:{valkey.port}/0\n\n  Ctrl-C stops them.\n"
        )
        supervisor.watch()


def _spare_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
