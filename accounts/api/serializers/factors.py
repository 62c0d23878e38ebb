"""The JSON of second factors."""

from typing import Any

from rest_framework import serializers

from accounts.api.serializers.login import TOKEN_LENGTH
from gateway.api.serializers import StrictSerializer


class TOTPEnrolSerializer(StrictSerializer):
    mfa_token = serializers.CharField(
        max_length=TOKEN_LENGTH, required=False, help_text="Of a sign-in that asks for a factor; else one is signed in."
    )


class TOTPConfirmSerializer(TOTPEnrolSerializer):
    code = serializers.CharField(max_length=20)


class EnrolmentSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="Base32, shown this once.")
    uri = serializers.CharField()
    qr_svg = serializers.CharField(help_text="The URI as a QR code.")


class RecoveryCodesSerializer(serializers.Serializer[Any]):
    recovery_codes = serializers.ListField(child=serializers.CharField(), help_text="Shown this once.")
