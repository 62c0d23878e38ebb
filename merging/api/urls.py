from typing import Any

from django.urls import URLPattern, path
from rest_framework.viewsets import ViewSetMixin

from merging.api import views

REPOSITORY = "repositories/<str:repository>/"
PROPOSAL = f"{REPOSITORY}proposals/<int:number>/"


def of_proposal(address: str, view: type[ViewSetMixin], name: str, **methods: Any) -> URLPattern:
    return path(f"{PROPOSAL}{address}", view.as_view(methods), name=name)


urlpatterns = [
    path(f"{REPOSITORY}merge-preview/", views.MergeViewSet.as_view({"post": "preview"}), name="merge-preview"),
    path(f"{REPOSITORY}merges/", views.MergeViewSet.as_view({"post": "create"}), name="merges"),
    path(
        f"{REPOSITORY}merge-settings/",
        views.MergeSettingsViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="merge-settings",
    ),
    path(
        f"{REPOSITORY}proposals/",
        views.ProposalViewSet.as_view({"get": "list", "post": "create"}),
        name="proposals",
    ),
    of_proposal("", views.ProposalViewSet, "proposal", get="retrieve", patch="partial_update"),
    of_proposal("ready/", views.ProposalViewSet, "proposal-ready", post="ready"),
    of_proposal("draft/", views.ProposalViewSet, "proposal-draft", post="draft"),
    of_proposal("close/", views.ProposalViewSet, "proposal-close", post="close"),
    of_proposal("reopen/", views.ProposalViewSet, "proposal-reopen", post="reopen"),
    of_proposal("merge/", views.ProposalViewSet, "proposal-merge", post="merge"),
    of_proposal("difference/", views.ProposalViewSet, "proposal-difference", get="difference"),
    of_proposal("commits/", views.ProposalViewSet, "proposal-commits", get="commits"),
    of_proposal("conflicts/", views.ConflictViewSet, "proposal-conflicts", get="list"),
    of_proposal(
        "conflicts/<str:identifier>/",
        views.ConflictViewSet,
        "proposal-conflict",
        get="retrieve",
        patch="partial_update",
    ),
    of_proposal("reviews/", views.ReviewViewSet, "proposal-reviews", get="list", post="create"),
    of_proposal("reviews/<int:identifier>/", views.ReviewViewSet, "proposal-review", get="retrieve"),
    of_proposal("reviews/<int:identifier>/dismiss/", views.ReviewViewSet, "proposal-review-dismiss", post="dismiss"),
    of_proposal(
        "reviewers/<str:username>/", views.ReviewerViewSet, "proposal-reviewer", put="update", delete="destroy"
    ),
    of_proposal("comments/", views.CommentViewSet, "proposal-comments", get="list", post="create"),
    of_proposal("comments/<int:identifier>/", views.CommentViewSet, "proposal-comment", patch="partial_update"),
    of_proposal("comments/<int:identifier>/resolve/", views.CommentViewSet, "proposal-comment-resolve", post="resolve"),
    of_proposal("comments/<int:identifier>/reopen/", views.CommentViewSet, "proposal-comment-reopen", post="reopen"),
    of_proposal("timeline/", views.TimelineViewSet, "proposal-timeline", get="list"),
    of_proposal("queue/", views.QueueEntryViewSet, "proposal-queue", get="retrieve", post="create", delete="destroy"),
    path(f"{REPOSITORY}merge-queue/", views.MergeQueueViewSet.as_view({"get": "list"}), name="merge-queue"),
    path(
        f"{REPOSITORY}protection-rules/",
        views.ProtectionRuleViewSet.as_view({"get": "list", "post": "create"}),
        name="protection-rules",
    ),
    path(
        f"{REPOSITORY}protection-rules/<int:identifier>/",
        views.ProtectionRuleViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="protection-rule",
    ),
    path(f"{REPOSITORY}owners/", views.OwnersViewSet.as_view({"get": "list", "post": "create"}), name="owners"),
    path(f"{REPOSITORY}owners/<int:identifier>/", views.OwnersViewSet.as_view({"delete": "destroy"}), name="ownership"),
    path(
        f"{REPOSITORY}commits/<str:ref>/checks/",
        views.CheckViewSet.as_view({"get": "list", "post": "create"}),
        name="checks",
    ),
    of_proposal("finding-overrides/", views.FindingOverrideViewSet, "finding-overrides", get="list", post="create"),
    of_proposal(
        "finding-overrides/<int:identifier>/", views.FindingOverrideViewSet, "finding-override", delete="destroy"
    ),
    path(f"{REPOSITORY}cherry-picks/", views.ApplyViewSet.as_view({"post": "pick"}), name="cherry-picks"),
    path(f"{REPOSITORY}reverts/", views.ApplyViewSet.as_view({"post": "revert"}), name="reverts"),
    path(
        f"{REPOSITORY}merge-strategies/",
        views.MergeStrategyViewSet.as_view({"get": "list", "post": "create"}),
        name="merge-strategies",
    ),
    path(
        f"{REPOSITORY}merge-strategies/<int:number>/",
        views.MergeStrategyViewSet.as_view({"delete": "destroy"}),
        name="merge-strategy",
    ),
]
