"""The JSON of links in mails, and of asking for one."""

from typing import Any, Final

from rest_framework import serializers

from accounts.models import PASSWORD_LENGTH
from gateway.api import strict
from gateway.api.serializers import StrictSerializer

EMAIL_LENGTH: Final = 254
LINK_LENGTH: Final = 200


class ResetSerializer(StrictSerializer):
    email = strict.CharField(max_length=EMAIL_LENGTH)


class DetailSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField()


class LinkSerializer(StrictSerializer):
    token = strict.CharField(max_length=LINK_LENGTH, help_text="From the link in the mail.")


class LinkPasswordSerializer(LinkSerializer):
    new_password = strict.CharField(max_length=PASSWORD_LENGTH, trim_whitespace=False)
