"""The JSON of an account's life: links, one's own account, and the log of what happened to it."""

from typing import Any, Final

from django.conf import settings
from rest_framework import serializers

from accounts.models import PASSWORD_LENGTH
from gateway.api.serializers import SentenceField, StrictSerializer
from history.models import Role

EMAIL_LENGTH: Final = 254
LINK_LENGTH: Final = 200


class ResetSerializer(StrictSerializer):
    email = serializers.CharField(max_length=EMAIL_LENGTH)


class DetailSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField()


class LinkSerializer(StrictSerializer):
    token = serializers.CharField(max_length=LINK_LENGTH, help_text="From the link in the mail.")


class LinkPasswordSerializer(LinkSerializer):
    new_password = serializers.CharField(max_length=PASSWORD_LENGTH, trim_whitespace=False)


class EmailChangeSerializer(StrictSerializer):
    email = serializers.CharField(max_length=EMAIL_LENGTH)


class ProfileSerializer(StrictSerializer):
    display_name = serializers.CharField(max_length=150, allow_blank=True, required=False)
    language = serializers.ChoiceField(settings.LANGUAGES, required=False)


class InvitationSerializer(StrictSerializer):
    username = serializers.CharField(max_length=150, trim_whitespace=False)
    email = serializers.CharField(max_length=EMAIL_LENGTH)
    display_name = serializers.CharField(max_length=150, allow_blank=True, default="")
    role = serializers.ChoiceField(Role.choices, default=Role.VIEWER)


class LogEntrySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of the event.")
    time = serializers.DateTimeField()
    type = serializers.CharField()
    message = SentenceField()
    by = serializers.CharField(help_text="`self`, `other` or `system`.")
    about_other = serializers.BooleanField(help_text="Whether the user did it to another account.")
