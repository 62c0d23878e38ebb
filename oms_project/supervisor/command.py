"""What the management commands that keep processes running have in common."""

import signal
import sys
from abc import abstractmethod
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import OperationalError

from oms_project.embedded.binaries import ServerUnavailable
from oms_project.embedded.folders import data_folder
from oms_project.supervisor.bound import bind_to_parent
from oms_project.supervisor.children import StartFailed
from oms_project.supervisor.lock import sole_use
from oms_project.supervisor.output import Output
from oms_project.supervisor.parent import Parent
from oms_project.supervisor.supervisor import StopRequested, Supervisor, stopped_by_signals


class SupervisedCommand(BaseCommand):
    """Runs ``supervise`` until a signal asks to stop, or fails with one sentence; either way nothing stays behind."""

    requires_system_checks = ()
    subfolder = ""
    """The part of OMS_DATA_DIR that one start of the command has to itself."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--bound-to-parent", action="store_true", help="stop when the parent process ends or is told to"
        )

    @abstractmethod
    def supervise(self, supervisor: Supervisor, folder: Path, options: dict[str, Any]) -> None:
        """Starts what the command is for and watches it; ``folder`` is the part of OMS_DATA_DIR."""

    def handle(self, *, bound_to_parent: bool, **options: Any) -> None:
        parent = Parent() if bound_to_parent else None
        if parent:
            bind_to_parent(signal.SIGTERM)
        output = Output(sys.stdout.fileno())
        folder = data_folder(settings.DATA_DIR / self.subfolder)
        try:
            with stopped_by_signals(), sole_use(folder) as lock, Supervisor(output, lock, parent) as supervisor:
                self.supervise(supervisor, folder, options)
        except StopRequested:
            output.say("Stopped.")
        except (StartFailed, ServerUnavailable) as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(f"PostgreSQL does not answer: {str(error).strip().splitlines()[0]}") from error
        finally:
            output.close()
