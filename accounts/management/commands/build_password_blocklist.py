from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.engine.blocklist import BlocklistInvalid, blocklist_built
from accounts.engine.passwords import SHORTEST_WORD
from accounts.models import PASSWORD_LENGTH
from accounts.models.policies import LEAST_LENGTH


class Command(BaseCommand):
    help = "Make a password blocklist of texts with a password a line, the most frequent first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="+", type=Path, metavar="SOURCE")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")
        parser.add_argument("--name", action="append", help="what the file calls each source; default its file's name")
        parser.add_argument("--least", type=int, default=LEAST_LENGTH, help="shorter passwords no policy takes anyway")
        parser.add_argument("--common", type=int, default=20_000, help="lines of each that passwords are made of")

    def handle(self, *, sources: list[Path], output: Path, **options: Any) -> None:
        names = options["name"] or [source.name for source in sources]
        try:
            listed = {line for source in sources for line in lines(source) if len(line) >= options["least"]}
            common = {line for source in sources for line in islice(lines(source), options["common"]) if is_word(line)}
            content = blocklist_built(names, listed, common)
        except (OSError, BlocklistInvalid) as error:
            raise CommandError(str(error)) from error
        output.write_bytes(content)
        self.stdout.write(f"{output}: {len(listed)} passwords and {len(common)} words, {len(content)} bytes.")


def lines(source: Path) -> Iterator[str]:
    """The passwords of a text in UTF-8; what is not UTF-8, or longer than a password may be, is left out."""
    with source.open("rb") as content:
        for raw in content:
            try:
                line = raw.rstrip(b"\r\n").decode()
            except UnicodeDecodeError:
                continue
            if len(line) <= PASSWORD_LENGTH:
                yield line


def is_word(line: str) -> bool:
    """Whether a part of a password can be told by it: numbers cost what they are long."""
    return len(line) >= SHORTEST_WORD and not line.isdecimal()
