"""People and services that act here."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Final

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.policies import PasswordPolicy
from gateway.engine.text import folded
from history.models import Role

EMAIL_LENGTH: Final = 254
EMAIL_KEY_LENGTH: Final = 1200
USERNAME_KEY_LENGTH: Final = 600
"""Folding can make a text many times as long: what does not fit is refused."""


class UserKind(models.TextChoices):
    """Whether somebody signs in or something does."""

    HUMAN = "human", _("Person")
    SERVICE = "service", _("Service")


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Any) -> "UserQuerySet":
        """Everybody for who may view users, else ``user`` alone; nobody for who is not signed in or inactive."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.has_perm("accounts.view_users") else self.filter(pk=user.pk)

    def named(self, username: str) -> "UserQuerySet":
        """Whoever has this name, in any spelling that folds to the same key."""
        return self.filter(username_key=folded(username))


class UserManager(BaseUserManager["User"]):
    """Finds users by folded name. Only ``accounts.services`` makes them."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Any) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def named(self, username: str) -> UserQuerySet:
        return self.get_queryset().named(username)

    def locked(self, pk: uuid.UUID) -> "User":
        """The row as it is now, which nobody else locks until the transaction ends.

        Whatever decides by an account and what belongs to it begins here, so that parallel sign-ins, changes
        and ends meet in turn. Rows that refer to the account can still be written meanwhile.
        """
        return self.get_queryset().select_for_update(no_key=True).get(pk=pk)


class User(AbstractBaseUser):
    """A person or a service that acts here.

    ``username`` and, where it is given, ``email`` are unique by their folded keys. ``role`` holds on
    the whole instance; what a repository grants beyond it is ``history.models.Membership``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(_("username"), max_length=150)
    username_key = models.CharField(max_length=USERNAME_KEY_LENGTH, editable=False, db_collation="C")
    email = models.EmailField(_("e-mail"), max_length=EMAIL_LENGTH, blank=True)
    email_key = models.CharField(  # noqa: DJ001 - absent addresses must not collide, so they are NULL
        max_length=EMAIL_KEY_LENGTH, editable=False, null=True, db_collation="C"
    )
    display_name = models.CharField(_("display name"), max_length=150, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=UserKind.choices, default=UserKind.HUMAN)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.VIEWER)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    email_verified_at = models.DateTimeField(_("e-mail verified at"), null=True, editable=False)
    """When a link that was sent to ``email`` was followed; NULL where nobody has shown to read it."""
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    """What mails are written in."""
    password_changed_at = models.DateTimeField(_("password changed at"), null=True, editable=False)
    factors_changed_at = models.DateTimeField(null=True, editable=False)
    """When a second factor was added or removed last."""
    password_policy = models.ForeignKey(
        PasswordPolicy,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("password policy"),
    )
    """This account's own, in place of its role's."""
    deleted_at = models.DateTimeField(_("deleted at"), null=True, editable=False)
    """Since when nothing of whom it was is left but its key, which events refer to."""
    groups = models.ManyToManyField(Group, blank=True, related_name="users", verbose_name=_("groups"))

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"

    credential: Any = None
    """What the request that this user is of was let in by: a ``Session`` or an ``APIKey``.

    None where no request is: the system's own processes act for the user.
    """

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username_key"]
        constraints = [
            # Implied by the next one; Django wants to see that what people sign in by is unique.
            models.UniqueConstraint(fields=["username"], name="user_username_unique"),
            models.UniqueConstraint(fields=["username_key"], name="user_username_key_unique"),
            models.UniqueConstraint(fields=["email_key"], name="user_email_key_unique"),
            models.CheckConstraint(condition=Q(kind__in=UserKind.values), name="user_kind"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role"),
            models.CheckConstraint(condition=~Q(username_key=""), name="user_username_present"),
            models.CheckConstraint(
                condition=Q(email="", email_key__isnull=True) | (~Q(email="") & Q(email_key__isnull=False)),
                name="user_email_has_key",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(is_active=False, email="", display_name=""),
                name="user_deleted_is_nobody",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is this account's; a hash of other costs is made anew, unless the row has another by now."""
        checked = self.password

        def upgrade(raw: str) -> None:
            encoded = make_password(raw)
            if User.objects.filter(pk=self.pk, password=checked).update(password=encoded):
                self.password = encoded

        return check_password(raw_password, checked, upgrade)

    def has_changed_since(self, at: datetime) -> bool:
        """Whether what the account signs in with was changed after ``at``."""
        changes = (self.password_changed_at, self.factors_changed_at)
        return any(changed is not None and changed > at for changed in changes)

    def get_session_auth_hash(self) -> str:
        """The same whatever the password: rows say which sessions have ended, and a hash made anew ends none."""
        return str(self.pk)

    def get_full_name(self) -> str:
        """What others see: the display name, or the username where none was given."""
        return self.display_name or self.username

    @property
    def is_staff(self) -> bool:
        """Whether the console lets this user in: people do, services have the API."""
        return self.kind == UserKind.HUMAN

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Whether any backend grants ``permission`` on the instance or, given one, on ``obj``."""
        return any(backend.has_perm(self, permission, obj) for backend in get_backends())

    def granted_repositories(self) -> "models.QuerySet[Any, Any]":
        """The repositories in which this user has a role on some resources, in person or by a group."""
        # A grant refers to users, so its model is known here by name alone.
        grants = apps.get_model("accounts", "ResourceGrant").objects
        own = Q(user=self.pk) | Q(group__in=self.groups.all())
        return grants.filter(own).order_by().values("repository_id")

    @property
    def principal(self) -> str:
        """For whom answers are kept: the account, or the API key that it acts by, which may be allowed less."""
        principal: str = getattr(self.credential, "principal", str(self.pk))
        return principal

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the console lists the app's models for this user."""
        backends: list[Any] = get_backends()
        return any(backend.has_module_perms(self, app_label) for backend in backends)
