"""Links that are sent to people, and the mails that carry them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class LinkPurpose(models.TextChoices):
    """What following the link does."""

    INVITATION = "invitation", _("Accept an invitation")
    VERIFICATION = "verification", _("Verify an e-mail address")
    PASSWORD_RESET = "password_reset", _("Set another password")
    EMAIL_CHANGE = "email_change", _("Change the e-mail address")
    UNLOCK = "unlock", _("Unlock an account")


class AccountLink(models.Model):
    """A link for who reads a mail: good once, until it expires.

    Its secret is not kept: it is an HMAC of the row's key and purpose, so that the worker that
    writes the mail can make it and no copy of the database can.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=20, choices=LinkPurpose.choices)
    email = models.EmailField()
    """The address that it is sent to."""
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("account link")
        constraints = [models.CheckConstraint(condition=Q(purpose__in=LinkPurpose.values), name="account_link_purpose")]
        indexes = [models.Index(fields=["expires_at"], name="account_link_by_expiry")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_purpose_display()}"


class OutgoingMail(models.Model):
    """A mail that is written in the transaction of what it tells of, and sent by a worker after it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    to = models.EmailField(_("to"))
    template = models.CharField(_("template"), max_length=50, db_collation="C")
    context = models.JSONField(default=dict)
    """What the template tells, without anything secret."""
    link = models.ForeignKey(AccountLink, on_delete=models.SET_NULL, null=True, related_name="+")
    language = models.CharField(_("language"), max_length=10)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), default=timezone.now, null=True)
    """NULL where nothing is to be tried any more: it was sent, or given up."""
    sent_at = models.DateTimeField(_("sent at"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(next_attempt_at__isnull=False), name="mail_due")
        ]

    def __str__(self) -> str:
        return f"{self.template} to {self.to}"
