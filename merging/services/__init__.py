"""Writes of merging. Each is one transaction: permission, rule, change, event."""

from merging.services.authority import ProposalAuthority
from merging.services.checks import check_post
from merging.services.comments import comment_create, comment_edit, thread_reopen, thread_resolve
from merging.services.following import proposals_follow
from merging.services.guard import protection_guard
from merging.services.merges import Merged, MergePreview, branch_merge, merge_preview
from merging.services.overrides import finding_override, finding_override_withdraw
from merging.services.owners import owners_remove, owners_set
from merging.services.picks import Applied, commit_pick, commit_revert
from merging.services.proposal_merges import proposal_merge
from merging.services.proposals import (
    proposal_close,
    proposal_draft,
    proposal_open,
    proposal_ready,
    proposal_reopen,
    proposal_update,
)
from merging.services.protection_rules import (
    RULE_FIELDS,
    RuleFields,
    protection_rule_create,
    protection_rule_delete,
    protection_rule_update,
    rule_settings,
)
from merging.services.queue import queue_advance, queue_enter, queue_entry_merge, queue_leave, queue_wake, queues_wake
from merging.services.requirements import proposal_requirements
from merging.services.resolutions import ProposalConflict, ProposalPreview, Resolved, conflict_resolve, proposal_preview
from merging.services.reviewers import reviewer_request, reviewer_withdraw
from merging.services.reviews import review_dismiss, review_submit
from merging.services.settings import merge_settings_set
from merging.services.strategies import merge_strategy_remove, merge_strategy_set
from merging.services.ways import Method, Way

__all__ = [
    "RULE_FIELDS",
    "Applied",
    "MergePreview",
    "Merged",
    "Method",
    "ProposalAuthority",
    "ProposalConflict",
    "ProposalPreview",
    "Resolved",
    "RuleFields",
    "Way",
    "branch_merge",
    "check_post",
    "comment_create",
    "comment_edit",
    "commit_pick",
    "commit_revert",
    "conflict_resolve",
    "finding_override",
    "finding_override_withdraw",
    "merge_preview",
    "merge_settings_set",
    "merge_strategy_remove",
    "merge_strategy_set",
    "owners_remove",
    "owners_set",
    "proposal_close",
    "proposal_draft",
    "proposal_merge",
    "proposal_open",
    "proposal_preview",
    "proposal_ready",
    "proposal_reopen",
    "proposal_requirements",
    "proposal_update",
    "proposals_follow",
    "protection_guard",
    "protection_rule_create",
    "protection_rule_delete",
    "protection_rule_update",
    "queue_advance",
    "queue_enter",
    "queue_entry_merge",
    "queue_leave",
    "queue_wake",
    "queues_wake",
    "review_dismiss",
    "review_submit",
    "reviewer_request",
    "reviewer_withdraw",
    "rule_settings",
    "thread_reopen",
    "thread_resolve",
]
