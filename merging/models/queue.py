"""The queues in which proposals wait to be merged, one for each target."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gateway.models import SentencesField
from history.models import Repository
from merging.models.proposals import Proposal


class QueueState(models.TextChoices):
    """What became of a proposal's turn."""

    QUEUED = "queued", _("Queued")
    MERGED = "merged", _("Merged")
    FAILED = "failed", _("Failed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class QueueEntryQuerySet(models.QuerySet["QueueEntry"]):
    def queued(self) -> "QueueEntryQuerySet":
        """Those that wait, the first one first."""
        return self.filter(state=QueueState.QUEUED).order_by("pk")

    def with_position(self) -> "QueueEntryQuerySet":
        """With ``position`` in the queue of the target, from 1; None for those that wait no longer."""
        queue = {"repository": models.OuterRef("repository"), "target": models.OuterRef("target")}
        until = QueueEntry.objects.filter(state=QueueState.QUEUED, pk__lte=models.OuterRef("pk"), **queue)
        count = until.order_by().values("target").annotate(count=models.Count("pk")).values("count")
        return self.annotate(
            position=models.Case(
                models.When(state=QueueState.QUEUED, then=Coalesce(models.Subquery(count), 1)), default=None
            )
        )


class QueueEntry(models.Model):
    """A proposal's turn to be merged into ``target``, by the authority of who put it into the queue.

    Of a target's entries that are queued the one with the lowest id is next. Those that have ended say how: what failed
    with the ``code`` of the problem, its ``reason`` and its ``errors``, what was withdrawn with the reason if it was
    not for somebody's asking.
    """

    State = QueueState

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="queue_entries")
    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="+")
    target = models.CharField(_("target"), max_length=200, db_collation="C")
    state = models.CharField(_("state"), max_length=10, choices=QueueState.choices, default=QueueState.QUEUED)
    method = models.CharField(_("method"), max_length=20)
    """How it is to be merged, a :class:`merging.services.Way`."""
    message = models.TextField(_("message"), blank=True)
    source_head = models.ForeignKey("history.Commit", on_delete=models.RESTRICT, related_name="+")
    """What is to be merged: where the source has moved since, nothing is."""
    revision = models.PositiveIntegerField(null=True, editable=False)
    """That of the proposal: where its conflicts are resolved otherwise since, nothing is merged. NULL: of old."""
    enqueued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    enqueued_at = models.DateTimeField(_("enqueued at"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    code = models.CharField(_("problem"), max_length=100, blank=True)
    reason = SentencesField(_("reason"), default=str, blank=True)
    """A sentence; of an entry from before it was kept as one its English text."""
    errors = SentencesField(_("errors"), default=list)
    """What is wrong with single values, each as :meth:`gateway.exceptions.FieldError.to_json` has it."""
    failures = models.PositiveSmallIntegerField(_("failures"), default=0, db_default=0)
    """At how many attempts PostgreSQL refused a statement of its merge, which left nothing else behind."""

    objects: ClassVar = QueueEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("queue entry")
        verbose_name_plural = _("queue entries")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["repository", "target", "id"],
                condition=models.Q(state=QueueState.QUEUED),
                name="queue_entry_next",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"], condition=models.Q(state=QueueState.QUEUED), name="queue_entry_queued_once"
            ),
            models.CheckConstraint(condition=models.Q(state__in=QueueState.values), name="queue_entry_state"),
            models.CheckConstraint(
                condition=models.Q(state=QueueState.QUEUED, ended_at__isnull=True)
                | models.Q(~models.Q(state=QueueState.QUEUED), ended_at__isnull=False),
                name="queue_entry_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(state=QueueState.FAILED) ^ models.Q(code=""),
                name="queue_entry_failed_with_a_problem",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} → {self.target}"

    @property
    def is_queued(self) -> bool:
        return self.state == QueueState.QUEUED
