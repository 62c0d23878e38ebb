"""What picking and reverting commits reads and answers over REST."""

from rest_framework import serializers

from gateway.api import strict
from gateway.api.serializers import StrictSerializer
from merging.api.serializers.merges import DECISIONS, DecisionsField, SettledSerializer
from merging.services import Applied


class ApplyRequestSerializer(StrictSerializer):
    branch = strict.CharField(help_text="The branch on which the new commit is made.")
    commit = strict.CharField(help_text="The commit that is picked or reverted.")
    message = strict.CharField(
        allow_blank=True, default="", trim_whitespace=False, help_text="Made from the commit's own where left out."
    )
    mainline = strict.IntegerField(
        required=False, help_text="Of a merge: the number of the parent against which it is taken."
    )
    expected_head = strict.CharField(required=False, help_text="Answered with 409 where the branch has moved on.")
    decisions = DecisionsField(required=False, help_text=DECISIONS)


class AppliedSerializer(serializers.Serializer[Applied]):
    """The new commit, and what settled what the branch had changed as well."""

    id = serializers.CharField(source="commit.digest")
    parents = serializers.SerializerMethodField()
    author = serializers.CharField(source="commit.author.username")
    message = serializers.CharField(source="commit.message")
    created_at = serializers.DateTimeField(source="commit.created_at")
    strategies = SettledSerializer(many=True)

    def get_parents(self, applied: Applied) -> list[str]:
        return [edge.parent_id for edge in applied.commit.parent_edges.all()]
