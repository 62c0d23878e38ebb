"""What the merge queue looks like over REST, and what its writes read."""

from typing import Any

from rest_framework import serializers

from gateway.api import strict
from gateway.api.serializers import SentenceField, StrictSerializer
from merging.api.serializers.merges import WAYS
from merging.api.serializers.proposals import WayQuery
from merging.models import QueueEntry, QueueState


class QueueQuery(serializers.Serializer[Any]):
    target = serializers.CharField(default="", trim_whitespace=False, help_text="A branch; all where it is left out.")


class QueueErrorSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    rule = serializers.CharField()
    message = SentenceField()


class QueueEntrySerializer(serializers.ModelSerializer[QueueEntry]):
    proposal = serializers.IntegerField(source="proposal.number")
    title = serializers.CharField(source="proposal.title")
    state = serializers.ChoiceField(QueueState.choices)
    position = serializers.IntegerField(allow_null=True, help_text="From 1; null where it waits no longer.")
    method = serializers.ChoiceField(WAYS)
    source_head = serializers.CharField(source="source_head_id")
    enqueued_by = serializers.CharField(source="enqueued_by.username")
    code = serializers.CharField(help_text="The kind of the problem that it failed with; else empty.")
    reason = SentenceField(read_only=True)
    errors = QueueErrorSerializer(many=True)  # type: ignore[assignment]  # a declared field, no attribute

    class Meta:
        model = QueueEntry
        fields = [
            "id",
            "proposal",
            "title",
            "target",
            "state",
            "position",
            "method",
            "message",
            "source_head",
            "enqueued_by",
            "enqueued_at",
            "ended_at",
            "code",
            "reason",
            "errors",
        ]
        read_only_fields = fields


class QueueEnterSerializer(StrictSerializer, WayQuery):
    message = strict.CharField(allow_blank=True, default="", trim_whitespace=False)
    expected_source_head = strict.CharField(
        required=False, help_text="Answered with 409 where the source has moved on."
    )
