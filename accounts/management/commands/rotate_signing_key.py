"""How the key that signs access tokens is replaced."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.services import signing_key_rotate


class Command(BaseCommand):
    help = "Sign access tokens with a new key. The others verify for the life of a token more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--leaked", action="store_true", help="End every access token at once.")

    def handle(self, *args: Any, **options: Any) -> None:
        overlap = timedelta() if options["leaked"] else settings.ACCESS_TOKEN_LIFETIME
        kid = signing_key_rotate(overlap=overlap)
        self.stdout.write(f"{kid} signs from now on.")
