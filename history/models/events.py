"""The event log: written in the transaction of the change that it tells of."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from history.models.repositories import Repository


class CurrentTransaction(models.Func):
    """The 64-bit number of the writing transaction."""

    function = "pg_current_xact_id"
    arity = 0
    output_field: ClassVar = models.TextField()


class EventQuerySet(models.QuerySet["Event"]):
    FILTERS: ClassVar = {
        "type": "type",
        "subject": "subject",
        "actor": "actor",
        "repository": "repository__name",
        "since": "time__gte",
        "until": "time__lt",
    }

    def visible_to(self, user: Any) -> "EventQuerySet":
        """Events of the repositories that ``user`` sees and those that ``user`` caused; all for an administrator."""
        if not user.is_authenticated or not user.has_perm("history.view_repository"):
            return self.none()
        if user.has_perm("history.view_all_events"):
            return self
        repositories = Repository.objects.visible_to(user).values("id")
        return self.filter(models.Q(repository__in=repositories) | models.Q(repository__isnull=True, actor=user.pk))

    def matching(self, **wanted: Any) -> "EventQuerySet":
        """Events with this ``type``, ``subject``, ``actor`` (a UUID) and ``repository`` (a name), from ``since`` on and
        before ``until``; what is None does not matter.
        """
        given = {name: value for name, value in wanted.items() if value is not None}
        return self.filter(**{self.FILTERS[name]: value for name, value in given.items()})

    def after(self, transaction: int, number: int) -> "EventQuerySet":
        """The events behind a reader's position, in an order in which a later read misses none.

        Numbers are given before commit, so a cursor by number alone skips what commits late.
        By (transaction, number), and only below the oldest transaction that is still running,
        nothing can appear behind the cursor any more.
        """
        return (
            self.filter(models.Q(transaction=transaction, id__gt=number) | models.Q(transaction__gt=transaction))
            .filter(transaction__lt=RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", ()))
            .order_by("transaction", "id")
        )


class Event(models.Model):
    """Something that happened, as a CloudEvent whose bytes are frozen as they were written."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """The CloudEvent's id."""
    type = models.CharField(_("type"), max_length=100, db_collation="C")
    subject = models.CharField(_("subject"), max_length=400, blank=True, db_collation="C")
    actor = models.UUIDField(_("actor"), null=True)
    """The UUID of who did it, never a name; NULL for the system."""
    repository = models.ForeignKey(Repository, on_delete=models.SET_NULL, null=True, related_name="events")
    time = models.DateTimeField(_("time"))
    body = models.BinaryField()
    """The CloudEvent in the JSON event format (CloudEvents 1.0), as it was written."""
    transaction = models.BigIntegerField(
        db_default=Cast(Cast(CurrentTransaction(), models.TextField()), models.BigIntegerField()), editable=False
    )

    objects: ClassVar = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["transaction", "id"], name="event_by_transaction"),
            models.Index(fields=["repository", "-id"], name="event_by_repository"),
            models.Index(fields=["type", "-id"], name="event_by_type"),
            models.Index(fields=["actor", "-id"], name="event_by_actor"),
            models.Index(fields=["subject", "-id"], name="event_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"
