"""What a repository decides for itself about its ontology, and who uses it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from history.models import Repository
from ontology.engine.breaking import Mode


class RuleSeverity(models.TextChoices):
    """How much a broken rule of validation weighs in a repository."""

    ERROR = "error", _("Error: refuses a commit")
    WARNING = "warning", _("Warning: is told")
    OFF = "off", _("Off: is not looked at")


class RuleSetting(models.Model):
    """That a rule of validation weighs in a repository what the repository says."""

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="rule_settings")
    rule = models.CharField(_("rule"), max_length=50, db_collation="C")
    severity = models.CharField(_("severity"), max_length=10, choices=RuleSeverity.choices)

    class Meta:
        verbose_name = _("rule setting")
        verbose_name_plural = _("rule settings")
        ordering = ["repository", "rule"]
        constraints = [
            models.UniqueConstraint(fields=["repository", "rule"], name="rule_setting_once"),
            models.CheckConstraint(condition=models.Q(severity__in=RuleSeverity.values), name="rule_setting_severity"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.severity}"


class Consumer(models.Model):
    """What uses a repository's ontology from outside, and whom to ask about it."""

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="consumers")
    name = models.CharField(_("name"), max_length=100, db_collation="C")
    name_key = models.CharField(max_length=100, db_collation="C", editable=False)
    """``name`` folded, so that names that differ by case alone are one consumer's."""
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("registered by")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("consumer")
        verbose_name_plural = _("consumers")
        ordering = ["repository", "name_key"]
        constraints = [models.UniqueConstraint(fields=["repository", "name_key"], name="consumer_name_unique")]

    def __str__(self) -> str:
        return self.name


class UsageMode(models.TextChoices):
    """What a consumer does with what it uses."""

    READS = Mode.READS, _("Reads")
    WRITES = Mode.WRITES, _("Writes")


class ConsumerUsage(models.Model):
    """That a consumer reads or writes a member of a resource, or all of it where ``property`` is empty.

    The names are those of the registration and never change. The rids say who was meant, so that it is
    found again under any name.
    """

    consumer = models.ForeignKey(Consumer, on_delete=models.CASCADE, related_name="usages")
    mode = models.CharField(_("mode"), max_length=10, choices=UsageMode.choices)
    kind = models.CharField(_("kind"), max_length=50, db_collation="C")
    type = models.CharField(_("type"), max_length=100, db_collation="C")
    type_rid = models.UUIDField()
    property = models.CharField(_("property"), max_length=100, blank=True, db_collation="C")
    property_rid = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("usage")
        verbose_name_plural = _("usages")
        ordering = ["consumer", "mode", "kind", "type", "property"]
        constraints = [
            models.UniqueConstraint(
                fields=["consumer", "mode", "kind", "type", "property"], name="consumer_usage_once"
            ),
            models.CheckConstraint(condition=models.Q(mode__in=UsageMode.values), name="consumer_usage_mode"),
            models.CheckConstraint(
                condition=models.Q(property="", property_rid__isnull=True)
                | models.Q(~models.Q(property=""), property_rid__isnull=False),
                name="consumer_usage_property_has_rid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mode}: {self.type}.{self.property}" if self.property else f"{self.mode}: {self.type}"
