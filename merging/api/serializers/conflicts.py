"""Conflicts of proposals and how they are resolved, over REST."""

from typing import Any

from rest_framework import serializers

from gateway.api import strict
from gateway.api.serializers import StrictSerializer
from merging.api.serializers.merges import ConflictSerializer, ViolationSerializer
from merging.models import Resolution
from merging.services import ProposalConflict, Resolved


class RememberedSerializer(serializers.Serializer[Resolution]):
    """How the same conflict was resolved in another proposal; a custom value is left out where it is absent."""

    resolution = serializers.CharField(source="option")
    value = serializers.JSONField(required=False)
    by = serializers.CharField(source="resolved_by.username")
    at = serializers.DateTimeField(source="resolved_at")
    proposal = serializers.IntegerField(source="proposal.number")

    def to_representation(self, instance: Resolution) -> dict[str, Any]:
        named = {name: self.fields[name] for name in ("by", "at", "proposal")}
        shown = {name: field.to_representation(field.get_attribute(instance)) for name, field in named.items()}
        return {**instance.decision.to_json(), **shown}


class ProposalConflictSerializer(ConflictSerializer):
    """A conflict, null as its ``resolution`` while it is open, and what is remembered of it."""

    resolution = serializers.CharField(allow_null=True)
    value = serializers.JSONField(required=False, help_text="That of the resolution custom; absent: there is nothing.")
    resolved_by = serializers.CharField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    from_memory = serializers.BooleanField(help_text="Whether nobody chose it here.")
    remembered = RememberedSerializer(allow_null=True)

    def to_representation(self, instance: ProposalConflict) -> dict[str, Any]:
        row, remembered = instance.resolution, instance.remembered
        return {
            **super().to_representation(instance),
            "resolved_by": row.resolved_by.get_username() if row else None,
            "resolved_at": self.fields["resolved_at"].to_representation(row.resolved_at) if row else None,
            "from_memory": instance.is_from_memory,
            "remembered": RememberedSerializer(remembered).data if remembered else None,
        }


class ResolvedSerializer(ProposalConflictSerializer):
    """The conflict after that, and the rules that the merged state would break by it."""

    violations = ViolationSerializer(many=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        resolved: Resolved = instance
        violations = ViolationSerializer(resolved.violations, many=True).data
        return {**super().to_representation(resolved.conflict), "violations": violations}


class ResolutionSerializer(StrictSerializer):
    """How a conflict is resolved; null opens it again."""

    resolution = strict.CharField(allow_null=True)
    value = serializers.JSONField(
        required=False, allow_null=True, help_text="With custom; null is that there be nothing."
    )
