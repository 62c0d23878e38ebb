"""What ontology's REST answers look like and what it reads."""

from typing import Any, Final, get_args

from rest_framework import serializers

from gateway.api import strict
from gateway.api.serializers import SentenceField, StrictSerializer
from gateway.http.translation import translated_json
from history.api.serializers import CommitSerializer, RefQuery
from history.engine.content import Key, Violation
from history.selectors import ChangeKind, ResourceChange
from ontology.engine.breaking import RULES, SEVERITIES, Audience, Finding
from ontology.engine.breaking.notation import finding_json
from ontology.engine.effective import Effective, Via
from ontology.engine.kinds import KINDS
from ontology.engine.members import HOLDERS
from ontology.engine.validation import Severity
from ontology.formats import READABLE, WRITABLE, Omission
from ontology.models import RuleSeverity
from ontology.selectors import Comparison, RuleWeight
from ontology.services import ImportReport

RESOURCE_KINDS: Final = list(KINDS)
FINDING_SEVERITIES: Final = [str(severity) for severity in SEVERITIES]
VIOLATION_SEVERITIES: Final = [str(severity) for severity in Severity]


class SchemaSerializer(serializers.Serializer[Any]):
    """Where the schema of a kind is; ``id`` is its ``$id``."""

    kind = serializers.ChoiceField(RESOURCE_KINDS)
    id = serializers.CharField()
    url = serializers.CharField()


class ImportSerializer(StrictSerializer):
    format = serializers.ChoiceField(READABLE, default="oms")
    branch = strict.CharField()
    document = serializers.JSONField(help_text="The text of the document; of OMS the JSON value, too.")
    message = strict.CharField(allow_blank=True, default="Import an ontology", trim_whitespace=False)
    expected_head = strict.CharField(required=False, help_text="Answered with 409 where the branch has moved on.")
    replace = strict.BooleanField(default=True, help_text="Delete the resources that the document does not hold.")


class OmissionSerializer(serializers.Serializer[Omission]):
    """Something of a source that did not come over; ``place`` is in the source's own terms."""

    place = serializers.CharField()
    code = serializers.CharField()
    message = SentenceField()


class ImportReportSerializer(serializers.Serializer[ImportReport]):
    commit = CommitSerializer()
    added = serializers.IntegerField()
    modified = serializers.IntegerField()
    renamed = serializers.IntegerField()
    removed = serializers.IntegerField()
    omissions = OmissionSerializer(many=True)

    def to_representation(self, instance: ImportReport) -> dict[str, Any]:
        omissions = [OmissionSerializer(each).data for each in instance.omissions]
        return {"commit": CommitSerializer(instance.commit).data, **instance.counts, "omissions": omissions}


class ResourceKeySerializer(serializers.Serializer[Key]):
    kind = serializers.ChoiceField(RESOURCE_KINDS)
    api_name = serializers.CharField()

    def to_representation(self, instance: Key) -> dict[str, Any]:
        return dict(zip(("kind", "api_name"), instance, strict=True))


class EffectivePropertySerializer(serializers.Serializer[Effective]):
    """A property that a type has, from the type that declares it."""

    name = serializers.CharField()
    content = serializers.DictField(
        source="property", help_text="With the type and constraints that it has by its shared property and value type."
    )
    origin = ResourceKeySerializer()
    via = serializers.ChoiceField(list(get_args(Via)))


class EffectiveTypeSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(HOLDERS)
    api_name = serializers.CharField()
    commit = serializers.CharField()
    properties = EffectivePropertySerializer(many=True)
    lineage = ResourceKeySerializer(many=True, help_text="What it extends, the nearest first.")
    interfaces = ResourceKeySerializer(many=True, help_text="What it implements, the nearest first.")


class ExportQuery(RefQuery):
    format = serializers.ChoiceField(WRITABLE, default="oms")


class CompareQuery(serializers.Serializer[Any]):
    base = serializers.CharField(default="", help_text="A ref; the default branch if empty.")
    head = serializers.CharField(help_text="A ref.")


class ResourceChangeSerializer(serializers.Serializer[ResourceChange]):
    kind = serializers.ChoiceField(RESOURCE_KINDS)
    api_name = serializers.CharField()
    former_name = serializers.CharField(help_text="Another than api_name only where it was renamed.")
    change = serializers.ChoiceField([kind.value for kind in ChangeKind])
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ReverseSerializer(serializers.Serializer[Any]):
    operation = serializers.CharField()
    arguments = serializers.DictField()
    words = serializers.CharField()


class StepSerializer(serializers.Serializer[Any]):
    operation = serializers.CharField()
    arguments = serializers.DictField()
    needs = serializers.ListField(child=serializers.CharField())
    words = serializers.CharField()
    reverse = ReverseSerializer()


class MigrationSerializer(serializers.Serializer[Any]):
    steps = StepSerializer(many=True)


class FindingSerializer(serializers.Serializer[Finding]):
    """What a change breaks, for whom, and how to get there safely."""

    rule = serializers.ChoiceField(sorted(RULES))
    severity = serializers.ChoiceField(FINDING_SEVERITIES)
    breaks = serializers.ListField(child=serializers.ChoiceField([str(audience) for audience in Audience]))
    path = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    message = SentenceField()
    users = serializers.ListField(child=serializers.CharField())
    consumers = serializers.ListField(child=serializers.CharField())
    migration = MigrationSerializer(allow_null=True)

    def to_representation(self, instance: Finding) -> Any:
        return translated_json(finding_json(instance))


class ComparisonSerializer(serializers.Serializer[Comparison]):
    merge_base = serializers.CharField(source="merge_base.digest", default=None, allow_null=True)
    changes = ResourceChangeSerializer(many=True)
    findings = FindingSerializer(many=True)


class StateViolationSerializer(serializers.Serializer[Violation]):
    rule = serializers.CharField()
    severity = serializers.ChoiceField(VIOLATION_SEVERITIES)
    path = serializers.CharField(help_text="A pointer into the OMS document of the state.")
    message = SentenceField()


class ValidationSerializer(serializers.Serializer[Any]):
    violations = StateViolationSerializer(many=True)


class RuleWeightSerializer(serializers.Serializer[RuleWeight]):
    rule = serializers.CharField(source="rule.id")
    severity = serializers.ChoiceField(RuleSeverity.choices)
    default = serializers.ChoiceField(source="rule.severity", choices=VIOLATION_SEVERITIES)
    movable = serializers.BooleanField(source="rule.movable")
    sentence = SentenceField(source="rule.sentence")


class RuleSettingSerializer(StrictSerializer):
    severity = serializers.ChoiceField(RuleSeverity.choices)
