"""How conflicts of proposals are resolved, and what a repository does with what it remembers of that."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from history.engine.canonical import canonical_bytes
from history.models import Repository
from merging.engine.policy import Decided, Decision
from merging.engine.result import Conflict, Option
from merging.engine.values import ABSENT, Value
from merging.models.proposals import Proposal


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    def remembered(self, proposal: Proposal, conflicts: Any) -> "ResolutionQuerySet":
        """For each of ``conflicts`` (ids) the last resolution with which another proposal of the repository landed."""
        landed = {"proposal__repository": proposal.repository_id, "has_landed": True}
        elsewhere = self.filter(**landed, conflict__in=conflicts)
        given = elsewhere.exclude(proposal=proposal).exclude(option="")
        given = given.select_related("proposal", "resolved_by", "remembered")
        return given.order_by("conflict", "-resolved_at", "-id").distinct("conflict")


class Resolution(models.Model):
    """How a conflict is resolved in a proposal; empty ``option``: it was opened again, and memory does not matter.

    A conflict is known by its id, which is a digest of its path and its three values: wherever it arises
    it is the same one, and where a side moves on it is another, for which this row says nothing. Rows
    therefore never go stale, and those that the engine no longer asks for are the history.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="resolutions")
    conflict = models.CharField(_("conflict"), max_length=64, db_collation="C")
    kind = models.CharField(_("kind"), max_length=20)
    path = models.TextField(_("path"), db_collation="C")
    sides = models.BinaryField()
    """The canonical bytes of the object of ``base``, ``ours`` and ``theirs``, without those that are absent."""
    option = models.CharField(_("resolution"), max_length=100, blank=True)
    value = models.BinaryField(null=True)
    """The canonical bytes of a custom value; NULL where there is none, or it is that there be nothing."""
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(_("resolved at"), default=timezone.now, editable=False)
    remembered = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    """The earlier resolution that was applied, as somebody chose it, where that was not here."""
    has_landed = models.BooleanField(default=False, editable=False)
    """Whether the merge of the proposal met the conflict and settled it so."""

    objects: ClassVar = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["id"]
        indexes = [models.Index(fields=["conflict", "-resolved_at"], name="resolution_by_conflict")]
        constraints = [models.UniqueConstraint(fields=["proposal", "conflict"], name="resolution_once")]

    def __str__(self) -> str:
        return f"{self.path}: {self.option}"

    @property
    def decision(self) -> Decision:
        """What the engine is told."""
        value: Value = ABSENT if self.value is None else json.loads(bytes(self.value))
        return Decision(self.option, value)

    def says(self, decision: Decision | None) -> bool:
        """Whether that is what was decided, by somebody here."""
        option, value = _columns(decision)
        kept = None if self.value is None else bytes(self.value)
        return self.remembered_id is None and (self.option, kept) == (option, value)

    def resolve(self, conflict: Conflict, decision: Decision | None) -> None:
        """Say of ``conflict`` what was decided; None opens it again. Nothing is saved."""
        self.conflict, self.kind, self.path = conflict.id, conflict.kind.value, conflict.path
        self.sides = canonical_bytes(dict(conflict.sides.there))
        self.option, self.value = _columns(decision)


def decided_digests(decided: Iterable[Decided]) -> dict[str, str]:
    """By the ids of conflicts a digest of how each was decided and what that came to, as reviews keep it.

    The id stands for the sides, and so for what one of them comes to. A strategy may come to something else while the
    conflict stays the same: a side that left its value and returned to it is the newest by then.
    """
    return {each.conflict.id: _digest(each) for each in decided}


def _digest(decided: Decided) -> str:
    decision = decided.decision
    if decision.option not in {*Option}:
        decision = replace(decision, value=decided.conflict.offers.get(decision.option, ABSENT))
    option, value = _columns(decision)
    return hashlib.sha256(canonical_bytes([option, value is not None]) + (value or b"")).hexdigest()


def _columns(decision: Decision | None) -> tuple[str, bytes | None]:
    """``option`` and ``value`` of a decision."""
    if decision is None:
        return "", None
    return str(decision.option), None if decision.value is ABSENT else canonical_bytes(decision.value)


class MergeSettings(models.Model):
    """What a repository decides about merging; where there is no row, nothing of it."""

    repository = models.OneToOneField(
        Repository, on_delete=models.CASCADE, primary_key=True, related_name="merge_settings"
    )
    apply_remembered_resolutions = models.BooleanField(_("apply remembered resolutions"), default=False)
    """Whether a conflict that was resolved in another proposal is resolved likewise, unless somebody says otherwise."""

    class Meta:
        verbose_name = _("merge settings")
        verbose_name_plural = _("merge settings")

    def __str__(self) -> str:
        return str(self.repository)
