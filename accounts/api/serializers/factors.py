"""The JSON of second factors."""

from typing import Any

from rest_framework import serializers

from accounts.api.serializers.login import MFATokenSerializer
from accounts.selectors import Factors
from gateway.api import strict


class FactorsSerializer(serializers.Serializer[Factors]):
    """How the caller can show a second factor."""

    methods = serializers.ListField(child=serializers.CharField(), help_text="`totp`, `webauthn`, `recovery_code`.")
    recovery_codes_left = serializers.IntegerField()
    required = serializers.BooleanField(  # type: ignore[assignment] # the metaclass takes it from the class
        help_text="Whether the caller's role asks for one."
    )


class TOTPConfirmSerializer(MFATokenSerializer):
    code = strict.CharField(max_length=20)


class EnrolmentSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="Base32, shown this once.")
    uri = serializers.CharField()
    qr_svg = serializers.CharField(help_text="The URI as a QR code.")


class RecoveryCodesSerializer(serializers.Serializer[Any]):
    recovery_codes = serializers.ListField(child=serializers.CharField(), help_text="Shown this once.")
