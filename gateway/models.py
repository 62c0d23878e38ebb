import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from gateway.engine.sentences import restored, stored


class SentencesField(models.JSONField):
    """JSON in which texts may be sentences: it is read as it was written, for an edge to tell."""

    def get_prep_value(self, value: Any) -> Any:
        return stored(super().get_prep_value(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return restored(super().from_db_value(value, expression, connection))


class IdempotencyRecord(models.Model):
    """The first answer to a request that its client may send again under the same key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    principal = models.CharField(_("principal"), max_length=64)
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(_("fingerprint of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.BinaryField(_("body"), default=b"")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("idempotency record")
        verbose_name_plural = _("idempotency records")
        constraints = [
            models.UniqueConstraint(fields=["principal", "key"], name="gateway_idempotency_principal_key"),
        ]
        indexes = [models.Index(fields=["created_at"], name="gateway_idempotency_created")]

    def __str__(self) -> str:
        return f"{self.principal} {self.key}"
