"""The JSON of sessions."""

from typing import ClassVar

from rest_framework import serializers

from accounts.api.serializers.login import TOKEN_LENGTH
from accounts.models import PASSWORD_LENGTH, Session
from gateway.api import strict
from gateway.api.serializers import StrictSerializer
from gateway.engine.sentences import sentence
from gateway.http.translation import translated


class RefreshSerializer(StrictSerializer):
    refresh = strict.CharField(max_length=TOKEN_LENGTH, trim_whitespace=False)


ONE_OF_TWO = sentence("Give a code of the second factor or, without one, the password.")


class ConfirmSerializer(StrictSerializer):
    password = strict.CharField(max_length=PASSWORD_LENGTH, trim_whitespace=False, required=False)
    code = strict.CharField(max_length=50, required=False)

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        if not attrs:
            raise serializers.ValidationError(translated(ONE_OF_TWO), code="one_proof")
        return attrs


class SessionSerializer(serializers.ModelSerializer[Session]):
    current = serializers.SerializerMethodField(help_text="Whether this request belongs to it.")

    class Meta:
        model = Session
        fields: ClassVar[list[str]] = [
            "id",
            "kind",
            "created_at",
            "last_used_at",
            "expires_at",
            "auth_time",
            "amr",
            "ip",
            "user_agent",
            "current",
        ]
        read_only_fields = fields

    def get_current(self, session: Session) -> bool:
        return bool(session == self.context["request"].auth)
