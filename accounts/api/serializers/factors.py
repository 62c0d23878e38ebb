"""The JSON of second factors."""

from typing import Any

from rest_framework import serializers

from accounts.api.serializers.login import MFATokenSerializer


class TOTPConfirmSerializer(MFATokenSerializer):
    code = serializers.CharField(max_length=20)


class EnrolmentSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="Base32, shown this once.")
    uri = serializers.CharField()
    qr_svg = serializers.CharField(help_text="The URI as a QR code.")


class RecoveryCodesSerializer(serializers.Serializer[Any]):
    recovery_codes = serializers.ListField(child=serializers.CharField(), help_text="Shown this once.")
