"""Passwords that an account had before."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class FormerPassword(models.Model):
    """A hash of a password that was replaced, kept as long as the account's policy looks that far back."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_passwords")
    encoded = models.CharField(max_length=256)
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("former password")
        ordering = ["-replaced_at", "-id"]
        indexes = [models.Index(fields=["user", "-replaced_at"], name="former_password_of_user")]

    def __str__(self) -> str:
        return f"{self.user}, {self.replaced_at:%Y-%m-%d %H:%M}"
