"""Devices from which somebody has signed in before."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class KnownDevice(models.Model):
    """A device that holds a secret of ours, which it got when its user signed in there.

    Wrong passwords of strangers do not lock it out, and a sign-in from another device is news to the
    user. Where its user trusts it, no second factor is asked for until ``trusted_until``, as long as
    the session goes on in which they said so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices", verbose_name=_("user"))
    digest = models.CharField(max_length=64, unique=True, db_collation="C", editable=False)
    """SHA-256 of the secret, 256 random bits."""
    user_agent = models.CharField(_("device"), max_length=300, blank=True)
    ip = models.GenericIPAddressField(_("address"), null=True)
    created_at = models.DateTimeField(_("first seen"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    trusted_by = models.ForeignKey(
        "accounts.Session", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("trusted by")
    )

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        ordering = ["-last_seen_at", "id"]

    def __str__(self) -> str:
        return self.user_agent or str(self.ip or self.pk)
