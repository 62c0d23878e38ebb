"""The keys that sign access tokens."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def verifying(self) -> "SigningKeyQuerySet":
        """Those whose signatures are accepted, the one that signs first."""
        return self.filter(retired_at__isnull=True).order_by("-created_at", "kid")


class SigningKey(models.Model):
    """An Ed25519 key pair. The newest that is not retired signs; all that are not retired verify."""

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
