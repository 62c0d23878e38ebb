"""Answering for findings, so that they may land."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.exceptions import NotAllowed
from history.permissions import VIEW, require
from merging.exceptions import FindingOverrideInvalid, FindingOverrideNotFound
from merging.models import FindingOverride, Proposal, findings_digest
from merging.selectors import OVERRIDE, paths_overridable
from merging.services.proposed import proposal_hold, proposal_lock, require_pending, tell, text_errors
from merging.services.resolutions import proposal_preview


@transaction.atomic
def finding_override(*, actor: Any, proposal: Proposal, rule: str, path: str, reason: str) -> FindingOverride:
    """Let the finding of ``rule`` at ``path`` land with ``proposal`` in its target, as it is now, on ``actor``'s word.

    Administrators may, and who owns what it is about, save who made some of what is proposed; it counts as long as
    they may. Raises FindingOverrideInvalid where there is no such finding, or no reason.
    """
    _require(actor, proposal, path)
    proposal = proposal_hold(proposal)  # a preview writes, so that nobody may wait for it who has written
    if errors := list(text_errors("reason", reason, is_needed=True)):
        raise FindingOverrideInvalid(errors=errors)
    findings = proposal_preview(actor=actor, proposal=proposal).preview.findings
    found = next((each for each in findings if (each.rule, each.path) == (rule, path)), None)
    if found is None:
        message = sentence("The merge of this proposal has no finding {rule} at {path}.", rule=rule, path=path)
        raise FindingOverrideInvalid(message, errors=[FieldError("/rule", "FINDING_UNKNOWN", message)])
    override, _ = FindingOverride.objects.update_or_create(
        proposal=proposal,
        rule=rule,
        path=path,
        defaults={
            "severity": found.own_severity.value,
            "target": proposal.target,
            "digest": findings_digest(rule, path, findings),
            "reason": reason.strip(),
            "overridden_by": actor,
            "overridden_at": timezone.now(),
        },
    )
    tell(
        "io.oms.merging.finding.overridden",
        actor,
        proposal,
        rule=rule,
        path=path,
        severity=override.severity,
        reason=override.reason,
    )
    return override


@transaction.atomic
def finding_override_withdraw(*, actor: Any, override: FindingOverride) -> None:
    """Answer for a finding no longer. Raises FindingOverrideNotFound where somebody else has done so."""
    _require(actor, override.proposal, override.path)
    require_pending(proposal_lock(override.proposal))
    deleted, _ = FindingOverride.objects.filter(pk=override.pk).delete()
    if not deleted:
        raise FindingOverrideNotFound
    event = "io.oms.merging.finding_override.withdrawn"
    tell(event, actor, override.proposal, rule=override.rule, path=override.path)


def _require(actor: Any, proposal: Proposal, path: str) -> None:
    """Refuse unless ``actor`` may answer for findings at ``path``."""
    require(actor, VIEW, proposal.repository)
    if path not in paths_overridable(actor, proposal, [path]):
        message = sentence(
            "Findings are overridden by who has the permission {permission}, and by owners of what they are about who"
            " made nothing of what is proposed.",
            permission=OVERRIDE,
        )
        raise NotAllowed(message)
