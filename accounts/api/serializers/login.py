"""The JSON of signing in."""

from typing import Any, Final

from rest_framework import serializers

from accounts.models import PASSWORD_LENGTH
from accounts.services import LoginPending
from gateway.api import strict
from gateway.api.serializers import StrictSerializer

TOKEN_LENGTH: Final = 200


class LoginSerializer(StrictSerializer):
    username = strict.CharField(max_length=150, trim_whitespace=False)
    password = strict.CharField(max_length=PASSWORD_LENGTH, trim_whitespace=False)
    device = strict.CharField(
        max_length=TOKEN_LENGTH,
        allow_blank=True,
        default="",
        help_text="What an earlier sign-in on this device answered as `device`: strangers cannot lock it out.",
    )


class MFATokenSerializer(StrictSerializer):
    mfa_token = strict.CharField(
        max_length=TOKEN_LENGTH, required=False, help_text="Of a sign-in that asks for a factor; else one is signed in."
    )


class VerifySerializer(StrictSerializer):
    mfa_token = strict.CharField(max_length=TOKEN_LENGTH)
    trust_device = strict.BooleanField(
        default=False, help_text="Ask for no second factor on this device while this session lives, a day at most."
    )


class CodeVerifySerializer(VerifySerializer):
    code = strict.CharField(max_length=50, help_text="Of the authenticator application, or a recovery code.")


class AccessSerializer(serializers.Serializer[Any]):
    access = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds until the access token expires.")
    session_id = serializers.UUIDField()


class TokensSerializer(AccessSerializer):
    refresh = serializers.CharField()


class LoginTokensSerializer(TokensSerializer):
    device = serializers.CharField(
        required=False, help_text="Present where the device was new: keep it and send it along with the next sign-in."
    )


class LoginPendingSerializer(serializers.Serializer[LoginPending]):
    """A sign-in that needs more before it gives tokens."""

    mfa_required = serializers.SerializerMethodField(help_text="A second factor has to be shown, or made.")
    mfa_token = serializers.CharField(source="token", help_text="Continues the sign-in, nothing else.")
    expires_in = serializers.IntegerField(help_text="Seconds until it is over.")
    methods = serializers.ListField(child=serializers.CharField(), help_text="`totp`, `webauthn`, `recovery_code`.")
    enrol = serializers.ListField(
        child=serializers.CharField(), help_text="Where there is no factor: what may be made."
    )
    password_change_required = serializers.SerializerMethodField()
    password_unfit = serializers.CharField(help_text="The rule that the password no longer meets.")

    def get_mfa_required(self, login: LoginPending) -> bool:
        return bool(login.methods or login.enrol)

    def get_password_change_required(self, login: LoginPending) -> bool:
        return bool(login.password_unfit)
