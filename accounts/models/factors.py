"""What people sign in with beside or in place of a password."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.logins import LoginChallenge
from accounts.models.sessions import Session
from accounts.models.users import User


class TOTPFactorQuerySet(models.QuerySet["TOTPFactor"]):
    def confirmed(self, user: User) -> "TOTPFactorQuerySet":
        """The one by whose codes ``user`` signs in, if there is one."""
        return self.filter(user=user, confirmed_at__isnull=False)

    def unconfirmed(self, user: User) -> "TOTPFactorQuerySet":
        """The one that ``user`` has begun with, if there is one."""
        return self.filter(user=user, confirmed_at__isnull=True)


class TOTPFactor(models.Model):
    """An authenticator application that shows codes of RFC 6238. It counts once it is confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="totp_factors")
    sealed_seed = models.BinaryField()
    """20 random bytes, encrypted with a key that is derived from ``settings.SECRET_KEY``."""
    last_step = models.BigIntegerField(default=-1)
    """The time step of the code that was accepted last; none up to it is accepted again (RFC 6238, 5.2)."""
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True)

    objects: ClassVar = TOTPFactorQuerySet.as_manager()

    class Meta:
        verbose_name = _("authenticator application")
        verbose_name_plural = _("authenticator applications")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(confirmed_at__isnull=False), name="totp_one_confirmed"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(confirmed_at__isnull=True), name="totp_one_unconfirmed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}"


class RecoveryCode(models.Model):
    """A code for who has lost the other factors, kept as an HMAC, good once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, db_collation="C")
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recovery code")
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.created_at:%Y-%m-%d}"


class Passkey(models.Model):
    """A WebAuthn credential that verifies its user: a second factor, or the only one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=100)
    credential_id = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    """COSE, as the authenticator gave it."""
    sign_count = models.BigIntegerField(default=0)
    transports = models.JSONField(default=list)
    is_backed_up = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used at"), null=True)

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.name


class CeremonyPurpose(models.TextChoices):
    """What an exchange with an authenticator is for."""

    REGISTER = "register", _("Register a passkey")
    SIGN_IN = "sign_in", _("Sign in with a passkey alone")
    SECOND_FACTOR = "second_factor", _("Second factor of a sign-in")
    CONFIRM = "confirm", _("Confirm that it is you")


class WebAuthnCeremony(models.Model):
    """A challenge that an authenticator is to sign: for one purpose and one party, once, for a few minutes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=20, choices=CeremonyPurpose.choices)
    challenge = models.BinaryField()
    """64 random bytes."""
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    """NULL where the passkey itself says who signs in."""
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="+")
    login = models.ForeignKey(LoginChallenge, on_delete=models.CASCADE, null=True, related_name="+")
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("WebAuthn ceremony")
        constraints = [models.CheckConstraint(condition=Q(purpose__in=CeremonyPurpose.values), name="ceremony_purpose")]
        indexes = [models.Index(fields=["expires_at"], name="ceremony_by_expiry")]

    def __str__(self) -> str:
        return self.get_purpose_display()
