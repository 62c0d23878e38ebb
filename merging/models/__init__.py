"""What merging keeps: proposals and what is said of them, protection, the merge queue, strategies, reverts."""

from merging.models.conflicts import MergeSettings, Resolution, decided_digests
from merging.models.proposals import (
    ENDED,
    NOTHING_DECIDED,
    Comment,
    Proposal,
    ProposalState,
    Review,
    ReviewRequest,
    Verdict,
)
from merging.models.protection import (
    LAST_POSITION,
    MAX_APPROVALS,
    PATTERN_LENGTH,
    Check,
    CheckState,
    FindingOverride,
    FindingSeverity,
    Ownership,
    ProtectionRule,
    RuleMode,
    findings_digest,
)
from merging.models.queue import QueueEntry, QueueState
from merging.models.reverts import Origin, Revert
from merging.models.strategies import MergeStrategy

__all__ = [
    "ENDED",
    "LAST_POSITION",
    "MAX_APPROVALS",
    "NOTHING_DECIDED",
    "PATTERN_LENGTH",
    "Check",
    "CheckState",
    "Comment",
    "FindingOverride",
    "FindingSeverity",
    "MergeSettings",
    "MergeStrategy",
    "Origin",
    "Ownership",
    "Proposal",
    "ProposalState",
    "ProtectionRule",
    "QueueEntry",
    "QueueState",
    "Resolution",
    "Revert",
    "Review",
    "ReviewRequest",
    "RuleMode",
    "Verdict",
    "decided_digests",
    "findings_digest",
]
