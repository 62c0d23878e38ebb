"""Keys by which programs act for an account."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class APIKeyQuerySet(models.QuerySet["APIKey"]):
    def live(self, at: datetime) -> "APIKeyQuerySet":
        """Those that let their account in at this moment, were it active."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)

    def visible_to(self, user: Any) -> "APIKeyQuerySet":
        """All for who may manage users, else those of ``user``; none for who is not signed in or inactive."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.has_perm("accounts.manage_users") else self.filter(user=user)


class APIKey(models.Model):
    """A long-lived secret for a program, kept as a digest. It may do what its account may, within its scopes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("begins with"), max_length=20, db_collation="C", editable=False)
    """The start of the key, by which people recognise it."""
    digest = models.CharField(max_length=64, unique=True, db_collation="C", editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    """The permissions that it is limited to (``history.commit``), or those of an app (``history.*``)."""
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires at"))
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    last_used_ip = models.GenericIPAddressField(_("last used from"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    replaces = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+", editable=False)
    """The key that this one was made to take the place of."""

    objects: ClassVar = APIKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def principal(self) -> str:
        """For whom answers are kept that are given to who acts by this key."""
        return f"key:{self.pk}"

    def is_live(self, at: datetime) -> bool:
        """The same rule as :meth:`APIKeyQuerySet.live`, for a row at hand."""
        return self.revoked_at is None and at < self.expires_at
