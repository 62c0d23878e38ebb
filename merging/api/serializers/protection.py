"""What REST's answers about protection look like and what it reads."""

from rest_framework import serializers

from gateway.api import strict
from gateway.api.serializers import StrictSerializer
from history.models import Role
from merging.models import Check, CheckState, FindingOverride, Ownership, ProtectionRule, RuleMode
from merging.services import RULE_FIELDS
from ontology.api.serializers import FINDING_SEVERITIES


class ProtectionRuleSerializer(serializers.ModelSerializer[ProtectionRule]):
    forbids_findings_from = serializers.ChoiceField(FINDING_SEVERITIES, allow_blank=True)
    required_checks = serializers.ListField(child=serializers.CharField())
    bypass_roles = serializers.ListField(child=serializers.ChoiceField(Role.choices))
    created_by = serializers.CharField(source="created_by.username")

    class Meta:
        model = ProtectionRule
        fields = ["id", *RULE_FIELDS, "created_by", "created_at", "updated_at"]
        read_only_fields = fields


class ProtectionRuleUpdateSerializer(StrictSerializer):
    pattern = strict.CharField(
        allow_blank=True,
        trim_whitespace=False,
        required=False,
        help_text="Of names of branches: * is anything but a slash, ** anything.",
    )
    mode = serializers.ChoiceField(RuleMode.choices, required=False, help_text="With evaluate it refuses nothing.")
    requires_proposal = strict.BooleanField(required=False)
    required_approvals = strict.IntegerField(required=False)
    requires_owner_approval = strict.BooleanField(required=False)
    author_may_not_approve = strict.BooleanField(required=False)
    dismisses_stale_approvals = strict.BooleanField(required=False)
    requires_resolved_comments = strict.BooleanField(required=False)
    requires_up_to_date = strict.BooleanField(required=False)
    forbids_findings_from = serializers.ChoiceField(
        FINDING_SEVERITIES, allow_blank=True, required=False, help_text="Empty where every finding may land."
    )
    required_checks = serializers.ListField(
        child=strict.CharField(allow_blank=True, trim_whitespace=False), required=False
    )
    requires_linear_history = strict.BooleanField(required=False)
    forbids_deletion = strict.BooleanField(required=False)
    forbids_reset = strict.BooleanField(required=False)
    bypass_roles = serializers.ListField(child=serializers.ChoiceField(Role.choices), required=False)


class ProtectionRuleCreateSerializer(ProtectionRuleUpdateSerializer):
    pattern = strict.CharField(
        allow_blank=True,
        trim_whitespace=False,
        help_text="Of names of branches: * is anything but a slash, ** anything.",
    )


class OwnershipSerializer(serializers.ModelSerializer[Ownership]):
    users = serializers.SerializerMethodField()
    groups = serializers.SerializerMethodField()

    class Meta:
        model = Ownership
        fields = ["id", "pattern", "position", "users", "groups"]
        read_only_fields = fields

    def get_users(self, ownership: Ownership) -> list[str]:
        return [user.username for user in ownership.users.all()]

    def get_groups(self, ownership: Ownership) -> list[str]:
        return [group.name for group in ownership.groups.all()]


class OwnersSetSerializer(StrictSerializer):
    pattern = strict.CharField(
        allow_blank=True, trim_whitespace=False, help_text="Of resources: kind/name, or the name alone."
    )
    users = serializers.ListField(child=strict.CharField(), default=list, help_text="Usernames.")
    groups = serializers.ListField(child=strict.CharField(), default=list, help_text="Names of groups.")
    position = strict.IntegerField(required=False, help_text="From 0; of several patterns the last counts.")


class CheckSerializer(serializers.ModelSerializer[Check]):
    commit = serializers.CharField(source="commit_id")
    posted_by = serializers.CharField(source="posted_by.username")

    class Meta:
        model = Check
        fields = ["name", "state", "url", "summary", "commit", "posted_by", "posted_at"]
        read_only_fields = fields


class CheckPostSerializer(StrictSerializer):
    name = strict.CharField(allow_blank=True, trim_whitespace=False)
    state = serializers.ChoiceField(CheckState.choices)
    url = strict.CharField(allow_blank=True, default="", help_text="Where the details are.")
    summary = strict.CharField(allow_blank=True, default="")


class FindingOverrideSerializer(serializers.ModelSerializer[FindingOverride]):
    severity = serializers.ChoiceField(FINDING_SEVERITIES)
    overridden_by = serializers.CharField(source="overridden_by.username")

    class Meta:
        model = FindingOverride
        fields = ["id", "rule", "path", "severity", "reason", "overridden_by", "overridden_at"]
        read_only_fields = fields


class FindingOverrideCreateSerializer(StrictSerializer):
    rule = strict.CharField()
    path = strict.CharField(trim_whitespace=False, help_text="As the finding has it.")
    reason = strict.CharField(allow_blank=True, trim_whitespace=False)
