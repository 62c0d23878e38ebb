"""What a commit would do, before it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from gateway.exceptions import FieldError
from history.engine.changes import Change, Put, Rename
from history.engine.content import Violation
from history.models import Branch
from history.permissions import require
from history.selectors import ResourceChange, TreeView, resource_changes
from history.services import (
    NO_AUTHORITY,
    Authority,
    Place,
    Transition,
    branch_lock,
    changes_stage,
    hooks_ask,
    place_in_changes,
    tree_write,
)
from ontology.engine.breaking import Finding
from ontology.engine.validation import Severity, in_document
from ontology.selectors import findings_of
from ontology.services.checks import violations_of


@dataclass(frozen=True)
class CommitPreview:
    """What a commit would do to a branch; nothing is written."""

    changes: Sequence[ResourceChange]
    """The resources that would differ, those that follow a rename among them."""
    errors: Sequence[FieldError]
    """What the commit would be refused for; the fields are pointers into the OMS document."""
    warnings: Sequence[Violation]
    """What is told of the resources that were changed, and what the change brings upon others."""
    findings: Sequence[Finding]
    """What breaks against the branch's head, the gravest first."""


def commit_preview(
    *,
    actor: Any,
    branch: Branch,
    changes: Sequence[Change],
    authority: Authority = NO_AUTHORITY,
    place: Place = place_in_changes,
) -> CommitPreview:
    """What a commit of ``changes`` on the head of ``branch`` would do.

    Raises what a commit would, but for what hooks refuse with, which is among the errors; where nothing would
    change nothing is told. ``place`` is as in ``history.services.commit_create``.
    """
    require(actor, "history.commit", branch.repository)
    # The state is written, looked at and taken back: hooks read it as they read any other.
    with transaction.atomic():
        before = TreeView(branch_lock(branch, actor=actor, authority=authority).root)
        contents = changes_stage(before=before, changes=changes, place=place)
        after = TreeView(tree_write(before=before, contents=contents))
        known = {key: content for key, content in contents.items() if content is not None}
        step = Transition(branch.repository, before, after, known)
        differing = resource_changes(before, after)
        found = findings_of(branch.repository_id, before, after, differing)
        preview = CommitPreview(differing, hooks_ask(step), _warnings(step, changes), found)
        transaction.set_rollback(True)
    return preview


def _warnings(step: Transition, changes: Sequence[Change]) -> list[Violation]:
    """Those of the resources that are put, and those that others did not have before, under whatever name."""
    put = {(change.kind, change.name) for change in changes if isinstance(change, Put)}
    found = [each for each in violations_of(step) if each[1].severity == Severity.WARNING]
    if all(key in put for key, _ in found):
        return list(map(in_document, found))
    renamed = {(change.kind, change.name): (change.kind, change.to) for change in changes if isinstance(change, Rename)}
    backwards = Transition(step.repository, step.after, step.before)
    had = {(renamed.get(key, key), each.rule, each.path) for key, each in violations_of(backwards)}
    return [in_document((key, each)) for key, each in found if key in put or (key, each.rule, each.path) not in had]
