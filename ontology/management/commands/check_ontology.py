"""What a change of an ontology breaks, for pipelines: of two files without a database, or of two refs."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from gateway.exceptions import OMSError
from ontology.engine.breaking import SEVERITIES, Finding, Severity, Usage, differing, findings, with_usage
from ontology.engine.breaking.notation import at_least, finding_json, github, sarif, table
from ontology.engine.state import Documents
from ontology.engine.usages import identified
from ontology.formats import READABLE, consumers
from ontology.management.sources import SourceCommand, SourceRefused, commit_at, refused_by, text_in
from ontology.selectors import compare


class Command(SourceCommand):
    help = "Tell what --head breaks of --base. Exits 1 on findings at or above --fail-on, 2 on bad input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--base", required=True, help="a file in a format that is read, or a ref of --repository")
        parser.add_argument("--head", required=True, help="what is compared with it, likewise")
        parser.add_argument("--repository", default="", help="where refs are looked up; without it both are files")
        parser.add_argument(
            "--from", choices=READABLE, dest="from_format", help="the format of files; else by their names"
        )
        parser.add_argument("--consumers", default="", help="with files: one that lists consumers (JSON or YAML)")
        parser.add_argument("--format", choices=["table", "json", "sarif", "github"], default="table")
        parser.add_argument("--fail-on", choices=[str(each) for each in SEVERITIES], default="high")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = self._found_at_refs(options) if options["repository"] else self._found_in_files(options)
        except SourceRefused as refused:
            self.refuse(refused)
        self.stdout.write(_shown(found, options["format"], options["head"]))
        if at_least(found, Severity(options["fail_on"])):
            sys.exit(1)

    def _found_at_refs(self, options: dict[str, Any]) -> Sequence[Finding]:
        """The findings between two refs, with the consumers that are registered there."""
        name = options["repository"]
        if options["consumers"]:
            raise SourceRefused(options["consumers"], f"In {name} consumers are those that are registered.")
        return compare(*(commit_at(name, options[side]) for side in ("base", "head"))).findings

    def _found_in_files(self, options: dict[str, Any]) -> Sequence[Finding]:
        base, head = (
            self.state(options[side], repository="", format_name=options["from_format"]) for side in ("base", "head")
        )
        usages = _usages(options["consumers"], base) if options["consumers"] else []
        return with_usage(findings(base, head, differing(base, head), today=timezone.now().date()), usages)


def _usages(source: str, base: Documents) -> list[Usage]:
    """The usages in a file of consumers, who use what is in the base. Raises SourceRefused."""
    try:
        named = consumers.read(text_in(source))
    except OMSError as error:
        raise refused_by(error, source) from error
    registered, unknown = identified(base, named, lambda kind: [key[1] for key in base if key[0] == kind])
    if unknown:
        raise SourceRefused(source, *(f"{each.path}: {each.message}" for each in unknown))
    return [each.usage for each in registered]


def _shown(found: Sequence[Finding], form: str, head: str) -> str:
    match form:
        case "json":
            return json.dumps({"findings": [finding_json(each) for each in found]}, ensure_ascii=False, indent=2)
        case "sarif":
            return json.dumps(sarif(found, file=head), ensure_ascii=False, indent=2)
        case "github":
            return github(found, file=head)
    return table(found)
