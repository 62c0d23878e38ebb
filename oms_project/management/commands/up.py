"""``manage.py up``: all of OMS on one machine."""

import io
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from oms_project.demo.story import story_read
from oms_project.embedded.postgres import Postgres
from oms_project.embedded.valkey import Valkey
from oms_project.environment import Environment
from oms_project.supervisor import programs
from oms_project.supervisor.address import Address
from oms_project.supervisor.command import SupervisedCommand
from oms_project.supervisor.supervisor import START_TIMEOUT, Supervisor


class Command(SupervisedCommand):
    help = "Starts the servers that the environment does not name, web, worker and beat, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--demo", action="store_true", help="load the demo into the database of OMS_DATABASE_URL")

    def supervise(self, supervisor: Supervisor, folder: Path, options: dict[str, Any]) -> None:
        with Address.taken(settings.WEB_HOST, settings.WEB_PORT) as address:
            _start_servers(supervisor)
            supervisor.output.say("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)
            web = supervisor.start(programs.web(address.listener))
            password = _load_demo(supervisor) if options["demo"] or not settings.PRODUCTION else ""
            connection.close()
            web.wait_until(lambda: address.answers("/health/live", settings.ALLOWED_HOSTS[0]), START_TIMEOUT)
            supervisor.start(programs.worker())  # after the pages that somebody waits for
            supervisor.start(programs.beat())
            supervisor.output.show(_welcome(address.url, password))
            supervisor.watch()


def _start_servers(supervisor: Supervisor) -> None:
    paths = settings.EMBEDDED
    if not settings.PRODUCTION:
        settings.SECRET_KEY = paths.keep_secret_key()  # there may have been none when the settings were read
        supervisor.start_server(Postgres(paths.postgres_data, paths.sockets))
    if paths.redis_url == settings.REDIS_URL:
        supervisor.start_server(Valkey(paths.valkey_data, paths.valkey_socket))


def _load_demo(supervisor: Supervisor) -> str:
    """Loads the demo unless it is there, and returns its people's password."""
    password = Environment.of_process().text("OMS_DEMO_PASSWORD") or settings.EMBEDDED.keep_demo_password()
    summary = io.StringIO()
    call_command("load_demo", password=password, stdout=summary)
    supervisor.output.say(summary.getvalue())
    return password


def _welcome(url: str, password: str) -> str:
    lines = ["", f"  OMS is ready: {url}", ""]
    if password:
        lines += [f"    {each.username:<6} {each.role:<14} password {password}" for each in story_read().people]
        lines.append("")
    return "\n".join([*lines, "  Ctrl-C stops it.", ""])
