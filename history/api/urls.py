from django.urls import include, path
from rest_framework.routers import SimpleRouter

from history.api import views

router = SimpleRouter()
router.register("repositories", views.RepositoryViewSet, basename="repository")
router.register("events", views.EventViewSet, basename="event")

in_repository = [
    path("members/", views.MembershipViewSet.as_view({"get": "list"}), name="members"),
    path("members/<str:username>/", views.MembershipViewSet.as_view({"put": "update", "delete": "destroy"})),
    path("branches/", views.BranchViewSet.as_view({"get": "list", "post": "create"}), name="branches"),
    path(
        "branches/<path:name>/",
        views.BranchViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="branch",
    ),
    path("branch-locks/", views.BranchLockViewSet.as_view({"get": "list", "post": "create"}), name="branch-locks"),
    path(
        "branch-locks/<path:branch>/",
        views.BranchLockViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="branch-lock",
    ),
    path("commits/", views.CommitViewSet.as_view({"get": "list", "post": "create"}), name="commits"),
    path("commits/<str:ref>/", views.CommitViewSet.as_view({"get": "retrieve"}), name="commit"),
    path("commit-graph/", views.CommitGraphViewSet.as_view({"get": "retrieve"}), name="commit-graph"),
    path("resources/", views.ResourceViewSet.as_view({"get": "list"}), name="resources"),
    path(
        "resources/<str:kind>/<str:api_name>/",
        views.ResourceViewSet.as_view(
            {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}
        ),
        name="resource",
    ),
    path(
        "resources/<str:kind>/<str:api_name>/history/",
        views.ResourceViewSet.as_view({"get": "history"}),
        name="resource-history",
    ),
]

urlpatterns = [
    path("", include(router.urls)),
    path("repositories/<str:repository>/", include(in_repository)),
]
