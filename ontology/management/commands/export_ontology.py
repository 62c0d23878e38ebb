"""Writes an ontology in another format: of a file without a database, or of a ref."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from ontology.formats import READABLE, WRITABLE, format_get
from ontology.management.sources import SourceCommand, SourceRefused


class Command(SourceCommand):
    help = "Write an ontology in a format. Exits 2 on bad input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a file, - for standard input, or a ref of --repository")
        parser.add_argument("--format", choices=WRITABLE, required=True, help="what is written")
        parser.add_argument("--output", default="", help="the file to write; standard output if left out")
        parser.add_argument("--repository", default="", help="where the ref is looked up; without it SOURCE is a file")
        parser.add_argument(
            "--from", choices=READABLE, dest="from_format", help="the format of a file; else by its name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source, output = options["source"], options["output"]
        contents = self.state(source, repository=options["repository"], format_name=options["from_format"])
        body = format_get(options["format"], WRITABLE).write(contents)
        if not output:
            self.stdout.write(body.decode(), ending="")
            return
        try:
            Path(output).write_bytes(body)
        except OSError as error:
            self.refuse(SourceRefused(output, f"It cannot be written: {error}."))
