"""Three-way merge of ontologies in files, without a database: by hand, in pipelines and as git's merge driver."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from history.engine.canonical import canonical_bytes
from merging.engine.policy import NO_DECISIONS, Policy
from merging.management.decisions import STRATEGIES, decisions_in
from merging.management.report import merge_json, table
from merging.selectors import DocumentMerge, merge_documents
from ontology.engine.state import Documents
from ontology.formats import FORMATS, READABLE
from ontology.management.sources import STANDARD_INPUT, SourceCommand, SourceRefused, format_of, given_in

STANDARD_OUTPUT: Final = "-"

_NOTATIONS: Final = {".json": "oms", ".yaml": "oms-yaml", ".yml": "oms-yaml"}
"""The forms of the OMS document by how files that hold it are called."""


class Command(SourceCommand):
    help = "Merge two files that come from --base. Exits 1 on conflicts or violations, 2 on bad input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--base", action="append", required=True, help="what both sides come from; several where histories cross"
        )
        parser.add_argument("--ours", required=True, help="one side; an empty file is an empty ontology")
        parser.add_argument("--theirs", required=True, help="the other side")
        parser.add_argument("--from", choices=READABLE, dest="from_format", help="the format; else by the files' names")
        parser.add_argument("--output", default=STANDARD_OUTPUT, help="the file for the merged OMS document")
        parser.add_argument("--format", choices=["table", "json"], default="table", help="of the report")
        parser.add_argument("--resolve", default="", help="a file with decisions (JSON or YAML) by the conflicts' ids")
        parser.add_argument("--prefer", choices=STRATEGIES, help="what settles conflicts that no decision is about")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            merge = self._merge(options)
            self._write(merge, options)
        except SourceRefused as refused:
            self.refuse(refused)
        if options["format"] == "json":
            report = json.loads(canonical_bytes(merge_json(merge)))
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self.stderr.write(table(merge))
        if not merge.clean:
            sys.exit(1)

    def _merge(self, options: dict[str, Any]) -> DocumentMerge:
        sources = [*options["base"], options["ours"], options["theirs"], options["resolve"]]
        if sources.count(STANDARD_INPUT) > 1:
            raise SourceRefused(STANDARD_INPUT, "Standard input can be read once only.")
        decisions = decisions_in(options["resolve"]) if options["resolve"] else NO_DECISIONS
        *bases, ours, theirs = (self._given(source, options["from_format"]) for source in sources[:-1])
        policy = Policy(chosen=lambda _path: options["prefer"])
        return merge_documents(bases, ours, theirs, policy, decisions)

    def _given(self, source: str, format_name: str | None) -> Documents:
        return self.told(source, given_in(source, format_name or format_of(source)))

    def _write(self, merge: DocumentMerge, options: dict[str, Any]) -> None:
        """Writes the document to the file, or to standard output unless the report, which holds it, goes there."""
        output = options["output"]
        body = FORMATS[_notation(output, options["ours"])].write(merge.contents)
        if output != STANDARD_OUTPUT:
            try:
                Path(output).write_bytes(body)
            except OSError as error:
                raise SourceRefused(output, f"It cannot be written: {error}.") from error
        elif options["format"] != "json":
            self.stdout.write(body.decode(), ending="")


def _notation(output: str, ours: str) -> str:
    """The form of the OMS document for ``output``: by its name, else by ours', else as ours is written.

    Git calls a merge driver with files whose names say nothing.
    """
    for name in (output, ours):
        if (suffix := Path(name).suffix) in _NOTATIONS:
            return _NOTATIONS[suffix]
    if not Path(ours).is_file():
        return "oms"
    return "oms" if Path(ours).read_bytes().lstrip().startswith(b"{") else "oms-yaml"
