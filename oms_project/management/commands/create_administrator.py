"""How the first administrator of an installation comes to be."""

from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import user_create
from gateway.exceptions import OMSError
from history.models import Role
from oms_project.environment import Environment


class Command(BaseCommand):
    help = "Make an administrator. The password is asked for, or taken from OMS_ADMINISTRATOR_PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        password = Environment.of_process().text("OMS_ADMINISTRATOR_PASSWORD") or getpass()
        try:
            user = user_create(actor=None, username=options["username"], password=password, role=Role.ADMINISTRATOR)
        except OMSError as problem:
            raise CommandError(" ".join([problem.detail, *(error.message for error in problem.errors)])) from problem
        self.stdout.write(f"{user.username} is an administrator.")
