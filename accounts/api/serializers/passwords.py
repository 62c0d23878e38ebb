"""The JSON of passwords and of what administrators ask of them."""

from typing import ClassVar

from rest_framework import serializers

from accounts.api.serializers.login import TOKEN_LENGTH
from accounts.models import PASSWORD_LENGTH, PasswordPolicy, RoleSettings, SessionLimitAction
from gateway.api import strict
from gateway.api.serializers import StrictSerializer
from gateway.engine.sentences import sentence
from gateway.http.translation import translated

ONE_PROOF = sentence("Give either current_password or the mfa_token of a sign-in that asks for another password.")


class PasswordChangeSerializer(StrictSerializer):
    """Another password, for who shows the present one or has just shown it in a sign-in."""

    current_password = strict.CharField(max_length=PASSWORD_LENGTH, trim_whitespace=False, required=False)
    mfa_token = strict.CharField(
        max_length=TOKEN_LENGTH,
        required=False,
        help_text="Of a sign-in that asks for another password, in place of `current_password`.",
    )
    new_password = strict.CharField(max_length=PASSWORD_LENGTH, trim_whitespace=False)

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        if ("current_password" in attrs) == ("mfa_token" in attrs):
            raise serializers.ValidationError(translated(ONE_PROOF), code="one_proof")
        return attrs


class PolicySerializer(serializers.ModelSerializer[PasswordPolicy]):
    class Meta:
        model = PasswordPolicy
        fields: ClassVar[list[str]] = [
            "id",
            "name",
            "is_default",
            "min_length",
            "min_length_with_factor",
            "min_lowercase",
            "min_uppercase",
            "min_digits",
            "min_symbols",
            "history",
            "max_age_days",
            "warning_days",
            "min_age_hours",
            "blocklist",
        ]
        read_only_fields = fields


class PolicyUpdateSerializer(StrictSerializer):
    """Values of a policy; rules on them are the service's."""

    name = strict.CharField(max_length=50, required=False)
    is_default = strict.BooleanField(required=False)
    min_length = strict.IntegerField(required=False)
    min_length_with_factor = strict.IntegerField(required=False)
    min_lowercase = strict.IntegerField(required=False)
    min_uppercase = strict.IntegerField(required=False)
    min_digits = strict.IntegerField(required=False)
    min_symbols = strict.IntegerField(required=False)
    history = strict.IntegerField(required=False)
    max_age_days = strict.IntegerField(required=False, allow_null=True, help_text="null: it never expires.")
    warning_days = strict.IntegerField(required=False)
    min_age_hours = strict.IntegerField(required=False)
    blocklist = strict.BooleanField(required=False)


class PolicyCreateSerializer(PolicyUpdateSerializer):
    """A new policy; what is left out is as in `nist`."""

    name = strict.CharField(max_length=50)


class RoleSettingsSerializer(serializers.ModelSerializer[RoleSettings]):
    class Meta:
        model = RoleSettings
        fields: ClassVar[list[str]] = [
            "role",
            "password_policy",
            "factor_required",
            "session_limit",
            "session_limit_action",
        ]
        read_only_fields = fields


class RoleSettingsUpdateSerializer(StrictSerializer):
    password_policy = strict.PrimaryKeyRelatedField(
        queryset=PasswordPolicy.objects.all(), allow_null=True, required=False, help_text="null: the default one."
    )
    factor_required = strict.BooleanField(required=False)
    session_limit = strict.IntegerField(required=False, allow_null=True, help_text="null: as many as one likes.")
    session_limit_action = serializers.ChoiceField(SessionLimitAction.choices, required=False)
