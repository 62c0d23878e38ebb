"""What is said about proposals and what happened to them, over REST."""

from rest_framework import serializers

from gateway.api import strict
from gateway.api.serializers import StrictSerializer
from merging.api.serializers.proposals import WayQuery
from merging.models import Comment, Review, Verdict
from merging.selectors import TimelineEntry


class ReviewSerializer(serializers.ModelSerializer[Review]):
    reviewer = serializers.CharField(source="reviewer.username")
    commit = serializers.CharField(source="commit_id", help_text="The source's head that it is of.")
    dismissed_by = serializers.CharField(source="dismissed_by.username", default=None, allow_null=True)

    class Meta:
        model = Review
        fields = [
            "id",
            "reviewer",
            "verdict",
            "body",
            "commit",
            "created_at",
            "dismissed_at",
            "dismissed_by",
            "dismissal_reason",
        ]
        read_only_fields = fields


class ReviewSubmitSerializer(StrictSerializer, WayQuery):
    verdict = serializers.ChoiceField(Verdict.choices)
    body = strict.CharField(default="", allow_blank=True)
    expected_head = strict.CharField(required=False, help_text="Answered with 409 where the source has moved on.")
    expected_revision = strict.IntegerField(
        required=False, help_text="Answered with 409 where the proposal has another revision."
    )

    def validate_verdict(self, verdict: str) -> Verdict:
        return Verdict(verdict)


class ReviewDismissSerializer(StrictSerializer):
    reason = strict.CharField(allow_blank=True)


class CommentSerializer(serializers.ModelSerializer[Comment]):
    author = serializers.CharField(source="author.username")

    class Meta:
        model = Comment
        fields = ["id", "author", "body", "created_at", "edited_at"]
        read_only_fields = fields


class ThreadSerializer(CommentSerializer):
    """The first comment of a thread and its replies."""

    resolved_by = serializers.CharField(source="resolved_by.username", default=None, allow_null=True)
    replies = CommentSerializer(many=True)

    class Meta(CommentSerializer.Meta):
        fields = [*CommentSerializer.Meta.fields, "path", "resolved_at", "resolved_by", "replies"]
        read_only_fields = fields


class CommentEditSerializer(StrictSerializer):
    body = strict.CharField(allow_blank=True)


class CommentCreateSerializer(StrictSerializer):
    body = strict.CharField(allow_blank=True)
    path = strict.CharField(
        default="", allow_blank=True, trim_whitespace=False, help_text="A pointer into the OMS document."
    )
    reply_to = strict.IntegerField(required=False, help_text="A comment of the thread that it goes on with.")


class TimelineEntrySerializer(serializers.Serializer[TimelineEntry]):
    event = serializers.UUIDField()
    type = serializers.CharField()
    time = serializers.DateTimeField()
    actor = serializers.CharField(allow_null=True, help_text="A username.")
    data = serializers.DictField()  # type: ignore[assignment]  # a declared field, no attribute
