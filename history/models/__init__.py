"""The rows of the versioned store, of the repositories around it and of the event log."""

from history.models.events import Event
from history.models.locks import BranchLock
from history.models.repositories import Branch, HeadMove, Membership, Repository, Role, Visibility
from history.models.store import Blob, Commit, CommitParent, Node, Reference

__all__ = [
    "Blob",
    "Branch",
    "BranchLock",
    "Commit",
    "CommitParent",
    "Event",
    "HeadMove",
    "Membership",
    "Node",
    "Reference",
    "Repository",
    "Role",
    "Visibility",
]
