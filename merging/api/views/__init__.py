"""REST of merging, a module per subject."""

from merging.api.views.conflicts import ConflictViewSet
from merging.api.views.discussions import CommentViewSet, ReviewerViewSet, ReviewViewSet, TimelineViewSet
from merging.api.views.merges import MergeViewSet
from merging.api.views.picks import ApplyViewSet
from merging.api.views.proposals import MergeSettingsViewSet, ProposalViewSet
from merging.api.views.protection import CheckViewSet, FindingOverrideViewSet, OwnersViewSet, ProtectionRuleViewSet
from merging.api.views.queue import MergeQueueViewSet, QueueEntryViewSet
from merging.api.views.strategies import MergeStrategyViewSet

__all__ = [
    "ApplyViewSet",
    "CheckViewSet",
    "CommentViewSet",
    "ConflictViewSet",
    "FindingOverrideViewSet",
    "MergeQueueViewSet",
    "MergeSettingsViewSet",
    "MergeStrategyViewSet",
    "MergeViewSet",
    "OwnersViewSet",
    "ProposalViewSet",
    "ProtectionRuleViewSet",
    "QueueEntryViewSet",
    "ReviewViewSet",
    "ReviewerViewSet",
    "TimelineViewSet",
]
