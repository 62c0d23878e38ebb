"""The conflicts of a proposal as its branches stand, and how they are resolved, one at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.services import require_on_resources
from gateway.engine.json_pointer import tokens
from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.permissions import require
from merging.engine.policy import NO_DECISIONS, Decided, Decision, Decisions
from merging.engine.result import Conflict, Option
from merging.engine.values import ABSENT, Json, Value
from merging.exceptions import ConflictNotFound, ResolutionInvalid
from merging.models import NOTHING_DECIDED, Proposal, Resolution, decided_digests
from merging.selectors import custom_value, is_decidable, memory_applies
from merging.services.following import approvals_dismiss
from merging.services.merges import MergePreview, merge_preview
from merging.services.proposed import PROPOSE, heads_there, proposal_hold, proposal_save, tell
from merging.services.ways import Way
from ontology.engine.places import OWN_NAME

RESOLVED: Final = "io.oms.merging.conflict.resolved"
REOPENED: Final = "io.oms.merging.conflict.reopened"


@dataclass(frozen=True)
class ProposalConflict:
    """A conflict of a proposal, and what was said about it."""

    conflict: Conflict
    resolution: Resolution | None
    """What settles it; None where it is open. One of another proposal is applied from memory."""
    remembered: Resolution | None
    """The last resolution of the same conflict in another, merged proposal of the repository."""
    is_from_memory: bool = False
    """Whether what settles it was not chosen by anybody here."""

    def to_json(self) -> dict[str, Json]:
        """The conflict as an object, with its resolution."""
        if self.resolution is None:
            return self.conflict.to_open_json()
        return Decided(self.conflict, self.resolution.decision).to_json()


@dataclass(frozen=True)
class ProposalPreview:
    """What merging a proposal would do, with its conflicts resolved as far as they are."""

    preview: MergePreview
    conflicts: Sequence[ProposalConflict]
    """All that the branches are in, by path, those that are settled among them."""

    @property
    def decided(self) -> dict[str, str]:
        """How conflicts are settled, those among them that a strategy of the repository keeps from being any."""
        rows = [(each.conflict, each.resolution) for each in self.conflicts if each.resolution]
        resolved = [Decided(conflict, row.decision) for conflict, row in rows]
        return decided_digests([*self.preview.chosen, *resolved])


@dataclass(frozen=True)
class Resolved:
    """A conflict after somebody has said something about it, and the rules that this would break in the result."""

    conflict: ProposalConflict
    violations: Sequence[FieldError]


def proposal_preview(*, actor: Any, proposal: Proposal, way: Way = Way.MERGE) -> ProposalPreview:
    """What merging a proposal in this way would do now or, where it has ended, what it would have done at its end.

    Raises ProposalBranchGone.
    """
    preview, applied = _applied(actor, proposal, way)
    # What was decided and breaks a rule is open once more, under the same id.
    opened = {each.id: each for each in preview.conflicts}
    settled = {each.conflict.id: each.conflict for each in preview.decided if each.conflict.id not in opened}
    found = sorted((*opened.values(), *settled.values()), key=lambda each: (each.path, each.kind))
    remembered = {row.conflict: row for row in Resolution.objects.remembered(proposal, [each.id for each in found])}

    def said_of(conflict: Conflict) -> ProposalConflict:
        row = applied[conflict.id] if conflict.id in settled else None
        is_from_memory = row is not None and (row.proposal_id != proposal.pk or row.remembered_id is not None)
        return ProposalConflict(conflict, row, remembered.get(conflict.id), is_from_memory)

    return ProposalPreview(preview, [said_of(conflict) for conflict in found])


def decisions_in_effect(*, actor: Any, proposal: Proposal, way: Way) -> Mapping[str, str]:
    """How conflicts of a proposal are settled now, as reviews keep it (:func:`merging.models.decided_digests`)."""
    if not is_decidable(proposal):
        return NOTHING_DECIDED
    return proposal_preview(actor=actor, proposal=proposal, way=way).decided


def resolutions_settle(*, actor: Any, proposal: Proposal, way: Way) -> Decisions:
    """The decisions with which a proposal is merged; those that memory makes become resolutions of its own."""
    if not memory_applies(proposal):
        return _decisions({row.conflict: row for row in proposal.resolutions.exclude(option="")})
    preview, applied = _applied(actor, proposal, way)
    for conflict in {each.conflict.id: each.conflict for each in preview.decided}.values():
        earlier = applied[conflict.id]
        if earlier.proposal_id != proposal.pk:
            row = Resolution(proposal=proposal, resolved_by=actor, remembered=earlier.remembered or earlier)
            row.resolve(conflict, earlier.decision)
            row.save()
            _tell(actor, row, remembered=earlier.proposal.number)
    return _decisions(applied)


@transaction.atomic
def conflict_resolve(
    *,
    actor: Any,
    proposal: Proposal,
    conflict: str,
    resolution: str | None,
    value: Value = ABSENT,
    way: Way = Way.MERGE,
) -> Resolved:
    """Resolve the conflict of this id by one of its options, or open it again where ``resolution`` is None.

    ``value`` goes with "custom"; null is that there be nothing. Nothing happens where that was said already.
    Resolving one may bring up others. Raises ConflictNotFound where there is no such conflict as the branches
    stand, ResolutionInvalid, which names what a value breaks at its own place, and ResourceRefused where the actor
    has a role on other resources alone.
    """
    require(actor, PROPOSE, proposal.repository)
    proposal = proposal_hold(proposal)
    before = proposal_preview(actor=actor, proposal=proposal, way=way)
    said = _named(before, conflict)
    found = said.conflict
    decision = _decision(found, resolution, value)
    require_on_resources(actor, PROPOSE, proposal.repository, _decided_on(found, decision))
    row = proposal.resolutions.filter(conflict=found.id).first() or Resolution(proposal=proposal)
    if row.says(decision) if row.pk else said.resolution is None and decision is None:
        return Resolved(said, ())
    row.resolve(found, decision)
    row.resolved_by, row.resolved_at, row.remembered = actor, timezone.now(), None
    row.save()
    proposal.revision += 1
    proposal_save(proposal, "revision")
    approvals_dismiss(actor=actor, proposals=[proposal])
    after = proposal_preview(actor=actor, proposal=proposal, way=way)
    brought = [each for each in after.preview.violations if each not in before.preview.violations]
    if decision is not None:
        _require_settled(after, found, decision, brought)
    _tell(actor, row)
    return Resolved(_of(after, found), brought)


def _applied(actor: Any, proposal: Proposal, way: Way) -> tuple[MergePreview, Mapping[str, Resolution]]:
    """The preview of a proposal, and by the conflicts' ids the resolutions that it was made with."""
    source, target = heads_there(proposal)
    used = _Resolutions(proposal)
    preview = merge_preview(
        actor=actor,
        repository=proposal.repository,
        source=source.digest,
        target=target.digest,
        way=way,
        decisions=_decisions(used.applied),
        recall=used.recall,
    )
    return preview, used.applied


class _Resolutions:
    """The resolutions with which a proposal is merged.

    Those are its own and, where the repository says so, for conflicts about which nobody said anything here, the
    remembered ones, once a merge has met them.
    """

    def __init__(self, proposal: Proposal) -> None:
        self._proposal = proposal
        self._own = {row.conflict: row for row in proposal.resolutions.select_related("proposal", "resolved_by")}
        self._remembers = memory_applies(proposal)
        self.applied = {conflict: row for conflict, row in self._own.items() if row.option}

    def recall(self, conflicts: Collection[Conflict]) -> Decisions:
        """The decisions that are remembered about those of ``conflicts`` about which nobody said anything here."""
        if not self._remembers:
            return NO_DECISIONS
        silent = {each.id for each in conflicts} - self._own.keys()
        rows = Resolution.objects.remembered(self._proposal, silent - self.applied.keys())
        self.applied |= {row.conflict: row for row in rows}
        return _decisions({conflict: self.applied[conflict] for conflict in silent & self.applied.keys()})


def _decisions(applied: Mapping[str, Resolution]) -> Decisions:
    return {conflict: row.decision for conflict, row in applied.items()}


def _tell(actor: Any, row: Resolution, **more: Any) -> None:
    event, said = (RESOLVED, {"resolution": row.option}) if row.option else (REOPENED, {})
    tell(event, actor, row.proposal, conflict=row.conflict, path=row.path, **said, **more)


def _named(preview: ProposalPreview, identifier: str) -> ProposalConflict:
    found = next((each for each in preview.conflicts if each.conflict.id == identifier), None)
    if found is None:
        raise ConflictNotFound
    return found


def _of(preview: ProposalPreview, conflict: Conflict) -> ProposalConflict:
    """What is said of a conflict now; one that is there no longer, since another was opened again, is open."""
    return next(
        (each for each in preview.conflicts if each.conflict.id == conflict.id), ProposalConflict(conflict, None, None)
    )


def _decision(conflict: Conflict, resolution: str | None, value: Value) -> Decision | None:
    """The decision that somebody asks for, None to open the conflict again. Raises ResolutionInvalid."""
    if resolution is not None and resolution not in conflict.options:
        options = ", ".join(str(option) for option in conflict.options)
        message = sentence("{resolution} is none of {options}.", resolution=repr(resolution), options=options)
        raise ResolutionInvalid(errors=[FieldError("/resolution", "RESOLUTION_UNKNOWN", message)])
    if resolution != Option.CUSTOM:
        if value is ABSENT:
            return None if resolution is None else Decision(resolution)
        message = sentence("A value goes with the resolution custom only.")
        raise ResolutionInvalid(errors=[FieldError("/value", "NOT_CUSTOM", message)])
    if value is ABSENT:
        message = sentence("The resolution custom needs a value; null is that there be nothing.")
        raise ResolutionInvalid(errors=[FieldError("/value", "REQUIRED", message)])
    normal, violations = custom_value(conflict, value)
    if violations:
        raise ResolutionInvalid(
            errors=[FieldError(f"/value{each.path}", each.rule, each.message) for each in violations]
        )
    return Decision(resolution, normal)


def _decided_on(conflict: Conflict, decision: Decision | None) -> list[str]:
    """The resources (``kind/api_name``) that a decision is about, also under a name that it gives."""
    _resources, kind, name, *within = tokens(conflict.subject)
    names = {name}
    if within == [OWN_NAME] and decision and isinstance(decision.value, str):
        names.add(decision.value)
    return [f"{kind}/{each}" for each in sorted(names)]


def _require_settled(
    after: ProposalPreview, conflict: Conflict, decision: Decision, brought: Sequence[FieldError]
) -> None:
    """Raise ResolutionInvalid where a decision settles nothing, or its value breaks a rule at its own place.

    As long as others are open in the same resource a value may be waiting for them, so it is let through then.
    """
    others = [each.path for each in after.preview.conflicts if each.id != conflict.id]
    resource = "/".join(conflict.path.split("/")[:4])
    if decision.option == Option.CUSTOM and not any(f"{path}/".startswith(f"{resource}/") for path in others):
        own = [each for each in brought if f"{each.field}/".startswith(f"{conflict.path}/")]
        if own:
            places = ((each, f"/value{each.field.removeprefix(conflict.path)}") for each in own)
            raise ResolutionInvalid(errors=[FieldError(field, each.rule, each.message) for each, field in places])
    if any(each.id == conflict.id for each in after.preview.conflicts):
        message = sentence("This does not settle the conflict.")
        raise ResolutionInvalid(errors=[FieldError("/resolution", "NOT_SETTLED", message)])
