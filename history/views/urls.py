"""Pages of the console; the site prefixes them and asks who is there."""

from django.urls import path

from history.views.branches import (
    BranchArchiveView,
    BranchDeleteView,
    BranchListView,
    BranchLockView,
    BranchRestoreView,
    BranchUnlockView,
)
from history.views.commits import CommitListView
from history.views.events import EventListView, EventView
from history.views.repositories import RepositoryNewView

urlpatterns = [
    path("new/", RepositoryNewView.as_view(), name="repository-new"),
    path("repositories/<str:repository>/branches/", BranchListView.as_view(), name="branches"),
    path("repositories/<str:repository>/branches/delete/", BranchDeleteView.as_view(), name="branch-delete"),
    path("repositories/<str:repository>/branches/archive/", BranchArchiveView.as_view(), name="branch-archive"),
    path("repositories/<str:repository>/branches/restore/", BranchRestoreView.as_view(), name="branch-restore"),
    path("repositories/<str:repository>/branches/lock/", BranchLockView.as_view(), name="branch-lock"),
    path("repositories/<str:repository>/branches/unlock/", BranchUnlockView.as_view(), name="branch-unlock"),
    path("repositories/<str:repository>/commits/", CommitListView.as_view(), name="commits"),
    path("repositories/<str:repository>/events/", EventListView.as_view(), name="events"),
    path("repositories/<str:repository>/events/<uuid:event>/", EventView.as_view(), name="event"),
]
