"""The guard of protected branches: asked wherever a head moves, in the transaction that moves it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import structlog
from django.db import DatabaseError, transaction

from accounts.backends import roles_in
from accounts.services import require_fresh_authentication
from gateway.engine.sentences import joined, sentence
from gateway.exceptions import FieldError
from history.models import Commit
from history.services import HeadChange, event_record
from merging.engine.protection import Facts, Move, Requirement, evaluate
from merging.engine.rules import Rule, strictest
from merging.exceptions import BranchProtected
from merging.models import NOTHING_DECIDED, Proposal, RuleMode
from merging.selectors import NOTHING_KNOWN, MadeLanding, facts_of, facts_of_creation, protection_of, rules_in
from merging.services.authority import ProposalAuthority

BYPASSED: Final = "io.oms.merging.protection.bypassed"
EVALUATED: Final = "io.oms.merging.protection.evaluated"

logger = structlog.get_logger(__name__)


def protection_guard(change: HeadChange) -> None:
    """Raise BranchProtected with everything that the active rules ask for and is not so.

    Where ``change`` comes with a reason, what every rule that minds lets the actor's role go past does not count, and
    that it was gone past is an event; who does so must have shown just now who they are. Rules in evaluation refuse
    nothing; what they would refuse is an event. What is looked at is locked until the transaction ends. Where it
    cannot be looked at, the branch does not move.
    """
    rows = protection_of(change.branch.repository_id, change.branch.name)
    if active := rules_in(rows, RuleMode.ACTIVE):
        _hold(change, active)
    if tried := rules_in(rows, RuleMode.EVALUATE):
        _try(change, tried)


def _hold(change: HeadChange, rules: Sequence[Rule]) -> None:
    try:
        unmet = _unmet(change, rules, [RuleMode.ACTIVE])
    except DatabaseError:  # has undone everything itself, and says better what is the matter
        raise
    except Exception as fault:
        logger.exception("protection_undecided", branch=change.branch.name)
        message = sentence("It cannot be found out whether what protects {branch} is met.", branch=change.branch.name)
        raise BranchProtected(message, errors=[FieldError("", "PROTECTION_UNDECIDED", message)]) from fault
    reason = change.authority.bypass_reason
    blocking = [each for each in unmet if not (each.may_be_bypassed and reason.strip())]
    if blocking:
        patterns = joined("{first}, {second}", _patterns(blocking))
        message = sentence("{branch} is protected by {rules}.", branch=change.branch.name, rules=patterns)
        errors = [FieldError("", each.name.value, each.detail) for each in blocking]
        refusal = BranchProtected(message, errors=errors)
        refusal.may_be_bypassed = all(each.may_be_bypassed for each in unmet)
        raise refusal
    if unmet:
        require_fresh_authentication(change.actor)
        _tell(BYPASSED, change, unmet, reason=reason)


def _try(change: HeadChange, rules: Sequence[Rule]) -> None:
    try:
        with transaction.atomic():
            unmet = _unmet(change, rules, list(RuleMode))
    except Exception:  # a rule that only reports must not stop anybody, whatever is wrong with it
        logger.exception("protection_not_evaluated", branch=change.branch.name)
        return
    if unmet:
        _tell(EVALUATED, change, unmet)


def _unmet(change: HeadChange, rules: Sequence[Rule], modes: Sequence[RuleMode]) -> list[Requirement]:
    """What is asked for and is not so; each tells whether the actor's roles may go past it."""
    facts = _facts(change, strictest(rules), modes)
    if all(each.satisfied for each in evaluate(rules, facts)):
        return []
    roles = roles_in(change.actor, change.branch.repository)
    return [each for each in evaluate(rules, facts, roles) if not each.satisfied]


def _facts(change: HeadChange, wanted: Rule, modes: Sequence[RuleMode]) -> Facts:
    """What ``wanted`` has to know, where rules of these ``modes`` count; what could change meanwhile is locked."""
    if change.is_creation:
        return facts_of_creation(wanted, change.branch, modes)
    if change.is_archival:
        return replace(NOTHING_KNOWN, move=Move.ARCHIVAL)
    landing = _landing(change)
    if wanted.required_checks and landing.checked:
        # Who posts a check locks its commit likewise: what was posted is known here, or comes after the move.
        Commit.objects.select_for_update(no_key=True).filter(pk=landing.checked).first()
    return facts_of(wanted, landing)


def _landing(change: HeadChange) -> MadeLanding:
    proposal = _proposal(change)
    source = _source(change) if proposal else None
    decided = change.authority.decided if isinstance(change.authority, ProposalAuthority) else NOTHING_DECIDED
    return MadeLanding(change.branch.repository, proposal, source, change.before, change.after, decided)


def _proposal(change: HeadChange) -> Proposal | None:
    """The proposal that is merged, locked, so that nobody reviews, comments or overrides meanwhile."""
    authority = change.authority
    if not isinstance(authority, ProposalAuthority):
        return None
    into = {"repository": change.branch.repository_id, "target": change.branch.name}
    return Proposal.objects.select_for_update().filter(pk=authority.proposal.pk, **into).first()


def _source(change: HeadChange) -> Commit | None:
    """The head of the proposal's source, unless what lands is the merge of something else."""
    authority: Any = change.authority
    source: Commit = authority.source_head
    if change.after is None or change.after == source:
        return source
    merged = change.after.parent_edges.filter(position__gt=0).values_list("parent_id", flat=True)
    return source if all(digest == source.digest for digest in merged) else None


def _patterns(requirements: Sequence[Requirement]) -> list[str]:
    return sorted({each.rule.pattern for each in requirements})


def _tell(event: str, change: HeadChange, unmet: Sequence[Requirement], **data: Any) -> None:
    branch, repository = change.branch, change.branch.repository
    event_record(
        type=event,
        subject=f"repositories/{repository.name}/branches/{branch.name}",
        actor=change.actor,
        repository=repository,
        branch=branch.name,
        commit=change.after.digest if change.after else "",
        data={
            "repository": repository.name,
            "branch": branch.name,
            "head": change.before.digest,
            "move": change.event,
            "rules": _patterns(unmet),
            "requirements": [{"name": each.name.value, "subject": each.subject} for each in unmet],
            **data,
        },
    )
