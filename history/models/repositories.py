"""Repositories, who belongs to them, and the branches that name their commits."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from history.models.locks import BranchLock
    from history.models.store import Commit


class Role(models.TextChoices):
    """What somebody may do, on the instance or in one repository."""

    ADMINISTRATOR = "administrator", _("Administrator")
    DEVELOPER = "developer", _("Developer")
    REVIEWER = "reviewer", _("Reviewer")
    VIEWER = "viewer", _("Viewer")
    SERVICE = "service", _("Service")


class Visibility(models.TextChoices):
    """Who sees a repository without being a member of it."""

    PRIVATE = "private", _("Private: members only")
    INTERNAL = "internal", _("Internal: everybody who is signed in")


class RepositoryQuerySet(models.QuerySet["Repository"]):
    def visible_to(self, user: Any) -> "RepositoryQuerySet":
        """The repositories that ``user`` may know of; none for who is not signed in, inactive, or may view none."""
        if not user.is_authenticated or not user.has_perm("history.view_repository"):
            return self.none()
        if user.role == Role.ADMINISTRATOR:
            return self
        memberships = Membership.objects.of(user).values("repository_id")
        known = models.Q(id__in=memberships) | models.Q(id__in=user.granted_repositories())
        return self.filter(models.Q(visibility=Visibility.INTERNAL) | known)


class Repository(models.Model):
    """An ontology's home: its branches and the commits that they reach."""

    DEFAULT_BRANCH = "main"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=100, db_collation="C")
    name_key = models.CharField(max_length=100, db_collation="C", editable=False)
    """``name`` folded, so that names that differ by case alone cannot both exist."""
    title = models.CharField(_("title"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    default_branch = models.CharField(_("default branch"), max_length=200, default=DEFAULT_BRANCH, db_collation="C")
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects: ClassVar = RepositoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("repository")
        verbose_name_plural = _("repositories")
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="repository_name_unique"),
            models.CheckConstraint(condition=models.Q(visibility__in=Visibility.values), name="repository_visibility"),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, user: Any) -> "MembershipQuerySet":
        """The memberships that ``user`` holds in person or through a group."""
        return self.filter(models.Q(user=user) | models.Q(group__in=user.groups.all()))


class Membership(models.Model):
    """A person's or a group's role in one repository."""

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["repository", "user"], name="membership_user_once"),
            models.UniqueConstraint(fields=["repository", "group"], name="membership_group_once"),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, group__isnull=True)
                | models.Q(user__isnull=True, group__isnull=False),
                name="membership_user_or_group",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.group}: {self.role}"


class BranchState(models.TextChoices):
    """Who may write to a branch: who has the permission, the owner of its lock alone, or nobody."""

    ACTIVE = "active", _("Active")
    LOCKED = "locked", _("Locked")
    ARCHIVED = "archived", _("Archived")


class Branch(models.Model):
    """A name for a commit that moves as work goes on."""

    State = BranchState

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="branches")
    name = models.CharField(_("name"), max_length=200, db_collation="C")
    head: "models.ForeignKey[Commit, Commit]" = models.ForeignKey(
        "history.Commit", on_delete=models.RESTRICT, related_name="+"
    )
    archived_at = models.DateTimeField(_("archived at"), null=True, editable=False)
    """Since when nothing is written to it; NULL where work goes on."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["repository", "name"], name="branch_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def current_lock(self) -> "BranchLock | None":
        """The lock that holds now; one that has expired holds no more."""
        lock: BranchLock | None = getattr(self, "lock", None)  # Django raises where there is none
        return lock if lock is not None and lock.is_live(timezone.now()) else None

    @property
    def state(self) -> BranchState:
        if self.archived_at is not None:
            return BranchState.ARCHIVED
        return BranchState.LOCKED if self.current_lock else BranchState.ACTIVE

    def is_open_to(self, user: Any) -> bool:
        """Whether neither its state nor another's lock keeps ``user`` from writing to it."""
        lock = self.current_lock
        return self.archived_at is None and (lock is None or lock.owner_id == user.pk)


class HeadMove(models.Model):
    """That a branch's head moved: what a branch held at any moment is answered by these.

    ``before`` is NULL where the branch was made, ``after`` where it was deleted. The branch is
    kept by name, so that its moves outlive it.
    """

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="head_moves")
    branch = models.CharField(max_length=200, db_collation="C")
    before = models.ForeignKey("history.Commit", on_delete=models.RESTRICT, null=True, related_name="+")
    after = models.ForeignKey("history.Commit", on_delete=models.RESTRICT, null=True, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=50)

    class Meta:
        verbose_name = _("head move")
        ordering = ["-id"]
        indexes = [models.Index(fields=["repository", "branch", "-at", "-id"], name="head_move_by_time")]

    def __str__(self) -> str:
        return f"{self.branch}: {self.before_id} → {self.after_id}"
