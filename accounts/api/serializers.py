"""The JSON of accounts."""

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.models import Session, User, UserKind
from gateway.api.serializers import StrictSerializer
from history.models import Role

PASSWORD_LENGTH = 256


class LoginSerializer(StrictSerializer):
    username = serializers.CharField(max_length=150, trim_whitespace=False)
    password = serializers.CharField(max_length=PASSWORD_LENGTH, trim_whitespace=False)


class RefreshSerializer(StrictSerializer):
    refresh = serializers.CharField(max_length=200, trim_whitespace=False)


class TokensSerializer(serializers.Serializer[Any]):
    access = serializers.CharField()
    refresh = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds until the access token expires.")
    session_id = serializers.UUIDField()


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
            "ip",
            "user_agent",
            "current",
        ]
        read_only_fields = fields

    def get_current(self, session: Session) -> bool:
        return bool(session == self.context["request"].auth)


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

    username = serializers.CharField(max_length=150, trim_whitespace=False)
    password = serializers.CharField(max_length=PASSWORD_LENGTH, trim_whitespace=False, required=False)
    email = serializers.CharField(max_length=254, allow_blank=True, default="")
    display_name = serializers.CharField(max_length=150, allow_blank=True, default="")
    kind = serializers.ChoiceField(UserKind.choices, default=UserKind.HUMAN)
    role = serializers.ChoiceField(Role.choices, default=Role.VIEWER)


class UserUpdateSerializer(StrictSerializer):
    email = serializers.CharField(max_length=254, allow_blank=True, required=False)
    display_name = serializers.CharField(max_length=150, allow_blank=True, required=False)
    role = serializers.ChoiceField(Role.choices, required=False)
    is_active = serializers.BooleanField(required=False)
