"""Sessions, of the API and of browsers alike, and the refresh tokens that continue them."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.devices import KnownDevice
from accounts.models.users import User


class SessionKind(models.TextChoices):
    """How the session is carried: by tokens or by a browser's cookie."""

    API = "api", _("API")
    BROWSER = "browser", _("Browser")


class RevokeReason(models.TextChoices):
    """Why a session ended before its time."""

    LOGOUT = "logout", _("Signed out")
    REVOKED = "revoked", _("Ended from the list of sessions")
    REUSE = "reuse", _("A refresh token was used twice")
    DISABLED = "disabled", _("The account was disabled")
    DELETED = "deleted", _("The account was deleted")
    PASSWORD = "password", _("The password was changed")
    FACTOR = "factor", _("The second factor was changed")
    EMAIL = "email", _("The e-mail address was changed")
    LIMIT = "limit", _("Too many sessions")


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: Any) -> "SessionQuerySet":
        """All for who may manage users, else those of ``user``; none for who is not signed in or inactive."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.has_perm("accounts.manage_users") else self.filter(user=user)

    def live(self, at: datetime) -> "SessionQuerySet":
        """Those that let their user in at this moment, were the account active."""
        return self.filter(
            revoked_at__isnull=True,
            expires_at__gt=at,
            last_used_at__gt=at - settings.SESSION_IDLE_LIFETIME,
        )


class Session(models.Model):
    """One sign-in and what continues it: a family of refresh tokens, or a browser's cookie.

    It ends when it is revoked, at ``expires_at`` at the latest, and when it was not used for
    ``settings.SESSION_IDLE_LIFETIME``. Access tokens are checked against it at every request.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=10, choices=SessionKind.choices)
    created_at = models.DateTimeField(_("created at"))
    auth_time = models.DateTimeField(_("authenticated at"))
    """When the user last proved who they are."""
    amr = models.JSONField(_("authentication methods"), default=list)
    """How they did, in the names of RFC 8176."""
    last_used_at = models.DateTimeField(_("last used at"))
    """Exact to ``settings.SESSION_TOUCH_INTERVAL``: not every request writes."""
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    revoke_reason = models.CharField(max_length=10, choices=RevokeReason.choices, blank=True, editable=False)
    ip = models.GenericIPAddressField(_("address"), null=True)
    user_agent = models.CharField(_("device"), max_length=300, blank=True)
    device = models.ForeignKey(
        KnownDevice, on_delete=models.SET_NULL, null=True, editable=False, related_name="sessions"
    )

    objects: ClassVar = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-last_used_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SessionKind.values), name="session_kind"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoke_reason="")
                | Q(revoked_at__isnull=False, revoke_reason__in=RevokeReason.values),
                name="session_revoked_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-last_used_at"], name="session_of_user"),
            models.Index(fields=["expires_at"], name="session_by_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_kind_display()}, {self.created_at:%Y-%m-%d %H:%M}"

    def is_live(self, at: datetime) -> bool:
        """The same rule as :meth:`SessionQuerySet.live`, for a row at hand."""
        idle_until = self.last_used_at + settings.SESSION_IDLE_LIFETIME
        return self.revoked_at is None and at < self.expires_at and at < idle_until


class RefreshToken(models.Model):
    """One generation of a session's refresh token, kept as its SHA-256 digest.

    Exactly one of a session is not used up: the constraint holds it, whatever the callers do.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="refresh_tokens")
    digest = models.CharField(max_length=64, unique=True, db_collation="C")
    generation = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("refresh token")
        constraints = [
            models.UniqueConstraint(fields=["session", "generation"], name="refresh_token_generation_once"),
            models.UniqueConstraint(
                fields=["session"], condition=Q(used_at__isnull=True), name="refresh_token_one_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} #{self.generation}"
