"""Makes the ontology in a file, or in a configured database, what a branch holds."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction

from gateway.exceptions import OMSError
from history.exceptions import ChangesInvalid, NothingChanged
from history.models import Branch
from history.selectors import branch_get
from history.services import Authority
from ontology.formats import READABLE, Omission, Reading, by_code
from ontology.management.sources import (
    BAD_INPUT,
    SourceCommand,
    SourceRefused,
    counted,
    format_of,
    reading_of,
    refused_by,
    repository_of,
)
from ontology.services import ImportReport, reading_import

REFUSED: Final = 1
"""The exit status where what was read is not committed."""


class Command(SourceCommand):
    help = "Make an ontology what a branch holds. Exits 1 where it is refused or changes nothing, 2 on bad input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a file, - for standard input, or of --format sql the name of a database")
        parser.add_argument("--repository", required=True)
        parser.add_argument("--branch", required=True)
        parser.add_argument("--actor", required=True, help="the username of who commits")
        parser.add_argument("--format", choices=READABLE, help="of the source; else by the name of the file")
        parser.add_argument("--message", default="Import an ontology")
        parser.add_argument("--merge", action="store_true", help="keep what the source does not hold")
        parser.add_argument("--expected-head", help="the head that the branch must still have")
        parser.add_argument("--lock-token", type=int, help="the token of the lock that the actor holds on the branch")
        parser.add_argument("--bypass-reason", default="", help="why rules of the branch are gone past, by who may")
        parser.add_argument("--dry-run", action="store_true", help="do everything and leave nothing behind")
        parser.add_argument("--omissions", default="", help="a file for everything that did not come over, as JSON")
        parser.add_argument("--examples", type=int, default=3, help="how many of them are shown of each code")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._import(options)
        except SourceRefused as refused:
            self.refuse(refused)
        counts = ", ".join(f"{count} {sort}" for sort, count in report.counts.items())
        tried = " if this were no dry run" if options["dry_run"] else ""
        self.stdout.write(f"Committed as {report.commit.digest}{tried}: {counts}.")

    def _import(self, options: dict[str, Any]) -> ImportReport:
        source = options["source"]
        branch, actor = _branch(options["repository"], options["branch"]), _actor(options["actor"])
        format_name = options["format"] or format_of(source)
        self.stdout.write(f"Reading {source} as {format_name} …")
        reading = reading_of(source, format_name)
        self.stdout.write(f"{len(reading.contents)} resources; {counted(reading.omissions)}.")
        self._tell(reading.omissions, options["examples"])
        if options["omissions"]:
            _write(options["omissions"], reading.omissions)
        try:
            return _commit(actor, branch, reading, options)
        except OMSError as error:
            is_malformed = isinstance(error, ChangesInvalid) and not isinstance(error, NothingChanged)
            self.refuse(refused_by(error, source), BAD_INPUT if is_malformed else REFUSED)

    def _tell(self, omissions: Sequence[Omission], examples: int) -> None:
        for code, group in by_code(omissions).items():
            self.stdout.write(f"{len(group):7} {code}")
            for each in group[:examples]:
                self.stdout.write(f"        {each.place}: {each.message}")


def _commit(actor: Any, branch: Branch, reading: Reading, options: dict[str, Any]) -> ImportReport:
    # A transaction around a real import would undo the event of a refusal with it.
    with transaction.atomic() if options["dry_run"] else nullcontext():
        report = reading_import(
            actor=actor,
            branch=branch,
            reading=reading,
            message=options["message"],
            replace=not options["merge"],
            expected_head=options["expected_head"],
            authority=Authority(bypass_reason=options["bypass_reason"], lock_token=options["lock_token"]),
        )
        if options["dry_run"]:
            transaction.set_rollback(True)
        return report


def _branch(repository: str, name: str) -> Branch:
    try:
        return branch_get(repository_of(repository), name)
    except OMSError as error:
        raise SourceRefused(name, error.detail) from error


def _actor(username: str) -> Any:
    actor = get_user_model().objects.named(username).filter(is_active=True).first()
    if actor is None:
        raise SourceRefused(username, f"There is no active account {username}.")
    return actor


def _write(path: str, omissions: Sequence[Omission]) -> None:
    text = json.dumps([asdict(each) for each in omissions], ensure_ascii=False, indent=2)
    try:
        Path(path).write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise SourceRefused(path, f"It cannot be written: {error}.") from error
