"""What passwords, factors and sessions must be like, as rows that an administrator changes."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.engine.passwords import MAX_LENGTH
from history.models import Role

PASSWORD_LENGTH = MAX_LENGTH
"""Characters that a password may have: NIST SP 800-63B-4 asks for at least 64."""
LEAST_LENGTH = 8
"""Characters that no policy may go below."""


class PasswordPolicy(models.Model):
    """The rules of passwords. A user has their own, else their role's, else the default one.

    ``nist`` follows NIST SP 800-63B-4 and ASVS 5 and is the default; ``enterprise`` asks in addition
    for what those forbid and many organisations still require.
    """

    name = models.CharField(_("name"), max_length=50, unique=True, db_collation="C")
    is_default = models.BooleanField(_("default"), default=False)
    min_length = models.PositiveSmallIntegerField(
        _("least length"), default=15, validators=[MinValueValidator(8), MaxValueValidator(64)]
    )
    min_length_with_factor = models.PositiveSmallIntegerField(
        _("least length beside a second factor"), default=8, validators=[MinValueValidator(8), MaxValueValidator(64)]
    )
    min_lowercase = models.PositiveSmallIntegerField(_("small letters"), default=0)
    min_uppercase = models.PositiveSmallIntegerField(_("capital letters"), default=0)
    min_digits = models.PositiveSmallIntegerField(_("digits"), default=0)
    min_symbols = models.PositiveSmallIntegerField(_("signs"), default=0)
    history = models.PositiveSmallIntegerField(
        _("earlier passwords refused"), default=0, validators=[MaxValueValidator(24)]
    )
    max_age_days = models.PositiveSmallIntegerField(_("days until it expires"), null=True, blank=True)
    warning_days = models.PositiveSmallIntegerField(_("days of warning"), default=14)
    min_age_hours = models.PositiveSmallIntegerField(_("hours until it may be changed again"), default=0)
    blocklist = models.BooleanField(_("refuse known passwords"), default=True)

    class Meta:
        verbose_name = _("password policy")
        verbose_name_plural = _("password policies")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="password_policy_one_default"
            ),
            models.CheckConstraint(
                condition=Q(min_length__range=(8, 64), min_length_with_factor__range=(8, 64)),
                name="password_policy_least_length",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SessionLimitAction(models.TextChoices):
    """What happens to a sign-in when the account has as many sessions as it may."""

    END_OLDEST = "end_oldest", _("The oldest session ends")
    REFUSE = "refuse", _("The sign-in is refused")


class RoleSettings(models.Model):
    """What an instance's role asks of those who have it. There is one row for each role."""

    role = models.CharField(_("role"), max_length=20, choices=Role.choices, primary_key=True)
    password_policy = models.ForeignKey(
        PasswordPolicy,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("password policy"),
    )
    factor_required = models.BooleanField(_("second factor required"), default=False)
    session_limit = models.PositiveSmallIntegerField(
        _("parallel sessions"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    """None: as many as one likes."""
    session_limit_action = models.CharField(
        _("at the limit"), max_length=10, choices=SessionLimitAction.choices, default=SessionLimitAction.END_OLDEST
    )

    class Meta:
        verbose_name = _("role's settings")
        verbose_name_plural = _("settings of roles")
        ordering = ["role"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_settings_role"),
            models.CheckConstraint(
                condition=Q(session_limit_action__in=SessionLimitAction.values), name="role_settings_action"
            ),
            models.CheckConstraint(
                condition=Q(session_limit__isnull=True) | Q(session_limit__gte=1), name="role_settings_limit"
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()
