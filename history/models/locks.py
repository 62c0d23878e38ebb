"""Locks, by which a branch is written to by one person or service alone for a while."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from history.models.repositories import Branch


class BranchLockQuerySet(models.QuerySet["BranchLock"]):
    def live(self, at: datetime) -> "BranchLockQuerySet":
        """Those that hold at this moment."""
        return self.filter(expires_at__gt=at)


class BranchLock(models.Model):
    """That one person or service alone writes to a branch until the lock expires.

    Each time a branch is locked that is a new row; whoever writes under the lock shows its token.
    """

    token = models.BigAutoField(primary_key=True)
    """The fencing token: a sequence, so a later lock has a greater one and none is ever given twice."""
    branch = models.OneToOneField(Branch, on_delete=models.CASCADE, related_name="lock")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    taken_at = models.DateTimeField(_("taken at"))
    renewed_at = models.DateTimeField(_("renewed at"))
    """When its owner last said that they still need it."""
    expires_at = models.DateTimeField(_("expires at"))

    objects: ClassVar = BranchLockQuerySet.as_manager()

    class Meta:
        verbose_name = _("branch lock")
        verbose_name_plural = _("branch locks")
        ordering = ["branch__name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(renewed_at__lt=models.F("expires_at")), name="branch_lock_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.branch_id} #{self.token}"

    def is_live(self, at: datetime) -> bool:
        """The same rule as :meth:`BranchLockQuerySet.live`, for a row at hand."""
        return at < self.expires_at
