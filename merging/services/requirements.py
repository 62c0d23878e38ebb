"""What merging a proposal takes, foreseen."""

from typing import Any

from gateway.exceptions import OMSError
from merging.engine.protection import Requirement
from merging.models import Proposal
from merging.selectors import Outcome, requirements_of
from merging.services.resolutions import ProposalPreview, proposal_preview
from merging.services.ways import Way


def proposal_requirements(
    *, actor: Any, proposal: Proposal, way: Way = Way.MERGE, preview: ProposalPreview | None = None
) -> list[Requirement]:
    """What the target asks before a proposal lands in this way, whether it is so, and what ``actor`` may go past.

    It is what the guard would say now: owners and findings are those of what the merge itself would do, after what was
    renamed meanwhile and conflicts that were resolved. That is the ``preview``, which is made where the caller has none
    and a rule asks for it.
    """

    def foresee() -> Outcome | None:
        try:
            found = preview or proposal_preview(actor=actor, proposal=proposal, way=way)
        except OMSError:  # it cannot be merged like this, which whoever tries is told
            return None
        resolutions = [each.resolution for each in found.conflicts if each.resolution]
        return Outcome(found.preview.changes, found.preview.findings, resolutions, found.decided)

    return requirements_of(proposal, actor, foresee=foresee, makes_merge_commit=way is Way.MERGE)
