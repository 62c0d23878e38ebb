"""What protects branches: rules, the owners of resources, the results of checks, and overridden findings."""

import hashlib
from collections.abc import Iterable
from typing import Any, ClassVar, Final

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from history.engine.canonical import canonical_bytes
from history.models import Repository
from merging.models.proposals import Proposal
from ontology.engine.breaking import Severity

PATTERN_LENGTH: Final = 200
MAX_APPROVALS: Final = 10
LAST_POSITION: Final = 2**31 - 1
"""Of an ownership; what its column holds."""


class RuleMode(models.TextChoices):
    """What a rule of protection does."""

    ACTIVE = "active", _("Active: refuses")
    EVALUATE = "evaluate", _("Evaluate: only records what it would refuse")


class FindingSeverity(models.TextChoices):
    """How grave a finding is."""

    LOW = Severity.LOW, _("Low")
    MEDIUM = Severity.MEDIUM, _("Medium")
    HIGH = Severity.HIGH, _("High")
    CRITICAL = Severity.CRITICAL, _("Critical")


class ProtectionRule(models.Model):
    """What is asked of every move of the branches that ``pattern`` describes (``merging.engine.globs``)."""

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="protection_rules")
    pattern = models.CharField(
        _("pattern"),
        max_length=PATTERN_LENGTH,
        db_collation="C",
        help_text=_("Of names of branches: * is anything but a slash, ** anything."),
    )
    mode = models.CharField(_("mode"), max_length=10, choices=RuleMode.choices, default=RuleMode.ACTIVE)
    requires_proposal = models.BooleanField(_("changes by proposals only"), default=True)
    required_approvals = models.PositiveSmallIntegerField(_("approvals that are needed"), default=0)
    requires_owner_approval = models.BooleanField(_("owners of what changes have to approve"), default=False)
    author_may_not_approve = models.BooleanField(_("authors do not approve what they propose"), default=True)
    dismisses_stale_approvals = models.BooleanField(_("new commits dismiss approvals"), default=True)
    requires_resolved_comments = models.BooleanField(_("every comment has to be resolved"), default=False)
    requires_up_to_date = models.BooleanField(_("the source has to hold all of the target"), default=False)
    forbids_findings_from = models.CharField(
        _("refuses findings from"), max_length=10, choices=FindingSeverity.choices, blank=True
    )
    """The lightest severity that does not land without an override; empty where all findings do."""
    required_checks = models.JSONField(_("checks that have to pass"), default=list, blank=True)
    """Names, sorted, each once."""
    requires_linear_history = models.BooleanField(_("no merge commits"), default=False)
    forbids_deletion = models.BooleanField(_("the branch is neither deleted nor archived"), default=True)
    forbids_reset = models.BooleanField(_("the branch is not reset"), default=True)
    bypass_roles = models.JSONField(_("roles that may go past it"), default=list, blank=True)
    """Values of ``history.models.Role``, sorted, each once."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("protection rule")
        verbose_name_plural = _("protection rules")
        ordering = ["repository", "pattern", "mode"]
        constraints = [
            models.UniqueConstraint(fields=["repository", "pattern", "mode"], name="protection_rule_once"),
            models.CheckConstraint(condition=models.Q(mode__in=RuleMode.values), name="protection_rule_mode"),
            models.CheckConstraint(
                condition=models.Q(required_approvals__lte=MAX_APPROVALS), name="protection_rule_approvals"
            ),
            models.CheckConstraint(
                condition=models.Q(forbids_findings_from__in=["", *FindingSeverity.values]),
                name="protection_rule_findings",
            ),
        ]

    def __str__(self) -> str:
        return self.pattern


class Ownership(models.Model):
    """Who owns the resources that ``pattern`` describes; of several that describe one, the last counts.

    Without owners it says that nobody owns them.
    """

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="ownerships")
    pattern = models.CharField(
        _("pattern"),
        max_length=PATTERN_LENGTH,
        db_collation="C",
        help_text=_("Of resources: object_type/Order*, */Person, or the name alone."),
    )
    position = models.PositiveIntegerField(_("position"))
    users = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("people"))
    groups = models.ManyToManyField(Group, related_name="+", blank=True, verbose_name=_("groups"))

    class Meta:
        verbose_name = _("ownership")
        verbose_name_plural = _("ownerships")
        ordering = ["repository", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["repository", "pattern"], name="ownership_once")]

    def __str__(self) -> str:
        return self.pattern

    @property
    def owners(self) -> list[str]:
        """The names of people, then of groups with an @ before."""
        people = sorted(user.get_username() for user in self.users.all())
        return [*people, *sorted(f"@{group.name}" for group in self.groups.all())]


class CheckState(models.TextChoices):
    """How a check went."""

    PENDING = "pending", _("Pending")
    SUCCESS = "success", _("Success")
    FAILURE = "failure", _("Failure")
    ERROR = "error", _("Error")


class CheckQuerySet(models.QuerySet["Check"]):
    def counting(self) -> "CheckQuerySet":
        """Of each name at a commit the result that was posted last."""
        return self.order_by("commit_id", "name", "-id").distinct("commit_id", "name")


class Check(models.Model):
    """A result that another system has posted for a commit under a name. The last one of a name counts."""

    commit = models.ForeignKey("history.Commit", on_delete=models.CASCADE, related_name="checks")
    name = models.CharField(_("name"), max_length=100, db_collation="C")
    state = models.CharField(_("state"), max_length=10, choices=CheckState.choices)
    url = models.CharField(_("address"), max_length=1000, blank=True)
    summary = models.CharField(_("summary"), max_length=1000, blank=True)
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField(_("posted at"), default=timezone.now, editable=False)

    objects: ClassVar = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["-id"]
        indexes = [models.Index(fields=["commit", "name", "-id"], name="check_by_commit")]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=CheckState.values), name="check_state")]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


def findings_digest(rule: str, path: str, findings: Iterable[Any]) -> str:
    """A digest of what those of ``findings`` that are of ``rule`` at ``path`` say was there before, and is after."""
    own = (each for each in findings if (each.rule, each.path) == (rule, path))
    values = sorted(canonical_bytes([each.before, each.after]).decode() for each in own)
    return hashlib.sha256(canonical_bytes([rule, path, values])).hexdigest()


class FindingOverride(models.Model):
    """That somebody answers for what a proposal breaks at a path: it may land in ``target``, as long as it is that."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="finding_overrides")
    rule = models.CharField(_("rule"), max_length=50, db_collation="C")
    path = models.CharField(_("path"), max_length=1000, db_collation="C")
    severity = models.CharField(_("severity"), max_length=10, choices=FindingSeverity.choices)
    target = models.CharField(_("target"), max_length=200, default="", db_collation="C")
    digest = models.CharField(max_length=64, default="", editable=False, db_collation="C")
    """The :func:`findings_digest` of what was answered for. Without it, as of old, nothing was."""
    reason = models.TextField(_("reason"))
    overridden_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    overridden_at = models.DateTimeField(_("overridden at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("overridden finding")
        verbose_name_plural = _("overridden findings")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "rule", "path"], name="finding_override_once"),
            models.CheckConstraint(
                condition=models.Q(severity__in=FindingSeverity.values), name="finding_override_severity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.path}"

    def covers(self, finding: Any, findings: Iterable[Any]) -> bool:
        """Whether ``finding``, one of ``findings``, is what was answered for in the target, and no graver than then."""
        ranks = FindingSeverity.values
        is_there = (self.rule, self.path, self.target) == (finding.rule, finding.path, self.proposal.target)
        is_lighter = ranks.index(self.severity) >= ranks.index(finding.own_severity)
        return is_there and is_lighter and self.digest == findings_digest(self.rule, self.path, findings)
