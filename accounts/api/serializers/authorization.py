"""The JSON of who may do what."""

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.models import ResourceGrant
from gateway.api import strict
from gateway.api.serializers import StrictSerializer
from gateway.http.translation import translated
from history.models import Role


class ResourceGrantSerializer(serializers.ModelSerializer[ResourceGrant]):
    user = serializers.CharField(source="user.username", default=None, allow_null=True)
    group = serializers.CharField(source="group.name", default=None, allow_null=True)

    class Meta:
        model = ResourceGrant
        fields: ClassVar[list[str]] = ["id", "user", "group", "role", "pattern", "created_at"]
        read_only_fields = fields


class ResourceGrantCreateSerializer(StrictSerializer):
    user = strict.CharField(max_length=150, required=False)
    group = strict.CharField(max_length=150, required=False)
    role = serializers.ChoiceField(Role.choices)
    pattern = strict.CharField(
        max_length=1000,
        help_text="Of `kind/api_name`; `*` stands for any characters but a slash, `**` for any.",
    )


class ExplainQuerySerializer(serializers.Serializer[Any]):
    user = serializers.CharField(max_length=150, required=False, help_text="Whom it is about; oneself where left out.")
    permission = serializers.CharField(max_length=100)
    repository = serializers.CharField(max_length=100, required=False)
    resource = serializers.CharField(max_length=300, required=False, help_text="`kind/api_name`")


class ExplanationSerializer(serializers.Serializer[Any]):
    user = serializers.CharField(source="user.username")
    permission = serializers.CharField()
    repository = serializers.CharField(source="repository.name", default=None, allow_null=True)
    resource = serializers.CharField(default=None, allow_null=True)
    allowed = serializers.BooleanField()
    reasons = serializers.SerializerMethodField(help_text="Why, in sentences.")

    def get_reasons(self, explanation: Any) -> list[str]:
        return [translated(reason) for reason in explanation.reasons]
