"""What REST's answers about consumers look like and what it reads."""

from typing import Any

from rest_framework import serializers

from gateway.api import strict
from gateway.api.serializers import LongListField, StrictSerializer
from ontology.api.serializers import FINDING_SEVERITIES
from ontology.engine.breaking import Mode
from ontology.engine.kinds import KINDS
from ontology.engine.usages import Standing
from ontology.models import UsageMode
from ontology.selectors import BranchCompatibility, ConsumerUsages, Verdict
from ontology.services import Declared, Schema


class UsageSerializer(StrictSerializer):
    kind = strict.CharField(help_text=f"One of {', '.join(KINDS)}.")
    type = strict.CharField(help_text="The name of a resource of that kind.")
    property = strict.CharField(
        default="", allow_blank=True, help_text="A property, field, parameter or link of it; all where it is left out."
    )


class SchemaSerializer(StrictSerializer):
    type = strict.CharField(help_text="The object type or interface whose things the schema describes.")
    mode = serializers.ChoiceField(UsageMode.choices)
    schema = serializers.JSONField()


class ConsumerPutSerializer(StrictSerializer):
    name = strict.CharField(trim_whitespace=False, required=False)
    contact = strict.CharField(allow_blank=True, default="")
    description = strict.CharField(allow_blank=True, default="")
    reads = LongListField(child=UsageSerializer(), default=list)
    writes = LongListField(child=UsageSerializer(), default=list)
    queries = LongListField(
        child=strict.CharField(trim_whitespace=False), default=list, help_text="GraphQL queries: what they select."
    )
    schemas = LongListField(child=SchemaSerializer(), default=list, help_text="JSON Schemas: what they name.")
    ref = strict.CharField(
        default="", allow_blank=True, help_text="Where what is named has to be; the default branch if empty."
    )

    def to_internal_value(self, data: Any) -> Any:
        """The arguments of the service."""
        value = super().to_internal_value(data)
        schemas = [Schema(each["type"], Mode(each["mode"]), each["schema"]) for each in value.pop("schemas")]
        uses = {
            mode.value: [((each["kind"], each["type"]), each["property"]) for each in value.pop(mode.value)]
            for mode in Mode
        }
        declared = Declared(queries=value.pop("queries"), schemas=schemas, ref=value.pop("ref"), **uses)
        return {**value, "declared": declared}


class ConsumerRegisterSerializer(ConsumerPutSerializer):
    name = strict.CharField(trim_whitespace=False, allow_blank=True)


class StandingSerializer(serializers.Serializer[Standing]):
    """What is used, as the default branch calls it now."""

    kind = serializers.CharField(source="usage.kind")
    type = serializers.CharField(source="usage.type")
    property = serializers.CharField(source="usage.property", help_text="Empty where all of it is used.")
    stale = serializers.BooleanField(help_text="Whether the default branch has it no longer.")


class ConsumerSerializer(serializers.Serializer[ConsumerUsages]):
    name = serializers.CharField(source="consumer.name")
    contact = serializers.CharField(source="consumer.contact")
    description = serializers.CharField(source="consumer.description")
    registered_by = serializers.CharField(source="consumer.registered_by.username")
    created_at = serializers.DateTimeField(source="consumer.created_at")
    updated_at = serializers.DateTimeField(source="consumer.updated_at")
    reads = StandingSerializer(many=True)
    writes = StandingSerializer(many=True)


class CompatibilityQuery(serializers.Serializer[Any]):
    base = serializers.CharField(default="", help_text="A ref; the default branch if empty.")
    branches = serializers.CharField(default="", help_text="Names with commas between them; all open ones if empty.")


class SeverityCountsSerializer(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {severity: serializers.IntegerField() for severity in FINDING_SEVERITIES}


class VerdictSerializer(serializers.Serializer[Verdict]):
    consumer = serializers.CharField()
    compatible = serializers.BooleanField(help_text="Whether no finding breaks it.")
    severity = serializers.ChoiceField(FINDING_SEVERITIES, allow_null=True, help_text="Of the gravest that does.")
    counts = SeverityCountsSerializer()
    rules = serializers.ListField(child=serializers.CharField())


class BranchCompatibilitySerializer(serializers.Serializer[BranchCompatibility]):
    branch = serializers.CharField(source="branch.name")
    head = serializers.CharField(source="branch.head_id")
    merge_base = serializers.CharField(source="merge_base.digest")
    compatible = serializers.BooleanField(help_text="Whether it breaks no consumer.")
    counts = SeverityCountsSerializer(help_text="All findings, whomever they break.")
    consumers = VerdictSerializer(many=True)
