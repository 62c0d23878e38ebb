"""Roles on parts of a repository."""

import uuid

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from history.models import Repository, Role


class ResourceGrant(models.Model):
    """A role that somebody has on those resources of a repository whose path matches a pattern.

    It adds to what they may do anyway. A path is ``kind/api_name``; in a pattern ``*`` stands for any
    characters but ``/`` and ``**`` for any at all.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="+", verbose_name=_("repository"))
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="resource_grants", verbose_name=_("user")
    )
    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("group")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    pattern = models.CharField(_("resources"), max_length=200, db_collation="C")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("grant on resources")
        verbose_name_plural = _("grants on resources")
        ordering = ["repository", "pattern", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["repository", "user", "group", "role", "pattern"],
                nulls_distinct=False,
                name="resource_grant_once",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, group__isnull=True) | Q(user__isnull=True, group__isnull=False),
                name="resource_grant_user_or_group",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="resource_grant_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.group}: {self.role} on {self.pattern}"
