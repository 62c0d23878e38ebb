"""The JSON of API keys."""

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.models import APIKey
from gateway.api import strict
from gateway.api.serializers import StrictSerializer


class APIKeySerializer(serializers.ModelSerializer[APIKey]):
    user = serializers.CharField(source="user.username")

    class Meta:
        model = APIKey
        fields: ClassVar[list[str]] = [
            "id",
            "user",
            "name",
            "prefix",
            "scopes",
            "created_at",
            "expires_at",
            "last_used_at",
            "last_used_ip",
            "revoked_at",
            "replaces",
        ]
        read_only_fields = fields


class APIKeyMadeSerializer(APIKeySerializer):
    secret = serializers.CharField(help_text="Shown this once.")

    class Meta(APIKeySerializer.Meta):
        fields: ClassVar[list[str]] = [*APIKeySerializer.Meta.fields, "secret"]
        read_only_fields = fields


class APIKeyQuerySerializer(serializers.Serializer[Any]):
    user = serializers.CharField(max_length=150, required=False, help_text="Whose keys, for administrators.")


class APIKeyCreateSerializer(StrictSerializer):
    name = strict.CharField(max_length=1000, trim_whitespace=False, allow_blank=True)
    scopes = serializers.ListField(
        child=strict.CharField(max_length=100),
        max_length=200,
        help_text="Permissions (`history.commit`), all of an app's (`history.*`) or `*`; none of them allows nothing.",
    )
    expires_at = serializers.DateTimeField(required=False, help_text="At most 366 days from now; 90 where left out.")
    user = strict.CharField(max_length=150, required=False, help_text="A service account, for administrators.")


class APIKeyRotateSerializer(StrictSerializer):
    overlap = strict.IntegerField(
        required=False, help_text="Seconds that the old key goes on; a day where left out, 30 days at most."
    )
