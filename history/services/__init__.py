"""Writes of the versioned store. Each is one transaction: permission, rule, change, event."""

from history.services.branches import branch_archive, branch_create, branch_delete, branch_reset, branch_restore
from history.services.commits import (
    MESSAGE_LENGTH,
    check_message,
    commit_create,
    commit_write,
    draft_write,
    drafts_write,
    tree_commit,
    tree_write,
)
from history.services.events import event_record, events_record
from history.services.heads import (
    BRANCH_CREATED,
    BRANCH_DELETED,
    BRANCH_RESET,
    NO_AUTHORITY,
    Authority,
    HeadChange,
    Transition,
    branch_lock,
    head_move,
    hooks_ask,
    moves_heads,
)
from history.services.locks import lock_release, lock_renew, lock_take
from history.services.repositories import membership_remove, membership_set, repository_create, repository_update
from history.services.resources import resource_delete, resource_patch, resource_put
from history.services.staging import Place, changes_stage, place_in_changes

__all__ = [
    "BRANCH_CREATED",
    "BRANCH_DELETED",
    "BRANCH_RESET",
    "MESSAGE_LENGTH",
    "NO_AUTHORITY",
    "Authority",
    "HeadChange",
    "Place",
    "Transition",
    "branch_archive",
    "branch_create",
    "branch_delete",
    "branch_lock",
    "branch_reset",
    "branch_restore",
    "changes_stage",
    "check_message",
    "commit_create",
    "commit_write",
    "draft_write",
    "drafts_write",
    "event_record",
    "events_record",
    "head_move",
    "hooks_ask",
    "lock_release",
    "lock_renew",
    "lock_take",
    "membership_remove",
    "membership_set",
    "moves_heads",
    "place_in_changes",
    "repository_create",
    "repository_update",
    "resource_delete",
    "resource_patch",
    "resource_put",
    "tree_commit",
    "tree_write",
]
