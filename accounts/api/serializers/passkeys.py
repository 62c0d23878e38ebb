"""The JSON of passkeys."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers.factors import RecoveryCodesSerializer
from accounts.api.serializers.login import TOKEN_LENGTH, MFATokenSerializer, VerifySerializer
from accounts.models import Passkey
from gateway.api import strict
from gateway.api.serializers import StrictSerializer


@extend_schema_field({"type": "object", "additionalProperties": True})
class ObjectField(serializers.JSONField):
    """A JSON object, whose members are WebAuthn's."""

    default_error_messages: ClassVar[dict[str, Any]] = {**serializers.DictField.default_error_messages}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            self.fail("not_a_dict", input_type=type(data).__name__)
        return data


class CeremonySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Comes back as `ceremony` with the answer; it serves once, for five minutes.")
    options = ObjectField(
        help_text="For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`."
    )


class AnswerSerializer(StrictSerializer):
    ceremony = strict.UUIDField()
    credential = ObjectField(help_text="What `PublicKeyCredential.toJSON()` gives.")


class PasskeyRegisterSerializer(MFATokenSerializer, AnswerSerializer):
    name = strict.CharField(max_length=100)


class PasskeyLoginSerializer(AnswerSerializer):
    device = strict.CharField(
        max_length=TOKEN_LENGTH, allow_blank=True, default="", help_text="As in the sign-in by password."
    )


class PasskeyTokenSerializer(StrictSerializer):
    mfa_token = strict.CharField(max_length=TOKEN_LENGTH)


class PasskeyVerifySerializer(VerifySerializer, AnswerSerializer):
    """The passkey that is a sign-in's second factor."""


class PasskeySerializer(serializers.ModelSerializer[Passkey]):
    class Meta:
        model = Passkey
        fields: ClassVar[list[str]] = ["id", "name", "is_backed_up", "created_at", "last_used_at"]
        read_only_fields = fields


class PasskeyRenameSerializer(StrictSerializer):
    name = strict.CharField(max_length=100)


class PasskeyRegisteredSerializer(RecoveryCodesSerializer):
    """A new passkey; the codes are those of a first factor, else none."""

    passkey = PasskeySerializer()
