"""REST of history: parse, call a service or a selector, render."""

from history.api.views.commits import CommitGraphViewSet, CommitViewSet
from history.api.views.events import EventViewSet
from history.api.views.locks import BranchLockViewSet
from history.api.views.repositories import BranchViewSet, MembershipViewSet, RepositoryViewSet
from history.api.views.resources import ResourceViewSet

__all__ = [
    "BranchLockViewSet",
    "BranchViewSet",
    "CommitGraphViewSet",
    "CommitViewSet",
    "EventViewSet",
    "MembershipViewSet",
    "RepositoryViewSet",
    "ResourceViewSet",
]
