"""Reads of the versioned store."""

from history.selectors.changes import ChangeKind, ResourceChange, resource_changes
from history.selectors.content import content_model
from history.selectors.graph import (
    DatabaseGraph,
    commits_only_in,
    commits_reached,
    merge_bases,
    merge_bases_of,
    parents_prefetch,
)
from history.selectors.lanes import (
    DrawnCommit,
    branches_left_out,
    graph_cursor,
    graph_page,
    graph_position,
    graph_start,
)
from history.selectors.locks import lock_get, locks_of, token_held
from history.selectors.log import cursor_of, frontier_of, log_page, resource_log_page
from history.selectors.refs import branch_get, membership_get, ref_resolve, repository_get, user_get
from history.selectors.trees import DatabaseNodes, TreeDraft, TreeView, tree_diff, tree_diffs, tree_draft

__all__ = [
    "ChangeKind",
    "DatabaseGraph",
    "DatabaseNodes",
    "DrawnCommit",
    "ResourceChange",
    "TreeDraft",
    "TreeView",
    "branch_get",
    "branches_left_out",
    "commits_only_in",
    "commits_reached",
    "content_model",
    "cursor_of",
    "frontier_of",
    "graph_cursor",
    "graph_page",
    "graph_position",
    "graph_start",
    "lock_get",
    "locks_of",
    "log_page",
    "membership_get",
    "merge_bases",
    "merge_bases_of",
    "parents_prefetch",
    "ref_resolve",
    "repository_get",
    "resource_changes",
    "resource_log_page",
    "token_held",
    "tree_diff",
    "tree_diffs",
    "tree_draft",
    "user_get",
]
