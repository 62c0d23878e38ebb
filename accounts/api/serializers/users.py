"""The JSON of accounts."""

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.api.serializers.links import EMAIL_LENGTH
from accounts.models import PASSWORD_LENGTH, PasswordPolicy, User, UserKind
from gateway.api import strict
from gateway.api.serializers import StrictSerializer
from history.models import Role


class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields: ClassVar[list[str]] = [
            "id",
            "username",
            "email",
            "display_name",
            "kind",
            "role",
            "is_active",
            "created_at",
        ]
        read_only_fields = fields


class UserCreateSerializer(StrictSerializer):
    """What an account starts with; rules on the values are the service's."""

    username = strict.CharField(max_length=150, trim_whitespace=False)
    password = strict.CharField(max_length=PASSWORD_LENGTH, trim_whitespace=False, required=False)
    email = strict.CharField(max_length=EMAIL_LENGTH, allow_blank=True, default="")
    display_name = strict.CharField(max_length=150, allow_blank=True, default="")
    kind = serializers.ChoiceField(UserKind.choices, default=UserKind.HUMAN)
    role = serializers.ChoiceField(Role.choices, default=Role.VIEWER)


class InvitationSerializer(StrictSerializer):
    username = strict.CharField(max_length=150, trim_whitespace=False)
    email = strict.CharField(max_length=EMAIL_LENGTH)
    display_name = strict.CharField(max_length=150, allow_blank=True, default="")
    role = serializers.ChoiceField(Role.choices, default=Role.VIEWER)


class UserUpdateSerializer(StrictSerializer):
    email = strict.CharField(max_length=EMAIL_LENGTH, allow_blank=True, required=False)
    display_name = strict.CharField(max_length=150, allow_blank=True, required=False)
    role = serializers.ChoiceField(Role.choices, required=False)
    is_active = strict.BooleanField(required=False)
    password_policy = strict.PrimaryKeyRelatedField(
        queryset=PasswordPolicy.objects.all(), allow_null=True, required=False, help_text="null: that of the role."
    )


class JWKSerializer(serializers.Serializer[Any]):
    """A public key of RFC 8037."""

    kty = serializers.CharField()
    crv = serializers.CharField()
    x = serializers.CharField()
    kid = serializers.CharField()
    alg = serializers.CharField()
    use = serializers.CharField()


class JWKSetSerializer(serializers.Serializer[Any]):
    keys = JWKSerializer(many=True)
