"""The import of ontologies in any format that is read."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from gateway.exceptions import FieldError
from history.engine.changes import Change, Delete, Put
from history.engine.content import Content, ContentInvalid, Key
from history.exceptions import ChangesInvalid
from history.models import Branch, Commit
from history.permissions import require
from history.selectors import ChangeKind, ResourceChange, TreeView, resource_changes
from history.services import NO_AUTHORITY, Authority, branch_lock, commit_create, moves_heads
from ontology.engine.content import OntologyContent
from ontology.exceptions import OntologyInvalid
from ontology.formats import READABLE, Omission, Reading, format_get, settled

IMPORT: Final = "ontology.import"

OWN: Final = frozenset({"oms", "oms-yaml"})
"""The formats of OMS itself."""


@dataclass(frozen=True)
class ImportReport:
    """What an import did: its one commit, the resources that differ from the commit before, and what was left out."""

    commit: Commit
    changes: Sequence[ResourceChange]
    omissions: Sequence[Omission] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many resources were added, modified, renamed and removed."""
        return {kind.value: sum(change.change is kind for change in self.changes) for kind in ChangeKind}


def document_import(
    *,
    actor: Any,
    branch: Branch,
    document: Any,
    message: str,
    format_name: str = "oms",
    replace: bool = True,
    expected_head: str | None = None,
    authority: Authority = NO_AUTHORITY,
) -> ImportReport:
    """Make the ontology in ``document`` what ``branch`` holds, as one commit.

    ``document`` is what the format takes: of OMS the JSON value, or a text of JSON or YAML. Raises
    DocumentMalformed and what :func:`reading_import` does; fields are pointers below ``/document``.
    """
    require(actor, IMPORT, branch.repository)
    reading = document_read(document, format_name)
    return reading_import(
        actor=actor,
        branch=branch,
        reading=reading,
        message=message,
        replace=replace,
        expected_head=expected_head,
        authority=authority,
    )


def document_read(document: Any, format_name: str) -> Reading:
    """What is in ``document``. Of a foreign format what would not be valid is among the omissions.

    An OMS document says what is meant here, so nothing of it is left out: it is refused where it is not valid.
    """
    reading = format_get(format_name, READABLE).read(document)
    return reading if format_name in OWN else settled(reading)


@moves_heads
def reading_import(
    *,
    actor: Any,
    branch: Branch,
    reading: Reading,
    message: str,
    replace: bool = True,
    expected_head: str | None = None,
    authority: Authority = NO_AUTHORITY,
) -> ImportReport:
    """Make what was read what ``branch`` holds, as one commit.

    Resources that it does not hold are deleted, unless ``replace`` is false. Raises OntologyInvalid,
    ChangesInvalid (also where nothing would change) or StaleHead.
    """
    require(actor, IMPORT, branch.repository)
    head = branch_lock(branch, actor=actor, expected_head=expected_head, authority=authority)
    before = TreeView(head.root)
    changes = _changes(before.everything(), reading.contents, replace=replace)
    commit = _commit(actor=actor, branch=branch, changes=changes, message=message, authority=authority)
    return ImportReport(commit, resource_changes(before, TreeView(commit.root)), reading.omissions)


def _changes(before: Mapping[Key, Content], contents: Mapping[Key, Any], *, replace: bool) -> list[Change]:
    """What leads from ``before`` to ``contents``. A name that gets another rid is another resource."""
    gone = before.keys() - contents.keys() if replace else set()
    put = {key: content for key, content in contents.items() if not _is_same(key, before.get(key), content)}
    succeeded = {key for key in put if key in before and _rid(put[key]) not in (None, before[key]["rid"])}
    return [
        *(Delete(*key) for key in sorted(gone | succeeded)),
        *(Put(*key, content) for key, content in sorted(put.items(), key=lambda item: item[0])),
    ]


def _is_same(key: Key, before: Content | None, content: Any) -> bool:
    """Whether putting ``content`` would leave ``before`` as it is."""
    if before is None or before == content:
        return before is not None
    try:
        return OntologyContent().normalise(*key, content, before, lambda _rid: False) == before
    except ContentInvalid:
        return False


def _rid(content: Any) -> Any:
    return content.get("rid") if isinstance(content, dict) else None


def _commit(*, actor: Any, branch: Branch, changes: Sequence[Change], message: str, authority: Authority) -> Commit:
    def place(number: int, part: str) -> str:
        change = changes[number]
        return pointer("/document/resources", change.kind, change.name)

    try:
        return commit_create(
            actor=actor, branch=branch, changes=changes, message=message, authority=authority, place=place
        )
    except (OntologyInvalid, ChangesInvalid) as refused:
        refused.errors = tuple(map(_in_document, refused.errors))
        raise


def _in_document(error: FieldError) -> FieldError:
    """``error`` where the request has the value that is wrong."""
    if error.field.startswith("/resources/"):
        return dataclasses.replace(error, field=f"/document{error.field}")
    return dataclasses.replace(error, field="/document") if error.field == "/changes" else error
