"""What a merge's REST answers look like and what it reads."""

from typing import Any, Final

from rest_framework import serializers

from gateway.api import strict
from gateway.api.serializers import SentenceField, StrictSerializer
from merging.engine.policy import Decision
from merging.engine.result import ConflictKind
from merging.engine.values import ABSENT
from merging.selectors import Reverted
from merging.services import Merged, MergePreview, Method, Way
from ontology.api.serializers import FindingSerializer, ResourceChangeSerializer

WAYS: Final = [way.value for way in Way if way is not Way.AUTOMATIC]
CONFLICT_KINDS: Final = [kind.value for kind in ConflictKind]
METHODS: Final = [method.value for method in Method]


class DecisionSerializer(StrictSerializer):
    """How one conflict is resolved."""

    resolution = strict.CharField(help_text="One of the conflict's options.")
    value = serializers.JSONField(required=False, help_text="With custom: what is to be there; nothing if left out.")

    def to_internal_value(self, data: Any) -> Decision:
        given = super().to_internal_value(data)
        return Decision(given["resolution"], given.get("value", ABSENT))


class DecisionsField(serializers.DictField):
    """Decisions by the ids of conflicts."""

    child = DecisionSerializer()


DECISIONS: Final = "How conflicts are resolved, by their ids. One that fits no conflict does nothing."


class MergePreviewRequestSerializer(StrictSerializer):
    source = strict.CharField(help_text="The ref that is merged.")  # type: ignore[assignment]  # a declared field, no attribute
    target = strict.CharField(help_text="The ref that it is merged into.")
    method = serializers.ChoiceField(
        WAYS,
        source="way",
        required=False,
        help_text="How; by fast-forward where it is one, else by a merge commit, where it is left out.",
    )
    decisions = DecisionsField(required=False, help_text=DECISIONS)

    def validate_method(self, method: str) -> Way:
        return Way(method)


class MergeRequestSerializer(MergePreviewRequestSerializer):
    message = strict.CharField(allow_blank=True, default="", trim_whitespace=False)
    expected_head = strict.CharField(required=False, help_text="Answered with 409 where the target has moved on.")


class ConflictSerializer(serializers.Serializer[Any]):
    """What the sides disagree about; null is a side on which there is nothing."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(CONFLICT_KINDS)
    path = serializers.CharField()
    base = serializers.JSONField(allow_null=True)
    ours = serializers.JSONField(allow_null=True)
    theirs = serializers.JSONField(allow_null=True)
    options = serializers.ListField(child=serializers.CharField())

    def to_representation(self, instance: Any) -> Any:
        return instance.to_json()


class DecidedSerializer(ConflictSerializer):
    """A conflict that was settled by its ``resolution``."""

    resolution = serializers.CharField(help_text="One of its options.")
    value = serializers.JSONField(required=False, help_text="That of the resolution custom; absent: there is nothing.")


class OpenConflictSerializer(ConflictSerializer):
    resolution = serializers.CharField(allow_null=True, help_text="Null: it is open.")

    def to_representation(self, instance: Any) -> Any:
        return instance.to_open_json()


class SettledSerializer(serializers.Serializer[Any]):
    path = serializers.CharField()
    strategy = serializers.CharField(help_text="What settled it, or what somebody chose to.")


class RevertedSerializer(serializers.Serializer[Reverted]):
    """A commit that did what the source has, and that the target has taken back."""

    commit = serializers.CharField(source="commit.digest")
    by = serializers.CharField(source="by.digest", help_text="The commit that took it back.")
    returns = serializers.BooleanField(help_text="Whether the merge brings it back; else it stays taken back.")


class ViolationSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    path = serializers.CharField(source="field")
    message = SentenceField()


class MergePreviewSerializer(serializers.Serializer[MergePreview]):
    source = serializers.CharField(source="source.digest")  # type: ignore[assignment]  # a declared field, no attribute
    target = serializers.CharField(source="target.digest")
    merge_base = serializers.SerializerMethodField()
    merge_bases = serializers.SerializerMethodField()
    fast_forward = serializers.BooleanField(read_only=True)
    method = serializers.ChoiceField(METHODS)
    changes = ResourceChangeSerializer(many=True)
    conflicts = OpenConflictSerializer(many=True)
    strategies = SettledSerializer(many=True)
    violations = ViolationSerializer(many=True)
    findings = FindingSerializer(many=True)
    decided = DecidedSerializer(many=True, help_text="The conflicts that decisions have settled.")
    reverted = RevertedSerializer(many=True)
    stopped_at = serializers.CharField(
        source="stopped_at.digest",
        default=None,
        allow_null=True,
        read_only=True,
        help_text="Of a rebase: the commit whose conflicts or violations these are.",
    )

    def get_merge_base(self, preview: MergePreview) -> str | None:
        return preview.bases[0].digest if preview.bases else None

    def get_merge_bases(self, preview: MergePreview) -> list[str]:
        return [base.digest for base in preview.bases]


class MergedSerializer(serializers.Serializer[Merged]):
    commit = serializers.CharField(source="commit.digest")
    method = serializers.ChoiceField(METHODS)
    strategies = SettledSerializer(many=True)
    reverted = RevertedSerializer(many=True)
