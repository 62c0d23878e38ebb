"""Sign-ins that are not through yet, and the counters that keep guesses few."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.devices import KnownDevice
from accounts.models.sessions import SessionKind
from accounts.models.users import User


class LoginChallenge(models.Model):
    """A sign-in whose first factor was right and that needs more: a second factor, its enrolment, another password.

    Its token stands for that and nothing else. It serves until ``expires_at`` and becomes one session.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=SessionKind.choices)
    digest = models.CharField(max_length=64, unique=True, db_collation="C")
    """SHA-256 of the token, 256 random bits."""
    amr = models.JSONField(default=list)
    """What has been shown so far, in the names of RFC 8176."""
    password_unfit = models.CharField(max_length=40, blank=True)
    """The rule that the password given no longer meets, so that another is asked for."""
    device = models.ForeignKey(KnownDevice, on_delete=models.SET_NULL, null=True, related_name="+")
    """The known device that the sign-in comes from."""
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("login challenge")
        constraints = [models.CheckConstraint(condition=Q(kind__in=SessionKind.values), name="login_challenge_kind")]
        indexes = [models.Index(fields=["expires_at"], name="login_challenge_by_expiry")]

    def __str__(self) -> str:
        return f"{self.user}, {self.created_at:%Y-%m-%d %H:%M}"


class AttemptCounter(models.Model):
    """How many wrong guesses were made at something: an account, from a network, on a device.

    Counted before a guess is looked at, so that parallel guesses cannot outrun it.
    """

    key = models.CharField(max_length=64, primary_key=True, db_collation="C")
    """An HMAC of what is counted: among the names that people type by mistake are passwords."""
    failures = models.PositiveIntegerField(default=0)
    """In this window, which becomes the lock's time when they are as many as may be."""
    window_ends_at = models.DateTimeField()
    consecutive = models.PositiveIntegerField(default=0)
    """Since the last success, whatever the windows."""

    class Meta:
        verbose_name = _("attempt counter")
        indexes = [models.Index(fields=["window_ends_at"], name="attempt_counter_by_window")]

    def __str__(self) -> str:
        return f"{self.failures}"
