"""The keys that sign access tokens."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def verifying(self, at: datetime) -> "SigningKeyQuerySet":
        """Those whose signatures are accepted, the one that signs first."""
        accepted = Q(retired_at__isnull=True) | Q(retired_at__gt=at)
        return self.filter(accepted).order_by(F("retired_at").desc(nulls_first=True), "-created_at", "kid")


class SigningKey(models.Model):
    """An Ed25519 key pair. The one that has no time to retire signs; each verifies until it has retired."""

    kid = models.CharField(primary_key=True, max_length=43, db_collation="C")
    """The public key's RFC 7638 thumbprint."""
    public_key = models.BinaryField()
    """The 32 bytes of RFC 8032."""
    sealed_private_key = models.BinaryField()
    """Encrypted with a key that is derived from ``settings.SECRET_KEY``."""
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    retired_at = models.DateTimeField(_("retired at"), null=True)

    objects: ClassVar = SigningKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")

    def __str__(self) -> str:
        return self.kid
