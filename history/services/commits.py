"""Making commits: from changes, or from a tree that somebody else has built."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils import timezone

from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError, Invalid
from history.engine.canonical import canonical_bytes, digest
from history.engine.changes import Change
from history.engine.content import Content, Key
from history.engine.dag import Jump, next_jump
from history.exceptions import ChangesInvalid, NothingChanged
from history.models import Blob, Branch, Commit, CommitParent, Reference, Repository
from history.models.bulk import rows_insert
from history.permissions import require
from history.selectors import TreeDraft, TreeView, tree_draft
from history.services.heads import NO_AUTHORITY, Authority, branch_lock, head_move, moves_heads
from history.services.staging import Place, changes_stage, errors_place, place_in_changes

MESSAGE_LENGTH: Final = 10_000
REFERENCE_COLUMNS: Final = dict.fromkeys(("target_kind", "target_name", "kind", "name", "blob_id"), "text")


@moves_heads
def commit_create(
    *,
    actor: Any,
    branch: Branch,
    changes: Sequence[Change],
    message: str,
    expected_head: str | None = None,
    authority: Authority = NO_AUTHORITY,
    place: Place = place_in_changes,
) -> Commit:
    """Apply ``changes`` in order on the head of ``branch`` as one commit.

    Raises StaleHead where the head is not ``expected_head``, ChangesInvalid with every error,
    NothingChanged, and what hooks refuse with. ``place`` says where in the request a part of a
    change stands; what a hook has against a content that is put here is told there as well.
    """
    require(actor, "history.commit", branch.repository)
    head = branch_lock(branch, actor=actor, expected_head=expected_head, authority=authority)
    before = TreeView(head.root)
    contents = changes_stage(before=before, changes=changes, place=place)
    check_message(message)
    root = tree_write(before=before, contents=contents)
    if root == head.root:
        raise NothingChanged
    try:
        return tree_commit(
            actor=actor,
            branch=branch,
            head=head,
            root=root,
            message=message,
            event="io.oms.history.commit.created",
            authority=authority,
            known={key: content for key, content in contents.items() if content is not None},
        )
    except Invalid as refused:
        refused.errors = tuple(errors_place(refused.errors, changes, place))
        raise


@moves_heads
def tree_commit(  # noqa: PLR0913  (all by keyword; each says something about the one commit)
    *,
    actor: Any,
    branch: Branch,
    head: Commit,
    root: str,
    message: str,
    event: str,
    parents: Sequence[Commit] = (),
    data: dict[str, Any] | None = None,
    authority: Authority = NO_AUTHORITY,
    known: Mapping[Key, Content] | None = None,
) -> Commit:
    """A commit of a tree that is written already, on ``head`` and the further ``parents``; ``branch`` moves to it.

    The caller holds the branch's lock (:func:`branch_lock`) and has asked for permission.
    """
    check_message(message)
    commit = commit_write(
        repository=branch.repository, author=actor, root=root, parents=[head, *parents], message=message
    )
    head_move(
        actor=actor, branch=branch, before=head, after=commit, event=event, data=data, authority=authority, known=known
    )
    return commit


def check_message(message: str) -> None:
    """Raise ChangesInvalid unless a commit may have this message."""
    rules = (
        (not message.strip(), "REQUIRED", sentence("A commit needs a message.")),
        ("\0" in message, "NULL_CHARACTER", sentence("A message holds no NUL character.")),
        (
            len(message) > MESSAGE_LENGTH,
            "LENGTH",
            sentence("A message has at most {limit} characters.", limit=MESSAGE_LENGTH),
        ),
    )
    for broken, rule, problem in rules:
        if broken:
            raise ChangesInvalid(problem, errors=[FieldError("/message", rule, problem)])


def tree_write(*, before: TreeView, contents: Mapping[Key, Content | None]) -> str:
    """Write blobs, references and nodes for ``contents`` on top of ``before``; gives the new root.

    None removes a key.
    """
    return draft_write(tree_draft(before, contents))


def draft_write(draft: TreeDraft) -> str:
    """Write blobs, references and nodes of a drafted tree; gives its root."""
    drafts_write([draft])
    return draft.tree.root


def drafts_write(drafts: Sequence[TreeDraft]) -> None:
    """Write the blobs, references and nodes of trees, each drafted upon the one before.

    Rows are written in one order by everybody and once in a transaction, so writers do not deadlock: who writes
    several trees collects them first (:meth:`TreeDraft.held`).
    """
    if not drafts:
        return
    Blob.objects.write({draft.digests[key]: body for draft in drafts for key, body in draft.bodies.items()})
    rows_insert(Reference, REFERENCE_COLUMNS, sorted({row for draft in drafts for row in draft.references()}))
    drafts[-1].tree.nodes.flush(draft.tree.root for draft in drafts)


def commit_write(*, repository: Repository, author: Any, root: str, parents: Sequence[Commit], message: str) -> Commit:
    """The row of a commit and its edges. Its digest covers ids and a salted digest of the message, no text.

    It is never older than a parent, whatever the clocks of two machines say: logs go by time.
    """
    salt, now = secrets.token_bytes(16), max([timezone.now(), *(parent.created_at for parent in parents)])
    body = {
        "repository": str(repository.pk),
        "root": root,
        "parents": [parent.digest for parent in parents],
        "author": str(author.pk),
        "message": hashlib.sha256(salt + message.encode()).hexdigest(),
        "created_at": now.isoformat(),
    }
    place = _place_in_history(parents)
    commit = Commit.objects.create(
        digest=digest("commit", canonical_bytes(body)),
        repository=repository,
        root=root,
        author=author,
        message=message,
        message_salt=salt,
        created_at=now,
        generation=1 + max((parent.generation for parent in parents), default=-1),
        depth=place.depth,
        first_parent=parents[0] if parents else None,
        jump_id=place.jump,
        jump_depth=place.jump_depth,
    )
    CommitParent.objects.bulk_create(
        CommitParent(commit=commit, parent=parent, position=position) for position, parent in enumerate(parents)
    )
    return commit


def _place_in_history(parents: Sequence[Commit]) -> Jump:
    if not parents:
        return Jump(0, None, 0)
    first = parents[0]
    of_jump = Commit.objects.filter(digest=first.jump_id).values_list("depth", "jump_id", "jump_depth").first()
    return next_jump(
        first.digest, Jump(first.depth, first.jump_id, first.jump_depth), Jump(*of_jump) if of_jump else None
    )
