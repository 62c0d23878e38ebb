"""Where commands read ontologies: files in any format, standard input, and refs of repositories."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from django.core.management.base import BaseCommand

from gateway.exceptions import OMSError
from history.engine.content import Content, ContentInvalid, Key
from history.models import Commit, Repository
from history.selectors import TreeView, ref_resolve
from ontology.engine.content import OntologyContent
from ontology.engine.identity import without_derived
from ontology.engine.normalisation import normal_form
from ontology.engine.state import Documents
from ontology.formats import FORMATS, READABLE, Omission, Reading, notation
from ontology.services import OWN, document_read

BAD_INPUT: Final = 2
"""The exit status of a command that cannot read what it is given."""

STANDARD_INPUT: Final = "-"


class SourceRefused(Exception):
    """The source cannot be read; ``sentences`` say why."""

    def __init__(self, source: str, *sentences: str) -> None:
        super().__init__(source, *sentences)
        self.source = source
        self.sentences = sentences


class SourceCommand(BaseCommand):
    """A command that ends with :data:`BAD_INPUT` and the sentences where a source is refused.

    No database is asked unless a ref is to be read, and no configuration is needed.
    """

    requires_system_checks = ()

    def state(self, source: str, *, repository: str, format_name: str | None) -> Documents:
        """The state at a ref of ``repository``, or in a file where that is empty; else the process ends.

        How much of a foreign file did not come over is told beside the output.
        """
        try:
            if repository:
                return state_at(repository, source)
            return self.told(source, state_in(source, format_name or format_of(source)))
        except SourceRefused as refused:
            self.refuse(refused)

    def told(self, source: str, reading: Reading) -> Documents:
        """The state that was read from ``source``; how much of it did not come over is told beside the output."""
        if reading.omissions:
            self.stderr.write(f"{source}: {counted(reading.omissions)}.")
        return Documents(reading.contents)

    def refuse(self, refused: SourceRefused, status: int = BAD_INPUT) -> NoReturn:
        """End the process with ``status`` after the sentences."""
        self.stderr.write("\n".join(f"{refused.source}: {sentence}" for sentence in refused.sentences))
        sys.exit(status)


def format_of(source: str) -> str:
    """The first format that is read and whose files are called as ``source`` is, else ``oms``."""
    extension = Path(source).suffix.removeprefix(".")
    return next((name for name in READABLE if extension and FORMATS[name].extension == extension), "oms")


def is_json(source: str) -> bool:
    """Whether a file is called as one of JSON is."""
    return Path(source).suffix == ".json"


def counted(omissions: Sequence[Omission]) -> str:
    """How much did not come over, as a clause."""
    return f"{len(omissions)} {'part' if len(omissions) == 1 else 'parts'} did not come over"


def reading_of(source: str, format_name: str) -> Reading:
    """What is in the file ``source``, in a format of :data:`ontology.formats.READABLE`, as it is given there.

    Of a format whose documents are names ``source`` is such a name. Raises SourceRefused.
    """
    return _read(source, _document(source, format_name), format_name)


def state_in(source: str, format_name: str) -> Reading:
    """The state in a file in normal form, where a name without a rid stands for itself; an empty file is empty.

    Raises SourceRefused.
    """
    return _state(source, _document(source, format_name), format_name)


def given_in(source: str, format_name: str) -> Reading:
    """As :func:`state_in`, but with those rids alone that are in the file. Raises SourceRefused."""
    document = _document(source, format_name)
    reading = _state(source, document, format_name)
    given = FORMATS[format_name].read(document).contents if reading.contents else {}
    contents = {
        key: without_derived(key[0], content, normal_form(*key, given[key])[0])
        for key, content in reading.contents.items()
    }
    return Reading(contents, reading.omissions)


def _state(source: str, document: str, format_name: str) -> Reading:
    reading = _read(source, document, format_name) if document.strip() else Reading({})
    if format_name not in OWN:
        return reading  # which is settled, and so in normal form
    contents, sentences = dict[Key, Content](), list[str]()
    for key, content in reading.contents.items():
        try:
            contents[key] = OntologyContent().normalise(*key, content, None, lambda _rid: False)
        except ContentInvalid as error:
            path = "/".join(("/resources", *key))
            sentences += [f"{path}{violation.path}: {violation.message}" for violation in error.violations]
    if sentences:
        raise SourceRefused(source, *sentences)
    return Reading(contents)


def state_at(repository_name: str, ref: str) -> Documents:
    """The state at a ref. Raises SourceRefused."""
    return Documents(TreeView(commit_at(repository_name, ref).root).everything())


def commit_at(repository_name: str, ref: str) -> Commit:
    """The commit that a ref names. Raises SourceRefused."""
    try:
        return ref_resolve(repository_of(repository_name), ref)
    except OMSError as error:
        raise SourceRefused(ref, error.detail) from error


def refused_by(error: OMSError, source: str) -> SourceRefused:
    """``error`` about a document that came from ``source``: its places are pointers into the document."""
    sentences = [f"{each.field.removeprefix('/document')}: {each.message}".removeprefix(": ") for each in error.errors]
    return SourceRefused(source, *(sentences or [error.detail]))


def repository_of(name: str) -> Repository:
    """The repository of that name, whoever asks. Raises SourceRefused."""
    repository = Repository.objects.filter(name=name).first()
    if repository is None:
        raise SourceRefused(name, f"There is no repository {name}.")
    return repository


def _document(source: str, format_name: str) -> str:
    return source if FORMATS[format_name].names_source else text_in(source)


def _read(source: str, document: str, format_name: str) -> Reading:
    is_value = format_name == "oms" and is_json(source)  # else it may be YAML as well
    try:
        return document_read(notation.read_json(document) if is_value else document, format_name)
    except OMSError as error:
        raise refused_by(error, source) from error


def text_in(source: str) -> str:
    """The text of a file or of standard input. Raises SourceRefused."""
    try:
        if source == STANDARD_INPUT:
            return sys.stdin.buffer.read().decode()
        return Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceRefused(source, f"It cannot be read: {error}.") from error
