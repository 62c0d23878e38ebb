"""What can go wrong in history; each is one of gateway's roots by meaning."""

from typing import TYPE_CHECKING

from gateway.exceptions import Conflict, Forbidden, Invalid, Locked, Malformed, NotFound, PreconditionFailed

if TYPE_CHECKING:
    from history.services.heads import HeadChange


class HistoryNotFound(NotFound):
    """There is nothing of that name here."""


class RepositoryNotFound(HistoryNotFound):
    """There is no such repository."""

    code = "repository-not-found"


class BranchNotFound(HistoryNotFound):
    """There is no such branch."""

    code = "branch-not-found"


class LockNotFound(HistoryNotFound):
    """The branch is not locked."""

    code = "lock-not-found"


class MemberNotFound(HistoryNotFound):
    """There is no such person."""

    code = "member-not-found"


class RefNotFound(HistoryNotFound):
    """No branch or commit answers to that ref."""

    code = "ref-not-found"


class ResourceNotFound(HistoryNotFound):
    """There is no such resource at that ref."""

    code = "resource-not-found"


class RefAmbiguous(Invalid):
    """Several commits start with these digits."""

    code = "ref-ambiguous"


class RefMalformed(Malformed):
    """The ref is not one that can be read."""

    code = "ref-malformed"


class CursorInvalid(Malformed):
    """The cursor is not one that this list gave."""

    code = "cursor-invalid"


class NameInvalid(Invalid):
    """The name breaks a rule."""

    code = "name-invalid"


class RepositoryInvalid(Invalid):
    """The repository is not valid."""

    code = "repository-invalid"


class RoleUnknown(Invalid):
    """There is no such role."""

    code = "role-unknown"


class NameTaken(Conflict):
    """The name is taken."""

    code = "name-taken"


class StaleHead(Conflict):
    """The branch has moved since."""

    code = "stale-head"


class KindUnknown(Invalid):
    """There is no such kind of resource."""

    code = "kind-unknown"


class ChangesInvalid(Invalid):
    """The changes do not make a valid commit."""

    code = "changes-invalid"


class NothingChanged(ChangesInvalid):
    """The changes leave everything as it is."""

    code = "nothing-changed"


class BranchLocked(Locked):
    """The branch is locked or archived and cannot be written to."""

    code = "branch-locked"


class LockLost(Locked):
    """The lock that this token belongs to has ended."""

    code = "lock-lost"


class LockInvalid(Invalid):
    """A branch cannot be locked like this."""

    code = "lock-invalid"


class DefaultBranchKept(Conflict):
    """The default branch cannot be deleted or archived."""

    code = "default-branch-kept"


class ResourceChanged(PreconditionFailed):
    """The resource has changed since it was read."""

    code = "resource-changed"


class HeadRefused(Forbidden):
    """The branch may not be moved like this."""

    code = "head-refused"
    change: "HeadChange | None" = None
    """The move that a guard has refused."""
    may_be_bypassed = False
    """Whether nothing but a reason is missing for who has asked to go past all that refuses it."""


class NotAllowed(Forbidden):
    """You may not do this here."""

    code = "not-allowed"
