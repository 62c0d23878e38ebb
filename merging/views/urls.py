"""Pages of the console; the site prefixes them and asks who is there."""

from django.urls import path

from merging.views.breaks import ProposalBreaksView
from merging.views.conflicts import ConflictListView
from merging.views.discussions import (
    CommentEditView,
    CommentView,
    ReviewDismissView,
    ReviewerView,
    ReviewView,
    ThreadView,
)
from merging.views.merges import MergeView
from merging.views.proposal_page import (
    ProposalChangesView,
    ProposalCommitsView,
    ProposalEditView,
    ProposalMergeView,
    ProposalStateView,
    ProposalView,
)
from merging.views.proposals import ProposalListView, ProposalNewView
from merging.views.protection import (
    OwnersRemoveView,
    OwnersSetView,
    ProtectionRuleDeleteView,
    ProtectionRuleView,
    ProtectionView,
)
from merging.views.queue import MergeQueueView, ProposalQueueLeaveView, ProposalQueueView

PROPOSAL = "repositories/<str:repository>/proposals/<int:number>/"

urlpatterns = [
    path("repositories/<str:repository>/merge/", MergeView.as_view(), name="merge"),
    path("repositories/<str:repository>/protection/", ProtectionView.as_view(), name="protection"),
    path(
        "repositories/<str:repository>/protection/delete/",
        ProtectionRuleDeleteView.as_view(),
        name="protection-rule-delete",
    ),
    path("repositories/<str:repository>/protection/owners/", OwnersSetView.as_view(), name="owners-set"),
    path("repositories/<str:repository>/protection/owners/remove/", OwnersRemoveView.as_view(), name="owners-remove"),
    path(
        "repositories/<str:repository>/protection/<int:identifier>/",
        ProtectionRuleView.as_view(),
        name="protection-rule",
    ),
    path("repositories/<str:repository>/queue/", MergeQueueView.as_view(), name="merge-queue"),
    path("repositories/<str:repository>/proposals/", ProposalListView.as_view(), name="proposals"),
    path("repositories/<str:repository>/proposals/new/", ProposalNewView.as_view(), name="proposal-new"),
    path(PROPOSAL, ProposalView.as_view(), name="proposal"),
    path(f"{PROPOSAL}commits/", ProposalCommitsView.as_view(), name="proposal-commits"),
    path(f"{PROPOSAL}changes/", ProposalChangesView.as_view(), name="proposal-changes"),
    path(f"{PROPOSAL}breaks/", ProposalBreaksView.as_view(), name="proposal-breaks"),
    path(f"{PROPOSAL}conflicts/", ConflictListView.as_view(), name="proposal-conflicts"),
    path(f"{PROPOSAL}edit/", ProposalEditView.as_view(), name="proposal-edit"),
    path(f"{PROPOSAL}state/", ProposalStateView.as_view(), name="proposal-state"),
    path(f"{PROPOSAL}merge/", ProposalMergeView.as_view(), name="proposal-merge"),
    path(f"{PROPOSAL}queue/", ProposalQueueView.as_view(), name="proposal-queue"),
    path(f"{PROPOSAL}queue/leave/", ProposalQueueLeaveView.as_view(), name="proposal-queue-leave"),
    path(f"{PROPOSAL}comment/", CommentView.as_view(), name="proposal-comment"),
    path(f"{PROPOSAL}comments/<int:identifier>/edit/", CommentEditView.as_view(), name="proposal-comment-edit"),
    path(f"{PROPOSAL}thread/", ThreadView.as_view(), name="proposal-thread"),
    path(f"{PROPOSAL}review/", ReviewView.as_view(), name="proposal-review"),
    path(f"{PROPOSAL}review/dismiss/", ReviewDismissView.as_view(), name="proposal-review-dismiss"),
    path(f"{PROPOSAL}reviewers/", ReviewerView.as_view(), name="proposal-reviewers"),
]
