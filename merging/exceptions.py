"""What can go wrong in merging; each is one of gateway's roots by meaning."""

from gateway.exceptions import Conflict, Invalid, NotFound
from history.exceptions import HeadRefused


class MergeConflicted(Conflict):
    """The branches cannot be merged before their conflicts are resolved."""

    code = "merge-conflicted"


class DecisionInvalid(Invalid):
    """A decision is not one that can be made."""

    code = "decision-invalid"


class RebaseTooLong(Invalid):
    """There are too many commits to apply them one by one."""

    code = "rebase-too-long"


class BranchProtected(HeadRefused):
    """The branch is protected, and not all that its rules ask for is so."""

    code = "branch-protected"


class ProtectionRuleNotFound(NotFound):
    """There is no such protection rule."""

    code = "protection-rule-not-found"


class ProtectionRuleInvalid(Invalid):
    """The protection rule is not valid."""

    code = "protection-rule-invalid"


class ProtectionRuleExists(Conflict):
    """There is a protection rule of that pattern and mode already."""

    code = "protection-rule-exists"


class OwnersNotFound(NotFound):
    """There are no owners under that pattern."""

    code = "owners-not-found"


class OwnersInvalid(Invalid):
    """The owners are not valid."""

    code = "owners-invalid"


class CheckInvalid(Invalid):
    """The check is not valid."""

    code = "check-invalid"


class FindingOverrideNotFound(NotFound):
    """There is no such overridden finding."""

    code = "finding-override-not-found"


class FindingOverrideInvalid(Invalid):
    """The finding cannot be overridden like this."""

    code = "finding-override-invalid"


class ProposalNotFound(NotFound):
    """There is no such proposal."""

    code = "proposal-not-found"


class ReviewNotFound(NotFound):
    """There is no such review."""

    code = "review-not-found"


class ReviewerNotFound(NotFound):
    """Nobody of that name is asked for a review."""

    code = "reviewer-not-found"


class CommentNotFound(NotFound):
    """There is no such comment."""

    code = "comment-not-found"


class ConflictNotFound(NotFound):
    """There is no such conflict between the branches as they stand."""

    code = "conflict-not-found"


class QueueEntryNotFound(NotFound):
    """The proposal is not in the queue."""

    code = "queue-entry-not-found"


class ProposalInvalid(Invalid):
    """The proposal is not valid."""

    code = "proposal-invalid"


class NothingToPropose(ProposalInvalid):
    """The target has everything of the source already."""

    code = "nothing-to-propose"


class ReviewInvalid(Invalid):
    """The review is not valid."""

    code = "review-invalid"


class CommentInvalid(Invalid):
    """The comment is not valid."""

    code = "comment-invalid"


class ResolutionInvalid(Invalid):
    """The conflict cannot be resolved like this."""

    code = "resolution-invalid"


class ProposalExists(Conflict):
    """The same is proposed already."""

    code = "proposal-exists"


class ProposalIsDraft(Conflict):
    """The proposal is a draft."""

    code = "proposal-draft"


class ProposalIsClosed(Conflict):
    """The proposal is closed."""

    code = "proposal-closed"


class ProposalIsMerged(Conflict):
    """The proposal is merged."""

    code = "proposal-merged"


class ProposalBranchGone(Conflict):
    """A branch of the proposal is gone."""

    code = "proposal-branch-gone"


class ProposalChanged(Conflict):
    """The proposal was changed meanwhile; look at it again."""

    code = "proposal-changed"


class MainlineInvalid(Invalid):
    """A merge is taken against one of its parents, and anything else against its only one."""

    code = "mainline-invalid"


class StrategyInvalid(Invalid):
    """The strategy cannot be chosen like this."""

    code = "strategy-invalid"


class StrategyNotFound(NotFound):
    """The repository has chosen no such strategy."""

    code = "strategy-not-found"


class ProposalQueued(Conflict):
    """The proposal is in the queue already."""

    code = "proposal-queued"
