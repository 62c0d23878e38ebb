"""Comments on proposals, in threads."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from gateway.engine.json_pointer import tokens
from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.exceptions import NotAllowed
from history.permissions import require
from history.selectors import TreeView
from merging.exceptions import CommentInvalid
from merging.models import Comment, Proposal
from merging.selectors import comment_get, heads_of
from merging.services.proposed import COMMENT, proposal_lock, tell, text_errors
from ontology.engine.places import shape_at

PATH_LENGTH = 1_000


@transaction.atomic
def comment_create(
    *, actor: Any, proposal: Proposal, body: str, path: str = "", parent: Comment | None = None
) -> Comment:
    """Remark something on a proposal, on a place in it, or in the thread of ``parent``, whatever its state.

    ``path`` is a pointer into the OMS document, to a resource that either branch has or to a place in it.
    Raises CommentInvalid with all that is wrong.
    """
    require(actor, COMMENT, proposal.repository)
    proposal = proposal_lock(proposal)
    if errors := [*text_errors("body", body, is_needed=True), *_path_errors(proposal, path, parent)]:
        raise CommentInvalid(errors=errors)
    first = parent and (parent.parent or parent)
    comment = Comment.objects.create(proposal=proposal, author=actor, body=body, path=path, parent=first)
    tell(
        "io.oms.merging.comment.created",
        actor,
        proposal,
        comment=comment.pk,
        path=path,
        thread=first.pk if first else comment.pk,
    )
    return comment


@transaction.atomic
def comment_edit(*, actor: Any, comment: Comment, body: str) -> Comment:
    """Say something else in a comment of one's own, whatever the proposal's state.

    Nothing happens where that is what it says already. Raises CommentInvalid with all that is wrong.
    """
    require(actor, COMMENT, comment.proposal.repository)
    if actor.pk != comment.author_id:
        raise NotAllowed(sentence("Only who wrote a comment may edit it."))
    proposal = proposal_lock(comment.proposal)
    if errors := list(text_errors("body", body, is_needed=True)):
        raise CommentInvalid(errors=errors)
    row = proposal.comments.filter(pk=comment.pk)
    if row.exclude(body=body).update(body=body, edited_at=timezone.now()):
        thread = comment.parent_id or comment.pk
        tell("io.oms.merging.comment.edited", actor, proposal, comment=comment.pk, path=comment.path, thread=thread)
    return comment_get(proposal, comment.pk)


@transaction.atomic
def thread_resolve(*, actor: Any, comment: Comment) -> Comment:
    """Resolve the thread of a comment; gives its first. Nothing happens where it is resolved."""
    first = _first_locked(actor, comment)
    if first.resolved_at is None:
        first.resolved_at, first.resolved_by = timezone.now(), actor
        first.save(update_fields=["resolved_at", "resolved_by"])
        tell("io.oms.merging.thread.resolved", actor, first.proposal, comment=first.pk)
    return first


@transaction.atomic
def thread_reopen(*, actor: Any, comment: Comment) -> Comment:
    """Take back that the thread of a comment is resolved; gives its first. Nothing happens where it is not."""
    first = _first_locked(actor, comment)
    if first.resolved_at is not None:
        first.resolved_at = first.resolved_by = None
        first.save(update_fields=["resolved_at", "resolved_by"])
        tell("io.oms.merging.thread.reopened", actor, first.proposal, comment=first.pk)
    return first


def _first_locked(actor: Any, comment: Comment) -> Comment:
    """The comment that begins the thread, as it is now that its proposal is locked."""
    require(actor, COMMENT, comment.proposal.repository)
    proposal = proposal_lock(comment.proposal)
    first = Comment.objects.select_related("author", "resolved_by").get(pk=comment.parent_id or comment.pk)
    first.proposal = proposal
    return first


def _path_errors(proposal: Proposal, path: str, parent: Comment | None) -> list[FieldError]:
    if not path:
        return []
    if parent is not None:
        return [FieldError("/path", "THREAD_PATH", sentence("A reply stands where its thread does."))]
    if len(path) > PATH_LENGTH:
        return list(text_errors("path", path, PATH_LENGTH))
    if _is_place(proposal, path):
        return []
    message = sentence("{path} leads to nothing that either branch has or may have.", path=path)
    return [FieldError("/path", "PATH_UNKNOWN", message)]


def _is_place(proposal: Proposal, path: str) -> bool:
    """Whether a resource of either branch is at ``path``, or above it and may have something there."""
    if "\0" in path or not path.startswith("/"):
        return False
    root, *place = tokens(path)
    if root != "resources" or len(place) < 2:
        return False
    kind, name, *within = place
    heads = heads_of(proposal)
    trees = [TreeView(head.root) for head in (heads.source, heads.target) if head]
    return shape_at(kind, within) is not None and any(tree.digests([(kind, name)]) for tree in trees)
