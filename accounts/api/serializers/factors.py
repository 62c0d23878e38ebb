"""The JSON of second factors."""

from typing import Any

from rest_framework import serializers

from accounts import services
from accounts.api.serializers.login import MFATokenSerializer
from accounts.models import User


class FactorsSerializer(serializers.Serializer[User]):
    """How a user can show a second factor."""

    methods = serializers.SerializerMethodField(help_text="`totp`, `webauthn`, `recovery_code`.")
    recovery_codes_left = serializers.SerializerMethodField()
    required = serializers.SerializerMethodField(  # type: ignore[assignment] # the metaclass takes it from the class
        help_text="Whether the user's role asks for one."
    )

    def get_methods(self, user: User) -> list[str]:
        return services.factor_methods(user)

    def get_recovery_codes_left(self, user: User) -> int:
        return services.recovery_codes_left(user)

    def get_required(self, user: User) -> bool:
        return services.factor_is_required(user)


class TOTPConfirmSerializer(MFATokenSerializer):
    code = serializers.CharField(max_length=20)


class EnrolmentSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="Base32, shown this once.")
    uri = serializers.CharField()
    qr_svg = serializers.CharField(help_text="The URI as a QR code.")


class RecoveryCodesSerializer(serializers.Serializer[Any]):
    recovery_codes = serializers.ListField(child=serializers.CharField(), help_text="Shown this once.")
