"""What proposals look like over REST, and what their writes read."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gateway.api import strict
from gateway.api.serializers import SentenceField, StrictSerializer
from merging.api.serializers.merges import METHODS, WAYS
from merging.engine.protection import Demand, Requirement
from merging.models import MergeSettings, Proposal, ProposalState, Verdict
from merging.selectors import ProposalHeads, Reviewer, heads_of, reviewers_of
from merging.services import Way, proposal_requirements


class ProposalQuery(serializers.Serializer[Any]):
    state = serializers.CharField(default="", help_text="One or more, with commas between them.")
    author = serializers.CharField(default="", help_text="A username.")
    reviewer = serializers.CharField(default="", help_text="Of who was asked for a review, or gave one.")
    source = serializers.CharField(default="", trim_whitespace=False)  # type: ignore[assignment]  # a declared field, no attribute
    target = serializers.CharField(default="", trim_whitespace=False)
    search = serializers.CharField(default="", help_text="A part of the title or the description.")

    def validate_state(self, states: str) -> list[str]:
        named = states.split(",") if states else []
        unknown = [state for state in named if state not in ProposalState.values]
        if unknown:
            options = ", ".join(ProposalState.values)
            raise serializers.ValidationError(
                _("{state} is none of {options}.").format(state=unknown[0], options=options)
            )
        return named


class ProposalCountsSerializer(serializers.Serializer[Proposal]):
    comments = serializers.IntegerField(source="comment_count")
    unresolved = serializers.IntegerField(source="unresolved_count", help_text="Threads that are not resolved.")


class ProposalSerializer(serializers.ModelSerializer[Proposal]):
    author = serializers.CharField(source="author.username")
    state = serializers.ChoiceField(ProposalState.choices)
    counts = ProposalCountsSerializer(source="*")
    merged_commit = serializers.CharField(source="merged_commit_id", allow_null=True)
    method = serializers.ChoiceField(METHODS, allow_blank=True, help_text="How it was merged; empty where it was not.")
    ended_by = serializers.CharField(source="ended_by.username", default=None, allow_null=True)

    class Meta:
        model = Proposal
        fields = [
            "number",
            "title",
            "description",
            "source",
            "target",
            "state",
            "author",
            "created_at",
            "updated_at",
            "revision",
            "counts",
            "merged_commit",
            "method",
            "ended_by",
            "ended_at",
        ]
        read_only_fields = fields


class ReviewerSerializer(serializers.Serializer[Reviewer]):
    """Somebody who was asked for a review or gave a verdict that counts."""

    user = serializers.CharField(source="user.username")
    awaited = serializers.BooleanField(source="is_awaited", help_text="Whether a review was asked for since the last.")
    verdict = serializers.ChoiceField(
        [Verdict.APPROVE.value, Verdict.REQUEST_CHANGES.value], source="review.verdict", default=None, allow_null=True
    )
    review = serializers.IntegerField(source="review.pk", default=None, allow_null=True)
    stale = serializers.BooleanField(source="is_stale", help_text="Whether the verdict is of another result than now.")


class ProposalHeadsSerializer(serializers.Serializer[ProposalHeads]):
    """Commits; null where the branch is gone."""

    source = serializers.CharField(source="source.digest", default=None, allow_null=True)  # type: ignore[assignment]  # a declared field, no attribute
    target = serializers.CharField(source="target.digest", default=None, allow_null=True)
    merge_base = serializers.SerializerMethodField()

    def get_merge_base(self, heads: ProposalHeads) -> str | None:
        return heads.merge_bases[0].digest if heads.merge_bases else None


class RequirementSerializer(serializers.Serializer[Requirement]):
    """One thing that the protection of the target asks for."""

    name = serializers.ChoiceField([demand.value for demand in Demand])
    subject = serializers.CharField(help_text="The check or the pattern of the owners, where there may be several.")
    satisfied = serializers.BooleanField()
    detail = SentenceField()
    pattern = serializers.CharField(source="rule.pattern", help_text="That of the rule that asks for it.")
    may_be_bypassed = serializers.BooleanField(help_text="Whether the caller may go past it with a reason.")


class ProposalDetailSerializer(ProposalSerializer):
    """A proposal with what its branches hold, who reviews it and what it needs to be merged.

    ``context`` holds the ``actor`` for whom it is shown, and the ``way`` in which it would be merged.
    """

    heads = serializers.SerializerMethodField()
    reviewers = serializers.SerializerMethodField()
    requirements = serializers.SerializerMethodField()

    class Meta(ProposalSerializer.Meta):
        fields = [*ProposalSerializer.Meta.fields, "heads", "reviewers", "requirements"]
        read_only_fields = fields

    @extend_schema_field(ProposalHeadsSerializer)
    def get_heads(self, proposal: Proposal) -> Any:
        return ProposalHeadsSerializer(heads_of(proposal)).data

    @extend_schema_field(ReviewerSerializer(many=True))
    def get_reviewers(self, proposal: Proposal) -> Any:
        rows: Any = reviewers_of(proposal, heads_of(proposal))
        return ReviewerSerializer(rows, many=True).data

    @extend_schema_field(RequirementSerializer(many=True))
    def get_requirements(self, proposal: Proposal) -> Any:
        rows: Any = proposal_requirements(proposal=proposal, **self.context)
        return RequirementSerializer(rows, many=True).data


class ProposalOpenSerializer(StrictSerializer):
    title = strict.CharField(allow_blank=True)
    source = strict.CharField(trim_whitespace=False)  # type: ignore[assignment]  # a declared field, no attribute
    target = strict.CharField(
        default="", allow_blank=True, trim_whitespace=False, help_text="The default branch if left out."
    )
    description = strict.CharField(default="", allow_blank=True)
    draft = strict.BooleanField(default=False)
    reviewers = serializers.ListField(child=strict.CharField(), default=list, help_text="Usernames.")


class ProposalUpdateSerializer(StrictSerializer):
    title = strict.CharField(required=False, allow_blank=True)
    description = strict.CharField(required=False, allow_blank=True)
    target = strict.CharField(required=False, trim_whitespace=False)


class WayQuery(serializers.Serializer[Any]):
    method = serializers.ChoiceField(WAYS, source="way", default=Way.MERGE.value, help_text="How it is to be merged.")

    def validate_method(self, method: str) -> Way:
        return Way(method)


class ProposalMergeSerializer(StrictSerializer, WayQuery):
    message = strict.CharField(allow_blank=True, default="", trim_whitespace=False)
    expected_head = strict.CharField(required=False, help_text="Answered with 409 where the target has moved on.")
    expected_source_head = strict.CharField(
        required=False, help_text="Answered with 409 where the source has moved on."
    )


class MergeSettingsSerializer(serializers.ModelSerializer[MergeSettings]):
    class Meta:
        model = MergeSettings
        fields = ["apply_remembered_resolutions"]
        read_only_fields = fields


class MergeSettingsSetSerializer(StrictSerializer):
    apply_remembered_resolutions = strict.BooleanField(
        help_text="Resolve conflicts as the same ones were in another proposal, unless somebody says otherwise."
    )
