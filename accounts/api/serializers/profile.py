"""The JSON of one's own account, and of the log of what happened to it."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from rest_framework import serializers

from accounts.api.serializers.links import EMAIL_LENGTH
from accounts.api.serializers.users import UserSerializer
from accounts.models import User
from accounts.services import password_expires_at
from gateway.api import strict
from gateway.api.serializers import SentenceField, StrictSerializer


class OwnUserSerializer(UserSerializer):
    """One's own account, with what is nobody else's business."""

    password_expires_at = serializers.SerializerMethodField(
        help_text="When another password is asked for; null where it does not expire."
    )

    class Meta(UserSerializer.Meta):
        fields: ClassVar[list[str]] = [
            *UserSerializer.Meta.fields,
            "language",
            "email_verified_at",
            "password_expires_at",
        ]
        read_only_fields = fields

    def get_password_expires_at(self, user: User) -> datetime | None:
        return password_expires_at(user)


class ProfileSerializer(StrictSerializer):
    display_name = strict.CharField(max_length=150, allow_blank=True, required=False)
    language = serializers.ChoiceField(settings.LANGUAGES, required=False)


class EmailChangeSerializer(StrictSerializer):
    email = strict.CharField(max_length=EMAIL_LENGTH)


class LogEntrySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of the event.")
    time = serializers.DateTimeField()
    type = serializers.CharField()
    message = SentenceField()
    by = serializers.CharField(help_text="`self`, `other` or `system`.")
    about_other = serializers.BooleanField(help_text="Whether the user did it to another account.")
